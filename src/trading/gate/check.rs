//! The entry of the gate: runs every check and collects all violations.

use rust_decimal::Decimal;

use super::{
    admission,
    code::{Code, Severity, Violation},
    context::{Context, Quote, is_reducing},
    exposure, flow, size,
};
use crate::trading::order::{Order, OrderType};

/// Checks `order`. Empty when it passes; otherwise every reason why it does not, in order of check.
///
/// Orders that only reduce a position skip the checks of size, exposure and loss, so that an exit is
/// never trapped by an entry limit.
#[must_use]
pub fn check(order: &Order, context: &Context<'_>) -> Vec<Violation> {
    let reducing = is_reducing(order, context);
    let quote = context.quotes.get(&order.intent.symbol).copied();
    let mut desk = Findings { order, context, quote, reducing, found: Vec::new() };
    admission::check(&mut desk);
    size::check(&mut desk);
    exposure::check(&mut desk);
    flow::check(&mut desk);
    desk.found
}

/// Whether an order with these violations may go out, given the soft ones overridden by four eyes.
#[must_use]
pub fn passes(violations: &[Violation], overridden: &[Code]) -> bool {
    violations.iter().all(|v| v.severity == Severity::Soft && overridden.contains(&v.code))
}

/// An order under examination.
pub(super) struct Findings<'a> {
    pub(super) order: &'a Order,
    pub(super) context: &'a Context<'a>,
    pub(super) quote: Option<Quote>,
    pub(super) reducing: bool,
    found: Vec<Violation>,
}

impl Findings<'_> {
    pub(super) fn add(
        &mut self,
        code: Code,
        severity: Severity,
        (observed, limit): (impl ToString, impl ToString),
        text: String,
    ) {
        let (observed, limit) = (observed.to_string(), limit.to_string());
        self.found.push(Violation { code, limit, observed, severity, text });
    }

    pub(super) fn hard(
        &mut self,
        code: Code,
        numbers: (impl ToString, impl ToString),
        text: String,
    ) {
        self.add(code, Severity::Hard, numbers, text);
    }

    pub(super) fn soft(
        &mut self,
        code: Code,
        numbers: (impl ToString, impl ToString),
        text: String,
    ) {
        self.add(code, Severity::Soft, numbers, text);
    }

    /// The check could not be made: fail closed.
    pub(super) fn unavailable(&mut self, code: Code, missing: &str) {
        let text = format!("{missing}: the check cannot be made, so the order does not pass");
        self.add(code, Severity::Unavailable, ("-", "-"), text);
    }

    /// An exit that is sliced: its size is checked slice by slice.
    pub(super) fn sliced_exit(&self) -> bool {
        self.reducing && self.order.parent.is_none() && self.order.intent.kind == OrderType::Twap
    }

    /// Price in USD a share may cost: the limit, else the quote.
    pub(super) fn price(&self) -> Option<Decimal> {
        self.order.intent.limit_px.or(self.quote.map(|quote| quote.px))
    }
}
