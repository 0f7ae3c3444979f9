//! libFuzzer on [`fuzz::sitemap`].
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| fuzz::sitemap::check(data));
