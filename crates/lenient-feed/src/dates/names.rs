//! The names of months and zones.

use chrono::{DateTime, FixedOffset, NaiveDateTime, TimeZone as _, Utc};
use chrono_tz::Tz;
use unicode_normalization::UnicodeNormalization as _;
use unicode_normalization::char::is_combining_mark;

/// The month that a word names, in the languages that feeds use.
///
/// Compared by their beginnings without accents, the longest that is known: `Sept.`, `septembre` and
/// `September` are one, and Czech July (`červenec`) is not June (`červen`). `language` settles what
/// is one month in Croatian and another in Polish and Czech.
pub(super) fn month(word: &str, language: Option<&str>) -> Option<u32> {
    let usual = word.get(..3).and_then(|start| {
        let mut usual = USUAL.iter();
        usual.position(|name| start.eq_ignore_ascii_case(name))
    });
    if let Some(index) = usual {
        // March is left to the table: it begins as other words do.
        let month = if index < 2 { index + 1 } else { index + 2 };
        return u32::try_from(month).ok();
    }
    let word = fold(word);
    let south = language.is_some_and(|it| {
        let primary = it.split(['-', '_']).next().unwrap_or_default();
        ["hr", "bs", "sh"]
            .iter()
            .any(|known| primary.eq_ignore_ascii_case(known))
    });
    if south && let Some((_, month)) = CROATIAN.iter().find(|(start, _)| word.starts_with(start)) {
        return Some(*month);
    }
    let known = MONTHS
        .iter()
        .zip(1_u32..)
        .flat_map(|(names, month)| names.split(' ').map(move |name| (name, month)));
    known
        .filter(|(name, _)| word.starts_with(name))
        .max_by_key(|(name, _)| name.len())
        .map(|(_, month)| month)
}

/// The word in small letters without accents.
pub(crate) fn fold(word: &str) -> String {
    word.to_lowercase()
        .nfd()
        .filter(|it| !is_combining_mark(*it))
        .collect()
}

/// English without March, found without a search.
const USUAL: [&str; 11] = [
    "jan", "feb", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec",
];

/// Names that Croatian gives to another month than its neighbors.
const CROATIAN: [(&str, u32); 3] = [("lis", 10), ("lip", 6), ("srp", 7)];

/// The beginnings of the names of each month, folded: as short as they may be without naming
/// another month of another language.
const MONTHS: [&str; 12] = [
    "jan ian gen ene jaan sty sij led oca tam sau urt xan yan ion янв січ яну јан студ ιαν ינו \
     يناير كانون\u{a0}الثاني ژانو जनव มกร",
    "feb fev lut uno velj sub helm vas ots veeb chwef shku фев лют ључ φεβ פבר فبراير شباط فور فوریه \
     फर กุมภ",
    "mar maar mrt bre ozu maal kov martx marz mawr mac мар бер сак μαρ מרץ מרס مارس اذار मार มนาค",
    "apr abr avr kwi dub trav tra nis huht bal api ebr prill апр кві крас απρ אפר ابريل نيسان اور \
     अपर เมษา",
    "may mai maj mei mag kve svi touk geg маи мая мај маја трав μαι מאי مايو ايار मई พฤษภ",
    "jun giu juin czer cerven cervn cvn cer haz kesa bir eka juun xun iun iyun meh qer lipnj lipan \
     июн чер юни јун чэр ιουν ιον יונ يونيو حزيران ژوين जन มถน",
    "jul juil lug lip cervene cervenc cvc tem srpnj srpan hein liep uzt juul xul iul iyul gorf korr \
     июл лип юли јул ліп ιουλ יול يوليو تموز ژوييه जल กรกฎ",
    "aug ago aou sie srp kol elo rugp abu avg avq agu awst gush ogo agt авг сер жні αυγ אוג اغسطس \
     اوت अगस สงหา",
    "sep set wrz zar ruj eyl syys rugs ira sen medi shta szep сен вер сеп верас σεπ ספט سبتمبر ايلول \
     سپت सित กนย",
    "oct okt ott out paz rij eki lok spal urr hyd tetor окт жов каст οκτ אוק اكتوبر اکت अकट ตล",
    "nov noi lis stu kas marr lap aza tach nent noy ноя ное нов лист ліст νοε נוב نوفمبر نوام नव \
     พฤศจ",
    "dec dez des dic gru pro ara jou abe dek det dhj rhag dis дек гру сне δεκ דצמ ديسمبر دسام दिस \
     ธนว",
];

/// The zone of a date.
#[derive(Clone, Copy, Debug)]
pub(super) enum Zone {
    /// Minutes east of Greenwich.
    Offset(i32),
    /// A zone of the IANA's database: what it was on that day counts.
    Named(Tz),
}

impl Default for Zone {
    fn default() -> Self {
        Self::Offset(0)
    }
}

impl Zone {
    /// Whether it is Greenwich's time, or none was named.
    pub(super) fn is_zero(self) -> bool {
        matches!(self, Self::Offset(0))
    }

    /// The instant of a local time. An hour that the clocks leave out is read as if they did not;
    /// of one that they repeat it is the first.
    pub(super) fn instant(self, local: NaiveDateTime) -> Option<DateTime<Utc>> {
        match self {
            Self::Offset(minutes) => {
                let offset = FixedOffset::east_opt(minutes * 60)?;
                Some(offset.from_local_datetime(&local).single()?.to_utc())
            }
            Self::Named(zone) => {
                let instant = zone.from_local_datetime(&local).earliest();
                instant.map_or(Some(local.and_utc()), |it| Some(it.to_utc()))
            }
        }
    }
}

/// The zone of a text: `Z`, `+0200`, `-05:30`, `+02`, `GMT+1`, `EST`, `Europe/Vienna`, `Pacific
/// Daylight Time`. `None` where there is no such zone, or no place on Earth where it is so late.
pub(super) fn zone(text: &str) -> Option<Zone> {
    if matches!(text, "GMT" | "Z" | "UTC" | "+0000" | "+00:00") {
        return Some(Zone::default());
    }
    let text = text.trim_matches(['(', ')', '[', ']', ' ', '.']);
    if text.contains('/') {
        let name = text.rsplit('[').next().unwrap_or(text);
        if let Ok(zone) = name.parse() {
            return Some(Zone::Named(zone));
        }
    }
    if let Some(at) = text.find(['+', '-']) {
        let name = &text[..at];
        if name.is_empty() || named(name.trim()) == Some(0) {
            return offset(&text[at..]).map(Zone::Offset);
        }
    }
    let first = text.split([' ', '(', '[']).next().unwrap_or(text);
    named(first).or_else(|| in_words(text)).map(Zone::Offset)
}

fn offset(text: &str) -> Option<i32> {
    const LARGEST: i32 = 14 * 60;
    let (sign, rest) = match text.strip_prefix('+') {
        Some(rest) => (1, rest),
        None => (-1, text.trim_start_matches('-')),
    };
    let rest = rest.trim_start();
    let hours_end = rest
        .find(|c: char| !c.is_ascii_digit())
        .unwrap_or(rest.len());
    let (digits, rest) = rest.split_at(hours_end);
    let (hours, minutes) = match digits.len() {
        1 | 2 => (digits, rest.trim_start_matches([':', ' ', '.'])),
        3 => digits.split_at(1),
        4 | 6 => digits.split_at(2),
        _ => return None,
    };
    let minutes = minutes.get(..2).unwrap_or("0").parse().unwrap_or(0);
    let offset = sign * (hours.parse::<i32>().ok()? * 60 + minutes);
    (offset.abs() <= LARGEST).then_some(offset)
}

fn named(name: &str) -> Option<i32> {
    let name = name.to_ascii_lowercase();
    let name = name.strip_prefix("etc/").unwrap_or(&name);
    ZONES
        .iter()
        .find(|(names, _)| names.split(' ').any(|known| known == name))
        .map(|(_, minutes)| *minutes)
}

/// `Eastern Standard Time`, as Windows names zones.
fn in_words(text: &str) -> Option<i32> {
    let text = text.to_ascii_lowercase();
    let mut words = text.split(' ');
    let (place, kind) = (words.next()?, words.next_back()?);
    let (_, standard) = PLACES.iter().find(|(known, _)| *known == place)?;
    let summer = text.contains("daylight") || text.contains("summer");
    (kind == "time").then_some(standard + if summer { 60 } else { 0 })
}

/// The zones that are named by a place, in winter.
const PLACES: [(&str, i32); 12] = [
    ("coordinated", 0),
    ("greenwich", 0),
    ("central", -360),
    ("eastern", -300),
    ("mountain", -420),
    ("pacific", -480),
    ("atlantic", -240),
    ("india", 330),
    ("japan", 540),
    ("china", 480),
    ("singapore", 480),
    ("moscow", 180),
];

/// RFC 822's zones (section 5.1) and those that servers write beside them. The military letters
/// have the signs that RFC 822 gave them, wrong as they are: that is how feed readers take them.
const ZONES: [(&str, i32); 36] = [
    ("z gmt ut utc wet", 0),
    ("hst", -600),
    ("akst", -540),
    ("akdt", -480),
    ("pst pt", -480),
    ("pdt mst mt", -420),
    ("mdt cst ct", -360),
    ("cdt est et cot pet", -300),
    ("edt ast at clt vet", -240),
    ("nst", -210),
    ("adt brt art clst uyt", -180),
    ("ndt", -150),
    ("a", -60),
    ("n met cet mez bst wat west", 60),
    ("mest cest mesz eet sast cat", 120),
    ("eest msk trt eat", 180),
    ("msd gst azt", 240),
    ("irst", 210),
    ("pkt uzt yekt", 300),
    ("ist", 330),
    ("npt", 345),
    ("omst", 360),
    ("mmt", 390),
    ("wib ict krat", 420),
    ("awst sgt hkt myt pht wita irkt", 480),
    ("jst kst wit yakt", 540),
    ("acst", 570),
    ("aest vlat", 600),
    ("acdt", 630),
    ("aedt", 660),
    ("nzst y pett", 720),
    ("nzdt", 780),
    ("m", -720),
    ("idt", 180),
    ("cvt", -60),
    ("azot", -60),
];
