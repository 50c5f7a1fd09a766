//! The names of months and zones.

/// The month that a word names, in the languages that feeds use.
///
/// Compared by their beginnings, so that `Sept.`, `septembre` and `September` are one.
pub(super) fn month(word: &str) -> Option<u32> {
    // The usual ones without a search.
    let index = word.get(..3).and_then(|start| {
        let usual = [
            "jan", "feb", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec",
        ];
        let place = usual
            .iter()
            .position(|name| start.eq_ignore_ascii_case(name))?;
        u32::try_from(place).ok()
    });
    if let Some(index) = index {
        // March is left to the table: it begins as other words do.
        return Some(if index < 2 { index + 1 } else { index + 2 });
    }
    let days = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"];
    let start = word.get(..3).unwrap_or_default();
    if days.iter().any(|day| start.eq_ignore_ascii_case(day)) {
        return None;
    }
    let word = word.to_lowercase();
    let index = MONTHS
        .iter()
        .position(|names| names.split(' ').any(|name| word.starts_with(name)))?;
    // `mar…` and `ma…` begin months of several languages; the table's order settles them.
    Some(u32::from(ORDER[index]))
}

/// The month of each row of [`MONTHS`]: longer beginnings come before those that they contain.
const ORDER: [u8; 14] = [7, 6, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12];

const MONTHS: [&str; 14] = [
    // Czech July begins with June, so it stands before it.
    "juil červenec",
    "juin",
    "jan ene gen jän sty led oca янв січ ιαν",
    "feb fév fev lut úno şub фев лют φεβ",
    "mar mär maa mrt már bře мар бер μάρ μαρ μάώ μαώ",
    "apr abr avr ápr kwi dub nis апр кві απρ",
    "may mai maj mei mag máj kvě мая май тра μάι μαϊ μαι",
    "jun giu jún cze červen haz июн чер ιούν ιον ιουν",
    "jul lug júl lip tem июл лип ιούλ ιολ ιουλ",
    "aug ago aoû aou sie srp ağu авг сер αύγ αυγ",
    "sep set szept wrz zář eyl сен вер σεπ",
    "oct okt ott out paź říj eki окт жов οκτ",
    "nov lis kas ноя лист νοέ νοε",
    "dec dez des dic déc gru pro ara дек гру δεκ",
];

/// Minutes east of Greenwich of a zone: `Z`, `+0200`, `-05:30`, `+02`, `GMT+1`, `EST`.
pub(super) fn zone(text: &str) -> Option<i32> {
    if matches!(text, "GMT" | "Z" | "UTC" | "+0000" | "+00:00") {
        return Some(0);
    }
    let text = text.trim_matches(['(', ')', '[', ']', ' ', '.']);
    if let Some(at) = text.find(['+', '-', '\u{2212}']) {
        let name = &text[..at];
        if name.is_empty() || named(name.trim()) == Some(0) {
            return offset(&text[at..]);
        }
    }
    named(text.split([' ', '(']).next().unwrap_or(text))
}

fn offset(text: &str) -> Option<i32> {
    let (sign, rest) = match text.strip_prefix('+') {
        Some(rest) => (1, rest),
        None => (-1, text.trim_start_matches(['-', '\u{2212}'])),
    };
    let rest = rest.trim_start();
    let hours_end = rest
        .find(|c: char| !c.is_ascii_digit())
        .unwrap_or(rest.len());
    let (digits, rest) = rest.split_at(hours_end);
    let (hours, minutes) = match digits.len() {
        1 | 2 => (digits, rest.trim_start_matches([':', ' '])),
        3 => digits.split_at(1),
        4 => digits.split_at(2),
        _ => return None,
    };
    let minutes = minutes.get(..2).unwrap_or("0").parse().unwrap_or(0);
    Some(sign * (hours.parse::<i32>().ok()? * 60 + minutes))
}

fn named(name: &str) -> Option<i32> {
    let name = name.to_ascii_lowercase();
    let name = name.strip_prefix("etc/").unwrap_or(&name);
    ZONES
        .iter()
        .find(|(names, _)| names.split(' ').any(|known| known == name))
        .map(|(_, minutes)| *minutes)
}

/// RFC 822's zones (section 5.1) and those that servers write beside them. The military letters
/// have the signs that RFC 822 gave them, wrong as they are: that is how feed readers take them.
const ZONES: [(&str, i32); 31] = [
    ("z gmt ut utc wet", 0),
    ("hst", -600),
    ("akst", -540),
    ("akdt", -480),
    ("pst pt", -480),
    ("pdt mst mt", -420),
    ("mdt cst ct", -360),
    ("cdt est et", -300),
    ("edt ast at", -240),
    ("nst", -210),
    ("adt brt art", -180),
    ("ndt", -150),
    ("a", -60),
    ("n met cet mez bst wat west", 60),
    ("mest cest mesz eet sast cat", 120),
    ("eest msk trt eat", 180),
    ("msd gst", 240),
    ("irst", 210),
    ("pkt uzt", 300),
    ("ist", 330),
    ("npt", 345),
    ("wib ict", 420),
    ("awst sgt hkt myt pht", 480),
    ("jst kst", 540),
    ("acst", 570),
    ("aest", 600),
    ("acdt", 630),
    ("aedt", 660),
    ("nzst y", 720),
    ("nzdt", 780),
    ("m", -720),
];
