use encoding_rs::{BIG5, EUC_KR, GBK, KOI8_R, SHIFT_JIS, WINDOWS_1251};

use super::*;

const DOCUMENT: &str = "<rss><title>naïve – Übung</title></rss>";

#[track_caller]
fn check(bytes: &[u8], content_type: Option<&str>, expected: &str, defects: &[Defect]) {
    let mut log = Log::default();
    assert_eq!(decode(bytes, content_type, &mut log), expected);
    let found: Vec<_> = log.into_repairs("").iter().map(|it| it.defect).collect();
    assert_eq!(found, defects);
}

fn wide(text: &str, unit: fn(u16) -> [u8; 2]) -> Vec<u8> {
    text.encode_utf16().flat_map(unit).collect()
}

#[test]
fn reads_marks_and_shapes() {
    check(DOCUMENT.as_bytes(), None, DOCUMENT, &[]);
    check(
        format!("\u{feff}{DOCUMENT}").as_bytes(),
        None,
        DOCUMENT,
        &[],
    );
    check(&wide(DOCUMENT, u16::to_le_bytes), None, DOCUMENT, &[]);
    check(&wide(DOCUMENT, u16::to_be_bytes), None, DOCUMENT, &[]);
    let marked = format!("\u{feff}{DOCUMENT}");
    check(&wide(&marked, u16::to_le_bytes), None, DOCUMENT, &[]);
    check(&wide(&marked, u16::to_be_bytes), None, DOCUMENT, &[]);
    let utf32: Vec<u8> = marked
        .chars()
        .flat_map(|c| u32::from(c).to_le_bytes())
        .collect();
    check(&utf32, None, DOCUMENT, &[]);
    let utf32: Vec<u8> = DOCUMENT
        .chars()
        .flat_map(|c| u32::from(c).to_be_bytes())
        .collect();
    check(&utf32, None, DOCUMENT, &[]);
}

#[test]
fn a_server_that_says_ascii_knows_nothing() {
    let (koi8, _, _) = KOI8_R.encode("<?xml version='1.0' encoding='koi8-r'?><rss>Привет</rss>");
    let expected = "<?xml version='1.0' encoding='koi8-r'?><rss>Привет</rss>";
    check(&koi8, Some("text/xml; charset=us-ascii"), expected, &[]);
}

#[test]
fn valid_utf8_beats_what_is_declared() {
    let declared = format!("<?xml version='1.0' encoding='iso-8859-1'?>{DOCUMENT}");
    check(
        declared.as_bytes(),
        None,
        &declared,
        &[Defect::WrongEncoding],
    );
    let declared = format!("<?xml version='1.0' encoding='utf-16'?>{DOCUMENT}");
    check(
        declared.as_bytes(),
        None,
        &declared,
        &[Defect::WrongEncoding],
    );
    let ascii = "<?xml version='1.0' encoding='iso-8859-1'?><rss/>";
    check(ascii.as_bytes(), None, ascii, &[]);
}

#[test]
fn reads_what_is_declared() {
    for (encoding, text) in [
        (WINDOWS_1251, "Привет, мир"),
        (KOI8_R, "Привет, мир"),
        (SHIFT_JIS, "こんにちは"),
        (EUC_KR, "안녕하세요"),
        (BIG5, "你好世界"),
        (GBK, "你好世界"),
    ] {
        let name = encoding.name();
        let document = format!("<?xml version=\"1.0\" encoding=\"{name}\"?><t>{text}</t>");
        check(&encoding.encode(&document).0, None, &document, &[]);
        let bare = format!("<t>{text}</t>");
        let header = format!("text/xml; charset=\"{name}\"");
        check(&encoding.encode(&bare).0, Some(&header), &bare, &[]);
    }
    let japanese = "<?xml version=\"1.0\" encoding=\"iso-2022-jp\"?><t>こんにちは</t>";
    check(
        &encoding_rs::ISO_2022_JP.encode(japanese).0,
        None,
        japanese,
        &[],
    );
}

#[test]
fn knows_labels_of_other_software() {
    for label in ["latin-1", "LATIN_1", "cp1252", "cp-1252", "ISO8859-1"] {
        assert_eq!(encoding(label), Some(encoding_rs::WINDOWS_1252), "{label}");
    }
    assert_eq!(encoding("Shift_JIS"), Some(SHIFT_JIS));
    for label in ["cp936", "EUC_CN", "gb2312_80"] {
        assert_eq!(encoding(label), Some(GBK), "{label}");
    }
    for label in ["big5_tw", "big5-hkscs", "hkscs"] {
        assert_eq!(encoding(label), Some(BIG5), "{label}");
    }
    for label in ["ks_c_5601-1987", "uhc", "949"] {
        assert_eq!(encoding(label), Some(EUC_KR), "{label}");
    }
    assert_eq!(encoding("nonsense"), None);
}

#[test]
fn patches_single_bad_bytes() {
    check(
        b"<t>na\xc3\xafve caf\xe9 \x96 \xc3\xbc</t>",
        None,
        "<t>naïve café – ü</t>",
        &[Defect::BadBytes],
    );
}

#[test]
fn guesses_where_nothing_fits() {
    let russian = "<t>Съешь же ещё этих мягких французских булок, да выпей чаю</t>";
    let bytes = WINDOWS_1251.encode(russian).0;
    check(&bytes, None, russian, &[Defect::GuessedEncoding]);
    check(
        &bytes,
        Some("text/xml; charset=utf-8"),
        russian,
        &[Defect::GuessedEncoding],
    );
}

#[test]
fn leaves_out_what_no_document_may_hold() {
    check(
        "<t>a\0b\u{b}c\u{ffff}\u{92}\r\nd\re\u{1b}</t>".as_bytes(),
        None,
        "<t>abc\u{2019}\nd\ne</t>",
        &[Defect::ControlCharacter],
    );
}

#[test]
fn reads_code_pages_under_their_names() {
    for (label, bytes) in [
        ("IBM850", &b"<t>Gr\x94\xe1e</t>"[..]),
        ("cp437", b"<t>Gr\x94\xe1e</t>"),
        ("hp-roman8", b"<t>Gr\xce\xdee</t>"),
    ] {
        let served = format!("text/xml; charset={label}");
        check(bytes, Some(&served), "<t>Größe</t>", &[]);
    }
    // What a page leaves undefined is not of it.
    let mut log = Log::default();
    decode(
        b"<t>\x80\x81\x82\x83\x84</t>",
        Some("text/xml; charset=cp869"),
        &mut log,
    );
    assert_eq!(log.into_repairs("")[0].defect, Defect::GuessedEncoding);
}

#[test]
fn reads_ebcdic_by_its_shape() {
    // `<?xml encoding='cp500'?><t>[</t>`, where cp037 has another sign for the bracket.
    let bytes = b"\x4c\x6f\xa7\x94\x93\x40\x85\x95\x83\x96\x84\x89\x95\x87\x7e\x7d\
        \x83\x97\xf5\xf0\xf0\x7d\x6f\x6e\x4c\xa3\x6e\x4a\x4c\x61\xa3\x6e";
    check(bytes, None, "<?xml encoding='cp500'?><t>[</t>", &[]);
}

#[test]
fn reads_seven_bits() {
    let served = Some("text/xml; charset=hz-gb-2312");
    check(b"<t>~{VPND~} ~~ a</t>", served, "<t>中文 ~ a</t>", &[]);
    check(b"<t>~{VP\nb</t>", served, "<t>中\nb</t>", &[]);
    check(b"<t>plain ~ text</t>", served, "<t>plain ~ text</t>", &[]);
    let served = Some("text/xml; charset=ISO-2022-KR");
    check(b"\x1b$)C<t>\x0eGQ19\x0f</t>", served, "<t>한국</t>", &[]);
}

#[test]
fn every_page_is_whole() {
    let mut names = std::collections::HashSet::new();
    for line in include_str!("pages.txt").lines() {
        let (labels, characters) = line.split_once('\t').unwrap();
        assert!(matches!(characters.chars().count(), 128 | 192), "{labels}");
        for label in labels.split(' ') {
            assert!(names.insert(label), "{label}");
            assert_eq!(encoding(label), None, "{label}");
        }
    }
}
