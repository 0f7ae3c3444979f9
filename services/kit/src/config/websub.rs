//! What the options of WebSub mean together.

use super::Fetcher;

/// A secret shorter than this can be guessed.
const SECRET_BYTES_MIN: usize = 16;

impl Fetcher {
    /// True when hubs are to be subscribed to.
    #[must_use]
    pub fn has_websub(&self) -> bool {
        !self.websub_callback_url.is_empty()
    }

    /// The public address of the callback without a slash at its end, and its path.
    #[must_use]
    pub fn websub_address(&self) -> Option<(String, String)> {
        let url = url::Url::parse(&self.websub_callback_url).ok()?;
        let is_plain = url.query().is_none() && url.fragment().is_none() && url.username().is_empty();
        let is_usable = matches!(url.scheme(), "http" | "https") && url.has_host() && url.password().is_none();
        let path = url.path().trim_end_matches('/').to_owned();
        let address = url.as_str().trim_end_matches('/').to_owned();
        (is_plain && is_usable).then_some((address, path))
    }

    /// The option that is wrong, and why.
    pub(super) fn check_websub(&self) -> Result<(), (&'static str, String)> {
        if !self.has_websub() {
            return Ok(());
        }
        if self.websub_address().is_none() {
            let detail =
                "must be an http or https address without a query, such as \"https://news.example.org/websub\"";
            return Err(("fetcher.websub_callback_url", detail.to_owned()));
        }
        if self.websub_secret.len() < SECRET_BYTES_MIN {
            let detail =
                format!("must have at least {SECRET_BYTES_MIN} characters when fetcher.websub_callback_url is set");
            return Err(("fetcher.websub_secret", detail));
        }
        if self.websub_listen.is_empty() {
            let detail = "must be an address when fetcher.websub_callback_url is set".to_owned();
            return Err(("fetcher.websub_listen", detail));
        }
        if self.websub_lease_seconds == 0 || self.websub_poll_factor == 0 {
            let detail = "must not be 0".to_owned();
            return Err(("fetcher.websub_lease_seconds, fetcher.websub_poll_factor", detail));
        }
        Ok(())
    }
}
