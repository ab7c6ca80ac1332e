//! Whatever asks for an action — key, sequence, command line, palette, help — it is the same action,
//! with the same questions.

use std::collections::BTreeSet;

use bellwether::{
    engine::{
        Command, RetryScope, TradingState,
        control::{CommandVerb, RiskTier},
    },
    host::line_verbs,
    tui::{
        Action, CommandAction, Effect, Popup, Screen,
        command_line::PaletteHit,
        keymap::{KeyProfile, KeyScope, Keymap, ROWS, markdown_page, read_keys_file},
    },
};
use proptest::prelude::*;

use super::{desk::Desk, hands::given};

fn sent(effects: &[Effect]) -> Vec<Command> {
    given(effects).into_iter().map(|(command, _)| command).collect()
}

fn said(desk: &Desk) -> String {
    desk.model.status_message().map(|notice| notice.text.clone()).unwrap_or_default()
}

#[test]
fn every_action_has_a_key_or_a_place_in_the_palette_a_help_text_and_a_tier() {
    let mut names = BTreeSet::new();
    let keymap = Keymap::default();
    for row in ROWS {
        assert!(!keymap.keys_of(row).is_empty() || row.is_offered(), "{}: out of reach", row.id);
        assert!(row.help.len() > 5, "{}: no help", row.id);
        // The audit writes the id.
        assert!(names.insert(row.id), "{}: twice", row.id);
        assert_eq!(row.tier == RiskTier::View, !row.action.changes_the_run(), "{}", row.id);
    }
}

#[test]
fn every_key_in_the_documents_comes_from_the_registry() {
    let page = markdown_page(&Keymap::default());
    let written = include_str!("../../../assets/keys.md");
    assert_eq!(written, page, "`cargo test --test it -- --ignored pictures` writes it");
    // The ids the guide names are there.
    let guide = include_str!("../../../docs/keys.md");
    let ids = guide.split(|c: char| !(c.is_ascii_lowercase() || c == '.' || c == '_'));
    let scopes: BTreeSet<_> = ROWS.iter().filter_map(|row| row.id.split('.').next()).collect();
    let named: Vec<_> = ids
        .filter(|word| {
            word.split_once('.').is_some_and(|(head, tail)| {
                scopes.contains(head) && !tail.is_empty() && !["yaml", "md"].contains(&tail)
            })
        })
        .collect();
    assert!(named.len() > 3, "{named:?}");
    for id in named {
        assert!(ROWS.iter().any(|row| row.id == id), "docs/keys.md names {id}");
    }
}

#[test]
fn the_example_of_the_guide_is_a_sound_keys_file() {
    let guide = include_str!("../../../docs/keys.md");
    let example = guide.split("```yaml\n").nth(1).and_then(|rest| rest.split("```").next());
    assert_eq!(read_keys_file("keys.yaml", example.unwrap(), None).err(), None);
}

#[test]
fn a_sequence_shows_what_may_follow_and_acts_once_it_is_whole() {
    let mut desk = Desk::keyed(Keymap::from_profile(KeyProfile::Vim));
    desk.press("jjj");
    let third = desk.model.selected_task();
    desk.press("g");
    assert_eq!(desk.model.selected_task(), third);
    let frame = desk.frame();
    assert!(frame.contains("g ...") && frame.contains("g top"), "{frame}");
    desk.press("g");
    assert_ne!(desk.model.selected_task(), third);
    assert!(!desk.frame().contains("g ..."));
}

#[test]
fn a_sequence_is_taken_back_by_esc_and_its_last_key_never_acts_alone() {
    let mut desk = Desk::keyed(Keymap::from_profile(KeyProfile::Vim));
    desk.press("j");
    let first = desk.model.selected_task();
    desk.press("g<esc>");
    assert_eq!(desk.model.selected_task(), first, "esc would have taken the selection back");
    assert_eq!(sent(&desk.press("gH")), [], "H holds a task, `g H` does not");
    assert!(said(&desk).contains("g H means nothing"), "{}", said(&desk));
    assert!(!sent(&desk.press("H")).is_empty());
}

#[test]
fn the_halt_is_never_swallowed_by_a_sequence() {
    for profile in KeyProfile::ALL {
        let mut desk = Desk::keyed(Keymap::from_profile(profile));
        let begin = if profile == KeyProfile::Vim { "g" } else { "" };
        let effects = desk.press(&format!("{begin}!!"));
        let halt = |c: &Command| matches!(c, Command::TightenTrading { to: TradingState::Halted });
        assert!(sent(&effects).iter().any(halt), "{profile:?}");
    }
}

#[test]
fn a_command_acts_on_the_task_it_names_and_leaves_the_selection_alone() {
    let mut desk = Desk::midday((120, 40));
    let (failed, other) = (desk.ix("risk_recheck"), desk.ix("hedge_adjust"));
    desk.select("hedge_adjust");
    let effects = desk.press(":retry risk_recheck<enter>");
    let wanted = Command::Retry { task: failed, scope: RetryScope::Task };
    assert!(sent(&effects) == [wanted] || !desk.model.popups().is_empty(), "{}", said(&desk));
    desk.press("<esc>");
    assert_eq!(desk.model.selected_task(), Some(other));
}

#[test]
fn a_grave_command_opens_the_same_dialog_as_its_key() {
    let mut desk = Desk::midday((120, 40));
    assert_eq!(sent(&desk.press(":force stage intraday<enter>")), []);
    assert!(matches!(desk.model.popups().last(), Some(Popup::Command(_))), "{}", said(&desk));
    desk.press("<esc>:run.cancel<enter>");
    assert!(matches!(desk.model.popups().last(), Some(Popup::Command(_))), "{}", desk.frame());
}

#[test]
fn a_command_for_a_task_that_does_not_allow_it_says_why_and_asks_nothing() {
    let mut desk = Desk::midday((120, 40));
    assert_eq!(sent(&desk.press(":approve risk_recheck<enter>")), []);
    assert!(desk.model.popups().is_empty(), "another task's question was opened");
    assert!(said(&desk).contains("not now") && said(&desk).contains("risk_recheck"));
}

#[test]
fn the_command_line_goes_to_screens_and_things_and_sets_filters_and_speed() {
    let mut desk = Desk::midday((120, 40));
    let risk = desk.ix("risk_recheck");
    desk.press(":events<enter>");
    assert_eq!(desk.model.screen(), Screen::Events);
    desk.press(":goto risk_recheck<enter>");
    assert_eq!(desk.model.screen(), Screen::Task(risk));
    desk.press(":go.tasks<enter>:filter state:failed<enter>");
    assert!(desk.frame().contains("state:failed"));
    assert_eq!(desk.press(":speed 60x<enter>"), [Effect::Speed(60.0)]);
    desk.press(":q<enter>");
    assert!(matches!(desk.model.popups().last(), Some(Popup::Dialog(_))));
}

#[test]
fn a_line_that_means_nothing_stays_with_the_reason_and_the_nearest_name() {
    let mut desk = Desk::midday((120, 40));
    for (line, part) in [
        ("rettry", "`retry`"),
        ("retry risk_rechek", "`risk_recheck`"),
        ("day risk_recheck", "takes no target"),
        ("speed fast", "no speed"),
        ("text.accept", "no command"),
        ("filter state:nosuch", "nosuch"),
    ] {
        desk.press(&format!(":{line}<enter>"));
        assert!(said(&desk).contains(part), "{line}: {}", said(&desk));
        assert!(matches!(desk.model.popups().last(), Some(Popup::CommandLine(_))), "{line}");
        desk.press("<esc>");
    }
}

#[test]
fn tab_takes_the_grey_text_and_up_brings_the_last_command_back() {
    let mut desk = Desk::midday((120, 40));
    desk.press(":even");
    assert!(desk.frame().contains("events"));
    desk.press("<tab><enter>");
    assert_eq!(desk.model.screen(), Screen::Events);
    desk.press("1:<up>");
    let line = |desk: &Desk| match desk.model.popups().last() {
        Some(Popup::CommandLine(line)) => line.field.text().to_owned(),
        _other => String::new(),
    };
    assert_eq!(line(&desk), "events");
    desk.press("<down>retry risk_<right>");
    assert_eq!(line(&desk), "retry risk_recheck");
}

#[test]
fn the_palette_finds_actions_screens_and_things_by_a_few_letters() {
    let mut desk = Desk::midday((120, 40));
    let mut best = |letters: &str| {
        desk.press(&format!("<c-p>{letters}"));
        let hit = match desk.model.popups().last() {
            Some(Popup::Palette(palette)) => palette.selected().cloned(),
            _other => None,
        };
        desk.press("<esc>");
        hit
    };
    assert_eq!(best("clckfast"), Some(PaletteHit::Row("clock.faster")));
    assert_eq!(best("go.events"), Some(PaletteHit::Row("go.events")));
    assert_eq!(best("rskrchk"), Some(PaletteHit::Target("task", "risk_recheck".into())));
    assert_eq!(best("zzqqzz"), None);
    desk.press("<c-p>go.agents<enter>");
    assert_eq!(desk.model.screen(), Screen::Agents);
}

#[test]
fn help_says_what_the_screen_shows_and_does_the_chosen_row_or_says_why_not() {
    let mut desk = Desk::midday((120, 40));
    desk.press("?");
    let frame = desk.frame();
    assert!(frame.contains("The timeline has a line per stage"), "{frame}");
    assert!(frame.contains("not now: no task is selected"), "{frame}");
    assert_eq!(sent(&desk.press("<enter>")), [], "nothing was chosen");
    desk.press("?go.events<enter>");
    assert_eq!(desk.model.screen(), Screen::Events);
    desk.press("1");
    desk.select("risk_recheck");
    desk.press("?task.unskip<enter>");
    assert!(said(&desk).contains("not now"), "{}", said(&desk));
    assert!(desk.model.popups().is_empty());
}

#[test]
fn help_opens_over_a_dialog_and_starts_nothing_behind_it() {
    let mut desk = Desk::midday((120, 40));
    desk.press("q<f1>");
    assert!(matches!(desk.model.popups(), [Popup::Dialog(_), Popup::Help(_)]));
    desk.press("go.events<enter>");
    assert!(said(&desk).contains("close the question first"), "{}", said(&desk));
    assert!(matches!(desk.model.popups(), [Popup::Dialog(_)]));
}

/// Words that lines are likely to be made of, beside anything at all.
fn line() -> impl Strategy<Value = String> {
    let known: Vec<String> = ROWS
        .iter()
        .flat_map(|row| [row.id.to_owned(), row.title.to_owned()])
        .chain(
            ["risk_recheck", "hedge_adjust", "intraday", "economist", "task", "stage", "goto"]
                .map(Into::into),
        )
        .collect();
    let word =
        prop_oneof![4 => prop::sample::select(known), 1 => "\\PC{0,12}", 1 => "[a-z._:]{0,9}"];
    prop::collection::vec(word, 0..4).prop_map(|words| words.join(" "))
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 200, ..ProptestConfig::default() })]

    #[test]
    fn no_line_panics_and_none_gives_an_order_that_its_key_would_ask_about(lines in prop::collection::vec(line(), 1..4)) {
        let mut desk = Desk::midday((80, 24));
        let hedge = desk.ix("hedge_adjust");
        desk.select("risk_recheck");
        for line in lines {
            // Beneath a dialog nobody types commands.
            while !desk.model.popups().is_empty() {
                desk.press("<esc>");
            }
            desk.press(":");
            if !matches!(desk.model.popups().last(), Some(Popup::CommandLine(_))) {
                continue;
            }
            tui::update(&mut desk.model, tui::Msg::Paste(line));
            desk.frame();
            desk.press("<tab>");
            for command in sent(&desk.press("<enter>")) {
                let light = matches!(
                    command,
                    Command::Hold { .. } | Command::Release { .. }
                        | Command::Retry { scope: RetryScope::Task, .. }
                        | Command::TightenTrading { to: TradingState::Halted }
                );
                prop_assert!(light, "{command:?}");
                let eases = !matches!(command, Command::Retry { .. });
                prop_assert!(eases || command.task() != Some(hedge), "{command:?}");
            }
        }
    }

    #[test]
    fn no_keys_file_panics_and_every_sound_one_keeps_the_halt(text in "(profile: (vim|emacs|no-ctrl)\n)?keys:\n(  (trading.halt|dialog.halt|anywhere.halt|task.retry|move.top): \\[(g|f7|x y|\"!\"|h|f9)?\\]\n){1,4}") {
        if let Ok(keymap) = read_keys_file("keys.yaml", &text, None) {
            for scope in KeyScope::ALL {
                let braked = keymap.bindings_in(scope).any(|(row, keys)| {
                    row.action == Action::Command(CommandAction::Halt) && keys.iter().any(|keys| keys.single().is_some())
                });
                prop_assert!(braked, "{scope:?}: {text}");
            }
        }
    }
}

#[test]
fn keys_and_lines_offer_the_same_verbs() {
    let offered = ROWS.iter().filter(|row| row.is_offered());
    let keys: BTreeSet<CommandVerb> = offered
        .filter_map(|row| {
            let Action::Command(command) = row.action else { return None };
            Some(command.verbs())
        })
        .flatten()
        .copied()
        .collect();
    let lines: BTreeSet<_> = line_verbs().collect();
    // A stage is retried from a line alone, for no list of stages has a cursor.
    let of_lines_alone = BTreeSet::from([CommandVerb::RetryStage]);
    assert_eq!(&lines - &keys, of_lines_alone);
    assert_eq!(&keys - &lines, BTreeSet::new());
}

#[test]
fn the_command_line_knows_every_verb_that_has_a_key() {
    for verb in line_verbs().filter(|verb| *verb != CommandVerb::RetryStage) {
        let mut desk = Desk::midday((120, 40));
        desk.press(&format!(":{verb}<enter>"));
        assert!(!said(&desk).contains("there is no command"), "{verb}: {}", said(&desk));
    }
}
