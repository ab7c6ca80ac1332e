//! One value on either side of a comparison, in words.

/// One value of either side. Texts from outside are already made safe.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DiffRow {
    /// The field that differs: `state`, `took`, …
    pub label: &'static str,
    /// On the left; `-` where there is none.
    pub left: String,
    /// On the right; `-` where there is none.
    pub right: String,
}

impl DiffRow {
    pub(super) fn new(
        label: &'static str,
        left: impl Into<String>,
        right: impl Into<String>,
    ) -> Self {
        Self { label, left: left.into(), right: right.into() }
    }

    /// Returns whether the sides differ.
    #[must_use]
    pub fn differs(&self) -> bool {
        self.left != self.right
    }

    /// In one line: `state: COMPLETED, before FAILED`; the value alone when the sides agree. The
    /// left is what was before.
    #[must_use]
    pub fn to_line(&self) -> String {
        if self.differs() {
            return format!("{}: {}, before {}", self.label, self.right, self.left);
        }
        format!("{}: {}", self.label, self.right)
    }
}
