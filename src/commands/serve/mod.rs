//! `newsdesk serve`: the documents, and the review pages, over HTTP.

use std::io::{self, Write as _};
use std::net::SocketAddr;
use std::sync::Arc;

use chrono::{DateTime, Utc};
use newsdesk::config::Config;
use newsdesk::desk::Desk;
use newsdesk::poll::Clock as _;
use newsdesk::server::{Answered, Event, Options, Server, Setting};

mod hubs;

use super::{Context, Found, Time, instant, say, shown};

/// The arguments of `serve`.
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// Listen here instead of where config.toml says; port 0 is any that is free
    #[arg(long, value_name = "ADDRESS:PORT")]
    address: Option<SocketAddr>,
    /// Serve the documents alone
    #[arg(long)]
    no_review: bool,
    /// Print a line for each request to standard error
    #[arg(long)]
    log: bool,
}

/// Serves until it is told to stop.
pub(super) fn run(context: &Context, args: &Args) -> anyhow::Result<Found> {
    let config = context.config()?;
    let mut options = config.server.clone();
    if let Some(address) = args.address {
        options.address = address;
    }
    if args.no_review {
        options.review = None;
    }
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()?;
    let served = runtime.block_on(serve(context, config, options, args.log));
    // What still runs on a thread of its own has had its time.
    runtime.shutdown_background();
    served.map(|()| Found::Nothing)
}

async fn serve(
    context: &Context,
    config: Config,
    options: Options,
    log: bool,
) -> anyhow::Result<()> {
    let clock = Arc::new(Time::of(context));
    let store = super::store::open(context, &config).await?;
    let shown = options.clone();
    let stop = stopped()?;
    let desk = Desk::new(config.clone(), store.clone(), clock.clone());
    let server = Server::bind(Setting {
        options,
        newsletter: config.issues.newsletter.clone(),
        store: store.clone(),
        desk: desk.clone(),
        clock: clock.clone(),
        is_rehearsal: context.is_rehearsal,
        report: Arc::new(move |event| report(event, log, clock.now())),
    })
    .await?;
    announce(server.address(), &shown)?;
    if let Some(link) = server.one_time_link().await? {
        say(&way_in(&link))?;
    }
    if shown.review.is_some() {
        let now = context.now;
        // Whoever comes first does not wait; what cannot be made now is made when it is asked for.
        tokio::task::spawn_blocking(move || drop(desk.ranking(None, now)));
    }
    let asking = hubs::ask(context, &config, &shown, &store);
    tokio::select! {
        () = server.run(stop) => {}
        () = asking => {}
    }
    store.close().await;
    Ok(())
}

/// Where to find what.
fn announce(address: SocketAddr, options: &Options) -> anyhow::Result<()> {
    let here = format!("http://{address}");
    say(&format!("documents: {here}{}", options.under))?;
    if let Some(review) = &options.review {
        say(&format!("review: {here}{review}"))?;
        if !address.ip().to_canonical().is_loopback() && !options.tls {
            say(
                "warning: passwords cross the network in the open\nhint: put a server with TLS \
                 before this one and write `tls = true` into `[server]`, or name it in \
                 `trusted_proxies`",
            )?;
        }
    }
    if !options.folder.is_dir() {
        say(&format!(
            "warning: there is no folder `{}` yet\nhint: `newsdesk build` makes it; it is seen \
             without a restart",
            options.folder.display()
        ))?;
    }
    Ok(())
}

/// The way in as long as there are no accounts.
fn way_in(link: &str) -> String {
    format!("sign in, once: {link}")
}

/// Prints what is wrong, and with `--log` each request.
fn report(event: &Event<'_>, log: bool, now: DateTime<Utc>) {
    let line = match event {
        Event::Failed(story) => {
            let lines: Vec<String> = story.lines().map(shown::line).collect();
            format!("error: {}\n", lines.join("\n"))
        }
        Event::OneTimeLink(link) => format!("{}\n", way_in(link)),
        Event::Answered(answered) if log => request_line(answered, now),
        _ => return,
    };
    // Whoever closed standard error does not want to hear of it.
    let _ = io::stderr().write_all(line.as_bytes());
}

fn request_line(answered: &Answered<'_>, now: DateTime<Utc>) -> String {
    let bytes = answered
        .bytes
        .map_or("-".to_owned(), |bytes| bytes.to_string());
    let agent: String = shown::line(answered.user_agent).chars().take(200).collect();
    format!(
        "{} {} {} {} {} {bytes} {}us \"{}\"\n",
        instant(now),
        answered.client,
        shown::line(answered.method),
        shown::address(answered.path),
        answered.status,
        answered.took.as_micros(),
        agent.replace('"', "'"),
    )
}

/// Waits for Ctrl-C, or for the signal that systems send to end a program.
pub(super) fn stopped() -> anyhow::Result<impl Future<Output = ()>> {
    #[cfg(unix)]
    let mut term = tokio::signal::unix::signal(tokio::signal::unix::SignalKind::terminate())?;
    Ok(async move {
        #[cfg(unix)]
        tokio::select! {
            _ = tokio::signal::ctrl_c() => {}
            _ = term.recv() => {}
        }
        #[cfg(not(unix))]
        let _ = tokio::signal::ctrl_c().await;
    })
}
