//! Servers of the Model Context Protocol as agents: their declaration, and the way from a task to a tool.

mod answer;
mod declaration;
pub(crate) mod messages;
mod template;

pub(crate) use answer::answer_of;
pub(crate) use declaration::read_mcp;
pub use declaration::{McpServer, McpTool};
