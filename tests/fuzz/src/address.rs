//! Addresses: their canonical form, their host, and whether they may be asked for.

use fetcher::ssrf::Policy;
use schemas::canonical::{canonical_url, host_of};

/// The canonical form of an address is its own canonical form, is an http address of the same host without fragment
/// and credentials, and what may not be asked for is not made harmless by it.
///
/// # Panics
/// When that does not hold.
pub fn check(data: &[u8]) {
    let text = String::from_utf8_lossy(data);
    let policy = Policy::default();
    let allowed = policy.allows_url(&text);
    assert_eq!(allowed, policy.allows_url(&text));
    let Ok(canonical) = canonical_url(&text) else {
        return;
    };
    assert_eq!(canonical_url(&canonical).as_ref(), Ok(&canonical), "of {text:?}");
    assert!(canonical.starts_with("http://") || canonical.starts_with("https://"));
    assert!(canonical.is_ascii() && !canonical.contains(['#', ' ']), "{canonical:?}");
    let authority = canonical
        .split_once("://")
        .map_or("", |(_, rest)| rest.split(['/', '?']).next().unwrap_or_default());
    assert!(!authority.contains('@'), "{canonical:?}");
    assert_eq!(host_of(text.trim()), host_of(&canonical), "{text:?} and {canonical:?}");
    // An escape is three bytes for one, and a name in another script may grow by Punycode.
    assert!(
        canonical.len() <= 8 * text.len() + 64,
        "{} became {}",
        text.len(),
        canonical.len()
    );
    if policy.allows_url(&canonical).is_ok() {
        assert!(
            allowed.is_ok() || policy.allows_url(text.trim()).is_ok(),
            "{text:?} became harmless as {canonical:?}"
        );
    }
}
