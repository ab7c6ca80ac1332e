//! What the fuzz targets do with bytes, apart from who makes the bytes.

pub mod targets;
