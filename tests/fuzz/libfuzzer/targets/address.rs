//! libFuzzer on [`fuzz::address`].
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| fuzz::address::check(data));
