//! Numbers of days in a row: which are unusual, and how they go on.

/// Days from which something can be unusual, and be foretold.
const LEAST: usize = 7;
/// Spreads from the median beyond which a day is unusual (Iglewicz and Hoaglin 1993), and what makes the median
/// distance of a normal distribution its standard deviation.
const FAR: f64 = 3.5;
const OF_NORMAL: f64 = 1.4826;
/// Standard deviations that 80 % of a normal distribution lie within.
const EIGHTY: f64 = 1.2816;

/// A day that is unlike the others.
#[derive(Debug, Clone, PartialEq)]
pub struct Unusual {
    pub at: usize,
    pub value: f64,
    /// The median of all.
    pub usual: f64,
    /// How many spreads it is away.
    pub spreads: f64,
}

/// Days that are far from the median; `None` of too few.
pub fn unusual(values: &[f64]) -> Option<Vec<Unusual>> {
    if values.len() < LEAST {
        return None;
    }
    let usual = super::median(values.to_vec())?;
    let spread = super::median(values.iter().map(|value| (value - usual).abs()).collect())? * OF_NORMAL;
    // Where most days are the same, a tenth of the usual is a spread.
    let spread = if spread > 0.0 { spread } else { (usual.abs() / 10.0).max(f64::MIN_POSITIVE) };
    let far = values.iter().enumerate().filter_map(|(at, value)| {
        let spreads = (value - usual) / spread;
        (spreads.abs() > FAR).then(|| Unusual { at, value: *value, usual, spreads: spreads.clamp(-1e6, 1e6) })
    });
    Some(far.collect())
}

/// How a row of numbers goes on.
#[derive(Debug, Clone, PartialEq)]
pub struct Forecast {
    /// What a day adds, by the median of all slopes (Theil 1950, Sen 1968).
    pub slope: f64,
    /// Of each day to come: the middle, and what it lies between in 80 % of cases.
    pub days: Vec<(f64, f64, f64)>,
}

/// Goes on with the trend; the interval is that of the distances from it, and grows with the days ahead. `None` of
/// too few.
pub fn forecast(values: &[f64], ahead: usize) -> Option<Forecast> {
    if values.len() < LEAST {
        return None;
    }
    let slopes = (0..values.len()).flat_map(|one| {
        (one + 1..values.len()).map(move |other| (values[other] - values[one]) / (other - one) as f64)
    });
    let slope = super::median(slopes.collect())?;
    let level =
        super::median(values.iter().enumerate().map(|(at, value)| value - slope * at as f64).collect())?;
    let off = values.iter().enumerate().map(|(at, value)| value - level - slope * at as f64);
    let count = values.len() as f64;
    let deviation = (off.map(|off| off * off).sum::<f64>() / (count - 2.0)).sqrt();
    let center = (count - 1.0) / 2.0;
    let spread: f64 = (0..values.len()).map(|at| (at as f64 - center).powi(2)).sum();
    let day = |ahead: usize| {
        let at = (values.len() + ahead) as f64;
        let middle = level + slope * at;
        // Of a line through the points, and of one more point beside it.
        let width = EIGHTY * deviation * (1.0 + 1.0 / count + (at - center).powi(2) / spread).sqrt();
        (middle, middle - width, middle + width)
    };
    Some(Forecast { slope, days: (0..ahead).map(day).collect() })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_day_is_unlike_the_others() {
        let values = [10.0, 11.0, 9.0, 10.0, 60.0, 10.0, 12.0, 9.0];
        let found = unusual(&values).unwrap();
        assert_eq!(found.iter().map(|one| one.at).collect::<Vec<_>>(), [4]);
        assert_eq!(unusual(&values[..6]), None);
        assert_eq!(unusual(&[0.0; 8]), Some(vec![]));
    }

    #[test]
    fn a_trend_goes_on_whatever_one_day_says() {
        let mut values: Vec<f64> = (0..20).map(|at| 5.0 + 2.0 * f64::from(at)).collect();
        values[7] = 300.0;
        let told = forecast(&values, 3).unwrap();
        assert!((told.slope - 2.0).abs() < 1e-6 && (told.days[0].0 - 45.0).abs() < 1e-6, "{told:?}");
        assert!(told.days[2].2 - told.days[2].1 > told.days[0].2 - told.days[0].1);
        assert_eq!(forecast(&values[..3], 1), None);
    }
}
