//! The fuzz target `wire`; what it holds is in the crate's library.

#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| bellwether_fuzz::targets::wire(data));
