//! What a site says about the use of its pages: `/.well-known/tdmrep.json` of each host, asked for like its robots.txt,
//! and what robots.txt and a response's own headers say. Reported with each page, never a reason not to fetch it.

use schemas::canonical::host_of;
use schemas::fetched::FetchedRights;
use schemas::memory::fetcher::{FetcherMemory, TdmState};
use schemas::time::Timestamp;
use stage::Decision;

use super::backoff::DAY;
use super::robots_file::{self, Standing};
use super::{Fetcher, Next, Step};
use crate::exchange::{Answer, Purpose, Request, Response};
use crate::robots::opt_outs;
use crate::tdm::{BYTES_MAX, Tdm, TdmFile, WELL_KNOWN_PATH};

/// The request that comes before that for the page at `page_url`; `None` when the file is known, or not to be asked for.
///
/// The file is asked for once a day whatever comes of it, so that a page waits for it for one request at most.
pub(super) fn request(fetcher: &Fetcher, host: &str, page_url: &str, now: Timestamp) -> Option<Next> {
    let known = fetcher.hosts.get(host).and_then(|known| known.tdm.as_ref());
    let is_known = known.is_some_and(|known| now < known.state.expires_at);
    let (scheme, _) = page_url.split_once("://")?;
    let url = format!("{scheme}://{host}{WELL_KNOWN_PATH}");
    let may_be_asked = robots_file::standing(fetcher, host, &url, now) == Standing::Allowed;
    (fetcher.settings.ask_tdmrep && !is_known && may_be_asked).then(|| {
        Next::Request(Box::new(Request {
            url,
            host: host.to_owned(),
            purpose: Purpose::Tdm(host.to_owned()),
            headers: vec![("Accept".to_owned(), "application/json, */*;q=0.5".to_owned())],
            max_body_bytes: BYTES_MAX,
            ..Request::default()
        }))
    })
}

/// What follows from the answer. Where it can't be read, the rules of the day before stay; where it is not there, there
/// are none. A redirect is not followed: the file speaks for its own host only.
pub(super) fn answered(fetcher: &Fetcher, host: &str, url: &str, answer: &Answer, now: Timestamp) -> Step {
    let known = fetcher.hosts.get(host).and_then(|known| known.tdm.as_ref());
    let rules = match answer {
        Answer::Response(response) => match response.status {
            200..=299 => TdmFile::parse(&response.body, url).to_text(),
            300..=399 | 400..=428 | 430..=499 => String::new(),
            _ => known.map_or(String::new(), |known| known.state.rules.clone()),
        },
        Answer::Failure(_) => known.map_or(String::new(), |known| known.state.rules.clone()),
    };
    Step::new(Decision::done()).and_remember(FetcherMemory::Tdm(TdmState {
        host: host.to_owned(),
        read_at: now,
        expires_at: now.plus_millis(DAY),
        rules,
    }))
}

/// What is known about the use of the page at `url`; `response` is the page's own, when it was fetched. Its header
/// counts before the site's file.
pub(super) fn known(fetcher: &Fetcher, url: &str, response: Option<&Response>) -> FetchedRights {
    let host = host_of(url).and_then(|host| fetcher.hosts.get(&host));
    let robots = host.and_then(|host| host.robots.as_ref());
    let mut ai_opt_outs = robots.map_or_else(Vec::new, |robots| robots.opt_outs.refused_for(url));
    let usage = response
        .into_iter()
        .flat_map(|response| response.headers_named("content-usage"));
    for refused in usage.flat_map(opt_outs::refused_by_header) {
        if !ai_opt_outs.contains(&refused) {
            ai_opt_outs.push(refused);
        }
    }
    let of_headers = response
        .and_then(|response| Tdm::of_headers(response.header("tdm-reservation"), response.header("tdm-policy"), url));
    let of_file = || host?.tdm.as_ref()?.file.for_url(url);
    let tdm = of_headers.or_else(of_file);
    FetchedRights {
        ai_opt_outs,
        tdm_reserved: tdm.as_ref().map(|tdm| tdm.reserved),
        tdm_policy: tdm.and_then(|tdm| tdm.policy),
    }
}
