//! Which files there are and may be opened: below the roots only, whatever links say.

use std::fs::{File, Metadata, OpenOptions};
use std::os::unix::fs::{MetadataExt as _, OpenOptionsExt as _};
use std::path::{Component, Path, PathBuf};
use std::time::UNIX_EPOCH;

use fetcher::files::{Listing, Sighting};
use rustix::fs::OFlags;
use schemas::time::Timestamp;

/// Files of one source; more are not looked at.
const FILES_MAX: usize = 100_000;

/// Deeper directories are not looked into.
const DEPTH_MAX: usize = 16;

/// The part of the file system that may be read.
#[derive(Debug, Clone)]
pub(super) struct Disk {
    roots: Vec<PathBuf>,
}

impl Disk {
    /// The directories `roots` and what is below them.
    pub(super) fn new(roots: Vec<PathBuf>) -> Self {
        Self { roots }
    }

    /// What lies at the `file:` URL `url`, or why that is not to be seen.
    pub(super) fn look(&self, url: &str) -> Result<Listing, String> {
        let bounds = self.bounds()?;
        let real = bounds.real(&path_of(url)?)?;
        let metadata = std::fs::metadata(&real).map_err(|error| in_words(&real, &error))?;
        let mut listing = Listing::new();
        match () {
            () if metadata.is_file() => {
                listing.insert(String::new(), sighting(&metadata));
            }
            () if metadata.is_dir() => {
                bounds.walk(&real, "", 0, &mut listing);
                if FILES_MAX <= listing.len() {
                    tracing::warn!(path = %real.display(), files = FILES_MAX, "a directory holds more files than are looked at");
                }
            }
            () => return Err(format!("{} is neither a file nor a directory", real.display())),
        }
        Ok(listing)
    }

    /// Opens the file at `path` below `url`.
    pub(super) fn open(&self, url: &str, path: &str) -> Result<(File, Sighting), String> {
        let mut wanted = path_of(url)?;
        if !path.is_empty() {
            let below = Path::new(path);
            if !below.components().all(|part| matches!(part, Component::Normal(_))) {
                return Err(format!("{path:?} leads out of its source"));
            }
            wanted.push(below);
        }
        let real = self.bounds()?.real(&wanted)?;
        let mut options = OpenOptions::new();
        // A pipe that took the file's place would keep us waiting for ever.
        let flags = (OFlags::NONBLOCK | OFlags::NOFOLLOW).bits();
        options.read(true).custom_flags(flags.cast_signed());
        let file = options.open(&real).map_err(|error| in_words(&real, &error))?;
        let metadata = file.metadata().map_err(|error| in_words(&real, &error))?;
        if !metadata.is_file() {
            return Err(format!("{} is no regular file", real.display()));
        }
        // A directory on the way may have become a link since we looked: what was opened must still be what is there.
        let again = self.bounds()?.real(&wanted)?;
        let named = std::fs::symlink_metadata(&again).map_err(|error| in_words(&again, &error))?;
        if (named.dev(), named.ino()) != (metadata.dev(), metadata.ino()) {
            return Err(format!("{} was exchanged while it was opened", real.display()));
        }
        Ok((file, sighting(&metadata)))
    }

    /// The roots as they lie at this moment.
    fn bounds(&self) -> Result<Bounds, String> {
        if self.roots.is_empty() {
            return Err("files are not read before fetcher.file_roots lists the directories that may be".to_owned());
        }
        let roots = self.roots.iter().filter_map(|root| resolved(root).ok());
        Ok(Bounds { roots: roots.collect() })
    }
}

/// Roots with their links resolved: once for a look, however many files that shows.
struct Bounds {
    roots: Vec<PathBuf>,
}

impl Bounds {
    /// `path` with its links resolved, when that lies below a root.
    fn real(&self, path: &Path) -> Result<PathBuf, String> {
        let real = resolved(path).map_err(|error| in_words(path, &error))?;
        match self.roots.iter().any(|root| real.starts_with(root)) {
            true => Ok(real),
            false => Err(format!(
                "{} is not below a directory of fetcher.file_roots",
                path.display()
            )),
        }
    }

    /// Lists what lies in `directory`, which is below a root and has no links in its path: so only what is a link
    /// itself can lead out. (Should a directory become one meanwhile, names are listed that [`Disk::open`] refuses.)
    fn walk(&self, directory: &Path, below: &str, depth: usize, listing: &mut Listing) {
        let entries = match std::fs::read_dir(directory) {
            Ok(entries) => entries,
            Err(error) => {
                tracing::warn!(path = %directory.display(), %error, "a directory can't be read");
                return;
            }
        };
        for entry in entries.flatten() {
            let name = entry.file_name();
            let Some(name) = name.to_str().filter(|name| is_wanted(name)) else {
                continue;
            };
            if FILES_MAX <= listing.len() {
                return;
            }
            let path = match below {
                "" => name.to_owned(),
                below => format!("{below}/{name}"),
            };
            let Ok(kind) = entry.file_type() else { continue };
            match () {
                () if kind.is_dir() && depth < DEPTH_MAX => self.walk(&entry.path(), &path, depth + 1, listing),
                () if kind.is_file() || kind.is_symlink() => {
                    let metadata = match kind.is_symlink() {
                        true => self.real(&entry.path()).ok().and_then(|real| real.metadata().ok()),
                        false => entry.metadata().ok(),
                    };
                    if let Some(metadata) = metadata.filter(Metadata::is_file) {
                        listing.insert(path, sighting(&metadata));
                    }
                }
                () => {}
            }
        }
    }
}

/// `path` with its links resolved, which asks the file system about each of its parts.
fn resolved(path: &Path) -> std::io::Result<PathBuf> {
    #[cfg(test)]
    tests::count_resolved();
    path.canonicalize()
}

/// Hidden files are somebody's own, and files that are being written are often called so.
fn is_wanted(name: &str) -> bool {
    let lower = name.to_ascii_lowercase();
    !name.starts_with('.') && ![".tmp", ".part", "~"].iter().any(|ending| lower.ends_with(ending))
}

/// The path that a `file:` URL names.
fn path_of(url: &str) -> Result<PathBuf, String> {
    let parsed = url::Url::parse(url).ok().filter(|url| url.scheme() == "file");
    let path = parsed.and_then(|url| url.to_file_path().ok());
    path.ok_or_else(|| format!("{url:?} names no file of this machine"))
}

/// A file as its metadata show it.
pub(super) fn sighting(metadata: &Metadata) -> Sighting {
    let modified = metadata
        .modified()
        .ok()
        .and_then(|at| at.duration_since(UNIX_EPOCH).ok());
    let millis = modified.map_or(0, |at| i64::try_from(at.as_millis()).unwrap_or(i64::MAX));
    Sighting {
        size: metadata.len(),
        modified: Timestamp::from_millis(millis),
    }
}

fn in_words(path: &Path, error: &std::io::Error) -> String {
    format!("can't read {}: {error}", path.display())
}

#[cfg(test)]
mod tests;
