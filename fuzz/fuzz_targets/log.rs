//! Fuzz target `log`; its assertions are in the crate's library.

#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| bellwether_fuzz::targets::log(data));
