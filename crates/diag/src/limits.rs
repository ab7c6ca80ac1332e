//! How large and how deep a file may be: far above any desk's day, far below what hurts.

/// Largest file read, in bytes. A day of 2,000 tasks takes about 200 KB.
pub const FILE_BYTES_MAX: usize = 1 << 20;

/// Deepest nesting of lists and mappings. A workflow needs five and its `task_data` a few more.
pub const DEPTH_MAX: usize = 32;

/// Most values in one file, those reached through an alias counted each time it is used.
///
/// A "billion laughs" file reaches it after a few kilobytes and is refused there.
pub const NODES_MAX: usize = 100_000;

/// Most problems kept for one file: nobody reads further, and a hostile file has no end of them.
pub(super) const PROBLEMS_MAX: usize = 500;
