use super::*;
use crate::feeds::sample::url;

#[track_caller]
fn check_relative(here: &str, target: &str, expected: &str) {
    let (here, target) = (url(here), url(target));
    let address = relative(&here, &target);
    assert_eq!(address, expected);
    assert_eq!(here.join(&address).unwrap(), target);
}

#[test]
fn links_pages_of_the_same_host_relative_to_each_other() {
    let base = "https://n.example/news/";
    check_relative("https://n.example/news/issues/7/", base, "../../");
    check_relative("https://n.example/news/feeds.html", base, "./");
    check_relative(base, "https://n.example/news/a:b/?c=d#e", "./a:b/?c=d#e");
    check_relative(base, base, "./");
    check_relative(base, "https://n.example/news//a", ".//a");
    check_relative(base, "https://n.example/news/issues/7/", "issues/7/");
    check_relative("https://n.example/", "https://n.example//a/", ".//a/");
    check_relative(base, "https://n.example/blog/7", "../blog/7");
    check_relative(base, "https://n.example/newsletter/", "../newsletter/");
    check_relative(base, "http://n.example/news/", "http://n.example/news/");
    check_relative(base, "https://m.example/news/", "https://m.example/news/");
    check_relative(base, "mailto:a@n.example", "mailto:a@n.example");
}

#[test]
fn links_the_files_of_the_front_page_s_folder() {
    assert_eq!(beside("./", "style.css"), "style.css");
    assert_eq!(beside("../../", "style.css"), "../../style.css");
}

#[test]
fn knows_which_languages_run_from_right_to_left() {
    for language in ["ar", "he", "fa-IR", "ur", "AR-eg", "az-Arab", "ks_Arab_IN"] {
        assert_eq!(direction(language), "rtl", "{language}");
    }
    for language in ["en", "de-AT", "ar-Latn", "", "ara-x", "pa-Guru"] {
        assert_eq!(direction(language), "ltr", "{language}");
    }
}

#[test]
fn writes_days_in_words_in_english_only() {
    let instant = DateTime::parse_from_rfc3339("2024-05-03T23:30:00-05:00").unwrap();
    assert_eq!(day(&instant, "en"), "3 May 2024");
    assert_eq!(day(&instant, "en-GB"), "3 May 2024");
    assert_eq!(day(&instant, "enm"), "2024-05-03");
    assert_eq!(day(&instant, "pt-BR"), "2024-05-03");
}

#[test]
fn names_the_newsletter_in_the_window_once() {
    let heading = Cow::Borrowed("Threads: May");
    assert_eq!(full_title(&heading, "Threads"), "Threads: May");
    assert_eq!(full_title(&heading, "Looms"), "Threads: May · Looms");
}

#[test]
fn cuts_descriptions_between_words() {
    assert_eq!(describe(" one\n two "), "one two");
    let long = "wörd ".repeat(100);
    let cut = describe(&long);
    assert!(cut.ends_with("wörd…"), "{cut}");
    assert!(cut.chars().count() <= DESCRIPTION + 1);
    assert_eq!(describe(&"é".repeat(300)).chars().count(), DESCRIPTION + 1);
}
