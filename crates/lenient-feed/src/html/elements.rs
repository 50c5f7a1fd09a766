//! How an HTML parser treats an element (HTML, section 13.2.4 and 13.2.6), as far as it concerns
//! which elements are open.

/// What an element does to those that are open.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Sort {
    /// It has no content.
    Void,
    /// `col` and `colgroup`: parts of a table that hold nothing.
    Column,
    /// The same, and it closes a paragraph.
    Rule,
    /// Its tags go: it is no part of a piece of HTML, or no policy keeps it and a parser has rules
    /// of its own for what is in it.
    Foreign,
    /// Its content is another language, and goes with it.
    Silent,
    /// Its content is text, whatever stands in it.
    Raw,
    /// It is opened again wherever it was closed by another.
    Formatting,
    /// It closes a paragraph.
    Block,
    /// The same.
    Paragraph,
    /// It closes a heading that is open and innermost.
    Heading,
    /// `li`: it closes the one before.
    Item,
    /// `dt` and `dd`: the same.
    Term,
    /// `table`.
    Table,
    /// `tbody`, `thead`, `tfoot`.
    Rows,
    /// `tr`.
    Row,
    /// `td` and `th`.
    Cell,
    /// `caption`.
    Caption,
    /// `object` and its like: what is open outside cannot be closed inside.
    Wall,
    /// Anything else.
    Ordinary,
}

impl Sort {
    /// Whether an end tag of an unknown element, and a phrase, stop at it.
    pub(super) fn is_special(self) -> bool {
        !matches!(self, Self::Ordinary | Self::Formatting)
    }

    /// Whether end tags inside cannot close what is outside.
    pub(super) fn is_wall(self) -> bool {
        matches!(self, Self::Table | Self::Cell | Self::Caption | Self::Wall)
    }

    /// Whether phrases that are open outside are not opened again inside.
    pub(super) fn is_mark(self) -> bool {
        matches!(self, Self::Cell | Self::Caption | Self::Wall)
    }

    /// Whether it is a part of a table.
    pub(super) fn is_of_table(self) -> bool {
        matches!(
            self,
            Self::Table | Self::Rows | Self::Row | Self::Cell | Self::Caption
        )
    }

    /// Whether it closes a paragraph.
    pub(super) fn closes_paragraph(self) -> bool {
        matches!(
            self,
            Self::Rule | Self::Block | Self::Paragraph | Self::Heading | Self::Item | Self::Term
        )
    }
}

/// The sort of an element, its name in any case.
pub(super) fn sort(name: &str) -> Sort {
    let mut lower = [0; 12];
    let Some(lower) = lower.get_mut(..name.len()) else {
        return Sort::Ordinary;
    };
    lower.copy_from_slice(name.as_bytes());
    lower.make_ascii_lowercase();
    match &*lower {
        b"area" | b"base" | b"basefont" | b"bgsound" | b"br" | b"embed" | b"frame" | b"image"
        | b"img" | b"input" | b"keygen" | b"link" | b"meta" | b"param" | b"source" | b"track"
        | b"wbr" => Sort::Void,
        b"col" | b"colgroup" => Sort::Column,
        b"hr" => Sort::Rule,
        // A parser takes what is in `noscript` for text, or does not.
        b"body" | b"button" | b"form" | b"frameset" | b"head" | b"html" | b"noscript"
        | b"optgroup" | b"option" | b"select" => Sort::Foreign,
        b"math" | b"script" | b"style" | b"svg" | b"template" => Sort::Silent,
        b"iframe" | b"noembed" | b"noframes" | b"plaintext" | b"textarea" | b"title" | b"xmp" => {
            Sort::Raw
        }
        b"a" | b"b" | b"big" | b"code" | b"em" | b"font" | b"i" | b"nobr" | b"s" | b"small"
        | b"strike" | b"strong" | b"tt" | b"u" => Sort::Formatting,
        b"address" | b"article" | b"aside" | b"blockquote" | b"center" | b"details" | b"dialog"
        | b"dir" | b"div" | b"dl" | b"fieldset" | b"figcaption" | b"figure" | b"footer"
        | b"header" | b"hgroup" | b"listing" | b"main" | b"menu" | b"nav" | b"ol" | b"pre"
        | b"search" | b"section" | b"summary" | b"ul" => Sort::Block,
        b"p" => Sort::Paragraph,
        b"h1" | b"h2" | b"h3" | b"h4" | b"h5" | b"h6" => Sort::Heading,
        b"li" => Sort::Item,
        b"dd" | b"dt" => Sort::Term,
        b"table" => Sort::Table,
        b"tbody" | b"tfoot" | b"thead" => Sort::Rows,
        b"tr" => Sort::Row,
        b"td" | b"th" => Sort::Cell,
        b"caption" => Sort::Caption,
        b"applet" | b"marquee" | b"object" => Sort::Wall,
        _ => Sort::Ordinary,
    }
}
