"""Compares what newsdesk and the Universal Feed Parser understand of the same feeds.

Reads the variants of `variants.py`, or the feeds of a folder; beside `feed.xml` may lie
`feed.xml.headers`, with headers of the answer that brought it. See README.md.
"""

import argparse
import calendar
import collections
import html
import io
import json
import re
import subprocess
import sys
import tempfile
from datetime import datetime
from pathlib import Path

import feedparser

from variants import Variant, variants

FIELDS = ("format", "entries", "head title", "head link", "title", "link", "id", "instant", "author", "text",
          "addresses in text", "enclosures")
TAG = re.compile(r"<(?:[a-zA-Z/!?][^>]*)>|<!--.*?-->", re.S)
# Of the elements that both keep, and of what both may keep: the rest is a matter of policy.
ADDRESS = re.compile(r"""<(?:a|img)\s[^>]*?\b(?:href|src)=["'](?!java|data)([^"']+)""")


# -- what both say, in one shape ------------------------------------------------------------------


def words(text):
    """The letters of a text, without markup, references and white space."""
    return re.sub(r"\s+", "", html.unescape(TAG.sub("", text or "")))


def addresses(text):
    return tuple(html.unescape(it) for it in ADDRESS.findall(text or ""))


def of_reference(variant):
    """`None` where it fails."""
    try:
        feed = feedparser.parse(io.BytesIO(variant.source), response_headers=variant.headers)
    except (ValueError, LookupError, AssertionError) as error:
        print(f"the reference fails: {variant.group}, {variant.name}: {error!r}", file=sys.stderr)
        return None
    return {
        "format": feed.version or None,
        "head title": words(feed.feed.get("title")),
        "head link": feed.feed.get("link") or "",
        "entries": [entry_of_reference(entry) for entry in feed.entries],
    }


def entry_of_reference(entry):
    content = entry.get("content") or [{}]
    text = content[0].get("value") or entry.get("summary") or ""
    # The dictionary answers with another date where it lacks one; these are those that it has.
    known = [dict.get(entry, f"{name}_parsed") for name in ("published", "updated", "created")]
    date = next((it for it in known if it), None)
    people = [it.get("name") or it.get("email") for it in entry.get("authors", [])]
    links = dict.get(entry, "links", [])
    return {
        "title": words(entry.get("title")),
        "link": entry.get("link") or "",
        "id": entry.get("id") or "",
        "instant": seconds(date),
        "author": tuple(words(it) for it in people if it),
        "text": words(text),
        "addresses in text": addresses(text),
        "enclosures": tuple(
            (it.get("href"), it.get("type") or None, number(it.get("length")))
            for it in links if it.get("rel") == "enclosure" and it.get("href")),
    }


def seconds(date):
    try:
        return calendar.timegm(date) if date else None
    except ValueError:  # the reference has years before the first
        return None


def number(length):
    return int(length) if length and length.strip().isdigit() else None


def of_newsdesk(feed):
    if "error" in feed:
        return {"format": None, "head title": "", "head link": "", "entries": []}
    return {
        "format": feed["format"],
        "head title": words(feed["title"]),
        "head link": feed["link"] or "",
        "entries": [entry_of_newsdesk(entry) for entry in feed["entries"]],
    }


def entry_of_newsdesk(entry):
    text = entry["content"] or entry["summary"]
    date = entry["published"] or entry["updated"]
    return {
        "title": words(entry["title"]),
        "link": entry["link"] or "",
        # Where a feed gives no id, ours is its link or a hash.
        "id": entry["id"],
        "instant": int(datetime.fromisoformat(date.replace("Z", "+00:00")).timestamp()) if date else None,
        "author": tuple(words(it) for it in entry["authors"]),
        "text": words(text),
        "addresses in text": addresses(text),
        "enclosures": tuple((it["url"], it["type"], it["length"]) for it in entry["enclosures"]),
    }


# -- differences ------------------------------------------------------------------------------------


class Difference(collections.namedtuple("Difference", "field theirs ours")):
    @property
    def kind(self):
        """Whether ours says something else, less, or more than the reference."""
        if not self.theirs:
            return "more"
        return "other" if self.ours else "less"


def differences(theirs, ours):
    if theirs["format"] != ours["format"]:
        yield Difference("format", theirs["format"], ours["format"])
    for field in ("head title", "head link"):
        if theirs[field] != ours[field]:
            yield Difference(field, theirs[field], ours[field])
    if len(theirs["entries"]) != len(ours["entries"]):
        yield Difference("entries", len(theirs["entries"]), len(ours["entries"]))
        return
    for their, our in zip(theirs["entries"], ours["entries"]):
        if not their["id"] and our["id"] in (our["link"], "") or our["id"].startswith("hash:"):
            our["id"] = ""
        for field in their:
            if their[field] != our[field]:
                yield Difference(field, their[field], our[field])


# -- running ------------------------------------------------------------------------------------------


def inspect(program, chosen):
    """What newsdesk says of each of them, in their order."""
    said = [None] * len(chosen)
    alike = collections.defaultdict(list)
    with tempfile.TemporaryDirectory() as folder:
        for number, variant in enumerate(chosen):
            (Path(folder) / str(number)).write_bytes(variant.source)
            alike[tuple(variant.headers.items())].append(number)
        for headers, numbers in alike.items():
            flags = [it for name, value in headers for it in ("--header", f"{name}: {value}")]
            for start in range(0, len(numbers), 500):
                # With one file the name is left out, so there is always a second.
                files = [str(number) for number in numbers[start:start + 500]]
                command = [program, "inspect", "--json", *flags, *files, files[0]]
                lines = subprocess.run(command, cwd=folder, stdout=subprocess.PIPE).stdout.splitlines()
                for file, line in zip(files, lines):
                    said[int(file)] = json.loads(line)
    return said


def in_folder(folder):
    for path in sorted(it for it in Path(folder).rglob("*") if it.is_file() and it.suffix != ".headers"):
        beside = path.with_name(path.name + ".headers")
        lines = beside.read_text().splitlines() if beside.exists() else []
        headers = {name.strip().lower(): value.strip() for name, _, value in (it.partition(":") for it in lines)}
        yield Variant(path.parent.name, path.name, path.read_bytes(), headers)


def row(name, total, same, more):
    return f"| {name} | {total} | {100 * same / total:.1f} % | {100 * more / total:.1f} % |"


def main():
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("folder", nargs="?", help="feeds to compare on, instead of the variants")
    arguments.add_argument("--program", default=Path(__file__).parents[2] / "target/release/newsdesk")
    arguments.add_argument("--group", default="", help="only groups whose name contains this")
    arguments.add_argument("--differences", metavar="FILE", help="write every difference to a file")
    options = arguments.parse_args()
    program = str(Path(options.program).resolve())
    chosen = in_folder(options.folder) if options.folder else variants()
    chosen = [it for it in chosen if options.group in it.group]

    totals, fields = collections.defaultdict(lambda: [0, 0, 0]), collections.Counter()
    lines = []
    for variant, said in zip(chosen, inspect(program, chosen)):
        theirs = of_reference(variant)
        if theirs is None:
            continue
        found = list(differences(theirs, of_newsdesk(said)))
        substance = [it for it in found if it.kind != "more"]
        for group in (variant.group, "all"):
            totals[group][0] += 1
            totals[group][1] += not found
            totals[group][2] += not substance
        fields.update({(it.field, it.kind) for it in found})
        lines += [f"{variant.group}\t{variant.name}\t{it.field}\t{it.kind}\t{it.theirs!r}\t{it.ours!r}" for it in found]
    if options.differences:
        Path(options.differences).write_text("".join(f"{line}\n" for line in lines))

    print("| variants | number | the same | or more |\n| --- | --- | --- | --- |")
    whole = totals.pop("all")
    for group, counts in totals.items():
        print(row(group, *counts))
    print(row("all", *whole))
    print("\n| differences in | other | less | more |\n| --- | --- | --- | --- |")
    for field in FIELDS:
        print(f"| {field} | " + " | ".join(str(fields[field, kind]) for kind in ("other", "less", "more")) + " |")


if __name__ == "__main__":
    main()
