//! What operators ask of the publisher.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::id::ArticleId;
use crate::record::{DecodeError, EncodeError, Encoded, Incoming, Place, Record, decode_json};
use crate::time::Timestamp;
use crate::topic::Topic;

/// One order of an operator about one article.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Command {
    /// The article it is about.
    pub article_id: ArticleId,
    /// What to do.
    pub action: Action,
    /// The operator's reason, passed on to consumers.
    #[serde(default)]
    pub reason: String,
    /// When it was given.
    pub given_at: Timestamp,
    /// The partition whose publisher must act.
    #[serde(default)]
    pub partition: u32,
}

/// What an operator can order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Action {
    /// Take the article down, and publish no later version of it.
    Withdraw,
    /// Let later versions of a withdrawn article through again.
    Release,
}

impl Record for Command {
    fn decode(incoming: Incoming<'_>) -> Result<Self, DecodeError> {
        decode_json(incoming)
    }

    fn encode(&self) -> Result<Encoded, EncodeError> {
        Ok(Encoded::json(Topic::Commands, self.article_id.as_str(), self)?.at(Place::Number(self.partition)))
    }
}
