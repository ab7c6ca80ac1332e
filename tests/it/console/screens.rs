//! The graph, the agents, the alerts, the audit and the gauges: what they show and where keys lead.

use super::desk::Desk;

#[test]
fn the_graph_shows_why_a_blocked_task_waits_and_the_key_that_helps() {
    let mut desk = Desk::midday((120, 40));
    desk.select("hedge_adjust");
    desk.press("W");
    println!("{}", desk.frame());
    desk.resize((80, 24));
    println!("{}", desk.frame());
}

#[test]
fn look_at_the_day() {
    let mut desk = Desk::midday((200, 50));
    println!("{}", desk.frame());
    desk.resize((160, 45));
    println!("{}", desk.frame());
}
