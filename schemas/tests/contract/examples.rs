//! Golden examples of every record: read, written, validated, and read again with fields missing and fields added.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use boon::{Compiler, Draft, SchemaIndex, Schemas};
use serde_json::{Value, json};

use crate::catalogue::{KINDS, Kind};
use crate::forms::forms;

/// One example.
pub(crate) struct Example {
    /// The name of its kind.
    pub(crate) kind: String,
    /// Its path below the folder of examples.
    pub(crate) path: String,
    /// The file's content.
    pub(crate) bytes: Vec<u8>,
}

impl Example {
    fn kind(&self) -> &'static Kind {
        KINDS.iter().find(|kind| kind.name == self.kind).unwrap()
    }

    fn value(&self) -> Value {
        serde_json::from_slice(&self.bytes).unwrap()
    }

    fn pass(&self, value: &Value, what: &str) -> crate::catalogue::Passed {
        (self.kind().pass)(value).unwrap_or_else(|error| panic!("{} {what}: {error}", self.path))
    }
}

/// The folder of the examples.
pub(crate) fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("examples")
}

fn names_in(folder: &Path) -> BTreeSet<String> {
    let entries = std::fs::read_dir(folder).into_iter().flatten();
    entries
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect()
}

/// All examples of all kinds.
pub(crate) fn all() -> Vec<Example> {
    let mut examples = Vec::new();
    for kind in names_in(&folder()).into_iter().filter(|name| name != "RELEASED.txt") {
        for file in names_in(&folder().join(&kind)) {
            let path = format!("{kind}/{file}");
            let bytes = std::fs::read(folder().join(&path)).unwrap();
            examples.push(Example {
                kind: kind.clone(),
                path,
                bytes,
            });
        }
    }
    examples
}

/// The compiled schema of `kind`, with formats and encodings asserted.
fn compile(kind: &Kind, schemas: &mut Schemas) -> SchemaIndex {
    let mut compiler = Compiler::new();
    compiler.set_default_draft(Draft::V2020_12);
    compiler.enable_format_assertions();
    compiler.enable_content_assertions();
    compiler.add_resource(&kind.id(), kind.json_schema()).unwrap();
    compiler.compile(&kind.id(), schemas).unwrap()
}

/// Whether `small` is `large` with fields left out. Fields of bytes may differ: there are many spellings of them.
fn is_within(small: &Value, large: &Value) -> bool {
    match (small, large) {
        (Value::Object(small), Value::Object(large)) => small.iter().all(|(name, member)| {
            name == "body_zstd_base64" || large.get(name).is_some_and(|other| is_within(member, other))
        }),
        (Value::Array(small), Value::Array(large)) => {
            small.len() == large.len() && small.iter().zip(large).all(|(small, large)| is_within(small, large))
        }
        (small, large) => small == large,
    }
}

#[test]
fn every_record_has_a_minimal_and_a_full_example() {
    let paths: BTreeSet<String> = all().into_iter().map(|example| example.path).collect();
    for kind in &KINDS {
        let has = |word: &str| {
            paths
                .iter()
                .any(|path| path.starts_with(&format!("{}/1-{word}", kind.name)))
        };
        assert!(
            has("minimal") && has("full"),
            "{} lacks 1-minimal*.json or 1-full*.json",
            kind.name
        );
    }
}

#[test]
fn every_example_is_read_and_written_again() {
    for example in all() {
        let value = example.value();
        let once = example.pass(&value, "as it is");
        assert!(
            is_within(&value, &once.written),
            "{} loses something:\n{:#}",
            example.path,
            once.written
        );
        let twice = example.pass(&once.written, "written again");
        assert_eq!(once.record, twice.record, "{}", example.path);
        assert_eq!(once.written, twice.written, "{}", example.path);
    }
}

#[test]
fn every_example_and_what_is_written_for_it_is_valid() {
    for kind in &KINDS {
        let mut schemas = Schemas::new();
        let schema = compile(kind, &mut schemas);
        for example in all().into_iter().filter(|example| example.kind == kind.name) {
            let value = example.value();
            let written = example.pass(&value, "as it is").written;
            for value in [value, written] {
                if let Err(error) = schemas.validate(&value, schema) {
                    panic!("{}: {error}", example.path);
                }
            }
        }
    }
}

#[test]
fn a_re_pointing_is_a_withdrawal_with_another_change_to_readers_that_do_not_know_it() {
    let known = KINDS.iter().find(|kind| kind.name == "withdrawal").unwrap();
    let mut schemas = Schemas::new();
    let schema = compile(known, &mut schemas);
    let examples: Vec<_> = all()
        .into_iter()
        .filter(|example| example.kind == "repointing")
        .collect();
    assert!(!examples.is_empty());
    for example in examples {
        let value = example.value();
        assert!(schemas.validate(&value, schema).is_ok(), "{}", example.path);
        let read: schemas::published::Withdrawal = serde_json::from_value(value).unwrap();
        assert_eq!(read.change, "repointed", "{}", example.path);
    }
}

#[test]
fn what_lacks_a_required_field_is_neither_valid_nor_read() {
    for example in all() {
        let kind = example.kind();
        let mut schemas = Schemas::new();
        let schema = compile(kind, &mut schemas);
        let root = kind.json_schema();
        for form in forms(&root, &example.value()) {
            for field in &form.required {
                let mut value = example.value();
                value
                    .pointer_mut(&form.pointer)
                    .unwrap()
                    .as_object_mut()
                    .unwrap()
                    .remove(*field);
                let place = format!("{}#{}/{field}", example.path, form.pointer);
                assert!(
                    schemas.validate(&value, schema).is_err(),
                    "{place} is required, and valid without"
                );
                assert!((kind.pass)(&value).is_err(), "{place} is required, and read without");
            }
        }
    }
}

#[test]
fn fields_that_a_reader_does_not_know_change_nothing() {
    for example in all() {
        let before = example.pass(&example.value(), "as it is");
        let root = example.kind().json_schema();
        let mut value = example.value();
        for form in forms(&root, &example.value()) {
            value.pointer_mut(&form.pointer).unwrap()["from_the_future"] = json!({ "a": [1, "b", null] });
        }
        assert_ne!(value, example.value());
        let after = example.pass(&value, "with unknown fields");
        assert_eq!(after.record, before.record, "{}", example.path);
        let mut schemas = Schemas::new();
        let schema = compile(example.kind(), &mut schemas);
        assert!(
            schemas.validate(&value, schema).is_ok(),
            "{} with unknown fields is not valid",
            example.path
        );
    }
}

#[test]
fn fields_that_an_older_writer_did_not_know_have_a_default() {
    for example in all() {
        let root = example.kind().json_schema();
        for form in forms(&root, &example.value()) {
            let optional = form
                .properties
                .keys()
                .filter(|name| !form.required.contains(&name.as_str()));
            for field in optional {
                let mut value = example.value();
                let object = value.pointer_mut(&form.pointer).unwrap().as_object_mut().unwrap();
                object.remove(field);
                example.pass(&value, &format!("without {}/{field}", form.pointer));
            }
        }
    }
}

#[test]
fn every_field_stands_in_an_example() {
    for kind in &KINDS {
        let root = kind.json_schema();
        let mut missing = BTreeSet::new();
        let mut shown = BTreeSet::new();
        for example in all().into_iter().filter(|example| example.kind == kind.name) {
            let value = example.value();
            for form in forms(&root, &value) {
                for field in form.properties.keys() {
                    let place = format!("{}/{field}", form.schema);
                    match value
                        .pointer(&form.pointer)
                        .is_some_and(|object| object.get(field).is_some())
                    {
                        true => shown.insert(place),
                        false => missing.insert(place),
                    };
                }
            }
        }
        let never: Vec<&String> = missing.difference(&shown).collect();
        assert!(never.is_empty(), "no example of {} has {never:?}", kind.name);
    }
}
