//! Fuzz target `wire`; its assertions are in the crate's library.

#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| bellwether_fuzz::targets::wire(data));
