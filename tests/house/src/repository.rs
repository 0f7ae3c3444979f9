//! Which files the rules see: those that git tracks or would track.

use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, ensure};
use toml::Table;

/// The checkout that this crate stands in.
#[derive(Debug)]
pub struct Repository {
    root: PathBuf,
    files: Vec<String>,
}

/// A crate of the workspace.
#[derive(Debug)]
pub struct Member {
    /// Its folder, such as `services/kit`.
    pub folder: String,
    /// The text of its manifest.
    pub text: String,
    /// Its manifest.
    pub manifest: Table,
}

impl Repository {
    /// The checkout around this crate, with all files that git tracks and those that are new and not ignored: a rule
    /// that a commit would break fails before it.
    ///
    /// # Errors
    /// When git can't list the files, because there is no git or no checkout.
    pub fn open() -> anyhow::Result<Self> {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
        let listing = Command::new("git")
            // A checkout that belongs to another user, as in a container, is read all the same.
            .args([
                "-c",
                "safe.directory=*",
                "ls-files",
                "-z",
                "--cached",
                "--others",
                "--exclude-standard",
            ])
            .current_dir(&root)
            .output()
            .context("the rules of the house need git")?;
        ensure!(
            listing.status.success(),
            "git can't list the files: {}",
            String::from_utf8_lossy(&listing.stderr).trim()
        );
        let mut files: Vec<String> = String::from_utf8(listing.stdout)
            .context("a file name is not UTF-8")?
            .split_terminator('\0')
            .filter(|path| root.join(path).is_file())
            .map(str::to_owned)
            .collect();
        files.sort();
        files.dedup();
        Ok(Self { root, files })
    }

    /// All paths from the top, with slashes, sorted.
    #[must_use]
    pub fn files(&self) -> &[String] {
        &self.files
    }

    /// The size of the file at `path` in bytes.
    ///
    /// # Errors
    /// When the file can't be looked at.
    pub fn bytes(&self, path: &str) -> anyhow::Result<u64> {
        let metadata = self.root.join(path).metadata().with_context(|| path.to_owned())?;
        Ok(metadata.len())
    }

    /// The file at `path` as text; `None` when it is not UTF-8.
    ///
    /// # Errors
    /// When the file can't be read.
    pub fn text(&self, path: &str) -> anyhow::Result<Option<String>> {
        let bytes = std::fs::read(self.root.join(path)).with_context(|| path.to_owned())?;
        Ok(String::from_utf8(bytes).ok())
    }

    /// All Rust sources: path and text.
    ///
    /// # Errors
    /// When one can't be read or is not UTF-8.
    pub fn sources(&self) -> anyhow::Result<Vec<(String, String)>> {
        let paths = self.files.iter().filter(|path| path.ends_with(".rs"));
        paths
            .map(|path| {
                let text = self.text(path)?.with_context(|| format!("{path} is not UTF-8"))?;
                Ok((path.clone(), text))
            })
            .collect()
    }

    /// All crates that the workspace's manifest names.
    ///
    /// # Errors
    /// When a manifest can't be read.
    pub fn members(&self) -> anyhow::Result<Vec<Member>> {
        let workspace: Table = self.manifest("Cargo.toml")?.parse()?;
        let folders = workspace
            .get("workspace")
            .and_then(|table| table.get("members"))
            .and_then(toml::Value::as_array)
            .context("Cargo.toml has no list workspace.members")?;
        folders
            .iter()
            .map(|folder| {
                let folder = folder
                    .as_str()
                    .context("a workspace member is not a string")?
                    .to_owned();
                let text = self.manifest(&format!("{folder}/Cargo.toml"))?;
                let manifest = text.parse().with_context(|| folder.clone())?;
                Ok(Member { folder, text, manifest })
            })
            .collect()
    }

    fn manifest(&self, path: &str) -> anyhow::Result<String> {
        self.text(path)?.with_context(|| format!("{path} is not UTF-8"))
    }
}

impl Member {
    /// The crate's name.
    #[must_use]
    pub fn name(&self) -> &str {
        self.manifest
            .get("package")
            .and_then(|package| package.get("name"))
            .and_then(toml::Value::as_str)
            .unwrap_or(&self.folder)
    }

    /// The path of its manifest.
    #[must_use]
    pub fn path(&self) -> String {
        format!("{}/Cargo.toml", self.folder)
    }
}
