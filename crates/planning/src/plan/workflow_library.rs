//! Workflow files of a desk: the built-in ones, and its own replacements.

use std::collections::BTreeMap;

use crate::workflow::{AgentCatalog, Overlay, WorkflowDefinition, load_overlay, load_workflow};
use diag::Diagnostic;

/// The built-in standard day: name and text.
pub const STANDARD: (&str, &str) =
    ("workflows/standard.yaml", include_str!("../../../../workflows/standard.yaml"));

/// The built-in overlays, sorted by name.
pub const OVERLAYS: [(&str, &str); 8] = [
    ("workflows/closed.yaml", include_str!("../../../../workflows/closed.yaml")),
    ("workflows/early_close.yaml", include_str!("../../../../workflows/early_close.yaml")),
    ("workflows/earnings.yaml", include_str!("../../../../workflows/earnings.yaml")),
    (
        "workflows/earnings_tonight.yaml",
        include_str!("../../../../workflows/earnings_tonight.yaml"),
    ),
    ("workflows/expiration.yaml", include_str!("../../../../workflows/expiration.yaml")),
    ("workflows/fomc.yaml", include_str!("../../../../workflows/fomc.yaml")),
    ("workflows/high_volatility.yaml", include_str!("../../../../workflows/high_volatility.yaml")),
    ("workflows/quad_witching.yaml", include_str!("../../../../workflows/quad_witching.yaml")),
];

/// Returns name and text of every built-in workflow file, the standard day first.
#[must_use]
pub fn builtin_files() -> Vec<(&'static str, &'static str)> {
    [STANDARD].into_iter().chain(OVERLAYS).collect()
}

/// A base workflow with the overlays that may change it.
#[derive(Debug, Clone, PartialEq)]
pub struct WorkflowLibrary {
    /// The workflow of an ordinary day.
    pub base: WorkflowDefinition,
    /// The overlays for other days, by name.
    pub overlays: BTreeMap<String, Overlay>,
}

impl WorkflowLibrary {
    /// Creates a library; of two overlays with the same name, the later one is used.
    #[must_use]
    pub fn new(base: WorkflowDefinition, overlays: impl IntoIterator<Item = Overlay>) -> Self {
        let overlays = overlays.into_iter().map(|overlay| (overlay.name.clone(), overlay));
        Self { base, overlays: overlays.collect() }
    }

    /// Reads the built-in standard day and overlays, for the agents of `registry`.
    ///
    /// # Errors
    ///
    /// Every problem of every file. A test keeps the built-in files valid for
    /// [`AgentCatalog::builtin`]; a catalog that lacks one of its agents causes problems.
    pub fn builtin(registry: &AgentCatalog) -> Result<Self, Vec<Diagnostic>> {
        let (base, _warnings) = load_workflow(STANDARD.0, STANDARD.1, registry)?;
        let (mut overlays, mut problems) = (Vec::new(), Vec::new());
        for (source, text) in OVERLAYS {
            match load_overlay(source, text, Some(&base), registry) {
                Ok((overlay, _warnings)) => overlays.push(overlay),
                Err(found) => problems.extend(found),
            }
        }
        if problems.is_empty() { Ok(Self::new(base, overlays)) } else { Err(problems) }
    }

    /// Returns the sort key of an overlay in the order of application; unknown ones come last.
    pub(super) fn order_of(&self, overlay: &str) -> (u32, String) {
        (self.overlays.get(overlay).map_or(u32::MAX, |known| known.rank), overlay.into())
    }
}
