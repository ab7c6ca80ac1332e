//! Limits on the size and depth of a file, far above any real workflow and far below anything
//! harmful.

/// Largest file accepted, in bytes. A workflow of 2,000 tasks takes about 200 KB.
pub const FILE_BYTES_MAX: usize = 1 << 20;

/// Deepest accepted nesting of lists and mappings. A workflow needs five levels, and a few more for
/// `task_data`.
pub const DEPTH_MAX: usize = 32;

/// Most values accepted in one file; a value reached through an alias counts each time it is used.
///
/// A "billion laughs" file exceeds it after a few kilobytes and is refused.
pub const NODES_MAX: usize = 100_000;

/// Most problems kept for one file. Nobody reads more, and a hostile file can have any number.
pub(super) const PROBLEMS_MAX: usize = 500;
