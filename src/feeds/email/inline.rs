//! Styles written into the tags of an issue's body, because mail programs drop style sheets.
//!
//! Each rule is for one element by its name. The body is read once, tag by tag, and nothing but
//! the `style` attributes changes: a tree of the document, and a general matching of selectors,
//! would cost more than all other work on an issue.

/// The style of an element, as an attribute's value.
fn style_of(element: &str) -> Option<&'static str> {
    Some(match element {
        "p" | "dl" | "figure" => "margin:0 0 18px",
        "ul" | "ol" => "margin:0 0 18px;padding-inline-start:26px",
        "li" => "margin:0 0 6px",
        "a" => "color:#17568c",
        "h1" => "margin:40px 0 14px;font-size:25px;line-height:1.25",
        "h2" => "margin:36px 0 12px;font-size:22px;line-height:1.25",
        "h3" => "margin:30px 0 10px;font-size:19px;line-height:1.3",
        "h4" | "h5" | "h6" => "margin:26px 0 8px;font-size:17px;line-height:1.3",
        "img" | "video" => "max-width:100%;height:auto",
        "hr" => "width:64px;margin:40px auto;border:0;border-top:1px solid #b5aea3",
        "blockquote" => {
            "margin:0 0 18px;padding:0 16px;border-left:3px solid #e0dad1;color:#69635b"
        }
        "pre" => {
            "margin:0 0 18px;padding:14px;overflow-x:auto;background:#f4f1ec;\
             font:14px/1.5 Menlo,Consolas,monospace"
        }
        "code" => "background:#f4f1ec;font:0.875em/1.5 Menlo,Consolas,monospace",
        "table" => "margin:0 0 18px;border-collapse:collapse;font-size:15px",
        "th" | "td" => {
            "padding:6px 14px 6px 0;border-bottom:1px solid #e0dad1;vertical-align:top;\
             text-align:start"
        }
        _ => return None,
    })
}

/// How a `style` attribute begins.
const STYLE_ATTRIBUTE: &str = " style=\"";

/// The attributes before a `style` attribute, its value, and those after it.
type OwnStyle<'a> = (&'a str, &'a str, &'a str);

/// Pushes the HTML with the styles in its tags. What a tag says itself comes after, and wins.
pub(super) fn push_styled(html: &str, styled: &mut String) {
    let mut copied = 0;
    let mut at = 0;
    let mut in_pre = false;
    // Few bodies have styles of their own: one look at all of it spares one at each tag.
    let own_styles = html.contains(STYLE_ATTRIBUTE);
    while let Some(found) = html[at..].find('<') {
        at += found;
        let rest = &html[at..];
        if rest.starts_with("</") {
            in_pre &= !rest.starts_with("</pre>");
            at += 2;
            continue;
        }
        if rest.starts_with("<!--") {
            at = rest.find("-->").map_or(html.len(), |end| at + end);
            continue;
        }
        let name = element(&rest[1..]);
        in_pre |= name == "pre";
        // Code in a block has the block's own font and ground.
        let style = style_of(name).filter(|_| !(in_pre && name == "code"));
        let attributes = at + 1 + name.len();
        at = attributes + attributes_end(&html[attributes..]);
        if let Some(style) = style {
            styled.push_str(&html[copied..attributes]);
            let attributes = &html[attributes..at];
            let own = own_styles.then(|| own_style(attributes)).flatten();
            push_style(style, own, attributes, styled);
            copied = at;
        }
    }
    styled.push_str(&html[copied..]);
}

/// The name that the tag starts with.
fn element(tag: &str) -> &str {
    let end = tag.bytes().position(|byte| !byte.is_ascii_alphanumeric());
    &tag[..end.unwrap_or(tag.len())]
}

/// Pushes the attributes of a tag with the style as the first of them, joined with its `own`.
fn push_style(style: &str, own: Option<OwnStyle<'_>>, attributes: &str, styled: &mut String) {
    styled.push_str(STYLE_ATTRIBUTE);
    styled.push_str(style);
    let Some((before, value, after)) = own else {
        styled.push('"');
        styled.push_str(attributes);
        return;
    };
    styled.push(';');
    styled.push_str(value);
    styled.push('"');
    styled.push_str(before);
    styled.push_str(after);
}

/// Finds the `style` attribute, where it is in double quotes as our own HTML always is.
fn own_style(attributes: &str) -> Option<OwnStyle<'_>> {
    let mut from = 0;
    while let Some(found) = attributes[from..].find(STYLE_ATTRIBUTE) {
        let at = from + found;
        let in_value = attributes[..at].matches('"').count() % 2 == 1;
        if !in_value {
            let (value, after) = attributes[at + STYLE_ATTRIBUTE.len()..].split_once('"')?;
            return Some((&attributes[..at], value, after));
        }
        from = at + STYLE_ATTRIBUTE.len();
    }
    None
}

/// Where the tag ends: before `>`, unless that stands in a quoted value.
fn attributes_end(text: &str) -> usize {
    let mut from = 0;
    loop {
        let rest = &text[from..];
        let Some(end) = rest.find(['>', '"', '\'']) else {
            return text.len();
        };
        let mark = rest.as_bytes()[end];
        if mark == b'>' {
            return from + end;
        }
        let Some(close) = rest[end + 1..].find(char::from(mark)) else {
            return text.len();
        };
        from += end + 1 + close + 1;
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[track_caller]
    fn check(html: &str, expected: &str) {
        let mut styled = String::new();
        push_styled(html, &mut styled);
        assert_eq!(styled, expected);
    }

    #[test]
    fn writes_styles_into_tags() {
        check(
            "<p>A <a href=\"https://a.example/?b>c\">b</a> < c</p>\n",
            "<p style=\"margin:0 0 18px\">A <a style=\"color:#17568c\" \
             href=\"https://a.example/?b>c\">b</a> < c</p>\n",
        );
        check(
            "<img src=\"https://a.example/x.png\" alt='\">' />",
            "<img style=\"max-width:100%;height:auto\" src=\"https://a.example/x.png\" alt='\">' />",
        );
    }

    #[test]
    fn lets_a_tag_s_own_style_win() {
        check(
            "<p title=\" style=\" style=\"color:red\" class=\"x\">A</p>",
            "<p style=\"margin:0 0 18px;color:red\" title=\" style=\" class=\"x\">A</p>",
        );
    }

    #[test]
    fn leaves_code_in_blocks_and_comments_alone() {
        let mut block = String::new();
        push_styled("<pre><code class=\"x\">a</code></pre>", &mut block);
        assert!(
            block.ends_with("<code class=\"x\">a</code></pre>"),
            "{block}"
        );
        check("<!-- <p> -->", "<!-- <p> -->");
        check("<span>a</span>", "<span>a</span>");
    }

    proptest! {
        /// Broken HTML too: the same comes out, but for what we know we added.
        #[test]
        fn changes_nothing_but_styles(html in "(<|>|/|p|pre|code|a|img|td|!--|-->|\"|'|=| |é|x){0,40}") {
            let mut styled = String::new();
            push_styled(&html, &mut styled);
            let mut rest = styled.as_str();
            let mut plain = String::new();
            while let Some((before, after)) = rest.split_once(STYLE_ATTRIBUTE) {
                plain.push_str(before);
                rest = after.split_once('"').unwrap().1;
            }
            plain.push_str(rest);
            prop_assert_eq!(plain, html);
        }
    }
}
