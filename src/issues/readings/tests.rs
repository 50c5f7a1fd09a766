use std::fmt::Write as _;

use proptest::prelude::*;

use super::*;
use crate::issues::markdown;

fn read(file: &str) -> Vec<Found<'_>> {
    find(
        &markdown::parse(file, 0..file.len()),
        &Sections::default(),
        Signing::ANYWHERE,
    )
}

/// One line a reading: `Title <url> @Curator <profile> +other link #category`.
fn summary(found: &[Found<'_>]) -> String {
    let mut lines = String::new();
    for reading in found {
        if !lines.is_empty() {
            lines.push('\n');
        }
        lines.push_str(&reading.title);
        if let Some(url) = &reading.url {
            let _ = write!(lines, " <{url}>");
        }
        if let Some(curator) = &reading.curator {
            let _ = write!(lines, " @{}", curator.name);
            if let Some(url) = &curator.url {
                let _ = write!(lines, " <{url}>");
            }
        }
        for link in &reading.extra_links {
            let _ = write!(lines, " +{link}");
        }
        if let Some(category) = &reading.category {
            let _ = write!(lines, " #{category}");
        }
    }
    lines
}

/// The section with this text below its heading.
fn section(text: &str) -> String {
    format!("# June\n\nHello.\n\n## Recommended reading\n\n{text}")
}

#[track_caller]
fn check(text: &str, expected: &[&str]) {
    check_file(&section(text), expected);
}

#[track_caller]
fn check_file(file: &str, expected: &[&str]) {
    let found = read(file);
    assert_eq!(summary(&found), expected.join("\n"), "\n{file}");
    for reading in &found {
        check_balanced(&reading.commentary);
    }
}

#[track_caller]
fn check_commentary(text: &str, expected: &str) {
    let file = section(text);
    let found = read(&file);
    let said = found[0].commentary.clone();
    check_balanced(&said);
    let html = markdown::render(said.into_iter().map(|(event, _)| event), "");
    assert_eq!(html.trim_end(), expected, "\n{file}");
}

#[track_caller]
fn check_balanced(events: &[Spanned<'_>]) {
    use pulldown_cmark::Event;
    let mut open = Vec::new();
    for (event, _) in events {
        match event {
            Event::Start(tag) => open.push(tag.to_end()),
            Event::End(end) => assert_eq!(open.pop(), Some(*end)),
            _ => {}
        }
    }
    assert!(open.is_empty());
}

const ADA: &str = "On Engines <https://e.example/on> @Ada <https://people.example/ada>";
const BEN: &str = "On Looms <https://e.example/looms> @Ben <https://people.example/ben>";

mod attributions {
    use super::*;

    /// `ending` ends the commentary of an item in each of three manners.
    #[track_caller]
    fn check_ending(ending: &str, curator: &str) {
        let expected = format!("On Engines <https://e.example/on>{curator}");
        check(
            &format!("- [On Engines](https://e.example/on)\n  It is about engines. {ending}\n"),
            &[&expected],
        );
        check(
            &format!("[On Engines](https://e.example/on)\n\nIt is about engines. {ending}\n"),
            &[&expected],
        );
        check(
            &format!(
                "### [On Engines](https://e.example/on)\n\nSaid.\n\nIt is about engines. {ending}\n"
            ),
            &[&expected],
        );
    }

    #[test]
    fn reads_a_dash_before_a_link() {
        let ada = " @Ada <https://people.example/ada>";
        check_ending("- [Ada](https://people.example/ada)", ada);
        check_ending("-[Ada](https://people.example/ada)", ada);
        check_ending("-- [Ada](https://people.example/ada)", ada);
        check_ending("– [Ada](https://people.example/ada)", ada);
        check_ending("—[Ada](https://people.example/ada)", ada);
        check_ending("&mdash;&nbsp;[Ada](https://people.example/ada)", ada);
        check_ending("― [Ada](https://people.example/ada)", ada);
        check_ending("--- [Ada](https://people.example/ada)", ada);
        check_ending("~ [Ada](https://people.example/ada)", ada);
    }

    #[test]
    fn reads_a_dash_inside_a_link() {
        let ada = " @Ada <https://people.example/ada>";
        check_ending("[-Ada](https://people.example/ada)", ada);
        check_ending("[— Ada](https://people.example/ada)", ada);
        check_ending("[*— Ada*](https://people.example/ada)", ada);
        check_ending("*[- Ada.](https://people.example/ada)*", ada);
    }

    #[test]
    fn reads_names_in_any_dress() {
        let ada = " @Ada <https://people.example/ada>";
        check_ending("- [*Ada*](https://people.example/ada)", ada);
        check_ending("- [**Ada**](https://people.example/ada)", ada);
        check_ending("**-** [_Ada_](https://people.example/ada)", ada);
        check_ending("**- [Ada](https://people.example/ada)**", ada);
        check_ending("_-[Ada](https://people.example/ada)_", ada);
        check_ending("*— [Ada](https://people.example/ada)*", ada);
        check_ending("***— [Ada](https://people.example/ada)***", ada);
        check_ending("— *[Ada](https://people.example/ada)*", ada);
        check_ending("— [*Ada.*](https://people.example/ada)", ada);
        check_ending("— [Ada](https://people.example/ada).", ada);
        check_ending("— ([Ada](https://people.example/ada))", ada);
        check_ending("(— [Ada](https://people.example/ada))", ada);
        check_ending("(- [Ada](https://people.example/ada).)", ada);
        check_ending("— [Ada](https://people.example/ada) 🎉", ada);
        check_ending("—  via [Ada](https://people.example/ada)", ada);
        check_ending("— by [Ada](https://people.example/ada)", ada);
        check_ending("— recommended by [Ada](https://people.example/ada)", ada);
        check_ending("Recommended by [Ada](https://people.example/ada).", ada);
        check_ending("— [Ada](https://people.example/ada), engineer", ada);
    }

    #[test]
    fn reads_plain_names() {
        check_ending("- Ada", " @Ada");
        check_ending("— *Ada*", " @Ada");
        check_ending("— **Ada Lovelace**.", " @Ada Lovelace");
        check_ending("– Anne-Marie", " @Anne-Marie");
        check_ending("— José M. O’Neill", " @José M. O’Neill");
        check_ending("— Ludwig van Beethoven", " @Ludwig van Beethoven");
        check_ending("—林", " @林");
        check_ending("— Ada (engineer)", " @Ada");
    }

    #[test]
    fn reads_two_curators() {
        check_ending("— Ada & Ben", " @Ada & Ben");
        check_ending("— Ada and Ben", " @Ada and Ben");
        check_ending(
            "— [Ada](https://people.example/ada) & [Ben](https://people.example/ben)",
            " @Ada & Ben <https://people.example/ada>",
        );
        check_ending("— Ada, Ben & Cy", " @Ada, Ben & Cy");
    }

    #[test]
    fn reads_profiles_without_a_dash() {
        check_ending(
            "[Ada](https://www.linkedin.com/in/ada/)",
            " @Ada <https://www.linkedin.com/in/ada/>",
        );
        check_ending("([@ada](https://x.com/ada))", " @@ada <https://x.com/ada>");
        check_ending(
            "*[Ada](www.linkedin.com/in/ada)*",
            " @Ada <www.linkedin.com/in/ada>",
        );
        check_ending(
            "— [ada](https://github.com/ada)",
            " @ada <https://github.com/ada>",
        );
        check_ending(
            "— Ada ([@ada](https://x.com/ada))",
            " @Ada <https://x.com/ada>",
        );
    }

    #[test]
    fn takes_nobody_for_a_curator_without_reason() {
        check_ending("By Ada.", "");
        check_ending(
            "It builds on [Ben](https://x.com/ben).",
            " +https://x.com/ben",
        );
        check_ending("- Enjoy!", "");
        check_ending("Needs `mill -Zfast-turn`", "");
        check_ending("Run it with -Wall", "");
        check_ending("A story of trains — and of people", "");
        check_ending("The best of both worlds - Well-known", "");
        check_ending(
            "Discussed [there](https://d.example/) - [Reddit](https://r.example/)",
            " +https://d.example/ +https://r.example/",
        );
    }

    #[test]
    fn reads_an_attribution_in_its_own_paragraph_or_line() {
        let item = "- [On Engines](https://e.example/on)\n\n  It is about engines.";
        check(
            &format!("{item}\n\n  **-** [_Ada_](https://people.example/ada)\n"),
            &[ADA],
        );
        check(
            &format!("{item}\n\n  *— [Ada](https://people.example/ada)*\n"),
            &[ADA],
        );
        check(
            &format!("{item}\n  — [Ada](https://people.example/ada)\n"),
            &[ADA],
        );
        check(
            &format!("{item}  \n  — [Ada](https://people.example/ada)\n"),
            &[ADA],
        );
        check(
            &format!("{item}\n\n  - [Ada](https://x.com/ada)\n"),
            &["On Engines <https://e.example/on> @Ada <https://x.com/ada>"],
        );
        check(
            &format!("{item}\n\n  - Ada\n"),
            &["On Engines <https://e.example/on> @Ada"],
        );
        check(
            "[On Engines](https://e.example/on)\n\nIt is about engines.\n- Ada\n\n[On Looms](https://e.example/looms)\n\nLooms.\n- Ben\n",
            &[
                "On Engines <https://e.example/on> @Ada",
                "On Looms <https://e.example/looms> @Ben",
            ],
        );
    }

    #[test]
    fn knows_a_name_that_signed_before() {
        check(
            "- [On Engines](https://e.example/on)\n  Engines. - [Ada](https://people.example/ada)\n\
             - [On Looms](https://e.example/looms)\n  Looms.\n\n  Ada\n\
             - [On Mills](https://e.example/mills)\n  Mills. (Ada)\n",
            &[
                ADA,
                "On Looms <https://e.example/looms> @Ada",
                "On Mills <https://e.example/mills> @Ada",
            ],
        );
    }

    #[test]
    fn keeps_what_follows_the_attribution() {
        check(
            "- [On Engines](https://e.example/on)\n  Engines. - [Ada](https://people.example/ada)\n  ![drawing](/engine.png)\n",
            &[ADA],
        );
        check_commentary(
            "- [On Engines](https://e.example/on)\n  Engines. - [Ada](https://people.example/ada)\n  ![drawing](/engine.png)\n",
            "<p>Engines.\n<img src=\"/engine.png\" alt=\"drawing\" /></p>",
        );
        check(
            "- [On Engines](https://e.example/on)\n\n  Engines. - [Ada](https://people.example/ada)\n\n  **Related**\n\n  - [More](https://e.example/more) - Cy\n  - [Others](https://e.example/others)\n",
            &[&format!(
                "{ADA} +https://e.example/more +https://e.example/others"
            )],
        );
        check(
            "### [On Engines](https://e.example/on)\n\nEngines. - [Ada](https://people.example/ada)\n\n![drawing](/engine.png)\n\nRelated:\n\n- [More](https://e.example/more)\n\n### [On Looms](https://e.example/looms)\n\nLooms. - [Ben](https://people.example/ben)\n",
            &[&format!("{ADA} +https://e.example/more"), BEN],
        );
    }

    #[test]
    fn reads_an_attribution_before_related_links_on_its_line() {
        check(
            "- [On Engines](https://e.example/on)\n  Engines turn. - [Ada](https://x.com/ada). Related: [mills](https://m.example/)\n",
            &["On Engines <https://e.example/on> @Ada <https://x.com/ada> +https://m.example/"],
        );
        check(
            "- [On Engines](https://e.example/on)\n  Engines turn, thanks to [Cy](https://x.com/cy). They hum. So [Cy](https://x.com/cy) says.\n",
            &["On Engines <https://e.example/on> +https://x.com/cy"],
        );
    }

    #[test]
    fn reads_an_attribution_that_became_an_item_of_the_list() {
        check(
            "- [On Engines](https://e.example/on)\nEngines turn.\n- [Ada](https://x.com/ada)\n- [On Looms](https://e.example/looms)\nLooms too.\n- [Ben](https://x.com/ben)\n",
            &[
                "On Engines <https://e.example/on> @Ada <https://x.com/ada>",
                "On Looms <https://e.example/looms> @Ben <https://x.com/ben>",
            ],
        );
    }

    #[test]
    fn reads_an_attribution_at_the_end_of_a_quote() {
        check(
            "- [On Engines](https://e.example/on)\n\n  > Engines turn. — [Ada](https://x.com/ada)\n",
            &["On Engines <https://e.example/on> @Ada <https://x.com/ada>"],
        );
    }

    #[test]
    fn reads_links_that_markdown_does_not() {
        check(
            "- <a href=\"https://e.example/on\">On Engines</a>\n  Engines turn. — <a href='https://people.example/ada'>Ada</a>\n",
            &[ADA],
        );
        check(
            "- [On Engines](https://e.example/on)\n  Engines turn. - [Ada] (https://x.com/ada)\n",
            &["On Engines <https://e.example/on> @Ada <https://x.com/ada>"],
        );
    }

    #[test]
    fn takes_the_last_of_several() {
        check(
            "[On Engines](https://e.example/on)\n\n“Engines are us.” — Charles Babbage\n\nWell said. — [Ada](https://people.example/ada)\n",
            &[ADA],
        );
        check(
            "[On Engines](https://e.example/on)\n\n> Engines are us.\n>\n> — Charles Babbage\n\nWell said. — [Ada](https://people.example/ada)\n",
            &[ADA],
        );
    }

    #[test]
    fn leaves_the_author_on_the_titles_line() {
        check(
            "- [On Engines](https://e.example/on) - Charles Babbage\n  Engines. - [Ada](https://people.example/ada)\n",
            &[ADA],
        );
        check(
            "- [On Engines](https://e.example/on) - Charles Babbage\n",
            &["On Engines <https://e.example/on>"],
        );
        check(
            "- [On Engines - Charles Babbage](https://e.example/on)\n",
            &["On Engines - Charles Babbage <https://e.example/on>"],
        );
        check(
            "- **On Engines - Charles Babbage**\n\n  Engines. — Ada\n",
            &["On Engines - Charles Babbage @Ada"],
        );
        check(
            "- On Engines - Charles Babbage\n\n  Engines. — Ada\n",
            &["On Engines - Charles Babbage @Ada"],
        );
        check(
            "**On Engines** - Charles Babbage\n\nEngines. — Ada\n",
            &["On Engines @Ada"],
        );
        check(
            "- [On Engines](https://e.example/on) - [Ada](https://x.com/ada)\n  Engines.\n",
            &["On Engines <https://e.example/on> @Ada <https://x.com/ada>"],
        );
        check(
            "### [On Engines](https://e.example/on) — Charles Babbage\n\nEngines. — [Ada](https://people.example/ada)\n",
            &[ADA],
        );
    }
}

mod titles {
    use super::*;

    #[test]
    fn reads_a_linked_title_in_any_dress() {
        for title in [
            "[On Engines](https://e.example/on)",
            "**[On Engines](https://e.example/on)**",
            "[**On Engines**](https://e.example/on)",
            "****[On Engines](https://e.example/on)****",
            "*[On Engines](https://e.example/on)*",
            "***[On Engines](https://e.example/on)***",
            "\"[On Engines](https://e.example/on)\"",
            "“[On Engines](https://e.example/on)”",
            "📄 [On Engines](https://e.example/on)",
            "\\[video\\] [On Engines](https://e.example/on)",
            "[video] [FR] [On Engines](https://e.example/on)",
            "Paper: [On Engines](https://e.example/on)",
            "**Paper:** [On Engines](https://e.example/on)",
            "[On Engines](https://e.example/on) (PDF)",
            "[On Engines](https://e.example/on) by Charles Babbage",
            "[On Engines](https://e.example/on), by Charles Babbage",
            "[On ](https://e.example/on)[Engines](https://e.example/on)",
            "<strong>[On Engines](https://e.example/on)</strong>",
        ] {
            for manner in [
                "- T\n  S",
                "- T\n\n  S",
                "* T\n\n  S",
                "1. T\n\n   S",
                "+ T\nS",
                "T\n\nS",
                "T\nS",
                "T  \nS",
                "### T\n\nS",
                "#### T ####\n\nS",
            ] {
                let text = manner
                    .replace('T', title)
                    .replace('S', "Engines. — [Ada](https://people.example/ada)");
                check(&text, &[ADA]);
            }
        }
    }

    #[test]
    fn reads_a_title_with_what_is_said_on_its_line() {
        for between in [" - ", " — ", ": ", ". ", "\\\n", " ", " -- ", " | "] {
            check(
                &format!(
                    "- [On Engines](https://e.example/on){between}Engines turn. - [Ada](https://people.example/ada)\n"
                ),
                &[ADA],
            );
            check_commentary(
                &format!(
                    "- **[On Engines](https://e.example/on)**{between}Engines turn. - [Ada](https://people.example/ada)\n"
                ),
                "<p>Engines turn.</p>",
            );
            check(
                &format!(
                    "[On Engines](https://e.example/on){between}Engines turn all day. - [Ada](https://people.example/ada)\n\n[On Looms](https://e.example/looms){between}Looms. - [Ben](https://people.example/ben)\n"
                ),
                &[ADA, BEN],
            );
        }
    }

    #[test]
    fn reads_a_title_without_link() {
        let engines = "On Engines <https://e.example/on> @Ada <https://people.example/ada>";
        let ada = "— [Ada](https://people.example/ada)";
        for title in [
            "**On Engines**",
            "**On Engines:**",
            "***On Engines***",
            "*On Engines*",
            "On Engines",
            "“On Engines”",
            "**On Engines.**",
        ] {
            for manner in [
                "- TITLE\n\n  SAID\n\n  LINK",
                "TITLE\n\nSAID\n\nLINK",
                "- TITLE\n  SAID\n\n  LINK",
            ] {
                let text = |link: &str, said: &str| {
                    manner
                        .replace("TITLE", title)
                        .replace("SAID", said)
                        .replace("LINK", link)
                };
                check(
                    &text("https://e.example/on", &format!("Engines. {ada}")),
                    &[engines],
                );
                check(
                    &text(
                        "[Read it here](https://e.example/on)",
                        &format!("Engines. {ada}"),
                    ),
                    &[engines],
                );
                check(
                    &text(
                        "",
                        &format!("In [this paper](https://e.example/on), engines. {ada}"),
                    ),
                    &[engines],
                );
                check(
                    &text("", &format!("Like [looms](https://e.example/looms). {ada}")),
                    &["On Engines @Ada <https://people.example/ada> +https://e.example/looms"],
                );
                check(
                    &text("", &format!("Engines. {ada}")),
                    &["On Engines @Ada <https://people.example/ada>"],
                );
            }
        }
    }

    #[test]
    fn finds_the_thing_among_the_links_of_a_text() {
        for (said, url, other) in [
            (
                "The mill [announced](https://m.example/x) it.",
                Some("https://m.example/x"),
                None,
            ),
            (
                "A mill [says](https://general-engines.example/) so.",
                Some("https://general-engines.example/"),
                None,
            ),
            (
                "[Engines](https://a.example/) in [a general view](https://b.example/posts/general-engines-now).",
                Some("https://b.example/posts/general-engines-now"),
                Some("https://a.example/"),
            ),
            (
                "Our [earlier post](https://a.example/) was on looms.",
                None,
                Some("https://a.example/"),
            ),
            (
                "See [Alpha](https://a.example/).",
                None,
                Some("https://a.example/"),
            ),
        ] {
            let url = url.map_or(String::new(), |url| format!(" <{url}>"));
            let other = other.map_or(String::new(), |other| format!(" +{other}"));
            check(
                &format!("- **General Engines**\n\n  {said} — Ada\n"),
                &[&format!("General Engines{url} @Ada{other}")],
            );
        }
    }

    #[test]
    fn reads_a_signed_sentence_with_its_title_inside() {
        check(
            "I enjoyed [On Engines](https://e.example/on) a lot. — [Ada](https://people.example/ada)\n\nThis week, [On Looms](https://e.example/looms) by Cy. — [Ben](https://people.example/ben)\n",
            &[ADA, BEN],
        );
    }

    #[test]
    fn finds_the_thing_among_related_links() {
        check(
            "- **On Engines**\n\n  Engines. — Ada.\n\n  **Related posts**\n\n  - [On Looms](https://e.example/looms)\n  - [Babbage: On Engines](https://e.example/on)\n",
            &["On Engines <https://e.example/on> @Ada +https://e.example/looms"],
        );
        check(
            "**On Engines**\n\nEngines. — Ada.\n\n**Related posts**\n\n- [On Looms](https://e.example/looms)\n- [Babbage: On Engines](https://e.example/on)\n\n**[On Looms](https://e.example/l)**\n\nLooms. — Ben\n",
            &[
                "On Engines <https://e.example/on> @Ada +https://e.example/looms",
                "On Looms <https://e.example/l> @Ben",
            ],
        );
        check(
            "### On Engines\n\nEngines. — Ada.\n\nRelated: [Looms](https://e.example/looms), [Babbage On Engines](https://e.example/on)\n",
            &["On Engines <https://e.example/on> @Ada +https://e.example/looms"],
        );
    }

    #[test]
    fn reads_a_title_beside_its_link() {
        check(
            "- **On Engines** ([paper](https://e.example/on), [code](https://c.example/on))\n  Engines. — Ada\n",
            &["On Engines <https://e.example/on> @Ada +https://c.example/on"],
        );
        check(
            "- On Engines ([paper](https://e.example/on), [code](https://c.example/on))\n  Engines. — Ada\n",
            &["On Engines <https://e.example/on> @Ada +https://c.example/on"],
        );
        check(
            "- On Engines: https://e.example/on\n  Engines. — Ada\n",
            &["On Engines <https://e.example/on> @Ada"],
        );
        check(
            "- **On Engines**\n  https://e.example/on\n  Engines. — Ada\n",
            &["On Engines <https://e.example/on> @Ada"],
        );
        check(
            "### On Engines\n<https://e.example/on>\n\nEngines. — Ada\n",
            &["On Engines <https://e.example/on> @Ada"],
        );
        check(
            "### On Engines ([link](https://e.example/on))\n\nEngines. — Ada\n",
            &["On Engines <https://e.example/on> @Ada"],
        );
        check(
            "- https://e.example/on\n  Engines. — Ada\n",
            &["https://e.example/on <https://e.example/on> @Ada"],
        );
    }

    #[test]
    fn keeps_a_heading_around_its_link() {
        check(
            "### [Engines](https://e.example/on): what turns them\n\nEngines. — Ada\n",
            &["Engines: what turns them <https://e.example/on> @Ada"],
        );
    }

    #[test]
    fn reads_a_sentence_with_a_link_as_a_person_does() {
        check(
            "- Ada wrote [about engines](https://e.example/on).\n",
            &["Ada wrote about engines <https://e.example/on>"],
        );
        check(
            "- A list, with the report [On Engines](https://e.example/on) in it.\n",
            &["On Engines <https://e.example/on>"],
        );
        check(
            "- Engines in the mill: parts [1](https://e.example/1) and [2](https://e.example/2).\n",
            &["Engines in the mill: parts 1 and 2 <https://e.example/1> +https://e.example/2"],
        );
        check(
            "- From now on there is\n  [an engine](https://e.example/on). It turns.\n",
            &["From now on there is an engine <https://e.example/on>"],
        );
    }

    #[test]
    fn keeps_marks_inside_titles() {
        check(
            "- [What turns? *Engines*, `fn` & \"steam\"](https://e.example/on)\n",
            &["What turns? Engines, fn & \"steam\" <https://e.example/on>"],
        );
        check(
            "- [One\n  Engine](https://e.example/on)\n",
            &["One Engine <https://e.example/on>"],
        );
        check(
            "- [MillFest [ENG]](https://e.example/on)\n",
            &["MillFest [ENG] <https://e.example/on>"],
        );
    }
}

mod shapes {
    use super::*;

    #[test]
    fn leaves_the_sentence_before_the_first_item() {
        for intro in [
            "Our team shares its favorite reads of the month.",
            "Our team shares its favorite reads of the month:",
            "Our team shares its favorite reads of the month",
            "Our [team](https://t.example/) shares its favorite reads.",
            "[Our team](https://t.example/) shares its favorite reads.",
            "*Favorite reads of the month*",
            "![Books](/books.png)",
            "> Read!",
            "<!-- - [Title](https://x.example/) -->",
        ] {
            for items in [
                "- [On Engines](https://e.example/on)\n  Engines. - [Ada](https://people.example/ada)\n",
                "[On Engines](https://e.example/on)\n\nEngines. - [Ada](https://people.example/ada)\n",
                "### [On Engines](https://e.example/on)\n\nEngines. - [Ada](https://people.example/ada)\n",
                "[On Engines](https://e.example/on) - Engines turn always. - [Ada](https://people.example/ada)\n",
            ] {
                check(&format!("{intro}\n\n{items}"), &[ADA]);
            }
        }
    }

    #[test]
    fn takes_points_and_bold_lines_for_commentary() {
        check(
            "- [On Engines](https://e.example/on)\n\n  Points:\n\n  - **One** [a](https://a.example/)\n  - Two\n\n  **Bold words**\n\n  1. Three\n  2. Four\n\n  Done. - [Ada](https://people.example/ada)\n\n- [On Looms](https://e.example/looms) Looms of old times. - [Ben](https://people.example/ben)\n",
            &[&format!("{ADA} +https://a.example/"), BEN],
        );
        check(
            "[On Engines](https://e.example/on)\n\nPoints:\n\n- **One** [a](https://a.example/)\n- Two\n\n**Bold words**\n\n1. Three\n2. Four\n\nDone. - [Ada](https://people.example/ada)\n\n[On Looms](https://e.example/looms)\n\nLooms. - [Ben](https://people.example/ben)\n",
            &[&format!("{ADA} +https://a.example/"), BEN],
        );
        check(
            "### [On Engines](https://e.example/on)\n\nPoints:\n\n- [a](https://a.example/)\n- Two\n\n**Bold words**\n\n[See the mill](https://m.example/)\n\nDone. - [Ada](https://people.example/ada)\n",
            &[&format!("{ADA} +https://a.example/ +https://m.example/")],
        );
        check(
            "- [On Engines](https://e.example/on)\n\n  Points:\n\n  - One\n  - Two. - [Ada](https://people.example/ada)\n",
            &[ADA],
        );
    }

    #[test]
    fn joins_a_list_broken_by_paragraphs() {
        check(
            "- [On Engines](https://e.example/on)\n\nEngines turn. - [Ada](https://people.example/ada)\n\n![mill](/mill.png)\n\n- [On Looms](https://e.example/looms)\n\nLooms. - [Ben](https://people.example/ben)\n",
            &[ADA, BEN],
        );
        check(
            "- [On Engines](https://e.example/on)\n  Engines. - [Ada](https://people.example/ada)\n\n![mill](/mill.png)\n\n- [On Looms](https://e.example/looms)\n  Looms. - [Ben](https://people.example/ben)\n\nThat is all! Write [to us](https://us.example/).\n",
            &[ADA, BEN],
        );
        check(
            "- [On Engines](https://e.example/on)\nEngines\nare lazy. - [Ada](https://people.example/ada)\n- [On Looms](https://e.example/looms)\nLooms. - [Ben](https://people.example/ben)\n",
            &[ADA, BEN],
        );
        check(
            "1. [On Engines](https://e.example/on)\n\n   Engines. - [Ada](https://people.example/ada)\n\n* [On Looms](https://e.example/looms)\n\n  Looms. - [Ben](https://people.example/ben)\n",
            &[ADA, BEN],
        );
    }

    #[test]
    fn reads_items_of_different_shapes_in_one_section() {
        check(
            "[On Engines](https://e.example/on)\n\nEngines. - [Ada](https://people.example/ada)\n\n**[On Looms](https://e.example/looms)**\n\nLooms. - [Ben](https://people.example/ben)\n",
            &[ADA, BEN],
        );
        check(
            "### [On Engines](https://e.example/on)\n\nEngines. - [Ada](https://people.example/ada)\n\n[On Looms](https://e.example/looms)\n\nLooms. - [Ben](https://people.example/ben)\n",
            &[ADA, BEN],
        );
        check(
            "- [On Engines](https://e.example/on)\n\n  Engines. - [Ada](https://people.example/ada)\n\n[On Looms](https://e.example/looms)\n\nLooms. - [Ben](https://people.example/ben)\n",
            &[ADA, BEN],
        );
        check(
            "[On Engines](https://e.example/on)\n\nEngines. - [Ada](https://people.example/ada)\n\n- [On Looms](https://e.example/looms)\n\n  Looms. - [Ben](https://people.example/ben)\n",
            &[ADA, BEN],
        );
    }

    #[test]
    fn reads_an_item_nobody_signed() {
        check(
            "- [On Engines](https://e.example/on)\n  Engines. - [Ada](https://people.example/ada)\n- [On Mills](https://e.example/mills)\n  Mills, as in [Leeds](https://l.example/).\n- [On Looms](https://e.example/looms)\n  Looms. - [Ben](https://people.example/ben)\n",
            &[
                ADA,
                "On Mills <https://e.example/mills> +https://l.example/",
                BEN,
            ],
        );
        check(
            "[On Mills](https://e.example/mills)\n\nMills.\n\n[On Engines](https://e.example/on)\n\nEngines. - [Ada](https://people.example/ada)\n",
            &["On Mills <https://e.example/mills>", ADA],
        );
        check(
            "### [On Mills](https://e.example/mills)\n\nMills.\n\n### [On Engines](https://e.example/on)\n\nEngines. - [Ada](https://people.example/ada)\n",
            &["On Mills <https://e.example/mills>", ADA],
        );
    }

    #[test]
    fn reads_nested_lists() {
        check(
            "- [On Engines](https://e.example/on)\n  - [Part two](https://e.example/two)\n- Mills\n  - [On Mills](https://e.example/mills)\n  - [On Wheels](https://e.example/wheels)\n- The series on looms\n  - [Part 1](https://e.example/1)\n  - [Part 2](https://e.example/2)\n",
            &[
                "On Engines <https://e.example/on> +https://e.example/two",
                "On Mills <https://e.example/mills>",
                "On Wheels <https://e.example/wheels>",
                "The series on looms <https://e.example/1> +https://e.example/2",
            ],
        );
    }

    #[test]
    fn takes_links_once_and_in_order() {
        check(
            "- [On Engines](https://e.example/on)\n  See [it](https://e.example/on), [b](https://b.example/), [a](https://a.example/), [b](https://b.example/), [top](#top), www.c.example, https://d.example/x and [e](www.e.example). Mail <me@f.example>. ![p](/p.png) [![q](/q.png)](/q.png) - [Ada](https://people.example/ada)\n",
            &[&format!(
                "{ADA} +https://b.example/ +https://a.example/ +http://www.c.example +https://d.example/x +www.e.example"
            )],
        );
    }

    #[test]
    fn finds_nothing_where_nothing_is_recommended() {
        check("Nothing this month.\n", &[]);
        check("", &[]);
        check("- No posts this week.\n", &[]);
        check("*No papers this week.*\n\n### Videos\n\n**None**\n", &[]);
    }

    #[test]
    fn reads_items_between_thematic_breaks() {
        check(
            "---\n\n### [On Engines](https://e.example/on)\n\nEngines. - [Ada](https://people.example/ada)\n\n---\n\n### [On Looms](https://e.example/looms)\n\nLooms. - [Ben](https://people.example/ben)\n\n---\n\nThat is all. [Subscribe](https://s.example/)!\n",
            &[ADA, BEN],
        );
    }
}

mod sections {
    use super::*;

    const ITEM: &str = "- [On Engines](https://e.example/on) - Engines turn all day. - [Ada](https://people.example/ada)\n";

    #[test]
    fn knows_the_heading_in_any_dress() {
        for heading in [
            "# Recommended reading",
            "###### RECOMMENDED READING ######",
            "## **Recommended** reading:",
            "## 📚 Recommended Reading 📚",
            "## [Recommended reading](https://l.example/)",
            "## Recommended&nbsp;reading",
            "## 3. Recommended reading",
            "## Recommended reading {#reads}",
            "Recommended reading\n---",
            "*Recommended reading*\n===",
            "**Recommended reading**",
            "**Recommended reading:**",
        ] {
            check_file(&format!("Hello.\n\n{heading}\n\n{ITEM}"), &[ADA]);
        }
    }

    #[test]
    fn ignores_the_words_elsewhere() {
        check_file(&format!("Recommended reading\n\n{ITEM}"), &[]);
        check_file(
            &format!("- Recommended reading\n\n## Events\n\n{ITEM}"),
            &[],
        );
        check_file(&format!("## More recommended reading\n\n{ITEM}"), &[]);
        check_file(
            &format!("We have **recommended reading** for you.\n\n{ITEM}"),
            &[],
        );
        check_file(&format!("> ## Recommended reading\n\n{ITEM}"), &[]);
    }

    #[test]
    fn ends_at_a_heading_a_break_or_the_end() {
        let other = "- [Webinar](https://w.example/) - Come and see us all. - [Cy](https://people.example/cy)\n";
        check_file(
            &format!("## Recommended reading\n\n{ITEM}\n## Events\n\n{other}"),
            &[ADA],
        );
        check_file(
            &format!("## Recommended reading\n\n{ITEM}\n# Events\n\n{other}"),
            &[ADA],
        );
        check_file(
            &format!("## Recommended reading\n\n{ITEM}\n---\n\n- [Webinar](https://w.example/)\n"),
            &[ADA],
        );
        check_file(
            &format!("**Recommended reading**\n\n{ITEM}\n**Events**\n\n{other}"),
            &[ADA],
        );
        check_file(
            &format!("**Recommended reading**\n\n{ITEM}\n#### Events\n\n{other}"),
            &[ADA],
        );
    }

    #[test]
    fn reads_two_sections() {
        check_file(
            &format!(
                "## Recommended reading\n\n{ITEM}\n## Events\n\nNone.\n\n## Recommended reading\n\n- [On Looms](https://e.example/looms) Looms make all cloth. - [Ben](https://people.example/ben)\n"
            ),
            &[ADA, BEN],
        );
    }

    #[test]
    fn takes_subheadings_for_categories() {
        check(
            "### Papers:\n\n- [A](https://a.example/)\n\n#### Old\n\n- [B](https://b.example/)\n\n### [Talks](https://talks.example/)\n\n- [C](https://c.example/)\n\n### Empty\n\n### Signed\n\n[On Engines](https://e.example/on)\n\nEngines. - [Ada](https://people.example/ada)\n",
            &[
                "A <https://a.example/> #Papers",
                "B <https://b.example/> #Old",
                "C <https://c.example/> #Talks",
                &format!("{ADA} #Signed"),
            ],
        );
        check(
            "### Papers\n\n#### [On Engines](https://e.example/on)\n\nEngines. - [Ada](https://people.example/ada)\n\n### Posts\n\n#### [On Looms](https://e.example/looms)\n\nLooms. - [Ben](https://people.example/ben)\n",
            &[&format!("{ADA} #Papers"), &format!("{BEN} #Posts")],
        );
        check(
            "**Papers**\n\n- [On Engines](https://e.example/on) Engines turn all day. - [Ada](https://people.example/ada)\n\n**Posts**\n\n- [On Looms](https://e.example/looms) Looms make all cloth. - [Ben](https://people.example/ben)\n",
            &[&format!("{ADA} #Papers"), &format!("{BEN} #Posts")],
        );
    }

    #[test]
    fn takes_a_heading_below_a_title_for_commentary() {
        check(
            "### [On Engines](https://e.example/on)\n\nEngines.\n\n#### Background\n\nThey turn. — [Ada](https://people.example/ada)\n\n### [On Looms](https://e.example/looms)\n\nLooms. — [Ben](https://people.example/ben)\n",
            &[ADA, BEN],
        );
    }

    #[test]
    fn reads_bold_titles_below_categories() {
        check(
            "### Papers\n\n**On Engines** ([pdf](https://e.example/on))\n\nEngines. — [Ada](https://people.example/ada)\n\n**On Looms** ([pdf](https://e.example/looms))\n\nLooms. — [Ben](https://people.example/ben)\n\n### Books\n\n**On Mills** - Cy Oat\n\nA book. — Ada\n",
            &[
                &format!("{ADA} #Papers"),
                &format!("{BEN} #Papers"),
                "On Mills @Ada #Books",
            ],
        );
    }

    #[test]
    fn reads_headings_without_link_as_titles() {
        check(
            "### On Engines\n\nEngines. - [Ada](https://people.example/ada)\n\n### On Looms\n\nLooms.\n\nhttps://e.example/looms\n\n*- [Ben](https://people.example/ben)*\n",
            &["On Engines @Ada <https://people.example/ada>", BEN],
        );
    }
}

mod commentary_events {
    use super::*;

    #[test]
    fn leaves_title_and_attribution_out() {
        check_commentary(
            "- [On Engines](https://e.example/on)\n  They *turn*.  **—** [*Ada*](https://people.example/ada)\n",
            "<p>They <em>turn</em>.</p>",
        );
        check_commentary(
            "- **[On Engines](https://e.example/on)**\n\n  One.\n\n  - a\n  - b\n\n  *— [Ada](https://people.example/ada)*\n",
            "<p>One.</p>\n<ul>\n<li>a</li>\n<li>b</li>\n</ul>",
        );
        check_commentary(
            "### [On Engines](https://e.example/on)\n\nOne.\n\n> Two.\n\n```\ncode\n```\n\nThree. [— Ada](https://people.example/ada)\n",
            "<p>One.</p>\n<blockquote>\n<p>Two.</p>\n</blockquote>\n<pre><code>code\n</code></pre>\n<p>Three.</p>",
        );
        check_commentary("- [On Engines](https://e.example/on).\n", "");
        check_commentary(
            "- [x] [On Engines](https://e.example/on) turns\n",
            "<p>turns</p>",
        );
        check_commentary("- [On Engines](https://e.example/on)\n\n  - Ada\n", "");
    }

    #[test]
    fn places_the_title_in_the_file() {
        let file = section("Intro.\n\n- **[On Engines](https://e.example/on)** and more\n");
        let found = read(&file);
        assert_eq!(&file[found[0].span.clone()], "On Engines");
    }
}

mod kinds {
    use super::*;
    use crate::model::kind_of;

    #[track_caller]
    fn check(url: &str, kind: Kind) {
        assert_eq!(kind_of(Some(url), "On Engines"), kind, "{url}");
    }

    #[test]
    fn reads_the_kind_from_the_address() {
        check("https://arxiv.org/abs/2005.12872", Kind::Paper);
        check("http://www.arxiv.org/pdf/2005.12872v2.pdf", Kind::Paper);
        check("https://www.nature.com/articles/s41467-020-1", Kind::Paper);
        check("https://www.nature.com/articles/d41586-020-1", Kind::Post);
        check("https://dl.acm.org/doi/10.1145/1", Kind::Paper);
        check("https://www.science.org/doi/10.1126/science.1", Kind::Paper);
        check("https://people.univ.example.edu/~x/paper.pdf", Kind::Paper);
        check("https://youtu.be/x?t=3", Kind::Video);
        check("https://www.youtube.com/watch?v=x", Kind::Video);
        check("https://podcasts.apple.com/us/podcast/x/id1", Kind::Podcast);
        check("https://open.spotify.com/episode/1", Kind::Podcast);
        check("https://blog.example.org/podcast/12", Kind::Podcast);
        check("https://www.goodreads.com/book/show/1", Kind::Book);
        check("https://www.amazon.com/Thing/dp/0262033844", Kind::Book);
        check("https://www.amazon.example/blog/thing", Kind::Post);
        check("https://a.example/books/on-engines/", Kind::Book);
        check("https://github.com/ada/engine", Kind::Code);
        check("https://ada.github.io/engine", Kind::Post);
        check("https://crates.io/crates/engine", Kind::Code);
        check("https://huggingface.co/ada/engine", Kind::Code);
        check("https://huggingface.co/blog/engine", Kind::Post);
        check("https://slideslive.com/1/engine", Kind::Talk);
        check("https://www.infoq.com/presentations/engine", Kind::Talk);
        check("https://medium.com/@ada/engine", Kind::Post);
        check("www.ada.example/engine", Kind::Post);
        check("mailto:ada@example.org", Kind::Other);
        check("/engine", Kind::Other);
        assert_eq!(kind_of(None, "On Engines"), Kind::Other);
    }

    #[test]
    fn believes_the_title_first() {
        assert_eq!(
            kind_of(Some("https://a.example/"), "[FR] [video] On Engines"),
            Kind::Video
        );
        assert_eq!(
            kind_of(Some("https://a.example/"), "[Audio] On Engines"),
            Kind::Podcast
        );
        assert_eq!(kind_of(None, "[book] On Engines"), Kind::Book);
        let found = section("- [video] [On Engines](https://a.example/)");
        assert_eq!(read(&found)[0].kind, Kind::Video);
    }
}

/// Pieces of which real sections are made, good and bad.
const PIECES: [&str; 44] = [
    "- ",
    "* ",
    "1. ",
    "  ",
    "    ",
    "\n",
    "\n\n",
    "### ",
    "## Recommended reading\n\n",
    "**",
    "*",
    "_",
    "`",
    "> ",
    "[On Engines](https://e.example/on)",
    "[Ada](https://x.com/ada)",
    "[a](b)",
    "[",
    "](",
    ")",
    "![p](/p.png)",
    "https://e.example/x",
    "— ",
    " - ",
    "–",
    "Ada",
    "Engines turn.",
    "word ",
    "é",
    "林",
    "😀",
    "&nbsp;",
    "<b>",
    "<!-- c -->",
    "---\n",
    "[^1]",
    "[^1]: n\n",
    "| a | b |\n|---|---|\n",
    "```\n",
    "\\",
    "- [x] ",
    "Recommended by ",
    "(",
    "[video] ",
];

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn never_fails_on_any_section(pieces in prop::collection::vec(prop::sample::select(&PIECES[..]), 0..60)) {
        let file = section(&pieces.concat());
        for reading in read(&file) {
            prop_assert!(!reading.title.trim().is_empty());
            prop_assert!(file.get(reading.span.clone()).is_some());
            check_balanced(&reading.commentary);
        }
    }

    #[test]
    fn never_fails_on_any_text(text in "\\PC{0,200}") {
        let file = section(&text);
        for reading in read(&file) {
            prop_assert!(!reading.title.trim().is_empty());
        }
    }
}

#[test]
fn reads_names_with_small_words() {
    check(
        "- [Two](https://example.org/2) is fine. – Mary Ann van Dyke\n\
         - [Three](https://example.org/3) is fine. – Ludwig von der Tann\n",
        &[
            "Two <https://example.org/2> @Mary Ann van Dyke",
            "Three <https://example.org/3> @Ludwig von der Tann",
        ],
    );
}

#[test]
fn takes_no_linkless_item_for_a_signature() {
    check(
        "- [Two](https://example.org/2) is fine. – Mary Dyke\n\
         - Three, nowhere linked. It is fine too. - Bob\n",
        &[
            "Two <https://example.org/2> @Mary Dyke",
            "Three, nowhere linked @Bob",
        ],
    );
}

/// Shapes that newsletters of other tools have.
mod of_other_tools {
    use super::*;

    const ALL: &[&str] = &[];

    /// The readings under all headings (no section named), or under these.
    #[track_caller]
    fn check_in(sections: &[&str], file: &str, expected: &[&str]) {
        let sections = if sections.is_empty() {
            Sections::All
        } else {
            Sections::named(sections.iter().copied())
        };
        let events = markdown::parse(file, 0..file.len());
        let found = find(&events, &sections, Signing::ANYWHERE);
        assert_eq!(summary(&found), expected.join("\n"), "\n{file}");
        for reading in &found {
            check_balanced(&reading.commentary);
        }
    }

    #[test]
    fn takes_every_heading_for_a_section() {
        check_in(
            ALL,
            "# Letter 7\n\nHello.\n\n## Tools\n\n- [Loom](https://l.example/1): weaves\n\n## Talks\n\n### Old\n\n- [Talk](https://t.example/2)\n",
            &[
                "Loom <https://l.example/1> #Tools",
                "Talk <https://t.example/2> #Old",
            ],
        );
        check_in(
            &["Tools", "Talks"],
            "## Tools\n\n- [Loom](https://l.example/1)\n\n## Talks:\n\n- [Talk](https://t.example/2)\n",
            &[
                "Loom <https://l.example/1> #Tools",
                "Talk <https://t.example/2> #Talks",
            ],
        );
        // A break between parts of the issue ends nothing.
        check_in(
            ALL,
            "## A\n\n- [One](https://a.example/1)\n\n---\n\n## B\n\n- [Two](https://b.example/2)\n",
            &[
                "One <https://a.example/1> #A",
                "Two <https://b.example/2> #B",
            ],
        );
    }

    #[test]
    fn takes_headings_over_text_for_titles() {
        check_in(
            ALL,
            "## The harbour opens\n\nAfter a year of work, [the gates](https://h.example/gates) are up.\n\n## Looms are back\n\nThey weave again.\n\n[Read on](https://l.example/back)\n",
            &[
                "The harbour opens <https://h.example/gates>",
                "Looms are back <https://l.example/back>",
            ],
        );
        // Under most headings of this one stand lists: text below one is a note.
        check_in(
            ALL,
            "## News\n\n- [One](https://a.example/1)\n\n## From us\n\nWrite [to us](https://u.example/).\n\n## Tools\n\n- [Two](https://b.example/2)\n",
            &[
                "One <https://a.example/1> #News",
                "Two <https://b.example/2> #Tools",
            ],
        );
    }

    #[test]
    fn takes_the_list_below_a_linked_line_for_the_readings() {
        check(
            "[All packages](https://p.example/)\n\n- [alpha 1](https://p.example/a): first\n- [beta 2](https://p.example/b): second\n",
            &[
                "alpha 1 <https://p.example/a>",
                "beta 2 <https://p.example/b>",
            ],
        );
        check(
            "**[Engines](https://e.example/)**\n\n- [Release of engines](https://e.example/r)\n\n**[Looms](https://l.example/)**\n\n- [Talk on looms](https://l.example/t)\n",
            &[
                "Release of engines <https://e.example/r>",
                "Talk on looms <https://l.example/t>",
            ],
        );
        check(
            "### [Engines](https://e.example/)\n\nThree changes.\n\n- [Release](https://e.example/r) of it\n- [Talk of the year](https://e.example/t)\n",
            &[
                "Release <https://e.example/r> #Engines",
                "Talk of the year <https://e.example/t> #Engines",
            ],
        );
        // Parts of one thing stay with it.
        check(
            "### [Engines](https://e.example/)\n\nIt turns.\n\n- [Slides](https://e.example/s)\n- [Code](https://e.example/c)\n",
            &["Engines <https://e.example/> +https://e.example/s +https://e.example/c"],
        );
    }

    #[test]
    fn descends_into_lists_that_only_group() {
        check(
            "- Two came through [review](https://r.example/):\n  - [one](https://r.example/1), does this\n  - [two](https://r.example/2), does that\n- [three](https://r.example/3)\n",
            &[
                "one <https://r.example/1>",
                "two <https://r.example/2>",
                "three <https://r.example/3>",
            ],
        );
    }

    #[test]
    fn reads_numbers_of_any_script() {
        let numbers = [
            "1、", "2．", "３、", "（4）", "(5) ", "⑥", "【7】", "八、", "10：", "#11 ", "12) ",
        ];
        for number in numbers {
            check(
                &format!(
                    "{number}[Quiet Harbour](https://q.example/)\n\nTides.\n\n{number}[Slow Loom](https://s.example/)（英文）\n\nWeaves.\n"
                ),
                &[
                    "Quiet Harbour <https://q.example/>",
                    "Slow Loom <https://s.example/>",
                ],
            );
        }
    }

    #[test]
    fn takes_a_link_after_the_text_for_the_way_on() {
        for words in [
            "Register",
            "Apply now",
            "阅读全文",
            "Jetzt anmelden",
            "Get your ticket today",
        ] {
            check(
                &format!(
                    "**The harbour opens**\n\nAfter a year.\n\n[{words}](https://h.example/1)\n\n**Looms**\n\n![](a.png)\n\nThey weave.\n\n[{words}](https://l.example/2).\n"
                ),
                &[
                    "The harbour opens <https://h.example/1>",
                    "Looms <https://l.example/2>",
                ],
            );
        }
    }

    #[test]
    fn takes_the_thing_and_not_the_person_before_it() {
        let cases = [
            "[Ines Moor](https://ines.example/) wrote [Slow Looms](https://s.example/1) for us.",
            "[@ines](https://social.example/@ines) released [Slow Looms](https://s.example/1).",
            "[Ines Moor](https://github.com/ines) and [Bo Li](https://x.com/boli) shared [Slow Looms](https://s.example/1) today.",
            "[Ines Moor](https://forum.example/u/im) recently updated [Slow Looms](https://s.example/1).",
            "@[ines](https://x.com/ines) 分享了 [Slow Looms](https://s.example/1)",
        ];
        for case in cases {
            let items = format!("- {case}\n- [Two](https://t.example/2)\n");
            let found = read_all(&items);
            assert_eq!(found[0].title, "Slow Looms", "{case}");
            assert_eq!(
                found[0].url.as_deref(),
                Some("https://s.example/1"),
                "{case}"
            );
            assert_eq!(found[0].curator, None, "{case}");
        }
        // What the link says is no title: the sentence is.
        check(
            "[Ines Moor](https://ines.example/) wrote [a post](https://s.example/1) on looms.\n",
            &["Ines Moor wrote a post on looms <https://s.example/1> +https://ines.example/"],
        );
        // Things are not people.
        check(
            "- [Polars](https://pola.example/) is now on [the forge](https://f.example/)\n- [Looms](https://l.example/): see [docs](https://d.example/)\n",
            &[
                "Polars <https://pola.example/> +https://f.example/",
                "Looms <https://l.example/> +https://d.example/",
            ],
        );
    }

    /// All readings of a section with this text.
    fn read_all(text: &str) -> Vec<Found<'static>> {
        let file: &'static str = Box::leak(section(text).into_boxed_str());
        read(file)
    }

    #[test]
    fn reads_who_recommends_before_what_is_said() {
        check(
            "### [Large views](https://v.example/1)\n\n[@ines](https://ines.example/)：A note.\n\n### [Small views](https://v.example/2)\n\n[@bo](https://bo.example/): Another.\n",
            &[
                "Large views <https://v.example/1> @@ines <https://ines.example/>",
                "Small views <https://v.example/2> @@bo <https://bo.example/>",
            ],
        );
        check(
            "- @ines: [Large views](https://v.example/1) are good\n- @bo: [Small views](https://v.example/2)\n",
            &[
                "Large views <https://v.example/1> @@ines",
                "Small views <https://v.example/2> @@bo",
            ],
        );
        check_commentary(
            "### [Large views](https://v.example/1)\n\n[@ines](https://ines.example/)：A note.\n",
            "<p>A note.</p>",
        );
        // A thing and what it is.
        check(
            "- [Tokio](https://tokio.example/): a runtime\n",
            &["Tokio <https://tokio.example/>"],
        );
    }

    #[test]
    fn believes_no_name_where_nobody_signs() {
        let file = section(
            "- [Engines](https://e.example/) - Ada\n- [Looms](https://l.example/) said. - [Ben](https://x.com/ben)\n",
        );
        let nobody = Signing {
            first: false,
            last: false,
        };
        let events = markdown::parse(&file, 0..file.len());
        let found = find(&events, &Sections::default(), nobody);
        assert_eq!(
            summary(&found),
            "Engines <https://e.example/>\nLooms <https://l.example/> +https://x.com/ben"
        );
        check(
            "- [Maps](https://m.example/), draws. Submitted by [Lena Moor](https://x.com/lena).\n",
            &["Maps <https://m.example/> +https://x.com/lena"],
        );
        check(
            "- [Build](https://m.example/) is the new **Quick – Next**\n",
            &["Build <https://m.example/>"],
        );
        check(
            "- [Build](https://m.example/) runs on poor Wi‑Fi\n",
            &["Build <https://m.example/>"],
        );
    }

    #[test]
    fn publishes_no_address_that_leads_nowhere() {
        check(
            "- [Change](x{{base}}123): faster\n- [Other](https://o.example/)\n- [Write to our desk](mailto:a@b.example)\n- [or call us](tel:123)\n- [or run it](javascript:x)\n",
            &["Change", "Other <https://o.example/>"],
        );
    }

    #[test]
    fn reads_the_kind_from_a_sign() {
        for (sign, kind) in [
            ("📺", Kind::Video),
            ("🎧", Kind::Podcast),
            ("📄", Kind::Paper),
            ("📦", Kind::Code),
            ("📚", Kind::Book),
        ] {
            let found = read_all(&format!("- {sign} [Title](https://a.example/1)\n"));
            assert_eq!((found[0].title.as_str(), found[0].kind), ("Title", kind));
        }
    }
}

mod habits {
    use super::signing::{self, Position, Signatures, Signing};

    fn issue(readings: usize, names: &[&str]) -> Signatures {
        let names = names
            .iter()
            .map(|name| (Position::Last, (*name).to_owned()));
        Signatures {
            readings,
            names: names.collect(),
        }
    }

    #[track_caller]
    fn check(issues: &[Signatures], last: bool) {
        assert_eq!(
            signing::habit(issues),
            Signing {
                first: last && issues.is_empty(),
                last
            }
        );
    }

    #[test]
    fn believes_a_few_names_that_recur() {
        let team = ["ada", "ben", "cy"];
        check(&vec![issue(3, &team); 10], true);
        // Guests sign in most issues, the editor never.
        check(&vec![issue(10, &["ada", "ben"]); 10], true);
        // A team that began a year ago.
        let mut late = vec![issue(3, &team); 12];
        late.extend(vec![issue(3, &[]); 100]);
        check(&late, true);
    }

    #[test]
    fn believes_no_authors_and_no_accidents() {
        // An author after each title: other names every time.
        let names: Vec<String> = (0..100).map(|at| format!("author {at}")).collect();
        let authors: Vec<Signatures> = names.iter().map(|name| issue(1, &[name])).collect();
        check(&authors, false);
        let mut rare = vec![issue(10, &[]); 50];
        rare.push(issue(10, &["next", "next", "next", "next"]));
        check(&rare, false);
    }

    #[test]
    fn believes_what_few_readings_show() {
        let some = |readings, names: &[&str]| signing::habit(&[issue(readings, names)]).last;
        assert!(some(1, &["ada"]) && some(3, &["ada"]));
        assert!(!some(8, &["ada"]));
    }
}
