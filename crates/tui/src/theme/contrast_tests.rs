//! Measures the colour tables with the eyes of readers who see red or green differently.
//!
//! Sources: G. M. Machado et al., "A Physiologically-based Model for Simulation of Color Vision
//! Deficiency", 2009, matrices of severity 1.0; distance in CIE L\*a\*b\* of 1976 under D65; contrast
//! as in WCAG 2.2 (all read 2026-11).

use ratatui::style::Color;

use super::{
    ColorDepth,
    colours::{ColorRole, role_color},
};
use config::ColorScheme;

type LinearRgb = [f64; 3];

const ALL_CONES: [[f64; 3]; 3] = [[1.0, 0.0, 0.0], [0.0, 1.0, 0.0], [0.0, 0.0, 1.0]];
/// Without green cones.
const DEUTERANOPIA: [[f64; 3]; 3] = [
    [0.367_322, 0.860_646, -0.227_968],
    [0.280_085, 0.672_501, 0.047_413],
    [-0.011_820, 0.042_940, 0.968_881],
];
/// Without red cones.
const PROTANOPIA: [[f64; 3]; 3] = [
    [0.152_286, 1.052_583, -0.204_868],
    [0.114_503, 0.786_281, 0.099_216],
    [-0.003_882, -0.048_116, 1.051_998],
];

fn linear(byte: u8) -> f64 {
    let c = f64::from(byte) / 255.0;
    if c <= 0.040_45 { c / 12.92 } else { ((c + 0.055) / 1.055).powf(2.4) }
}

/// The cube and the greys of xterm.
fn of_index(index: u8) -> [u8; 3] {
    const STEPS: [u8; 6] = [0, 95, 135, 175, 215, 255];
    if index >= 232 {
        return [8 + 10 * (index - 232); 3];
    }
    let i = usize::from(index - 16);
    [STEPS[i / 36], STEPS[i / 6 % 6], STEPS[i % 6]]
}

/// The sixteen as xterm shows them; a terminal may have shades of its own.
const XTERM: [(Color, [u8; 3]); 16] = [
    (Color::Black, [0, 0, 0]),
    (Color::Red, [205, 0, 0]),
    (Color::Green, [0, 205, 0]),
    (Color::Yellow, [205, 205, 0]),
    (Color::Blue, [0, 0, 238]),
    (Color::Magenta, [205, 0, 205]),
    (Color::Cyan, [0, 205, 205]),
    (Color::Gray, [229, 229, 229]),
    (Color::DarkGray, [127, 127, 127]),
    (Color::LightRed, [255, 0, 0]),
    (Color::LightGreen, [0, 255, 0]),
    (Color::LightYellow, [255, 255, 0]),
    (Color::LightBlue, [92, 92, 255]),
    (Color::LightMagenta, [255, 0, 255]),
    (Color::LightCyan, [0, 255, 255]),
    (Color::White, [255, 255, 255]),
];

fn light_of(colour: Color) -> Option<LinearRgb> {
    if let Color::Indexed(index) = colour {
        return Some(of_index(index).map(linear));
    }
    if let Color::Rgb(r, g, b) = colour {
        return Some([r, g, b].map(linear));
    }
    let shade = XTERM.iter().find(|(known, _)| *known == colour);
    shade.map(|(_, shade)| shade.map(linear))
}

fn simulate_vision(eye: &[[f64; 3]; 3], light: LinearRgb) -> LinearRgb {
    eye.map(|row| row.iter().zip(light).map(|(a, b)| a * b).sum::<f64>().clamp(0.0, 1.0))
}

fn luminance([r, g, b]: LinearRgb) -> f64 {
    0.2126 * r + 0.7152 * g + 0.0722 * b
}

fn contrast(one: LinearRgb, other: LinearRgb) -> f64 {
    let (a, b) = (luminance(one) + 0.05, luminance(other) + 0.05);
    a.max(b) / a.min(b)
}

fn lab(light: LinearRgb) -> LinearRgb {
    let curve = |t: f64| if t > 0.008_856 { t.cbrt() } else { 7.787 * t + 16.0 / 116.0 };
    let [red, green, blue] = light;
    let x = curve((0.412_456 * red + 0.357_576 * green + 0.180_438 * blue) / 0.950_47);
    let y = curve(luminance(light));
    let z = curve((0.019_334 * red + 0.119_192 * green + 0.950_304 * blue) / 1.088_83);
    [116.0 * y - 16.0, 500.0 * (x - y), 200.0 * (y - z)]
}

fn distance(one: LinearRgb, other: LinearRgb) -> f64 {
    let squares = lab(one).into_iter().zip(lab(other)).map(|(a, b)| (a - b).powi(2));
    squares.sum::<f64>().sqrt()
}

const SCHEMES: [ColorScheme; 3] =
    [ColorScheme::Default, ColorScheme::Light, ColorScheme::HighContrast];

/// The shades of a scheme that are known here; the sixteen are the reader's own.
fn shades(scheme: ColorScheme, palette: ColorDepth) -> Vec<(ColorRole, LinearRgb)> {
    let shade = |meaning| Some((meaning, light_of(role_color(scheme, palette, meaning)?)?));
    ColorRole::ALL.into_iter().filter_map(shade).collect()
}

/// The two meanings that look most alike to an eye, and how far apart they are.
fn closest(shades: &[(ColorRole, LinearRgb)], eye: &[[f64; 3]; 3]) -> (f64, ColorRole, ColorRole) {
    let pairs = shades.iter().enumerate().flat_map(|(i, one)| {
        shades.iter().skip(i + 1).map(move |other| {
            (distance(simulate_vision(eye, one.1), simulate_vision(eye, other.1)), one.0, other.0)
        })
    });
    pairs.min_by(|a, b| a.0.total_cmp(&b.0)).expect("there are several meanings")
}

#[test]
fn no_two_meanings_look_alike_to_readers_without_red_or_green_cones() {
    // Two is the least that is noticed at all, side by side.
    const APART: f64 = 11.0;
    for scheme in SCHEMES {
        for palette in [ColorDepth::Ansi256, ColorDepth::TrueColor] {
            let shades = shades(scheme, palette);
            assert_eq!(shades.len(), ColorRole::ALL.len());
            for eye in [ALL_CONES, DEUTERANOPIA, PROTANOPIA] {
                let closest = closest(&shades, &eye);
                assert!(closest.0 >= APART, "{scheme:?} {palette:?} {closest:?}");
            }
        }
    }
}

#[test]
fn every_colour_can_be_read_on_the_background_it_is_made_for() {
    for scheme in SCHEMES {
        for palette in [ColorDepth::Sixteen, ColorDepth::Ansi256, ColorDepth::TrueColor] {
            for (meaning, shade) in shades(scheme, palette) {
                let (ground, least) = match scheme {
                    ColorScheme::Default => ([linear(0x10); 3], 4.5),
                    ColorScheme::Light => ([1.0; 3], 4.5),
                    ColorScheme::HighContrast | ColorScheme::Mono => ([0.0; 3], 7.0),
                };
                // The brightest red of the sixteen has 5.3:1 on black.
                let least = if palette == ColorDepth::Sixteen { 4.5 } else { least };
                let found = contrast(shade, ground);
                assert!(found >= least, "{scheme:?} {palette:?} {meaning:?} {found}");
            }
        }
    }
}

#[test]
fn the_sixteen_have_a_shade_of_their_own_for_each_meaning() {
    for scheme in SCHEMES {
        let roles = ColorRole::ALL.into_iter().filter(|role| {
            // Too few of the sixteen can be read on white: these are told by marks and words.
            scheme != ColorScheme::Light || !matches!(role, ColorRole::Good | ColorRole::Blocked)
        });
        let shades = roles.map(|meaning| role_color(scheme, ColorDepth::Sixteen, meaning));
        let shades: Vec<_> = shades.collect();
        let twins = shades.iter().enumerate().any(|(i, shade)| shades[..i].contains(shade));
        assert!(!twins, "{scheme:?} {shades:?}");
    }
}
