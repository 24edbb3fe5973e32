//! Plans as numbers: how long they take, what decides the end, and how likely they go well. Pure: chance is a seed.

/// A step: what must be before it, and how it went in the past.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Step {
    /// Places of the steps that must be done before.
    pub needs: Vec<usize>,
    pub p50_ms: f64,
    /// `None`: as long as in the middle, always.
    pub p90_ms: Option<f64>,
    /// How often it fails.
    pub failure: f64,
}

/// Standard deviations from the middle to nine tenths of a normal distribution.
const NINE_TENTHS: f64 = 1.2816;
/// How often a step that fails is tried before it is given up.
pub const TRIES: usize = 3;

/// Many runs of a plan.
#[derive(Debug, Clone, PartialEq)]
pub struct Simulated {
    pub runs: usize,
    /// Of the runs that went well; `None` where none did.
    pub p50_ms: Option<f64>,
    pub p90_ms: Option<f64>,
    /// Share of the runs that went well.
    pub odds: f64,
    /// For each step in how many runs it was given up.
    pub given_up: Vec<usize>,
}

/// Runs a plan many times: each step takes a lognormal time about its past, fails as often as it did, and is then tried
/// again, [`TRIES`] times in all. Steps that wait for nothing run side by side.
pub fn simulate(steps: &[Step], runs: usize, seed: u64) -> Option<Simulated> {
    let order = order(steps)?;
    let mut dice = Dice(seed);
    let (mut took, mut given_up) = (Vec::new(), vec![0; steps.len()]);
    for _ in 0..runs {
        let mut ends = vec![0.0_f64; steps.len()];
        let mut well = true;
        for at in &order {
            let step = &steps[*at];
            let begin = step.needs.iter().map(|need| ends[*need]).fold(0.0, f64::max);
            let mut time = 0.0;
            let mut done = false;
            for _ in 0..TRIES {
                time += dice.lognormal(step);
                done = dice.roll() >= step.failure;
                if done {
                    break;
                }
            }
            if !done {
                (well, given_up[*at]) = (false, given_up[*at] + 1);
                break;
            }
            ends[*at] = begin + time;
        }
        if well {
            took.push(ends.into_iter().fold(0.0, f64::max));
        }
    }
    took.sort_by(f64::total_cmp);
    let at = |share: f64| took.get(((took.len() as f64 * share).ceil() as usize).max(1) - 1).copied();
    Some(Simulated {
        runs,
        odds: took.len() as f64 / runs.max(1) as f64,
        p50_ms: at(0.5),
        p90_ms: at(0.9),
        given_up,
    })
}

/// The places of steps in an order in which each comes after what it needs; `None` where they wait for each other in
/// a circle, or need what is not there.
pub fn order(steps: &[Step]) -> Option<Vec<usize>> {
    let mut left: Vec<usize> = steps.iter().map(|step| step.needs.len()).collect();
    let mut ready: Vec<usize> = (0..steps.len()).rev().filter(|at| left[*at] == 0).collect();
    let mut order = Vec::with_capacity(steps.len());
    while let Some(at) = ready.pop() {
        order.push(at);
        for (other, step) in steps.iter().enumerate().rev() {
            let met = step.needs.iter().filter(|need| **need == at).count();
            if met > 0 {
                left[other] -= met;
                if left[other] == 0 {
                    ready.push(other);
                }
            }
        }
    }
    (order.len() == steps.len()).then_some(order)
}

/// The chain of steps that decides the end, by what each takes in the middle, and how long it is; `None` as of [`order`].
pub fn critical_path(steps: &[Step]) -> Option<(Vec<usize>, f64)> {
    let mut ends = vec![0.0_f64; steps.len()];
    let mut before: Vec<Option<usize>> = vec![None; steps.len()];
    for at in order(steps)? {
        let last = steps[at].needs.iter().copied().max_by(|one, other| ends[*one].total_cmp(&ends[*other]));
        (before[at], ends[at]) = (last, last.map_or(0.0, |last| ends[last]) + steps[at].p50_ms);
    }
    let Some(mut at) = (0..steps.len()).max_by(|one, other| ends[*one].total_cmp(&ends[*other])) else {
        return Some((Vec::new(), 0.0));
    };
    let (mut path, whole) = (vec![at], ends[at]);
    while let Some(last) = before[at] {
        path.push(last);
        at = last;
    }
    path.reverse();
    Some((path, whole))
}

/// SplitMix64.
struct Dice(u64);

impl Dice {
    fn roll(&mut self) -> f64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        ((mixed ^ (mixed >> 31)) >> 11) as f64 / (1_u64 << 53) as f64
    }

    fn lognormal(&mut self, step: &Step) -> f64 {
        let spread =
            step.p90_ms.map_or(0.0, |p90| (p90.max(1.0) / step.p50_ms.max(1.0)).ln().max(0.0) / NINE_TENTHS);
        let normal = (-2.0 * (1.0 - self.roll()).ln()).sqrt() * (std::f64::consts::TAU * self.roll()).cos();
        step.p50_ms * (spread * normal).exp()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn step(needs: &[usize], p50_ms: f64) -> Step {
        Step { needs: needs.to_vec(), p50_ms, ..Step::default() }
    }

    #[test]
    fn the_longest_chain_decides() {
        let steps = [step(&[], 10.0), step(&[0], 5.0), step(&[0], 50.0), step(&[1, 2], 1.0)];
        assert_eq!(critical_path(&steps), Some((vec![0, 2, 3], 61.0)));
        let told = simulate(&steps, 100, 1).unwrap();
        assert_eq!((told.p50_ms, told.odds), (Some(61.0), 1.0));
        assert_eq!(critical_path(&[step(&[1], 1.0), step(&[0], 1.0)]), None);
        assert_eq!(critical_path(&[]), Some((vec![], 0.0)));
    }

    #[test]
    fn what_fails_is_tried_again_and_then_given_up() {
        let fails = Step { failure: 0.5, ..step(&[], 10.0) };
        let told = simulate(&[fails], 20_000, 7).unwrap();
        assert!((told.odds - 0.875).abs() < 0.01, "{told:?}");
        assert_eq!(told.given_up[0], 20_000 - (told.odds * 20_000.0).round() as usize);
        assert_eq!(simulate(&[Step { failure: 1.0, ..step(&[], 1.0) }], 10, 1).unwrap().p50_ms, None);
    }

    #[test]
    fn times_are_spread_as_they_were() {
        let spread = Step { p90_ms: Some(40.0), ..step(&[], 10.0) };
        let told = simulate(std::slice::from_ref(&spread), 20_000, 3).unwrap();
        let (p50, p90) = (told.p50_ms.unwrap(), told.p90_ms.unwrap());
        assert!((p50 - 10.0).abs() < 0.5 && (p90 - 40.0).abs() < 2.5, "{p50} {p90}");
        let again = || simulate(std::slice::from_ref(&spread), 50, 9);
        assert_eq!(again(), again());
    }
}
