//! Addresses: their canonical form, their host, and whether they may be asked for.

use fetcher::ssrf::Policy;
use schemas::canonical::{canonical_url, host_of};
use url::Url;

/// The canonical form of an address is its own canonical form, an http address without credentials and of bounded
/// length; and whether an address may be asked for does not depend on how it is spelled.
///
/// # Panics
/// When that does not hold.
pub fn check(data: &[u8]) {
    let text = String::from_utf8_lossy(data);
    let policy = Policy::default();
    if let Ok(parsed) = Url::parse(&text) {
        let spelled = parsed.as_str();
        assert_eq!(
            policy.allows_url(&text),
            policy.allows_url(spelled),
            "{text:?} and {spelled:?}"
        );
        assert_eq!(host_of(&text), host_of(spelled), "{text:?} and {spelled:?}");
    }
    let Ok(canonical) = canonical_url(&text) else {
        return;
    };
    assert_eq!(canonical_url(&canonical).as_ref(), Ok(&canonical), "of {text:?}");
    assert!(canonical.starts_with("http://") || canonical.starts_with("https://"));
    assert!(canonical.is_ascii() && !canonical.contains(' '), "{canonical:?}");
    let parsed = Url::parse(&canonical);
    assert!(
        parsed.is_ok_and(|parsed| parsed.as_str() == canonical && parsed.username().is_empty()),
        "{canonical:?} is not how it is written"
    );
    assert!(host_of(&canonical).is_some(), "{canonical:?} has no host");
    // An escape is three bytes for one, and a name in another script may grow by Punycode.
    assert!(
        canonical.len() <= 8 * text.len() + 64,
        "{} bytes became {}",
        text.len(),
        canonical.len()
    );
}
