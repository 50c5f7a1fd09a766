//! The body of an issue, as it stands under the title.

/// A body without the heading that repeats the title.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Body<'a> {
    /// The id of that heading, as HTML: links to it should lead to the title now.
    pub(super) anchor: Option<&'a str>,
    /// The HTML before that heading; all of it where there is no such heading.
    pub(super) before: &'a str,
    /// The HTML after it.
    pub(super) after: &'a str,
}

/// Takes the first `h1` out of the body where it says what the title says.
pub(super) fn without_title<'a>(html: &'a str, title: &str) -> Body<'a> {
    find_title(html, title).unwrap_or(Body {
        anchor: None,
        before: html.trim_ascii(),
        after: "",
    })
}

fn find_title<'a>(html: &'a str, title: &str) -> Option<Body<'a>> {
    // `contains` compares many bytes at once and `find` does not, and most bodies have no `h1`.
    if !html.contains("<h1") {
        return None;
    }
    let start = html.find("<h1")?;
    let (tag, rest) = html[start + 3..].split_once('>')?;
    if !(tag.is_empty() || tag.starts_with(' ')) {
        return None;
    }
    let (inner, after) = rest.split_once("</h1>")?;
    let words = text(inner);
    if !words.split_whitespace().eq(title.split_whitespace()) {
        return None;
    }
    let anchor = tag
        .split_once(" id=\"")
        .and_then(|(_, rest)| rest.split_once('"'))
        .map(|(id, _)| id);
    Some(Body {
        anchor,
        before: html[..start].trim_ascii(),
        after: after.trim_ascii(),
    })
}

/// The words of inline HTML: tags off, the entities that writers of HTML use decoded.
fn text(html: &str) -> String {
    let mut text = String::with_capacity(html.len());
    let mut rest = html;
    while let Some(at) = rest.find(['<', '&']) {
        text.push_str(&rest[..at]);
        rest = &rest[at..];
        if rest.starts_with('<') {
            rest = rest.find('>').map_or("", |end| &rest[end + 1..]);
            continue;
        }
        let entity = ENTITIES.iter().find(|(name, _)| rest.starts_with(name));
        let (name, character) = entity.unwrap_or(&("&", '&'));
        text.push(*character);
        rest = &rest[name.len()..];
    }
    text.push_str(rest);
    text
}

const ENTITIES: [(&str, char); 6] = [
    ("&amp;", '&'),
    ("&lt;", '<'),
    ("&gt;", '>'),
    ("&quot;", '"'),
    ("&#39;", '\''),
    ("&nbsp;", '\u{a0}'),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(html: &str, title: &str, anchor: Option<&str>, body: &str) {
        let found = without_title(html, title);
        assert_eq!(found.anchor, anchor);
        assert_eq!(format!("{}{}", found.before, found.after), body);
    }

    #[test]
    fn takes_the_title_out() {
        check(
            "<h1 id=\"june\">June</h1>\n<p>Hi</p>\n",
            "June",
            Some("june"),
            "<p>Hi</p>",
        );
        check("<p>Hi</p><h1>June</h1>", "June", None, "<p>Hi</p>");
        check(
            "<h1>Q&amp;A: <em>1&lt;2</em>\n&quot;x&quot;</h1>",
            "Q&A: 1<2 \"x\"",
            None,
            "",
        );
    }

    #[test]
    fn keeps_headings_that_say_something_else() {
        check("<h1>News</h1>", "June", None, "<h1>News</h1>");
        check(
            "<h1>News</h1><h1>June</h1>",
            "June",
            None,
            "<h1>News</h1><h1>June</h1>",
        );
        check("<h1", "June", None, "<h1");
        check("<h1>&", "&", None, "<h1>&");
        check("<h1x>June</h1>", "June", None, "<h1x>June</h1>");
    }
}
