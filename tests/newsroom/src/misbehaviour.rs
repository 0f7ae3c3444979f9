//! Sites that behave badly on purpose, and what a good fetcher makes of each.
//!
//! Every row of the table is a site on a port of its own: what it does wrong, the URL to subscribe to, and what should
//! come of it as data ([`Expect`]). Where its row says nothing a site is a good one, so each differs from a good site
//! in one thing. Articles that are expected to come out are our own writing and none like another (see `story`); they
//! are in no feed of the press, so the truth table of the press holds with and without misbehaving sites.
//!
//! Rows run only with [`crate::Options::hostile`]. Two sites serve all rows: `elsewhere`, a good one that redirects may
//! lead to, and `vault`, which listens where no request may go. A row's requests are in the access log under its name.
//!
//! Read [`Hostile::judge`] for how expectations are compared with what came; `row` for how a row is written down.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};

use serde::Serialize;
use tokio::net::TcpListener;
use tokio::sync::watch;
use tokio::task::JoinHandle;

mod answer;
mod articles;
mod charsets;
mod codings;
mod discovery;
mod document;
mod entries;
mod expect;
mod feeds;
mod injection;
mod judge;
mod pages;
mod redirects;
mod refusals;
mod robots;
mod row;
mod several;
mod statuses;
mod story;
mod transfer;
mod validators;
mod wire;

pub use expect::{Expect, Seen, SeenArticle, SeenFate, SeenSource};
pub use story::Text;

use crate::access::{Exchange, Hit};
use crate::politeness::SiteRules;
use crate::press::Press;
use crate::{Options, StartError, server};
use answer::{Answer, HTML};
use row::{Asked, Place, Row};
use wire::Request;

/// One misbehaving site.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Hostile {
    /// Unique, in kebab case; the key of the site in the access log.
    pub name: String,
    /// What it does wrong, one line.
    pub does: String,
    /// The URL to subscribe to.
    pub subscribe: String,
    /// What should come of it.
    pub expectations: Vec<Expect>,
}

/// The good site that redirects lead to.
const ELSEWHERE: &str = "elsewhere";
/// The site that no request may reach.
pub(super) const VAULT: &str = "vault";

/// All rows, in the order of their ports.
fn rows() -> Vec<Row> {
    let families = [
        transfer::rows(),
        codings::rows(),
        redirects::rows(),
        refusals::rows(),
        statuses::rows(),
        validators::rows(),
        discovery::rows(),
        feeds::rows(),
        entries::rows(),
        robots::rows(),
        pages::rows(),
        articles::rows(),
        several::rows(),
        charsets::rows(),
        injection::rows(),
    ];
    families.into_iter().flatten().collect()
}

/// What each misbehaving site asks of its clients, by its key. Paths that must not be requested are expectations.
pub(crate) fn politeness(table: &[Hostile]) -> Vec<(String, SiteRules)> {
    let rules = table.iter().map(|hostile| {
        let after_host = hostile.subscribe.splitn(4, '/').nth(3).unwrap_or_default();
        let delayed = hostile.name == robots::DELAYED;
        let rules = SiteRules {
            crawl_delay_ms: if delayed { robots::CRAWL_DELAY_SECONDS * 1000 } else { 0 },
            feeds: vec![format!("/{after_host}")],
            page_prefixes: vec!["/story/".to_owned()],
            disallowed_prefixes: Vec::new(),
        };
        (hostile.name.clone(), rules)
    });
    let elsewhere = SiteRules {
        page_prefixes: vec!["/story/".to_owned()],
        ..SiteRules::default()
    };
    rules.chain([(ELSEWHERE.to_owned(), elsewhere)]).collect()
}

/// A site at its place.
#[derive(Debug)]
struct Site {
    press: Arc<Press>,
    row: Row,
    place: Place,
    /// By path: how often it was asked for.
    asked: Mutex<BTreeMap<String, usize>>,
}

impl wire::Answers for Site {
    fn answer(&self, request: &Request, hit: Hit) -> (Exchange<'_>, Answer) {
        let exchange = self.press.access.arrived(Hit {
            site: self.row.name.to_owned(),
            ..hit
        });
        let earlier = {
            let mut asked = self.asked.lock().unwrap_or_else(PoisonError::into_inner);
            let count = asked.entry(request.path.clone()).or_default();
            *count += 1;
            *count - 1
        };
        let answer = self.row.answer(&Asked {
            place: &self.place,
            path: &request.path,
            earlier,
            if_none_match: request.header("If-None-Match"),
            if_modified_since: request.header("If-Modified-Since"),
        });
        (exchange, answer)
    }
}

/// The good site: `/story/SLUG` is an article, `/feed/SLUG.xml` a feed of it.
fn elsewhere() -> Row {
    Row::new(ELSEWHERE, "is a good site").answers(|asked| {
        if let Some(rules) = asked.path.strip_prefix("/robots/") {
            return Some(robots::rules_elsewhere(rules.trim_end_matches(".txt")));
        }
        let slug = asked.path.strip_prefix("/feed/")?.strip_suffix(".xml")?;
        let url = asked.place.url(&format!("/story/{slug}"));
        Some(Asked::feed_of(&[story::text(slug, url)]))
    })
}

/// The site that must not be reached: whatever it is asked for, it has a secret.
fn vault() -> Row {
    Row::new(VAULT, "must not be reached").answers(|_| {
        Some(Answer::document(
            HTML,
            "<!DOCTYPE html><title>Secret</title><p>Credentials</p>\n",
        ))
    })
}

/// The listeners of all misbehaving sites.
#[derive(Debug)]
pub(crate) struct Bound {
    sites: Vec<(Row, TcpListener, String)>,
    vault: (TcpListener, u16),
}

/// Binds a port for each row, for `elsewhere` and for `vault`, behind those of the press.
pub(crate) async fn bind(options: &Options) -> Result<Bound, StartError> {
    let first = crate::site::SITES.len();
    let mut sites = Vec::new();
    for (offset, row) in std::iter::once(elsewhere()).chain(rows()).enumerate() {
        let (listener, address) = server::bind_one(options, first + 1 + offset).await?;
        sites.push((row, listener, format!("http://{address}")));
    }
    let (listener, _) = server::bind_one(options, first).await?;
    let port = listener.local_addr().map_or(0, |address| address.port());
    Ok(Bound {
        sites,
        vault: (listener, port),
    })
}

/// Serves all misbehaving sites until `stopped`; gives the table and the servers.
pub(crate) async fn serve(
    bound: Bound,
    press: &Arc<Press>,
    stopped: &watch::Receiver<bool>,
) -> (Vec<Hostile>, Vec<JoinHandle<()>>) {
    let (vault_listener, vault_port) = bound.vault;
    let elsewhere = bound.sites.first().map(|(_, _, base)| base.clone()).unwrap_or_default();
    let place = |name, base| Place {
        name,
        base,
        elsewhere: elsewhere.clone(),
        vault_port,
    };
    let start = |row: Row, listener, place| {
        let asked = Mutex::default();
        let press = Arc::clone(press);
        let site = Site {
            press,
            row,
            place,
            asked,
        };
        tokio::spawn(wire::serve(listener, Arc::new(site), stopped.clone()))
    };
    let (mut table, mut servers) = (Vec::new(), Vec::new());
    for (row, listener, base) in bound.sites {
        let place = place(row.name, base);
        if row.name != ELSEWHERE {
            table.push(Hostile {
                name: row.name.to_owned(),
                does: row.does.to_owned(),
                subscribe: place.url(row.subscribe),
                expectations: row.expectations(&place),
            });
        }
        servers.push(start(row, listener, place));
    }
    servers.push(start(vault(), vault_listener, place(VAULT, String::new())));
    // Where the machine has IPv6 its loopback address, which operators allow apart, leads to the vault as well.
    if let Ok(listener) = TcpListener::bind(("::1", vault_port)).await {
        servers.push(start(vault(), listener, place(VAULT, String::new())));
    }
    (table, servers)
}
