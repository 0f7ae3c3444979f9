//! Operators' own rules for the URLs of some sites, out of a TOML file.
//!
//! ```toml
//! [[rule]]
//! host = "paper.example"                    # this host and all below it; "*" means every host
//! drop_parameters = ["print", "x_*"]        # names that never select an article; a star stands for any end
//! keep_parameters = ["ref"]                 # names that do, although the built-in rules drop them
//! host_aliases = { "m.paper.example" = "www.paper.example" }
//! drop_path_suffixes = ["/print", "/amp"]   # ends of a path that name another form of the same article
//! https = true                              # http addresses are the same as https ones
//! drop_trailing_slash = true                # a slash at the end changes nothing
//! keep_fragment = true                      # the fragment selects the article; false: it never does
//! ```
//!
//! Everything but `host` may be missing. Several rules may concern one host; what one of them keeps is kept. The id of
//! an article is a hash of its canonical URL: a change of these rules gives the articles that they touch new ids.

use std::collections::BTreeMap;

use serde::Deserialize;
use toml::Spanned;

/// The rules of an operator; by default none, which leaves the built-in ones.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Rules {
    rules: Vec<Rule>,
}

/// Why a rules file can't be used.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("line {line}: {detail}")]
pub struct InvalidRules {
    /// The line of the rule or option, from 1.
    pub line: usize,
    /// What is wrong with it.
    pub detail: String,
}

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    #[serde(default)]
    rule: Vec<Spanned<Rule>>,
}

#[derive(Debug, Clone, PartialEq, Eq, Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct Rule {
    host: String,
    #[serde(default)]
    drop_parameters: Vec<String>,
    #[serde(default)]
    keep_parameters: Vec<String>,
    #[serde(default)]
    host_aliases: BTreeMap<String, String>,
    #[serde(default)]
    drop_path_suffixes: Vec<String>,
    #[serde(default)]
    https: bool,
    #[serde(default)]
    drop_trailing_slash: bool,
    #[serde(default)]
    keep_fragment: Option<bool>,
}

/// What the rules say about one host.
#[derive(Debug, Default)]
pub(super) struct HostRules<'a> {
    rules: Vec<&'a Rule>,
    pub(super) https: bool,
    pub(super) keep_fragment: Option<bool>,
}

/// What the rules say about a parameter.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Dropped {
    Yes,
    No,
    Unsaid,
}

impl Rules {
    /// Reads a rules file.
    ///
    /// # Errors
    /// When it is no TOML, names an unknown option, or a value can't be meant. The line is in the error.
    pub fn parse(text: &str) -> Result<Self, InvalidRules> {
        let line_at = |at: usize| text.bytes().take(at).filter(|byte| *byte == b'\n').count() + 1;
        let file: File = toml::from_str(text).map_err(|error| InvalidRules {
            line: error.span().map_or(1, |span| line_at(span.start)),
            detail: error.message().to_owned(),
        })?;
        let mut rules = Vec::new();
        for rule in file.rule {
            let line = line_at(rule.span().start);
            let mut rule = rule.into_inner();
            rule.check().map_err(|detail| InvalidRules { line, detail })?;
            rule.lower();
            rules.push(rule);
        }
        let read = Self { rules };
        match read.chained_alias() {
            Some(name) => Err(InvalidRules {
                line: 1,
                detail: format!("host_aliases: {name:?} is the target of an alias and would be renamed itself"),
            }),
            None => Ok(read),
        }
    }

    pub(super) fn of_host(&self, host: &str) -> HostRules<'_> {
        let rules: Vec<&Rule> = self.rules.iter().filter(|rule| rule.concerns(host)).collect();
        HostRules {
            https: rules.iter().any(|rule| rule.https),
            keep_fragment: rules.iter().rev().find_map(|rule| rule.keep_fragment),
            rules,
        }
    }

    pub(super) fn alias_of(&self, host: &str) -> Option<&str> {
        let mut rules = self.rules.iter().filter(|rule| rule.concerns(host));
        rules.find_map(|rule| rule.host_aliases.get(host)).map(String::as_str)
    }

    /// A host that is renamed to one that is renamed as well: canonical URLs would not be their own canonical form.
    fn chained_alias(&self) -> Option<&str> {
        let mut targets = self.rules.iter().flat_map(|rule| rule.host_aliases.values());
        let is_renamed = |target: &&String| target.starts_with("amp.") || self.alias_of(target).is_some();
        targets.find(is_renamed).map(String::as_str)
    }
}

impl Rule {
    fn check(&self) -> Result<(), String> {
        let is_host = |host: &str| {
            let parsed = url::Url::parse(&format!("http://{host}/"));
            let parsed = parsed.ok().and_then(|url| url.host_str().map(str::to_owned));
            !host.is_empty() && parsed.as_deref() == Some(host.to_ascii_lowercase().as_str())
        };
        if self.host != "*" && !is_host(&self.host) {
            return Err(format!(
                "host: {:?} is no host name, in ASCII form and without port, nor \"*\"",
                self.host
            ));
        }
        let hosts = self.host_aliases.iter().flat_map(|(alias, target)| [alias, target]);
        if let Some(wrong) = hosts.into_iter().find(|host| !is_host(host)) {
            return Err(format!(
                "host_aliases: {wrong:?} is no host name in ASCII form and without port"
            ));
        }
        if let Some(wrong) = self
            .host_aliases
            .keys()
            .find(|alias| !self.concerns(&alias.to_ascii_lowercase()))
        {
            return Err(format!("host_aliases: {wrong:?} is not below host {:?}", self.host));
        }
        let parameters = self.drop_parameters.iter().chain(&self.keep_parameters);
        let is_parameter =
            |name: &&String| name.strip_suffix('*').unwrap_or(name).contains(['*', '&', '=']) || name.is_empty();
        if let Some(wrong) = parameters.into_iter().find(is_parameter) {
            return Err(format!(
                "{wrong:?} is no parameter's name, with at most one star at its end"
            ));
        }
        let is_suffix = |suffix: &&String| suffix.len() < 2 || suffix.contains(['?', '#', '*']);
        match self.drop_path_suffixes.iter().find(is_suffix) {
            Some(wrong) => Err(format!(
                "drop_path_suffixes: {wrong:?} is no end of a path, such as \"/print\""
            )),
            None => Ok(()),
        }
    }

    /// Hosts and names of parameters are compared in lower case.
    fn lower(&mut self) {
        self.host.make_ascii_lowercase();
        for name in self.drop_parameters.iter_mut().chain(&mut self.keep_parameters) {
            name.make_ascii_lowercase();
        }
        let aliases = std::mem::take(&mut self.host_aliases).into_iter();
        let aliases = aliases.map(|(alias, target)| (alias.to_ascii_lowercase(), target.to_ascii_lowercase()));
        self.host_aliases = aliases.collect();
    }

    fn concerns(&self, host: &str) -> bool {
        let own = self.host.to_ascii_lowercase();
        own == "*"
            || host
                .strip_suffix(own.as_str())
                .is_some_and(|rest| rest.is_empty() || rest.ends_with('.'))
    }
}

impl HostRules<'_> {
    pub(super) fn drops(&self, name: &str) -> Dropped {
        let name = name.to_ascii_lowercase();
        let fits = |pattern: &String| match pattern.strip_suffix('*') {
            Some(start) => name.starts_with(start),
            None => name == *pattern,
        };
        if self.rules.iter().any(|rule| rule.keep_parameters.iter().any(fits)) {
            return Dropped::No;
        }
        match self.rules.iter().any(|rule| rule.drop_parameters.iter().any(fits)) {
            true => Dropped::Yes,
            false => Dropped::Unsaid,
        }
    }

    /// The path without one of the ends that the rules name; never without anything.
    pub(super) fn without_suffix(&self, path: String) -> String {
        for rule in &self.rules {
            let suffixes = rule.drop_path_suffixes.iter().map(String::as_str);
            let slash = rule.drop_trailing_slash.then_some("/");
            let shorter = suffixes.chain(slash).find_map(|suffix| path.strip_suffix(suffix));
            if let Some(shorter) = shorter.filter(|shorter| !shorter.is_empty()) {
                return shorter.to_owned();
            }
        }
        path
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const FILE: &str = r#"
        [[rule]]
        host = "Paper.example"
        drop_parameters = ["print", "X_*"]
        keep_parameters = ["fbclid"]
        host_aliases = { "m.paper.example" = "www.paper.example" }
        drop_path_suffixes = ["/print"]
        https = true

        [[rule]]
        host = "*"
        drop_trailing_slash = true
        drop_parameters = ["lang"]

        [[rule]]
        host = "app.example"
        keep_fragment = true
    "#;

    #[test]
    fn an_operators_rules_join_what_they_name() {
        let rules = Rules::parse(FILE).unwrap();
        for (text, expected) in [
            (
                "http://m.paper.example/a?x_1=2&PRINT=1&id=7",
                "https://www.paper.example/a?id=7",
            ),
            (
                "https://www.paper.example/a/print/?fbclid=z&utm_source=x",
                "https://www.paper.example/a?fbclid=z",
            ),
            ("http://paper.example:8080/a", "http://paper.example:8080/a"),
            (
                "http://other.example/a/?lang=de&print=1",
                "http://other.example/a?print=1",
            ),
            ("http://notpaper.example/a?x_1=2", "http://notpaper.example/a?x_1=2"),
            ("https://other.example/", "https://other.example/"),
            ("https://app.example/a-1#story", "https://app.example/a-1#story"),
        ] {
            assert_eq!(rules.canonical_url(text).as_deref(), Ok(expected), "{text}");
            assert_eq!(rules.canonical_url(expected).as_deref(), Ok(expected), "{expected}");
        }
    }

    #[test]
    fn a_file_without_rules_changes_nothing() {
        assert_eq!(Rules::parse("# nothing yet\n"), Ok(Rules::default()));
    }

    #[test]
    fn a_mistake_is_named_with_its_line() {
        let check = |text: &str, line: usize, word: &str| {
            let error = Rules::parse(text).unwrap_err();
            assert_eq!(error.line, line, "{error}");
            assert!(error.to_string().contains(word), "{error}");
        };
        check(
            "[[rule]]\nhost = \"a.example\"\ndrop_parameter = []\n",
            3,
            "drop_parameter",
        );
        check(
            "[[rule]]\nhost = \"a.example\"\n\n[[rule]]\ndrop_parameters = []\n",
            4,
            "host",
        );
        check("\n[[rule]]\nhost = \"http://a.example/\"\n", 2, "host name");
        check(
            "[[rule]]\nhost = \"a.example\"\ndrop_parameters = [\"x*y\"]\n",
            1,
            "x*y",
        );
        check(
            "[[rule]]\nhost = \"a.example\"\ndrop_path_suffixes = [\"/\"]\n",
            1,
            "drop_path_suffixes",
        );
        check(
            "[[rule]]\nhost = \"a.example\"\nhost_aliases = { \"b.example\" = \"a.example\" }\n",
            1,
            "not below",
        );
        let chain = "{ \"x.a.example\" = \"y.a.example\", \"y.a.example\" = \"a.example\" }";
        check(
            &format!("[[rule]]\nhost = \"a.example\"\nhost_aliases = {chain}\n"),
            1,
            "target",
        );
        check("[[rule\n", 1, "");
    }
}
