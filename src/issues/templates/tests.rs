use super::*;

#[track_caller]
fn check(file: &str, expected: &str, unknown: &[&str]) {
    let plain = read(file, 0..file.len());
    assert_eq!(plain.text.len(), file.len(), "places stay");
    // How much is blank does not matter, but where lines end.
    let squeezed = |text: &str| {
        let line = |line: &str| line.split_whitespace().collect::<Vec<_>>().join(" ");
        text.lines().map(line).collect::<Vec<_>>().join("\n")
    };
    assert_eq!(squeezed(&plain.text), squeezed(expected));
    let said: Vec<&str> = plain
        .unknown
        .iter()
        .map(|(_, said)| said.as_str())
        .collect();
    assert_eq!(said, unknown);
}

#[test]
fn makes_code_of_highlighted_lines() {
    check(
        "{% highlight swift linenos %}\nfunc f() {\n  {{ x }} {% if %}\n}\n{% endhighlight %}\n",
        "~~~~swift\nfunc f() {\n  {{ x }} {% if %}\n}\n~~~~\n",
        &[],
    );
    check(
        "{{< highlight go >}}\na\n{{< /highlight >}}\n",
        "~~~~go\na\n~~~~\n",
        &[],
    );
    check(
        "{{< highlight go >}}\na\n{{< / highlight >}}\n",
        "~~~~go\na\n{{< / highlight >}}",
        &[],
    );
}

#[test]
fn leaves_out_what_is_hidden() {
    check(
        "a\n{% comment %}\nb\n{% endcomment %}\nc\n",
        "a\n\n\n\nc\n",
        &[],
    );
    check("{% assign x = 1 %}\n[a]: /b\n", "\n[a]: /b\n", &[]);
    check("{% raw %}\n{{ x }}\n{% endraw %}\n", "\n{{ x }}\n\n", &[]);
}

#[test]
fn tells_what_only_its_own_tool_fills_in() {
    check(
        "Text {% include sponsor.html %} here.\n",
        "Text                            here.\n",
        &["{% include sponsor.html %}"],
    );
    check("{{< youtube a1 >}}\n", "\n", &["{{< youtube a1 >}}"]);
    check(
        "{{ youtube(id=\"a1\") }}\n",
        "\n",
        &["{{ youtube(id=\"a1\") }}"],
    );
    check("{% note() %}\na\n{% end %}\n", "\na\n\n", &["{% note() %}"]);
    check("{% if a %}b{% endif %}\n", "          b\n", &["{% if a %}"]);
    check("{{ site.title }}\n", "\n", &["{{ site.title }}"]);
}

#[test]
fn shows_the_pictures_of_figures() {
    check(
        "{{< figure src=\"a.png\" caption=\"Old engines\" >}}\n",
        "<img src=\"a.png\" alt=\"Old engines\">\n",
        &[],
    );
    check(
        "{% include image.html url=\"/b.png\" %}\n",
        "<img src=\"/b.png\">\n",
        &[],
    );
    check(
        "{% include figure.html %}\n",
        "\n",
        &["{% include figure.html %}"],
    );
}

#[test]
fn takes_attributes_away() {
    check("Note\n{: .note #own}\n", "Note\n\n", &[]);
    check(
        "[a](b){:target=\"_blank\"}.\n",
        "[a](b)<!--             -->.\n",
        &[],
    );
    check("a {: b\n", "a {: b\n", &[]);
}

#[test]
fn keeps_what_others_fill_in_and_what_is_code() {
    let merge = "Dear {{ name }}, {{.Subscriber.Name}} {{ unsubscribe_url | safe }} *|NAME|*\n";
    check(merge, merge, &[]);
    check(
        "`{% raw %}` and ``{{< a >}}``\n",
        "`{% raw %}` and ``{{< a >}}``\n",
        &[],
    );
    let fenced = "```\n{% include a %}\n```\n";
    check(fenced, fenced, &[]);
    let shown = "{{</* a */>}}\n";
    check(shown, shown, &[]);
}

#[test]
fn shortens_addresses_of_the_site() {
    check(
        "[a]({{ site.baseurl }}/b/) c\n",
        "[a](/b/)                     c\n",
        &[],
    );
    check(
        "[a]({{ \"/b/\" | relative_url }}) c\n",
        "[a](/b/)                         c\n",
        &[],
    );
    let unknown = "[a]({{bse}}123) c\n";
    check(unknown, unknown, &[]);
}

#[test]
fn ends_whatever_it_is_given() {
    for text in [
        "{%",
        "{{<",
        "{{",
        "{:",
        "{",
        "{% raw",
        "{{< highlight x >}}\nä",
        "{% comment %}ä{%",
    ] {
        let plain = read(text, 0..text.len());
        assert_eq!(plain.text.len(), text.len());
    }
    let many = "{% if ".repeat(2_000);
    assert_eq!(read(&many, 0..many.len()).unknown, []);
}
