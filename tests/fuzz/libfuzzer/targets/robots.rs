//! libFuzzer on [`fuzz::robots`].
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| fuzz::robots::check(data));
