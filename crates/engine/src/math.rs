//! Float and integer conversions, rounding, and the seeded generator of every simulation.
//!
//! What cannot be computed (division by nearly zero, a value that is not finite) is `None`, never
//! infinity or `NaN`.

/// Denominators smaller than this count as zero.
pub const TINY: f64 = 1e-15;

/// `num / den`, or `None` where the denominator is (nearly) zero or the quotient is not finite.
#[must_use]
pub fn checked_div(num: f64, den: f64) -> Option<f64> {
    if den.abs() < TINY {
        return None;
    }
    finite_or_none(num / den)
}

/// The value itself when it is finite.
#[must_use]
pub fn finite_or_none(x: f64) -> Option<f64> {
    x.is_finite().then_some(x)
}

/// A count as a float; exact below 2³², and no collection here is larger.
#[must_use]
pub fn count_to_f64(n: usize) -> f64 {
    f64::from(u32::try_from(n).unwrap_or(u32::MAX))
}

/// An integer as a float: exact to ±2⁵³, nearest beyond. The one place integers become floats.
#[must_use]
#[expect(
    clippy::as_conversions,
    clippy::cast_precision_loss,
    reason = "std has no From<i64> for f64; share counts and volumes stay far below 2^53"
)]
pub const fn int_to_float(n: i64) -> f64 {
    n as f64
}

/// A float cut toward zero to an integer; `None` when it is not finite or beyond ±2⁵³, where a float
/// no longer names one integer. The one place floats become integers.
#[must_use]
#[expect(
    clippy::as_conversions,
    clippy::cast_possible_truncation,
    reason = "std has no TryFrom<f64> for i64; the range is checked first and cutting is what is asked for"
)]
pub fn float_to_int(x: f64) -> Option<i64> {
    const LIMIT: f64 = 9_007_199_254_740_992.0;
    (x.is_finite() && x.abs() <= LIMIT).then(|| x.trunc() as i64)
}

/// Rounds to cents, halves upward: `⌊100x + ½⌋ / 100`.
#[must_use]
pub fn round_cents(x: f64) -> f64 {
    (x * 100.0 + 0.5).floor() / 100.0
}

/// A 64-bit seed from text (FNV-1a), the same on every machine.
#[must_use]
pub fn seed_from(text: &str) -> u64 {
    text.bytes().fold(0xcbf2_9ce4_8422_2325, |hash, byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
    })
}

/// splitmix64 (Steele, Lea, Flood 2014): small, seeded and without libm, so it repeats bit for bit anywhere.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rng {
    state: u64,
}

impl Rng {
    /// A generator whose whole stream is decided by `seed`.
    #[must_use]
    pub const fn new(seed: u64) -> Self {
        Self { state: seed }
    }

    /// The next 64 bits.
    pub const fn next_u64(&mut self) -> u64 {
        self.state = self.state.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.state;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^ (z >> 31)
    }

    /// Uniform in 0..1 with 53 random bits.
    pub fn uniform(&mut self) -> f64 {
        const UNIT: f64 = 1.0 / 9_007_199_254_740_992.0;
        let bits = i64::try_from(self.next_u64() >> 11).unwrap_or(0); // 53 bits always fit
        int_to_float(bits) * UNIT
    }

    /// Nearly normal, mean 0 and standard deviation 1: twelve uniforms summed, less 6.
    pub fn normal(&mut self) -> f64 {
        (0..12).map(|_| self.uniform()).sum::<f64>() - 6.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn near(a: Option<f64>, b: f64) {
        let a = a.expect("a value");
        assert!((a - b).abs() < 1e-12, "{a} is not {b}");
    }

    #[test]
    fn the_generator_repeats_the_published_splitmix64_stream() {
        let mut rng = Rng::new(1_234_567);
        let stream: Vec<u64> = (0..3).map(|_| rng.next_u64()).collect();
        assert_eq!(
            stream,
            [6_457_827_717_110_365_317, 3_203_168_211_198_807_973, 9_817_491_932_198_370_423]
        );
    }

    #[test]
    fn uniforms_stay_in_the_unit_interval_and_normals_within_six() {
        let mut rng = Rng::new(7);
        for _ in 0..10_000 {
            assert!((0.0..1.0).contains(&rng.uniform()));
            assert!(rng.normal().abs() <= 6.0);
        }
    }

    #[test]
    fn conversions_cut_toward_zero_and_refuse_what_they_cannot_name() {
        assert_eq!(float_to_int(-2.9), Some(-2));
        assert_eq!(float_to_int(f64::NAN), None);
        assert_eq!(float_to_int(1e300), None);
        near(Some(int_to_float(-7)), -7.0);
        near(Some(round_cents(1.005)), 1.0);
        near(Some(round_cents(2.675_000_001)), 2.68);
    }
}
