//! One request to a hub, and its redirects.

use reqwest::Response;
use reqwest::header::{CONTENT_TYPE, HOST, HeaderMap};
use tokio::time::timeout;
use url::Url;

use super::visit::{Failure, Fetcher, bare, by_way_of, drain, insert, redirect};
use super::words;
use crate::model::{Manner, Outcome};
use crate::poll::subscribe::is_private;

/// Redirects that are followed.
const HOPS: usize = 3;

impl Fetcher {
    /// Sends a form to a hub (`WebSub`, section 5.1) and gives the status of its answer. Redirects
    /// are followed where they keep the method (307, 308); a form with a secret is sent to nobody
    /// on whose way somebody can listen.
    ///
    /// # Errors
    ///
    /// Where it may not be asked, or there was no answer.
    pub async fn ask_hub(&self, hub: &Url, form: &str, secret: bool) -> Result<u16, Failure> {
        let whole = self.options.whole;
        let asked = timeout(whole, self.follow_hub(hub, form, secret)).await;
        asked.unwrap_or_else(|_| {
            let message = format!("not done after {} s", whole.as_secs_f32());
            Err(Failure::new(Outcome::TimedOut, message))
        })
    }

    async fn follow_hub(&self, hub: &Url, form: &str, secret: bool) -> Result<u16, Failure> {
        let mut url = hub.clone();
        for _ in 0..=HOPS {
            self.allowed.check(&url)?;
            if secret && !is_private(url.as_str()) {
                let message = "the hub leads to where a secret would be sent in the open";
                return Err(Failure::new(Outcome::Refused, message));
            }
            let response = self.post(&url, form).await?;
            let status = response.status().as_u16();
            let to = redirect(&response, &url).filter(|_| matches!(status, 307 | 308));
            drain(response).await;
            match to {
                Some(to) => url = to,
                None => return Ok(status),
            }
        }
        let message = format!("more than {HOPS} redirects");
        Err(Failure::new(Outcome::Refused, message))
    }

    async fn post(&self, url: &Url, form: &str) -> Result<Response, Failure> {
        let target = self.options.stand_ins.target(url);
        let (client, way) = self.client(url, &target, &Manner::default()).await?;
        let mut headers = HeaderMap::new();
        if target != *url {
            insert(&mut headers, HOST, url.host_str());
        }
        let asked = client
            .post(bare(&target))
            .headers(headers)
            .header(CONTENT_TYPE, "application/x-www-form-urlencoded")
            .body(form.to_owned());
        let sent = asked.send().await;
        sent.map_err(|error| by_way_of(&way, words::failure(&error)))
    }
}
