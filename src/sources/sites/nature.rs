//! Nature's journals: the number of an article names its journal, and each journal has a feed.

use url::Url;

use super::parts::{ask, between, feed, feeds, host, is_word, nothing, segments};
use super::{Answer, Candidate, Certainty, Lead, Question, Shape, Site};
use crate::model::Kind;

pub(super) const SITE: Site = Site {
    name: "nature.com",
    look,
    read: Some(read),
    join: None,
    shapes: &[
        Shape {
            link: "https://www.nature.com/articles/s42256-019-0138-9",
            leads_to: "https://www.nature.com/natmachintell.rss",
        },
        Shape {
            link: "https://www.nature.com/articles/d41586-021-00530-0",
            leads_to: "https://www.nature.com/nature.rss",
        },
        Shape {
            link: "https://www.nature.com/articles/nature14539.pdf",
            leads_to: "https://www.nature.com/nature.rss",
        },
        Shape {
            link: "https://www.nature.com/natmachintell/",
            leads_to: "https://www.nature.com/natmachintell.rss",
        },
        Shape {
            link: "https://www.nature.com/articles/s99999-021-00001-2",
            leads_to: "? https://www.nature.com/articles/s99999-021-00001-2",
        },
        Shape {
            link: "https://www.nature.com/",
            leads_to: "https://www.nature.com/nature.rss",
        },
    ],
};

/// The number in an article's name, and the journal's name in addresses.
const JOURNALS: [(&str, &str); 48] = [
    ("41586", "nature"),
    ("41467", "ncomms"),
    ("41598", "srep"),
    ("42256", "natmachintell"),
    ("43588", "natcomputsci"),
    ("41592", "nmeth"),
    ("41587", "nbt"),
    ("41591", "nm"),
    ("41562", "nathumbehav"),
    ("41593", "neuro"),
    ("41566", "nphoton"),
    ("41567", "nphys"),
    ("41565", "nnano"),
    ("41563", "nmat"),
    ("41557", "nchem"),
    ("41589", "nchembio"),
    ("41588", "ng"),
    ("41550", "natastron"),
    ("41559", "natecolevol"),
    ("41551", "natbiomedeng"),
    ("41558", "nclimate"),
    ("41561", "ngeo"),
    ("41560", "nenergy"),
    ("41928", "natelectron"),
    ("41929", "natcatal"),
    ("41893", "natsustain"),
    ("42255", "natmetab"),
    ("43018", "natcancer"),
    ("43016", "natfood"),
    ("42003", "commsbio"),
    ("42004", "commschem"),
    ("42005", "commsphys"),
    ("43246", "commsmat"),
    ("43247", "commsenv"),
    ("43856", "commsmed"),
    ("44172", "commseng"),
    ("41597", "sdata"),
    ("41746", "npjdigitalmed"),
    ("41534", "npjqi"),
    ("41524", "npjcompumats"),
    ("42254", "natrevphys"),
    ("41578", "natrevmats"),
    ("41570", "natrevchem"),
    ("41583", "nrn"),
    ("41576", "nrg"),
    ("41573", "nrd"),
    ("44159", "nrpsychol"),
    ("43586", "nrmp"),
];

/// Pages of the site that are no journal.
const NO_JOURNAL: [&str; 8] = [
    "articles",
    "search",
    "subjects",
    "collections",
    "nature-index",
    "naturecareers",
    "siteindex",
    "immersive",
];

fn look(url: &Url) -> Option<Lead> {
    if host(url) != "nature.com" {
        return None;
    }
    let parts = segments(url);
    match parts.as_slice() {
        ["articles", article, ..] => Some(match journal_of(article) {
            Some(name) => feeds([journal(name)])?,
            None => ask(SITE.name, format!("nature:{article}"), url.clone(), ""),
        }),
        [] | ["nature", ..] => feeds([journal("nature")]),
        [name, ..]
            if !NO_JOURNAL.contains(name) && name.bytes().all(|b| b.is_ascii_alphanumeric()) =>
        {
            feeds([journal(name)])
        }
        _ => Some(nothing("a page of nature.com that belongs to no journal")),
    }
}

/// `s42256-019-0138-9` and `nature14539` name their journal.
fn journal_of(article: &str) -> Option<&'static str> {
    let article = article.strip_suffix(".pdf").unwrap_or(article);
    if let Some(rest) = article.strip_prefix(['s', 'd'])
        && let Some((number, _)) = rest.split_once('-')
    {
        return JOURNALS
            .iter()
            .find(|(known, _)| *known == number)
            .map(|(_, name)| *name);
    }
    let letters = article.find(|c: char| c.is_ascii_digit() || c == '.')?;
    let name = &article[..letters];
    JOURNALS
        .iter()
        .map(|(_, known)| *known)
        .find(|known| *known == name)
}

fn journal(name: &str) -> Option<Candidate> {
    let url = format!("https://www.nature.com/{name}.rss");
    feed(
        &url,
        format!("the journal `{name}` of nature.com"),
        Certainty::Observed,
    )
    .map(|it| it.of(Kind::Paper))
}

/// An article of a journal that is not in the list: its page links to the journal.
fn read(_: &Question, answer: &Answer<'_>) -> Lead {
    let page = String::from_utf8_lossy(answer.body);
    let name = between(
        &page,
        "data-track-action=\"journal homepage\" href=\"/",
        is_word,
    )
    .or_else(|| between(&page, "\"journalPcode\":\"", is_word))
    .or_else(|| between(&page, "\"pcode\":\"", is_word));
    name.and_then(|name| feeds([journal(name)]))
        .unwrap_or_else(|| nothing("the article does not name its journal"))
}
