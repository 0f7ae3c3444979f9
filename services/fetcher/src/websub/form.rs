//! The form that asks a hub for a subscription or its end (WebSub, section 5.1).

use schemas::frontier::HubMode;
use schemas::id::SourceId;

use super::Settings;

/// The fields to post, in order.
///
/// The secret goes to the hub whatever its scheme: pushes without a signature are never taken, and who can read the
/// request to an `http` hub could as well have changed the feed that named it.
#[must_use]
pub fn fields(settings: &Settings, source: &SourceId, topic: &str, mode: HubMode) -> Vec<(String, String)> {
    let callback = format!("{}{}", settings.callback_url, settings.keys.path(source, topic));
    let mode_name = match mode {
        HubMode::Subscribe => "subscribe",
        HubMode::Unsubscribe => "unsubscribe",
    };
    let mut fields = vec![
        ("hub.callback", callback),
        ("hub.mode", mode_name.to_owned()),
        ("hub.topic", topic.to_owned()),
    ];
    if mode == HubMode::Subscribe {
        fields.push(("hub.lease_seconds", settings.lease_seconds.to_string()));
        fields.push(("hub.secret", settings.keys.secret_of(source, topic)));
        // Hubs of the time before the Recommendation ask for it, others pass over it.
        fields.push(("hub.verify", "async".to_owned()));
    }
    fields
        .into_iter()
        .map(|(name, value)| (name.to_owned(), value))
        .collect()
}
