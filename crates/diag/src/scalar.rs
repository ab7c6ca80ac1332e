//! Type of a plain YAML scalar, as `serde_yaml` reads it.

use serde_yaml::Value;

use super::NodeContent;

/// Returns the value of a scalar, or `Err` for one that JSON cannot represent (`.nan`).
pub(super) fn parse_scalar(text: &str, plain: bool) -> Result<NodeContent, ()> {
    // Most scalars are plain words, and a call of the parser costs about a microsecond.
    if !plain || text.starts_with(|c: char| c.is_alphabetic() && !"tTfFnN".contains(c)) {
        return Ok(NodeContent::Text(text.into()));
    }
    if is_long_integer(text) {
        return Err(());
    }
    match serde_yaml::from_str(text) {
        Ok(Value::Null) => Ok(NodeContent::Null),
        Ok(Value::Bool(flag)) => Ok(NodeContent::Bool(flag)),
        Ok(Value::Number(number)) => finite(&number).ok_or(()),
        // A scalar can look like a list or mapping when parsed alone; in its place it is text.
        Ok(Value::String(_) | Value::Sequence(_) | Value::Mapping(_) | Value::Tagged(_))
        | Err(_) => Ok(NodeContent::Text(text.into())),
    }
}

/// Returns whether the text is an integer beyond 64 bits, which parsers of YAML and JSON read as a
/// text, a rounded number or an error.
fn is_long_integer(text: &str) -> bool {
    let digits = text.strip_prefix(['+', '-']).unwrap_or(text);
    let prefixed = [("0x", 16), ("0o", 8), ("0b", 2)]
        .into_iter()
        .find_map(|(prefix, radix)| Some((digits.strip_prefix(prefix)?, radix)));
    let (digits, radix) = prefixed.unwrap_or((digits, 10));
    if digits.is_empty() || !digits.chars().all(|c| c.is_digit(radix)) {
        return false;
    }
    let Ok(size) = u64::from_str_radix(digits, radix) else { return true };
    text.starts_with('-') && size > i64::MIN.unsigned_abs()
}

fn finite(number: &serde_yaml::Number) -> Option<NodeContent> {
    let kept = if let Some(n) = number.as_u64() {
        Some(n.into())
    } else if let Some(n) = number.as_i64() {
        Some(n.into())
    } else {
        number.as_f64().and_then(serde_json::Number::from_f64)
    };
    kept.map(NodeContent::Number)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(text: &str) -> NodeContent {
        NodeContent::Text(text.into())
    }

    #[test]
    fn words_that_other_readers_take_for_flags_or_times_stay_text() {
        for word in ["yes", "no", "on", "off", "09:30", "9:30", "open-3h30 .. open", "1.2.3", "5m"]
        {
            assert_eq!(parse_scalar(word, true), Ok(text(word)), "{word}");
        }
        assert_eq!(parse_scalar("true", false), Ok(text("true")));
    }

    #[test]
    fn numbers_flags_and_nothing_are_themselves() {
        assert_eq!(parse_scalar("", true), Ok(NodeContent::Null));
        assert_eq!(parse_scalar("~", true), Ok(NodeContent::Null));
        assert_eq!(parse_scalar("null", true), Ok(NodeContent::Null));
        assert_eq!(parse_scalar("false", true), Ok(NodeContent::Bool(false)));
        assert_eq!(parse_scalar("-7", true), Ok(NodeContent::Number((-7).into())));
        assert!(
            matches!(parse_scalar("1.50", true), Ok(NodeContent::Number(n)) if n.as_f64() == Some(1.5))
        );
        assert!(matches!(parse_scalar("18446744073709551615", true), Ok(NodeContent::Number(_))));
        for bad in [
            ".nan",
            ".inf",
            "-.inf",
            "18446744073709551616",
            "12345678901234567890123",
            "-9223372036854775809",
            "0xfffffffffffffffff",
        ] {
            assert_eq!(parse_scalar(bad, true), Err(()), "{bad}");
        }
    }
}
