//! The Python host that runs an ordinary Python class as an agent.

/// File name of the host.
pub const HOST_FILE: &str = "bellwether_agent.py";

/// Source of the host; it needs only Python's standard library.
pub const HOST_SCRIPT: &str = include_str!("../../../sdk/python/bellwether_agent.py");
