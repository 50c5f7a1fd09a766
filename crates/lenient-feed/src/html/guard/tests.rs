use proptest::prelude::*;
use scraper::{Html, Node};

use super::*;

/// What a parser makes of a piece of HTML.
struct Parsed {
    /// How deep its elements are.
    depth: usize,
    /// The sum of the depths of all nodes: what a parser looks through, at least.
    work: usize,
    /// Bytes of its serialization.
    bytes: usize,
}

fn parsed(html: &str) -> Parsed {
    let tree = Html::parse_fragment(html);
    let (mut depth, mut work, mut bytes) = (0, 0, 0);
    let mut pending = vec![(tree.tree.root(), 0)];
    while let Some((node, level)) = pending.pop() {
        depth = depth.max(level);
        work += level + 1;
        bytes += match node.value() {
            Node::Text(text) => text.len(),
            Node::Element(element) => {
                let attributes = element
                    .attrs()
                    .map(|(name, value)| name.len() + value.len());
                2 * element.name().len() + attributes.sum::<usize>()
            }
            _ => 0,
        };
        pending.extend(node.children().map(|child| (child, level + 1)));
    }
    Parsed { depth, work, bytes }
}

/// A cell is two elements deeper in a parser's tree than in what is written, and each block may
/// hold all phrases once more.
const DEEPEST: usize = 3 * (DEPTH + PHRASES);

/// What it takes to bound a piece of HTML and to parse the result.
fn work(html: &str) -> usize {
    let mut guard = Guard::new(html);
    guard.run();
    let steps = guard.steps;
    let safe = bounded(html);
    let parsed = parsed(&safe);
    assert!(parsed.depth <= DEEPEST, "{} deep", parsed.depth);
    assert!(
        parsed.bytes <= 3 * html.len() + 4 * REOPENED,
        "{} bytes of {}",
        parsed.bytes,
        html.len()
    );
    steps + parsed.work + parsed.bytes
}

/// The work grows with the input, and no faster.
#[track_caller]
fn check_doubles(hostile: impl Fn(usize) -> String) {
    let (once, twice) = (work(&hostile(600)), work(&hostile(1_200)));
    assert!(
        10 * twice < 26 * once,
        "{once}, then {twice}: {}",
        &hostile(2)
    );
}

#[test]
fn work_grows_with_the_input() {
    for piece in [
        "<div>",
        "<section>",
        "<blockquote>",
        "<pre>",
        "<li><ul>",
        "<ul><li>",
        "<dl><dd>",
        "<p><div>",
        "<font>",
        "<span>",
        "<table>",
        "<table><tr><td>",
        "<table><div>",
        "<svg>",
        "<math>",
        "<svg><g>",
        "<x-y>",
        "<a>",
        "<nobr>",
        "<button>",
        "<option>",
        "<select><div>",
        "<template>",
        "<object>",
        "<marquee>",
        "<noscript><div>",
        "<table><caption>",
        "<table><td><noscript></table></noscript>",
        "<svg><![CDATA[></svg>]]><div>",
        "<svg><title><div>",
        "<form><div></form>",
        "<b><p></b>",
        "<a><p></a>",
        "<b><i></b></i><div>",
        "<i><b><p></b>",
        "<b><table></b>",
        "<table>x<b>y</b>",
        "<ruby><rt>",
        "<details><summary>",
        "<!--",
        "<!-- --><div>",
        "&amp",
        "&a",
        "<!",
        "</p>",
        "</br>",
        "<p></div>",
        "<iframe>",
        "<title>",
        "<textarea>",
        "<xmp>",
        "<plaintext>",
        "<script>",
        "<style>",
        "<applet>",
        "<frameset>",
        "<body>",
        "<h1><h2>",
        "<div><table></div></table>",
    ] {
        check_doubles(|count| piece.repeat(count));
        check_doubles(|count| format!("{}x{}", piece.repeat(count), "</div></p>".repeat(count)));
    }
}

#[test]
fn phrases_are_not_opened_again_without_end() {
    for (open, block) in [
        ("b", "<p>x</p>"),
        ("font", "<p>x"),
        ("a", "<div>x</div>"),
        ("i", "<li>x"),
        ("em", "<table><td>x</table>"),
        ("nobr", "<p>x</p>"),
        ("b", "<table><td>x<p>y</table>"),
        ("code", "<p>x</i></p>"),
        ("u", "<b><p></b>"),
    ] {
        check_doubles(|count| {
            let phrases = (0..count).map(|at| format!("<{open} title=\"{at}\">"));
            format!("<p>{}{}", phrases.collect::<String>(), block.repeat(count))
        });
        check_doubles(|count| {
            let long = "x".repeat(count);
            format!("<{open} title={long}>{}", block.repeat(count))
        });
    }
}

#[test]
fn attributes_are_counted() {
    check_doubles(|count| {
        let numbers = (0..count).map(|at| at.to_string());
        let attributes = numbers.flat_map(|number| [" a".to_owned(), number]);
        format!("<p{}>x</p>", attributes.collect::<String>())
    });
    assert_eq!(bounded(&format!("<p{}>x", " a".repeat(65))), "<p>x");
    check_doubles(|count| {
        let numbers = (0..count).map(|at| at.to_string());
        let tags = numbers.flat_map(|number| ["<html a".to_owned(), number, ">".to_owned()]);
        tags.collect()
    });
}

#[track_caller]
fn check(html: &str, expected: &str) {
    assert_eq!(bounded(html), expected);
}

#[test]
fn what_people_write_stays() {
    let rows = "<tr><td>a<td><font size=2>b".repeat(300);
    let list = "<li>a<p>b".repeat(300);
    let anchors = "<a name=x><h2>a</h2>".repeat(300);
    for html in [
        "<p>a<b>b<i>c</b>d</i>",
        &format!("<table>{rows}</table>"),
        &format!("<ul>{list}</ul><dl>{}</dl>", "<dt>a<dd>b".repeat(300)),
        &anchors,
        &format!("{}x{}", "<div>".repeat(DEPTH), "</div>".repeat(DEPTH)),
        &"<p><b><i>a</b></i>".repeat(300),
        &"<div><span>a</div>".repeat(300),
        "<table><colgroup><col><col></colgroup><tr><th>a</table>",
        "a &lt; b<!-- <div> --><br/>",
    ] {
        check(html, html);
    }
}

#[test]
fn beyond_the_bounds_the_words_stay() {
    let deep = format!("{}word{}", "<div>".repeat(500), "</div>".repeat(500));
    assert_eq!(bounded(&deep).matches("<div>").count(), DEPTH);
    assert!(bounded(&deep).contains("word"));
    check("a <svg><text>b</text></svg>c", "a c");
    check("<form><b>a</b></form>", "<b>a</b>");
    check("<<form>script>", "&lt;script>");
}

#[rustfmt::skip]
const PIECES: &[&str] = &[
    "<a>", "</a>", "<b>", "</b>", "<i x=y>", "</i>", "<p>", "</p>", "<div>", "</div>", "<span>",
    "</span>", "<ul>", "</ul>", "<li>", "</li>", "<dd>", "</dd>", "<table>", "</table>", "<tr>",
    "</tr>", "<td>", "</td>", "<tbody>", "</tbody>", "<caption>", "</caption>", "<h1>", "</h1>",
    "<h2>", "<pre>", "</pre>", "<nobr>", "</nobr>", "<font>", "</font>", "<object>", "</object>",
    "<noscript>", "</noscript>", "<svg>", "</svg>", "<title>", "</title>", "<select>",
    "</select>", "<button>", "</button>", "<form>", "</form>", "<template>", "</template>",
    "<ruby>", "<rt>", "</ruby>", "<br>", "<hr>", "<col>", "<colgroup>", "</colgroup>", "<input>",
    "<!--", "-->", "<![CDATA[", "]]>", "<math>", "<mi>", "</math>", "<marquee>", "</marquee>",
    "<details>", "</details>", "<dialog>", "</dialog>", "<section>", "</section>", "<textarea>",
    "</textarea>", "<th>", "<thead>", "<html>", "<body>", "</body>", "<head>", "<script>",
    "</script>", "<style>", "</style>", "x", " ", "\"", "'", "<", ">", "<a title=\"", "<x ",
];

proptest! {
    #![proptest_config(ProptestConfig { cases: ProptestConfig::default().cases / 4, ..ProptestConfig::default() })]

    /// What is harmful is mostly something short, many times.
    #[test]
    fn anything_repeated_is_bounded(
        before in prop::collection::vec(prop::sample::select(PIECES.to_vec()), 0..6),
        pieces in prop::collection::vec(prop::sample::select(PIECES.to_vec()), 1..7),
    ) {
        work(&format!("{}{}", before.concat(), pieces.concat().repeat(450)));
    }
}
