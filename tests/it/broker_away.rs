//! Days on which the broker cannot be reached or refuses: what is not known is never told as nothing.

#![expect(clippy::unwrap_used, reason = "a test whose setting fails has failed")]

use bellwether::cli::Exit;
use serde_json::Value;

/// A day lived under broker faults: its exit, its events and its audit trail.
struct Lived {
    exit: Exit,
    events: Vec<Value>,
    trail: Vec<Value>,
}

fn lived(faults: &str) -> Lived {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("faults.yaml");
    let text = format!("scenario: faults\ntitle: faults at the broker\nfaults:\n{faults}");
    std::fs::write(&path, text).unwrap();
    let words = ["run", "--date", "2018-12-19", "--json", "--verbose", "--scenario"];
    let words: Vec<&str> = words.into_iter().chain(path.to_str()).collect();
    let (exit, out, err) = crate::store::asked(folder.path(), &words);
    let lines = |text: &str| -> Vec<Value> {
        text.lines().filter_map(|line| serde_json::from_str(line).ok()).collect()
    };
    let events = lines(&out);
    assert!(!events.is_empty(), "{err}");
    let audit = std::fs::read_dir(folder.path().join("audit")).unwrap();
    let texts = audit.filter_map(|entry| std::fs::read_to_string(entry.unwrap().path()).ok());
    Lived { exit, trail: texts.flat_map(|text| lines(&text)).collect(), events }
}

impl Lived {
    fn of<'a>(&'a self, event: &str, task: &str) -> Vec<&'a Value> {
        let own = |it: &&Value| it["event"] == event && it["task"] == task;
        self.events.iter().filter(own).collect()
    }

    fn alerts(&self, code: &str) -> Vec<&Value> {
        let own = |it: &&Value| it["event"] == "system_alert" && it["code"] == code;
        self.events.iter().filter(own).collect()
    }
}

fn time(event: &Value) -> &str {
    event["at"].as_str().unwrap()
}

#[test]
fn orders_that_fill_while_the_broker_is_away_are_in_doubt_until_it_answers_and_then_all_filled() {
    let day = lived("  - {broker: disconnect, after: 15m, for: 35m}\n");
    assert_eq!(day.of("task_in_doubt", "execute_open").len(), 1);
    let done = day.of("task_completed", "execute_open");
    assert_eq!(done.len(), 1);
    assert!(time(done[0]) >= "2018-12-19T15:20", "{}", time(done[0]));
    assert!(time(done[0]) <= "2018-12-19T15:26", "{}", time(done[0]));
    let data = done[0].pointer("/outcome/output/data").unwrap();
    assert_eq!((&data["filled"], &data["ordered"]), (&5324.into(), &5324.into()));
    let states: Vec<&Value> = day.trail.iter().filter(|it| it["kind"] == "order_state").collect();
    assert!(states.len() >= 10, "{} states of orders in the trail", states.len());
    for state in states {
        assert!(!state.to_string().contains("\"filled\":0"), "{state}");
    }
}

#[test]
fn a_broker_that_stays_away_is_told_once_within_two_minutes_and_nothing_counts_as_done() {
    let day = lived("  - {broker: disconnect, after: 15m, for: 8h}\n");
    let alerts = day.alerts("broker_unreachable");
    assert!(!alerts.is_empty());
    assert!(time(alerts[0]) < "2018-12-19T14:47:00", "{}", alerts[0]);
    assert!(alerts[0]["text"].as_str().unwrap().contains("broker"), "{}", alerts[0]);
    let early = alerts.iter().filter(|it| time(it) < "2018-12-19T15:25").count();
    assert_eq!(early, 1, "one alert for one cause");
    let done = day.of("task_completed", "execute_open");
    assert!(
        done.iter().all(|it| time(it) >= "2018-12-19T22:45"),
        "done before the broker was back"
    );
    assert_eq!(day.exit, Exit::Failed, "what needed it at noon and at the close was not done");
}
