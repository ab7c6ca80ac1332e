//! Arguments of a tool from a template.

use serde_json::Value;

/// Fills a template: `{params.NAME}`, `{upstream.TASK.data.NAME}`, `{session_date}` and every other field
/// of the request. A text that is one name becomes the value, of whatever type.
pub(super) fn fill(template: &Value, params: &Value) -> Result<Value, String> {
    match template {
        Value::String(text) => fill_text(text, params),
        Value::Array(list) => list.iter().map(|it| fill(it, params)).collect(),
        Value::Object(fields) => {
            let filled = fields.iter().map(|(name, it)| Ok((name.clone(), fill(it, params)?)));
            Ok(Value::Object(filled.collect::<Result<_, String>>()?))
        }
        Value::Null | Value::Bool(_) | Value::Number(_) => Ok(template.clone()),
    }
}

fn fill_text(text: &str, params: &Value) -> Result<Value, String> {
    let (mut filled, mut rest) = (String::new(), text);
    while let Some((before, after)) = rest.split_once('{') {
        let Some((name, behind)) = after.split_once('}') else { break };
        let value = value_of(name, params)?;
        if before.is_empty() && filled.is_empty() && behind.is_empty() {
            return Ok(value.clone());
        }
        filled.push_str(before);
        match value {
            Value::String(text) => filled.push_str(text),
            other => filled.push_str(&other.to_string()),
        }
        rest = behind;
    }
    filled.push_str(rest);
    Ok(Value::String(filled))
}

fn value_of<'a>(name: &str, params: &'a Value) -> Result<&'a Value, String> {
    let found = name.split('.').try_fold(params, |value, part| value.get(part));
    found.ok_or_else(|| format!("the arguments name {name}, which the task does not give"))
}
