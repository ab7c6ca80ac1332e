//! The task `maintenance`: checks that the desk's records of the day are complete and consistent,
//! and computes a digest of them.

use serde_json::json;

use crate::{
    agents::{
        job::{TaskContext, business_rejection, count_noun},
        task_output::TaskOutput,
    },
    trading::trade_plan::hash_of,
};
use engine::Failure;

pub(in crate::agents) fn maintenance(job: &TaskContext<'_>) -> Result<TaskOutput, Failure> {
    let desk = job.desk();
    let plans = desk.trade_plans();
    let broken: Vec<&str> =
        plans.iter().filter(|(p, _)| !p.is_intact()).map(|(p, _)| p.plan_id.as_str()).collect();
    if !broken.is_empty() {
        return Err(business_rejection(format!(
            "changed after finalization: {}",
            broken.join(", ")
        )));
    }
    let (fills, orders) = (desk.fills(job.now()), desk.orders(job.now()));
    let open = orders.iter().filter(|order| !order.state.is_final()).count();
    let hashes: Vec<&str> = plans.iter().map(|(plan, _)| plan.hash()).collect();
    let book = desk.book(job.now());
    let day = json!({
        "session": job.date(), "plans": hashes, "fills": fills, "book": book,
        "limits": desk.limits().1,
    });
    let digest = hash_of(&day).unwrap_or_default();
    let head: String = digest.chars().take(12).collect();
    let data = json!({
        "archived": [], "pruned": [], "desk_digest": digest,
        "plans": plans.len(), "fills": fills.len(), "working": open,
        "audit": null, "disk": null,
    });
    let summary = format!("{}, digest {head}", count_noun(fills.len(), "fill"));
    let mut done = TaskOutput::new(summary, data).with_degraded(open > 0);
    done.add_warning(
        "not_here",
        None,
        "the run's record verifies and seals itself; agents touch no files",
    );
    if open > 0 {
        done.add_warning(
            "working",
            None,
            format!("{} still working after the session", count_noun(open, "order")),
        );
    }
    Ok(done)
}
