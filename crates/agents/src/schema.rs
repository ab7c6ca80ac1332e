//! Answers against the schema that an agent gives for them.

use serde_json::Value;

/// Differences that a message names.
const NAMED: usize = 3;

/// Checks the data of a result against a JSON Schema; returns the differences in one line.
///
/// # Errors
///
/// The differences, each with its place in the data, or the reason why the schema cannot be used.
pub fn check_schema(schema: &Value, data: &Value) -> Result<(), String> {
    let validator = jsonschema::validator_for(schema)
        .map_err(|error| format!("the schema cannot be used: {error}"))?;
    let differences = validator.iter_errors(data).take(NAMED).map(|error| {
        let place = error.instance_path().to_string();
        let place = if place.is_empty() { "/".to_owned() } else { place };
        let text: String = error.to_string().chars().take(200).collect();
        format!("{place}: {text}")
    });
    let differences: Vec<_> = differences.collect();
    if differences.is_empty() { Ok(()) } else { Err(differences.join("; ")) }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn differences_from_a_schema_are_told_with_their_place() {
        let schema = json!({
            "type": "object",
            "required": ["score"],
            "properties": {"score": {"type": "number", "maximum": 1}},
        });
        assert_eq!(check_schema(&schema, &json!({"score": 0.5})), Ok(()));
        let told = check_schema(&schema, &json!({"score": 2})).unwrap_err();
        assert_eq!(told, "/score: 2 is greater than the maximum of 1");
        let told = check_schema(&schema, &json!({})).unwrap_err();
        assert_eq!(told, "/: \"score\" is a required property");
        let told = check_schema(&json!({"type": 7}), &json!({})).unwrap_err();
        assert!(told.starts_with("the schema cannot be used: "), "{told}");
        let remote = json!({"$ref": "http://127.0.0.1:9/x"});
        let told = check_schema(&remote, &json!({})).unwrap_err();
        assert!(told.starts_with("the schema cannot be used: "), "{told}");
    }
}
