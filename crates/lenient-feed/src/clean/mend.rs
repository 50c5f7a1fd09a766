//! What browsers, and so ammonia, would hide of a text together with all that follows.

use std::borrow::Cow;

use crate::text::{Markup, Text, escape};

/// Keeps as text a `<` after the last `>` and `<!` that begins nothing, takes away CDATA, a comment
/// after the last `>` and what wraps markup that browsers show as text, and closes quotes. Of formulas and drawings the words
/// stay.
pub(super) fn mend(html: &str) -> Cow<'_, str> {
    let html = without_open_quotes(html);
    let end = html.rfind('>').map_or(0, |at| at + 1);
    let mut mended = String::new();
    let mut from = 0;
    // Names of drawings that do not end: the search is not begun again.
    let mut endless: Vec<String> = Vec::new();
    for (at, _) in html.match_indices('<') {
        if at < from {
            continue;
        }
        let Some((replacement, length)) = replacement(&html[at..], at >= end, &mut endless) else {
            continue;
        };
        mended.push_str(&html[from..at]);
        mended.push_str(&replacement);
        from = at + length;
    }
    if from == 0 {
        return html;
    }
    mended.push_str(&html[from..]);
    if html.contains("<![CDATA[") {
        mended = mended.replace("]]>", "");
    }
    Cow::Owned(mended)
}

/// What stands for the start of `rest`, and for how much of it; `None` where it stays.
fn replacement(
    rest: &str,
    last: bool,
    endless: &mut Vec<String>,
) -> Option<(Cow<'static, str>, usize)> {
    let name = rest[1..].trim_start_matches('/');
    let length = name.bytes().take_while(u8::is_ascii_alphanumeric).count();
    let name = &name[..length];
    let is = |known: &[&str]| known.iter().any(|it| it.eq_ignore_ascii_case(name));
    if last && rest.starts_with("<!--") {
        // A comment that was cut: nothing in it was to be seen.
        Some((Cow::Borrowed(""), rest.len()))
    } else if last || is_odd_declaration(rest) {
        Some((Cow::Borrowed("&lt;"), 1))
    } else if rest.starts_with("<![CDATA[") {
        Some((Cow::Borrowed(""), "<![CDATA[".len()))
    } else if is(&["svg", "math"]) {
        let known = endless.iter().any(|it| it.eq_ignore_ascii_case(name));
        let Some(end) = (!known).then(|| drawing_end(rest, name)).flatten() else {
            endless.extend((!known).then(|| name.to_owned()));
            return Some((Cow::Borrowed(""), rest.find('>').map_or(1, |at| at + 1)));
        };
        let words = Text {
            value: rest[..end].to_owned(),
            markup: Markup::Html,
        };
        Some((Cow::Owned(escape(&words.plain()).into_owned()), end))
    } else if is(&["noscript", "iframe", "textarea"]) {
        Some((Cow::Borrowed(""), rest.find('>').map_or(1, |at| at + 1)))
    } else {
        None
    }
}

/// Where a formula or a drawing ends, with its end tag.
fn drawing_end(rest: &str, name: &str) -> Option<usize> {
    let mut ends = rest.match_indices("</").map(|(at, _)| at);
    let end = ends.find(|at| {
        let tag = rest.get(at + 2..at + 2 + name.len());
        tag.is_some_and(|tag| tag.eq_ignore_ascii_case(name))
    })?;
    rest[end..].find('>').map(|at| end + at + 1)
}

fn is_odd_declaration(rest: &str) -> bool {
    let Some(inner) = rest.strip_prefix("<!") else {
        return false;
    };
    let doctype = inner.get(..7);
    !inner.starts_with("--")
        && !inner.starts_with('[')
        && !doctype.is_some_and(|it| it.eq_ignore_ascii_case("doctype"))
}

/// Takes away a quote that begins a value and never closes. At most one of each sort can be met:
/// there is no other after it.
fn without_open_quotes(html: &str) -> Cow<'_, str> {
    let mut html = Cow::Borrowed(html);
    for quote in ['"', '\''] {
        let Some(at) = html.rfind(quote) else {
            continue;
        };
        let opens = html[..at].trim_ascii_end().ends_with('=');
        let tag = html[..at].rfind(['<', '>']);
        let within = tag.is_some_and(|tag| html[tag..].starts_with('<'));
        if opens && within {
            html.to_mut().remove(at);
        }
    }
    html
}
