//! What the names in feeds mean: namespaces, by their addresses or by the prefixes that everybody
//! uses for them, and elements, in whatever dialect.

/// A vocabulary.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Namespace {
    /// RSS and Atom of every version: no two of their elements share a name and not a meaning.
    Core,
    /// `content:` of RSS 1.0.
    Content,
    /// Dublin Core, both sets of terms.
    DublinCore,
    /// Media RSS.
    Media,
    /// Apple's podcasts.
    Itunes,
    /// Podcasting 2.0.
    Podcast,
    /// Podlove's simple chapters.
    Chapters,
    /// `sy:` of RSS 1.0.
    Syndication,
    /// RDF itself.
    Rdf,
    /// XHTML.
    Xhtml,
    /// Any other.
    Other,
}

/// The namespace of an address, with or without `https` and a last slash, in any case.
pub(super) fn namespace(address: &str) -> Namespace {
    let address = address.trim().to_ascii_lowercase();
    let address = address
        .trim_start_matches("https://")
        .trim_start_matches("http://");
    // Userland had a namespace for each revision of RSS.
    if address.starts_with("backend.userland.com/rss") {
        return Namespace::Core;
    }
    match address.trim_end_matches('/') {
        // Atom had some on its way to a name of its own.
        ""
        | "blogs.law.harvard.edu/tech/rss"
        | "cyber.law.harvard.edu/rss/rss.html"
        | "purl.org/rss/1.0"
        | "purl.org/rss/1.0/modules/rss091#"
        | "my.netscape.com/rdf/simple/0.9"
        | "channel.netscape.com/rdf/simple/0.9"
        | "purl.org/net/rss1.1#"
        | "www.w3.org/2005/atom"
        | "purl.org/atom/ns#"
        | "purl.org/pie"
        | "purl.org/echo"
        | "uri/of/echo/namespace#"
        | "example.com/necho"
        | "example.com/newformat#" => Namespace::Core,
        "purl.org/rss/1.0/modules/content" => Namespace::Content,
        "purl.org/dc/elements/1.1" | "purl.org/dc/elements/1.0" | "purl.org/dc/terms" => {
            Namespace::DublinCore
        }
        "search.yahoo.com/mrss" | "video.search.yahoo.com/mrss" => Namespace::Media,
        "www.itunes.com/dtds/podcast-1.0.dtd" | "example.com/dtds/podcast-1.0.dtd" => {
            Namespace::Itunes
        }
        "podcastindex.org/namespace/1.0"
        | "github.com/podcastindex-org/podcast-namespace/blob/main/docs/1.0.md" => {
            Namespace::Podcast
        }
        "podlove.org/simple-chapters" => Namespace::Chapters,
        "purl.org/rss/1.0/modules/syndication" => Namespace::Syndication,
        "www.w3.org/1999/02/22-rdf-syntax-ns#" => Namespace::Rdf,
        "www.w3.org/1999/xhtml" => Namespace::Xhtml,
        _ => Namespace::Other,
    }
}

/// The namespace that a prefix usually stands for, where it is not declared.
pub(super) fn usual(prefix: &str) -> Option<Namespace> {
    Some(match prefix.to_ascii_lowercase().as_str() {
        "atom" | "atom10" | "a10" | "rss" => Namespace::Core,
        "content" => Namespace::Content,
        "dc" | "dcterms" => Namespace::DublinCore,
        "media" => Namespace::Media,
        "itunes" => Namespace::Itunes,
        "podcast" => Namespace::Podcast,
        "psc" => Namespace::Chapters,
        "sy" => Namespace::Syndication,
        "rdf" => Namespace::Rdf,
        "xhtml" | "html" => Namespace::Xhtml,
        _ => return None,
    })
}

/// What an element is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Element {
    /// The root of RSS.
    Rss,
    /// The root of RDF.
    Rdf,
    /// The root of Atom.
    Feed,
    /// The feed itself in RSS, RDF and CDF.
    Channel,
    /// One entry.
    Item,
    /// Something with titles and links of its own, which are not the entry's.
    Apart,
    /// A list of things that are the entry's own.
    List(Holds),
    /// RDF's containers and nodes: what is in them counts as if they were not there.
    Container,
    /// Something whose content is an author.
    Author,
    /// The name of a person.
    Name,
    /// The mail address of a person.
    Email,
    /// The page of a person.
    PersonUri,
    /// The title.
    Title,
    /// A title that counts only where there is no other.
    SecondTitle,
    /// The link.
    Link,
    /// The id.
    Id,
    /// When it appeared.
    Published,
    /// When it changed.
    Updated,
    /// When it was made.
    Created,
    /// A summary that is HTML if it does not say otherwise.
    Description,
    /// A summary that is text if it does not say otherwise.
    Summary,
    /// A summary that counts only where there is no other.
    SecondSummary,
    /// What is said of a picture or a recording: a text only where there is no other at all.
    Caption,
    /// The text, with a type as Atom has it.
    Content,
    /// The text as HTML.
    Encoded,
    /// The text as a piece of XHTML.
    Body,
    /// A category.
    Category,
    /// Categories, with commas between them.
    Keywords,
    /// The language.
    Language,
    /// The page with comments.
    Comments,
    /// Something to download.
    Enclosure,
    /// Media RSS's something to see.
    MediaContent,
    /// A small picture.
    Thumbnail,
    /// How long the recording is.
    Duration,
    /// A transcript.
    Transcript,
    /// Who takes part in an episode.
    Contributor,
    /// The number of a season.
    Season,
    /// The number of an episode.
    Episode,
    /// What kind of episode it is.
    EpisodeKind,
    /// Where chapters are.
    Chapters,
    /// A chapter.
    Chapter,
    /// A way to pay.
    Funding,
    /// A live stream.
    Live,
    /// A recording in another form.
    Alternate,
    /// Where a recording in another form is.
    Place,
    /// Minutes that a copy stays good.
    Ttl,
    /// An hour within `skipHours`.
    Hour,
    /// A day within `skipDays`.
    Day,
    /// How long a period is.
    Period,
    /// How often in a period.
    Frequency,
    /// Anything else.
    Unknown,
}

/// What an element counts for that stands in another one: an element is its parent's alone, and
/// means nothing to an entry that holds its parent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Holds {
    /// All that feeds and entries have.
    Anything,
    /// Entries, in an element around them that no dialect has.
    Items,
    /// Media RSS's elements, which describe the recording.
    Media,
    /// Authors, or what an author has.
    Persons,
    /// Categories.
    Categories,
    /// Downloads.
    Downloads,
    /// Links.
    Links,
    /// Chapters.
    Chapters,
    /// Where a recording is.
    Places,
    /// Texts in one of several types.
    Texts,
    /// Hours and days.
    Times,
    /// Nothing.
    Nothing,
}

impl Holds {
    /// Whether an element counts there.
    pub(super) fn admits(self, element: Element, namespace: Namespace) -> bool {
        match self {
            Self::Anything => true,
            Self::Items => matches!(element, Element::Item | Element::Channel),
            Self::Media => namespace == Namespace::Media,
            Self::Persons => matches!(
                element,
                Element::Author | Element::Name | Element::Email | Element::PersonUri
            ),
            Self::Categories => matches!(element, Element::Category),
            Self::Downloads => matches!(element, Element::Enclosure | Element::MediaContent),
            Self::Links => matches!(element, Element::Link),
            Self::Chapters => matches!(element, Element::Chapter),
            Self::Places => matches!(element, Element::Place),
            Self::Texts => matches!(element, Element::Content),
            Self::Times => matches!(element, Element::Hour | Element::Day),
            Self::Nothing => false,
        }
    }
}

impl Element {
    /// Whether a text that has not been closed ends where this begins.
    ///
    /// `block` texts may hold HTML, so that only names that HTML does not have end them.
    pub(super) fn ends_text(self, block: bool) -> bool {
        match self {
            Self::Rss
            | Self::Feed
            | Self::Item
            | Self::Id
            | Self::Published
            | Self::Updated
            | Self::Created
            | Self::Description
            | Self::Encoded
            | Self::Enclosure
            | Self::MediaContent => true,
            // Pages and licences in a text may hold RDF.
            Self::Rdf
            | Self::Title
            | Self::Link
            | Self::Category
            | Self::Summary
            | Self::SecondSummary
            | Self::Caption
            | Self::Content
            | Self::Comments
            | Self::Author
            | Self::Duration
            | Self::Channel => !block,
            _ => false,
        }
    }
}

impl Element {
    /// Whether a document may begin with it.
    pub(super) fn is_root(self) -> bool {
        matches!(
            self,
            Self::Rss | Self::Rdf | Self::Feed | Self::Channel | Self::Item
        )
    }

    /// Whether it means nothing outside an entry.
    pub(super) fn is_entry_only(self) -> bool {
        matches!(
            self,
            Self::Content
                | Self::Encoded
                | Self::Body
                | Self::Category
                | Self::Keywords
                | Self::Comments
                | Self::Duration
        )
    }
}

/// What an element is for, by its namespace and its name in small letters.
pub(super) fn element(namespace: Namespace, name: &str) -> Element {
    match namespace {
        Namespace::Core => core(name),
        Namespace::Content if name == "encoded" => Element::Encoded,
        Namespace::DublinCore => dublin_core(name),
        Namespace::Media => media(name),
        Namespace::Itunes => itunes(name),
        Namespace::Podcast => podcast(name),
        Namespace::Chapters if name == "chapters" => Element::List(Holds::Chapters),
        Namespace::Chapters if name == "chapter" => Element::Chapter,
        Namespace::Syndication if name == "updateperiod" => Element::Period,
        Namespace::Syndication if name == "updatefrequency" => Element::Frequency,
        Namespace::Rdf => rdf(name),
        Namespace::Xhtml if name == "body" => Element::Body,
        _ => Element::Unknown,
    }
}

fn core(name: &str) -> Element {
    match name {
        "rss" => Element::Rss,
        "rdf" => Element::Rdf,
        "feed" => Element::Feed,
        "channel" => Element::Channel,
        "item" | "entry" => Element::Item,
        "image" | "textinput" | "source" | "contributor" | "cloud" | "webmaster" => Element::Apart,
        "author" | "managingeditor" => Element::Author,
        "name" => Element::Name,
        "email" => Element::Email,
        "url" | "uri" | "homepage" => Element::PersonUri,
        "title" => Element::Title,
        "link" => Element::Link,
        "id" | "guid" => Element::Id,
        "published" | "issued" | "pubdate" => Element::Published,
        "updated" | "modified" | "lastbuilddate" => Element::Updated,
        "created" => Element::Created,
        "description" => Element::Description,
        "summary" | "abstract" => Element::Summary,
        "content" => Element::Content,
        "fullitem" | "encoded" => Element::Encoded,
        "body" => Element::Body,
        "category" => Element::Category,
        "keywords" | "tags" => Element::Keywords,
        "language" => Element::Language,
        "comments" => Element::Comments,
        "enclosure" => Element::Enclosure,
        "ttl" => Element::Ttl,
        "hour" => Element::Hour,
        "day" => Element::Day,
        "skiphours" | "skipdays" => Element::List(Holds::Times),
        "authors" | "creators" => Element::List(Holds::Persons),
        "categories" | "subjects" | "labels" => Element::List(Holds::Categories),
        "enclosures" | "attachments" => Element::List(Holds::Downloads),
        "links" => Element::List(Holds::Links),
        _ => Element::Unknown,
    }
}

fn rdf(name: &str) -> Element {
    match name {
        "rdf" => Element::Rdf,
        "bag" | "seq" | "alt" | "li" | "description" | "value" => Element::Container,
        _ => Element::Unknown,
    }
}

fn dublin_core(name: &str) -> Element {
    match name {
        "title" => Element::Title,
        "creator" | "author" => Element::Author,
        "date" | "modified" => Element::Updated,
        "issued" => Element::Published,
        "created" => Element::Created,
        "description" | "abstract" => Element::Description,
        "subject" => Element::Category,
        "language" => Element::Language,
        _ => Element::Unknown,
    }
}

fn media(name: &str) -> Element {
    match name {
        "group" => Element::List(Holds::Media),
        "title" => Element::SecondTitle,
        "description" => Element::Caption,
        "category" => Element::Category,
        "keywords" => Element::Keywords,
        "content" => Element::MediaContent,
        "thumbnail" => Element::Thumbnail,
        "credit" => Element::Contributor,
        _ => Element::Unknown,
    }
}

/// The names of Podcasting 2.0.
fn podcast(name: &str) -> Element {
    match name {
        "transcript" => Element::Transcript,
        "person" => Element::Contributor,
        "season" => Element::Season,
        "episode" => Element::Episode,
        "chapters" => Element::Chapters,
        "funding" => Element::Funding,
        "liveitem" => Element::Live,
        "alternateenclosure" => Element::Alternate,
        "source" => Element::Place,
        _ => Element::Unknown,
    }
}

fn itunes(name: &str) -> Element {
    match name {
        "author" => Element::Author,
        "owner" => Element::Apart,
        "summary" => Element::SecondSummary,
        "category" => Element::Category,
        "keywords" => Element::Keywords,
        "image" => Element::Thumbnail,
        "duration" => Element::Duration,
        "season" => Element::Season,
        "episode" => Element::Episode,
        "episodetype" => Element::EpisodeKind,
        _ => Element::Unknown,
    }
}

/// Whether a name is one of those that feeds are built of, so that even a tag without its end is
/// none of the words of a text.
pub(super) fn is_structure(name: &str) -> bool {
    const NAMES: [&str; 9] = [
        "rss",
        "rdf:rdf",
        "feed",
        "channel",
        "item",
        "entry",
        "title",
        "description",
        "summary",
    ];
    NAMES.iter().any(|known| name.eq_ignore_ascii_case(known))
}

/// HTML's elements that have no end tag.
pub(super) fn is_void(name: &str) -> bool {
    const VOID: [&str; 14] = [
        "area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "param",
        "source", "track", "wbr",
    ];
    VOID.iter().any(|void| name.eq_ignore_ascii_case(void))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn knows_namespaces_in_any_spelling() {
        for (address, expected) in [
            ("http://www.w3.org/2005/Atom", Namespace::Core),
            ("https://www.w3.org/2005/Atom/", Namespace::Core),
            ("http://backend.userland.com/RSS2", Namespace::Core),
            (
                "http://www.itunes.com/DTDs/PodCast-1.0.dtd",
                Namespace::Itunes,
            ),
            ("http://search.yahoo.com/mrss", Namespace::Media),
            ("http://search.yahoo.com/mrss/", Namespace::Media),
            ("http://example.org/other", Namespace::Other),
        ] {
            assert_eq!(namespace(address), expected, "{address}");
        }
    }
}
