//! A filter's text cut into words, quoted texts and regular expressions, with their places.

/// One term as it was written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Token {
    /// Its first character's place in the text, in characters from 0.
    pub(super) at: usize,
    /// As written, `!` and quotes included.
    pub(super) written: String,
    /// True if a `!` stands before it.
    pub(super) negated: bool,
    pub(super) body: TokenBody,
    /// The blank after it; none at the end of the text.
    pub(super) after: Option<char>,
}

/// The body of a term.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum TokenBody {
    /// A word or a field, quotes taken away.
    Plain(String),
    /// A quoted text.
    Quoted(String),
    /// A regular expression between two `/`.
    Regex(String),
    /// An opening quote or `/` without its end.
    Unterminated(char),
    /// Text directly after the closing `/` of a regular expression.
    Trailing,
}

/// Cuts a text. Every character that is no blank is part of one token.
pub(super) fn tokenize(text: &str) -> Vec<Token> {
    let mut cutter = Tokenizer { rest: text.chars().peekable(), at: 0, written: String::new() };
    let mut tokens = Vec::new();
    loop {
        while cutter.next_if(char::is_whitespace).is_some() {}
        cutter.written.clear();
        let at = cutter.at;
        let Some(&first) = cutter.rest.peek() else { return tokens };
        let negated = first == '!';
        if negated {
            cutter.next();
        }
        let body = match cutter.rest.peek() {
            Some('/') => cutter.regex(),
            Some(_) | None => cutter.plain(),
        };
        let after = cutter.rest.peek().copied();
        tokens.push(Token { at, written: cutter.written.clone(), negated, body, after });
    }
}

struct Tokenizer<'a> {
    rest: std::iter::Peekable<std::str::Chars<'a>>,
    at: usize,
    written: String,
}

impl Tokenizer<'_> {
    fn next(&mut self) -> Option<char> {
        self.next_if(|_any| true)
    }

    fn next_if(&mut self, wanted: impl Fn(char) -> bool) -> Option<char> {
        let c = self.rest.next_if(|&c| wanted(c))?;
        self.at += 1;
        self.written.push(c);
        Some(c)
    }

    /// Up to the next blank that no quotes enclose.
    fn plain(&mut self) -> TokenBody {
        let (mut text, mut quoted) = (String::new(), false);
        let starts_quoted = self.rest.peek() == Some(&'"');
        while let Some(c) = self.next_if(|c| quoted || !c.is_whitespace()) {
            if c == '"' {
                quoted = !quoted;
            } else {
                text.push(c);
            }
        }
        match (quoted, starts_quoted) {
            (true, _) => TokenBody::Unterminated('"'),
            (false, true) => TokenBody::Quoted(text),
            (false, false) => TokenBody::Plain(text),
        }
    }

    /// Up to the next `/` that no `\` stands before.
    fn regex(&mut self) -> TokenBody {
        self.next();
        let mut text = String::new();
        while let Some(c) = self.next() {
            match c {
                '/' if self.rest.peek().is_none_or(|c| c.is_whitespace()) => {
                    return TokenBody::Regex(text);
                }
                '/' => {
                    while self.next_if(|c| !c.is_whitespace()).is_some() {}
                    return TokenBody::Trailing;
                }
                '\\' => match self.next() {
                    Some('/') => text.push('/'),
                    Some(other) => text.extend(['\\', other]),
                    None => return TokenBody::Unterminated('/'),
                },
                c => text.push(c),
            }
        }
        TokenBody::Unterminated('/')
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn split_tokens(text: &str) -> Vec<String> {
        let show = |t: Token| format!("{}{}{:?}", t.at, if t.negated { "!" } else { ":" }, t.body);
        tokenize(text).into_iter().map(show).collect()
    }

    #[test]
    fn blanks_part_terms_unless_quotes_or_slashes_hold_them() {
        assert_eq!(
            split_tokens(r#" ä  !"two words" agent:"x y" /a b\/c/ "open"#),
            [
                r#"1:Plain("ä")"#,
                r#"4!Quoted("two words")"#,
                r#"17:Plain("agent:x y")"#,
                r#"29:Regex("a b/c")"#,
                r#"38:Unterminated('"')"#,
            ]
        );
        assert_eq!(split_tokens("/usr/bin !"), ["0:Trailing", r#"9!Plain("")"#]);
        assert_eq!(split_tokens(r"/a\"), ["0:Unterminated('/')"]);
    }

    proptest::proptest! {
        #[test]
        fn no_character_is_lost(text in "[ a!/\"\\\\é]{0,20}") {
            let all: String = tokenize(&text).into_iter().map(|t| t.written).collect();
            let bare = |text: &str| text.split_whitespace().collect::<String>();
            proptest::prop_assert_eq!(bare(&all), bare(&text));
            for token in tokenize(&text) {
                let at: String = text.chars().skip(token.at).take(token.written.chars().count()).collect();
                proptest::prop_assert_eq!(at, token.written);
            }
        }
    }
}
