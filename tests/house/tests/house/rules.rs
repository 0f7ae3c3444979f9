//! Every rule finds what breaks it, where it is broken, and nothing else.

use house::offence::Offence;
use house::repository::Member;
use house::{agencies, contents, dependencies, heads, names, sizes, telemetry};

/// The offences are on these lines and say these words, by line.
fn check(offences: &[Offence], expected: &[(usize, &str)]) {
    let mut offences = offences.to_vec();
    offences.sort_by_key(|offence| offence.line);
    let found: Vec<(usize, &str)> = offences
        .iter()
        .map(|offence| (offence.line, offence.what.as_str()))
        .collect();
    assert_eq!(found.len(), expected.len(), "{found:?}");
    for ((line, what), (expected_line, words)) in found.into_iter().zip(expected) {
        assert_eq!(line, *expected_line, "{what}");
        assert!(what.contains(words), "{what:?} does not say {words:?}");
    }
}

fn member(folder: &str, text: &str) -> Result<Member, toml::de::Error> {
    Ok(Member {
        folder: folder.to_owned(),
        text: text.to_owned(),
        manifest: text.parse()?,
    })
}

const LINTS: &str = "[lints]\nworkspace = true\n";

#[test]
fn a_room_may_use_the_rooms_of_its_row_only() {
    let ours = ["schemas", "stage", "cleaner", "kit"];
    let of = |folder: &str, rest: &str| dependencies::check(&member(folder, &format!("{LINTS}{rest}")).unwrap(), &ours);
    let kit = "[package]\nname = \"kit\"\n[dependencies]\nstage.workspace = true\ncleaner.workspace = true\n";
    check(&of("services/kit", kit), &[(7, "kit may not know cleaner")]);
    check(&of("services/kit", &kit.replace("cleaner", "schemas")), &[]);
    let tests = kit.replace("\"kit\"", "\"e2e\"");
    check(&of("tests/e2e", &tests), &[]);
    let unknown = kit.replace("\"kit\"", "\"weather\"");
    let no_rule = "no rule for the room weather";
    check(&of("services/weather", &unknown), &[(6, no_rule), (7, no_rule)]);
}

#[test]
fn a_pure_room_may_use_the_libraries_of_its_list_only() {
    let of = |rest: &str| dependencies::check(&member("services/cleaner", &format!("{LINTS}{rest}")).unwrap(), &[]);
    let head = "[package]\nname = \"cleaner\"\n";
    check(&of(&format!("{head}[dependencies]\nurl = \"2\"\n")), &[]);
    check(&of(&format!("{head}[dev-dependencies]\nproptest = \"1\"\n")), &[]);
    check(
        &of(&format!("{head}[dependencies]\ntokio = \"1\"\n")),
        &[(6, "does not list tokio")],
    );
    check(
        &of(&format!("{head}[target.'cfg(unix)'.dependencies]\nlibc = \"1\"\n")),
        &[(6, "does not list libc")],
    );
    let renamed = format!("{head}[dependencies]\nurl = {{ package = \"tokio\", version = \"1\" }}\n");
    check(&of(&renamed), &[(1, "does not list tokio")]);
    check(
        &of(&format!("{head}[dev-dependencies]\nrdkafka = \"1\"\n")),
        &[(6, "rdkafka is for kit alone")],
    );
}

#[test]
fn a_library_that_no_one_uses_leaves_the_list() {
    let cleaner = member(
        "services/cleaner",
        "[package]\nname = \"cleaner\"\n[dependencies]\nurl = \"2\"\n",
    )
    .unwrap();
    let offences = dependencies::check_unused(&[cleaner]);
    assert!(offences.iter().any(|offence| offence.what.starts_with("scraper ")));
    assert!(!offences.iter().any(|offence| offence.what.starts_with("url ")));
}

#[test]
fn the_lints_of_the_workspace_apply_everywhere() {
    let manifest = "[package]\nname = \"stage\"\n";
    check(
        &dependencies::check(&member("services/stage", manifest).unwrap(), &[]),
        &[(1, "[lints] workspace = true")],
    );
}

#[test]
fn a_crate_opens_with_what_it_does_not_know() {
    let good = format!(
        "//! Does this. It does not\n//! know that. Start reading at [`a`].\n{}\n",
        heads::PURITY
    );
    check(&heads::check("a.rs", &good, true), &[]);
    check(
        &heads::check("a.rs", "//! It does not know. Start reading.\n\npub mod a;\n", false),
        &[],
    );
    let impure = "//! It does not know. Start reading.\n\npub mod a;\n";
    check(&heads::check("a.rs", impure, true), &[(3, heads::PURITY)]);
    check(
        &heads::check("a.rs", "// it does not know\n", false),
        &[(1, "does not know"), (1, "start reading")],
    );
}

#[test]
fn long_files_and_functions_are_found_where_they_begin() {
    let lines = |count: usize| "\n".repeat(count);
    check(&sizes::check("a.rs", &lines(500)), &[]);
    check(&sizes::check("a.rs", &lines(501)), &[(501, "a file of 501 lines")]);
    check(&sizes::check("a/src/main.rs", &lines(59)), &[]);
    check(
        &sizes::check("a/src/main.rs", &lines(60)),
        &[(60, "a main of 60 lines")],
    );
    let function = |inner: usize| format!("impl A {{\n/// Doc.\nfn long(&self) {{{}}}\n}}\n", lines(inner));
    check(&sizes::check("a.rs", &function(59)), &[]);
    check(&sizes::check("a.rs", &function(60)), &[(3, "fn long has 61 lines")]);
    let in_macro = format!("proptest! {{\nfn long(a in 0..1) {{{}}}\n}}\n", lines(60));
    check(&sizes::check("a.rs", &in_macro), &[(2, "fn long has 61 lines")]);
    let declared = format!("trait A {{\nfn short(&self);\n}}\nstruct B {{{}}}\n", lines(60));
    check(&sizes::check("a.rs", &declared), &[]);
    check(&sizes::check("a.rs", "fn a( {"), &[(1, "not a Rust source")]);
}

#[test]
fn empty_names_are_found_in_paths_and_modules() {
    check(&names::check_path("services/kit/src/log/mod.rs"), &[(1, "a mod.rs")]);
    check(
        &names::check_path("services/kit/src/utils.rs"),
        &[(1, "the name utils")],
    );
    check(
        &names::check_path("services/kit/tests/common/start.rs"),
        &[(1, "the name common")],
    );
    check(&names::check_path("services/kit/src/commonplace.rs"), &[]);
    check(
        &names::check_source("a.rs", "\nmod helpers {}\nmod commons;\n"),
        &[(2, "the name helpers")],
    );
}

#[test]
fn tests_that_sleep_or_are_ignored_are_found() {
    let sleeping = "fn a() {\n    thread::sleep(A_WHILE);\n}\n";
    check(
        &names::check_source("services/kit/tests/a.rs", sleeping),
        &[(2, "sleeps")],
    );
    check(
        &names::check_source("services/kit/src/a/tests.rs", sleeping),
        &[(2, "sleeps")],
    );
    check(&names::check_source("services/kit/src/a.rs", sleeping), &[]);
    let module = format!("{sleeping}#[cfg(test)]\nmod tests {{\n{sleeping}}}\n");
    check(&names::check_source("services/kit/src/a.rs", &module), &[(7, "sleeps")]);
    let spoken = "// thread::sleep(A_WHILE)\nconst A: &str = \"sleep(1)\";\n";
    check(&names::check_source("services/kit/tests/a.rs", spoken), &[]);
    let hidden = "#[test]\n#[ignore = \"slow\"]\nfn a() {}\n#[ignore]\nfn b() {}\n";
    check(
        &names::check_source("services/kit/src/a.rs", hidden),
        &[(2, "ignored"), (4, "ignored")],
    );
}

#[test]
fn what_is_foreign_huge_or_out_of_place_is_found() {
    check(&contents::check_file("services/kit/src/lib.rs", 100), &[]);
    check(
        &contents::check_file("notes/a.txt", 100),
        &[(1, "no name of the design")],
    );
    check(
        &contents::check_file("seeds/a.bin", contents::FILE_BYTES),
        &[(1, "6000000 bytes")],
    );
    check(&contents::check_file("seeds/topics/topics.model", 9_999_999), &[]);
    check(
        &contents::check_file("seeds/topics/topics.model", 10_000_000),
        &[(1, "under 10000000")],
    );
    let foreign = format!("one\ntwo {}{}/a\n", "/wo", "rk/shared");
    check(
        &contents::check_text("a.rs", &foreign),
        &[(2, "exists on one machine only")],
    );
    check(&contents::check_text("a.rs", "/homework/shared"), &[]);
}

#[test]
fn metrics_are_compared_both_ways() {
    let source = "metrics! {\n/// Help.\nInputs = \"copydesk_inputs\", Counter, [];\n\
        Time = \"copydesk_time_seconds\", Histogram, [];\nFeeds = \"copydesk_feeds\", Gauge, [\"health\"];\n}\n";
    let rules = |text: &str| telemetry::check(source, &[("deploy/rules.yml".to_owned(), text.to_owned())]);
    let all = "rate(copydesk_inputs_total[5m])\ncopydesk_time_seconds_bucket{le=\"1\"} > copydesk_feeds\n";
    check(&rules(all), &[]);
    check(&rules(""), &[]);
    check(&rules(&format!("{all}  # copydesk_*, all of them")), &[]);
    check(
        &rules(&format!("{all}\ncopydesk_inputs")),
        &[(4, "no metric is exposed as copydesk_inputs;")],
    );
    let feeds_only = [
        (3, "copydesk_inputs is in no rule"),
        (4, "copydesk_time_seconds is in no rule"),
    ];
    check(&rules("copydesk_feeds == 0"), &feeds_only);
}

#[test]
fn an_agency_is_in_both_tables() {
    let names = "# Names.\nAP\tAP|Associated Press\nČTK\tČTK\n";
    check(&agencies::check(names, "AP\tapnews.com\nČTK\t\n"), &[]);
    check(
        &agencies::check(names, "AP\tapnews.com\nTT\ttt.se\n"),
        &[
            (2, "TT is not in services/cleaner"),
            (3, "ČTK is not in services/deduper"),
        ],
    );
}
