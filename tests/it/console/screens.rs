//! The graph, the agents, the alerts, the audit and the gauges: what they show and where keys lead.

use super::desk::Desk;

#[test]
fn look() {
    let mut desk = Desk::midday((120, 40));
    desk.resize((200, 50));
    desk.press("1zz");
    println!("{}", desk.frame().lines().take(14).collect::<Vec<_>>().join("\n"));
    for size in [(80, 24), (120, 40)] {
        let mut settings = super::desk::settings();
        settings.station = bellwether::console::Station::Wall;
        desk.resize(size);
        desk.sit_anew(settings);
        println!("{}", desk.frame());
    }
}
