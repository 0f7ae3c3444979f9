//! Options of the classifier.

use serde::{Deserialize, Serialize};

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[expect(missing_docs, reason = "see default.toml")]
pub struct Classifier {
    pub model_file: String,
    pub rules_file: String,
    pub rules_use: RulesUse,
    pub use_sections: bool,
}

impl Classifier {
    /// What the types can't say: the option and what is wrong with it.
    pub(super) fn check(&self) -> Result<(), (&'static str, String)> {
        match self.rules_use {
            RulesUse::Alone if self.rules_file.is_empty() => Err((
                "classifier.rules_use",
                "is \"alone\", and classifier.rules_file names no rules".to_owned(),
            )),
            _ => Ok(()),
        }
    }
}

/// What an operator's rules for topics are to the model.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub enum RulesUse {
    /// What a rule gives is published; the model decides on all other topics.
    OverModel,
    /// Rules speak where the model publishes no topic.
    WhereModelAbstains,
    /// There is no model.
    Alone,
}

impl RulesUse {
    const NAMES: [(&str, Self); 3] = [
        ("over_model", Self::OverModel),
        ("where_model_abstains", Self::WhereModelAbstains),
        ("alone", Self::Alone),
    ];
}

impl TryFrom<String> for RulesUse {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        let known = Self::NAMES.iter().find(|(name, _)| *name == text);
        known
            .map(|(_, rules_use)| *rules_use)
            .ok_or_else(|| format!("classifier.rules_use: {text:?} is none of over_model, where_model_abstains, alone"))
    }
}

impl From<RulesUse> for String {
    fn from(rules_use: RulesUse) -> Self {
        let named = RulesUse::NAMES.iter().find(|(_, known)| *known == rules_use);
        named.map_or_else(Self::new, |(name, _)| (*name).to_owned())
    }
}
