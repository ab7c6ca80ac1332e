//! One table of verbs: keys, subcommands, plain words and the glossary say the same of each.

use std::collections::BTreeMap;

use bellwether::{
    cli::args::Cli,
    engine::control::{CommandVerb, ShellForm},
    host::line_verbs,
    tui::{
        Action, Chord, GlobalAction,
        keymap::{Binding, ROWS},
    },
};
use clap::CommandFactory as _;

/// Effect, tier and keys of each verb in the glossary.
fn glossary() -> BTreeMap<String, [String; 3]> {
    let text = include_str!("../../docs/glossary.md");
    let (_, section) = text.split_once("## 3. Verbs").expect("the section of the verbs");
    let (section, _) = section.split_once("\n## ").expect("the next section");
    let rows = section.lines().filter_map(|line| {
        let line = line.strip_prefix("| ")?.strip_suffix(" |")?;
        let cells: Vec<_> = line.split(" | ").map(str::to_owned).collect();
        let [verb, effect, tier, keys] = <[String; 4]>::try_from(cells).ok()?;
        Some((verb, [effect, tier, keys]))
    });
    rows.filter(|(verb, _)| verb != "Verb" && verb != "---").collect()
}

/// The rows whose key asks for a verb.
fn rows_of(verb: CommandVerb) -> impl Iterator<Item = &'static Binding> {
    ROWS.iter().filter(move |row| match row.action {
        Action::Command(command) => command.verbs().contains(&verb),
        Action::Global(GlobalAction::Arm) => {
            matches!(verb, CommandVerb::Arm | CommandVerb::Disarm)
        }
        Action::Global(GlobalAction::Recall) => verb == CommandVerb::Recall,
        Action::Global(_)
        | Action::Move(_)
        | Action::Go(_)
        | Action::Popup(_)
        | Action::Time(_)
        | Action::List(_) => false,
    })
}

#[test]
fn keys_subcommands_words_and_glossary_agree_on_each_verb() {
    let told = glossary();
    assert_eq!(told.len(), CommandVerb::ALL.len(), "{:?}", told.keys());
    let shell = Cli::command();
    for verb in CommandVerb::ALL {
        let spec = verb.spec();
        let [effect, tier, keys] = &told[verb.as_str()];
        assert_eq!(
            (effect.as_str(), tier.as_str()),
            (verb.effect(), verb.tier().as_str()),
            "{verb}"
        );
        for row in rows_of(verb).filter(|row| row.is_offered()) {
            let alone = matches!(row.action, Action::Command(on) if on.verbs() == [verb]);
            assert!(!alone || row.title == verb.title(), "{}: {}", row.id, row.title);
            assert!(!alone || row.tier == verb.tier(), "{}", row.id);
            let label = |chord: &Chord| chord.ascii_label().to_lowercase();
            let bound: Vec<_> = row.chords.iter().map(label).collect();
            let said = keys.to_lowercase();
            let named = bound.is_empty() || bound.iter().any(|chord| said.contains(chord.as_str()));
            assert!(named, "{verb}: {keys} does not name a key of {}: {bound:?}", row.id);
        }
        let sub = shell.get_subcommands().find(|sub| sub.get_name() == verb.as_str());
        assert_eq!(sub.is_some(), spec.shell != ShellForm::Absent, "{verb}: subcommand");
        if let Some(about) = sub.and_then(clap::Command::get_about) {
            assert_eq!(about.to_string().to_lowercase(), verb.effect().to_lowercase(), "{verb}");
        }
        let plain = line_verbs().any(|known| known == verb);
        assert_eq!(plain, spec.shell != ShellForm::Absent, "{verb}: plain word");
        assert!(spec.usage().starts_with(verb.as_str()));
    }
}

#[test]
fn halt_has_one_action_and_one_command() {
    let halts: Vec<_> = rows_of(CommandVerb::Halt).filter(|row| row.is_offered()).collect();
    let ids: Vec<_> = halts.iter().map(|row| row.id).collect();
    assert_eq!(ids, ["trading.menu", "trading.halt"]);
}
