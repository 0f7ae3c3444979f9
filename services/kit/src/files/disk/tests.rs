use std::cell::Cell;
use std::fs::{create_dir, create_dir_all, write};
use std::os::unix::fs::symlink;

use super::*;

thread_local! {
    static RESOLVED: Cell<usize> = const { Cell::new(0) };
}

/// Counts a path whose links were resolved on this thread.
pub(super) fn count_resolved() {
    RESOLVED.with(|count| count.set(count.get() + 1));
}

fn url(path: &Path) -> String {
    url::Url::from_file_path(path).unwrap().into()
}

#[test]
fn shows_the_files_that_somebody_may_have_read() {
    let directory = tempfile::tempdir().unwrap();
    let root = directory.path().join("wire");
    create_dir_all(root.join("2026/11")).unwrap();
    create_dir(directory.path().join("secrets")).unwrap();
    write(directory.path().join("secrets/key"), "secret").unwrap();
    for name in ["a.jsonl", "2026/11/b.xml", ".hidden", "c.xml.tmp", "d.part", "e~"] {
        write(root.join(name), "x").unwrap();
    }
    symlink(root.join("a.jsonl"), root.join("link-inside.jsonl")).unwrap();
    symlink(directory.path().join("secrets/key"), root.join("link-outside.jsonl")).unwrap();
    symlink(directory.path().join("secrets"), root.join("directory-outside")).unwrap();
    symlink(&root, root.join("loop")).unwrap();
    let disk = Disk::new(vec![root.clone()]);
    let seen: Vec<String> = disk.look(&url(&root)).unwrap().into_keys().collect();
    assert_eq!(seen, ["2026/11/b.xml", "a.jsonl", "link-inside.jsonl"]);
    let single = disk.look(&url(&root.join("a.jsonl"))).unwrap();
    assert_eq!(single.into_keys().collect::<Vec<_>>(), [""]);
}

#[test]
fn a_look_resolves_links_once_and_not_for_each_file() {
    let directory = tempfile::tempdir().unwrap();
    let root = directory.path().join("wire");
    create_dir_all(root.join("2026/11")).unwrap();
    for number in 0..50 {
        write(root.join(format!("2026/11/{number}.xml")), "x").unwrap();
    }
    symlink(root.join("2026/11/0.xml"), root.join("newest.xml")).unwrap();
    symlink(directory.path(), root.join("up")).unwrap();
    let disk = Disk::new(vec![root.clone(), directory.path().to_owned()]);
    let before = RESOLVED.get();
    assert_eq!(disk.look(&url(&root)).unwrap().len(), 51);
    // Two roots, the source, and the two links in it.
    assert_eq!(RESOLVED.get() - before, 5);
}

#[test]
fn refuses_what_is_not_below_a_root() {
    let directory = tempfile::tempdir().unwrap();
    let root = directory.path().join("wire");
    create_dir(&root).unwrap();
    write(root.join("a.jsonl"), "x").unwrap();
    write(directory.path().join("key"), "secret").unwrap();
    symlink(directory.path().join("key"), root.join("outside")).unwrap();
    symlink(directory.path(), root.join("up")).unwrap();
    let disk = Disk::new(vec![root.clone()]);
    let check = |place: &str, path: &str, expected: &str| {
        let error = disk.open(place, path).map(|_| ()).unwrap_err();
        assert!(error.contains(expected), "{place} {path}: {error}");
    };
    let root_url = url(&root);
    check(&root_url, "outside", "not below a directory of fetcher.file_roots");
    check(&root_url, "up/key", "not below");
    check(&root_url, "../key", "leads out of its source");
    check(&root_url, "/etc/passwd", "leads out of its source");
    check(&url(directory.path()), "key", "not below");
    check("file:///etc/passwd", "", "not below");
    check(&format!("{root_url}/../key"), "", "not below");
    check(&format!("{root_url}/%2e%2e/key"), "", "not below");
    check("https://harbour.example/feed", "", "names no file");
    check(&root_url, "missing", "can't read");
    check(&root_url, "", "no regular file");
    assert!(disk.open(&root_url, "a.jsonl").is_ok());
    assert!(disk.look(&url(directory.path())).is_err());
}

#[test]
fn reads_nothing_before_an_operator_lists_a_root() {
    let directory = tempfile::tempdir().unwrap();
    let error = Disk::new(Vec::new()).look(&url(directory.path())).unwrap_err();
    assert!(error.contains("fetcher.file_roots"), "{error}");
}

#[test]
fn a_pipe_is_no_file() {
    let directory = tempfile::tempdir().unwrap();
    let pipe = directory.path().join("pipe");
    rustix::fs::mknodat(
        rustix::fs::CWD,
        &pipe,
        rustix::fs::FileType::Fifo,
        rustix::fs::Mode::from_raw_mode(0o600),
        0,
    )
    .unwrap();
    let disk = Disk::new(vec![directory.path().to_owned()]);
    assert!(disk.look(&url(directory.path())).unwrap().is_empty());
    assert!(disk.open(&url(directory.path()), "pipe").is_err());
}
