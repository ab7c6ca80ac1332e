//! Secrets that an agent's process is given in its environment, kept out of what it says.

use crate::started::USUAL;

/// Shortest value that is taken for a secret: shorter ones are words and numbers.
const SECRET_MIN: usize = 8;

/// Names and values of the declared variables of an agent's environment.
#[derive(Debug, Clone, Default)]
pub(crate) struct Secrets(Vec<(String, String)>);

impl Secrets {
    /// Returns the secrets of an environment: all variables but the usual ones.
    pub(super) fn of(environment: &[(String, String)]) -> Self {
        let secret = |(name, value): &&(String, String)| {
            !USUAL.contains(&name.as_str()) && value.len() >= SECRET_MIN
        };
        let mut secrets: Vec<_> = environment.iter().filter(secret).cloned().collect();
        // The longest first: one may be part of another.
        secrets.sort_by_key(|(_, value)| std::cmp::Reverse(value.len()));
        Self(secrets)
    }

    /// Returns a text with the name of each secret in place of its value.
    pub(crate) fn hide(&self, text: &str) -> String {
        let hide = |text: String, (name, value): &(String, String)| {
            if text.contains(value.as_str()) {
                text.replace(value.as_str(), &format!("[{name}]"))
            } else {
                text
            }
        };
        self.0.iter().fold(text.to_owned(), hide)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_declared_variable_is_shown_by_its_name_alone() {
        let variable = |name: &str, value: &str| (name.to_owned(), value.to_owned());
        let secrets = Secrets::of(&[
            variable("TOKEN", "sk-12345678"),
            variable("LONGER", "sk-12345678-more"),
            variable("MODE", "test"),
            variable("PATH", "/usr/bin:/bin"),
        ]);
        let text = "GET ?key=sk-12345678&k=sk-12345678-more test /usr/bin:/bin";
        assert_eq!(secrets.hide(text), "GET ?key=[TOKEN]&k=[LONGER] test /usr/bin:/bin");
    }
}
