//! The orders in the dialog of an approval: which are ticked, how many shares of each, and what that
//! comes to.

use super::{CommandDialog, DialogFocus, DialogItem, DialogTarget, ItemChoice, TextField};
use engine::{ApprovalTerms, Command};
use planning::plan::TaskIx;
use view::partial_approval::{self, ApprovalOrder, OrdersForApproval};

/// A key trims by this part of the order's shares.
const TENTH: i64 = 10;

/// The orders asked about, all of them ticked and whole.
pub(crate) fn order_items(asked: &OrdersForApproval) -> Vec<DialogItem> {
    let item = |part: &ApprovalOrder| DialogItem {
        text: part.table_row(part.qty),
        pick: ItemChoice::Order { shares: part.qty, part: Box::new(part.clone()) },
        on: true,
        consequence: String::new(),
    };
    asked.parts.iter().map(item).collect()
}

impl CommandDialog {
    /// The task whose question is answered here.
    #[must_use]
    pub const fn approval_task(&self) -> Option<TaskIx> {
        match &self.target {
            DialogTarget::Approval { task, .. } => Some(*task),
            DialogTarget::Fixed(_)
            | DialogTarget::ForceTask(_)
            | DialogTarget::ForceStage(_)
            | DialogTarget::OneOf => None,
        }
    }

    /// The yes to what is ticked.
    pub(super) fn approve_command(&self, task: TaskIx) -> Command {
        Command::Approve { task, terms: self.terms() }
    }

    fn orders(&self) -> impl Iterator<Item = (&ApprovalOrder, Option<i64>)> {
        self.items.iter().filter_map(|item| match &item.pick {
            ItemChoice::Order { part, shares } => Some((&**part, item.on.then_some(*shares))),
            ItemChoice::Waive(_)
            | ItemChoice::Never
            | ItemChoice::OneOf(_)
            | ItemChoice::Evidence(_) => None,
        })
    }

    /// What is ticked, as the terms of the approval, bound to the plan in sight.
    fn terms(&self) -> ApprovalTerms {
        let DialogTarget::Approval { of, .. } = &self.target else {
            return ApprovalTerms::default();
        };
        let all = self.orders().all(|(_, shares)| shares.is_some());
        let on = || self.orders().filter_map(|(part, shares)| Some((part, shares?)));
        let trims = on().filter(|(part, shares)| *shares < part.qty);
        ApprovalTerms {
            of: of.clone(),
            only: (!all).then(|| on().map(|(part, _)| part.number).collect()),
            trims: trims.map(|(part, shares)| (part.number, shares)).collect(),
        }
    }

    /// What would be sent, before and after; `None` where no orders are asked about.
    #[must_use]
    pub fn order_totals(&self) -> Option<String> {
        self.orders().next()?;
        Some(partial_approval::total_text(self.orders()))
    }

    /// Whether all that is asked about would be sent, untrimmed.
    #[must_use]
    pub fn sends_all(&self) -> bool {
        self.terms().covers_all()
    }

    /// Whether orders are asked about and none is ticked.
    #[must_use]
    pub fn sends_nothing(&self) -> bool {
        let mut orders = self.orders().peekable();
        orders.peek().is_some() && orders.all(|(_, shares)| shares.is_none())
    }

    /// Trims the order at hand by a tenth of it, or gives it that back. Whether anything changed.
    ///
    /// # Errors
    ///
    /// Why it cannot be trimmed.
    pub(super) fn trim(&mut self, less: bool) -> Result<bool, &'static str> {
        let Some((qty, shares)) = self.at_hand()? else { return Ok(false) };
        let step = (qty / TENTH).max(1);
        let wanted = if less { shares - step } else { shares + step };
        Ok(self.set(wanted.clamp(1, qty)))
    }

    /// Lets the shares of the order at hand be typed.
    ///
    /// # Errors
    ///
    /// Why they cannot.
    pub(super) fn type_shares(&mut self) -> Result<(), &'static str> {
        if self.at_hand()?.is_some()
            && let DialogFocus::Item(at) = self.spot
        {
            self.shares = TextField::new("Shares", 1);
            self.spot = DialogFocus::Shares(at);
        }
        Ok(())
    }

    /// Takes the shares that were typed. Whether anything changed.
    ///
    /// # Errors
    ///
    /// What may be typed instead.
    pub(super) fn take_shares(&mut self) -> Result<bool, String> {
        let DialogFocus::Shares(at) = self.spot else { return Ok(false) };
        let Some(ItemChoice::Order { part, .. }) = self.items.get(at).map(|item| &item.pick) else {
            return Ok(false);
        };
        let (qty, symbol) = (part.qty, part.symbol());
        let typed = self.shares.text().trim().replace(',', "").parse::<i64>().ok();
        let Some(shares) = typed.filter(|shares| (1..=qty).contains(shares)) else {
            return Err(format!("{symbol} can be trimmed to 1 to {qty} shares, not more"));
        };
        self.spot = DialogFocus::Item(at);
        Ok(self.set(shares))
    }

    /// Leaves the shares as they were, if they are being typed. Whether they were.
    pub(super) fn leave_shares(&mut self) -> bool {
        let DialogFocus::Shares(at) = self.spot else { return false };
        self.spot = DialogFocus::Item(at);
        true
    }

    /// The shares planned and wanted of the order at hand, if one is.
    fn at_hand(&self) -> Result<Option<(i64, i64)>, &'static str> {
        let DialogFocus::Item(at) = self.spot else { return Ok(None) };
        let Some(item) = self.items.get(at) else { return Ok(None) };
        match &item.pick {
            ItemChoice::Order { .. } if !item.on => Err("the order is left out: tick it first"),
            ItemChoice::Order { part, shares } => Ok(Some((part.qty, *shares))),
            ItemChoice::Waive(_)
            | ItemChoice::Never
            | ItemChoice::OneOf(_)
            | ItemChoice::Evidence(_) => Ok(None),
        }
    }

    fn set(&mut self, wanted: i64) -> bool {
        let DialogFocus::Item(at) = self.spot else { return false };
        let Some(item) = self.items.get_mut(at) else { return false };
        let ItemChoice::Order { part, shares } = &mut item.pick else { return false };
        let moved = *shares != wanted;
        *shares = wanted;
        item.text = part.table_row(wanted);
        moved
    }
}
