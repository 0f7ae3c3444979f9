//! A value beside its JSON Schema: every object in it with the object schema that describes it.

use serde_json::{Map, Value};

/// One object of a value.
pub(crate) struct Form<'a> {
    /// Where it is: a JSON Pointer (RFC 6901) into the value.
    pub(crate) pointer: String,
    /// The fields that its schema knows.
    pub(crate) properties: &'a Map<String, Value>,
    /// The fields that must be there.
    pub(crate) required: Vec<&'a str>,
    /// Which schema it is: a JSON Pointer into the schema.
    pub(crate) schema: String,
}

/// All objects of `value` whose fields `root` names, outermost first. Objects that are maps are left out.
pub(crate) fn forms<'a>(root: &'a Value, value: &Value) -> Vec<Form<'a>> {
    let mut found = Vec::new();
    let mut waiting = vec![(String::new(), "#".to_owned(), value)];
    while let Some((pointer, place, value)) = waiting.pop() {
        for (place, schema) in meanings(root, &place, value) {
            if let (Some(properties), Some(members)) = (schema["properties"].as_object(), value.as_object()) {
                let required = schema["required"].as_array().into_iter().flatten();
                found.push(Form {
                    pointer: pointer.clone(),
                    properties,
                    required: required.filter_map(Value::as_str).collect(),
                    schema: place.clone(),
                });
                let known = members.iter().filter(|(name, _)| properties.contains_key(*name));
                waiting.extend(known.map(|(name, member)| {
                    (
                        format!("{pointer}/{name}"),
                        format!("{place}/properties/{name}"),
                        member,
                    )
                }));
            }
            for (index, item) in value.as_array().into_iter().flatten().enumerate() {
                waiting.push((format!("{pointer}/{index}"), format!("{place}/items"), item));
            }
        }
    }
    found
}

/// The schemas without reference or choice that the schema at `place` means for `value`.
fn meanings<'a>(root: &'a Value, place: &str, value: &Value) -> Vec<(String, &'a Value)> {
    let mut plain = Vec::new();
    let mut waiting = vec![place.to_owned()];
    while let Some(place) = waiting.pop() {
        let Some(schema) = root.pointer(place.trim_start_matches('#')) else {
            continue;
        };
        waiting.extend(schema["$ref"].as_str().map(str::to_owned));
        for choice in ["anyOf", "oneOf"] {
            let alternatives = schema[choice].as_array().map_or(0, Vec::len);
            let chosen = (0..alternatives).filter(|index| is_tagged(&schema[choice][*index], value));
            waiting.extend(chosen.map(|index| format!("{place}/{choice}/{index}")));
        }
        plain.push((place, schema));
    }
    plain
}

/// Whether the constants among the fields of `schema` are those of `value`.
fn is_tagged(schema: &Value, value: &Value) -> bool {
    let fields = schema["properties"].as_object().into_iter().flatten();
    fields
        .filter(|(_, field)| field["const"].is_string())
        .all(|(name, field)| value[name] == field["const"])
}
