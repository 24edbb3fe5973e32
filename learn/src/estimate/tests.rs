use super::*;

/// A reproducible stream of numbers in [0, 1).
struct Dice(u64);

impl Dice {
    fn roll(&mut self) -> f64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 11) as f64 / (1_u64 << 53) as f64
    }

    /// Lognormal about `median`, by Box and Muller.
    fn about(&mut self, median: f64, spread: f64) -> i64 {
        let normal = (-2.0 * (1.0 - self.roll()).ln()).sqrt() * (std::f64::consts::TAU * self.roll()).cos();
        (median * (spread * normal).exp()) as i64
    }
}

fn work(dice: &mut Dice, count: usize) -> Vec<Finished> {
    let kinds = [
        ("repair the flaky test of", 20.0 * 60e3, 0.4),
        ("write documentation about", 60.0 * 60e3, 0.3),
        ("migrate the tables of", 300.0 * 60e3, 0.8),
        ("raise the version of", 4.0 * 60e3, 0.5),
        ("review the change to", 12.0 * 60e3, 0.4),
    ];
    let things = ["cart", "parser", "login", "index", "billing", "search", "mail", "queue", "export"];
    let one = |dice: &mut Dice| {
        let (words, median, spread) = kinds[(dice.roll() * kinds.len() as f64) as usize];
        let thing = things[(dice.roll() * things.len() as f64) as usize];
        Finished { text: format!("{words} {thing}"), took_ms: dice.about(median, spread) }
    };
    (0..count).map(|_| one(dice)).collect()
}

#[test]
fn nine_tenths_are_covered_and_words_tell() {
    let (mut shares, mut better) = (Vec::new(), 0);
    for seed in 0..6 {
        let mut dice = Dice(seed);
        let (known, unseen) = (work(&mut dice, 150), work(&mut dice, 150));
        let durations = Durations::learn(&known).unwrap();
        let mean = known.iter().map(|one| one.took_ms as f64).sum::<f64>() / known.len() as f64;
        let last = known.last().unwrap().took_ms as f64;
        let error = |of: &dyn Fn(&Finished) -> f64| {
            median(unseen.iter().map(|one| (of(one) - one.took_ms as f64).abs()).collect()).unwrap()
        };
        let own = error(&|one| durations.estimate(&one.text, 0).p50_ms as f64);
        better += usize::from(own < error(&|_| mean) && own < error(&|_| last));
        let covered = unseen
            .iter()
            .filter(|one| one.took_ms <= durations.estimate(&one.text, 0).p90_ms.unwrap())
            .count();
        shares.push(covered as f64 / unseen.len() as f64);
    }
    let share = shares.iter().sum::<f64>() / shares.len() as f64;
    assert!((0.87..=0.94).contains(&share), "{shares:?}");
    assert_eq!(better, 6);
}

#[test]
fn held_out_work_says_the_same() {
    let told = held_out(&work(&mut Dice(42), 200)).unwrap();
    assert_eq!(told.estimated, 200);
    assert!((0.85..=0.95).contains(&told.covered.unwrap()), "{told:?}");
    assert!(told.error_ms < told.error_of_mean_ms && told.error_ms < told.error_of_last_ms, "{told:?}");
    assert_eq!(held_out(&work(&mut Dice(1), 10)), None);
}

#[test]
fn little_work_says_little() {
    let some = work(&mut Dice(7), 9);
    assert!(Durations::learn(&some[..2]).is_none());
    let told = Durations::learn(&some).unwrap().estimate("repair the flaky test of mail", 3);
    assert!(told.p90_ms.is_none() && told.near.len() <= 3 && told.p50_ms > 0);
    assert!(told.near.windows(2).all(|two| two[0].1 >= two[1].1));
}

#[test]
fn likeness_is_of_words() {
    let others = ["raise the version of mail".to_owned(), "nothing of the kind".to_owned()];
    let like = likeness("raise the versions of login", &others);
    assert!(like[0] > 0.3 && like[1] == 0.0, "{like:?}");
}
