//! The cases of the conformance kit.

use std::{future::Future, pin::Pin, time::Duration};

use serde_json::{Value, json};

use super::session::Session;

/// Time an agent has to end once its standard input is closed.
const END_MAX: Duration = Duration::from_secs(3);

type Outcome = Result<(), String>;
type Play = for<'a> fn(&'a mut Session) -> Pin<Box<dyn Future<Output = Outcome> + Send + 'a>>;

/// One case: a requirement and the way to try it.
pub(super) struct Case {
    pub(super) requirement: &'static str,
    pub(super) play: Play,
}

macro_rules! cases {
    ($($requirement:literal, $session:ident => $body:block)*) => {
        &[$(Case {
            requirement: $requirement,
            play: |$session| Box::pin(async move { $body }),
        }),*]
    };
}

/// All cases, in the order in which they are played.
pub(super) const CASES: &[Case] = cases! {
    "answers `agent/describe` within 10 s", session => {
        session.describe().await.map(drop)
    }
    "describes itself alike twice", session => {
        let (first, second) = (session.describe().await?, session.describe().await?);
        require(first == second, || "the second description differs".into())
    }
    "names its task types in lower case, digits and underscores", session => {
        let answer = session.describe().await?;
        names(&answer).iter().try_for_each(|name| {
            let known = planning::id::TaskType::parse(name);
            known.map(drop).map_err(|error| format!("{}: {error}", diag::quote(name)))
        })
    }
    "gives known words for effects", session => {
        let answer = session.describe().await?;
        let listed = answer.get("task_types").and_then(Value::as_array);
        let mut effects = listed.into_iter().flatten().filter_map(|entry| entry.get("effect"));
        let known = ["pure", "idempotent", "effectful"];
        match effects.find(|effect| !effect.as_str().is_some_and(|word| known.contains(&word))) {
            Some(other) => Err(format!("the effect {other} is none of {}", known.join(", "))),
            None => Ok(()),
        }
    }
    "answers `agent/ping`", session => {
        session.describe().await?;
        session.must_be_alive().await
    }
    "answers an unknown method with error -32601", session => {
        session.describe().await?;
        must_refuse(session.ask("agent/no_such_method", &json!({})).await?, -32601)
    }
    "ignores an unknown notification", session => {
        session.describe().await?;
        session.notify("agent/no_such_notification", &json!({}));
        session.must_be_alive().await
    }
    "survives an empty line", session => {
        session.describe().await?;
        session.send_raw("\n");
        session.must_be_alive().await
    }
    "survives a line that is no JSON", session => {
        session.describe().await?;
        session.send_raw("{this is no JSON\n");
        session.must_be_alive().await
    }
    "survives JSON that is no request", session => {
        session.describe().await?;
        session.send_raw("[1, \"two\", null]\n42\n{}\n");
        session.must_be_alive().await
    }
    "survives a request without parameters", session => {
        session.describe().await?;
        session.send_raw("{\"jsonrpc\": \"2.0\", \"id\": 900, \"method\": \"task/run\"}\n");
        session.answer(900).await.map(drop)
    }
    "takes members it does not know", session => {
        session.describe().await?;
        session.ask("agent/ping", &json!({"later": {"version": 2}})).await.map(drop)
    }
    "answers an unknown task type with error -32601", session => {
        let answer = session.describe().await?;
        if answer.get("any_task_type") == Some(&Value::Bool(true)) {
            return Ok(());
        }
        let task = Session::task("no_such_task_type", &json!({}));
        must_refuse(session.ask("task/run", &task).await?, -32601)
    }
    "answers a task with an object or an error", session => {
        session.describe().await?;
        let task = session.own_task()?;
        match session.ask("task/run", &task).await? {
            Ok(result) => require(result.is_object(), || "the result is no object".into()),
            Err(error) => require(!error.message.is_empty(), || "the error has no message".into()),
        }
    }
    "answers a task once", session => {
        session.describe().await?;
        let task = session.own_task()?;
        session.ask("task/run", &task).await?.ok();
        session.must_be_silent().await
    }
    "answers the same task twice, as a retry asks", session => {
        session.describe().await?;
        let task = session.own_task()?;
        session.ask("task/run", &task).await?.ok();
        session.ask("task/run", &task).await.map(drop)
    }
    "answers a task without data", session => {
        session.describe().await?;
        let mut task = session.own_task()?;
        task["params"] = json!({});
        session.ask("task/run", &task).await.map(drop)
    }
    "answers two tasks that are sent at once", session => {
        session.describe().await?;
        let task = session.own_task()?;
        let (first, second) = (session.send("task/run", &task), session.send("task/run", &task));
        session.answer(second).await?.ok();
        session.answer(first).await.map(drop)
    }
    "reads a request of 1 MiB", session => {
        session.describe().await?;
        let mut task = session.own_task()?;
        task["params"]["padding"] = json!("x".repeat(1 << 20));
        session.ask("task/run", &task).await.map(drop)
    }
    "keeps text that is not ASCII", session => {
        session.describe().await?;
        let mut task = session.own_task()?;
        task["params"]["note"] = json!("Zürich, 東京, \u{1F4C8}, \"quoted\" \\ and \u{7}");
        session.ask("task/run", &task).await.map(drop)
    }
    "ignores the cancellation of an unknown request", session => {
        session.describe().await?;
        session.notify("task/cancel", &json!({"id": 4_711}));
        session.must_be_alive().await
    }
    "answers a cancelled task, with error -32800 or its result", session => {
        session.describe().await?;
        let task = session.own_task()?;
        let id = session.send("task/run", &task);
        session.notify("task/cancel", &json!({"id": id}));
        session.answer(id).await.map(drop)
    }
    "works on after a cancellation", session => {
        session.describe().await?;
        let task = session.own_task()?;
        let id = session.send("task/run", &task);
        session.notify("task/cancel", &json!({"id": id}));
        session.answer(id).await?.ok();
        session.ask("task/run", &task).await.map(drop)
    }
    "sends nothing that was not asked for", session => {
        session.describe().await?;
        session.must_be_silent().await
    }
    "ends within 3 s when its standard input is closed", session => {
        session.describe().await?;
        session.must_end_within(END_MAX).await
    }
    "ends within 3 s while it works on a task", session => {
        session.describe().await?;
        let task = session.own_task()?;
        session.send("task/run", &task);
        session.must_end_within(END_MAX).await
    }
};

fn require(met: bool, problem: impl FnOnce() -> String) -> Outcome {
    if met { Ok(()) } else { Err(problem()) }
}

fn must_refuse(answer: Result<Value, crate::protocol::RpcError>, code: i64) -> Outcome {
    match answer {
        Err(error) if error.code == code => Ok(()),
        Err(error) => Err(format!("the error is {}, not {code}: {}", error.code, error.message)),
        Ok(_) => Err(format!("it gives a result instead of error {code}")),
    }
}

fn names(answer: &Value) -> Vec<String> {
    let listed = answer.get("task_types").and_then(Value::as_array).into_iter().flatten();
    let name =
        |entry: &Value| entry.as_str().or_else(|| entry.get("name")?.as_str()).map(Into::into);
    listed.filter_map(name).collect()
}
