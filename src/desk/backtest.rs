//! The backtest, measured beside everything else when somebody asks for it.

use chrono::{DateTime, Utc};

use super::answers::{Backtest, Begin, Measured};
use super::error::Error;
use super::known::Known;
use super::outcome::Outcome;
use super::{Desk, open, wait};

impl Desk {
    pub(super) fn measure(&self, begin: Begin, now: DateTime<Utc>) -> Backtest {
        let mut known = open(&self.0.backtest);
        if begin == Begin::Yes && !known.is_running {
            known.is_running = true;
            let desk = self.clone();
            let runtime = tokio::runtime::Handle::try_current();
            let run = move || {
                let measured = desk.replay(now).unwrap_or_else(|error| Measured {
                    at: now,
                    verdict: format!("it could not be measured: {error}"),
                    ..Measured::default()
                });
                *open(&desk.0.backtest) = Backtest {
                    outcome: Some(measured),
                    is_running: false,
                };
            };
            match runtime {
                Ok(runtime) => drop(runtime.spawn_blocking(run)),
                Err(_) => drop(std::thread::spawn(run)),
            }
        }
        known.clone()
    }

    fn replay(&self, now: DateTime<Utc>) -> Result<Measured, Error> {
        let (known, items) = wait(async {
            let known = Known::gather(self.config(), self.store(), now).await?;
            let items = known.items(self.store()).await?;
            Ok((known, items))
        })?;
        let outcome = Outcome::of(&known, &items)?;
        let verdict = outcome.verdict();
        Ok(Measured {
            at: now,
            text: outcome.text(),
            verdict: verdict.lines().next().unwrap_or_default().to_owned(),
            plot: outcome.plot(self.config()),
        })
    }
}
