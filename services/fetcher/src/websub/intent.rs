//! What a hub asks of the callback by GET: verification of intent and denial (WebSub, sections 5.2 and 5.3).

/// A longer query is not read, in bytes.
const QUERY_BYTES_MAX: usize = 16 * 1024;

/// A longer challenge is not repeated, in bytes.
const CHALLENGE_BYTES_MAX: usize = 4_096;

/// A question of a hub, or its refusal.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Intent {
    /// Do we want to subscribe? To be answered with the challenge if so.
    Subscribe {
        /// The topic.
        topic: String,
        /// What to answer with.
        challenge: String,
        /// For how long the hub will send us content, in seconds; hubs of the time before the Recommendation leave it
        /// out.
        lease_seconds: Option<u32>,
    },
    /// Do we want to end the subscription? To be answered with the challenge if so.
    Unsubscribe {
        /// The topic.
        topic: String,
        /// What to answer with.
        challenge: String,
    },
    /// The hub does not let us subscribe, or no longer.
    Denied {
        /// The topic.
        topic: String,
        /// Why, in the hub's words.
        reason: Option<String>,
    },
}

impl Intent {
    /// The topic that it is about.
    #[must_use]
    pub fn topic(&self) -> &str {
        match self {
            Self::Subscribe { topic, .. } | Self::Unsubscribe { topic, .. } | Self::Denied { topic, .. } => topic,
        }
    }
}

/// Reads the query of a request to the callback. Of parameters that stand twice the first counts.
#[must_use]
pub fn read(query: &str) -> Option<Intent> {
    if QUERY_BYTES_MAX < query.len() {
        return None;
    }
    let value = |name: &str| {
        url::form_urlencoded::parse(query.as_bytes())
            .find(|(known, _)| known == name)
            .map(|(_, value)| value.into_owned())
    };
    let topic = value("hub.topic")?;
    let challenge = || value("hub.challenge").filter(|text| (1..=CHALLENGE_BYTES_MAX).contains(&text.len()));
    match value("hub.mode")?.as_str() {
        "subscribe" => Some(Intent::Subscribe {
            topic,
            challenge: challenge()?,
            lease_seconds: value("hub.lease_seconds").and_then(|text| text.trim().parse().ok()),
        }),
        "unsubscribe" => Some(Intent::Unsubscribe {
            topic,
            challenge: challenge()?,
        }),
        "denied" => Some(Intent::Denied {
            topic,
            reason: value("hub.reason").map(|reason| reason.chars().take(200).collect()),
        }),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const TOPIC: &str = "hub.topic=https%3A%2F%2Fexample.org%2Ffeed%3Fa%3D1%26b%3D2";

    fn check(query: &str, expected: &Option<Intent>) {
        assert_eq!(read(query), *expected, "{query}");
    }

    fn topic() -> String {
        "https://example.org/feed?a=1&b=2".to_owned()
    }

    #[test]
    fn reads_the_three_modes() {
        let subscribe = |lease_seconds| {
            Some(Intent::Subscribe {
                topic: topic(),
                challenge: "a b+c".to_owned(),
                lease_seconds,
            })
        };
        let asked = format!("hub.mode=subscribe&{TOPIC}&hub.challenge=a+b%2Bc");
        check(&format!("{asked}&hub.lease_seconds=864000"), &subscribe(Some(864_000)));
        check(&format!("own=1&{asked}&hub.mode=denied"), &subscribe(None));
        check(&format!("{asked}&hub.lease_seconds=-1"), &subscribe(None));
        let challenge = "x".to_owned();
        check(
            &format!("{TOPIC}&hub.mode=unsubscribe&hub.challenge=x"),
            &Some(Intent::Unsubscribe {
                topic: topic(),
                challenge,
            }),
        );
        let reason = Some("no".to_owned());
        check(
            &format!("{TOPIC}&hub.mode=denied&hub.reason=no"),
            &Some(Intent::Denied { topic: topic(), reason }),
        );
    }

    #[test]
    fn refuses_what_is_no_question_of_a_hub() {
        check("", &None);
        check("hub.mode=subscribe&hub.challenge=x", &None);
        check(&format!("{TOPIC}&hub.challenge=x"), &None);
        check(&format!("{TOPIC}&hub.mode=subscribe"), &None);
        check(&format!("{TOPIC}&hub.mode=subscribe&hub.challenge="), &None);
        check(&format!("{TOPIC}&hub.mode=publish&hub.challenge=x"), &None);
        check(&format!("{TOPIC}&hub.mode=unsubscribe"), &None);
        let long = "x".repeat(CHALLENGE_BYTES_MAX + 1);
        check(&format!("{TOPIC}&hub.mode=subscribe&hub.challenge={long}"), &None);
        check(
            &format!("{TOPIC}&hub.mode=denied&padding={}", "x".repeat(QUERY_BYTES_MAX)),
            &None,
        );
    }
}
