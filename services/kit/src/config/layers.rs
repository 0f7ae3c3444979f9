//! Laying one source of options over another.

use std::path::Path;

use toml::{Table, Value};

use super::{ConfigError, DEFAULT};

/// Options whose keys are the operator's own, so that no key below them is unknown.
const OPEN_TABLES: &[&str] = &["kafka.properties"];
const PREFIX: &str = "COPYDESK_";
const FILE_SUFFIX: &str = "_FILE";

/// Where environment variables come from; tests pass their own.
pub trait Environment {
    /// All variables.
    fn variables(&self) -> Vec<(String, String)>;
}

/// The environment of this process.
#[derive(Debug, Clone, Copy)]
pub struct ProcessEnvironment;

impl Environment for ProcessEnvironment {
    fn variables(&self) -> Vec<(String, String)> {
        std::env::vars_os()
            .filter_map(|(name, value)| Some((name.into_string().ok()?, value.into_string().ok()?)))
            .collect()
    }
}

impl Environment for Vec<(String, String)> {
    fn variables(&self) -> Vec<(String, String)> {
        self.clone()
    }
}

/// The compiled-in defaults. A test shows that they parse.
pub(super) fn defaults() -> Value {
    Value::Table(DEFAULT.parse::<Table>().unwrap_or_default())
}

/// The paths of all options, in the order of the default file.
#[must_use]
pub fn option_names() -> Vec<String> {
    let mut names = Vec::new();
    collect_names(&defaults(), "", &mut names);
    names
}

fn collect_names(value: &Value, path: &str, names: &mut Vec<String>) {
    match value {
        Value::Table(table) if !OPEN_TABLES.contains(&path) => {
            for (key, value) in table {
                collect_names(value, &join(path, key), names);
            }
        }
        _ => names.push(path.to_owned()),
    }
}

fn join(path: &str, key: &str) -> String {
    match path {
        "" => key.to_owned(),
        path => format!("{path}.{key}"),
    }
}

/// Lays the file at `path` over `values`.
pub(super) fn lay_file(values: &mut Value, path: &Path) -> Result<(), ConfigError> {
    let text = std::fs::read_to_string(path).map_err(|source| ConfigError::Read {
        path: path.to_owned(),
        source,
    })?;
    let table: Table = text.parse().map_err(|error: toml::de::Error| ConfigError::Syntax {
        path: path.to_owned(),
        detail: error.to_string().trim().to_owned(),
    })?;
    let place = |name: &str| {
        format!(
            "{}{}",
            path.display(),
            line_of(&text, name).map_or(String::new(), |line| format!(":{line}"))
        )
    };
    lay_table(values, &table, "", &place)
}

fn lay_table(values: &mut Value, table: &Table, path: &str, place: &dyn Fn(&str) -> String) -> Result<(), ConfigError> {
    for (key, value) in table {
        let name = join(path, key);
        match (value, OPEN_TABLES.contains(&name.as_str())) {
            (Value::Table(inner), false) => lay_table(values, inner, &name, place)?,
            _ => set(values, &name, value.clone(), &place(&name))?,
        }
    }
    Ok(())
}

/// The line on which the option `name` is set, by its last key under its section's header.
fn line_of(text: &str, name: &str) -> Option<usize> {
    let (section, key) = name.rsplit_once('.').unwrap_or(("", name));
    let mut current = String::new();
    for (index, line) in text.lines().enumerate() {
        let line = line.trim();
        if let Some(header) = line.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')) {
            current = header.trim().to_owned();
        }
        let is_key = line
            .split('=')
            .next()
            .is_some_and(|left| left.trim() == key || left.trim() == name);
        if is_key && (current == section || current.is_empty()) {
            return Some(index + 1);
        }
    }
    None
}

/// Lays the environment over `values`.
pub(super) fn lay_environment(values: &mut Value, environment: &dyn Environment) -> Result<(), ConfigError> {
    let names = option_names();
    let mut variables = environment.variables();
    variables.sort();
    for (variable, text) in variables {
        let Some(rest) = variable.strip_prefix(PREFIX) else {
            continue;
        };
        // Names of the command line's own variables, which are no options.
        if matches!(rest, "CONFIG" | "DATA_DIR") || rest.starts_with("REQUIRE_") {
            continue;
        }
        let (name, text) = match (option_of(&names, rest), rest.strip_suffix(FILE_SUFFIX)) {
            (Some(name), _) => (name, text),
            (None, Some(stem)) => match option_of(&names, stem) {
                Some(name) => (name, read_secret(&text)?),
                None => return Err(unknown(&variable, rest, &names)),
            },
            (None, None) => return Err(unknown(&variable, rest, &names)),
        };
        set_text(values, &name, &text, &format!("environment variable {variable}"))?;
    }
    Ok(())
}

/// The option that `rest` (upper case, underscores) names.
fn option_of(names: &[String], rest: &str) -> Option<String> {
    let rest = rest.to_ascii_lowercase();
    if let Some(name) = names.iter().find(|name| name.replace('.', "_") == rest) {
        return (!OPEN_TABLES.contains(&name.as_str())).then(|| name.clone());
    }
    OPEN_TABLES.iter().find_map(|table| {
        let key = rest.strip_prefix(&format!("{}_", table.replace('.', "_")))?;
        (!key.ends_with("_file")).then(|| format!("{table}.{}", key.replace('_', ".")))
    })
}

fn read_secret(path: &str) -> Result<String, ConfigError> {
    let text = std::fs::read_to_string(path).map_err(|source| ConfigError::Read {
        path: path.into(),
        source,
    })?;
    Ok(text.trim_end_matches(['\r', '\n']).to_owned())
}

fn unknown(variable: &str, rest: &str, names: &[String]) -> ConfigError {
    let wanted = rest.to_ascii_lowercase();
    let nearest = nearest(&wanted, names.iter().map(|name| name.replace('.', "_")));
    ConfigError::Unknown {
        place: "environment".to_owned(),
        name: variable.to_owned(),
        nearest: nearest.map(|name| format!("{PREFIX}{}", name.to_ascii_uppercase())),
    }
}

/// `text` as the kind of value that the option has now.
fn parse(text: &str, known: Option<&Value>) -> Result<Value, String> {
    match known {
        Some(Value::Integer(_)) => text
            .replace('_', "")
            .parse()
            .map(Value::Integer)
            .map_err(|_| format!("{text:?} is no whole number")),
        Some(Value::Float(_)) => text
            .parse()
            .map(Value::Float)
            .map_err(|_| format!("{text:?} is no number")),
        Some(Value::Boolean(_)) => text
            .parse()
            .map(Value::Boolean)
            .map_err(|_| format!("{text:?} is not true or false")),
        Some(Value::Array(_)) => {
            let parts = text.split(',').map(str::trim).filter(|part| !part.is_empty());
            Ok(Value::Array(parts.map(|part| Value::String(part.to_owned())).collect()))
        }
        _ => Ok(Value::String(text.to_owned())),
    }
}

fn get<'a>(values: &'a Value, name: &str) -> Option<&'a Value> {
    name.split('.').try_fold(values, |value, key| value.get(key))
}

/// Sets the option `name`, which must be known, to what `text` means for it.
pub(super) fn set_text(values: &mut Value, name: &str, text: &str, place: &str) -> Result<(), ConfigError> {
    let value = parse(text, get(values, name)).map_err(|detail| ConfigError::Value {
        place: place.to_owned(),
        name: name.to_owned(),
        detail,
    })?;
    set(values, name, value, place)
}

/// Sets the option `name`, which must be known.
fn set(values: &mut Value, name: &str, value: Value, place: &str) -> Result<(), ConfigError> {
    let names = option_names();
    let open = OPEN_TABLES.iter().find(|table| name.starts_with(&format!("{table}.")));
    if open.is_none() && !names.iter().any(|known| known == name) {
        let nearest = nearest(name, names.into_iter());
        return Err(ConfigError::Unknown {
            place: place.to_owned(),
            name: name.to_owned(),
            nearest,
        });
    }
    let (path, key) = match open {
        Some(table) => (*table, name[table.len() + 1..].to_owned()),
        None => {
            let (path, key) = name.rsplit_once('.').unwrap_or(("", name));
            (path, key.to_owned())
        }
    };
    let mut table = values.as_table_mut();
    for part in path.split('.').filter(|part| !part.is_empty()) {
        table = table
            .and_then(|table| table.get_mut(part))
            .and_then(Value::as_table_mut);
    }
    if let Some(table) = table {
        let is_number = matches!((table.get(&key), &value), (Some(Value::Float(_)), Value::Integer(_)));
        #[expect(
            clippy::cast_precision_loss,
            reason = "an operator's whole number where a fraction may stand"
        )]
        let value = match value {
            Value::Integer(whole) if is_number => Value::Float(whole as f64),
            value => value,
        };
        table.insert(key, value);
    }
    Ok(())
}

/// The known name nearest to `wanted`, when it is near enough to be meant.
fn nearest(wanted: &str, names: impl Iterator<Item = String>) -> Option<String> {
    let tail = |name: &str| name.rsplit('.').next().unwrap_or(name).to_owned();
    names
        .map(|name| {
            (
                strsim::jaro_winkler(wanted, &name).max(strsim::jaro_winkler(&tail(wanted), &tail(&name))),
                name,
            )
        })
        .filter(|(similarity, _)| 0.8 < *similarity)
        .max_by(|one, other| one.0.total_cmp(&other.0))
        .map(|(_, name)| name)
}
