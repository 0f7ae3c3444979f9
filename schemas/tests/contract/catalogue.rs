//! Every record that has a JSON Schema: its name, what it is, and how its messages are read and written.

use std::fmt::Debug;

use schemars::generate::SchemaSettings;
use schemars::{JsonSchema, Schema};
use schemas::command::Command;
use schemas::fate::FateRecord;
use schemas::fetched::Fetched;
use schemas::frontier::{Delivery, Errand, FrontierEntry, FrontierRecord};
use schemas::hop::{Classified, Cleaned, Deduplicated};
use schemas::memory::cleaner::CleanerMemory;
use schemas::memory::deduper::{DeduperMemory, RememberedArticle};
use schemas::memory::fetcher::FetcherMemory;
use schemas::memory::publisher::{PublisherMemory, Standing};
use schemas::published::{PublicArticle, Publication, Repointing, Withdrawal};
use schemas::record::{Incoming, Record};
use schemas::source::{Source, SourceChange};
use schemas::topic::{StageName, Topic};
use serde_json::Value;

/// One kind of record.
pub(crate) struct Kind {
    /// The name of its schema's file and of its examples' folder.
    pub(crate) name: &'static str,
    /// Its title for people.
    pub(crate) title: &'static str,
    /// Its schema, without name and title.
    schema: fn() -> Schema,
    /// Reads a value and writes it again.
    pub(crate) pass: fn(&Value) -> Result<Passed, String>,
}

/// A record that was read from a value.
pub(crate) struct Passed {
    /// What it is in Rust, as text: equal texts are equal records.
    pub(crate) record: String,
    /// The value that is written for it.
    pub(crate) written: Value,
}

pub(crate) const KINDS: [Kind; 17] = [
    Kind {
        name: "sources",
        title: "A source that an operator added",
        schema: schema::<Source>,
        pass: |value| pass::<SourceChange>(Topic::Sources, value),
    },
    Kind {
        name: "commands",
        title: "An operator's order about an article",
        schema: schema::<Command>,
        pass: |value| pass::<Command>(Topic::Commands, value),
    },
    Kind {
        name: "frontier",
        title: "A URL to fetch",
        schema: schema::<FrontierEntry>,
        pass: |value| pass::<FrontierRecord>(Topic::Frontier, value),
    },
    Kind {
        name: "frontier-errand",
        title: "A request that one fetcher wants another to make",
        schema: schema::<Errand>,
        pass: |value| pass::<FrontierRecord>(Topic::Frontier, value),
    },
    Kind {
        name: "frontier-delivery",
        title: "The answer to a request that one fetcher wanted another to make",
        schema: schema::<Delivery>,
        pass: |value| pass::<FrontierRecord>(Topic::Frontier, value),
    },
    Kind {
        name: "fetched",
        title: "A response as it came",
        schema: schema::<Fetched>,
        pass: |value| pass::<Fetched>(Topic::Fetched, value),
    },
    Kind {
        name: "cleaned",
        title: "An article without boilerplate",
        schema: schema::<Cleaned>,
        pass: |value| pass::<Cleaned>(Topic::Cleaned, value),
    },
    Kind {
        name: "deduplicated",
        title: "An article with what it is a copy of",
        schema: schema::<Deduplicated>,
        pass: |value| pass::<Deduplicated>(Topic::Deduplicated, value),
    },
    Kind {
        name: "classified",
        title: "An article with its topics",
        schema: schema::<Classified>,
        pass: |value| pass::<Classified>(Topic::Classified, value),
    },
    Kind {
        name: "article",
        title: "A published version of an article",
        schema: schema::<PublicArticle>,
        pass: |value| pass::<Publication>(Topic::Articles, value),
    },
    Kind {
        name: "withdrawal",
        title: "The event that an article was taken down",
        schema: schema::<Withdrawal>,
        pass: |value| pass::<Publication>(Topic::Articles, value),
    },
    Kind {
        name: "repointing",
        title: "The event that an original is a copy from now on",
        schema: schema::<Repointing>,
        pass: |value| pass::<Publication>(Topic::Articles, value),
    },
    Kind {
        name: "fate",
        title: "How a fetched item ended",
        schema: schema::<FateRecord>,
        pass: |value| pass::<FateRecord>(Topic::Fates, value),
    },
    Kind {
        name: "fetcher-memory",
        title: "What the fetcher remembers",
        schema: schema::<FetcherMemory>,
        pass: |value| pass::<FetcherMemory>(Topic::Memory(StageName::Fetcher), value),
    },
    Kind {
        name: "cleaner-memory",
        title: "What the cleaner remembers",
        schema: schema::<CleanerMemory>,
        pass: |value| pass::<CleanerMemory>(Topic::Memory(StageName::Cleaner), value),
    },
    Kind {
        name: "deduper-memory",
        title: "What the deduper remembers of an article",
        schema: schema::<RememberedArticle>,
        pass: |value| pass::<DeduperMemory>(Topic::Memory(StageName::Deduper), value),
    },
    Kind {
        name: "publisher-memory",
        title: "What the publisher remembers of an article",
        schema: schema::<Standing>,
        pass: |value| pass::<PublisherMemory>(Topic::Memory(StageName::Publisher), value),
    },
];

/// The schema of what a reader takes, which is every value that a writer writes and those of older writers.
fn schema<T: JsonSchema>() -> Schema {
    SchemaSettings::draft2020_12()
        .into_generator()
        .into_root_schema_for::<T>()
}

fn pass<T: Record + Debug>(topic: Topic, value: &Value) -> Result<Passed, String> {
    let bytes = value.to_string().into_bytes();
    let incoming = Incoming {
        topic,
        key: Some(b"key"),
        value: Some(&bytes),
    };
    let record = T::decode(incoming).map_err(|error| format!("{error:?}"))?;
    let written = record.encode().map_err(|error| format!("{error:?}"))?.value;
    let written = written.ok_or("written as a tombstone")?;
    Ok(Passed {
        record: format!("{record:?}"),
        written: serde_json::from_slice(&written).map_err(|error| error.to_string())?,
    })
}

impl Kind {
    /// The URN that names version 1 of the schema for ever.
    pub(crate) fn id(&self) -> String {
        format!("urn:copydesk:schema:{}:1", self.name)
    }

    /// The schema as it is checked in.
    pub(crate) fn json_schema(&self) -> Value {
        let mut schema = (self.schema)().to_value();
        let described = schema.get("description").cloned();
        let mut head = serde_json::Map::new();
        for (key, value) in [
            ("$schema", Some("https://json-schema.org/draft/2020-12/schema".into())),
            ("$id", Some(self.id().into())),
            ("title", Some(self.title.into())),
            ("description", described),
        ] {
            head.extend(value.map(|value| (key.to_owned(), value)));
        }
        if let Some(body) = schema.as_object_mut() {
            body.append(&mut head);
        }
        flow(&mut schema);
        schema
    }
}

/// Sets descriptions as flowing text: in the source their lines are broken for the source's sake.
fn flow(schema: &mut Value) {
    match schema {
        Value::Object(members) => {
            if let Some(Value::String(description)) = members.get_mut("description") {
                *description = description.split_whitespace().collect::<Vec<_>>().join(" ");
            }
            members.values_mut().for_each(flow);
        }
        Value::Array(items) => items.iter_mut().for_each(flow),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
}
