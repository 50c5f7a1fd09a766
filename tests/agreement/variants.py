"""Variants of feeds: one small document for each feature, in each dialect that has it.

`variants()` gives them; run as a program, it writes them to a folder, each with its headers beside
it where it has some.
"""

import base64
import html.entities
import sys
import zlib
from pathlib import Path
from typing import NamedTuple
from xml.sax.saxutils import escape


class Variant(NamedTuple):
    group: str
    name: str
    source: bytes
    headers: dict


# -- dialects ---------------------------------------------------------------------------------

NAMESPACES = {
    "dc": "http://purl.org/dc/elements/1.1/",
    "dcterms": "http://purl.org/dc/terms/",
    "content": "http://purl.org/rss/1.0/modules/content/",
    "xhtml": "http://www.w3.org/1999/xhtml",
    "itunes": "http://www.itunes.com/DTDs/PodCast-1.0.dtd",
    "media": "http://search.yahoo.com/mrss/",
    "sy": "http://purl.org/rss/1.0/modules/syndication/",
    "atom": "http://www.w3.org/2005/Atom",
}
RDF = 'xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"'
NETSCAPE = (
    '<!DOCTYPE rss PUBLIC "-//Netscape Communications//DTD RSS 0.91//EN" '
    '"http://my.netscape.com/publish/formats/rss-0.91.dtd">\n'
)

# A document with what stands in its head and what stands in its entry.
IN_CHANNEL = "<channel>{head}<item>{entry}</item></channel>"
BESIDE_CHANNEL = "<channel>{head}</channel><item>{entry}</item>"
IN_FEED = "{head}<entry>{entry}</entry>"
DIALECTS = {
    "rss": "<rss>" + IN_CHANNEL + "</rss>",
    "rss091": '<rss version="0.91">' + IN_CHANNEL + "</rss>",
    "rss091n": NETSCAPE + '<rss version="0.91">' + IN_CHANNEL + "</rss>",
    "rss092": '<rss version="0.92">' + IN_CHANNEL + "</rss>",
    "rss093": '<rss version="0.93">' + IN_CHANNEL + "</rss>",
    "rss094": '<rss version="0.94">' + IN_CHANNEL + "</rss>",
    "rss20": '<rss version="2.0">' + IN_CHANNEL + "</rss>",
    "rss090": f'<rdf:RDF {RDF} xmlns="http://my.netscape.com/rdf/simple/0.9/">' + BESIDE_CHANNEL + "</rdf:RDF>",
    "rss10": f'<rdf:RDF {RDF} xmlns="http://purl.org/rss/1.0/">' + BESIDE_CHANNEL + "</rdf:RDF>",
    "atom01": '<feed version="0.1" xmlns="http://example.com/newformat#">' + IN_FEED + "</feed>",
    "atom02": '<feed version="0.2" xmlns="http://purl.org/atom/ns#">' + IN_FEED + "</feed>",
    "atom03": '<feed version="0.3" xmlns="http://purl.org/atom/ns#">' + IN_FEED + "</feed>",
    "atom10": '<feed xmlns="http://www.w3.org/2005/Atom">' + IN_FEED + "</feed>",
}
RSS = ["rss20", "rss10"]
ATOM = ["atom03", "atom10"]


def document(dialect, head="", entry="", root=""):
    """A document of a dialect; `root` are attributes of its root."""
    used = [prefix for prefix in NAMESPACES if f"<{prefix}:" in head + entry]
    declared = "".join(f' xmlns:{prefix}="{NAMESPACES[prefix]}"' for prefix in used)
    source = DIALECTS[dialect].format(head=head, entry=entry)
    for name in ("<rss", "<rdf:RDF", "<feed"):
        source = source.replace(name, name + declared + root, 1)
    return source


def places(dialect, what, root=""):
    """The same in the head and in the entry."""
    yield "head", document(dialect, head=what, root=root)
    yield "entry", document(dialect, entry=what, root=root)


# -- what stands in elements --------------------------------------------------------------------

# The same words in all the ways in which a text can be written.
MARKUP = "Tides <em>rise</em> &amp; fall"
TEXTS = {
    "plain": "Tides rise",
    "spaces": "\n  Tides\n  rise  \n",
    "escaped": escape(MARKUP),
    "escaped_twice": escape(escape(MARKUP)),
    "escaped_paragraphs": escape("<p>Tides rise</p>\n<p>and fall</p>"),
    "escaped_break": escape("Tides<br />rise"),
    "escaped_one_tag": escape("Tides <em> rise"),
    "reference_decimal": "Tides &#38;amp; &#8217;s",
    "reference_hexadecimal": "Tides &#x2019;s",
    "reference_predefined": "a &lt; b &gt; c &quot;d&quot; &apos;e&apos;",
    "ampersand": "Tides &amp; moons",
    "ampersand_twice": "Tides &amp;amp; moons",
    "less_than": "1 &lt; 2",
    "unknown_element": "a &lt;moon&gt; b",
    "cdata": f"<![CDATA[{MARKUP}]]>",
    "cdata_plain": "<![CDATA[Tides rise]]>",
    "cdata_less_than": "<![CDATA[1 < 2]]>",
    "cdata_pieces": "<![CDATA[Tides]]> <![CDATA[<em>rise</em>]]>",
    "cdata_escaped": f"<![CDATA[{escape(MARKUP)}]]>",
    "naked": "Tides <em>rise</em>",
    "naked_paragraphs": "<p>Tides rise</p><p>and fall</p>",
    "naked_image": '<p>Tides <img src="http://example.org/t.png" alt="t"/></p>',
    "div": '<div xmlns="http://www.w3.org/1999/xhtml">Tides <b>rise</b></div>',
    "two_divs": '<div xmlns="http://www.w3.org/1999/xhtml">a</div><div xmlns="http://www.w3.org/1999/xhtml">b</div>',
    "nested_divs": '<div xmlns="http://www.w3.org/1999/xhtml"><div>a</div><div>b</div></div>',
    "prefixed_div": "<xhtml:div>Tides <xhtml:b>rise</xhtml:b></xhtml:div>",
    "comment": "Tides<!-- no --> rise",
    "letters": "Größe, été, Привет, 日本",
    "empty": "",
}
TYPES = {
    "none": "",
    "text": ' type="text"',
    "plain": ' type="text/plain"',
    "html": ' type="html"',
    "text_html": ' type="text/html"',
    "xhtml": ' type="xhtml"',
    "application_xhtml": ' type="application/xhtml+xml"',
    "upper_case": ' type="HTML"',
    "escaped": ' type="text/html" mode="escaped"',
    "xml": ' type="application/xhtml+xml" mode="xml"',
    "application_xml": ' type="application/xml"',
}


def texts():
    # In Atom a type says what a text is; not every pair is worth a document.
    usual = ["plain", "escaped", "cdata", "naked", "div", "ampersand_twice", "less_than"]
    for dialect in ATOM:
        for element in ("title", "summary", "content"):
            for text, value in TEXTS.items():
                for kind in ("none", "text", "html", "xhtml") if text in usual else ("none", "html", "xhtml"):
                    what = f"<{element}{TYPES[kind]}>{value}</{element}>"
                    yield f"{dialect}_{element}_{text}_{kind}", document(dialect, entry=what)
            for kind, attributes in TYPES.items():
                what = f"<{element}{attributes}>{TEXTS['escaped']}</{element}>"
                yield f"{dialect}_{element}_type_{kind}", document(dialect, entry=what)
            for kind in (' type="text/html"', "", ' type="application/octet-stream"'):
                packed = base64.b64encode(MARKUP.encode()).decode()
                what = f'<{element}{kind} mode="base64">\n{packed}\n</{element}>'
                yield f"{dialect}_{element}_base64{len(kind)}", document(dialect, entry=what)
        for text, value in TEXTS.items():
            for kind in ("none", "html"):
                yield f"{dialect}_head_{text}_{kind}", document(dialect, head=f"<title{TYPES[kind]}>{value}</title>")
    for dialect, elements in {
        "rss20": ["title", "description", "content:encoded", "xhtml:body", "body", "fullitem", "summary",
                  "dc:description", "dc:title", "itunes:summary", "media:description", "media:title"],
        "rss10": ["title", "description", "content:encoded"],
        "rss091": ["title", "description"],
        "rss090": ["title"],
    }.items():
        for element in elements:
            for text, value in TEXTS.items():
                if text in usual or element in ("title", "description", "content:encoded"):
                    what = f"<{element}>{value}</{element}>"
                    yield f"{dialect}_{element}_{text}", document(dialect, entry=what)
        for text, value in TEXTS.items():
            yield f"{dialect}_head_{text}", document(dialect, head=f"<title>{value}</title>")


def several_texts():
    """Which of two texts counts, as summary and as content."""
    names = ["description", "content:encoded", "dc:description", "itunes:summary", "summary", "xhtml:body",
             "media:description"]
    for first in names:
        for second in names:
            what = f"<{first}>first</{first}><{second}>second</{second}>"
            yield f"rss_{first}_{second}", document("rss20", entry=what)
    for first in ("summary", "content"):
        for second in ("summary", "content", "atom:summary"):
            for dialect in ATOM:
                what = f"<{first}>first</{first}><{second}>second</{second}>"
                yield f"{dialect}_{first}_{second}", document(dialect, entry=what)
    for first, second in [("title", "dc:title"), ("dc:title", "title"), ("title", "media:title"),
                          ("media:title", "title"), ("title", "title")]:
        for dialect in RSS + ATOM:
            what = f"<{first}>first</{first}><{second}>second</{second}>"
            yield f"{dialect}_{first}_{second}", document(dialect, entry=what)
    for inner in ("title", "description", "link", "guid", "pubDate", "author"):
        nested = f"<image><url>http://example.org/i.png</url><{inner}>inner</{inner}></image>"
        yield f"image_before_{inner}", document("rss20", head=f"{nested}<{inner}>outer</{inner}>")
        yield f"image_after_{inner}", document("rss20", head=f"<{inner}>outer</{inner}>{nested}")
        nested = nested.replace("image", "textInput")
        yield f"input_before_{inner}", document("rss20", head=f"{nested}<{inner}>outer</{inner}>")
    group = "<media:group><media:title>inner</media:title><media:description>inner</media:description></media:group>"
    for dialect in ("rss20", "atom10"):
        what = "<title>outer</title><description>outer</description>"
        yield f"{dialect}_media_group_after", document(dialect, entry=what + group)
        yield f"{dialect}_media_group_before", document(dialect, entry=group + what)
        yield f"{dialect}_media_group_alone", document(dialect, entry=group)
    for dialect in ATOM:
        inner = "<source><title>inner</title><id>tag:example.org,2026:i</id><link href='http://example.org/i'/>"
        inner += "<author><name>Inner</name></author><updated>2020-01-01T00:00:00Z</updated></source>"
        outer = "<title>outer</title><link href='http://example.org/o'/><id>tag:example.org,2026:o</id>"
        yield f"{dialect}_source_after", document(dialect, entry=outer + inner)
        yield f"{dialect}_source_before", document(dialect, entry=inner + outer)
    yield "rss_source", document("rss20", entry="<title>a</title><source url='http://example.org/s'>Source</source>")
    yield "content_elsewhere", document("atom10", entry="<content type='image/png' src='http://example.org/c.png'/>")


# -- dates --------------------------------------------------------------------------------------

DATES = """
Thu, 01 Jan 2004 19:48:21 GMT|Thu, 01 Jan 2004 19:48:21 +0000|Thu, 1 Jan 2004 19:48:21 GMT
01 Jan 2004 19:48:21 GMT|Thu, 01 Jan 04 19:48:21 GMT|Thu, 01 Jan 2004 19:48 GMT|Thu, 01 Jan 2004
Thu, 01 Jan 2004 19:48:21 EST|Thu, 01 Jan 2004 19:48:21 EDT|Thu, 01 Jan 2004 19:48:21 CST
Thu, 01 Jan 2004 19:48:21 PDT|Thu, 01 Jan 2004 19:48:21 MST|Thu, 01 Jan 2004 19:48:21 UT
Thu, 01 Jan 2004 19:48:21 Z|Thu, 01 Jan 2004 19:48:21 A|Thu, 01 Jan 2004 19:48:21 -0500
Thu, 01 Jan 2004 19:48:21 +0530|Thu, 01 Jan 2004 19:48:21|Thu,01 Jan 2004 19:48:21 GMT
Mon, 01 Jan 2004 19:48:21 GMT|Thursday, 01 January 2004 19:48:21 GMT|Thu, 01 January 2004 19:48:21 GMT
Thu Jan  1 19:48:21 2004|Thu Jan 1 19:48:21 GMT 2004|Thu, Jan 01 2004 19:48:21 GMT
Jan 1, 2004 7:48 PM|Thu, 01 Jan 2004 7:48:21 GMT|Thu, 01 Jan 2004 24:00:00 GMT
Thu 01 Jan 2004 19:48:21 GMT|thu, 01 jan 2004 19:48:21 gmt|Thu, 01-Jan-2004 19:48:21 GMT
Thu, 01 Jan 2004 19:48:21 Etc/GMT|Thu, 01 Jan 2004 19:48:21 GMT+1|Sat, 31 Feb 2004 19:48:21 GMT
Sun, 29 Feb 2004 12:00:00 GMT|Thu, 31 Jun 2004 19:48:21 GMT|Thu, 01 Jan 1970 00:00:00 GMT
Thu, 01 Jan 2004 19:48:61 GMT|Thu, 01 Jan 100 00:00:00 GMT|Thu, 01 Jan 2004 19:48:21 -05:00
2003-12-31T10:14:55Z|2003-12-31T10:14:55+00:00|2003-12-31T10:14:55-08:00|2003-12-31T18:14:55+08:00
2003-12-31T10:14:55.5Z|2003-12-31T10:14:55.123456Z|2003-12-31T10:14Z|2003-12-31T10:14:55
2003-12-31 10:14:55Z|2003-12-31 10:14:55|2003-12-31 10:14:55 +0200|2003-12-31|2003-12|2003
20031231|200312|031231|03-12-31|03-12|2003-335|2003335|03335|--12|--1231|---31|-0312
2003-W52-3|2003-W01|2003-12-31T10:14:55-0800|20031231T101455Z|20031231T10:14:55Z
2003-12-31T24:00:00Z|2003-12-31T25:14:55Z|2003-13-31T10:14:55Z|2003-12-31t10:14:55z
2003-12-31T10Z|2004-02-29T10:14:55Z|2003-02-29T10:14:55Z|2003-12-31T10:14:55.52-08:00
2004-07-08 23:56:58.0|2004/07/08 23:56:58 EST|2004-07-08T23:56:58|1073000901|12/31/2003|31.12.2003
Fri, 2006/09/15 08:19:53 EDT|Wed, 2004/01/07 10:14:55 PST|yesterday|soon|0000-00-00|
2004\ub144 05\uc6d4 28\uc77c  \uc624\uc804 01:31:15|2004\ub144 05\uc6d4 28\uc77c  \uc624\ud6c4 01:31:15
2004-05-25 \uc624\ud6c4 11:23:17|2004-05-25 \uc624\uc804 11:23:17
2004-07-08 23:56:58|\u039a\u03c5\u03c1, 11 \u0399\u03bf\u03cd\u03bb 2004 12:00:00 EST
\u03a4\u03b5\u03c4, 07 \u0399\u03b1\u03bd 2004 10:14:55 GMT|\u03a3\u03b1\u03b2, 10 \u0391\u03c0\u03c1 2004 10:14:55 EST
2004-j\u00falius-13T9:15-05:00|2004-janu\u00e1r-01T10:14Z|2004-m\u00e1jus-7T22:05+02:00
""".replace("\n", "|")
DATE_ELEMENTS = {
    "rss20": ["pubDate", "dc:date", "dcterms:issued", "dcterms:created", "dcterms:modified", "published", "updated",
              "issued", "modified", "created", "expirationDate", "lastBuildDate", "atom:updated", "atom:published"],
    "rss10": ["dc:date", "dcterms:issued", "dcterms:created", "dcterms:modified", "pubDate"],
    "atom03": ["issued", "modified", "created", "dc:date", "dcterms:issued"],
    "atom10": ["published", "updated", "dc:date", "dcterms:created"],
}


def dates():
    for number, date in enumerate(it for it in DATES.split("|") if it):
        yield f"rfc822_{number:03}", document("rss20", entry=f"<pubDate>{date}</pubDate>")
        yield f"w3c_{number:03}", document("atom10", entry=f"<updated>{date}</updated>")
    for dialect, elements in DATE_ELEMENTS.items():
        for element in elements:
            for date in ("Thu, 01 Jan 2004 19:48:21 GMT", "2004-01-01T19:48:21Z"):
                for place, source in places(dialect, f"<{element}>{date}</{element}>"):
                    yield f"{dialect}_{place}_{element}_{date[:3]}", source
            for other in elements:
                if other != element and dialect != "rss20":
                    what = f"<{element}>2004-01-01T19:48:21Z</{element}><{other}>2005-01-01T19:48:21Z</{other}>"
                    yield f"{dialect}_{element}_and_{other}", document(dialect, entry=what)


# -- people -------------------------------------------------------------------------------------

AUTHORS = {
    "name": "Ada Lovelace",
    "mail": "ada@example.org",
    "mail_name": "ada@example.org (Ada Lovelace)",
    "name_mail": "Ada Lovelace &lt;ada@example.org&gt;",
    "name_in_brackets": "Ada Lovelace (ada@example.org)",
    "mail_in_brackets": "&lt;ada@example.org&gt;",
    "empty_brackets": "ada@example.org ()",
    "spaces": "\n Ada Lovelace\n",
    "cdata": "<![CDATA[Ada Lovelace]]>",
    "markup": "&lt;b&gt;Ada&lt;/b&gt;",
    "quotes": '"Ada" &lt;ada@example.org&gt;',
    "subject": "ada@example.org?subject=Tides (Ada)",
    "letters": "Zoë Größe",
    "two": "Ada Lovelace, Mary Somerville",
    "empty": "",
}
PEOPLE = {
    "name": "<name>Ada</name>",
    "mail": "<email>ada@example.org</email>",
    "both": "<name>Ada</name><email>ada@example.org</email>",
    "turned": "<email>ada@example.org</email><name>Ada</name>",
    "uri": "<name>Ada</name><uri>http://example.org/ada</uri>",
    "url": "<name>Ada</name><url>http://example.org/ada</url>",
    "homepage": "<name>Ada</name><homepage>http://example.org/ada</homepage>",
    "relative": '<name>Ada</name><uri xml:base="http://example.org/">ada</uri>',
    "all": "<name>Ada</name><uri>http://example.org/ada</uri><email>ada@example.org</email>",
    "uri_alone": "<uri>http://example.org/ada</uri>",
    "words": "Ada Lovelace",
}


def authors():
    for dialect in RSS:
        for element in ("author", "managingEditor", "dc:creator", "dc:author", "itunes:author", "webMaster",
                        "dc:publisher", "dc:contributor"):
            for form, value in AUTHORS.items():
                if dialect == "rss20" and element in ("author", "dc:creator") or form in ("name", "mail_name"):
                    for place, source in places(dialect, f"<{element}>{value}</{element}>"):
                        yield f"{dialect}_{place}_{element}_{form}", source
    for dialect in ["atom01", "atom02"] + ATOM + ["rss20"]:
        for element in ("author", "contributor", "itunes:owner", "atom:author"):
            for form, value in PEOPLE.items():
                if dialect in ATOM and element == "author" or form in ("both", "name"):
                    for place, source in places(dialect, f"<{element}>{value}</{element}>"):
                        yield f"{dialect}_{place}_{element}_{form}", source
        what = "<author><name>Ada</name></author><author><name>Mary</name></author>"
        yield f"{dialect}_several", document(dialect, entry=what)
        what = "<author><name>Ada</name></author>"
        yield f"{dialect}_of_feed_alone", document(dialect, head=what, entry="<title>a</title>")
    for first, second in [("author", "dc:creator"), ("dc:creator", "author"), ("author", "itunes:author")]:
        what = f"<{first}>Ada</{first}><{second}>Mary</{second}>"
        yield f"rss_{first}_{second}", document("rss20", entry=what)
    yield "rss_creators", document("rss20", entry="<dc:creator>Ada</dc:creator><dc:creator>Mary</dc:creator>")


# -- links and ids ------------------------------------------------------------------------------

RELATIONS = ["", ' rel="alternate"', ' rel="self"', ' rel="related"', ' rel="via"', ' rel="enclosure"',
             ' rel="service.edit"', ' rel="license"', ' rel="next"', ' rel="http://example.org/rel"',
             ' rel="ALTERNATE"', ' rel="replies"']
LINK_TYPES = ["", ' type="text/html"', ' type="application/xhtml+xml"', ' type="text/plain"',
              ' type="application/atom+xml"', ' type="audio/mpeg"', ' type="html"', ' type="application/pdf"']
LINKS = {
    "absolute": "http://example.org/a",
    "https": "https://example.org/a",
    "query": "http://example.org/?a=1&amp;b=2",
    "query_entity": "http://example.org/?a=1&amp;copy=2",
    "fragment": "http://example.org/a#b",
    "host": "http://example.org",
    "upper_case": "HTTP://Example.org/A",
    "spaces": " http://example.org/a\n",
    "space_inside": "http://example.org/a b",
    "cdata": "<![CDATA[http://example.org/?a=1&b=2]]>",
    "relative": "a/b",
    "relative_rooted": "/a/b",
    "relative_scheme": "//example.org/a",
    "relative_query": "?a=1",
    "letters": "http://example.org/größe",
    "letters_in_host": "http://größe.example/",
    "mailto": "mailto:ada@example.org",
    "ftp": "ftp://example.org/a",
    "script": "javascript:alert(1)",
    "urn": "urn:x:1",
    "slashes": "http:///example.org/a",
    "dots": "http://example.org/a/../b",
    "port": "http://example.org:80/a",
    "user": "http://ada@example.org/a",
    "bad_host": "http://[example.org/",
    "empty": "",
}


def links():
    for dialect in RSS + ["rss091", "rss090"]:
        for form, value in LINKS.items():
            for place, source in places(dialect, f"<link>{value}</link>"):
                yield f"{dialect}_{place}_{form}", source
    for dialect in ATOM:
        for form, value in LINKS.items():
            if "CDATA" not in value:
                for place, source in places(dialect, f'<link href="{value}"/>'):
                    yield f"{dialect}_{place}_{form}", source
        for relation in RELATIONS:
            for kind in LINK_TYPES:
                what = f'<link href="http://example.org/a"{relation}{kind}/>'
                name = f"{dialect}_{relation[6:-1].replace(':', '').replace('/', '')}_{kind[7:-1].replace('/', '_')}"
                yield name, document(dialect, entry=what)
                if kind in ("", ' type="text/html"'):
                    yield name + "_head", document(dialect, head=what)
        two = '<link href="http://example.org/1"{}/><link href="http://example.org/2"{}/>'
        for number, pair in enumerate([("", ""), (' rel="self"', ""), ("", ' rel="self"'),
                                       (' rel="alternate" type="text/html"', ' rel="alternate" type="text/plain"'),
                                       (' rel="related"', ' rel="via"')]):
            yield f"{dialect}_two_{number}", document(dialect, entry=two.format(*pair))
        yield f"{dialect}_as_text", document(dialect, entry="<link>http://example.org/a</link>")
        yield f"{dialect}_without_address", document(dialect, entry="<link rel='alternate'/>")
    for what in ('<atom:link href="http://example.org/a"/>', '<atom:link rel="self" href="http://example.org/a"/>',
                 '<link href="http://example.org/a"/>', '<link url="http://example.org/a"/>',
                 '<link>http://example.org/1</link><atom:link href="http://example.org/2"/>',
                 '<link>http://example.org/1</link><atom:link rel="self" href="http://example.org/2"/>',
                 '<atom:link href="http://example.org/2"/><link>http://example.org/1</link>',
                 '<link>http://example.org/1</link><link>http://example.org/2</link>',
                 "<comments>http://example.org/c</comments>", "<link/><title>a</title>"):
        for place, source in places("rss20", what):
            yield f"rss_{place}_{hash_of(what):08x}", source


def hash_of(text):
    """A number that is the same in every run."""
    return zlib.crc32(text.encode())


def ids():
    values = ["http://example.org/a", "tag:example.org,2026:a", "urn:uuid:60a76c80-d399-11d9-b93c-0003939e0af6", "a",
              "1234", "/a", " http://example.org/a ", "http://example.org/?a=1&amp;b=2", ""]
    for number, value in enumerate(values):
        for permalink in ("", ' isPermaLink="true"', ' isPermaLink="false"', ' ispermalink="true"',
                          ' isPermaLink="True"'):
            what = f"<guid{permalink}>{value}</guid>"
            name = f"guid_{number}{permalink.strip().replace('=', '_').replace(chr(34), '')}"
            yield name, document("rss20", entry=what)
            if permalink != ' isPermaLink="True"':
                yield name + "_link", document("rss20", entry=what + "<link>http://example.org/l</link>")
                yield name + "_link_before", document("rss20", entry="<link>http://example.org/l</link>" + what)
        for dialect in ATOM:
            yield f"{dialect}_id_{number}", document(dialect, entry=f"<id>{value}</id>")
            what = f"<id>{value}</id><link href='http://example.org/l'/>"
            yield f"{dialect}_id_{number}_link", document(dialect, entry=what)
            yield f"{dialect}_head_{number}", document(dialect, head=f"<id>{value}</id>")
        about = document("rss10", entry="<title>a</title>").replace("<item>", f'<item rdf:about="{value}">')
        yield f"rdf_about_{number}", about
        yield f"rdf_about_{number}_link", about.replace("<title>", "<link>http://example.org/l</link><title>")
    yield "rss_atom_id", document("rss20", entry="<guid>http://example.org/g</guid><atom:id>tag:x,2026:1</atom:id>")
    yield "none", document("rss20", entry="<title>a</title>")


def enclosures():
    attributes = {"url": ' url="http://example.org/a.mp3"', "length": ' length="123"', "type": ' type="audio/mpeg"'}
    for missing in ("", *attributes):
        written = "".join(value for name, value in attributes.items() if name != missing)
        yield f"rss_without_{missing}", document("rss20", entry=f"<enclosure{written}/>")
        for dialect in ATOM:
            link = f'<link rel="enclosure"{written.replace("url", "href")}/>'
            yield f"{dialect}_without_{missing}", document(dialect, entry=link)
    for number, what in enumerate([
        '<enclosure url="http://example.org/a.mp3" length="" type=""/>',
        '<enclosure url="http://example.org/a.mp3" length="1,234" type="audio/mpeg"/>',
        '<enclosure url="http://example.org/a.mp3" length="-1" type="audio/mpeg"/>',
        '<enclosure url="http://example.org/a.mp3" length="many" type="Audio/MPEG"/>',
        '<enclosure url=" http://example.org/a.mp3 " length=" 12 " type=" audio/mpeg "/>',
        '<enclosure url="http://example.org/?a=1&amp;b=2" length="0" type="audio/mpeg"/>',
        '<enclosure url="http://example.org/a b.mp3"/>',
        '<enclosure href="http://example.org/a.mp3" type="audio/mpeg"/>',
        '<enclosure uri="http://example.org/a.mp3" type="audio/mpeg"/>',
        '<enclosure URL="http://example.org/a.mp3" TYPE="audio/mpeg"/>',
        '<enclosure>http://example.org/a.mp3</enclosure>',
        '<enclosure url="a.mp3" type="audio/mpeg"/>',
        '<enclosure url="javascript:alert(1)" type="audio/mpeg"/>',
        '<enclosure url="http://example.org/1.mp3"/><enclosure url="http://example.org/2.mp3"/>',
        '<enclosure url="http://example.org/1.mp3"/><enclosure url="http://example.org/1.mp3"/>',
        '<enclosure url="http://example.org/1.mp3"></enclosure><link>http://example.org/l</link>',
        '<media:content url="http://example.org/1.mp4" type="video/mp4" fileSize="5"/>',
        '<media:group><media:content url="http://example.org/1.mp4"/></media:group>',
        '<media:thumbnail url="http://example.org/1.png"/>',
        '<atom:link rel="enclosure" href="http://example.org/1.mp3" type="audio/mpeg"/>',
        '<link>http://example.org/l</link><enclosure url="http://example.org/1.mp3" type="audio/mpeg"/>',
        '<enclosure url="http://example.org/1.mp3" type="audio/mpeg"/><guid>http://example.org/g</guid>',
    ]):
        yield f"rss_{number:02}", document("rss20", entry=what)
        yield f"rss10_{number:02}", document("rss10", entry=what)
    for dialect in ATOM:
        for number, what in enumerate([
            '<link rel="enclosure" href="http://example.org/1.mp3"/><link rel="enclosure" href="http://example.org/2"/>',
            '<link rel="enclosure" href="a.mp3" type="audio/mpeg"/>',
            '<link rel="enclosure" href="http://example.org/1.mp3" type="AUDIO/mpeg" title="t" length="x"/>',
            '<link rel="Enclosure" href="http://example.org/1.mp3" type="audio/mpeg"/>',
            '<link rel="enclosure" type="text/html" href="http://example.org/1"/>',
            '<link rel="enclosure" type="audio/mpeg">http://example.org/1.mp3</link>',
        ]):
            yield f"{dialect}_{number}", document(dialect, entry=what)


# -- bases and relative addresses ----------------------------------------------------------------

BASE = "http://example.org/base/"
ADDRESSES = [("a", "href"), ("applet", "codebase"), ("area", "href"), ("audio", "src"), ("blockquote", "cite"),
             ("body", "background"), ("del", "cite"), ("form", "action"), ("frame", "src"), ("iframe", "src"),
             ("img", "longdesc"), ("img", "src"), ("img", "usemap"), ("input", "src"), ("ins", "cite"),
             ("link", "href"), ("object", "data"), ("q", "cite"), ("script", "src"), ("source", "src"),
             ("video", "poster"), ("video", "src")]
BASED = {
    "rss20": ["<link>a</link>", "<comments>a</comments>", "<guid>a</guid>", "<guid isPermaLink='false'>a</guid>",
              "<enclosure url='a' type='audio/mpeg'/>", "<description>&lt;a href='a'&gt;x&lt;/a&gt;</description>",
              "<title>&lt;a href='a'&gt;x&lt;/a&gt;</title>", "<docs>a</docs>",
              "<content:encoded>&lt;img src='a'&gt;</content:encoded>",
              "<xhtml:body><p><a href='a'>x</a></p></xhtml:body>"],
    "atom10": ["<link href='a'/>", "<id>a</id>", "<title type='html'>&lt;a href='a'&gt;x&lt;/a&gt;</title>",
               "<summary type='html'>&lt;a href='a'&gt;x&lt;/a&gt;</summary>",
               "<content type='html'>&lt;a href='a'&gt;x&lt;/a&gt;</content>",
               "<content type='xhtml'><div xmlns='http://www.w3.org/1999/xhtml'><a href='a'>x</a></div></content>",
               "<content>a</content>", "<author><name>x</name><uri>a</uri></author>", "<icon>a</icon>"],
}
BASED["atom03"] = [it.replace("type='html'", "type='text/html' mode='escaped'") for it in BASED["atom10"]]
BASED["rss10"] = BASED["rss20"][:2]


def bases():
    for dialect, elements in BASED.items():
        for number, what in enumerate(elements):
            name = what[1:].split(">")[0].split(" ")[0].split("/")[0]
            name = f"{dialect}_{number}_{name.replace(':', '_')}"
            own = what.replace(">", f" xml:base='{BASE}'>", 1)
            if "/>" in what:
                own = what.replace("/>", f" xml:base='{BASE}'/>", 1)
            in_root = f" xml:base='{BASE}'"
            yield f"{name}_own", document(dialect, entry=own)
            yield f"{name}_root", document(dialect, entry=what, root=in_root)
            yield f"{name}_head", document(dialect, head=what, root=in_root)
            entry = document(dialect, entry=what)
            inner = entry.replace("<item>", f"<item{in_root}>").replace("<entry>", f"<entry{in_root}>")
            yield f"{name}_entry", inner
            yield f"{name}_location", entry, {"content-location": BASE}
            nested = document(dialect, entry=own.replace(BASE, "deeper/"), root=in_root)
            yield f"{name}_nested", nested
            yield f"{name}_none", entry
            yield f"{name}_relative_location", document(dialect, entry=own.replace(BASE, "/rooted/")), {
                "content-location": BASE}
    for base in ("http://example.org/base", "/base/", "base/", "?x", "javascript:x", "", "http://example.org"):
        for dialect, what in [("rss20", "<link>a</link>"), ("atom10", "<link href='a'/>")]:
            yield f"{dialect}_odd_{base.replace('/', '_')}", document(dialect, entry=what, root=f' xml:base="{base}"')
    for element, attribute in ADDRESSES:
        markup = f'<{element} {attribute}="relative">x</{element}>'
        head = f' xml:base="{BASE}"'
        what = f"<description>{escape(markup)}</description>"
        yield f"html_rss_{element}_{attribute}", document("rss20", entry=what, root=head)
        what = f'<content type="html">{escape(markup)}</content>'
        yield f"html_atom_{element}_{attribute}", document("atom10", entry=what, root=head)
        what = f'<content type="xhtml"><div xmlns="{NAMESPACES["xhtml"]}">{markup}</div></content>'
        yield f"xhtml_atom_{element}_{attribute}", document("atom10", entry=what, root=head)


# -- names --------------------------------------------------------------------------------------

MODULES = {
    "dc": "<{0}:title>T</{0}:title><{0}:creator>Ada</{0}:creator><{0}:date>2004-01-01T19:48:21Z</{0}:date>"
          "<{0}:description>D</{0}:description><{0}:subject>S</{0}:subject>",
    "dcterms": "<{0}:issued>2004-01-01T19:48:21Z</{0}:issued><{0}:modified>2005-01-01T19:48:21Z</{0}:modified>",
    "content": "<{0}:encoded>&lt;p&gt;C&lt;/p&gt;</{0}:encoded>",
    "xhtml": "<{0}:body><{0}:p>C</{0}:p></{0}:body>",
    "itunes": "<{0}:author>Ada</{0}:author><{0}:summary>S</{0}:summary><{0}:duration>1:02</{0}:duration>",
    "media": "<{0}:title>T</{0}:title><{0}:description>D</{0}:description>",
    "atom": "<{0}:title>T</{0}:title><{0}:link href='http://example.org/a'/><{0}:id>tag:example.org,2026:a</{0}:id>",
}


def names():
    bare = {dialect: document(dialect, entry="{entry}", root="{root}") for dialect in RSS + ATOM}
    for module, elements in MODULES.items():
        uri = NAMESPACES[module]
        for dialect, source in bare.items():
            def make(prefix, address):
                root = f' xmlns:{prefix}="{address}"' if address else ""
                return source.replace("{root}", root).replace("{entry}", elements.format(prefix))

            yield f"{dialect}_{module}_usual", make(module, uri)
            yield f"{dialect}_{module}_other_prefix", make("foo", uri)
            yield f"{dialect}_{module}_upper_case", make(module.upper(), uri)
            yield f"{dialect}_{module}_upper_address", make(module, uri.upper())
            yield f"{dialect}_{module}_no_slash", make(module, uri.rstrip("/"))
            yield f"{dialect}_{module}_undeclared", make(module, "")
            yield f"{dialect}_{module}_other_address", make(module, "http://example.org/other")
            own = source.replace("{root}", "").replace("{entry}", elements.format("foo"))
            yield f"{dialect}_{module}_on_entry", own.replace("<item>", f'<item xmlns:foo="{uri}">').replace(
                "<entry>", f'<entry xmlns:foo="{uri}">')
    for dialect in DIALECTS:
        entry = "<title>T</title><link>http://example.org/a</link>"
        if dialect.startswith("atom"):
            entry = "<title>T</title><link href='http://example.org/a'/>"
        source = document(dialect, head="<title>H</title>", entry=entry)
        yield f"{dialect}_plain", source
        yield f"{dialect}_declaration", "<?xml version='1.0' encoding='utf-8'?>\n" + source
        yield f"{dialect}_no_entries", document(dialect, head="<title>H</title>")
        yield f"{dialect}_two_entries", source.replace("</item>", "</item><item><title>U</title></item>").replace(
            "</entry>", "</entry><entry><title>U</title></entry>")
        for old, new in [("<title", "<TITLE"), ("<item", "<Item"), ("<entry", "<Entry")]:
            yield f"{dialect}_case_{new[1:]}", source.replace(old, new).replace(old.replace("<", "</"), new.replace("<", "</"))
    rest = IN_CHANNEL.format(head="<title>H</title>", entry="<title>T</title>") + "</rss>"
    for version in ("2.0.1", "2.1", "2", "3.0", "0.9", "1.0", "0.91", "", "x"):
        yield f"rss_version_{version}", f'<rss version="{version}">' + rest
    for uri in ("http://backend.userland.com/rss2", "http://backend.userland.com/RSS091", "http://purl.org/rss/1.0/",
                "http://blogs.law.harvard.edu/tech/rss", "http://example.org/own", "http://www.w3.org/2005/Atom",
                "http://purl.org/rss/1.0/modules/rss091#"):
        yield f"rss_default_{hash_of(uri):08x}", f'<rss version="2.0" xmlns="{uri}">' + rest
    rest = IN_FEED.format(head="<title>H</title>", entry="<title>T</title>") + "</feed>"
    for version in ("0.1", "0.2", "0.3", "1.0", "x"):
        yield f"atom_version_{version}", f'<feed version="{version}">' + rest
    for uri in ("http://purl.org/atom/ns#", "http://purl.org/pie/", "http://purl.org/echo/", "uri/of/echo/namespace#",
                "http://example.com/necho", "http://example.com/newformat#", "http://www.w3.org/2005/Atom", "",
                "http://www.w3.org/2005/atom", "http://example.org/own"):
        yield f"atom_default_{hash_of(uri):08x}", f'<feed xmlns="{uri}">' + rest
    prefixed = '<a:feed xmlns:a="{}"><a:title>H</a:title><a:entry><a:title>T</a:title></a:entry></a:feed>'
    for uri in ("http://purl.org/atom/ns#", "http://www.w3.org/2005/Atom"):
        yield f"atom_prefixed_{hash_of(uri):08x}", prefixed.format(uri)
    for number, source in enumerate([
        f'<rdf:RDF {RDF}><channel><title>H</title></channel><item><title>T</title></item></rdf:RDF>',
        f'<rdf:RDF {RDF} xmlns="http://purl.org/rss/1.0/"><item><title>T</title></item></rdf:RDF>',
        f'<rdf:RDF {RDF} xmlns="http://purl.org/rss/1.0/"><channel><title>H</title><items><rdf:Seq>'
        '<rdf:li rdf:resource="http://example.org/a"/></rdf:Seq></items></channel>'
        '<item rdf:about="http://example.org/a"><title>T</title><link>http://example.org/a</link></item></rdf:RDF>',
        f'<r:RDF {RDF.replace("xmlns:rdf", "xmlns:r")} xmlns="http://purl.org/rss/1.0/"><channel><title>H</title>'
        '</channel><item r:about="http://example.org/a"><title>T</title></item></r:RDF>',
        f'<rdf:RDF {RDF} xmlns:rss="http://purl.org/rss/1.0/"><rss:channel><rss:title>H</rss:title></rss:channel>'
        '<rss:item><rss:title>T</rss:title><rss:link>http://example.org/a</rss:link></rss:item></rdf:RDF>',
        "<rss><channel><title>H</title></channel><item><title>T</title></item></rss>",
        "<channel><title>H</title><item><title>T</title></item></channel>",
        "<feed><title>H</title><entry><title>T</title></entry></feed>",
    ]):
        yield f"shape_{number}", source


def old_and_other():
    channel = '<CHANNEL HREF="http://example.org/" BASE="http://example.org/" LASTMOD="2004-01-01T19:48Z">{}</CHANNEL>'
    item = '<ITEM HREF="http://example.org/a" LASTMOD="2004-01-01T19:48Z">{}</ITEM>'
    for number, inner in enumerate(["<TITLE>T</TITLE>", "<ABSTRACT>S</ABSTRACT>", "<TITLE>&lt;b&gt;T&lt;/b&gt;</TITLE>",
                                    "<ABSTRACT>&lt;b&gt;S&lt;/b&gt;</ABSTRACT>", "<LOGO HREF='l.gif' STYLE='icon'/>"]):
        yield f"cdf_head_{number}", channel.format(inner + item.format("<TITLE>a</TITLE>"))
        yield f"cdf_item_{number}", channel.format(item.format(inner))
        yield f"cdf_lower_{number}", channel.format(item.format(inner)).lower().replace("t19:48z", "T19:48Z")
    yield "cdf_without", "<CHANNEL><TITLE>H</TITLE><ITEM><TITLE>T</TITLE></ITEM></CHANNEL>"
    podcast = [
        "<itunes:author>Ada</itunes:author>", "<itunes:subtitle>S</itunes:subtitle>",
        "<itunes:summary>S</itunes:summary>", "<itunes:duration>1:02:03</itunes:duration>",
        "<itunes:keywords>a, b</itunes:keywords>", "<itunes:explicit>yes</itunes:explicit>",
        "<itunes:category text='A'><itunes:category text='B'/></itunes:category>",
        "<itunes:image href='http://example.org/i.png'/>", "<itunes:block>yes</itunes:block>",
        "<itunes:owner><itunes:name>Ada</itunes:name><itunes:email>ada@example.org</itunes:email></itunes:owner>",
        "<itunes:title>I</itunes:title>", "<itunes:title>I</itunes:title><title>T</title>",
        "<title>T</title><itunes:title>I</itunes:title>", "<itunes:episode>3</itunes:episode>",
        "<description>D</description><itunes:summary>S</itunes:summary>",
        "<itunes:summary>S</itunes:summary><description>D</description>",
        "<itunes:subtitle>U</itunes:subtitle><itunes:summary>S</itunes:summary>",
    ]
    for number, what in enumerate(podcast):
        for place, source in places("rss20", what):
            yield f"podcast_{place}_{number:02}", source
    media = [
        "<media:title>T</media:title>", "<media:title type='html'>&lt;b&gt;T&lt;/b&gt;</media:title>",
        "<media:description type='plain'>D</media:description>", "<media:credit role='author'>Ada</media:credit>",
        "<media:category>C</media:category>", "<media:keywords>a, b</media:keywords>",
        "<media:thumbnail url='http://example.org/t.png'/>", "<media:player url='http://example.org/p'/>",
        "<media:content url='http://example.org/v.mp4'><media:title>T</media:title></media:content>",
        "<media:rating>adult</media:rating>", "<media:text>words</media:text>",
    ]
    for number, what in enumerate(media):
        for dialect in ("rss20", "atom10"):
            yield f"media_{dialect}_{number:02}", document(dialect, entry=what)
            yield f"media_{dialect}_{number:02}_title", document(dialect, entry="<title>a</title>" + what)
    for element in ("category", "dc:subject", "itunes:keywords", "language", "dc:language", "rights", "copyright",
                    "dc:rights", "generator", "docs", "ttl", "rating", "webMaster", "cloud", "skipHours", "tagline",
                    "subtitle", "info", "source", "expirationDate", "sy:updatePeriod", "unknown", "dc:unknown",
                    "comments", "dc:source", "dc:identifier", "dc:publisher", "dc:relation", "tags", "location"):
        for dialect in RSS + ATOM:
            for place, source in places(dialect, f"<title>a</title><{element}>b</{element}>"):
                yield f"rest_{dialect}_{place}_{element}", source
    for language in ("en", "de-AT", "en_GB", ""):
        for dialect in RSS + ATOM:
            what = f'<title xml:lang="{language}">T</title>'
            yield f"language_{dialect}_{language}", document(dialect, entry=what, root=f' xml:lang="{language}"')


# -- hostile and odd HTML -------------------------------------------------------------------------

HTML = {
    "script": "safe<script>alert(1)</script>",
    "script_src": 'safe<script src="http://example.org/x.js"></script>',
    "script_open": "safe<script>alert(1)",
    "style": "safe<style>p{color:red}</style>",
    "style_attribute": 'safe<p style="color: red; background: url(javascript:x)">x</p>',
    "onclick": 'safe<p onclick="x()">x</p>',
    "onmouseover": "safe<a href='http://example.org/' onmouseover='x()'>x</a>",
    "iframe": 'safe<iframe src="http://example.org/">inner</iframe>',
    "frame": 'safe<frameset><frame src="http://example.org/"></frameset>',
    "object": 'safe<object data="http://example.org/x.swf">inner</object>',
    "embed": 'safe<embed src="http://example.org/x.swf">',
    "applet": 'safe<applet code="x.class">inner</applet>',
    "meta": 'safe<meta http-equiv="refresh" content="0">',
    "link": 'safe<link rel="stylesheet" href="http://example.org/x.css">',
    "base": 'safe<base href="http://example.org/">',
    "form": 'safe<form action="http://example.org/"><input name="a"></form>',
    "blink": "safe<blink>x</blink>",
    "unknown": "safe<moon>x</moon>",
    "javascript_link": 'safe<a href="javascript:alert(1)">x</a>',
    "javascript_spaced": 'safe<a href=" java\nscript:alert(1)">x</a>',
    "vbscript_link": 'safe<a href="vbscript:x">x</a>',
    "data_image": 'safe<img src="data:image/png;base64,AAAA">',
    "javascript_image": 'safe<img src="javascript:alert(1)">',
    "comment": "safe<!-- comment -->x",
    "comment_open": "safe<!-- comment",
    "conditional": "safe<!--[if IE]>x<![endif]-->",
    "doctype": "<!DOCTYPE html>safe",
    "declaration": "safe<!ELEMENT br EMPTY>x",
    "instruction": "safe<?php echo 1 ?>x",
    "cdata": "safe<![CDATA[x]]>",
    "document": "<html><head><title>T</title></head><body>safe</body></html>",
    "svg": '<svg xmlns="http://www.w3.org/2000/svg"><circle r="1"/></svg>safe',
    "math": '<math xmlns="http://www.w3.org/1998/Math/MathML"><mi>x</mi></math>safe',
    "table": "<table><tr><td>a</td><td>b</td></tr></table>",
    "list": "<ul><li>a<li>b</ul>",
    "headings": "<h1>a</h1><h2>b</h2>",
    "pre": "<pre>a\n  b</pre>",
    "code": "<code>&lt;b&gt;</code>",
    "entities": "&eacute;&nbsp;&mdash;&#233;&#x2014;&hellip;",
    "entity_open": "AT&T &copy 2004",
    "entity_unknown": "a &moon; b",
    "less_than": "a < b",
    "upper_case": "<P>a <B>b</B></P>",
    "attributes_bare": "<a href=http://example.org/ title=x>y</a>",
    "attributes_entity": '<a href="http://example.org/?a=1&amp;b=2">y</a>',
    "crossed": "<b><i>x</b></i>",
    "open": "<p>a<p>b",
    "stray_end": "a</b>b",
    "image": '<img src="http://example.org/i.png" alt="a" width="1" height="1" class="c" id="d">',
    "video": '<video src="http://example.org/v.mp4" controls>x</video>',
    "audio": '<audio><source src="http://example.org/a.mp3"></audio>',
    "figure": "<figure><figcaption>c</figcaption></figure>",
    "span": '<span class="a" dir="rtl" lang="de">x</span>',
    "ruby": "<ruby>a<rt>b</rt></ruby>",
    "details": "<details><summary>a</summary>b</details>",
    "noscript": "safe<noscript>x</noscript>",
    "textarea": "safe<textarea>x</textarea>",
    "title": "safe<title>x</title>",
    "template": "safe<template>x</template>",
    "xmp": "safe<xmp>x</xmp>",
    "bdo": "<bdo dir='rtl'>x</bdo>",
    "font": "<font color='red' face='x'>y</font>",
    "nul": "safe&#0;x",
}


def markup():
    for name, value in HTML.items():
        written = {"rss_description": ("rss20", f"<description>{escape(value)}</description>"),
                   "rss_cdata": ("rss20", f"<description><![CDATA[{value.replace(']]>', ']]]]><![CDATA[>')}]]></description>"),
                   "rss_encoded": ("rss20", f"<content:encoded>{escape(value)}</content:encoded>"),
                   "rss_title": ("rss20", f"<title>{escape(value)}</title>"),
                   "atom_content": ("atom10", f'<content type="html">{escape(value)}</content>'),
                   "atom_xhtml": ("atom10", f'<content type="xhtml"><div xmlns="{NAMESPACES["xhtml"]}">{value}</div></content>'),
                   "rss_naked": ("rss20", f"<description>{value}</description>")}
        for place, (dialect, what) in written.items():
            yield f"{name}_{place}", document(dialect, entry=what)


# -- entities -------------------------------------------------------------------------------------


def entities():
    for name in sorted(html.entities.name2codepoint)[::6]:
        yield f"title_{name}", document("rss20", entry=f"<title>a&{name};b</title>")
        yield f"description_{name}", document("rss20", entry=f"<description>a&{name};b</description>")
        yield f"escaped_{name}", document("atom10", entry=f'<content type="html">a&amp;{name};b</content>')
    doctype = '<!DOCTYPE rss [<!ENTITY moon "Luna"><!ENTITY tide "&#38;lt;b&#38;gt;">]>'
    for what in ("<title>a &moon; b</title>", "<description>a &moon; b</description>", "<title>&tide;</title>",
                 "<link>http://example.org/&moon;</link>"):
        yield f"defined_{hash_of(what):08x}", doctype + document("rss20", entry=what)
    for number in (0, 8, 38, 60, 128, 145, 150, 151, 153, 160, 233, 8217, 128512, 55296, 65535, 1114112):
        for form in (f"&#{number};", f"&#x{number:x};", f"&amp;#{number};"):
            for element in ("title", "description"):
                what = f"<{element}>a{form}b</{element}>"
                yield f"number_{element}_{hash_of(form):08x}", document("rss20", entry=what)


# -- encodings ------------------------------------------------------------------------------------

SAMPLES = {
    "Größe, été": "utf-8 iso-8859-1 windows-1252 iso-8859-15 cp1250 iso-8859-2 iso-8859-9 windows-1254 macintosh "
                  "cp850 cp437 latin1 iso8859-1 iso_8859-1 l1 cp819 iso-8859-4 windows-1257 iso-8859-10 iso-8859-13 "
                  "iso-8859-14 iso-8859-3 mac-roman cp037 utf-16 utf-16le utf-16be utf-32 utf-32le utf-32be utf8 u8",
    "Привет": "koi8-r koi8-u windows-1251 iso-8859-5 cp866 x-mac-cyrillic utf-8 cp855",
    "Καλημέρα": "iso-8859-7 windows-1253 utf-8",
    "日本語のニュース": "shift_jis euc-jp iso-2022-jp utf-8 cp932 sjis",
    "中文新闻": "gb2312 gbk gb18030 big5 hz utf-8 cp936 cp950",
    "한국어": "euc-kr cp949 utf-8 johab iso-2022-kr ks_c_5601-1987",
    "שלום": "iso-8859-8 windows-1255 utf-8",
    "مرحبا": "iso-8859-6 windows-1256 utf-8",
    "สวัสดี": "tis-620 iso-8859-11 windows-874 utf-8",
    "Tiếng": "windows-1258 utf-8",
}
PYTHON_NAMES = {"x-mac-cyrillic": "mac_cyrillic", "macintosh": "mac_roman", "mac-roman": "mac_roman",
                "windows-874": "cp874", "ks_c_5601-1987": "euc-kr"}
XML_TYPES = ["application/xml", "text/xml", "application/rss+xml", "application/atom+xml", "text/html", "text/plain",
             "application/octet-stream", "application/xml-dtd", "image/png", "text/rss+xml"]


def encodings():
    def encode(text, encoding):
        return text.encode(PYTHON_NAMES.get(encoding, encoding), "ignore")

    def feed(words, declared):
        declaration = f"<?xml version='1.0' encoding='{declared}'?>" if declared else "<?xml version='1.0'?>"
        return declaration + document("rss20", entry=f"<title>{words}</title><description>{words}</description>")

    for words, known in SAMPLES.items():
        for encoding in known.split():
            declared = encode(feed(words, encoding), encoding)
            yield f"declared_{encoding}", declared
            http = {"content-type": f"application/xml; charset={encoding}"}
            yield f"http_{encoding}", encode(feed(words, ""), encoding), http
            yield f"both_{encoding}", declared, http
            yield f"against_{encoding}", encode(feed(words, "iso-8859-1"), encoding), {
                "content-type": f'text/xml; charset="{encoding.upper()}"'}
    words = "Größe, été"
    for kind in XML_TYPES:
        for encoding in ("utf-8", "iso-8859-1", "windows-1252"):
            yield f"type_{kind}_{encoding}", encode(feed(words, encoding), encoding), {"content-type": kind}
            yield f"type_{kind}_{encoding}_bare", encode(feed(words, ""), encoding), {"content-type": kind}
            yield f"type_{kind}_{encoding}_charset", encode(feed(words, ""), encoding), {
                "content-type": f"{kind}; charset={encoding}"}
    for encoding, mark in (("utf-8", b"\xef\xbb\xbf"), ("utf-16le", b"\xff\xfe"), ("utf-16be", b"\xfe\xff"),
                           ("utf-32le", b"\xff\xfe\0\0"), ("utf-32be", b"\0\0\xfe\xff")):
        for declared in ("", "utf-8", "utf-16", encoding, "iso-8859-1", "iso-10646-ucs-2", "windows-1252"):
            body = feed(words, declared).encode(encoding)
            yield f"mark_{encoding}_{declared}", mark + body
            yield f"no_mark_{encoding}_{declared}", body
    for declared in ("utf-16", "us-ascii", "bogus", "koi8-r", "shift_jis", "utf-7", "windows-1251"):
        yield f"utf8_declared_{declared}", feed(words, declared).encode()
        yield f"utf8_http_{declared}", feed(words, "").encode(), {"content-type": f"text/xml; charset={declared}"}
        yield f"latin_declared_{declared}", feed(words, declared).encode("iso-8859-1")
    yield "twice", feed(words, "utf-8").encode().decode("iso-8859-1").encode()
    yield "c1", feed("it\x92s \x93x\x94", "").encode()
    yield "c1_latin", feed("it\x92s", "iso-8859-1").encode("iso-8859-1")


# -- documents of other shapes ------------------------------------------------------------------------

ATOM_NAMES = 'xmlns="http://www.w3.org/2005/Atom"'
RDF_NAMES = f'{RDF} xmlns="http://purl.org/rss/1.0/"'
ITEM = "<title>T</title><link>http://example.org/a</link>"
WHOLE = {
    "rss11": f'<Channel xmlns="http://purl.org/net/rss1.1#" {RDF} rdf:about="http://example.org/"><title>H</title>'
             f'<items rdf:parseType="Collection"><item rdf:about="http://example.org/a">{ITEM}</item></items></Channel>',
    "entry_alone": f"<entry {ATOM_NAMES}><title>T</title><id>http://example.org/a</id></entry>",
    "envelope": '<s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/"><s:Body><rss version="2.0">'
                f"<channel><title>H</title><item>{ITEM}</item></channel></rss></s:Body></s:Envelope>",
    "opml": '<opml version="1.1"><head><title>O</title></head><body><outline text="a"/></body></opml>',
    "page": "<html><head><title>P</title></head><body><p>x</p></body></html>",
    "empty_resources": f'<rdf:RDF {RDF_NAMES}><channel><image rdf:resource="http://example.org/i"/>'
                       '<textinput rdf:resource="http://example.org/t"/><title>H</title>'
                       f"<link>http://example.org/</link></channel><item>{ITEM}</item></rdf:RDF>",
    "image_and_input": f"<rdf:RDF {RDF_NAMES}><channel><title>H</title><link>http://example.org/</link></channel>"
                       "<image><title>I</title><link>http://example.org/i</link></image>"
                       f"<item>{ITEM}</item><textinput><title>X</title><link>http://example.org/x</link></textinput></rdf:RDF>",
    "content_items": f'<rdf:RDF {RDF_NAMES} xmlns:content="{NAMESPACES["content"]}"><channel/><item>{ITEM}<content:items>'
                     '<rdf:Bag><rdf:li><content:item><rdf:value rdf:parseType="Literal"><p>x</p></rdf:value>'
                     "</content:item></rdf:li></rdf:Bag></content:items></item></rdf:RDF>",
    "foreign_elements": '<rss version="2.0" xmlns:g="http://base.google.com/ns/1.0"><channel><title>H</title><item>'
                        f"{ITEM}<g:id>5</g:id><g:title>G</g:title><g:link>http://example.org/g</g:link></item></channel></rss>",
    "own_default": f'<rss version="2.0"><channel><item xmlns="http://example.org/own">{ITEM}</item></channel></rss>',
    "rss_of_atom": f'<rss version="2.0" {ATOM_NAMES}><channel><item>{ITEM}</item></channel></rss>',
    "upper_case": '<RSS VERSION="2.0"><CHANNEL><TITLE>H</TITLE><ITEM><TITLE>T</TITLE><LINK>http://example.org/a</LINK>'
                  "<PUBDATE>Thu, 01 Jan 2004 19:48:21 GMT</PUBDATE></ITEM></CHANNEL></RSS>",
    "atom_whole": f"<feed {ATOM_NAMES}><title>H</title><id>http://example.org/</id><updated>2004-01-01T00:00:00Z</updated>"
                  "<link rel='self' href='http://example.org/f'/><author><name>Ada</name></author><entry><title>T</title>"
                  "<id>http://example.org/a</id><updated>2004-01-01T00:00:00Z</updated>"
                  "<published>2003-01-01T00:00:00Z</published><summary>S</summary></entry></feed>",
    "multipart": '<feed version="0.3" xmlns="http://purl.org/atom/ns#"><entry><title>T</title>'
                 '<content type="multipart/alternative"><content type="text/plain">p</content>'
                 '<content type="text/html" mode="escaped">&lt;b&gt;h&lt;/b&gt;</content></content></entry></feed>',
    "feed_in_content": f"<feed {ATOM_NAMES}><entry><title>T</title><content type='application/xml'>"
                       "<a xmlns='http://example.org/own'>t<b>u</b></a></content></entry></feed>",
    "comments_in_list": f"<rss version='2.0'><!-- a --><channel><?pi b?><title>H</title><item><!-- c -->{ITEM}</item></channel></rss>",
    "without_title": "<rss version='2.0'><channel><item><description>D</description></item></channel></rss>",
    "nested_items": f"<rss version='2.0'><channel><items><item>{ITEM}</item></items></channel></rss>",
    "person": f'<rdf:RDF {RDF_NAMES} xmlns:dc="{NAMESPACES["dc"]}" xmlns:foaf="http://xmlns.com/foaf/0.1/"><channel/><item>'
              "<title>T</title><dc:creator><foaf:Person><foaf:name>Ada</foaf:name></foaf:Person></dc:creator></item></rdf:RDF>",
    "nothing": "<root><a>b</a></root>",
}


def whole():
    yield from WHOLE.items()


# -- what is ill-formed -----------------------------------------------------------------------------


def damaged(variants):
    """Every fifth document, broken where it does not matter, so that no XML parser reads it."""
    for variant in list(variants)[::5]:
        for mark in (b"<channel>", b'Atom">', b'ns#">'):
            if mark in variant.source:
                broken = variant.source.replace(mark, mark + b"<rights>&nosuch;</rights>", 1)
                yield Variant("ill-formed", f"{variant.group}: {variant.name}", broken, variant.headers)
                break


def broken():
    rest = "<title>T</title><link>http://example.org/a</link><description>D</description>"
    source = document("rss20", head="<title>H</title>", entry=rest)
    replacements = {
        "open_title": ("<title>T</title>", "<title>T"), "open_description": ("D</description>", "D"),
        "open_item": ("</item>", ""), "open_channel": ("</channel></rss>", ""), "open_rss": ("</rss>", ""),
        "ampersand": (">T<", ">R&D T<"), "ampersand_spaced": (">T<", ">R & D<"), "less_than": (">D<", ">a < b<"),
        "query": ("org/a", "org/?a=1&b=2"), "entity_open": (">T<", ">caf&eacute<"), "stray_end": ("<item>", "</b><item>"),
        "undeclared": (rest, rest + "<foo:bar>x</foo:bar>"), "bare_attribute": ('version="2.0"', "version=2.0"),
        "twice_attribute": ('version="2.0"', 'version="2.0" version="2.0"'), "leading_lines": ("<rss", "\n\n<rss"),
        "leading_words": ("<rss", "Warning: x\n<rss"), "late_declaration": ("<rss", "\n<?xml version='1.0'?><rss"),
        "trailing": ("</rss>", "</rss>junk"), "control": (">T<", ">T\x01<"), "cdata_open": (">D<", "><![CDATA[D<"),
        "comment_open": ("<item>", "<!-- x <item>"), "comment_dashes": ("<item>", "<!-- a -- b --><item>"),
        "crossed": ("<item>", "<b><i></b></i><item>"), "case": ("</title><link>", "</TITLE><link>"),
        "naked": (">D<", "><p>D<br>E</p><"), "naked_link": (">D<", "><a href=x>D</a><"),
        "cut": ("</description></item></channel></rss>", ""), "twice": ("</rss>", "</rss><rss></rss>"),
        "bad_prefix": ("<item>", "<item xmlns:=''>"), "forbidden": (">T<", ">T&#1;<"),
    }
    for name, (old, new) in replacements.items():
        yield name, source.replace(old, new, 1)


# -- all --------------------------------------------------------------------------------------------

GROUPS = {
    "texts": texts, "several texts": several_texts, "dates": dates, "authors": authors, "links": links, "ids": ids,
    "enclosures": enclosures, "bases": bases, "names and versions": names, "modules and old formats": old_and_other,
    "markup": markup, "entities": entities, "encodings": encodings, "other shapes": whole, "broken": broken,
}


def variants():
    """All of them, each document once."""
    seen = set()
    formed = []
    for group, make in GROUPS.items():
        for name, source, *headers in make():
            source = source if isinstance(source, bytes) else source.encode("utf-8", "surrogatepass")
            variant = Variant(group, name, source, headers[0] if headers else {})
            key = (variant.source, str(variant.headers))
            if key not in seen:
                seen.add(key)
                formed.append(variant)
    apart = ("encodings", "broken", "entities")
    return formed + list(damaged(it for it in formed if it.group not in apart))


def main(folder):
    for number, variant in enumerate(variants()):
        group = "".join(c if c.isalnum() else "_" for c in variant.group)
        name = "".join(c if c.isalnum() else "_" for c in variant.name)
        path = Path(folder) / f"{number:05}_{group}_{name}"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(variant.source)
        if variant.headers:
            lines = [f"{name}: {value}\n" for name, value in variant.headers.items()]
            path.with_name(path.name + ".headers").write_text("".join(lines))


if __name__ == "__main__":
    main(*sys.argv[1:])
