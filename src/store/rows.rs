//! Between the nouns and the columns of the database.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use super::Known;
use super::sql::Row;
use crate::model::{
    Dated, Enclosure, History, Kind, Manner, Moved, Origin, Outcome, RequestHeader, Rhythm, Source,
    SourceId,
};

/// The instant of a source that is never visited.
pub(super) const NEVER: i64 = i64::MAX;

/// An instant as the database has it.
pub(super) fn to_millis(at: DateTime<Utc>) -> i64 {
    at.timestamp_millis()
}

/// An instant from the database.
pub(super) fn to_instant(millis: i64) -> DateTime<Utc> {
    DateTime::from_timestamp_millis(millis).unwrap_or(DateTime::UNIX_EPOCH)
}

/// A hash as the database has it.
pub(super) fn to_signed(hash: u64) -> i64 {
    hash.cast_signed()
}

/// A list as JSON; empty for none.
pub(super) fn list_text<T: Serialize>(list: &[T]) -> String {
    if list.is_empty() {
        String::new()
    } else {
        json_text(&list)
    }
}

/// A list from JSON.
pub(super) fn list<T: for<'a> Deserialize<'a>>(text: &str) -> Vec<T> {
    if text.is_empty() {
        return Vec::new();
    }
    serde_json::from_str(text).unwrap_or_default()
}

/// Anything of ours as JSON.
pub(super) fn json_text<T: Serialize>(value: &T) -> String {
    serde_json::to_string(value).expect("our own values have text for keys")
}

/// The word of a kind, from the database.
pub(super) fn kind(word: &str) -> Kind {
    Kind::ALL
        .into_iter()
        .find(|kind| kind.name() == word)
        .unwrap_or_default()
}

/// The word for where an instant comes from.
pub(super) fn dated_word(dated: Dated) -> &'static str {
    match dated {
        Dated::Published => "published",
        Dated::Updated => "updated",
        Dated::FirstSeen => "first-seen",
        Dated::Zero => "zero",
    }
}

/// Where an instant comes from, from the database.
pub(super) fn dated(word: &str) -> Dated {
    match word {
        "updated" => Dated::Updated,
        "first-seen" => Dated::FirstSeen,
        "zero" => Dated::Zero,
        _ => Dated::Published,
    }
}

/// The word for who named a source.
pub(super) fn origin_word(origin: Origin) -> &'static str {
    match origin {
        Origin::Config => "config",
        Origin::Added => "added",
        Origin::Discovered => "discovered",
    }
}

fn origin(word: &str) -> Origin {
    match word {
        "config" => Origin::Config,
        "discovered" => Origin::Discovered,
        _ => Origin::Added,
    }
}

/// The outcomes, with a letter and a word for each.
const OUTCOMES: [(Outcome, char, &str); 18] = [
    (Outcome::Changed, 'c', "changed"),
    (Outcome::Cut, 'k', "cut"),
    (Outcome::Same, 's', "same"),
    (Outcome::NotModified, 'n', "not-modified"),
    (Outcome::Gone, 'G', "gone"),
    (Outcome::NotFound, 'F', "not-found"),
    (Outcome::Denied, 'D', "denied"),
    (Outcome::Walled, 'A', "walled"),
    (Outcome::Busy, 'B', "busy"),
    (Outcome::ServerError, 'E', "server-error"),
    (Outcome::Unreachable, 'U', "unreachable"),
    (Outcome::TimedOut, 'T', "timed-out"),
    (Outcome::TooMuchWork, 'M', "too-much-work"),
    (Outcome::TooLarge, 'L', "too-large"),
    (Outcome::Refused, 'R', "refused"),
    (Outcome::WebPage, 'W', "web-page"),
    (Outcome::NotAFeed, 'X', "not-a-feed"),
    (Outcome::Paused, 'P', "paused"),
];

/// The letter and the word of an outcome.
pub(super) fn outcome_signs(outcome: Outcome) -> (char, &'static str) {
    OUTCOMES
        .iter()
        .find(|(known, _, _)| *known == outcome)
        .map_or(('?', "unknown"), |(_, letter, word)| (*letter, word))
}

/// The outcome behind a word.
pub(super) fn outcome(word: &str) -> Outcome {
    OUTCOMES
        .iter()
        .find(|(_, _, known)| *known == word)
        .map_or(Outcome::NotAFeed, |(outcome, _, _)| *outcome)
}

/// The outcomes behind letters.
pub(super) fn outcomes(letters: &str) -> Vec<Outcome> {
    letters
        .chars()
        .filter_map(|letter| OUTCOMES.iter().find(|(_, known, _)| *known == letter))
        .map(|(outcome, _, _)| *outcome)
        .collect()
}

/// What of a history has no column of its own; short names, because each source has it.
#[derive(Default, Serialize, Deserialize)]
#[serde(default)]
struct Facts {
    #[serde(skip_serializing_if = "Option::is_none")]
    etag: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    modified: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    validated: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    body: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    visit: Option<i64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    success: Option<i64>,
    #[serde(skip_serializing_if = "is_zero")]
    failures: u32,
    #[serde(skip_serializing_if = "is_zero")]
    visits: u32,
    #[serde(skip_serializing_if = "Option::is_none")]
    next: Option<i64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    fresh: Option<i64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    rhythm: Option<Rhythm>,
    #[serde(skip_serializing_if = "Option::is_none")]
    moved: Option<Moved>,
    #[serde(skip_serializing_if = "Option::is_none")]
    retired: Option<i64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    title: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    site: Option<String>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    hubs: Vec<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    whole: Option<i64>,
    #[serde(skip_serializing_if = "is_zero")]
    unreliable: u32,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde calls it so")]
fn is_zero(number: &u32) -> bool {
    *number == 0
}

/// The columns `facts` and `instants` of a history.
pub(super) fn history_columns(history: &History) -> (String, Vec<u8>) {
    let millis = |at: Option<DateTime<Utc>>| at.map(to_millis);
    let facts = Facts {
        etag: history.etag.clone(),
        modified: history.last_modified.clone(),
        validated: history.validated_at.clone(),
        body: history.body_hash,
        visit: millis(history.last_visit),
        success: millis(history.last_success),
        failures: history.failures,
        visits: history.visits,
        next: millis(history.next_visit),
        fresh: millis(history.fresh_until),
        rhythm: (history.rhythm != Rhythm::default()).then_some(history.rhythm),
        moved: history.moved.clone(),
        retired: millis(history.retired),
        title: history.feed_title.clone(),
        site: history.feed_site.clone(),
        hubs: history.hubs.clone(),
        whole: millis(history.whole),
        unreliable: history.is_unreliable.into(),
    };
    let instants = history
        .instants
        .iter()
        .take(History::INSTANTS)
        .flat_map(|at| at.timestamp().to_le_bytes())
        .collect();
    (json_text(&facts), instants)
}

/// A history from its columns.
pub(super) fn history(facts: &str, instants: &[u8]) -> History {
    let facts: Facts = serde_json::from_str(facts).unwrap_or_default();
    let instant = |millis: Option<i64>| millis.map(to_instant);
    History {
        etag: facts.etag,
        last_modified: facts.modified,
        validated_at: facts.validated,
        body_hash: facts.body,
        last_visit: instant(facts.visit),
        last_success: instant(facts.success),
        failures: facts.failures,
        visits: facts.visits,
        next_visit: instant(facts.next),
        fresh_until: instant(facts.fresh),
        rhythm: facts.rhythm.unwrap_or_default(),
        instants: instants
            .as_chunks::<8>()
            .0
            .iter()
            .filter_map(|bytes| DateTime::from_timestamp(i64::from_le_bytes(*bytes), 0))
            .collect(),
        moved: facts.moved,
        retired: instant(facts.retired),
        feed_title: facts.title,
        feed_site: facts.site,
        hubs: facts.hubs,
        whole: instant(facts.whole),
        is_unreliable: facts.unreliable > 0,
    }
}

/// When a source is to be visited, as the column `due` has it.
pub(super) fn due(enabled: bool, twin: Option<SourceId>, history: &History) -> i64 {
    if !enabled || twin.is_some() || history.retired.is_some() {
        return NEVER;
    }
    history.next_visit.map_or(0, to_millis)
}

/// The columns of [`known`], of `source` joined with `history`.
pub(super) const KNOWN: &str = "SELECT source.id, url, title, site, kind, tags, every, headers, \
     enabled, origin, added, twin, facts, instants, named, manner \
     FROM source JOIN history ON history.source = source.id";

/// The same, of what one newsletter uses; whether it is polled, and who named it, is as that
/// newsletter has it.
pub(super) const USED: &str = "SELECT source.id, url, title, site, kind, tags, every, headers, \
     uses.enabled, CASE WHEN uses.declared = 1 THEN 'config' WHEN origin = 'config' THEN 'added' \
     ELSE origin END, added, twin, facts, instants, named, manner \
     FROM source JOIN history ON history.source = source.id JOIN uses ON uses.source = source.id";

/// A source from a row of [`KNOWN`] or [`USED`].
pub(super) fn known(row: &Row) -> Result<Known, sqlx::Error> {
    let every: Option<i64> = row.try_get(6)?;
    let word: Option<&str> = row.try_get(4)?;
    let headers: Vec<RequestHeader> = list(row.try_get(7)?);
    Ok(Known {
        id: SourceId(row.try_get(0)?),
        source: Source {
            url: row.try_get(1)?,
            title: row.try_get(2)?,
            site: row.try_get(3)?,
            kind: word.map(kind),
            tags: list(row.try_get(5)?),
            every: every.map(|seconds| std::time::Duration::from_secs(seconds.unsigned_abs())),
            headers,
            manner: manner(row.try_get(15)?),
            enabled: row.try_get(8)?,
            origin: origin(row.try_get(9)?),
        },
        added: to_instant(row.try_get(10)?),
        twin: row.try_get::<Option<i64>>(11)?.map(SourceId),
        history: history(row.try_get(12)?, row.try_get(13)?),
        named: row.try_get(14)?,
    })
}

/// How a source is asked, from the database.
fn manner(text: &str) -> Manner {
    // Most are asked as all others are.
    if text == "{}" {
        return Manner::default();
    }
    serde_json::from_str(text).unwrap_or_default()
}

/// What only some entries have: the column `more`.
#[derive(Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub(super) struct More {
    /// What can be downloaded.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(super) enclosures: Vec<Enclosure>,
    /// Seconds.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) duration: Option<u64>,
    /// An address.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) transcript: Option<String>,
    /// An address.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) thumbnail: Option<String>,
    /// An address.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) comments: Option<String>,
    /// A language.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) language: Option<String>,
}
