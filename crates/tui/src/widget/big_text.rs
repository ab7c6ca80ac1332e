//! Words in letters five rows high, to be read across a room.

/// Rows of a letter.
pub(crate) const HEIGHT: u16 = 5;
/// Columns of a letter's grid, which every row's bits fill from the left.
const GRID: u32 = 3;

/// Letters, each as five rows of three bits, from the top; what is not here is a blank.
const LETTERS: [(char, [u8; 5]); 41] = [
    ('A', [0b010, 0b101, 0b111, 0b101, 0b101]),
    ('B', [0b110, 0b101, 0b110, 0b101, 0b110]),
    ('C', [0b011, 0b100, 0b100, 0b100, 0b011]),
    ('D', [0b110, 0b101, 0b101, 0b101, 0b110]),
    ('E', [0b111, 0b100, 0b110, 0b100, 0b111]),
    ('F', [0b111, 0b100, 0b110, 0b100, 0b100]),
    ('G', [0b011, 0b100, 0b101, 0b101, 0b011]),
    ('H', [0b101, 0b101, 0b111, 0b101, 0b101]),
    ('I', [0b111, 0b010, 0b010, 0b010, 0b111]),
    ('J', [0b001, 0b001, 0b001, 0b101, 0b010]),
    ('K', [0b101, 0b101, 0b110, 0b101, 0b101]),
    ('L', [0b100, 0b100, 0b100, 0b100, 0b111]),
    ('M', [0b101, 0b111, 0b111, 0b101, 0b101]),
    ('N', [0b110, 0b101, 0b101, 0b101, 0b101]),
    ('O', [0b010, 0b101, 0b101, 0b101, 0b010]),
    ('P', [0b110, 0b101, 0b110, 0b100, 0b100]),
    ('Q', [0b010, 0b101, 0b101, 0b111, 0b011]),
    ('R', [0b110, 0b101, 0b110, 0b101, 0b101]),
    ('S', [0b011, 0b100, 0b010, 0b001, 0b110]),
    ('T', [0b111, 0b010, 0b010, 0b010, 0b010]),
    ('U', [0b101, 0b101, 0b101, 0b101, 0b111]),
    ('V', [0b101, 0b101, 0b101, 0b101, 0b010]),
    ('W', [0b101, 0b101, 0b111, 0b111, 0b101]),
    ('X', [0b101, 0b101, 0b010, 0b101, 0b101]),
    ('Y', [0b101, 0b101, 0b010, 0b010, 0b010]),
    ('Z', [0b111, 0b001, 0b010, 0b100, 0b111]),
    ('0', [0b111, 0b101, 0b101, 0b101, 0b111]),
    ('1', [0b010, 0b110, 0b010, 0b010, 0b111]),
    ('2', [0b111, 0b001, 0b111, 0b100, 0b111]),
    ('3', [0b111, 0b001, 0b011, 0b001, 0b111]),
    ('4', [0b101, 0b101, 0b111, 0b001, 0b001]),
    ('5', [0b111, 0b100, 0b111, 0b001, 0b111]),
    ('6', [0b111, 0b100, 0b111, 0b101, 0b111]),
    ('7', [0b111, 0b001, 0b010, 0b010, 0b010]),
    ('8', [0b111, 0b101, 0b111, 0b101, 0b111]),
    ('9', [0b111, 0b101, 0b111, 0b001, 0b111]),
    (':', [0b000, 0b010, 0b000, 0b010, 0b000]),
    ('/', [0b001, 0b001, 0b010, 0b100, 0b100]),
    ('-', [0b000, 0b000, 0b111, 0b000, 0b000]),
    ('_', [0b000, 0b000, 0b000, 0b000, 0b111]),
    ('+', [0b000, 0b010, 0b111, 0b010, 0b000]),
];

/// A word in large letters of `ink`, one or two columns a dot, whichever is the most that fits
/// into `width`; `None` when neither does.
pub(crate) fn big_text(word: &str, width: u16, ink: &str) -> Option<Vec<String>> {
    let letters: Vec<[u8; 5]> = word.to_uppercase().chars().map(letter).collect();
    let dot = [2_usize, 1].into_iter().find(|dot| {
        let gap = letters.len().saturating_sub(1) * dot;
        letters.len() * 3 * dot + gap <= usize::from(width)
    })?;
    let rows = (0..usize::from(HEIGHT)).map(|row| {
        let of = |rows: &[u8; 5]| {
            let bits = rows.get(row).copied().unwrap_or(0);
            let cell = |bit: u32| {
                let on = bits >> (GRID - 1 - bit) & 1 == 1;
                if on { ink } else { " " }.repeat(dot)
            };
            (0..GRID).map(cell).collect::<String>()
        };
        letters.iter().map(of).collect::<Vec<_>>().join(&" ".repeat(dot))
    });
    Some(rows.collect())
}

fn letter(c: char) -> [u8; 5] {
    LETTERS.iter().find(|(known, _)| *known == c).map_or([0; 5], |(_, rows)| *rows)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::widget::display_width;

    #[test]
    fn a_word_is_as_large_as_fits_and_is_not_drawn_where_it_does_not() {
        for width in 0..40 {
            let drawn = big_text("OK 10:42", width, "#");
            let rows = drawn.iter().flatten();
            assert!(rows.clone().all(|row| display_width(row) <= width), "{width}");
            assert_eq!(drawn.is_some(), width >= 31, "{width}");
        }
        let rows = big_text("HI", 14, "#").unwrap();
        assert_eq!(rows.len(), usize::from(HEIGHT));
        assert_eq!(rows[2], "######    ##  ");
        assert_eq!(big_text("HI", 13, "#").unwrap()[2], "###  # ");
    }

    #[test]
    fn no_two_letters_look_alike() {
        for (i, (a, rows)) in LETTERS.iter().enumerate() {
            for (b, others) in &LETTERS[i + 1..] {
                // A zero is an O in many founts, and in this one it is not.
                assert!(rows != others, "{a} and {b}");
            }
        }
    }
}
