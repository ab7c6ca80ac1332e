//! Codes of the problems that any YAML file can have, independent of its meaning.

/// A permanent identifier of one kind of problem; scripts and searches may rely on it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct DiagnosticCode {
    /// The letter `E` (error) or `W` (warning) and three digits.
    pub id: &'static str,
    /// A short title, as listed in the reference.
    pub title: &'static str,
}

const fn code(id: &'static str, title: &'static str) -> DiagnosticCode {
    DiagnosticCode { id, title }
}

pub(super) const NOT_UTF8: DiagnosticCode = code("E001", "not UTF-8 text");
pub(super) const TOO_LARGE: DiagnosticCode = code("E002", "file too large");
pub(super) const EMPTY: DiagnosticCode = code("E003", "empty file");
pub(super) const SYNTAX: DiagnosticCode = code("E004", "not YAML");
pub(super) const TAB: DiagnosticCode = code("E005", "tab in the indentation");
pub(super) const RAW_CONTROL: DiagnosticCode = code("E006", "control character in the file");
pub(super) const DOCUMENTS: DiagnosticCode = code("E007", "more than one document");
pub(super) const TOO_DEEP: DiagnosticCode = code("E008", "nested too deep");
pub(super) const TOO_MANY: DiagnosticCode = code("E009", "too many values");
pub(super) const ALIAS_RING: DiagnosticCode = code("E010", "alias inside its own anchor");
pub(super) const MERGE_KEY: DiagnosticCode = code("E011", "merge key");
pub(super) const TAG: DiagnosticCode = code("E012", "tag");
pub(super) const KEY_SHAPE: DiagnosticCode = code("E013", "key that is no single word");
pub(super) const DUPLICATE_KEY: DiagnosticCode = code("E014", "key given twice");
pub(super) const NO_NUMBER: DiagnosticCode = code("E015", "value that cannot be kept");
pub(super) const TOO_MANY_PROBLEMS: DiagnosticCode = code("E016", "more problems than are kept");
/// A key that the format does not define.
pub const UNKNOWN_KEY: DiagnosticCode = code("E020", "unknown key");
/// A required key that is absent.
pub const MISSING_KEY: DiagnosticCode = code("E021", "missing key");
/// A value of the wrong type, such as a list where text is expected.
pub const WRONG_TYPE: DiagnosticCode = code("E022", "wrong type of value");
/// A word outside of the set that a key accepts.
pub const BAD_WORD: DiagnosticCode = code("E023", "word that is not accepted");
/// A number outside of the range that a key accepts.
pub const OUT_OF_RANGE: DiagnosticCode = code("E024", "number out of range");
/// A name or text with control characters that would affect the terminal.
pub const CONTROL_CHARACTER: DiagnosticCode = code("E025", "control character in a text");

/// All codes of this module, in ascending order.
pub const CODES: &[DiagnosticCode] = &[
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
