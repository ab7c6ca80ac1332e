//! Functions of the fuzz targets, independent of the fuzzer.

pub mod targets;
