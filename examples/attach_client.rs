//! A client of the attach protocol that uses the standard library and JSON only: it reads the run
//! of a served day and follows its events.
//!
//! Serve a day first, in another terminal: `cargo run -- serve --speed 60`. Then run
//! `cargo run --example attach_client -- PATH/attach.sock`; the folder is `state_dir` in
//! `bellwether config`. `docs/attach-protocol.md` describes every message.
#![expect(clippy::print_stdout, reason = "an example shows its result")]

use std::{
    error::Error,
    io::{Read as _, Write as _},
    os::unix::net::UnixStream,
};

use serde_json::{Value, json};

/// The longest message an engine sends, in bytes.
const MESSAGE_MAX: u32 = 64 << 20;
/// Events to follow before the client leaves.
const EVENTS: usize = 5;

/// Sends one message: four bytes of length, most significant first, then JSON.
fn send(stream: &mut UnixStream, message: &Value) -> Result<(), Box<dyn Error>> {
    let body = message.to_string();
    stream.write_all(&u32::try_from(body.len())?.to_be_bytes())?;
    Ok(stream.write_all(body.as_bytes())?)
}

/// Returns the next message of the engine.
fn receive(stream: &mut UnixStream) -> Result<Value, Box<dyn Error>> {
    let mut head = [0; 4];
    stream.read_exact(&mut head)?;
    let length = u32::from_be_bytes(head);
    if length > MESSAGE_MAX {
        return Err(
            format!("a message of {length} bytes is longer than the protocol allows").into()
        );
    }
    let mut body = vec![0; usize::try_from(length)?];
    stream.read_exact(&mut body)?;
    Ok(serde_json::from_slice(&body)?)
}

fn main() -> Result<(), Box<dyn Error>> {
    let socket = std::env::args().nth(1).ok_or("name the socket: STATE_DIR/attach.sock")?;
    let mut stream = UnixStream::connect(&socket)
        .map_err(|error| format!("cannot connect to {socket}: {error}; serve a day first"))?;

    // `look` asks for a read-only connection.
    send(&mut stream, &json!({"hello": {"protocol": 2, "operator": "example", "role": "look"}}))?;
    let greeting = receive(&mut stream)?;
    let welcome = greeting.get("welcome").ok_or_else(|| format!("not let in: {greeting}"))?;
    println!("attached to {} in {} as {}", welcome["run"], welcome["mode"], welcome["role"]);

    // The engine answers under the client's number; other messages may come before.
    send(&mut stream, &json!({"ask": {"id": 1, "question": "snapshot"}}))?;
    let mut last_seq = None;
    let mut followed = 0;
    while followed < EVENTS {
        let message = receive(&mut stream)?;
        if let Some(answer) = message.get("answer") {
            let snapshot = &answer["answer"]["snapshot"];
            last_seq = snapshot["last_seq"].as_u64().or(Some(0));
            println!("snapshot after event {}", snapshot["last_seq"]);
        } else if let Some(event) = message.get("event") {
            // Events up to the snapshot's last are part of it.
            if last_seq.is_some_and(|last| event["seq"].as_u64() > Some(last)) {
                println!("event {}: {}", event["seq"], event["event"]["event"]);
                followed += 1;
            }
        } else if let Some(reason) = message.get("bye") {
            println!("the engine closed the connection: {reason}");
            return Ok(());
        }
    }
    Ok(())
}
