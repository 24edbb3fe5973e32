//! What two texts show of how they stand to each other, as named numbers.

use super::align::{self, Alignment, Clash, ONE, Slot, Sort};
use athena_store::embed::normalize;

use super::read::{Kind, Reading};

macro_rules! signs {
    ($($name:ident),* $(,)?) => {
        /// Names of the signs, in the order of [`Signs`].
        pub const NAMES: &[&str] = &[$(stringify!($name)),*];

        /// One value a sign.
        #[derive(Debug, Clone, Copy, Default, PartialEq)]
        pub struct Signs { $(pub $name: f32),* }

        impl Signs {
            pub fn values(&self) -> Vec<f32> {
                vec![$(self.$name),*]
            }
        }
    };
}

signs! {
    // The share of what each tells that the other has, the smaller and the larger; the same of the very words.
    cover_min, cover_max, exact_min, cosine,
    // How much one tells that the other has not, by weight; the smaller and the larger.
    left_min, left_max,
    // The same, but for what fills a place that both fill differently for sure: a value, a name, an opposite.
    rest_cover, rest_min, rest_max,
    // Places that both fill differently: by what fills them.
    amounts, times, numbers, names, words, opposed, swapped,
    // Values that both have; that only one has. Names and codes that only one has.
    same_values, single_values, same_names, single_names,
    // The share of what both have that one denies and the other does not.
    denied,
    // Whether there is one such place for sure, or more than one; others that may be.
    one, many, soft,
    // How much the neighbours of the place after the surest are the same, and how alike in meaning what fills it is.
    next_context, next_kin,
    // How alike in meaning what fills the surest place is.
    kin,
    // How alike in meaning is what is left over besides; whether nothing is, and whether on one side only.
    rest_cosine, rest_like, rest_none, rest_one,
    // Marks of the texts.
    sole, open, beside, excepting, asks,
    // Whether they begin differently and then go on alike.
    head_clash,
    // Signs that tell together.
    one_rest, one_left, one_none, many_none, denied_cover, denied_sure, soft_cover, one_sole, soft_open,
    // How much of both is only near to what the other says, and not the same.
    near,
}

impl Signs {
    /// Whether a value of one stands where another value of its kind stands in the other.
    pub fn values_differ(&self) -> bool {
        self.amounts + self.times + self.numbers > 0.0
    }
}

/// What was found, for the signs and for telling where.
pub struct Compared {
    pub signs: Signs,
    pub alignment: Alignment,
    pub slots: [Vec<Slot>; 2],
    pub clashes: Vec<Clash>,
}

pub fn compare(a: &Reading, b: &Reading) -> Compared {
    let alignment = Alignment::of(a, b);
    let slots = [align::slots(a, &alignment, 0), align::slots(b, &alignment, 1)];
    let clashes = align::clashes(a, b, &alignment);
    let sides = [a, b];
    let cover = [0, 1].map(|side| share(sides[side], |at| alignment.got(side, at)));
    let exact =
        [0, 1].map(|side| share(sides[side], |at| f32::from(u8::from(alignment.got(side, at) >= 0.94))));
    let left = [0, 1].map(|side| slots[side].iter().map(|slot| slot.weight).sum::<f32>());
    let of = |sort: Sort| clashes.iter().filter(|clash| clash.of == sort).count() as f32;
    let (fewest, most) = (|of: [f32; 2]| of[0].min(of[1]), |of: [f32; 2]| of[0].max(of[1]));
    let single = |is: fn(&Kind) -> bool| {
        let taken = |side: usize, at: usize| {
            clashes.iter().any(|clash| [clash.a, clash.b][side] == at && clash.of != Sort::Word)
        };
        let count = |side: usize| {
            let tokens = sides[side].tokens.iter().enumerate();
            tokens
                .filter(|(at, token)| {
                    is(&token.kind)
                        && alignment.got(side, *at) < ONE
                        && !taken(side, *at)
                        && token.weight > 0.5
                })
                .count()
        };
        (count(0) + count(1)) as f32
    };
    let same = |is: fn(&Kind) -> bool| {
        let tokens = a.tokens.iter().enumerate();
        tokens.filter(|(at, token)| is(&token.kind) && alignment.got(0, *at) >= ONE).count() as f32
    };
    let value: fn(&Kind) -> bool = |kind| matches!(kind, Kind::Value(_));
    let name: fn(&Kind) -> bool = |kind| matches!(kind, Kind::Name | Kind::Code);
    // Of words a clash is only what weighs on both sides.
    let telling = |clash: &&Clash| {
        clash.of != Sort::Word || (a.tokens[clash.a].weight > 0.5 && b.tokens[clash.b].weight > 0.5)
    };
    let hard = |clash: &&Clash| clash.of != Sort::Word;
    let slot = |side: usize, at: usize| slots[side].iter().position(|slot| slot.tokens.contains(&at));
    let place = |clash: &Clash| (slot(0, clash.a), slot(1, clash.b));
    let mut sure: Vec<_> = clashes.iter().filter(hard).map(place).collect();
    sure.sort_unstable();
    sure.dedup();
    let mut soft: Vec<_> = clashes.iter().filter(telling).filter(|clash| !hard(clash)).map(place).collect();
    soft.retain(|(a, b)| !sure.iter().any(|(one, other)| one == a || other == b));
    soft.sort_unstable();
    soft.dedup();
    let surest = clashes.iter().find(telling);
    let next = clashes
        .iter()
        .filter(telling)
        .filter(|clash| surest.is_some_and(|surest| place(surest) != place(clash)));
    let both = |a: bool, b: bool| f32::from(u8::from(a)) + f32::from(u8::from(b));
    let flag = |is: bool| f32::from(u8::from(is));
    let denied = denied(a, b, &alignment);
    let in_hard =
        |side: usize, at: usize| clashes.iter().filter(hard).any(|clash| [clash.a, clash.b][side] == at);
    let rest =
        [0, 1].map(|side| share_of(sides[side], |at| !in_hard(side, at), |at| alignment.got(side, at)));
    let rest_left = [0, 1].map(|side| {
        let tokens = sides[side].tokens.iter().enumerate();
        let left = tokens.filter(|(at, token)| {
            !in_hard(side, *at) && !token.against && token.weight > 0.3 && alignment.got(side, *at) < ONE
        });
        left.map(|(at, token)| token.weight * (1.0 - alignment.got(side, at))).sum::<f32>()
    });
    let one = flag(sure.len() == 1);
    let kin = |clash: &Clash| align::cosine(&a.tokens[clash.a], &b.tokens[clash.b]);
    let rest_vectors = |below: f32| {
        [0, 1].map(|side| {
            let mut sum = vec![0.0_f32; sides[side].vector.len()];
            for (at, token) in sides[side].tokens.iter().enumerate() {
                if !in_hard(side, at) && alignment.got(side, at) < below {
                    sum.iter_mut().zip(&token.vector).for_each(|(sum, number)| *sum += token.weight * number);
                }
            }
            normalize(&mut sum);
            sum
        })
    };
    let signs = Signs {
        cover_min: fewest(cover),
        cover_max: most(cover),
        exact_min: fewest(exact),
        cosine: a.vector.iter().zip(&b.vector).map(|(a, b)| a * b).sum(),
        left_min: fewest(left).min(4.0),
        left_max: most(left).min(6.0),
        rest_cover: fewest(rest),
        rest_min: fewest(rest_left).min(4.0),
        rest_max: most(rest_left).min(6.0),
        amounts: of(Sort::Amount).min(2.0),
        times: of(Sort::Time).min(2.0),
        numbers: of(Sort::Number).min(2.0),
        names: of(Sort::Name).min(2.0),
        words: clashes.iter().filter(|clash| clash.of == Sort::Word).filter(telling).count().min(4) as f32,
        opposed: of(Sort::Opposed).min(2.0),
        swapped: of(Sort::Swapped).min(2.0),
        same_values: same(value).min(2.0),
        single_values: single(value).min(2.0),
        same_names: same(name).min(3.0),
        single_names: single(name).min(3.0),
        denied,
        one,
        many: flag(sure.len() > 1),
        soft: soft.len().min(3) as f32,
        next_context: next.clone().map(|clash| clash.context).fold(0.0, f32::max),
        next_kin: next.filter(|clash| clash.context >= 1.0).map(&kin).fold(0.0, f32::max),
        rest_cosine: product(&rest_vectors(ONE)),
        rest_like: product(&rest_vectors(2.0)),
        rest_none: flag(most(rest_left) < 0.3),
        rest_one: flag(fewest(rest_left) < 0.3 && most(rest_left) >= 0.3),
        kin: surest.map_or(0.0, kin),
        sole: both(a.sole, b.sole),
        open: both(a.open, b.open),
        beside: both(a.beside, b.beside),
        excepting: both(a.excepting, b.excepting),
        asks: both(a.asks, b.asks),
        head_clash: flag(
            clashes.iter().filter(telling).any(|clash| clash.a == 0 && clash.b == 0 && clash.context >= 1.0),
        ),
        one_rest: one * fewest(rest),
        one_left: one * fewest(rest_left).min(2.0),
        many_none: flag(sure.len() > 1 && most(rest_left) < 0.6),
        near: fewest([0, 1].map(|side| {
            let tokens = sides[side].tokens.iter().enumerate();
            let near = tokens
                .filter(|(at, _)| !in_hard(side, *at) && (0.1..ONE).contains(&alignment.got(side, *at)));
            near.map(|(_, token)| token.weight).sum::<f32>()
        }))
        .min(3.0),
        denied_sure: flag(!sure.is_empty()) * denied,
        denied_cover: denied * fewest(rest),
        soft_cover: flag(sure.is_empty() && soft.len() == 1) * fewest(rest),
        one_none: one * flag(most(rest_left) < 0.3),
        one_sole: one * both(a.sole, b.sole),
        soft_open: flag(sure.is_empty() || (sure.len() == 1 && of(Sort::Name) > 0.0)) * both(a.open, b.open),
    };
    Compared { signs, alignment, slots, clashes }
}

fn product([one, other]: &[Vec<f32>; 2]) -> f32 {
    one.iter().zip(other).map(|(one, other)| one * other).sum()
}

/// The share of a text's weight that `got` gives.
fn share(reading: &Reading, got: impl Fn(usize) -> f32) -> f32 {
    share_of(reading, |_| true, got)
}

/// The same of some tokens.
fn share_of(reading: &Reading, among: impl Fn(usize) -> bool, got: impl Fn(usize) -> f32) -> f32 {
    // What is named only to be told apart may be left out.
    let tokens = || {
        reading
            .tokens
            .iter()
            .enumerate()
            .filter(|(at, token)| among(*at) && (!token.against || got(*at) > 0.0))
    };
    let all: f32 = tokens().map(|(_, token)| token.weight).sum();
    let part: f32 = tokens().map(|(at, token)| token.weight * got(at)).sum();
    if all > 0.0 { part / all } else { 0.0 }
}

/// The share of the words that both have, by weight, that one of them denies.
fn denied(a: &Reading, b: &Reading, alignment: &Alignment) -> f32 {
    let (mut all, mut part) = (0.0, 0.0);
    for (token, to) in a.tokens.iter().zip(&alignment.sides[0]) {
        if let Some((to, alike)) = to {
            let other = &b.tokens[*to];
            let weight = token.weight.min(other.weight) * alike;
            all += weight;
            if token.denied != other.denied {
                part += weight;
            }
        }
    }
    if all > 0.0 { part / all } else { 0.0 }
}
