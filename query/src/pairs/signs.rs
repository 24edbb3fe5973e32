//! What two texts show of how they stand to each other, as named numbers.

use athena_learn::language::lexicon;

use super::align::{self, Alignment, Clash, ONE, Slot, Sort};
use athena_store::embed::normalize;

use super::places::{self, Turned};
use super::read::{Kind, Reading, Token};

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
    // Whether what both have changed places; what one names only to be told apart and the other does not, and how much
    // of the other's text the one has then.
    exchanged, converse, apart, apart_cover, apart_cosine,
    // Of places that both fill differently: two of one kind, those that tell what is spoken of, and those that do not;
    // who does what one does, where several may, where both tell what to do.
    kinds, subjects, subject_one, subject_value, subject_only, values_only, holder, holder_none, several, several_one, telling,
    telling_one,
    // Whether they differ in one place, and how alike is what stands there: by where it stands.
    place, place_kin, place_first, place_known, place_valued, place_half, place_holder, place_telling, place_several,
    // Whether one tells of what was or will be, and the other does not.
    tense,
    // How much has a counterpart that is only alike in meaning.
    likened,
    // How much of both is only near to what the other says, and not the same.
    near,
}

impl Signs {
    /// Whether one cannot say what the other says: a value stands where another of its kind does, an opposite or
    /// another of one kind, what changed places, what one only tells apart.
    pub fn differ(&self) -> bool {
        let values = self.amounts + self.times + self.numbers + self.place_valued;
        values + self.kinds + self.opposed + self.exchanged + self.apart > 0.0
    }
}

/// What was found, for the signs and for telling where.
pub struct Compared {
    pub signs: Signs,
    pub alignment: Alignment,
    pub slots: [Vec<Slot>; 2],
    pub clashes: Vec<Clash>,
}

impl Compared {
    /// Whether one text may stand for both, so that nobody misses the other: word for word the same but for order,
    /// spelling, units and what the lists take to be one.
    pub fn joins(&self, a: &Reading, b: &Reading) -> bool {
        let signs = &self.signs;
        let apart = signs.converse + signs.tense + signs.denied + signs.place + signs.place_half + signs.asks;
        let marks = |of: &Reading| [of.sole, of.open, of.beside, of.excepting];
        let sides = [a, b];
        let told = |side: usize| {
            sides[side].tokens.iter().enumerate().all(|(at, token)| {
                let faint = token.weight < 0.3 || lexicon::is_filling(&token.word);
                let other = self.alignment.sides[side][at].map(|(to, _)| &sides[1 - side].tokens[to]);
                self.alignment.initials[side][at]
                    || other.map_or(faint, |other| align::joined(token, other) || faint)
            })
        };
        apart == 0.0 && !signs.differ() && marks(a) == marks(b) && told(0) && told(1)
    }
}

pub fn compare(a: &Reading, b: &Reading) -> Compared {
    let mut alignment = Alignment::of(a, b);
    let mut turned = Turned::of(a, b, &alignment);
    let converse = align::clashes(a, b, &alignment);
    let converse = converse.iter().any(|clash| align::turns(&a.tokens[clash.a], &b.tokens[clash.b]));
    if converse && (turned.exchanged || turned.converse) {
        alignment.turn(a, b);
        turned = Turned::default();
    }
    let alignment = alignment;
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
    let denied = if alignment.denies_opposite(a, b) { 0.0 } else { denied(a, b, &alignment) };
    let first = |clash: &Clash| a.tokens[clash.a].first && b.tokens[clash.b].first;
    let subjects = clashes.iter().filter(telling).filter(|clash| first(clash)).count();
    let later = clashes.iter().filter(telling).filter(|clash| !first(clash)).count();
    let sorted = |sort: Sort| move |clash: &&Clash| clash.of == sort;
    let holder = a.holding
        && b.holding
        && clashes.iter().filter(telling).any(|clash| {
            [&a.tokens[clash.a], &b.tokens[clash.b]].iter().all(|token| {
                token.kind == Kind::Name
                    || (token.piece == 0 && token.first && !matches!(token.kind, Kind::Value(_)))
            })
        });
    let (apart, apart_cover) = apart(sides, &alignment, cover);
    let place = Place::of(sides, &alignment);
    let is_place = place.is_some();
    let place = place.unwrap_or_default();
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
        exchanged: flag(turned.exchanged),
        converse: flag(turned.converse),
        apart,
        apart_cover,
        apart_cosine: flag(apart > 0.0) * a.vector.iter().zip(&b.vector).map(|(a, b)| a * b).sum::<f32>(),
        kinds: clashes.iter().filter(sorted(Sort::OneKind)).count().min(2) as f32,
        subjects: subjects.min(2) as f32,
        subject_one: flag(subjects > 0) * one,
        subject_value: flag(subjects > 0 && later > 0),
        subject_only: flag(subjects > 0 && later == 0),
        values_only: flag(subjects == 0 && later > 0),
        holder: flag(holder),
        holder_none: flag(holder && most(rest_left) < 0.3),
        several: both(a.several, b.several),
        several_one: flag(a.several && b.several) * one,
        telling: flag(a.telling && b.telling),
        telling_one: flag(a.telling && b.telling && subjects == 0) * one,
        place: flag(is_place && !place.half),
        place_kin: place.kin,
        place_first: flag(place.first),
        place_known: flag(place.known),
        place_valued: flag(place.valued),
        place_half: flag(place.half),
        place_holder: flag(is_place && holder),
        place_telling: flag(is_place && a.telling && b.telling),
        place_several: flag(is_place && a.several && b.several),
        tense: flag(a.past != b.past || a.future != b.future),
        likened: [0, 1]
            .map(|side| {
                let tokens = sides[side].tokens.iter().enumerate();
                let likened = tokens.filter(|(at, _)| {
                    alignment.sides[side][*at].is_some_and(|(to, alike)| {
                        alike >= 0.5 && !align::spelt(&sides[side].tokens[*at], &sides[1 - side].tokens[to])
                    })
                });
                likened.map(|(_, token)| token.weight).sum::<f32>()
            })
            .into_iter()
            .fold(0.0, f32::max)
            .min(3.0),
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

/// How much of what both have is named by one only to be told apart, and how much of what the other says is there.
fn apart(sides: [&Reading; 2], alignment: &Alignment, cover: [f32; 2]) -> (f32, f32) {
    let (mut found, mut most) = (0.0, 0.0_f32);
    for (i, to) in alignment.sides[0].iter().enumerate() {
        let Some((j, _)) = to.filter(|(_, alike)| *alike >= ONE) else { continue };
        let (one, other) = (&sides[0].tokens[i], &sides[1].tokens[j]);
        if one.against != other.against && one.weight.min(other.weight) > 0.3 {
            found += 1.0;
            most = most.max(cover[usize::from(one.against)]);
        }
    }
    (f32::min(found, 2.0), most)
}

/// The one place in which two texts differ.
#[derive(Debug, Default)]
struct Place {
    /// How alike in meaning is what stands there.
    kin: f32,
    first: bool,
    known: bool,
    /// Whether on one side only there is nothing but little words.
    half: bool,
    /// Whether on one side only a value stands there.
    valued: bool,
}

impl Place {
    fn of(sides: [&Reading; 2], alignment: &Alignment) -> Option<Self> {
        let places = places::only_place(sides[0], sides[1])?;
        let within = |side: usize| {
            let tokens = sides[side].tokens.iter().enumerate();
            let within = tokens.filter(|(_, token)| places[side].contains(&token.piece));
            within.collect::<Vec<_>>()
        };
        let tokens = [within(0), within(1)];
        let same = [0, 1].iter().all(|side| {
            tokens[*side].iter().all(|(at, _)| {
                alignment.initials[*side][*at]
                    || alignment.sides[*side][*at].is_some_and(|(to, alike)| {
                        alike >= ONE && align::spelt(&sides[*side].tokens[*at], &sides[1 - *side].tokens[to])
                    })
            })
        });
        let words =
            |side: usize| sides[side].pieces[places[side].clone()].iter().map(|piece| piece.word.as_str());
        let opposed = words(0).any(|one| words(1).any(|other| lexicon::opposed(one, other)));
        if same && opposed {
            return Some(Self { half: true, ..Self::default() });
        }
        if same {
            return None;
        }
        let vectors = [0, 1].map(|side| {
            let mut sum = vec![0.0_f32; sides[side].vector.len()];
            for (_, token) in &tokens[side] {
                sum.iter_mut().zip(&token.vector).for_each(|(sum, number)| *sum += token.weight * number);
            }
            normalize(&mut sum);
            sum
        });
        let all = |is: &dyn Fn(&Token) -> bool| {
            tokens.iter().all(|side| !side.is_empty() && side.iter().all(|(_, token)| is(token)))
        };
        Some(Self {
            kin: product(&vectors),
            first: all(&|token| token.first),
            half: tokens.iter().any(Vec::is_empty),
            valued: tokens
                .iter()
                .filter(|side| side.iter().any(|(_, token)| matches!(token.kind, Kind::Value(_))))
                .count()
                == 1,
            known: all(&|token| token.known && token.kind == Kind::Word),
        })
    }
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
