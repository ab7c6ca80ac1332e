//! The HTTP interface of a served run: probes, token, metrics that Prometheus takes, hostile clients.

#![expect(
    clippy::unwrap_used,
    clippy::print_stderr,
    reason = "a test that cannot go on should say so at once, and one that tries nothing too"
)]

use std::{
    collections::BTreeSet,
    fs,
    io::{BufRead as _, BufReader, Read as _, Write as _},
    net::{Shutdown, TcpStream},
    path::Path,
    process::{Child, Command, Stdio},
};

use bellwether::metrics::NAMES;
use serde_json::Value;

use super::attached::{bellwether, signal, told};

/// A run that is served over HTTP.
struct HttpDesk {
    state: tempfile::TempDir,
    child: Child,
    address: String,
}

impl Drop for HttpDesk {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

impl HttpDesk {
    fn open(with: &[&str]) -> Self {
        let state = tempfile::tempdir().unwrap();
        let words = [&["serve", "--http", "127.0.0.1:0"], with].concat();
        let mut command = bellwether(state.path(), &words);
        let mut child = command.stdout(Stdio::null()).stderr(Stdio::piped()).spawn().unwrap();
        let lines = BufReader::new(child.stderr.take().unwrap()).lines().map(Result::unwrap);
        let mut addresses = lines.filter_map(|line| {
            let (_, rest) = line.split_once("HTTP at http://")?;
            Some(rest.split(';').next()?.to_owned())
        });
        let address = addresses.next().unwrap();
        Self { state, child, address }
    }

    fn connect(&self) -> TcpStream {
        TcpStream::connect(&self.address).unwrap()
    }

    /// Sends bytes, and reads until the server closes: the status code and the body.
    fn send(&self, request: &str) -> (u16, String) {
        let mut stream = self.connect();
        // A server that refuses may close before all is written.
        let _ = stream.write_all(request.as_bytes());
        let mut answer = Vec::new();
        let _ = stream.read_to_end(&mut answer);
        let answer = String::from_utf8(answer).unwrap();
        let (head, body) = answer.split_once("\r\n\r\n").unwrap_or((&answer, ""));
        let code = head.split(' ').nth(1).and_then(|code| code.parse().ok()).unwrap_or(0);
        (code, body.to_owned())
    }

    fn get(&self, path: &str) -> (u16, String) {
        let token = fs::read_to_string(self.state.path().join("http.token")).unwrap();
        let token = token.trim();
        self.send(&format!(
            "GET {path} HTTP/1.1\r\nHost: desk\r\nAuthorization: Bearer {token}\r\nConnection: close\r\n\r\n"
        ))
    }
}

fn plain_get(path: &str) -> String {
    format!("GET {path} HTTP/1.1\r\nHost: desk\r\nConnection: close\r\n\r\n")
}

#[test]
fn probes_need_no_token_and_tell_no_more_than_names() {
    let desk = HttpDesk::open(&["--speed", "1"]);
    assert_eq!(desk.send(&plain_get("/livez")), (200, "ok\n".into()));
    assert_eq!(desk.send(&plain_get("/readyz")), (200, "ready\n".into()));
    for path in ["/health", "/status", "/metrics"] {
        assert_eq!(desk.send(&plain_get(path)).0, 401, "{path}");
        let wrong = plain_get(path).replace("Host: desk", "Host: desk\r\nAuthorization: Bearer x");
        assert_eq!(desk.send(&wrong).0, 401, "{path}");
        assert_eq!(desk.get(path).0, 200, "{path}");
    }
    let (code, body) = desk.send(&plain_get("/"));
    assert!(code == 404 && body.contains("/livez, /readyz"), "{body}");
    let posted = plain_get("/livez").replace("GET", "POST");
    assert_eq!(desk.send(&posted).0, 405);
    let status: Value = serde_json::from_str(&desk.get("/status").1).unwrap();
    assert_eq!(status["system_running"], true);
    assert_eq!(status["agents"]["healthy"], 6);
    let health: Value = serde_json::from_str(&desk.get("/health").1).unwrap();
    assert_eq!((&health["driving"], &health["health"]), (&true.into(), &"ok".into()));
    // The token is no secret of one process: a scraper keeps it over a restart.
    let token = desk.state.path().join("http.token");
    assert_eq!(fs::metadata(&token).unwrap().len(), 65);
}

#[test]
fn a_killed_desk_is_not_ready_and_its_metrics_say_why() {
    let desk = HttpDesk::open(&["--speed", "1"]);
    let (code, text) = told(desk.state.path(), &["kill", "--reason", "a test"]);
    assert_eq!(code, 0, "{text}");
    // A report is used again for a second; the journal's events come at once.
    let mut answer = desk.send(&plain_get("/readyz"));
    while answer.0 == 200 {
        answer = desk.send(&plain_get("/readyz"));
    }
    assert_eq!(answer, (503, "failed: trading\n".into()));
    let (_, metrics) = desk.get("/metrics");
    for wanted in [
        "bellwether_trading_state{state=\"KILLED\"} 1",
        "bellwether_component_health{component=\"trading\"} 2",
        "bellwether_component_health{component=\"journal\"} 0",
    ] {
        assert!(metrics.contains(wanted), "{wanted}:\n{metrics}");
    }
}

#[test]
fn metrics_follow_a_whole_day_and_prometheus_takes_them() {
    let desk = HttpDesk::open(&["--speed", "20000", "--scenario", "demo"]);
    let completed = "bellwether_stage_status{stage=\"market_open\",status=\"COMPLETED\"} 1";
    // Orders are reported in real time, and so later than the events of a day that runs so fast.
    let filled = "bellwether_orders{state=\"FILLED\"} ";
    let many = |page: &str| {
        let count = page.split_once(filled).and_then(|(_, rest)| rest.lines().next()?.parse().ok());
        count.is_some_and(|count: u32| count >= 10)
    };
    let mut page = desk.get("/metrics");
    while page.0 == 200 && !(page.1.contains(completed) && many(&page.1)) {
        page = desk.get("/metrics");
    }
    let text = page.1;
    assert!(text.contains(completed) && many(&text), "{text}");
    for wanted in [
        // The demo lets the collection of data fail twice.
        "bellwether_task_retries_total{task_type=\"collect_market_data\"} 2",
        "bellwether_order_shares{quantity=\"left\",side=\"buy\"} 0",
        "process_open_fds ",
    ] {
        assert!(text.contains(wanted), "{wanted}:\n{text}");
    }
    promtool(&["check", "metrics"], Some(&text));
}

#[test]
fn a_request_without_a_token_for_metrics_that_are_off_is_refused_first() {
    let desk = HttpDesk::open(&["--speed", "1", "--set", "metrics_enabled=false"]);
    assert_eq!(desk.send(&plain_get("/metrics")).0, 401);
    let (code, body) = desk.get("/metrics");
    assert!(code == 404 && body.contains("METRICS_ENABLED"), "{code}: {body}");
}

#[test]
fn hostile_clients_take_nothing_from_the_run() {
    let desk = HttpDesk::open(&["--speed", "1"]);
    // Heads without end, garbage, a head that never ends, a body nobody wants.
    let giant = format!("GET /livez HTTP/1.1\r\nX: {}\r\n\r\n", "a".repeat(1 << 20));
    assert!(matches!(desk.send(&giant).0, 0 | 400 | 431));
    assert!(matches!(desk.send("\u{0}\u{1}\u{2}\r\n\r\n").0, 0 | 400));
    assert!(matches!(desk.send("GET http://[::1/ HTTP/9.9\r\n\r\n").0, 0 | 400 | 505));
    // Silent connections take all seats; further ones are closed at once.
    let silent: Vec<_> = (0..200).map(|_| desk.connect()).collect();
    let (code, text) = told(desk.state.path(), &["pause", "--yes"]);
    assert_eq!(code, 0, "the run is acted on all the same: {text}");
    for stream in &silent {
        // Those without a seat are closed already.
        let _ = stream.shutdown(Shutdown::Both);
    }
    while desk.send(&plain_get("/livez")).0 != 200 {}
    let pid = desk.child.id();
    signal("-TERM", pid);
}

/// Runs promtool where it is installed.
fn promtool(args: &[&str], input: Option<&str>) {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut command = Command::new("promtool");
    command.args(args).current_dir(root).stdin(Stdio::piped()).stderr(Stdio::piped());
    let Ok(mut child) = command.stdout(Stdio::piped()).spawn() else {
        eprintln!("not tried: promtool is not installed");
        return;
    };
    child.stdin.take().unwrap().write_all(input.unwrap_or_default().as_bytes()).unwrap();
    let output = child.wait_with_output().unwrap();
    let said = [output.stdout, output.stderr].map(|bytes| String::from_utf8(bytes).unwrap());
    assert!(output.status.success(), "promtool {args:?}: {}", said.concat());
}

#[test]
fn rules_dashboard_and_runbooks_name_what_exists() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let read = |path: &str| fs::read_to_string(root.join(path)).unwrap();
    let rules = read("packaging/prometheus/rules.yaml");
    let texts = [rules.clone(), read("packaging/grafana/dashboard.json")];
    let mut named = BTreeSet::new();
    for text in &texts {
        let words = text.split(|c: char| !(c.is_ascii_alphanumeric() || c == '_'));
        let metrics = words.filter(|word| word.starts_with("bellwether_"));
        named.extend(metrics.map(|word| word.trim_end_matches("_bucket").to_owned()));
    }
    assert!(named.len() > 8, "{named:?}");
    let unknown: Vec<_> = named.iter().filter(|name| !NAMES.contains(&name.as_str())).collect();
    assert!(unknown.is_empty(), "no such metric: {unknown:?}");
    for line in rules.lines() {
        if let Some(page) = line.trim().strip_prefix("runbook: ") {
            assert!(root.join(page).is_file(), "{page} is missing");
        }
    }
    promtool(&["check", "rules", "packaging/prometheus/rules.yaml"], None);
    promtool(&["test", "rules", "packaging/prometheus/rules_test.yaml"], None);
}
