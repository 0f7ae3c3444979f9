//! One fetch by hand, for commands: the fetcher's client and address policy, redirects followed as people expect.

use anyhow::{Context as _, Result, bail};
use fetcher::exchange::{Answer, Purpose, Request, Response};
use kit::config::Config;
use schemas::canonical::host_of;
use schemas::id::SourceId;

use crate::roles;

/// The response to a GET of `url` and the address that gave it, after at most five redirects.
pub(crate) fn get(config: &Config, url: &str) -> Result<(String, Response)> {
    let client = roles::client(config)?;
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    let mut url = url.to_owned();
    for _ in 0..=5 {
        let request = Request {
            url: url.clone(),
            host: host_of(&url).with_context(|| format!("{url:?} is no http or https URL"))?,
            purpose: Purpose::Feed(SourceId::of_url(&url)),
            headers: Vec::new(),
            form: Vec::new(),
            max_body_bytes: 20 * 1024 * 1024,
            ..Request::default()
        };
        match runtime.block_on(client.fetch(&request)) {
            Answer::Response(response) => match (response.status, response.header("location")) {
                (301 | 302 | 303 | 307 | 308, Some(location)) => {
                    url = url::Url::parse(&url)?
                        .join(location)
                        .context("a redirect to no URL")?
                        .into();
                }
                (200..=299, _) => return Ok((url, response)),
                (status, _) => bail!("{url} answers with status {status}"),
            },
            Answer::Failure(failure) => bail!("can't fetch {url}: {} ({})", failure.kind.as_str(), failure.detail),
        }
    }
    bail!("more than five redirects, the last one to {url}")
}
