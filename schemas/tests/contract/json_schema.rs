//! The JSON Schemas that are checked in are those of the Rust types.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use schemas::published::ARTICLE_SCHEMA_ID;
use serde_json::{Map, Value};

use crate::catalogue::KINDS;

/// The folder of the schemas.
fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("json")
}

fn file_name(name: &str) -> String {
    format!("{name}.schema.json")
}

/// The schema as its file holds it: indented, with a line end behind it.
fn pretty(schema: &Value) -> String {
    format!("{schema:#}\n")
}

#[test]
fn the_schemas_checked_in_are_those_of_the_types() {
    let update = std::env::var_os("UPDATE_SCHEMAS").is_some();
    for kind in &KINDS {
        let path = folder().join(file_name(kind.name));
        let generated = pretty(&kind.json_schema());
        if update {
            std::fs::create_dir_all(folder()).unwrap();
            std::fs::write(&path, &generated).unwrap();
        }
        let checked_in = std::fs::read_to_string(&path).unwrap_or_default();
        let advice = "the record and its schema differ; look at the change as a consumer would, then run \
            UPDATE_SCHEMAS=1 cargo test -p schemas";
        assert!(checked_in == generated, "{}: {advice}", path.display());
    }
}

#[test]
fn no_schema_is_left_of_a_record_that_is_gone() {
    let expected: BTreeSet<String> = KINDS.iter().map(|kind| file_name(kind.name)).collect();
    let there = std::fs::read_dir(folder()).unwrap();
    let there: BTreeSet<String> = there
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    assert_eq!(there, expected);
}

#[test]
fn public_records_name_the_schema_that_they_follow() {
    let article = KINDS.iter().find(|kind| kind.name == "article").unwrap();
    assert_eq!(article.json_schema()["$id"], ARTICLE_SCHEMA_ID);
}

/// Every object in `schema`, itself included, with its JSON Pointer.
fn objects<'a>(pointer: &str, schema: &'a Value, found: &mut Vec<(String, &'a Map<String, Value>)>) {
    let members: Vec<(String, &Value)> = match schema {
        Value::Object(members) => {
            found.push((pointer.to_owned(), members));
            members.iter().map(|(name, member)| (name.clone(), member)).collect()
        }
        Value::Array(items) => items
            .iter()
            .enumerate()
            .map(|(index, item)| (index.to_string(), item))
            .collect(),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => Vec::new(),
    };
    for (name, member) in members {
        objects(&format!("{pointer}/{name}"), member, found);
    }
}

#[test]
fn every_field_is_described_in_words() {
    for kind in &KINDS {
        let schema = kind.json_schema();
        let mut found = Vec::new();
        objects(kind.name, &schema, &mut found);
        for (pointer, object) in found {
            for (name, field) in object
                .get("properties")
                .and_then(Value::as_object)
                .into_iter()
                .flatten()
            {
                // The tag of a choice is described by the alternative that it names.
                let is_described = field["description"].is_string() || field["const"].is_string();
                assert!(
                    is_described,
                    "{pointer} does not describe {name}; document the field in the source"
                );
            }
            let words = object.get("description").and_then(Value::as_str).unwrap_or_default();
            assert!(
                !words.contains("[`"),
                "{pointer}: {words:?} links into the source; give it a description of its own"
            );
        }
    }
}
