//! The repository keeps the rules.

use anyhow::Context as _;
use house::offence::{Offence, list};
use house::repository::{Member, Repository};
use house::{agencies, contents, dependencies, heads, names, sizes, telemetry};

/// Fails with every offence that `rule` finds in the repository.
fn keeps(rule: impl Fn(&Repository) -> anyhow::Result<Vec<Offence>>) {
    let offences = match Repository::open().and_then(|repository| rule(&repository)) {
        Ok(offences) => list(offences),
        Err(error) => format!("\nthe rule could not look: {error:#}"),
    };
    assert!(offences.is_empty(), "{offences}\n");
}

#[test]
fn rooms_know_only_the_rooms_and_libraries_of_the_table() {
    keeps(|repository| {
        let members = repository.members()?;
        let ours: Vec<&str> = members.iter().map(Member::name).collect();
        let mut offences = dependencies::check_unused(&members);
        offences.extend(members.iter().flat_map(|member| dependencies::check(member, &ours)));
        Ok(offences)
    });
}

#[test]
fn every_crate_says_what_it_does_not_know() {
    keeps(|repository| {
        let mut offences = Vec::new();
        for member in repository.members()? {
            let roots = ["lib.rs", "main.rs"].map(|root| format!("{}/src/{root}", member.folder));
            match roots.iter().find(|root| repository.files().contains(root)) {
                Some(root) => {
                    let text = repository.text(root)?.unwrap_or_default();
                    offences.extend(heads::check(root, &text, dependencies::is_pure(member.name())));
                }
                None => offences.push(Offence::new(&member.path(), 1, "the crate has no root; add src/lib.rs")),
            }
        }
        Ok(offences)
    });
}

#[test]
fn files_and_functions_are_small() {
    keeps(|repository| {
        let sources = repository.sources()?;
        Ok(sources
            .iter()
            .flat_map(|(path, text)| sizes::check(path, text))
            .collect())
    });
}

#[test]
fn names_say_what_is_inside() {
    keeps(|repository| {
        Ok(repository
            .files()
            .iter()
            .flat_map(|path| names::check_path(path))
            .collect())
    });
}

#[test]
fn tests_neither_sleep_nor_hide() {
    keeps(|repository| {
        let sources = repository.sources()?;
        Ok(sources
            .iter()
            .flat_map(|(path, text)| names::check_source(path, text))
            .collect())
    });
}

#[test]
fn nothing_huge_or_out_of_place_lies_in_the_repository() {
    keeps(|repository| {
        let mut offences = Vec::new();
        for path in repository.files() {
            offences.extend(contents::check_file(path, repository.bytes(path)?));
        }
        Ok(offences)
    });
}

#[test]
fn no_text_names_the_machine_that_it_was_written_on() {
    keeps(|repository| {
        let mut offences = Vec::new();
        for path in repository.files() {
            offences.extend(
                repository
                    .text(path)?
                    .iter()
                    .flat_map(|text| contents::check_text(path, text)),
            );
        }
        Ok(offences)
    });
}

#[test]
fn dashboards_and_rules_use_the_metrics_that_there_are() {
    keeps(|repository| {
        let source = repository.text(telemetry::METRICS)?.unwrap_or_default();
        let mut rules = Vec::new();
        for path in repository.files().iter().filter(|path| telemetry::is_rules(path)) {
            rules.push((path.clone(), repository.text(path)?.unwrap_or_default()));
        }
        Ok(telemetry::check(&source, &rules))
    });
}

#[test]
fn the_agencies_that_are_named_are_those_whose_sites_are_known() {
    keeps(|repository| {
        let text = |path| repository.text(path)?.with_context(|| format!("{path} is not UTF-8"));
        Ok(agencies::check(&text(agencies::NAMES)?, &text(agencies::SITES)?))
    });
}

#[test]
fn the_rules_see_the_sources_and_the_metrics() {
    let repository = Repository::open().unwrap();
    let source = repository.text(telemetry::METRICS).unwrap().unwrap();
    assert!(telemetry::declared(&source).len() > 10);
    assert!(
        repository
            .sources()
            .unwrap()
            .iter()
            .any(|(path, _)| path == "tests/house/tests/house/repository.rs")
    );
    assert!(
        repository
            .members()
            .unwrap()
            .iter()
            .any(|member| member.name() == "schemas")
    );
}
