//! What holds for every source, topic and secret.

use proptest::prelude::*;
use schemas::frontier::HubMode;
use schemas::id::SourceId;

use super::form::fields;
use super::intent::{self, Intent};
use super::keys::Keys;
use super::{Settings, link_header, signature};

fn settings() -> Settings {
    Settings {
        callback_url: "https://news.example/websub".to_owned(),
        keys: Keys::new("a secret of the operator"),
        lease_seconds: 864_000,
        poll_factor: 6,
    }
}

fn source() -> impl Strategy<Value = SourceId> {
    "[0-9a-f]{16}".prop_map(SourceId)
}

#[test]
fn a_form_asks_for_what_the_recommendation_names() {
    let source = SourceId::of_url("https://example.org/feed");
    let form = fields(
        &settings(),
        &source,
        "https://example.org/feed?a=b&c",
        HubMode::Subscribe,
    );
    let value = |name: &str| {
        form.iter()
            .find(|(known, _)| known == name)
            .map(|(_, value)| value.as_str())
    };
    assert_eq!(value("hub.mode"), Some("subscribe"));
    assert_eq!(value("hub.topic"), Some("https://example.org/feed?a=b&c"));
    assert_eq!(value("hub.lease_seconds"), Some("864000"));
    assert!(value("hub.secret").is_some_and(|secret| secret.len() == 64));
    let callback = value("hub.callback").unwrap().to_owned();
    assert!(
        callback.starts_with(&format!("https://news.example/websub/{source}/")),
        "{callback}"
    );
    let end = fields(
        &settings(),
        &source,
        "https://example.org/feed?a=b&c",
        HubMode::Unsubscribe,
    );
    assert!(end.contains(&("hub.callback".to_owned(), callback)));
    assert!(end.contains(&("hub.mode".to_owned(), "unsubscribe".to_owned())));
    assert_eq!(end.len(), 3);
}

#[test]
fn keys_never_show_the_secret() {
    assert!(!format!("{:?}", settings()).contains("operator"));
}

proptest! {
    #[test]
    fn a_callback_opens_for_its_own_source_and_topic_only(
        source in source(), topic in "\\PC{0,60}", other in "\\PC{0,60}", secret in "\\PC{16,40}",
    ) {
        let keys = Keys::new(&secret);
        let path = keys.path(&source, &topic);
        let callback = keys.open(&path).unwrap();
        prop_assert_eq!(&callback.source_id, &source);
        prop_assert!(callback.is_of_topic(&topic));
        prop_assert_eq!(callback.is_of_topic(&other), topic == other);
        prop_assert_eq!(keys.hub_secret(&callback), keys.secret_of(&source, &topic));
        prop_assert_eq!(Keys::new("another secret, long").open(&path), None);
    }

    #[test]
    fn a_changed_path_opens_nothing(
        source in source(), topic in "\\PC{0,60}", at in 0_usize..102, letter in "[0-9a-f/]",
    ) {
        let keys = Keys::new("a secret of the operator");
        let path = keys.path(&source, &topic);
        let mut changed = path.clone();
        let at = at % path.len();
        changed.replace_range(at..=at, &letter);
        prop_assert_eq!(keys.open(&changed).is_some(), changed == path);
        prop_assert_eq!(keys.open(&path[..at]), None);
        prop_assert_eq!(keys.open(&format!("{path}{letter}")), None);
    }

    #[test]
    fn no_path_makes_it_panic(path in "\\PC*") {
        prop_assert_eq!(Keys::new("a secret of the operator").open(&path), None);
    }

    #[test]
    fn what_a_hub_signs_is_believed_and_nothing_else(
        topic in "\\PC{0,20}", body in proptest::collection::vec(any::<u8>(), 0..200), at in any::<prop::sample::Index>(),
        header in "\\PC{0,80}",
    ) {
        use hmac::Mac as _;
        let secret = Keys::new("a secret of the operator").secret_of(&"0123456789abcdef".into(), &topic);
        let mut mac = hmac::Hmac::<sha2::Sha256>::new_from_slice(secret.as_bytes()).unwrap();
        mac.update(&body);
        let digits: String = mac.finalize().into_bytes().iter().map(|byte| format!("{byte:02x}")).collect();
        let signed = format!("sha256={digits}");
        prop_assert_eq!(signature::verify(Some(&signed), secret.as_bytes(), &body), Ok(()));
        prop_assert!(signature::verify(Some(&header), secret.as_bytes(), &body).is_err());
        let mut forged = body.clone();
        match forged.is_empty() {
            true => forged.push(0),
            false => {
                let at = at.index(forged.len());
                forged[at] ^= 1;
            }
        }
        prop_assert!(signature::verify(Some(&signed), secret.as_bytes(), &forged).is_err());
    }

    #[test]
    fn a_question_survives_its_query(topic in "\\PC{0,60}", challenge in "\\PC{1,60}", seconds in any::<u32>()) {
        let query = url::form_urlencoded::Serializer::new(String::new())
            .append_pair("hub.mode", "subscribe")
            .append_pair("hub.topic", &topic)
            .append_pair("hub.challenge", &challenge)
            .append_pair("hub.lease_seconds", &seconds.to_string())
            .finish();
        let lease_seconds = Some(seconds);
        prop_assert_eq!(intent::read(&query), Some(Intent::Subscribe { topic, challenge, lease_seconds }));
    }

    #[test]
    fn no_query_and_no_header_makes_it_panic(text in "\\PC*") {
        let _ = intent::read(&text);
        let links = link_header::parse(&text);
        prop_assert!(links.len() <= text.matches('<').count());
    }

    #[test]
    fn a_link_survives_its_header(target in "[a-z0-9:/,;=\"]{1,30}", title in "[ -~]{0,20}", relation in "[a-z]{1,8}") {
        let title = title.replace('\\', "\\\\").replace('"', "\\\"");
        let header = format!("<{target}>; title=\"{title}\"; rel=\"{relation} other\"");
        let link = link_header::Link {
            target,
            relations: vec![relation, "other".to_owned()],
            is_of_another: false,
        };
        prop_assert_eq!(link_header::parse(&format!("{header}, {header}")), vec![link.clone(), link]);
    }
}
