//! The codes of problems any YAML file can have, whatever it is about.

/// Names one kind of problem for good: scripts and searches rely on it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Code {
    /// `E` (error) or `W` (warning) and three digits.
    pub id: &'static str,
    /// The kind in a few words, as the reference lists it.
    pub title: &'static str,
}

const fn code(id: &'static str, title: &'static str) -> Code {
    Code { id, title }
}

pub(super) const NOT_UTF8: Code = code("E001", "not UTF-8 text");
pub(super) const TOO_LARGE: Code = code("E002", "file too large");
pub(super) const EMPTY: Code = code("E003", "empty file");
pub(super) const SYNTAX: Code = code("E004", "not YAML");
pub(super) const TAB: Code = code("E005", "tab in the indentation");
pub(super) const RAW_CONTROL: Code = code("E006", "control character in the file");
pub(super) const DOCUMENTS: Code = code("E007", "more than one document");
pub(super) const TOO_DEEP: Code = code("E008", "nested too deep");
pub(super) const TOO_MANY: Code = code("E009", "too many values");
pub(super) const ALIAS_RING: Code = code("E010", "alias inside its own anchor");
pub(super) const MERGE_KEY: Code = code("E011", "merge key");
pub(super) const TAG: Code = code("E012", "tag");
pub(super) const KEY_SHAPE: Code = code("E013", "key that is no single word");
pub(super) const DUPLICATE_KEY: Code = code("E014", "key given twice");
pub(super) const NO_NUMBER: Code = code("E015", "value that cannot be kept");
pub(super) const TOO_MANY_PROBLEMS: Code = code("E016", "more problems than are kept");
/// A key the format does not have.
pub const UNKNOWN_KEY: Code = code("E020", "unknown key");
/// A key that must be there is not.
pub const MISSING_KEY: Code = code("E021", "missing key");
/// A list where text was expected, and the like.
pub const WRONG_TYPE: Code = code("E022", "wrong type of value");
/// A word outside of the words a key accepts.
pub const BAD_WORD: Code = code("E023", "word that is not accepted");
/// A number outside of the range a key accepts.
pub const OUT_OF_RANGE: Code = code("E024", "number out of range");
/// A name or text that would change the terminal it is shown on.
pub const CONTROL_CHARACTER: Code = code("E025", "control character in a text");

/// Every code of this module, in order.
pub const CODES: &[Code] = &[
    NOT_UTF8,
    TOO_LARGE,
    EMPTY,
    SYNTAX,
    TAB,
    RAW_CONTROL,
    DOCUMENTS,
    TOO_DEEP,
    TOO_MANY,
    ALIAS_RING,
    MERGE_KEY,
    TAG,
    KEY_SHAPE,
    DUPLICATE_KEY,
    NO_NUMBER,
    TOO_MANY_PROBLEMS,
    UNKNOWN_KEY,
    MISSING_KEY,
    WRONG_TYPE,
    BAD_WORD,
    OUT_OF_RANGE,
    CONTROL_CHARACTER,
];
