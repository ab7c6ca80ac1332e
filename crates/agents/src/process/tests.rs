//! Real child processes, well behaved and not.

use std::{path::Path, process::Command, time::Duration};

use serde_json::{Value, json};

use super::{
    agent::{CallResult, HANDSHAKE_MAX},
    *,
};
use engine::AttemptOutcome;

const MINUTE: Duration = Duration::from_mins(1);

/// Introduces the process as an agent, in the shell.
const INTRODUCE: &str = r#"read line
printf '{"jsonrpc":"2.0","id":0,"result":{"protocol":"bellwether-agent/1","task_types":["t"]}}\n'
"#;

fn shell(script: &str) -> ProcessCommand {
    ProcessCommand {
        agent: "test".into(),
        words: ["sh", "-c", script].map(Into::into).into(),
        folder: "/".into(),
        environment: vec![("PATH".into(), "/usr/bin:/bin:/usr/local/bin".into())],
    }
}

/// An agent that introduces itself and then runs `script` for its first request.
fn agent(script: &str) -> ProcessAgent {
    ProcessAgent::new(shell(&format!("{INTRODUCE}read line\n{script}")))
}

/// The same with variables in its environment.
pub(super) fn agent_in(script: &str, variables: &[(&str, &str)]) -> ProcessAgent {
    let mut command = shell(&format!("{INTRODUCE}read line\n{script}"));
    let variables = variables.iter().map(|(name, value)| ((*name).into(), (*value).into()));
    command.environment.extend(variables);
    ProcessAgent::new(command)
}

async fn ask(agent: &ProcessAgent) -> CallResult {
    agent.call("task/run", json!({"params": {}}), MINUTE).await
}

/// A Python class behind the host of this repository.
fn python(class: &str) -> ProcessAgent {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let words = ["python3", "sdk/python/bellwether_agent.py", class].map(Into::into).into();
    ProcessAgent::new(ProcessCommand { folder: root, words, ..shell("") })
}

#[tokio::test]
async fn an_answer_reaches_its_caller_and_stray_lines_do_not_disturb() {
    let agent = agent(
        r#"echo "loading model..."
printf '{"jsonrpc":"2.0","id":1,"result":{"score":0.5}}\n'; read line"#,
    );
    assert_eq!(ask(&agent).await, Ok(Ok(json!({"score": 0.5}))));
    assert!(matches!(agent.status().state, ProcessState::Running { .. }));
}

#[tokio::test]
async fn answers_that_cannot_be_used_fail_the_request_they_belong_to() {
    let long = "x".repeat(200);
    for (script, told) in [
        (r#"printf '{"id":1,"result":{"x":NaN}}\n'"#.to_owned(), "no JSON"),
        (r#"printf '{"id":1,"result":{"x":1e400}}\n'"#.into(), "no JSON"),
        (r#"printf '{"id":1}\n'"#.into(), "neither a result nor an error"),
        (r#"printf '{"id":1,"result":1,"error":{}}\n'"#.into(), "a result and an error"),
        (r#"printf '{"result":1}\n'"#.into(), "neither a method nor the id"),
        (
            format!("i=0; while [ $i -lt 30000 ]; do printf '{long}'; i=$((i+1)); done; echo"),
            "more than 4194304 bytes",
        ),
    ] {
        let answer = ask(&agent(&format!("{script}; read line"))).await;
        let problem = answer.unwrap_err().to_string();
        assert!(problem.contains("cannot be used") && problem.contains(told), "{problem}");
    }
}

#[tokio::test]
async fn a_second_answer_and_a_flood_of_stray_lines_are_told_apart() {
    let twice = agent(
        r#"a='{"jsonrpc":"2.0","id":1,"result":{"n":1}}'; echo "$a"; echo "$a"
read line; printf '{"jsonrpc":"2.0","id":2,"result":{"n":2}}\n'; read line"#,
    );
    assert_eq!(ask(&twice).await, Ok(Ok(json!({"n": 1}))));
    assert_eq!(ask(&twice).await, Ok(Ok(json!({"n": 2}))));
    let flood = agent("while :; do echo noise; done");
    let answer = ask(&flood).await;
    assert!(
        matches!(&answer, Err(CallError::Ended(why)) if why.contains("100 lines")),
        "{answer:?}"
    );
}

#[tokio::test]
async fn a_process_that_ends_says_how_and_is_started_again() {
    let agent = agent("echo 'model file is missing' >&2; exit 3");
    let answer = ask(&agent).await;
    let why = answer.unwrap_err().to_string();
    assert!(why.contains("exit status: 3") && why.contains("model file is missing"), "{why}");
    assert!(matches!(ask(&agent).await, Err(CallError::Ended(_))), "started again");
    assert_eq!(agent.status().restarts, 1);
    assert!(matches!(ask(&agent).await, Err(CallError::Ended(_))));
    let answer = ask(&agent).await;
    assert_eq!(answer, Err(CallError::CrashLoop(3)), "three ends in a minute");
    assert_eq!(agent.status().state, ProcessState::CrashLoop);
}

#[tokio::test]
async fn a_crash_loop_is_over_after_a_minute() {
    let agent = agent("exit 1");
    for _ in 0..3 {
        assert!(matches!(ask(&agent).await, Err(CallError::Ended(_))));
    }
    assert_eq!(ask(&agent).await, Err(CallError::CrashLoop(3)));
    tokio::time::pause();
    tokio::time::sleep(Duration::from_secs(61)).await;
    tokio::time::resume();
    assert!(matches!(ask(&agent).await, Err(CallError::Ended(_))));
}

#[tokio::test]
async fn what_is_no_agent_is_told_with_the_reason() {
    let nothing =
        ProcessAgent::new(ProcessCommand { words: vec!["/no/such/program".into()], ..shell("") });
    let error = ask(&nothing).await.unwrap_err().to_string();
    assert!(error.contains("/no/such/program") && error.contains("No such file"), "{error}");
    for (script, told) in [
        ("echo 'no module named numpy' >&2; exit 1", "no module named numpy"),
        (r#"printf '{"id":0,"result":{"protocol":"other/2","task_types":[]}}\n'"#, "other/2"),
        (r#"printf '{"id":0,"result":{"protocol":"bellwether-agent/1"}}\n'"#, "task_types"),
        (r#"printf '{"id":0,"error":{"code":-32000,"message":"no licence"}}\n'"#, "no licence"),
    ] {
        let agent = ProcessAgent::new(shell(&format!("{script}; read line")));
        let error = ask(&agent).await.unwrap_err().to_string();
        assert!(error.contains("did not introduce itself") && error.contains(told), "{error}");
    }
}

#[tokio::test]
async fn a_process_that_never_introduces_itself_is_given_up_after_ten_seconds() {
    let agent = ProcessAgent::new(shell("sleep 1000"));
    let asking = tokio::spawn(async move { ask(&agent).await });
    // The clock runs on only while the handshake waits.
    tokio::time::pause();
    tokio::time::sleep(HANDSHAKE_MAX + Duration::from_millis(1)).await;
    tokio::time::resume();
    let error = asking.await.unwrap().unwrap_err().to_string();
    assert!(error.contains("no answer to `agent/describe` within 10 s"), "{error}");
}

/// Whether a process with this text in its command line is alive.
fn alive(text: &str) -> bool {
    let listed = Command::new("pgrep").args(["-f", text]).output().unwrap();
    listed.status.success()
}

#[tokio::test]
async fn who_hears_neither_a_cancellation_nor_sigterm_is_killed_with_its_children() {
    // Unique in the process list, so that the test sees its own processes alone.
    let mark = format!("3{}", std::process::id());
    let agent = agent(&format!("trap '' TERM; sleep {mark}.5 & sleep {mark}.25; sleep {mark}.75"));
    let mut status = agent.status.clone();
    let asking = tokio::spawn({
        let agent = agent.clone();
        async move { ask(&agent).await }
    });
    status.wait_for(|s| matches!(s.state, ProcessState::Running { .. })).await.unwrap();
    while !alive(&format!("sleep {mark}.75")) {
        tokio::task::yield_now().await;
    }
    tokio::time::pause();
    assert_eq!(asking.await.unwrap(), Err(CallError::TimedOut(MINUTE)));
    // Cancelled, 5 s later SIGTERM, 5 s later SIGKILL.
    let stopped = |status: &ProcessStatus| status.state == ProcessState::Stopped;
    status.wait_for(stopped).await.unwrap();
    assert!(!alive(&format!("sleep {mark}")), "the children are killed as well");
}

#[tokio::test]
async fn a_caller_that_goes_away_cancels_its_request() {
    let agent = agent(
        r#"read cancel; case $cancel in *task/cancel*) ;; *) exit 9;; esac
printf '{"jsonrpc":"2.0","id":1,"error":{"code":-32800,"message":"cancelled"}}\n'
read line; printf '{"jsonrpc":"2.0","id":2,"result":{"still":"here"}}\n'; read line"#,
    );
    {
        let call = ask(&agent);
        tokio::pin!(call);
        // Sent, and then dropped.
        let mut status = agent.status.clone();
        tokio::select! {
            answer = &mut call => assert_eq!(answer, Err(CallError::Stopping), "no answer is due"),
            _ = status.wait_for(|s| matches!(s.state, ProcessState::Running { .. })) => {}
        }
        tokio::select! {
            biased;
            answer = &mut call => assert_eq!(answer, Err(CallError::Stopping), "no answer is due"),
            () = tokio::task::yield_now() => {}
        }
    }
    assert_eq!(ask(&agent).await, Ok(Ok(json!({"still": "here"}))));
    assert_eq!(agent.status().restarts, 0, "one process did both");
}

#[tokio::test]
async fn the_classes_of_a_user_run_unchanged() {
    let desk = python("sdk/examples/news_desk.py:NewsDesk");
    let described = desk.describe().await.unwrap();
    let names: Vec<_> = described.task_types.iter().map(|t| t.name.as_str()).collect();
    assert_eq!(names, ["count_words", "score_news"]);
    let run = |task_type: &'static str, data: Value| {
        let desk = desk.clone();
        async move { desk.try_task(task_type, &data, MINUTE).await.unwrap() }
    };
    let many = (0..4).map(|n| run("score_news", json!({"symbols": ["A".repeat(n + 1)]})));
    for (n, outcome) in futures_of(many).await.into_iter().enumerate() {
        let result = completed(outcome);
        let score = result.output.pointer(&format!("/data/scores/{}", "A".repeat(n + 1)));
        assert!(score.is_some_and(Value::is_number), "{}", result.output);
    }
    let words = run("count_words", json!({"text": "rates were cut"})).await;
    assert_eq!(completed(words).summary, "words 3");
    let refused = run("no_such", json!({})).await;
    assert!(
        matches!(&refused, AttemptOutcome::Failed(failure)
            if failure.message.contains("no method execute_no_such")),
        "{refused:?}"
    );
}

fn completed(outcome: AttemptOutcome) -> engine::TaskResult {
    let result = match &outcome {
        AttemptOutcome::Completed(result) => Some(result.clone()),
        AttemptOutcome::Failed(_) | AttemptOutcome::Stopped | AttemptOutcome::InDoubt(_) => None,
    };
    result.ok_or(outcome).unwrap()
}

/// Runs futures at once and returns their results in order.
async fn futures_of<F>(futures: impl Iterator<Item = F>) -> Vec<F::Output>
where
    F: Future + Send + 'static,
    F::Output: Send + 'static,
{
    let tasks: Vec<_> = futures.map(tokio::spawn).collect();
    let mut results = Vec::new();
    for task in tasks {
        results.push(task.await.unwrap());
    }
    results
}
