use super::*;

fn file(path: &str, text: &str) -> File {
    File::new(PathBuf::from(path), text.to_owned(), None)
}

#[track_caller]
fn proposal(site: &[(&str, &str)], files: &[File]) -> Proposal {
    let told: Vec<(&str, String)> = site
        .iter()
        .map(|(path, text)| (*path, (*text).to_owned()))
        .collect();
    propose("letter", &site::read(&told), files).unwrap()
}

#[test]
fn takes_over_from_jekyll() {
    let found = proposal(
        &[(
            "_config.yml",
            "title: The Ferry\nurl: https://ferry.example\nbaseurl: /letters\npermalink: /:title/\ntimezone: Europe/Berlin\n",
        )],
        &[
            file("_posts/2020-05-01-one.md", "---\nlayout: post\n---\nText\n"),
            file("_posts/2020-06-01-two.md", "---\nlayout: post\n---\nText\n"),
            file("about.md", "---\ntitle: About\n---\n"),
        ],
    );
    assert_eq!(
        found.base_url.as_deref(),
        Some("https://ferry.example/letters/")
    );
    assert_eq!(found.authority, "ferry.example,2020");
    assert_eq!((found.url.as_str(), found.ids), ("{name}/", "jekyll"));
    assert_eq!(found.folder, Path::new("_posts"));
    assert_eq!(found.time_zone.as_deref(), Some("Europe/Berlin"));
    assert_eq!(found.exclude, [""; 0]);
}

#[test]
fn takes_over_from_hugo_zola_and_pelican() {
    let files = [
        file(
            "content/letter/2020-05-01-one.md",
            "+++\ndate = 2020-05-01\n+++\nText\n",
        ),
        file(
            "content/letter/2020-06-01-two.md",
            "+++\ndate = 2020-06-01\n+++\nText\n",
        ),
    ];
    let hugo = proposal(
        &[(
            "config.toml",
            "baseURL = \"https://a.example/\"\n[permalinks]\nletter = \"/:year/:slug/\"\n",
        )],
        &files,
    );
    assert_eq!(
        (hugo.url.as_str(), hugo.ids),
        ("{year}/{slug}/", "permalink")
    );
    let plain = proposal(
        &[("hugo.toml", "baseURL = \"https://a.example/\"\n")],
        &files,
    );
    assert_eq!(plain.url, "letter/{slug}/");
    let zola = proposal(
        &[("config.toml", "base_url = \"https://a.example\"\n")],
        &files,
    );
    assert_eq!(
        (zola.url.as_str(), zola.ids),
        ("letter/{name}/", "permalink")
    );
    let pelican = proposal(
        &[(
            "pelicanconf.py",
            "SITENAME = u'The Ferry'\nSITEURL = 'https://a.example'\nARTICLE_URL = 'blog/{date:%Y}/{date:%m}/{slug}/'\n",
        )],
        &files,
    );
    assert_eq!(
        (pelican.url.as_str(), pelican.ids),
        ("blog/{year}/{month}/{title-slug}/", "pelican")
    );
    assert_eq!(pelican.title, "The Ferry");
}

#[test]
fn notes_days_where_nothing_says_them() {
    let mut seen = file("docs/weekly/issue-2.md", "Text\n");
    seen.first_seen = chrono::NaiveDate::from_ymd_opt(2021, 3, 4);
    let found = proposal(
        &[],
        &[
            file("docs/weekly/2020/issue-1.md", "Text\n"),
            seen,
            file("docs/weekly/issue-3.md", "Text\n"),
        ],
    );
    let days: Vec<(&str, &str)> = found
        .dates
        .iter()
        .map(|(path, day)| (path.to_str().unwrap(), day.as_str()))
        .collect();
    assert_eq!(
        days,
        [
            ("docs/weekly/2020/issue-1.md", "2020-01-01"),
            ("docs/weekly/issue-2.md", "2021-03-04")
        ]
    );
    assert_eq!(found.exclude, ["issue-3.md"]);
    assert_eq!(found.notes.len(), 4, "{:?}", found.notes);
}

#[test]
fn leaves_pages_and_other_posts_out() {
    let mut files: Vec<File> = (1..=9)
        .map(|at| {
            file(
                &format!("content/blog/2020-0{at}-01-our-news-digest-{at}.md"),
                "---\ndate: 2020-01-01\n---\n",
            )
        })
        .collect();
    files.extend((1..=9).map(|at| {
        file(
            &format!(
                "content/blog/2020-0{at}-02-{}-post.md",
                ["a", "b", "c", "d", "e", "f", "g", "h", "i"][at - 1]
            ),
            "---\ndate: 2020-01-01\n---\n",
        )
    }));
    let found = proposal(&[], &files);
    assert_eq!(found.include, ["**/*our-news-digest*"]);
    let found = proposal(
        &[],
        &[
            file("2020-01-01.md", "Text\n"),
            file("2020-02-01.md", "Text\n"),
            file("privacy.md", "---\ndate: 2020-01-01\n---\n"),
        ],
    );
    assert_eq!(found.exclude, ["privacy.md"]);
}

#[test]
fn tells_names_and_languages() {
    let titles = ["The Ferry 12: Engines", "The Ferry 13: Looms", "Other"];
    assert_eq!(common_title(&titles, "x"), "The Ferry");
    assert_eq!(common_title(&["Issue 1", "Issue 2"], "x"), "x");
    assert_eq!(language(&["这里记录每周值得分享的科技内容 GitHub"]), "zh");
    assert_eq!(language(&["これは週刊のニュースです"]), "ja");
    assert_eq!(language(&["A weekly list"]), "en");
}

#[test]
fn finds_the_one_section_of_recommendations() {
    let named = "## News\n\nText\n\n## Recommended reading\n\n- [a](b)\n";
    assert_eq!(
        sections::choose(&[named, named]),
        Sections::named(["Recommended reading"])
    );
    assert_eq!(
        sections::choose(&["## Tools\n", "## Talks\n"]),
        Sections::All
    );
}
