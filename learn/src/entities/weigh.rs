//! How strongly two entities are tied, and which entities stand in so much that they tie nothing.

use serde::{Deserialize, Serialize};

use super::{CO_OCCURS, SESSION, acts, carries};

/// An entity in over one in so many sessions is a hub.
const HUB_SHARE: i64 = 10;
/// Below so many sessions, stretches of work are counted instead; below so many of these nothing is a hub.
const LEAST: i64 = 20;
/// The strength of a relation by rule that was seen once, and what a told one has at least.
const RULE: f64 = 0.5;
const TOLD: f64 = 1.0;
/// Stretches in which two must be named together to count as tied.
pub const LEAST_SUPPORT: i64 = 2;

/// How many sessions and stretches of work name anything.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Totals {
    pub sessions: i64,
    pub contexts: i64,
}

/// Which entities are hubs.
#[derive(Debug, Clone, Copy)]
pub struct Hubs(Totals);

impl Hubs {
    pub fn of(totals: Totals) -> Self {
        Self(totals)
    }

    /// Whether an entity in so many sessions and stretches is damped.
    pub fn has(&self, kind: &str, sessions: i64, contexts: i64) -> bool {
        kind == SESSION || self.damping(sessions, contexts) < 1.0
    }

    /// What is left of the strength of a tie to such an entity: the less, the more it stands in beyond its share.
    pub fn damping(&self, sessions: i64, contexts: i64) -> f64 {
        let (own, all) = match self.0.sessions >= LEAST {
            true => (sessions, self.0.sessions),
            false => (contexts, self.0.contexts),
        };
        match all >= LEAST && own * HUB_SHARE > all {
            true => all as f64 / (own * HUB_SHARE) as f64,
            false => 1.0,
        }
    }

    /// Whether it is left out where communities are found: a session or commit, which would hold its own things together
    /// and nothing else, and who acts, with what, under which label, where that is the same everywhere.
    pub fn apart(&self, kind: &str, sessions: i64, contexts: i64) -> bool {
        carries(kind) || (acts(kind) && self.damping(sessions, contexts) < 1.0)
    }
}

/// How strongly a relation ties its ends.
///
/// Named together: normalised pointwise mutual information over the stretches of work (Bouma 2009), from 0 to 1 and 0
/// where chance explains it, times the sum of what each stretch counts, in which many things share one (Newman 2001).
/// By rule: what was seen often counts more, by its logarithm. `ends` are the stretches that each end stands in.
pub fn strength(
    kind: &str,
    (support, weight): (i64, f64),
    ends: (i64, i64),
    totals: Totals,
    told: bool,
) -> f64 {
    if told {
        return weight.max(f64::MIN_POSITIVE) * TOLD;
    }
    if kind != CO_OCCURS {
        return RULE * (1.0 + (support.max(1) as f64).ln());
    }
    if support < LEAST_SUPPORT {
        return 0.0;
    }
    npmi(support, ends, totals.contexts) * weight
}

fn npmi(together: i64, (one, other): (i64, i64), all: i64) -> f64 {
    let all = all.max(one).max(other).max(1) as f64;
    let both = together as f64 / all;
    if both >= 1.0 {
        return 1.0;
    }
    let expected = (one.max(together) as f64 / all) * (other.max(together) as f64 / all);
    ((both / expected).ln() / -both.ln()).clamp(0.0, 1.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn chance_ties_nothing() {
        let totals = Totals { sessions: 100, contexts: 100 };
        let tied = |support, ends| strength(CO_OCCURS, (support, support as f64), ends, totals, false);
        assert!(tied(5, (5, 5)) > tied(5, (20, 20)) && tied(5, (20, 20)) > 0.0);
        assert_eq!(tied(4, (20, 20)), 0.0, "as often as chance has it");
        assert_eq!(tied(1, (1, 1)), 0.0, "once is nothing");
        assert!(
            strength("edited", (9, 9.0), (1, 1), totals, false)
                > strength("edited", (1, 1.0), (1, 1), totals, false)
        );
        assert_eq!(strength("knows", (1, 3.0), (0, 0), totals, true), 3.0);
    }

    #[test]
    fn what_stands_everywhere_is_a_hub() {
        let hubs = Hubs::of(Totals { sessions: 100, contexts: 500 });
        assert!(hubs.has("file", 11, 11) && !hubs.has("file", 10, 90));
        assert_eq!((hubs.damping(20, 0), hubs.damping(10, 0)), (0.5, 1.0));
        assert!(
            hubs.apart("tool", 11, 11)
                && !hubs.apart("file", 11, 11)
                && hubs.apart(SESSION, 1, 1)
                && hubs.apart("commit", 1, 1)
        );
        let few = Hubs::of(Totals { sessions: 1, contexts: 100 });
        assert!(few.has("file", 1, 11) && !few.has("file", 1, 10));
        let none = Hubs::of(Totals { sessions: 3, contexts: 5 });
        assert!(!none.has("file", 3, 5) && none.has(SESSION, 1, 1));
    }
}
