//! `maintenance`: checks that the desk's day is whole and closed, and puts one digest under it.

use serde_json::json;

use crate::{
    agents::{
        done::Done,
        job::{Job, plural, rejected},
    },
    engine::Failure,
    trading::plan::hash_of,
};

pub(in crate::agents) fn maintain(job: &Job<'_>) -> Result<Done, Failure> {
    let desk = job.desk();
    let plans = desk.plans();
    let broken: Vec<&str> =
        plans.iter().filter(|(p, _)| !p.is_intact()).map(|(p, _)| p.plan_id.as_str()).collect();
    if !broken.is_empty() {
        return Err(rejected(format!("changed after freezing: {}", broken.join(", "))));
    }
    let (fills, orders) = (desk.fills(job.at()), desk.orders(job.at()));
    let open = orders.iter().filter(|order| !order.state.is_final()).count();
    let hashes: Vec<&str> = plans.iter().map(|(plan, _)| plan.hash()).collect();
    let book = desk.book(job.at());
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
    let summary = format!("{}, digest {head}", plural(fills.len(), "fill"));
    let mut done = Done::new(summary, data).degraded(open > 0);
    done.warn(
        "not_here",
        None,
        "the run's record verifies and seals itself; agents touch no files",
    );
    if open > 0 {
        done.warn(
            "working",
            None,
            format!("{} still at work after the session", plural(open, "order")),
        );
    }
    Ok(done)
}
