//! Where guests come in: whose the socket is, what is put away, who is not let in.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on should say so at once")]

use std::{
    fs,
    os::unix::{
        fs::{FileTypeExt as _, PermissionsExt as _},
        net::UnixListener,
    },
};

use bellwether::{
    engine::control::{Authority, GuardLevel},
    planning::plan::RunMode,
    runtime::{
        attach::{
            AttachError, EngineAddress, ListenError, Listeners, RunServer, SOCKET, ServeOptions,
            TOKEN, attach_to, load_token,
        },
        protocol::{ClientMessage, ClientRole, CloseReason, Hello},
    },
};

use super::raw::{hello, served, served_on, session, socket};
use crate::support::live_day::under_way;

fn mode(path: &std::path::Path) -> u32 {
    fs::symlink_metadata(path).unwrap().permissions().mode() & 0o777
}

#[tokio::test]
async fn the_socket_and_a_folder_made_for_it_are_their_owners_alone() {
    let dir = tempfile::tempdir().unwrap();
    let folder = dir.path().join("state");
    let doors = Listeners::open(&folder).unwrap();
    let path = folder.join(SOCKET);
    assert!(fs::symlink_metadata(&path).unwrap().file_type().is_socket());
    assert_eq!((mode(&path), mode(&folder)), (0o600, 0o700));
    let names = fs::read_dir(&folder).unwrap().count();
    assert_eq!(names, 1, "nothing is left of how it was made");
    drop(doors);
    assert!(!path.exists(), "it goes with its doors");
}

#[tokio::test]
async fn a_socket_nobody_answers_at_is_put_away_and_one_that_is_answered_at_is_not() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join(SOCKET);
    drop(UnixListener::bind(&path).unwrap());
    assert!(path.exists(), "its owner died");
    let doors = Listeners::open(dir.path()).unwrap();
    assert!(matches!(Listeners::open(dir.path()), Err(ListenError::AddressInUse(_))));
    assert!(path.exists());
    drop(doors);
    fs::write(&path, "mine").unwrap();
    assert!(matches!(Listeners::open(dir.path()), Err(ListenError::NoSocket(_))));
    assert_eq!(fs::read_to_string(&path).unwrap(), "mine");
}

#[tokio::test]
async fn a_folder_others_may_write_in_is_no_place_for_a_socket() {
    let dir = tempfile::tempdir().unwrap();
    fs::set_permissions(dir.path(), fs::Permissions::from_mode(0o770)).unwrap();
    assert!(matches!(Listeners::open(dir.path()), Err(ListenError::Open(_))));
}

#[tokio::test]
async fn only_this_machine_can_reach_a_port_and_only_with_its_token() {
    let dir = tempfile::tempdir().unwrap();
    let open = || Listeners::open(dir.path()).unwrap();
    let wide = open().and_port("0.0.0.0:0".parse().unwrap(), dir.path());
    assert!(matches!(wide, Err(ListenError::NotLoopback(_))));
    let elsewhere = EngineAddress::Port("192.0.2.1:7411".parse().unwrap());
    let error = attach_to(&elsewhere, hello("ana", ClientRole::Control)).await.unwrap_err();
    assert!(matches!(error, AttachError::Address(_)), "a token is told to no other machine");

    let doors = open().and_port("127.0.0.1:0".parse().unwrap(), dir.path()).unwrap();
    assert_eq!(mode(&dir.path().join(TOKEN)), 0o600);
    let secret = load_token(dir.path()).unwrap();
    assert_eq!(secret.len(), 64);
    let day = under_way(RunMode::Sim, GuardLevel::Mode).await;
    let terms = ServeOptions::new(ClientRole::Control);
    let server = RunServer::open(doors, day.handle.clone(), day.run.plan(), terms);
    let port = EngineAddress::Port(server.tcp_address().unwrap());
    for wrong in [None, Some(String::new()), Some("0".repeat(64)), Some(secret.repeat(2))] {
        let greeting = Hello { token: wrong, ..hello("ana", ClientRole::Control) };
        let error = attach_to(&port, greeting).await.unwrap_err();
        assert!(matches!(error, AttachError::Rejected(CloseReason::Token)), "{error}");
    }
    let greeting = Hello { token: Some(secret), ..hello("ana", ClientRole::Control) };
    let attached = attach_to(&port, greeting).await.unwrap();
    assert_eq!(session(&attached, Authority::Armed).await.authority(), Authority::Armed);
    day.end().await;
    drop(server);
}

#[tokio::test]
async fn silent_connections_to_the_port_keep_nobody_out() {
    let dir = tempfile::tempdir().unwrap();
    let doors = Listeners::open(dir.path()).unwrap();
    let doors = doors.and_port("127.0.0.1:0".parse().unwrap(), dir.path()).unwrap();
    let day = under_way(RunMode::Sim, GuardLevel::Mode).await;
    // Silence alone ends no connection here.
    let greeting = std::time::Duration::from_hours(1);
    let terms = ServeOptions { greeting, ..ServeOptions::new(ClientRole::Control) };
    let server = RunServer::open(doors, day.handle.clone(), day.run.plan(), terms);
    let address = server.tcp_address().unwrap();
    let mut silent = Vec::new();
    for _ in 0..200 {
        silent.push(tokio::net::TcpStream::connect(address).await.unwrap());
    }
    let token = Some(load_token(dir.path()).unwrap());
    let greeting = Hello { token, ..hello("ana", ClientRole::Control) };
    let attached = attach_to(&EngineAddress::Port(address), greeting).await.unwrap();
    assert_eq!(session(&attached, Authority::Armed).await.authority(), Authority::Armed);
    assert_eq!(*server.client_count().borrow(), 1, "who is silent has no seat");
    day.end().await;
    drop(server);
}

#[tokio::test]
async fn who_greets_wrongly_is_told_why_and_not_let_in() {
    let served = served(RunMode::Sim).await;
    let good = || hello("ana", ClientRole::Control);
    let cases = [
        (Hello { protocol: 99, ..good() }, CloseReason::Version { speaks: 2 }),
        (Hello { operator: " ".into(), ..good() }, CloseReason::Greeting(String::new())),
        (Hello { operator: "a\u{1b}[2J".into(), ..good() }, CloseReason::Greeting(String::new())),
        (Hello { operator: "a".repeat(65), ..good() }, CloseReason::Greeting(String::new())),
    ];
    for (greeting, wanted) in cases {
        let error = attach_to(&socket(served.folder.path()), greeting).await.unwrap_err();
        let AttachError::Rejected(parting) = error else { unreachable!("{error}") };
        assert_eq!(std::mem::discriminant(&parting), std::mem::discriminant(&wanted));
    }
    let mut raw = served.raw().await;
    raw.say(&ClientMessage::Close { session: 1 }).await;
    let told = format!("{:?}", raw.last().await);
    assert!(told.contains("say hello before you ask"), "{told}");
    served.day.end().await;
}

#[tokio::test]
async fn a_full_house_says_so_and_a_place_that_is_left_is_free_again() {
    let served = served_on(
        RunMode::Sim,
        ServeOptions { guests: 1, ..ServeOptions::new(ClientRole::Control) },
    )
    .await;
    let first = served.guest("ana").await;
    let path = socket(served.folder.path());
    let error = attach_to(&path, hello("bo", ClientRole::Control)).await.unwrap_err();
    assert!(matches!(error, AttachError::Rejected(CloseReason::Full)), "{error}");
    drop(first.handle);
    served.guests(0).await;
    assert!(attach_to(&path, hello("bo", ClientRole::Control)).await.is_ok());
    served.day.end().await;
}

#[tokio::test]
async fn where_nobody_serves_it_is_said_who_would() {
    let dir = tempfile::tempdir().unwrap();
    let error =
        attach_to(&socket(dir.path()), hello("ana", ClientRole::Control)).await.unwrap_err();
    assert!(error.to_string().contains("`bellwether serve`"), "{error}");
}
