"""Damages feeds in one way at a time and compares what newsdesk reads with the undamaged feed.

Of each kind of damage it prints in how many feeds the entries, their titles, links, ids, instants,
texts and downloads stay as they were. Cuts must keep every entry that was complete. See README.md.
"""

import argparse
import json
import re
from pathlib import Path

from compare import inspect, words
from variants import Variant

HERE = Path(__file__).parents[2]


def once(old, new):
    """Another text at its first place; `None` where it has none."""
    return lambda source: source.replace(old, new, 1) if old in source else None


def every(pattern, new):
    def change(source):
        changed = re.sub(pattern, new, source)
        return changed if changed != source else None

    return change


def in_entry(old, new):
    """The same within the second entry, so that others stand before and after it."""

    def change(source):
        starts = [it.start() for it in re.finditer(rb"<(?:item|entry)[ >]", source)]
        if len(starts) < 2 or old not in source[starts[1]:]:
            return None
        return source[:starts[1]] + source[starts[1]:].replace(old, new, 1)

    return change


def as_encoding(encoding, declared):
    def change(source):
        text = re.sub(r"^<\?xml[^>]*\?>", "", source.decode())
        text = text.encode("ascii", "xmlcharrefreplace").decode() if encoding != "utf-8" else text
        text = text.replace("&#233;", "é")
        return f"<?xml version='1.0' encoding='{declared}'?>{text}".encode(encoding)

    return change


DAMAGE = {
    # Before and after the document.
    "blank lines before": lambda it: b"\n\n  " + it,
    "a warning before": lambda it: b"<br />\n<b>Warning</b>: include(x) in <b>/a.php</b> on line <b>3</b><br />\n" + it,
    "words before": lambda it: b"Notice: x\n" + it,
    "headers before": lambda it: b"HTTP/1.1 200 OK\r\nContent-Type: text/xml\r\n\r\n" + it,
    "a mark before": lambda it: b"\xef\xbb\xbf" + it,
    "two marks before": lambda it: b"\xef\xbb\xbf\xef\xbb\xbf" + it,
    "a comment before": lambda it: b"<!-- x -->" + it,
    "junk after": lambda it: it + b"<!-- cached --><script>x()</script>\0",
    "a page after": lambda it: it + b"<html><body>x</body></html>",
    "no declaration": every(rb"^<\?xml[^>]*\?>\s*", b""),
    "a page around": lambda it: b"<html><body>" + re.sub(rb"^<\?xml[^>]*\?>", b"", it) + b"</body></html>",
    # Characters.
    "a control character": in_entry(b"</title>", b"\x0b</title>"),
    "NUL": in_entry(b"</title>", b"\0</title>"),
    "a forbidden reference": in_entry(b"</title>", b"&#0;</title>"),
    "a forbidden reference in hexadecimal": in_entry(b"</title>", b"&#x1F;</title>"),
    "U+FFFF": in_entry(b"</title>", "\uffff</title>".encode()),
    "carriage returns": every(rb"\n", b"\r\n"),
    "old line ends": every(rb"\n", b"\r"),
    # Encodings.
    "declared Latin-1": every(rb"encoding=[\"']utf-8[\"']", b"encoding='iso-8859-1'"),
    "declared UTF-16": every(rb"encoding=[\"']utf-8[\"']", b"encoding='utf-16'"),
    "declared nonsense": every(rb"encoding=[\"']utf-8[\"']", b"encoding='foo'"),
    "Latin-1": as_encoding("iso-8859-1", "iso-8859-1"),
    "Latin-1 declared UTF-8": as_encoding("iso-8859-1", "utf-8"),
    "UTF-16": as_encoding("utf-16", "utf-16"),
    "UTF-16 without a mark": as_encoding("utf-16-le", "utf-16"),
    "UTF-32": as_encoding("utf-32", "utf-32"),
    # Structure.
    "the root not closed": every(rb"</(?:rss|feed|rdf:RDF)>\s*$", b""),
    "the channel not closed": once(b"</channel>", b""),
    "an entry not closed": every(rb"</(item|entry)>(?=\s*<(?:item|entry))", b""),
    "a title not closed": in_entry(b"</title>", b""),
    "a link not closed": in_entry(b"</link>", b""),
    "a stray end tag": in_entry(b"</title>", b"</title></b></foo>"),
    "crossed tags": in_entry(b"</title>", b"</title><b><i></b></i>"),
    "an end tag in another case": in_entry(b"</title>", b"</Title>"),
    "an end tag without a bracket": in_entry(b"</title>", b"</title"),
    "spaces in end tags": every(rb"</(title|link)>", rb"</\1 >"),
    "an undeclared prefix": in_entry(b"</title>", b"</title><foo:bar>x</foo:bar>"),
    "no names declared": every(rb"\sxmlns:\w+=(?:\"[^\"]*\"|'[^']*')", b""),
    "attributes without quotes": every(rb' (version|isPermaLink|type|length)="([^"\s]+)"', rb" \1=\2"),
    "attributes without a space": every(rb'" (type|length|href)=', rb'"\1='),
    "an attribute twice": every(rb' version="([^"]*)"(?=[^?>]*>)(?!\s*encoding)', rb' version="\1" version="\1"'),
    "a comment with dashes": in_entry(b"</title>", b"</title><!-- a -- b -->"),
    "a comment not closed": in_entry(b"</title>", b"</title><!-- a "),
    "no version": every(rb'(<rss[^>]*) version="[^"]*"', rb"\1"),
    # Entities and signs.
    "an HTML entity": in_entry(b"</title>", b"&nbsp;</title>"),
    "a stray ampersand": in_entry(b"</title>", b" & </title>"),
    "ampersands in addresses": every(rb"&amp;(?=\w+=)", b"&"),
    "a stray less-than sign": in_entry(b"</title>", b" < </title>"),
    "a document type": lambda it: re.sub(rb"^(<\?xml[^>]*\?>)?", rb'\1<!DOCTYPE rss [<!ENTITY a "b">]>', it, count=1),
    "a foreign instruction": in_entry(b"</title>", b"</title><?php x ?>"),
}
# What the damage itself adds to a title.
ADDED = re.compile(r"[&<\u00a0]")
FIELDS = ("title", "link", "id", "published", "updated", "summary", "content", "enclosures")


def understood(feed):
    def field(entry, name):
        value = entry[name]
        return ADDED.sub("", words(value)) if name in ("title", "summary", "content") else value

    return [[field(entry, name) for name in FIELDS] for entry in feed.get("entries", [])]


def complete(source):
    """How many entries have ended."""
    return len(re.findall(rb"</(?:item|entry)>", source))


def main():
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("feeds", nargs="*", type=Path, help="feeds in UTF-8 and RSS or Atom, instead of the sample's")
    arguments.add_argument("--program", default=HERE / "target/release/newsdesk")
    arguments.add_argument("--cuts", type=int, default=60, help="cuts of each feed")
    options = arguments.parse_args()
    program = str(Path(options.program).resolve())
    feeds = options.feeds or [*sorted((HERE / "feeds/sources").glob("*.xml")), HERE / "feeds/public/atom.xml",
                              HERE / "feeds/public/rss.xml"]
    sources = {feed: feed.read_bytes() for feed in feeds}
    # One of the sample is cut already.
    sources = {feed: it for feed, it in sources.items() if it.rstrip().endswith((b"</rss>", b"</feed>", b"</rdf:RDF>"))}

    documents = []
    for feed, source in sources.items():
        documents.append((feed, None, source))
        documents += [(feed, kind, it) for kind, damage in DAMAGE.items() if (it := damage(source)) is not None]
        places = [len(source) * cut // (options.cuts + 1) for cut in range(1, options.cuts + 1)]
        documents += [(feed, "cut", source[:at]) for at in places if complete(source[:at])]
    said = inspect(program, [Variant("damage", kind or "", source, {}) for _, kind, source in documents])
    whole = {feed: understood(it) for (feed, kind, _), it in zip(documents, said) if kind is None}

    same, total = {}, {}
    for (feed, kind, source), it in zip(documents, said):
        if kind is None:
            continue
        found, expected = understood(it), whole[feed]
        if kind == "cut":
            kept = complete(source)
            good = found[:kept] == expected[:kept]
        else:
            good = found == expected
        total[kind] = total.get(kind, 0) + 1
        same[kind] = same.get(kind, 0) + good
        if not good:
            lost = next((f"entry {at}, {name}: {b!r} for {a!r}" for at, (x, y) in enumerate(zip(expected, found))
                         for name, a, b in zip(FIELDS, x, y) if a != b), f"{len(found)} of {len(expected)} entries")
            print(f"{feed.name}, {kind}: {lost[:160]}")
    print("\n| damage | feeds | as before |\n| --- | --- | --- |")
    for kind in total:
        print(f"| {kind} | {total[kind]} | {same[kind]} |")
    print(f"| all | {sum(total.values())} | {sum(same.values())} |")


if __name__ == "__main__":
    main()
