//! What gives articles their topics: as configured, or as named on the command line.

use std::path::Path;
use std::sync::Arc;

use anyhow::{Context as _, Result, bail};
use classifier::classifier::Classifier;
use classifier::model::combined::{Combined, Sharing};
use classifier::model::filed::Filed;
use classifier::model::rules::Rules;
use classifier::model::{Model, file};
use classifier::sections::Sections;
use classifier::taxonomy::Taxonomy;
use kit::config::{Config, RulesUse};

/// The topic model that the program carries.
const BUILT_IN: &[u8] = include_bytes!("../../../seeds/topics/topics.model");

/// The classifier with the configured model and rules.
pub(crate) fn configured(config: &Config) -> Result<Classifier> {
    let taxonomy = Taxonomy::media_topics()?;
    let options = &config.classifier;
    let rules: Option<Arc<dyn Model>> = match options.rules_file.as_str() {
        "" => None,
        path => Some(rules(path, &taxonomy).context("classifier.rules_file")?),
    };
    let model = || -> Result<Arc<dyn Model>> {
        match options.model_file.as_str() {
            "" => built_in(config, &taxonomy),
            path => read_model(path, config, &taxonomy).context("classifier.model_file"),
        }
    };
    let chosen: Arc<dyn Model> = match (rules, options.rules_use) {
        (None, _) => model()?,
        (Some(rules), RulesUse::Alone) => rules,
        (Some(rules), RulesUse::OverModel) => Arc::new(Combined::new(rules, model()?)),
        (Some(rules), RulesUse::WhereModelAbstains) => {
            Arc::new(Combined::sharing(model()?, rules, Sharing::SecondWhereFirstAbstains))
        }
    };
    Ok(Classifier::new(chosen, Arc::new(taxonomy)))
}

/// The classifier that a name on the command line means: `configured`, `built-in`, a model file, a rules file (its name
/// ends in .toml), or several of them joined by `+`, of which the first that publishes a topic decides on it.
pub(crate) fn named(name: &str, config: &Config) -> Result<Classifier> {
    if name == "configured" {
        return configured(config);
    }
    let taxonomy = Taxonomy::media_topics()?;
    let one = |name: &str| -> Result<Arc<dyn Model>> {
        match name {
            "built-in" => built_in(config, &taxonomy),
            "" => bail!("an empty name of a model; give a file, built-in or configured"),
            path if path.ends_with(".toml") => rules(path, &taxonomy),
            path => read_model(path, config, &taxonomy),
        }
    };
    // A file whose own name has a plus in it is one model.
    let model = if Path::new(name).exists() {
        one(name)?
    } else {
        let parts: Vec<Arc<dyn Model>> = name.split('+').map(one).collect::<Result<_>>()?;
        let joined = parts
            .into_iter()
            .rev()
            .reduce(|under, over| -> Arc<dyn Model> { Arc::new(Combined::new(over, under)) });
        joined.context("no model is named")?
    };
    Ok(Classifier::new(model, Arc::new(taxonomy)))
}

fn built_in(config: &Config, taxonomy: &Taxonomy) -> Result<Arc<dyn Model>> {
    linear(BUILT_IN, config, taxonomy).context("the compiled-in topic model can't be used")
}

fn read_model(path: &str, config: &Config, taxonomy: &Taxonomy) -> Result<Arc<dyn Model>> {
    let bytes = std::fs::read(path).with_context(|| format!("can't read {path}"))?;
    linear(&bytes, config, taxonomy).with_context(|| format!("{path} can't be used"))
}

fn linear(bytes: &[u8], config: &Config, taxonomy: &Taxonomy) -> Result<Arc<dyn Model>> {
    let linear = file::read(bytes)?;
    Ok(match config.classifier.use_sections {
        true => Arc::new(Filed::new(linear, Sections::known(taxonomy)?)),
        false => Arc::new(linear),
    })
}

fn rules(path: &str, taxonomy: &Taxonomy) -> Result<Arc<dyn Model>> {
    let text = std::fs::read_to_string(path).with_context(|| format!("can't read {path}"))?;
    let rules = Rules::parse(&text).with_context(|| format!("{path} can't be used"))?;
    rules.check(taxonomy).with_context(|| format!("{path} can't be used"))?;
    Ok(Arc::new(rules))
}

#[cfg(test)]
mod tests {
    use super::{configured, named};
    use classifier::model::Article;
    use kit::config::Config;

    struct NoEnvironment;

    impl kit::config::layers::Environment for NoEnvironment {
        fn variables(&self) -> Vec<(String, String)> {
            Vec::new()
        }
    }

    fn config(flags: &[(&str, &str)]) -> Config {
        let flags: Vec<(String, String)> = flags
            .iter()
            .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
            .collect();
        Config::load(None, &NoEnvironment, &flags).unwrap()
    }

    const RULES: &str = "version = \"desk-1\"\n\n[[rule]]\ntopic = \"medtop:17000000\"\nany = [\"goalkeeper\"]\n";

    #[test]
    fn rules_and_model_combine_as_configured_and_stand_in_the_name() {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("rules.toml");
        std::fs::write(&path, RULES).unwrap();
        let path = path.to_str().unwrap();
        let text = "The goalkeeper saved a penalty in the cup final and the coach praised the team's striker.";
        let found = |rules_use: &str| {
            let config = config(&[
                ("classifier.rules_file", path),
                ("classifier.rules_use", rules_use),
                ("classifier.use_sections", "false"),
            ]);
            let classifier = configured(&config).unwrap();
            let article = Article {
                language: Some("en"),
                text,
                ..Article::default()
            };
            let is_top = |id: &str| classifier.taxonomy().term(id).is_some_and(|term| term.parent.is_none());
            let topics = classifier.topics(&article).into_iter().map(|topic| topic.id);
            let topics: Vec<String> = topics.filter(|id| is_top(id)).collect();
            (topics, classifier.model_name())
        };
        let (both, name) = found("over_model");
        assert_eq!(both, ["medtop:17000000", "medtop:15000000"]);
        assert!(name.starts_with("desk-1+"), "{name}");
        let hashes = name.rsplit('@').next().unwrap();
        assert_eq!(hashes.len(), 33, "the hash of each: {name}");
        assert_eq!(found("where_model_abstains").0, ["medtop:15000000"]);
        assert_eq!(found("alone").0, ["medtop:17000000"]);
        assert_eq!(
            named(&format!("{path}+built-in"), &config(&[]))
                .unwrap()
                .model_name()
                .matches('+')
                .count(),
            4
        );
    }

    #[test]
    fn a_mistake_names_file_line_and_rule() {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("rules.toml");
        let check = |rules: &str, expected: &str| {
            std::fs::write(&path, rules).unwrap();
            let path = path.to_str().unwrap();
            let error = configured(&config(&[("classifier.rules_file", path)])).unwrap_err();
            let error = format!("{error:#}");
            for part in ["classifier.rules_file", path, expected] {
                assert!(error.contains(part), "{error} lacks {part}");
            }
        };
        check(&RULES.replace("goalkeeper", "…"), "rule 1 (line 3): any: ");
        check(&RULES.replace("17000000", "1"), "rule 1 (line 3): topic: \"medtop:1\"");
        check(&RULES.replace("any", "all"), "rule 1 (line 5): ");
        check(&RULES.replace("version", "vision"), "line 1");
    }

    #[test]
    fn what_is_no_model_is_refused() {
        let config = config(&[]);
        for name in ["", "/no/such/file", "built-in+", "Cargo.toml"] {
            assert!(named(name, &config).is_err(), "{name:?}");
        }
    }
}
