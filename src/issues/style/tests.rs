//! What single files show.

use std::path::Path;

use url::Url;

use super::{Sample, house};
use crate::issues::{Options, header};
use crate::model::{
    AttributionPlace, FrontForm, FrontValue, HouseStyle, ItemShape, Kind, Newsletter, TextPlace,
    TitleMark,
};

/// The style of files, newest first.
#[track_caller]
fn style(files: &[(&str, &str)]) -> HouseStyle {
    let options = Options::new(Newsletter {
        title: "The Test".to_owned(),
        subtitle: None,
        base_url: Url::parse("https://test.example/").unwrap(),
        language: None,
        authors: Vec::new(),
        rights: None,
        icon: None,
        hubs: Vec::new(),
        authority: "test.example,2026".to_owned(),
    });
    let headers: Vec<_> = files
        .iter()
        .map(|(path, file)| {
            let outcome = header::read(Path::new(path), file, &options);
            outcome
                .header
                .unwrap_or_else(|| panic!("{:?}", outcome.problems))
        })
        .collect();
    let samples: Vec<Sample<'_>> = headers
        .iter()
        .zip(files)
        .map(|(header, (_, file))| Sample { header, file })
        .collect();
    house(&samples, &options.sections, options.signing)
}

/// The style of one reading.
#[track_caller]
fn check_item(reading: &str, shape: ItemShape, title: TitleMark, text: TextPlace) {
    let file = format!("Hello.\n\n## Recommended reading\n\n{reading}\n");
    let item = style(&[("2026-10-29.md", &file)]).item;
    assert_eq!(
        (item.shape, item.title, item.text),
        (shape, title, text),
        "{reading}"
    );
}

#[test]
fn sees_how_readings_begin() {
    use {ItemShape as Shape, TextPlace as Text, TitleMark as Mark};
    check_item(
        "- [A first title](https://a.example/)\n  Good. - [Ada](https://x.com/ada)",
        Shape::Bullet('-'),
        Mark::Link,
        Text::NextLine,
    );
    check_item(
        "* **[A first title](https://a.example/)**: it is good. - [Ada](https://x.com/ada)",
        Shape::Bullet('*'),
        Mark::BoldAround,
        Text::SameLine(": "),
    );
    check_item(
        "### [**A first title**](https://a.example/)\n\nGood. - [Ada](https://x.com/ada)",
        Shape::Heading(3),
        Mark::BoldWithin,
        Text::Below,
    );
    check_item(
        "[A first title](https://a.example/)\n\nGood. - [Ada](https://x.com/ada)",
        Shape::Paragraph,
        Mark::Link,
        Text::Below,
    );
}

/// The marks around a name, with `N` for it and `U` for the profile.
#[track_caller]
fn check_attribution(written: &str, expected: &str, place: AttributionPlace) {
    let file = format!(
        "## Recommended reading\n\n- [A first title](https://a.example/)\n\n  It is good.{written}\n"
    );
    let style = style(&[("2026-10-29.md", &file)]).attribution;
    let shown = format!("{}N{}](U){}", style.before, style.after, style.outside);
    assert_eq!(
        (shown.as_str(), style.place),
        (expected, place),
        "{written}"
    );
}

#[test]
fn sees_how_names_are_written() {
    use AttributionPlace::{Inline, Line, Paragraph};
    check_attribution(" - [Ada](https://x.com/ada)", "- [N](U)", Inline);
    check_attribution(" — [*Ada*](https://x.com/ada)", "— [*N*](U)", Inline);
    check_attribution(" *[- Ada](https://x.com/ada)*", "*[- N](U)*", Inline);
    check_attribution(" [*— Ada*](https://x.com/ada)", "[*— N*](U)", Inline);
    check_attribution(" *[-Ada.](https://x.com/ada)*", "*[-N](U)*", Inline);
    check_attribution(" — Ada", "— [N](U)", Inline);
    check_attribution(" — *Ada*", "— [*N*](U)", Inline);
    check_attribution("\n  — [Ada](https://x.com/ada)", "— [N](U)", Line);
    check_attribution("\n\n  — [Ada](https://x.com/ada)", "— [N](U)", Paragraph);
}

#[test]
fn sees_front_matter_names_and_titles() {
    let file = |month: &str, number: u32, name: &str| {
        format!(
            "---\ntitle: 'Letter {number}: {name}'\ndate: 2026-{month}-01T09:30:00Z\n\
             image: /{month}.png\nlayout: letter # ours\ntags:\n- t{month}\nslug: l{number}\n---\n\
             # {name} 2026\n\nHello.\n"
        )
    };
    let (newest, before) = (file("10", 12, "October"), file("09", 11, "September"));
    let style = style(&[("letter-012.md", &newest), ("letter-011.md", &before)]);
    assert_eq!(style.name, "letter-{number}");
    assert_eq!((style.number, style.digits), (13, 3));
    assert_eq!(style.title.as_deref(), Some("Letter {number}: {month}"));
    assert_eq!(style.top.as_deref(), Some("{month} {year}"));
    assert!(style.introduced);
    assert_eq!(style.front.form, FrontForm::Yaml);
    let values: Vec<(&str, &FrontValue)> = style
        .front
        .keys
        .iter()
        .map(|key| (key.key.as_str(), &key.value))
        .collect();
    assert_eq!(
        values,
        [
            ("title", &FrontValue::Title(Some('\''))),
            ("date", &FrontValue::Date("T09:30:00Z".to_owned(), None)),
            ("image", &FrontValue::Empty),
            (
                "layout",
                &FrontValue::Same("layout: letter # ours".to_owned())
            ),
            ("tags", &FrontValue::EmptyList),
            ("slug", &FrontValue::Slug(None)),
        ]
    );
}

#[test]
fn sees_subheadings_and_what_stands_under_them() {
    let file = "## Recommended Reading\n\n### Papers\n\n\
                - [A first title](https://arxiv.org/abs/2001.00001)\n  Good. - [Ada](https://x.com/ada)\n\n\
                ### To watch\n\n- [A second title](https://youtu.be/abcdefgh)\n  Good. - [Ben](https://x.com/ben)\n";
    let style = style(&[("2026-10-29.md", file)]);
    assert_eq!(style.heading, "## Recommended Reading");
    let groups: Vec<_> = style
        .groups
        .iter()
        .map(|group| (group.heading.as_str(), group.kinds.as_slice()))
        .collect();
    assert_eq!(
        groups,
        [
            ("### Papers", [(Kind::Paper, 1)].as_slice()),
            ("### To watch", [(Kind::Video, 1)].as_slice()),
        ]
    );
}

#[test]
fn takes_what_most_show() {
    let bullet = "## Recommended reading\n\n- [A first title](https://a.example/)\n  Good. - [Ada](https://x.com/ada)\n";
    let heading = "## Recommended reading\n\n### [A first title](https://a.example/)\n\nGood. - [Ada](https://x.com/ada)\n";
    let of = |files: &[(&str, &str)]| style(files).item.shape;
    let (newest, second, third) = ("2026-10-29.md", "2026-09-24.md", "2026-08-27.md");
    assert_eq!(
        of(&[(newest, heading), (second, bullet), (third, bullet)]),
        ItemShape::Bullet('-')
    );
    assert_eq!(
        of(&[(newest, heading), (second, bullet)]),
        ItemShape::Heading(3)
    );
}

#[test]
fn has_a_default() {
    assert_eq!(
        style(&[]),
        HouseStyle::without_issues("Recommended reading")
    );
}
