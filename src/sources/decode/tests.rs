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
