//! A request on its way through redirects, with the cookies that it is given on the way.

use std::sync::Arc;

use reqwest::cookie::{CookieStore as _, Jar};
use reqwest::header::{HeaderMap, HeaderValue, SET_COOKIE};
use url::Url;

use super::visit::{Failure, Request, shown};
use crate::model::Outcome;
use crate::poll::answer::Hop;

/// Redirects that are followed; browsers and the Fetch standard go twice as far.
const HOPS: usize = 10;

/// Bytes of cookies that are sent; servers take no more.
const COOKIES: usize = 8 << 10;

/// A request on its way through redirects.
#[derive(Clone, Debug)]
pub struct Journey {
    pub(super) request: Request,
    pub(super) start: Url,
    /// Who is to be asked next.
    pub(super) url: Url,
    pub(super) hops: Vec<Hop>,
    /// What servers gave on the way: for this journey alone.
    cookies: Arc<Jar>,
    /// Where it was, with the cookies that it had there.
    been: Vec<(Url, Option<HeaderValue>)>,
    /// The name of the last cookie.
    last_cookie: Option<String>,
}

impl Journey {
    /// Before anybody was asked.
    ///
    /// # Errors
    ///
    /// Where the request has no address.
    pub fn new(request: Request) -> Result<Self, Failure> {
        let start = Url::parse(&request.url)
            .map_err(|error| Failure::new(Outcome::Refused, format!("not an address: {error}")))?;
        Ok(Self {
            url: start.clone(),
            start,
            request,
            hops: Vec::new(),
            cookies: Arc::default(),
            been: Vec::new(),
            last_cookie: None,
        })
    }

    /// Who is to be asked next.
    pub fn url(&self) -> &Url {
        &self.url
    }

    /// What is to be sent as `Cookie` now.
    pub(super) fn cookies(&self) -> Option<HeaderValue> {
        let cookies = self.cookies.cookies(&self.url)?;
        (cookies.len() <= COOKIES).then_some(cookies)
    }

    /// A redirect leads on. Cookies that came with it go along: some servers let nobody in who
    /// does not bring them back.
    pub(super) fn turn(&mut self, status: u16, to: Url, header: &HeaderMap) -> Result<(), Failure> {
        if self.hops.len() >= HOPS {
            return Err(self.lost(format!("more than {HOPS} redirects")));
        }
        self.been.push((self.url.clone(), self.cookies()));
        let mut given = header.get_all(SET_COOKIE).iter().peekable();
        if let Some(cookie) = given.peek() {
            let text = String::from_utf8_lossy(cookie.as_bytes());
            let name = text.split(['=', ';']).next().unwrap_or_default();
            self.last_cookie = Some(name.trim().chars().take(40).collect());
        }
        self.cookies.set_cookies(&mut given, &self.url);
        self.hops.push(Hop {
            status,
            to: to.clone(),
        });
        self.url = to;
        let again = (&self.url, &self.cookies());
        if self
            .been
            .iter()
            .any(|(url, cookies)| (url, cookies) == again)
        {
            let message = format!("redirects lead in a circle: {}", shown(&self.url));
            return Err(self.lost(message));
        }
        Ok(())
    }

    fn lost(&self, message: String) -> Failure {
        let cookie = self.last_cookie.as_ref().map_or_else(String::new, |name| {
            format!(
                "; the server sets the cookie `{name}`, which was sent back: it may let nobody \
                 but browsers in"
            )
        });
        Failure::new(Outcome::Refused, message + &cookie)
    }
}
