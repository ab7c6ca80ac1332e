//! The result of a tool as the result of a task.

use serde_json::{Value, json};

use super::McpServer;
use crate::{
    process::CallError,
    protocol::{LINE_MAX, RpcError},
    schema::check_schema,
};

/// Returns the result of a task from what its tool returned. Data of a server is marked as untrusted.
///
/// # Errors
///
/// [`CallError::BadAnswer`] for a result that breaks the schema of its tool, or has nothing at the pointer.
pub(crate) fn answer_of(
    server: &McpServer,
    task_type: &str,
    returned: &Value,
    schema: Option<&Value>,
) -> Result<Result<Value, RpcError>, CallError> {
    let bad = |problem: String| CallError::BadAnswer(problem);
    if returned.get("isError") == Some(&Value::Bool(true)) {
        let message = text_of(returned);
        let message =
            if message.is_empty() { "the tool failed without a reason".into() } else { message };
        return Ok(Err(RpcError { code: -32000, message, data: Value::Null }));
    }
    let structured = returned.get("structuredContent").filter(|it| it.is_object());
    let content = match structured {
        Some(structured) => structured.clone(),
        None => {
            let text = text_of(returned);
            serde_json::from_str(&text).unwrap_or_else(|_no_json| json!({ "text": text }))
        }
    };
    if let Some(schema) = schema {
        check_schema(schema, &content)
            .map_err(|told| bad(format!("it does not match the schema of its tool: {told}")))?;
    }
    let pointer = server.map.get(task_type).map_or("", |tool| tool.result.as_str());
    let found = content.pointer(pointer).cloned();
    let found = found.ok_or_else(|| bad(format!("it has nothing at {pointer}")))?;
    let mut data = if found.is_object() { found } else { json!({ "value": found }) };
    if let Some(fields) = data.as_object_mut() {
        fields.insert("untrusted".into(), Value::Bool(true));
    }
    Ok(Ok(json!({"status": "ok", "data": data})))
}

/// Returns the texts of a result, joined.
fn text_of(returned: &Value) -> String {
    let content = returned.get("content").and_then(Value::as_array).into_iter().flatten();
    let texts = content.filter_map(|part| part.get("text")?.as_str());
    texts.collect::<Vec<_>>().join("\n").chars().take(LINE_MAX).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::mcp::McpTool;

    #[test]
    fn a_tools_result_becomes_data_that_is_marked_as_untrusted() {
        let tool = McpTool { tool: "t".into(), arguments: None, result: "/bars".into() };
        let server = McpServer { map: [("read".into(), tool)].into(), ..McpServer::default() };
        let of = |returned: Value, schema: Option<Value>| {
            answer_of(&server, "read", &returned, schema.as_ref())
        };
        let data = |data: Value| Ok(Ok(json!({"status": "ok", "data": data})));
        let text = json!({"content": [{"type": "text", "text": "{\"bars\": [1]}"}]});
        assert_eq!(of(text.clone(), None), data(json!({"value": [1], "untrusted": true})));
        let both = json!({"content": [], "structuredContent": {"bars": {"n": 1}}});
        assert_eq!(of(both.clone(), None), data(json!({"n": 1, "untrusted": true})));
        let told = of(json!({"content": []}), None).unwrap_err().to_string();
        assert!(told.contains("it has nothing at /bars"), "{told}");
        let told = of(both, Some(json!({"required": ["x"]}))).unwrap_err().to_string();
        assert!(told.contains("does not match the schema of its tool"), "{told}");
        let failed = json!({"isError": true, "content": [{"text": "no such symbol"}]});
        assert_eq!(of(failed, None).unwrap().unwrap_err().message, "no such symbol");
    }
}
