//! The entry of the gate: runs every check and collects all violations.

use rust_decimal::Decimal;

use super::{
    admission,
    code::{CheckCode, Enforcement, Violation},
    context::{CheckContext, Quote, is_reducing},
    exposure, flow, size,
};
use crate::trading::order::{Order, OrderType};

/// Checks `order`. Empty when it passes; otherwise every reason why it does not, in order of check.
///
/// Orders that only reduce a position skip the checks of size, exposure and loss, so that an exit is
/// never trapped by an entry limit.
#[must_use]
pub fn check_order(order: &Order, context: &CheckContext<'_>) -> Vec<Violation> {
    let reducing = is_reducing(order, context);
    let quote = context.quotes.get(&order.intent.symbol).copied();
    let mut desk = OrderChecks { order, context, quote, reducing, found: Vec::new() };
    admission::check_admission(&mut desk);
    size::check_size(&mut desk);
    exposure::check_exposure(&mut desk);
    flow::check_order_flow(&mut desk);
    desk.found
}

/// Whether an order with these violations may go out, given the soft ones overridden by four eyes.
#[must_use]
pub fn is_admissible(violations: &[Violation], overridden: &[CheckCode]) -> bool {
    violations.iter().all(|v| v.severity == Enforcement::Soft && overridden.contains(&v.code))
}

/// An order under examination.
pub(super) struct OrderChecks<'a> {
    pub(super) order: &'a Order,
    pub(super) context: &'a CheckContext<'a>,
    pub(super) quote: Option<Quote>,
    pub(super) reducing: bool,
    found: Vec<Violation>,
}

impl OrderChecks<'_> {
    pub(super) fn add_violation(
        &mut self,
        code: CheckCode,
        severity: Enforcement,
        (observed, limit): (impl ToString, impl ToString),
        text: String,
    ) {
        let (observed, limit) = (observed.to_string(), limit.to_string());
        self.found.push(Violation { code, limit, observed, severity, text });
    }

    pub(super) fn add_hard(
        &mut self,
        code: CheckCode,
        numbers: (impl ToString, impl ToString),
        text: String,
    ) {
        self.add_violation(code, Enforcement::Hard, numbers, text);
    }

    pub(super) fn add_soft(
        &mut self,
        code: CheckCode,
        numbers: (impl ToString, impl ToString),
        text: String,
    ) {
        self.add_violation(code, Enforcement::Soft, numbers, text);
    }

    /// The check could not be made: fail closed.
    pub(super) fn fail_closed(&mut self, code: CheckCode, missing: &str) {
        let text = format!("{missing}: the check cannot be made, so the order does not pass");
        self.add_violation(code, Enforcement::Unavailable, ("-", "-"), text);
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
