//! What sessions look like where nobody follows a procedure: a Markov chain of the first order, with
//! habits (frequent pairs) but no memory beyond the last action.

use ahash::AHashMap;

use super::finder::Counts;
use super::sequence::Sequence;

/// What follows an action oftener than this is more than a habit: three such in a row are a procedure, though
/// a chain of the first order could tell them too.
const HABIT: f64 = 1.0 / 3.0;
/// Before the first action of a session.
const START: u32 = u32::MAX;

/// Counts of actions and of pairs of neighbours; probabilities by Witten and Bell (1991).
#[derive(Debug, Clone, Default)]
pub struct Background {
    total: f64,
    single: Vec<f64>,
    pairs: AHashMap<(u32, u32), f64>,
    /// Of what follows an action: how many, and how many kinds.
    after: AHashMap<u32, (f64, f64)>,
}

/// What a pattern itself contributes to the counts, to be taken out where it is judged.
#[derive(Debug, Clone, Default)]
pub struct Own {
    pub single: AHashMap<u32, f64>,
    pub pairs: AHashMap<(u32, u32), f64>,
}

impl Background {
    pub fn of(sequences: &[Sequence], actions: usize) -> Self {
        let mut own = Self { single: vec![0.0; actions], ..Self::default() };
        for sequence in sequences {
            let mut before = START;
            for element in &sequence.elements {
                own.total += 1.0;
                own.single[element.action as usize] += 1.0;
                let pair = own.pairs.entry((before, element.action)).or_default();
                let after = own.after.entry(before).or_default();
                after.0 += 1.0;
                after.1 += f64::from(*pair == 0.0);
                *pair += 1.0;
                before = element.action;
            }
        }
        own
    }

    /// What it is made of, in order.
    pub fn counts(&self) -> Counts {
        let mut pairs: Vec<_> = self.pairs.iter().map(|((a, b), n)| (*a, *b, *n)).collect();
        pairs.sort_by_key(|(a, b, _)| (*a, *b));
        Counts { single: self.single.clone(), pairs }
    }

    /// The other way round.
    pub fn from_counts(counts: &Counts) -> Self {
        let mut own = Self { single: counts.single.clone(), ..Self::default() };
        own.total = own.single.iter().sum();
        for (before, action, count) in &counts.pairs {
            let after = own.after.entry(*before).or_default();
            after.0 += count;
            after.1 += 1.0;
            own.pairs.insert((*before, *action), *count);
        }
        own
    }

    pub fn total(&self) -> f64 {
        self.total
    }

    pub fn count(&self, action: u32) -> f64 {
        self.single[action as usize]
    }

    fn odds(&self, action: u32, less: f64) -> f64 {
        (self.single[action as usize] - less + 0.5).max(0.5) / (self.total + 0.5 * self.single.len() as f64)
    }

    /// Surprise, in nats, at an action wherever it stands.
    pub fn surprise(&self, action: u32) -> f64 {
        -self.odds(action, 0.0).ln()
    }

    /// Surprise at an action after another one, by what is seen apart from `own`. Whichever explanation is
    /// the better one counts: the pair, or the action alone.
    pub fn surprise_after(&self, before: Option<u32>, action: u32, own: &Own) -> f64 {
        let before = before.unwrap_or(START);
        let less = |count: Option<&f64>| count.copied().unwrap_or_default();
        let alone = self.odds(action, less(own.single.get(&action)));
        let own_pair = less(own.pairs.get(&(before, action)));
        let pair = (less(self.pairs.get(&(before, action))) - own_pair).max(0.0);
        let (all, kinds) = self.after.get(&before).copied().unwrap_or_default();
        let all = (all - own_pair).max(pair);
        let paired = if all + kinds > 0.0 { (pair + kinds * alone) / (all + kinds) } else { alone };
        -alone.max(paired.min(HABIT)).ln()
    }

    /// Sessions of the same lengths without any procedure in them.
    pub fn surrogate(&self, like: &[Sequence], seed: u64) -> Vec<Sequence> {
        let mut random = Random(seed);
        let chain = Chain::new(self);
        like.iter()
            .map(|model| {
                let mut before = START;
                let mut drawn = model.clone();
                for element in &mut drawn.elements {
                    before = chain.next(before, &mut random);
                    element.action = before;
                }
                drawn
            })
            .collect()
    }
}

/// The chain with sums, to draw from.
struct Chain {
    all: Vec<(f64, u32)>,
    after: AHashMap<u32, (f64, Vec<(f64, u32)>)>,
}

impl Chain {
    fn new(background: &Background) -> Self {
        let sums = |counts: &mut dyn Iterator<Item = (u32, f64)>| {
            let mut sum = 0.0;
            counts
                .map(|(action, count)| {
                    sum += count;
                    (sum, action)
                })
                .collect::<Vec<_>>()
        };
        let all = sums(&mut background.single.iter().enumerate().map(|(action, n)| (action as u32, *n)));
        let mut pairs: Vec<_> = background.pairs.iter().map(|((a, b), n)| (*a, *b, *n)).collect();
        pairs.sort_by_key(|(a, b, _)| (*a, *b));
        let after = pairs.chunk_by(|x, y| x.0 == y.0).map(|chunk| {
            let (all, kinds) = background.after[&chunk[0].0];
            let pair = kinds / (all + kinds);
            // What is more than a habit goes to what is drawn whatever came before.
            let most = HABIT * (all + kinds);
            let over: f64 = chunk.iter().map(|(_, _, n)| (n - most).max(0.0)).sum();
            let alone = pair + over / (all + kinds);
            (chunk[0].0, (alone, sums(&mut chunk.iter().map(|(_, b, n)| (*b, n.min(most))))))
        });
        let after = after.collect();
        Self { all, after }
    }

    fn next(&self, before: u32, random: &mut Random) -> u32 {
        match self.after.get(&before) {
            Some((alone, pairs)) if random.unit() >= *alone => drawn(pairs, random),
            _ => drawn(&self.all, random),
        }
    }
}

fn drawn(sums: &[(f64, u32)], random: &mut Random) -> u32 {
    let at = random.unit() * sums.last().map_or(0.0, |last| last.0);
    let index = sums.partition_point(|(sum, _)| *sum <= at).min(sums.len().saturating_sub(1));
    sums.get(index).map_or(0, |(_, action)| *action)
}

/// SplitMix64 (Steele, Lea and Flood, 2014): the same numbers for the same seed, everywhere.
#[derive(Debug, Clone)]
pub struct Random(pub u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    /// From 0 to 1, 1 excluded.
    pub fn unit(&mut self) -> f64 {
        (self.next() >> 11) as f64 / (1u64 << 53) as f64
    }
}
