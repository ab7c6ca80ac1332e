//! The declaration of an MCP server, and its pinned list of tools.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};

use super::template::fill;
use diag::{BAD_WORD, DiagnosticCollector, MappingReader, YamlNode};

/// The tool that does a task type.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct McpTool {
    /// Its name.
    pub tool: String,
    /// Its arguments, with `{params.NAME}` and the like in place of values; `None` for the parameters of
    /// the task as they are.
    pub arguments: Option<Value>,
    /// JSON pointer to the result in what the tool returns.
    pub result: String,
}

/// A server of the Model Context Protocol in a child process.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct McpServer {
    /// The program and its arguments.
    pub command: Vec<String>,
    /// The tools that may be called; none unless they are named.
    pub tools: BTreeSet<String>,
    /// The pinned hash of its list of tools.
    pub tools_hash: Option<String>,
    /// The tool of each task type.
    pub map: BTreeMap<String, McpTool>,
}

impl McpServer {
    /// Returns name and arguments of the tool call for a task.
    pub(crate) fn call_of(&self, params: &Value) -> Result<Value, String> {
        let task_type = params.get("task_type").and_then(Value::as_str).unwrap_or_default();
        let tool = self.map.get(task_type).ok_or_else(|| {
            let known: Vec<_> = self.map.keys().map(String::as_str).collect();
            format!("no tool is mapped to {task_type}; mapped are {}", known.join(", "))
        })?;
        // The declaration is checked; a tool that is not allowed is not called whatever it says.
        if !self.tools.contains(&tool.tool) {
            return Err(format!("the tool {} is not allowed; add it to `tools`", tool.tool));
        }
        let arguments = match &tool.arguments {
            Some(template) => fill(template, params)?,
            None => params.get("params").filter(|it| it.is_object()).cloned().unwrap_or(json!({})),
        };
        Ok(json!({"name": tool.tool, "arguments": arguments}))
    }

    /// Checks the server's list of tools against the declaration and the pinned hash.
    pub(crate) fn check_tools(
        &self,
        listed: &[Value],
        before: Option<&str>,
    ) -> Result<String, String> {
        let names: BTreeSet<&str> =
            listed.iter().filter_map(|tool| tool.get("name")?.as_str()).collect();
        if let Some(missing) = self.tools.iter().find(|tool| !names.contains(tool.as_str())) {
            let near = diag::nearest(missing, names.iter().copied());
            let near = near.map_or_else(String::new, |near| format!("; do you mean {near}?"));
            return Err(format!("the server has no tool {}{near}", diag::quote(missing)));
        }
        let hash = hash_of_tools(listed);
        match self.tools_hash.as_deref().or(before) {
            Some(pinned) if pinned != hash => Err(format!(
                "the server's list of tools has changed: pinned is {pinned}, now it is {hash}; compare \
                 the tools, then set `tools_hash`"
            )),
            _ => Ok(hash),
        }
    }
}

/// Returns the hash of a list of tools: their names, descriptions and schemas, in the order of names.
fn hash_of_tools(listed: &[Value]) -> String {
    let field = |tool: &Value, name| tool.get(name).cloned().unwrap_or_default();
    let fields = ["name", "description", "inputSchema", "outputSchema"];
    let mut tools: Vec<String> = listed
        .iter()
        .map(|tool| Value::from(fields.map(|name| field(tool, name)).to_vec()).to_string())
        .collect();
    tools.sort();
    let sum = Sha256::digest(tools.join("\n"));
    format!("sha256:{sum:x}")
}

/// Reads the value of `mcp:`.
pub(crate) fn read_mcp(node: &YamlNode, sink: &mut DiagnosticCollector) -> Option<McpServer> {
    let mut fields = MappingReader::open(node, &node.span, "an MCP server", sink)?;
    let command = fields.required("command").and_then(|e| texts(&e.value, sink));
    let tools = fields.get("tools").and_then(|e| texts(&e.value, sink)).unwrap_or_default();
    let tools: BTreeSet<String> = tools.into_iter().collect();
    let tools_hash = fields.get("tools_hash").and_then(|e| e.value.read_text(sink));
    let tools_hash = tools_hash.map(ToOwned::to_owned);
    let entries = fields
        .get("map")
        .and_then(|e| e.value.read_mapping("a mapping of task types to tools", sink));
    let mut map = BTreeMap::new();
    for entry in entries.unwrap_or_default() {
        let opened =
            MappingReader::open(&entry.value, &entry.key_span, "a tool of a task type", sink);
        let Some(mut fields) = opened else { continue };
        let tool = fields.required("tool");
        let arguments = fields.get("arguments").map(|e| e.value.to_json());
        let result = fields.get("result").and_then(|e| e.value.read_text(sink));
        let result = result.unwrap_or_default().to_owned();
        fields.finish(sink);
        let Some(tool) = tool else { continue };
        let Some(name) = tool.value.read_text(sink) else { continue };
        if !tools.contains(name) {
            let message = format!("the tool {} is not allowed", diag::quote(name));
            sink.report(BAD_WORD, &tool.value.span, message)
                .with_help("name it in `tools`; a tool that is not named there is never called");
        }
        map.insert(entry.key.clone(), McpTool { tool: name.to_owned(), arguments, result });
    }
    fields.finish(sink);
    Some(McpServer { command: command?, tools, tools_hash, map })
}

fn texts(node: &YamlNode, sink: &mut DiagnosticCollector) -> Option<Vec<String>> {
    let list = node.read_list("a list of words", sink)?;
    Some(list.iter().filter_map(|word| word.read_scalar_text("a word", sink)).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn server() -> McpServer {
        let arguments = Some(json!({"symbol": "{params.symbol}", "note": "for {session_date}"}));
        let tool = McpTool { tool: "bars".into(), arguments, result: String::new() };
        let map = BTreeMap::from([("read".to_owned(), tool)]);
        McpServer { tools: ["bars".to_owned()].into(), map, ..McpServer::default() }
    }

    #[test]
    fn only_an_allowed_tool_is_called_with_its_template_filled() {
        let mut server = server();
        let params = json!({
            "task_type": "read", "params": {"symbol": ["A", "B"]}, "session_date": "2018-12-19",
        });
        let arguments = json!({"symbol": ["A", "B"], "note": "for 2018-12-19"});
        assert_eq!(server.call_of(&params), Ok(json!({"name": "bars", "arguments": arguments})));
        let told = server
            .call_of(&json!({"task_type": "read", "params": {}, "session_date": "d"}))
            .unwrap_err();
        assert_eq!(told, "the arguments name params.symbol, which the task does not give");
        assert!(
            server.call_of(&json!({"task_type": "x"})).unwrap_err().contains("mapped are read")
        );
        server.tools.clear();
        let told = server.call_of(&params).unwrap_err();
        assert_eq!(told, "the tool bars is not allowed; add it to `tools`");
    }

    #[test]
    fn a_changed_list_of_tools_is_told_with_both_hashes() {
        let tools = [json!({"name": "bars", "description": "d"}), json!({"name": "a"})];
        let hash = server().check_tools(&tools, None).unwrap();
        let turned = [tools[1].clone(), tools[0].clone()];
        assert_eq!(server().check_tools(&turned, Some(&hash)).as_ref(), Ok(&hash));
        let other = [json!({"name": "bars", "description": "another"})];
        let told = server().check_tools(&other, Some(&hash)).unwrap_err();
        assert!(told.contains("has changed: pinned is sha256:") && told.contains(&hash), "{told}");
        let told = server().check_tools(&[json!({"name": "bar"})], None).unwrap_err();
        assert_eq!(told, "the server has no tool `bars`; do you mean bar?");
    }
}
