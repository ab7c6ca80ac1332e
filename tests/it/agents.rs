//! The built-in agents over real days: in dependency order, with the bundled data and a $1m book.

use std::sync::Arc;

use bellwether::market::Dataset;

use crate::support::desk_day::DeskDay;

fn bundled() -> Arc<Dataset> {
    Arc::new(Dataset::bundled())
}

#[test]
fn show() {
    for date in ["2018-12-19", "2018-12-24"] {
        let mut day = DeskDay::new(date, &bundled());
        day.run();
        for task in &day.plan.tasks {
            let line = day.outcomes.get(&task.id).map(|o| format!("{:?} {}", o.quality, o.summary));
            println!(
                "{:20} {} {:?}",
                task.id,
                line.unwrap_or_default(),
                day.failures.get(&task.id)
            );
        }
        println!("{}", day.data("daily_report")["markdown"].as_str().unwrap());
        println!("{}", serde_json::to_string_pretty(&day.data("construct_targets")).unwrap());
        println!(
            "{}",
            serde_json::to_string_pretty(&day.data("generate_trades")["skipped"]).unwrap()
        );
    }
}
