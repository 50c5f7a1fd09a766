//! The header fields of an answer that matter.

use reqwest::header::{
    AGE, CACHE_CONTROL, CONTENT_TYPE, ETAG, EXPIRES, HeaderMap, HeaderName, LAST_MODIFIED, LINK,
    RETRY_AFTER,
};

use super::visit::to_text;
use crate::poll::answer::Fields;
use crate::poll::rate::Rate;
use crate::poll::wall;

pub(super) fn fields(headers: &HeaderMap) -> Fields {
    let text = |value: &reqwest::header::HeaderValue| to_text(value.as_bytes());
    let first = |name: HeaderName| headers.get(name).map(text);
    let controls: Vec<String> = headers.get_all(CACHE_CONTROL).iter().map(text).collect();
    let all = headers
        .iter()
        .map(|(name, value)| (name.as_str(), value.as_bytes()));
    Fields {
        etag: first(ETAG),
        last_modified: first(LAST_MODIFIED),
        cache_control: (!controls.is_empty()).then(|| controls.join(",")),
        expires: first(EXPIRES),
        age: first(AGE),
        retry_after: first(RETRY_AFTER),
        rate: Rate::read(|name| headers.get(name).map(text)),
        wall: wall::by_field(all),
        content_type: first(CONTENT_TYPE),
        links: headers.get_all(LINK).iter().map(text).collect(),
    }
}
