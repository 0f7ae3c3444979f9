//! Every file of the corpus, the seeds and what fuzzing once found, keeps the promises of its reader.

use std::fs;
use std::panic::catch_unwind;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};

fn corpus(target: &str) -> Result<Vec<PathBuf>> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("corpus").join(target);
    let entries = fs::read_dir(&folder).with_context(|| format!("no corpus at {}", folder.display()))?;
    let mut files = entries
        .map(|entry| Ok(entry?.path()))
        .collect::<Result<Vec<PathBuf>>>()?;
    files.sort();
    Ok(files)
}

#[test]
fn every_file_of_the_corpus_keeps_the_promises() -> Result<()> {
    let mut broken = Vec::new();
    for (target, check) in fuzz::TARGETS {
        let files = corpus(target)?;
        assert!(3 <= files.len(), "{target} has too few seeds to start from");
        for file in files {
            let data = fs::read(&file)?;
            if catch_unwind(|| check(&data)).is_err() {
                broken.push(file);
            }
        }
    }
    assert!(broken.is_empty(), "these break a promise: {broken:#?}");
    Ok(())
}

#[test]
fn every_folder_of_the_corpus_has_its_check() -> Result<()> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("corpus");
    for entry in fs::read_dir(folder)? {
        let name = entry?.file_name().into_string().unwrap_or_default();
        assert!(fuzz::TARGETS.iter().any(|(target, _)| *target == name), "{name}");
    }
    Ok(())
}

#[test]
fn every_check_is_a_program_for_libfuzzer() -> Result<()> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("libfuzzer");
    let manifest = fs::read_to_string(folder.join("Cargo.toml"))?;
    for (target, _) in fuzz::TARGETS {
        assert!(manifest.contains(&format!("name = \"{target}\"")), "{target}");
        let program = fs::read_to_string(folder.join("targets").join(format!("{target}.rs")))?;
        assert!(program.contains(&format!("fuzz::{target}::check")), "{target}");
    }
    Ok(())
}
