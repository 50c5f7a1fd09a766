//! Walls that keep programs out: what a site puts before its pages so that people alone come in.
//!
//! They answer with any status, 200 among them, and with a page that a browser has to work on. What
//! they are called, and that there is one, is what a curator needs to know: no other address of
//! the site will do better, and its owner can open a door.

/// Header fields of walls: the name, the beginning of the value, and whose it is.
const FIELDS: [(&str, &str, &str); 11] = [
    ("cf-mitigated", "", "Cloudflare"),
    ("sg-captcha", "", "SiteGround"),
    ("x-amzn-waf-action", "", "AWS"),
    ("x-vercel-mitigated", "", "Vercel"),
    ("x-vercel-challenge-token", "", "Vercel"),
    ("x-sucuri-block", "", "Sucuri"),
    ("x-datadome", "protected", "DataDome"),
    ("x-dd-b", "", "DataDome"),
    ("x-px-block", "", "HUMAN"),
    ("set-cookie", "techaro.lol-anubis", "Anubis"),
    ("set-cookie", "within.website-x-cmd-anubis", "Anubis"),
];

/// Words of their pages, in small letters, and whose they are.
const WORDS: [(&str, &str); 27] = [
    ("/.well-known/sgcaptcha/", "SiteGround"),
    ("/cdn-cgi/challenge-platform/", "Cloudflare"),
    ("cf-chl-", "Cloudflare"),
    ("<title>just a moment...</title>", "Cloudflare"),
    ("attention required! | cloudflare", "Cloudflare"),
    ("/.within.website/x/cmd/anubis", "Anubis"),
    ("making sure you&#39;re not a bot", "Anubis"),
    ("making sure you're not a bot", "Anubis"),
    ("_incapsula_resource", "Imperva"),
    ("incapsula incident id", "Imperva"),
    ("errors.edgesuite.net", "Akamai"),
    ("sucuri website firewall", "Sucuri"),
    ("sucuri_cloudproxy", "Sucuri"),
    ("captcha-delivery.com", "DataDome"),
    ("px-captcha", "HUMAN"),
    ("_pxhd", "HUMAN"),
    ("token.awswaf.com", "AWS"),
    ("awswafcookiedomainlist", "AWS"),
    ("ddos-guard", "DDoS-Guard"),
    ("/vddosw3data.js", "vDDoS"),
    ("wordfence", "Wordfence"),
    ("git.gammaspectra.live/git/go-away", "go-away"),
    ("kasada", "Kasada"),
    ("cf-turnstile", ""),
    ("g-recaptcha", ""),
    ("h-captcha", ""),
    ("verify you are human", ""),
];

/// Bytes of a page that are looked at: walls are short, and what they are stands at their beginning.
pub(super) const LOOK: usize = 64 << 10;

/// Whose wall an answer's header is; empty where that is not known.
pub(super) fn by_field<'a>(
    fields: impl Iterator<Item = (&'a str, &'a [u8])>,
) -> Option<&'static str> {
    let is_wall = |name: &str, value: &[u8]| {
        FIELDS.iter().find(|(field, start, _)| {
            let begins = value.get(..start.len()).unwrap_or_default();
            *field == name && begins.eq_ignore_ascii_case(start.as_bytes()) && !is_past(name, value)
        })
    };
    let mut found = fields.filter_map(|(name, value)| is_wall(name, value));
    found.next().map(|(_, _, whose)| *whose)
}

/// Some say in the same field that a visitor has passed, or take their cookie back.
fn is_past(name: &str, value: &[u8]) -> bool {
    let value = String::from_utf8_lossy(value).to_ascii_lowercase();
    match name {
        "x-amzn-waf-action" => !matches!(value.as_str(), "challenge" | "captcha" | "block"),
        "set-cookie" => value.contains("max-age=0") || value.contains("=;"),
        _ => false,
    }
}

/// Whose wall a page is; empty where that is not known. A page of a feed's site may name any of
/// these, so that a page alone is asked where a feed was expected and none was there.
pub(super) fn by_page(body: &[u8]) -> Option<&'static str> {
    let start = &body[..body.len().min(LOOK)];
    let text = String::from_utf8_lossy(start).to_ascii_lowercase();
    let found = WORDS.iter().find(|(word, _)| text.contains(word));
    found.map(|(_, whose)| *whose)
}

/// What is said of it.
pub(super) fn message(whose: &str) -> String {
    let of = if whose.is_empty() {
        String::new()
    } else {
        format!(" of {whose}")
    };
    format!("a wall{of} keeps programs out: its owner can let this one in, by its `User-Agent`")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn knows_walls_by_their_fields() {
        let of = |name: &'static str, value: &'static str| {
            by_field([("server", b"x".as_slice()), (name, value.as_bytes())].into_iter())
        };
        assert_eq!(of("cf-mitigated", "challenge"), Some("Cloudflare"));
        assert_eq!(of("sg-captcha", "challenge"), Some("SiteGround"));
        assert_eq!(of("x-amzn-waf-action", "challenge"), Some("AWS"));
        assert_eq!(of("x-amzn-waf-action", "allow"), None);
        assert_eq!(
            of("set-cookie", "techaro.lol-anubis-auth-x=eyJ; Path=/"),
            Some("Anubis")
        );
        assert_eq!(of("set-cookie", "techaro.lol-anubis-x=; Max-Age=0"), None);
        assert_eq!(of("cf-ray", "8f0"), None);
    }

    #[test]
    fn knows_walls_by_their_pages() {
        let page = "<html><title>Just a moment...</title></html>";
        assert_eq!(by_page(page.as_bytes()), Some("Cloudflare"));
        assert_eq!(by_page(b"<p>Please verify you are human.</p>"), Some(""));
        assert_eq!(by_page(b"<h1>The harbour letter</h1>"), None);
        let far = [vec![b' '; LOOK], b"g-recaptcha".to_vec()].concat();
        assert_eq!(by_page(&far), None);
    }
}
