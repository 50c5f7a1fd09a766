//! Single values: dates, addresses, languages, media types, numbers.

use chrono::{DateTime, Datelike, FixedOffset};

use super::Report;
use super::tree::Element;

/// The languages of ISO 639-1, two letters each.
const LANGUAGES: &str = "aa ab ae af ak am an ar as av ay az ba be bg bh bi bm bn bo br bs ca ce \
    ch co cr cs cu cv cy da de dv dz ee el en eo es et eu fa ff fi fj fo fr fy ga gd gl gn gu gv \
    ha he hi ho hr ht hu hy hz ia id ie ig ii ik io is it iu ja jv ka kg ki kj kk kl km kn ko kr \
    ks ku kv kw ky la lb lg li ln lo lt lu lv mg mh mi mk ml mn mr ms mt my na nb nd ne ng nl nn \
    no nr nv ny oc oj om or os pa pi pl ps pt qu rm rn ro ru rw sa sc sd se sg si sk sl sm sn so \
    sq sr ss st su sv sw ta te tg th ti tk tl tn to tr ts tt tw ty ug uk ur uz ve vi vo wa wo xh \
    yi yo za zh zu";

/// An instant as RFC 3339 and RFC 4287, section 3.3, write it: with upper-case `T` and `Z`.
pub(crate) fn rfc3339(
    written: &str,
    place: &str,
    report: &mut Report,
) -> Option<DateTime<FixedOffset>> {
    let is_shaped = written.is_ascii()
        && written.get(10..11) == Some("T")
        && !written.contains([' ', 't', 'z']);
    let Some(instant) = DateTime::parse_from_rfc3339(written)
        .ok()
        .filter(|_| is_shaped)
    else {
        report.say("InvalidRFC3339Date", format!("{place}: `{written}`"));
        return None;
    };
    check_plausible(instant, place, report);
    Some(instant)
}

/// A date as RFC 2822 writes it, with the offsets that the W3C's service knows: whole and half
/// hours.
pub(crate) fn rfc2822(
    written: &str,
    place: &str,
    report: &mut Report,
) -> Option<DateTime<FixedOffset>> {
    let unnamed = written.split_once(", ").map_or(written, |(_, date)| date);
    let Ok(instant) = DateTime::parse_from_rfc2822(unnamed) else {
        report.say("InvalidRFC2822Date", format!("{place}: `{written}`"));
        return None;
    };
    if DateTime::parse_from_rfc2822(written).is_err() {
        report.say("IncorrectDOW", format!("{place}: `{written}`"));
    }
    let parts: Vec<&str> = unnamed.split(' ').collect();
    let is_plain = parts.len() == 5
        && parts[2].len() == 4
        && parts.last().is_some_and(|zone| {
            [
                "GMT", "UT", "Z", "EST", "EDT", "CST", "CDT", "MST", "MDT", "PST", "PDT",
            ]
            .contains(zone)
                || (zone.len() == 5 && (zone.ends_with("00") || zone.ends_with("30")))
        });
    if !is_plain {
        report.say("ProblematicalRFC822Date", format!("{place}: `{written}`"));
    }
    check_plausible(instant, place, report);
    Some(instant)
}

/// There is no clock in tests: what is far off is wrong on any day.
fn check_plausible(instant: DateTime<FixedOffset>, place: &str, report: &mut Report) {
    if !(1990..2100).contains(&instant.year()) {
        report.say("ImplausibleDate", format!("{place}: {instant}"));
    }
}

/// An absolute URI: a scheme, and only the characters that RFC 3986 allows.
pub(crate) fn uri(written: &str, place: &str, report: &mut Report) {
    let (scheme, rest) = written.split_once(':').unwrap_or(("", written));
    // Brackets stand around a host that is an IPv6 address, and nowhere else.
    let authority = rest.strip_prefix("//").unwrap_or_default();
    let host = authority.split(['/', '?', '#']).next().unwrap_or_default();
    let outside = rest.replacen(host, "", 1);
    let allowed =
        |byte: u8| byte.is_ascii_alphanumeric() || b";/?:@&=+$.-_!~*'()%,#".contains(&byte);
    let is_scheme = scheme.starts_with(|first: char| first.is_ascii_alphabetic())
        && scheme
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || b"+-.".contains(&byte));
    if !is_scheme || rest.is_empty() {
        report.say("InvalidFullLink", format!("{place}: `{written}`"));
    } else if !written.is_ascii() || !outside.bytes().all(allowed) {
        let rule = if written.is_ascii() {
            "InvalidUriChar"
        } else {
            "UriNotIri"
        };
        report.say(rule, format!("{place}: `{written}`"));
    } else if scheme.eq_ignore_ascii_case("tag") {
        tag(rest, place, report);
    } else if ["http", "https", "ftp"].contains(&scheme) {
        let host = rest.strip_prefix("//").unwrap_or_default();
        if host.is_empty() || host.starts_with('/') {
            report.say("InvalidFullLink", format!("{place}: `{written}`"));
        }
    }
}

/// RFC 4151: `authority,date:specific`.
fn tag(rest: &str, place: &str, report: &mut Report) {
    let is_tag = rest.split_once(':').is_some_and(|(entity, _)| {
        entity.split_once(',').is_some_and(|(authority, date)| {
            let parts: Vec<&str> = date.split('-').collect();
            let is_date = parts.len() <= 3
                && parts.iter().zip([4, 2, 2]).all(|(part, length)| {
                    part.len() == length && part.bytes().all(|byte| byte.is_ascii_digit())
                });
            let is_authority = !authority.is_empty()
                && authority.bytes().all(|byte| {
                    byte.is_ascii_lowercase() || byte.is_ascii_digit() || b".-_@".contains(&byte)
                });
            is_date && is_authority
        })
    });
    if !is_tag {
        report.say("InvalidTAG", format!("{place}: `tag:{rest}`"));
    }
}

/// An id: a URI in its one canonical form, since ids are compared letter by letter.
pub(crate) fn id(written: &str, place: &str, report: &mut Report) {
    if written.trim() != written {
        report.say("UnexpectedWhitespace", format!("{place}: `{written}`"));
    }
    uri(written.trim(), place, report);
    let Some((scheme, rest)) = written.trim().split_once("://") else {
        return;
    };
    let end = rest.find(['/', '?', '#']).unwrap_or(rest.len());
    let host = &rest[..end];
    let has_default_port = (scheme == "http" && host.ends_with(":80"))
        || (scheme == "https" && host.ends_with(":443"));
    let is_canonical = !written.contains(|c: char| c.is_whitespace())
        && scheme == scheme.to_lowercase()
        && host == host.to_lowercase()
        && !has_default_port
        && rest[end..].starts_with('/')
        && !rest[end..].contains("/../")
        && !rest[end..].contains("/./");
    if !is_canonical {
        report.say("NonCanonicalURI", format!("{place}: `{written}`"));
    }
}

/// A web address with a host that has a dot, as enclosures and pictures of podcasts must have.
pub(crate) fn web(written: &str, place: &str, report: &mut Report) {
    let rest = written
        .strip_prefix("https://")
        .or_else(|| written.strip_prefix("http://"));
    let is_web = rest.is_some_and(|rest| {
        let host = rest.split(['/', ':']).next().unwrap_or_default();
        host.contains('.') && !written.contains([' ', '[', '"', '<', '>'])
    });
    if !is_web || !written.is_ascii() {
        report.say("InvalidURLAttribute", format!("{place}: `{written}`"));
    }
}

pub(crate) fn language(written: &str, place: &str, report: &mut Report) {
    let mut parts = written.split('-');
    let primary = parts.next().unwrap_or_default().to_lowercase();
    let is_known = primary.len() == 2 && LANGUAGES.split_whitespace().any(|code| code == primary);
    let is_shaped = parts.all(|part| {
        (1..=8).contains(&part.len()) && part.bytes().all(|byte| byte.is_ascii_alphanumeric())
    });
    if !is_known || !is_shaped {
        report.say("InvalidLanguage", format!("{place}: `{written}`"));
    }
}

/// Whether it is a media type: `type/subtype`, perhaps with parameters.
pub(crate) fn is_media_type(written: &str) -> bool {
    let essence = written.split(';').next().unwrap_or_default().trim();
    let is_token = |part: &str| {
        !part.is_empty()
            && part
                .bytes()
                .all(|byte| byte.is_ascii_graphic() && !b"()<>,;:\\\"/[]?=".contains(&byte))
    };
    essence
        .split_once('/')
        .is_some_and(|(kind, sub)| is_token(kind) && is_token(sub))
}

/// One mail address, without a name.
pub(crate) fn is_mail_address(written: &str) -> bool {
    written.split_once('@').is_some_and(|(name, host)| {
        let allowed = |part: &str, more: &[u8]| {
            !part.is_empty()
                && part
                    .bytes()
                    .all(|byte| byte.is_ascii_alphanumeric() || more.contains(&byte))
        };
        allowed(name, b"_-+.'") && allowed(host, b".-") && host.contains('.')
    })
}

/// Text that is to be shown as it is. Markup in it is most often a mistake: whoever writes it
/// means bold letters, and readers show `<b>`.
pub(crate) fn plain(text: &str, rule: &str, place: &str, report: &mut Report) {
    let has_end_tag = text.split("</").skip(1).any(|rest| {
        let end = rest
            .find(|c: char| !c.is_ascii_alphanumeric())
            .unwrap_or(rest.len());
        rest[end..].starts_with('>') && super::html::is_element(&rest[..end].to_lowercase())
    });
    let has_reference = text.split('&').skip(1).any(|rest| {
        let end = rest
            .find(|c: char| !c.is_ascii_alphanumeric() && c != '#')
            .unwrap_or(rest.len());
        let name = &rest[..end];
        rest[end..].starts_with(';') && (super::html::is_entity(name) || name.starts_with('#'))
    });
    if has_end_tag || has_reference {
        report.say(rule, format!("{place}: `{text}`"));
    }
}

/// Remarks on attributes that the element cannot have.
pub(crate) fn attributes(element: &Element, expected: &[&str], report: &mut Report) {
    for attribute in &element.attributes {
        let is_common = attribute.namespace == super::tree::XML
            && ["base", "lang", "id", "space"].contains(&attribute.name.as_str());
        let is_expected =
            attribute.namespace.is_empty() && expected.contains(&attribute.name.as_str());
        if is_common || is_expected {
            continue;
        }
        let what = format!("{} on {}", attribute.name, element.title());
        let rule = if attribute.namespace.is_empty() {
            "UnexpectedAttribute"
        } else {
            "UseOfExtensionAttr"
        };
        report.say(rule, what);
    }
    if let Some(tag) = element.lang() {
        language(tag, "xml:lang", report);
    }
}

/// A remark where the element holds other elements, or text where it should hold none.
pub(crate) fn leaf(element: &Element, report: &mut Report) {
    if let Some(child) = element.children.first() {
        let what = format!("{} in {}", child.title(), element.title());
        report.say("UndefinedElement", what);
    }
}
