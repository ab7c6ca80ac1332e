//! Configuration: who wins, what is refused and how it is said, what is never shown.

use bellwether::{
    config::{
        ApprovalSetting, ColorDepthSetting, Config, ConfigError, GlyphSetting, LogLevel,
        OrchestrationConfig, RawSetting, SETTINGS, SettingOrigin, SpeedSetting, env, file,
        render_markdown, render_table, resolve, to_json,
    },
    planning::{
        id::AgentId,
        plan::{EngineLimits, RunMode},
        time::Span,
    },
};

fn given(key: &str, text: &str, origin: SettingOrigin) -> RawSetting {
    RawSetting { key: key.into(), text: text.into(), origin }
}

pub(crate) fn by_env(pairs: &[(&str, &str)]) -> Result<Config, ConfigError> {
    let pairs: Vec<_> = pairs.iter().map(|(n, v)| ((*n).to_owned(), (*v).to_owned())).collect();
    resolve(&env::read_environment(&pairs))
}

fn complaints(result: Result<Config, ConfigError>) -> String {
    result.expect_err("this must be refused").to_string()
}

fn file(line: usize) -> SettingOrigin {
    SettingOrigin::File { name: "bellwether.yaml".into(), line, column: 3 }
}

#[test]
fn defaults_are_those_of_the_specification() {
    let spec = OrchestrationConfig {
        max_concurrent_tasks: 5,
        default_task_timeout: Span::secs(300),
        workflow_timeout: Span::secs(3_600),
        enable_retry: true,
        max_retries: 3,
        health_check_interval: Span::secs(60),
    };
    assert_eq!(OrchestrationConfig::default(), spec);
    assert_eq!(Config::default().engine_limits(), EngineLimits::default());
}

#[test]
fn flag_beats_environment_beats_file_beats_surroundings_beats_default() {
    let mut all = vec![
        given("operator", "by flag", SettingOrigin::Flag("--set".into())),
        given("operator", "by env", SettingOrigin::Env("BELLWETHER_OPERATOR".into())),
        given("operator", "by file", file(2)),
        given("operator", "by user", SettingOrigin::Derived("USER".into())),
    ];
    for winner in ["by flag", "by env", "by file", "by user"] {
        let config = resolve(&all).unwrap();
        assert_eq!(config.day.operator, winner);
        assert_eq!(config.setting("operator").unwrap().origin, all.remove(0).origin);
        let mut backwards = all.clone();
        backwards.reverse();
        assert_eq!(resolve(&backwards), resolve(&all), "the order of sources decided");
    }
    assert_eq!(resolve(&all).unwrap().day.operator, "operator");
}

#[test]
fn of_two_equal_flags_the_last_wins() {
    let twice = ["7", "8"].map(|n| given("max_retries", n, SettingOrigin::Flag("--set".into())));
    assert_eq!(resolve(&twice).unwrap().orchestration.max_retries, 8);
}

#[test]
fn every_variable_of_the_specification_is_obeyed() {
    let config = by_env(&[
        ("MAX_CONCURRENT_TASKS", "10"),
        ("DEFAULT_TASK_TIMEOUT", "120"),
        ("WORKFLOW_TIMEOUT", "7200"),
        ("MARKET_OPEN_TIME", "09:30"),
        ("MARKET_CLOSE_TIME", "16:00:00"),
        ("TIMEZONE", "America/New_York"),
        ("ENABLE_RETRY", "no"),
        ("MAX_RETRIES", "2"),
        ("RETRY_BASE_DELAY", "0.5"),
        ("RETRY_MAX_DELAY", "30.0"),
        ("HEALTH_CHECK_INTERVAL", "30"),
        ("LOG_LEVEL", "warning"),
        ("METRICS_ENABLED", "False"),
        ("ALERT_WEBHOOK_URL", "https://hooks.example/T0/B0/abc"),
    ])
    .unwrap();
    let limits = config.engine_limits();
    assert_eq!(limits.max_concurrent_tasks, 10);
    assert_eq!(config.orchestration.default_task_timeout, Span::secs(120));
    assert_eq!(limits.workflow_timeout, Span::secs(7_200));
    assert_eq!(config.orchestration.max_retries, 2);
    assert_eq!(config.orchestration.default_retries(), 0, "retry is off");
    assert_eq!(limits.retry.get_retry_delay(0), Span::millis(500));
    assert_eq!(limits.retry.get_retry_delay(9), Span::secs(30));
    assert_eq!(config.orchestration.health_check_interval, Span::secs(30));
    assert_eq!(config.monitoring.log_level, LogLevel::Warn);
    assert!(!config.monitoring.metrics_enabled);
    let url = config.monitoring.alert_webhook_url.unwrap();
    assert_eq!(url.expose(), "https://hooks.example/T0/B0/abc");
}

#[test]
fn every_row_of_the_table_changes_the_configuration_through_its_variable() {
    let plain = Config::default();
    for setting in SETTINGS {
        let other = match setting.key {
            key if key.starts_with("agents.") => "7",
            "max_concurrent_tasks"
            | "max_retries"
            | "critical_reserve"
            | "monitor_failures"
            | "compact_after_days"
            | "keep_days"
            | "log_keep"
            | "recovery_attempts"
            | "crash_loop"
            | "breaker.failures" => "7",
            "default_task_timeout"
            | "workflow_timeout"
            | "health_check_interval"
            | "cancel_timeout"
            | "breaker.window"
            | "breaker.cooldown"
            | "retry_max_delay"
            | "auto_approve_after" => "77s",
            "retry_base_delay" => "2s",
            "enable_retry" | "metrics_enabled" => "false",
            "log_level" => "DEBUG",
            "log_format" => "json",
            "log_filter" => "bellwether_runtime=debug",
            "alert_webhook_url" => "https://hooks.example/x",
            "market_open_time" | "market_close_time" => "08:15",
            "date" => "2020-03-09",
            "start" => "10:45",
            "speed" => "max",
            "approvals" => "ask",
            "guards" => "live",
            "catch_up" => "none",
            "access" => "view",
            "on_hangup" => "finish",
            "theme" => "mono",
            "color" => "256",
            "glyphs" => "ascii",
            "notifications" => "off",
            "reduced_motion" | "mouse" => "true",
            "recover" => "never",
            "timezone" | "time_zone_local" => "Asia/Tokyo",
            "book" | "log_file" | "exchange" | "calendar_dir" | "notifiers" | "data_dir"
            | "state_dir" | "agents_file" | "workflows_dir" | "scenario" | "operator"
            | "keys_file" => "elsewhere",
            unknown => unreachable!("give this test a value for `{unknown}`"),
        };
        let mut changed = by_env(&[(setting.env, other)]).unwrap();
        let row = changed.setting(setting.key).unwrap();
        assert_eq!(row.origin, SettingOrigin::Env(setting.env.into()));
        changed.rows.clone_from(&plain.rows);
        assert_ne!(changed, plain, "`{}` was read and went nowhere", setting.key);
    }
}

#[test]
fn no_key_and_no_variable_stands_in_the_table_twice() {
    for (i, setting) in SETTINGS.iter().enumerate() {
        let rest = &SETTINGS[i + 1..];
        assert!(rest.iter().all(|other| other.key != setting.key), "{}", setting.key);
        assert!(rest.iter().all(|other| other.env != setting.env), "{}", setting.env);
    }
}

#[test]
fn all_problems_are_told_at_once_with_value_place_and_what_is_accepted() {
    let text = complaints(resolve(&[
        given("max_concurrent_tasks", "0", SettingOrigin::Env("MAX_CONCURRENT_TASKS".into())),
        given("retry_base_delay", "soon", file(4)),
        given(
            "market_open_time",
            "8 in the morning",
            SettingOrigin::Env("MARKET_OPEN_TIME".into()),
        ),
        given("theme", "purple", SettingOrigin::Flag("--theme".into())),
        given("max_retry", "3", file(9)),
        given("BELLWETHER_SPED", "3", SettingOrigin::Env("BELLWETHER_SPED".into())),
        given("quux", "3", file(10)),
    ]));
    insta::assert_snapshot!(text, @r"
    environment MAX_CONCURRENT_TASKS: `max_concurrent_tasks` cannot be `0`: expected a whole number from 1 to 1024
    environment MARKET_OPEN_TIME: `market_open_time` cannot be `8 in the morning`: expected a time of day, as `09:30`
    bellwether.yaml:4:3: `retry_base_delay` cannot be `soon`: expected a length of time from 1ms to 1h, as `90s`, `5m` or seconds
    flag --theme: `theme` cannot be `purple`: expected one of `default`, `light`, `high-contrast`, `mono`
    bellwether.yaml:9:3: no setting `max_retry`; is `max_retries` meant?
    environment BELLWETHER_SPED: no setting `BELLWETHER_SPED`; is `BELLWETHER_SPEED` meant?
    bellwether.yaml:10:3: no setting `quux`; `bellwether config` lists all settings
    ");
}

#[test]
fn a_broken_value_that_is_overruled_does_no_harm() {
    let config = resolve(&[
        given("max_retries", "many", file(4)),
        given("max_retries", "1", SettingOrigin::Flag("--set".into())),
    ]);
    assert_eq!(config.unwrap().orchestration.max_retries, 1);
}

#[test]
fn numbers_out_of_bounds_and_odd_spellings_are_refused() {
    for (name, bad) in [
        ("MAX_CONCURRENT_TASKS", "-1"),
        ("MAX_CONCURRENT_TASKS", "5.0"),
        ("MAX_CONCURRENT_TASKS", "99999999999"),
        ("DEFAULT_TASK_TIMEOUT", "0"),
        ("DEFAULT_TASK_TIMEOUT", "25h"),
        ("WORKFLOW_TIMEOUT", "-5"),
        ("METRICS_ENABLED", "maybe"),
        ("MARKET_CLOSE_TIME", "1 pm"),
        ("TIMEZONE", "Mars/Olympus"),
        ("BELLWETHER_SPEED", "0"),
        ("BELLWETHER_SPEED", "NaN"),
        ("BELLWETHER_SPEED", "inf"),
        ("BELLWETHER_DATE", "2018-02-30"),
        ("BELLWETHER_OPERATOR", "eve\u{1b}[2J"),
        ("ALERT_WEBHOOK_URL", "hooks.example"),
    ] {
        let text = complaints(by_env(&[(name, bad)]));
        assert!(text.starts_with(&format!("environment {name}: ")), "{text}");
    }
}

#[test]
fn a_base_delay_longer_than_the_longest_delay_is_refused() {
    let text = complaints(by_env(&[("RETRY_BASE_DELAY", "10"), ("RETRY_MAX_DELAY", "5")]));
    assert!(
        text.contains("`retry_max_delay` is 5s, shorter than `retry_base_delay`, 10s"),
        "{text}"
    );
}

#[test]
fn text_from_outside_cannot_move_the_cursor_of_who_reads_the_complaint() {
    let key = given("max\u{1b}[2J", "1", SettingOrigin::Flag("--set".into()));
    let value = given("theme", "\u{1b}]0;x\u{7}", SettingOrigin::Flag("--theme".into()));
    let text = complaints(resolve(&[key, value]));
    assert!(!text.contains(|c: char| c.is_control() && c != '\n'), "{text:?}");
}

#[test]
fn nested_and_dotted_keys_of_a_file_mean_the_same_and_keep_their_place() {
    let nested = "# bounds\nmax_retries: 7\nagents:\n  economist:\n    slots: 4\n";
    let (given, problems) = file::read_config_file("desk.yaml", nested);
    assert_eq!(problems, []);
    let config = resolve(&given).unwrap();
    assert_eq!(config.orchestration.max_retries, 7);
    let row = config.setting("agents.economist.slots").unwrap();
    assert_eq!((row.value.as_str(), row.origin.to_string().as_str()), ("4", "desk.yaml:5:5"));

    let (given, problems) = file::read_config_file("desk.yaml", "agents.economist.slots: 4");
    assert_eq!((given.len(), problems.len()), (1, 0));
    assert_eq!(resolve(&given).unwrap().agents.named["economist"], 4);
}

#[test]
fn a_file_may_leave_values_and_itself_empty() {
    for text in ["", "# max_retries: 7\n\n", "max_retries:\n"] {
        assert_eq!(file::read_config_file("desk.yaml", text), (vec![], vec![]), "{text:?}");
    }
}

#[test]
fn yaml_numbers_flags_and_clocks_read_as_they_are_written() {
    let text = "retry_base_delay: 0.5\nenable_retry: false\nstart: 10:45\ndate: 2020-03-09\n\
                metrics_enabled: no\nspeed: 1e2\nauto_approve_after: 90s";
    let config = resolve(&file::read_config_file("desk.yaml", text).0).unwrap();
    assert_eq!(config.retry.base_delay, Span::millis(500));
    assert!(!config.orchestration.enable_retry);
    assert_eq!(config.setting("start").unwrap().value, "10:45:00");
    assert_eq!(config.setting("date").unwrap().value, "2020-03-09");
    assert!(!config.monitoring.metrics_enabled);
    assert_eq!(config.day.speed, SpeedSetting::Times(100.0));
}

#[test]
fn a_file_of_another_shape_is_told_with_line_and_column() {
    let told = |text: &str| {
        let (given, problems) = file::read_config_file("desk.yaml", text);
        assert_eq!(given, []);
        problems.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n")
    };
    assert_eq!(told("- 1"), "desk.yaml:1:1: the file is a list: expected lines `key: value`");
    assert_eq!(told("\n speed: [1]"), "desk.yaml:2:2: `speed` is a list: expected one value");
    assert!(told("a: [").starts_with("desk.yaml:"), "{}", told("a: ["));
}

#[test]
fn an_empty_variable_and_a_strangers_variable_give_nothing() {
    let config = by_env(&[("MAX_RETRIES", ""), ("ENV", "production"), ("MAX_TRIES", "x")]);
    assert_eq!(config.unwrap(), Config::default());
}

#[test]
fn a_secret_is_shown_nowhere_even_when_it_is_wrong() {
    let config = by_env(&[("ALERT_WEBHOOK_URL", "https://hooks.example/hunter2")]).unwrap();
    let wrong = complaints(by_env(&[("ALERT_WEBHOOK_URL", "ftp://hunter2")]));
    for shown in [render_table(&config), to_json(&config).to_string(), format!("{config:?}"), wrong]
    {
        assert!(!shown.contains("hunter2"), "{shown}");
        assert!(shown.contains("[redacted]"), "{shown}");
    }
}

#[test]
fn surroundings_suggest_theme_state_folder_and_name() {
    let depth = |pairs: &[(&str, &str)]| by_env(pairs).unwrap().look.depth;
    assert_eq!(depth(&[("NO_COLOR", "1"), ("TERM", "xterm-256color")]), ColorDepthSetting::Never);
    assert_eq!(depth(&[("TERM", "dumb")]), ColorDepthSetting::Never);
    assert_eq!(depth(&[("NO_COLOR", ""), ("TERM", "linux")]), ColorDepthSetting::Auto);
    assert_eq!(
        depth(&[("NO_COLOR", "1"), ("BELLWETHER_COLOR", "256")]),
        ColorDepthSetting::Ansi256
    );

    let config = by_env(&[("HOME", "/home/x/"), ("USER", "maria")]).unwrap();
    assert_eq!(config.places.state.to_string_lossy(), "/home/x/.local/state/bellwether");
    assert_eq!(config.day.operator, "maria");
    let config = by_env(&[("HOME", "/home/x"), ("XDG_STATE_HOME", "/s")]).unwrap();
    assert_eq!(config.places.state.to_string_lossy(), "/s/bellwether");
}

#[test]
fn agents_have_the_slots_they_are_given_and_the_operator_has_no_bound() {
    let config = by_env(&[("BELLWETHER_AGENTS_ECONOMIST_SLOTS", "4")]).unwrap();
    let slots = |name| config.agents.for_agent(&AgentId::parse(name).unwrap());
    assert_eq!(slots("economist"), 4);
    assert_eq!(slots("trade_execution"), 3);
    assert_eq!(slots("senior_analyst"), 2);
    assert_eq!(slots("newcomer"), 2);
    assert_eq!(slots("operator"), u32::MAX);
}

#[test]
fn a_plan_is_told_where_its_bounds_come_from() {
    let config = by_env(&[
        ("RETRY_BASE_DELAY", "2"),
        ("ENABLE_RETRY", "off"),
        ("BELLWETHER_AGENTS_ECONOMIST_SLOTS", "4"),
    ]);
    let settings = config.unwrap().plan_settings(RunMode::Dry, 2);
    assert_eq!(settings.limits.retry.base_delay, Span::secs(2));
    let sources: Vec<_> = settings.limit_sources.into_iter().collect();
    assert_eq!(sources, [("retry.base_delay".into(), "environment RETRY_BASE_DELAY".into())]);
    assert_eq!((settings.max_retries.value, settings.task_timeout.value), (0, Span::secs(300)));
    assert_eq!(settings.max_retries.source, "environment ENABLE_RETRY");
    assert_eq!(settings.task_timeout.source, "default");
    assert_eq!((settings.mode, settings.generation, settings.default_slots), (RunMode::Dry, 2, 2));
    let slots = |name| settings.slots[&AgentId::parse(name).unwrap()];
    assert_eq!((slots("economist"), slots("operator")), (4, u32::MAX));
    assert_eq!(settings.slots.len(), 7, "an agent of the table has no slots");
}

#[test]
fn words_are_taken_in_any_case_and_a_speed_may_carry_its_x() {
    let config = by_env(&[
        ("BELLWETHER_APPROVALS", "ASK"),
        ("BELLWETHER_GLYPHS", "Ascii"),
        ("BELLWETHER_SPEED", "2.5x"),
        ("LOG_LEVEL", "trace"),
    ])
    .unwrap();
    assert_eq!(config.day.approvals, ApprovalSetting::Ask);
    assert_eq!(config.look.glyphs, GlyphSetting::Ascii);
    assert_eq!(config.day.speed, SpeedSetting::Times(2.5));
    assert_eq!(config.monitoring.log_level, LogLevel::Trace);
}

#[test]
fn the_reference_in_docs_is_what_the_table_says() {
    let stale = "run `bellwether config --markdown > docs/configuration.md`";
    assert_eq!(include_str!("../../docs/configuration.md"), render_markdown(), "{stale}");
}
