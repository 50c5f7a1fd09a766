//! HTML in content: whether a strict parser takes it, whether readers show all of it, and whether
//! every address in it is absolute. Remarks are named as the W3C's service names them.

use std::collections::HashSet;

use super::Report;

/// The elements that readers keep.
const ACCEPTED: &str = "a abbr acronym address area article aside audio b bdi bdo big blockquote \
    br button canvas caption center cite code col colgroup data datalist dd del details dfn dialog \
    dir div dl dt em fieldset figcaption figure font footer form h1 h2 h3 h4 h5 h6 header hgroup \
    hr i img input ins kbd label legend li main map mark menu meter nav noscript ol optgroup \
    option output p picture pre progress q rp rt ruby s samp section select small source span \
    strike strong sub summary sup table tbody td template textarea tfoot th thead time tr track \
    tt u ul var video wbr";
/// The elements that readers cut out, for what they can do.
const RISKY: &str = "applet base basefont body embed frame frameset head html iframe link meta \
    noframes object param plaintext script style title xmp";
/// The attributes that readers keep, beside `data-…` and `style`.
const ATTRIBUTES: &str = "abbr accept action align alt autoplay axis background bgcolor border \
    cellpadding cellspacing char charoff charset checked cite class clear color cols colspan \
    compact controls coords crossorigin datetime decoding default dir disabled download draggable \
    enctype face for form frame headers height hidden high href hreflang hspace id ismap itemid \
    itemprop itemref itemscope itemtype kind label lang list loading longdesc loop low max \
    maxlength media method min multiple muted name nohref noshade nowrap open optimum pattern \
    placeholder playsinline poster preload readonly referrerpolicy rel required rev reversed rows \
    rowspan rules scope selected shape size sizes span spellcheck src srclang srcset start step \
    summary tabindex target title translate type usemap valign value volume vspace width wrap";
const VOID: &str = "area base basefont br col embed frame hr img input link meta param source \
    track wbr";
/// The elements before which an open paragraph ends.
const BLOCKS: &str = "address article aside blockquote center details dialog dir div dl fieldset \
    figcaption figure footer form h1 h2 h3 h4 h5 h6 header hgroup hr main menu nav ol p pre \
    section summary table ul";
/// The elements whose end tag may be left out.
const LENIENT: &str = "p li dt dd option optgroup tr td th thead tbody tfoot colgroup rt rp";
/// The styles that readers keep.
const STYLES: &str = "background background-color border border-bottom border-collapse \
    border-color border-left border-right border-spacing border-style border-top border-width \
    clear color cursor direction display float font font-family font-size font-style \
    font-variant font-weight height letter-spacing line-height list-style-type margin \
    margin-bottom margin-left margin-right margin-top overflow padding padding-bottom \
    padding-left padding-right padding-top text-align text-decoration text-indent unicode-bidi \
    vertical-align white-space width";
/// The attributes that hold an address.
const ADDRESSES: [&str; 9] = [
    "href",
    "src",
    "poster",
    "cite",
    "action",
    "background",
    "longdesc",
    "data",
    "usemap",
];
/// The names of references, beside the Greek and the accented letters.
const ENTITIES: &str = "amp lt gt quot apos nbsp iexcl cent pound curren yen brvbar sect uml copy \
    ordf laquo not shy reg macr deg plusmn sup1 sup2 sup3 acute micro para middot cedil ordm \
    raquo frac14 frac12 frac34 iquest times divide bull hellip prime Prime oline frasl weierp \
    image real trade alefsym larr uarr rarr darr harr crarr lArr uArr rArr dArr hArr forall part \
    exist empty nabla isin notin ni prod sum minus lowast radic prop infin ang and or cap cup int \
    there4 sim cong asymp ne equiv le ge sub sup nsub sube supe oplus otimes perp sdot lceil \
    rceil lfloor rfloor lang rang loz spades clubs hearts diams circ tilde ensp emsp thinsp zwnj \
    zwj lrm rlm ndash mdash lsquo rsquo sbquo ldquo rdquo bdquo dagger Dagger permil lsaquo \
    rsaquo euro fnof szlig aelig AElig oelig OElig aring Aring oslash Oslash eth ETH thorn THORN \
    ccedil Ccedil scaron Scaron ntilde Ntilde atilde Atilde otilde Otilde thetasym upsih piv";
const GREEK: &str = "alpha beta gamma delta epsilon zeta eta theta iota kappa lambda mu nu xi \
    omicron pi rho sigmaf sigma tau upsilon phi chi psi omega";

fn lists(list: &str, word: &str) -> bool {
    list.split_ascii_whitespace().any(|listed| listed == word)
}

/// Whether HTML has the element, in lower case.
pub(crate) fn is_element(name: &str) -> bool {
    lists(ACCEPTED, name) || lists(RISKY, name)
}

/// Whether `&name;` is a character.
pub(crate) fn is_entity(name: &str) -> bool {
    let accented = ["acute", "grave", "circ", "uml"].iter().any(|accent| {
        name.strip_suffix(accent).is_some_and(|letter| {
            letter.len() == 1 && letter.contains(['a', 'e', 'i', 'o', 'u', 'y'])
                || letter.len() == 1 && letter.contains(['A', 'E', 'I', 'O', 'U', 'Y'])
        })
    });
    accented || lists(ENTITIES, name) || lists(GREEK, &name.to_lowercase())
}

/// Everything that is wrong with the HTML, said of `place`.
pub(crate) fn check(html: &str, place: &str, report: &mut Report) {
    let mut checker = Checker {
        open: Vec::new(),
        place,
        report,
    };
    checker.run(html);
}

struct Checker<'a, 'r> {
    /// The elements that are open, outermost first.
    open: Vec<String>,
    place: &'a str,
    report: &'r mut Report,
}

struct Tag {
    name: String,
    is_end: bool,
    is_self_closing: bool,
    attributes: Vec<(String, String)>,
}

impl Checker<'_, '_> {
    fn say(&mut self, rule: &str, what: impl std::fmt::Display) {
        self.report.say(rule, format!("{}: {what}", self.place));
    }

    fn run(&mut self, html: &str) {
        let mut rest = html;
        while let Some(start) = rest.find('<') {
            self.text(&rest[..start]);
            rest = &rest[start..];
            if let Some(comment) = rest.strip_prefix("<!--") {
                let Some((_, after)) = comment.split_once("-->") else {
                    return self.say("NotHtml", "a comment without end");
                };
                rest = after;
                continue;
            }
            let Some((tag, length)) = read_tag(rest) else {
                let shown: String = rest.chars().take(30).collect();
                return self.say("NotHtml", format!("`{shown}` is no tag"));
            };
            rest = &rest[length..];
            if tag.is_end {
                self.end(&tag.name);
            } else {
                self.start(&tag);
            }
        }
        self.text(rest);
        while let Some(open) = self.open.pop() {
            if !lists(LENIENT, &open) {
                self.say("NotHtml", format!("{open} has no end"));
            }
        }
    }

    fn text(&mut self, text: &str) {
        let in_table = self
            .open
            .last()
            .is_some_and(|open| lists("table tbody thead tfoot tr", open));
        if in_table && !text.trim().is_empty() {
            self.say("NotHtml", "text between the cells of a table");
        }
        self.references(text);
    }

    fn references(&mut self, text: &str) {
        for rest in text.split('&').skip(1) {
            let end = rest
                .find(|c: char| !c.is_ascii_alphanumeric() && c != '#')
                .unwrap_or(rest.len());
            let name = &rest[..end];
            let is_closed = rest[end..].starts_with(';');
            let is_number = name.strip_prefix('#').is_some_and(|number| {
                let digits = number.strip_prefix(['x', 'X']);
                let parsed = match digits {
                    Some(digits) => u32::from_str_radix(digits, 16),
                    None => number.parse(),
                };
                // A number of a control character is one more way of a wrong encoding.
                parsed.is_ok_and(|code| {
                    code >= 0xA0 || (0x20..0x7F).contains(&code) || code == 9 || code == 10
                })
            });
            let is_wrong = if name.starts_with('#') {
                !is_closed || !is_number
            } else if is_closed {
                !is_entity(name)
            } else {
                // `&copy` without `;` is read as a character all the same.
                is_entity(name)
            };
            if is_wrong {
                self.say("NotHtml", format!("the reference `&{name}`"));
            }
        }
    }

    fn start(&mut self, tag: &Tag) {
        let name = tag.name.as_str();
        if lists(RISKY, name) {
            self.say("SecurityRisk", name);
        } else if !lists(ACCEPTED, name) {
            self.say("NotHtml", format!("{name} is no element of HTML"));
        }
        self.close_implied(name);
        self.nest(name);
        self.attributes(tag);
        if lists(VOID, name) {
            return;
        }
        if tag.is_self_closing {
            self.say("NotHtml", format!("<{name}/> does not close it"));
        }
        self.open.push(name.to_owned());
    }

    /// Closes what the start of `name` ends by itself.
    fn close_implied(&mut self, name: &str) {
        let ended_by_self = match name {
            "li" => "li",
            "dt" | "dd" => "dt dd",
            "tr" => "tr td th",
            "td" | "th" => "td th",
            "thead" | "tbody" | "tfoot" => "tr td th thead tbody tfoot colgroup",
            "option" => "option",
            _ => "",
        };
        while let Some(open) = self.open.last() {
            let is_paragraph = open == "p" && lists(BLOCKS, name);
            if !is_paragraph && !lists(ended_by_self, open) {
                break;
            }
            self.open.pop();
        }
    }

    /// What may not stand in one another.
    fn nest(&mut self, name: &str) {
        if lists("a button form", name) && self.open.iter().any(|open| open == name) {
            self.say("NotHtml", format!("{name} within {name}"));
        }
        let parent = self.open.last().map_or("", String::as_str).to_owned();
        let is_heading = |name: &str| lists("h1 h2 h3 h4 h5 h6", name);
        if is_heading(name) && is_heading(&parent) {
            self.say("NotHtml", "a heading within a heading");
        }
        // A paragraph that is open around phrases ends before a block, and its end tag is lost.
        let is_broken = lists(BLOCKS, name)
            && parent != "p"
            && self
                .open
                .iter()
                .rev()
                .take_while(|open| !lists("button object td th caption", open))
                .any(|open| open == "p");
        if is_broken {
            self.say("NotHtml", format!("{name} within a phrase of a paragraph"));
        }
        let expected = match name {
            "tr" => "table thead tbody tfoot",
            "td" | "th" => "tr",
            "thead" | "tbody" | "tfoot" | "caption" | "colgroup" => "table",
            _ => "",
        };
        if !expected.is_empty() && !lists(expected, &parent) {
            self.say("NotHtml", format!("{name} outside of a table"));
        }
        let is_cell = lists(
            "tr td th thead tbody tfoot caption colgroup col template form",
            name,
        );
        if lists("table tr thead tbody tfoot", &parent) && !is_cell {
            self.say("NotHtml", format!("{name} between the cells of a table"));
        }
    }

    fn end(&mut self, name: &str) {
        if lists(VOID, name) {
            return self.say("NotHtml", format!("</{name}>"));
        }
        if !self.open.iter().any(|open| open == name) {
            return self.say("NotHtml", format!("</{name}> without its start"));
        }
        while let Some(open) = self.open.pop() {
            if open == name {
                break;
            }
            if !lists(LENIENT, &open) {
                self.say("NotHtml", format!("</{name}> before the end of {open}"));
            }
        }
    }

    fn attributes(&mut self, tag: &Tag) {
        let mut seen = HashSet::new();
        for (name, value) in &tag.attributes {
            if !seen.insert(name.as_str()) {
                self.say("NotHtml", format!("{name} twice on {}", tag.name));
            }
            self.references(value);
            if name == "style" {
                if !is_safe_style(value) {
                    self.say("DangerousStyleAttr", value);
                }
            } else if !lists(ATTRIBUTES, name) && !name.starts_with("data-") {
                self.say("SecurityRiskAttr", name);
            }
            if ADDRESSES.contains(&name.as_str()) {
                self.address(value);
            } else if name == "srcset" {
                for candidate in value.split(',') {
                    self.address(candidate.split_whitespace().next().unwrap_or_default());
                }
            }
        }
    }

    fn address(&mut self, value: &str) {
        let value = value.trim();
        let scheme = value.split_once(':').map(|(scheme, _)| scheme);
        let is_absolute = scheme.is_some_and(|scheme| {
            !scheme.is_empty()
                && scheme
                    .bytes()
                    .all(|byte| byte.is_ascii_alphanumeric() || b"+-.".contains(&byte))
        });
        if !is_absolute {
            self.say("ContainsRelRef", format!("`{value}`"));
        } else if scheme
            .is_some_and(|scheme| lists("javascript vbscript data file", &scheme.to_lowercase()))
        {
            self.say("SecurityRisk", format!("`{value}`"));
        } else if value.contains(|c: char| c.is_whitespace() || matches!(c, '<' | '>' | '"')) {
            self.say("InvalidUriChar", format!("`{value}`"));
        }
    }
}

/// Properties that readers keep, with values that call nothing.
fn is_safe_style(style: &str) -> bool {
    style
        .split(';')
        .filter(|declaration| !declaration.trim().is_empty())
        .all(|declaration| {
            declaration
                .split_once(':')
                .is_some_and(|(property, value)| {
                    lists(STYLES, &property.trim().to_lowercase())
                        && !value.contains([':', '\\', '(', '@', '<'])
                })
        })
}

/// The tag that `html` begins with, and its length.
fn read_tag(html: &str) -> Option<(Tag, usize)> {
    let inner = html.strip_prefix('<')?;
    let is_end = inner.starts_with('/');
    let inner = inner.strip_prefix('/').unwrap_or(inner);
    if !inner.starts_with(|c: char| c.is_ascii_alphabetic()) {
        return None;
    }
    let end = inner.find(|c: char| c.is_whitespace() || c == '>' || c == '/')?;
    let mut tag = Tag {
        name: inner[..end].to_lowercase(),
        is_end,
        is_self_closing: false,
        attributes: Vec::new(),
    };
    let mut rest = &inner[end..];
    loop {
        let trimmed = rest.trim_start();
        let has_space = trimmed.len() < rest.len();
        rest = trimmed;
        if let Some(after) = rest.strip_prefix('>') {
            let is_plain_end = !is_end || tag.attributes.is_empty();
            return is_plain_end.then_some((tag, html.len() - after.len()));
        }
        if let Some(after) = rest.strip_prefix('/') {
            tag.is_self_closing = true;
            rest = after;
            continue;
        }
        if !has_space {
            return None;
        }
        rest = read_attribute(rest, &mut tag)?;
    }
}

/// Reads one attribute and gives what follows it.
fn read_attribute<'a>(html: &'a str, tag: &mut Tag) -> Option<&'a str> {
    let end = html.find(|c: char| c.is_whitespace() || matches!(c, '=' | '>' | '/'))?;
    let name = html[..end].to_lowercase();
    if name.is_empty() || name.contains(['"', '\'', '<']) {
        return None;
    }
    let rest = &html[end..];
    let Some(value) = rest.trim_start().strip_prefix('=') else {
        tag.attributes.push((name, String::new()));
        return Some(rest);
    };
    let value = value.trim_start();
    let quote = value.chars().next()?;
    let (value, after) = if matches!(quote, '"' | '\'') {
        value[1..].split_once(quote)?
    } else {
        let end = value.find(|c: char| c.is_whitespace() || c == '>')?;
        value.split_at(end)
    };
    tag.attributes.push((name, value.to_owned()));
    Some(after)
}
