//! What variables of the surroundings give and suggest, as files of variables and terminals set them.

use bellwether::config::{ColorScheme, GlyphSetting, render_table};

use crate::config::by_env;

#[test]
fn values_as_files_of_variables_pass_them_are_taken() {
    let vars = [
        ("TIMEZONE", "US/Eastern"),
        ("MAX_CONCURRENT_TASKS", "\"3\""),
        ("MARKET_OPEN_TIME", "'09:30'"),
        ("BELLWETHER_OPERATOR", "\"ana\""),
    ];
    let config = by_env(&vars).unwrap();
    assert_eq!(config.orchestration.max_concurrent_tasks, 3);
    assert_eq!(config.day.operator, "ana");
    assert!(render_table(&config).contains("America/New_York"));
    for wrong in ["\"3", "\"\"3\"\"", "'3\""] {
        assert!(by_env(&[("MAX_CONCURRENT_TASKS", wrong)]).is_err(), "{wrong}");
    }
}

#[test]
fn a_value_of_65536_characters_is_printed_like_any_other() {
    let long = "a".repeat(65_536);
    let config = by_env(&[("BELLWETHER_STATE_DIR", &long)]).unwrap();
    assert!(render_table(&config).contains(&long));
}

#[test]
fn locale_and_background_of_the_terminal_are_suggestions() {
    let cases: [(&[(&str, &str)], GlyphSetting); 7] = [
        (&[("LANG", "de_DE.ISO-8859-1")], GlyphSetting::Ascii),
        (&[("LANG", "de_DE.ISO-8859-15@euro")], GlyphSetting::Ascii),
        (&[("LANG", "de_DE.ISO-8859-1"), ("LC_ALL", "de_DE.UTF-8")], GlyphSetting::Unicode),
        (&[("LC_CTYPE", "en_US.utf8")], GlyphSetting::Unicode),
        (&[("LANG", "C")], GlyphSetting::Unicode),
        (&[], GlyphSetting::Unicode),
        (&[("LANG", "x.ISO-8859-1"), ("BELLWETHER_GLYPHS", "unicode")], GlyphSetting::Unicode),
    ];
    for (vars, wanted) in cases {
        assert_eq!(by_env(vars).unwrap().look.glyphs, wanted, "{vars:?}");
    }
    let scheme = |colors: &str| by_env(&[("COLORFGBG", colors)]).unwrap().look.scheme;
    assert_eq!(scheme("0;15"), ColorScheme::Light);
    assert_eq!(scheme("0;default;7"), ColorScheme::Light);
    assert_eq!(scheme("15;0"), ColorScheme::Default);
    assert_eq!(scheme(""), ColorScheme::Default);
}
