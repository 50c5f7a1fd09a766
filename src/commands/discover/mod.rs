//! `newsdesk sources discover`: from the links of past issues to sources worth polling.

mod add;
mod choose;
mod past;
mod show;

use std::collections::BTreeMap;
use std::io::IsTerminal as _;
use std::time::Duration;

use chrono::{DateTime, Utc};
use indicatif::{ProgressBar, ProgressStyle};
use newsdesk::config::{Config, duration};
use newsdesk::discover::{self, Link, Options, Polled, Proposal, Report, Search};
use newsdesk::explore::{Believe, End, Event, Network, Setting, fill};
use newsdesk::model::{Issue, Origin, Source};
use newsdesk::poll::Clock as _;
use newsdesk::publish::files::read_issues;
use newsdesk::store::{Added, Store};

use super::{Context, Found, Time, count, say};

pub(super) use self::add::behind;
pub(super) use self::past::bring;

/// So many proposals are shown unless all are asked for.
const SHOWN: usize = 40;

/// The arguments of `sources discover`.
#[derive(Debug, clap::Args)]
#[expect(clippy::struct_excessive_bools, reason = "each is a flag")]
pub(super) struct Args {
    /// Add what is proposed: every feed that enough readings link to
    #[arg(long)]
    add: bool,
    /// How many readings have to link to a feed for it to be proposed
    #[arg(long, value_name = "N", default_value_t = 1)]
    at_least: usize,
    /// Ask nobody: say what rules alone know
    #[arg(long, conflicts_with = "back")]
    offline: bool,
    /// Ask again what an earlier run found out
    #[arg(long, conflicts_with = "offline")]
    fresh: bool,
    /// Show every proposal, not only the first forty
    #[arg(long)]
    all: bool,
    /// Propose the feeds of papers' authors and others that are proposed on request only
    #[arg(long)]
    authors: bool,
    /// Stop asking after this time; the next run goes on
    #[arg(long = "for", value_name = "TIME", default_value = "5m", value_parser = duration::parse)]
    time: Duration,
    /// Bring the past of what is added with it, as deep as this: `2y`, `90d`
    #[arg(long, value_name = "TIME", value_parser = duration::parse)]
    back: Option<Duration>,
    /// Print one object with all that was found
    #[arg(long)]
    json: bool,
}

/// Proposes sources, and adds those that are asked for.
pub(super) fn run(context: &Context, args: &Args) -> anyhow::Result<Found> {
    let config = context.config()?;
    let links = links(&config)?;
    super::store::in_runtime(async {
        let polled = polled(&config).await?;
        let options = Options {
            on_request: args.authors,
            ..Options::default()
        };
        let mut search = Search::new(&links, &polled, options);
        let clock = Time::of(context);
        let network = if args.offline {
            None
        } else {
            Some(explore((&config, &clock), args, &mut search).await?)
        };
        let mut report = discover::propose(&links, search.finish(), &polled);
        report
            .proposals
            .retain(|it| it.evidence.readings >= args.at_least);
        let found = Finding {
            links: &links,
            report: &report,
            network: network.as_ref(),
        };
        decide(context, &config, args, &found).await
    })
}

/// Says how many sources are known to stand behind past links and are not polled. Asks nobody.
pub(super) fn after_poll(context: &Context, config: &Config) -> anyhow::Result<()> {
    let links = links(config)?;
    super::store::in_runtime(async {
        let polled = polled(config).await?;
        let mut search = Search::new(&links, &polled, Options::default());
        let none = BTreeMap::new();
        let clock = Time::of(context);
        let asking = asking(config, &clock, Duration::ZERO, Believe::Everything, none);
        Network::new(asking).remember(&mut search);
        let report = discover::propose(&links, search.finish(), &polled);
        let new = report.proposals.iter().filter(|it| it.known.is_none());
        match new.count() {
            0 => Ok(()),
            1 => say(
                "1 source behind past links is not polled; `newsdesk sources discover` shows it",
            ),
            many => say(&format!(
                "{many} sources behind past links are not polled; `newsdesk sources discover` shows them"
            )),
        }
    })
}

/// What all readable issues link to.
fn links(config: &Config) -> anyhow::Result<Vec<Link>> {
    let issues: Vec<Issue> = read_issues(config, &[])?
        .into_iter()
        .filter(|read| read.right)
        .filter_map(|read| read.issue)
        .collect();
    Ok(discover::links(&issues, &config.issues.newsletter.base_url))
}

async fn explore<'a>(
    (config, clock): (&'a Config, &'a Time),
    args: &Args,
    search: &mut Search,
) -> anyhow::Result<(Network<'a>, End)> {
    let now = clock.now();
    let pauses = match existing(config).await? {
        Some(store) => store.host_pauses(now).await?,
        None => BTreeMap::new(),
    };
    let believe = if args.fresh {
        Believe::Nothing
    } else {
        Believe::Everything
    };
    let mut network = Network::new(asking(config, clock, args.time, believe, pauses));
    let bar = bar();
    let mut told = |event: Event| draw(&bar, event);
    let end = tokio::select! {
        end = network.explore(search, &mut told) => end?,
        _ = tokio::signal::ctrl_c() => End::Stopped,
    };
    network.keep()?;
    bar.finish_and_clear();
    if let Some(store) = existing(config).await? {
        store.record(&[], &network.pauses(), now).await?;
    }
    match end {
        End::Done => {}
        End::Enough => say(&format!(
            "some hosts were asked enough for one run{}; run it again to go on",
            left(&network, search)
        ))?,
        End::OutOfTime => say(&format!(
            "the time was up after {}{}; run it again to go on where it stopped",
            count(network.requests, "request"),
            left(&network, search)
        ))?,
        End::Stopped => say(&format!(
            "stopped after {}; what was found is kept, and the next run goes on",
            count(network.requests, "request")
        ))?,
        End::Offline => say("there seems to be no network; only rules were used")?,
    }
    Ok((network, end))
}

/// The store, if there is one: looking makes none.
async fn existing(config: &Config) -> anyhow::Result<Option<Store>> {
    if config.store.place.exists() {
        return Ok(Some(Store::open(&config.store).await?));
    }
    Ok(None)
}

/// What is polled already.
async fn polled(config: &Config) -> anyhow::Result<Vec<Polled>> {
    let as_polled = |source: &Source| Polled {
        url: source.url.clone(),
        site: source.site.clone(),
    };
    let mut polled: Vec<Polled> = config.sources.iter().map(as_polled).collect();
    if let Some(store) = existing(config).await? {
        for known in store.sources().await? {
            let known = as_polled(&known.source);
            if !polled.iter().any(|it| it.url == known.url) {
                polled.push(known);
            }
        }
    }
    Ok(polled)
}

/// What is left to ask, for a person: ` (57 addresses of youtube.com are left)`.
fn left(network: &Network<'_>, search: &Search) -> String {
    let left = network.left(search);
    let all: usize = left.iter().map(|(_, count)| count).sum();
    let Some((host, most)) = left.first() else {
        return String::new();
    };
    let are = if all == 1 { "is" } else { "are" };
    let all = address_count(all);
    if left.len() == 1 {
        return format!(" ({all} of {host} {are} left)");
    }
    format!(" ({all} {are} left, {most} of {host})")
}

fn address_count(count: usize) -> String {
    let noun = if count == 1 { "address" } else { "addresses" };
    format!("{count} {noun}")
}

/// What a run found.
struct Finding<'a> {
    links: &'a [Link],
    report: &'a Report,
    /// What asked for it, and why it ended.
    network: Option<&'a (Network<'a>, End)>,
}

/// Prints what was found and adds what was asked for.
async fn decide(
    context: &Context,
    config: &Config,
    args: &Args,
    found: &Finding<'_>,
) -> anyhow::Result<Found> {
    let Finding {
        links,
        report,
        network,
    } = *found;
    let stopped = network.is_some_and(|(_, end)| *end == End::Stopped);
    let new: Vec<&Proposal> = report
        .proposals
        .iter()
        .filter(|it| it.known.is_none())
        .collect();
    let mut chosen: Vec<&Proposal> = Vec::new();
    if args.add && !stopped {
        // What nobody has read is no feed yet.
        chosen.extend(new.iter().filter(|it| !it.second && it.summary.is_some()));
        let unread = new.iter().filter(|it| !it.second && it.summary.is_none());
        let unread = unread.count();
        if unread > 0 {
            say(&format!(
                "{} not read yet and so not added; run it again to go on",
                if unread == 1 {
                    "1 feed was".to_owned()
                } else {
                    format!("{unread} feeds were")
                }
            ))?;
        }
    }
    let most = if args.all { usize::MAX } else { SHOWN };
    if args.json {
        super::print(&show::json(report, links, &chosen))?;
    } else {
        super::print(&show::text(report, links, context.now, most))?;
        if !args.add && !new.is_empty() && !stopped && choose::can_ask() {
            choose::end_on_interrupt();
            chosen = choose::ask(&new[..new.len().min(most)])?;
        }
    }
    if chosen.is_empty() {
        return Ok(Found::Nothing);
    }
    let network = network.map(|(network, _)| network);
    let added = add_all(context, config, &chosen, network).await?;
    say(&format!("added {}", count(added.len(), "source")))?;
    if let Some(back) = args.back {
        past::bring(context, config, &added, back, args.time).await?;
    }
    Ok(Found::Nothing)
}

async fn add_all(
    context: &Context,
    config: &Config,
    chosen: &[&Proposal],
    network: Option<&Network<'_>>,
) -> anyhow::Result<Vec<newsdesk::model::SourceId>> {
    let store = super::store::open(context, config).await?;
    let mut added = Vec::new();
    for proposal in chosen {
        let source = Source {
            site: proposal.site.clone(),
            kind: proposal.kind,
            ..Source::new(proposal.url.clone(), Origin::Discovered)
        };
        if let Added::New(id) = store.add(&source, context.now).await? {
            added.push(id);
            let entries = network.map(|it| it.entries(&proposal.url));
            fill(&store, id, entries.unwrap_or_default(), context.now).await?;
        }
    }
    store.close().await;
    Ok(added)
}

/// What asking is given.
fn asking<'a>(
    config: &'a Config,
    clock: &'a Time,
    time: Duration,
    believe: Believe,
    pauses: BTreeMap<String, DateTime<Utc>>,
) -> Setting<'a> {
    Setting {
        options: &config.poll,
        root: &config.root,
        clock,
        time,
        believe,
        pauses,
    }
}

/// A bar on a terminal; nothing elsewhere.
fn bar() -> ProgressBar {
    let bar = ProgressBar::new(0);
    if let Ok(style) = ProgressStyle::with_template("{bar:30} {pos}/{len} asked, {elapsed}") {
        bar.set_style(style);
    }
    bar
}

fn draw(bar: &ProgressBar, event: Event) {
    match event {
        Event::More(more) => bar.set_length(bar.position() + more as u64),
        Event::Asked => bar.inc(1),
    }
}

/// Whether a person sits there and can be asked.
fn is_terminal() -> bool {
    std::io::stdin().is_terminal() && std::io::stdout().is_terminal()
}
