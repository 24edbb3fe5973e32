//! Tool `meta`: what the memory knows of itself, in statements over the rest. A number that few cases are behind is
//! null, with the reason.

mod domains;
mod gaps;
mod quality;
mod reflect;
mod summary;
mod usage;

use athena_schemas::Error;
use athena_store::Scope;
use serde::de::DeserializeOwned;
use serde_json::{Map, Value};

use super::rows::{objects, objects_kept};
use crate::App;
use crate::registry::Registry;
use crate::sql::Reads;

/// Rows that a list has when nobody says how many, for the parts of a summary too.
const SHOWN: usize = 20;

pub fn register(registry: &mut Registry) {
    registry.add::<quality::Quality>();
    registry.add::<domains::Coverage>();
    registry.add::<gaps::Gaps>();
    registry.add::<domains::Expertise>();
    registry.add::<quality::Confidence>();
    registry.add::<domains::LearningRate>();
    registry.add::<reflect::Reflect>();
    registry.add::<usage::Usage>();
    registry.add::<summary::Summary>();
}

/// The rows of a statement, typed.
async fn rows<T: DeserializeOwned>(
    app: &App,
    scope: &Scope,
    statement: &str,
    given: &[Value],
    limit: usize,
) -> Result<Vec<T>, Error> {
    typed(objects(app, scope, statement, given, limit).await?)
}

/// The same of a statement of which the answer is kept.
async fn rows_kept<T: DeserializeOwned>(
    app: &App,
    scope: &Scope,
    statement: (&'static str, Reads),
    given: &[Value],
    limit: usize,
) -> Result<Vec<T>, Error> {
    typed(objects_kept(app, scope, statement, given, limit).await?)
}

fn typed<T: DeserializeOwned>(rows: Vec<Map<String, Value>>) -> Result<Vec<T>, Error> {
    let typed = rows.into_iter().map(|row| serde_json::from_value(Value::Object(row)));
    typed.collect::<Result<_, _>>().map_err(|error| Error::internal(format!("meta: {error}")))
}

/// A share; null of fewer than `least`.
fn share(of: u64, all: u64, least: u64) -> Option<f64> {
    (all >= least.max(1)).then(|| of as f64 / all as f64)
}

/// A share and the bounds of its interval of 95 % (Wilson 1927).
fn wilson(good: u64, of: u64) -> (f64, f64) {
    const Z: f64 = 1.96;
    let (n, p) = (of as f64, good as f64 / of as f64);
    let middle = (p + Z * Z / (2.0 * n)) / (1.0 + Z * Z / n);
    let half = Z / (1.0 + Z * Z / n) * (p * (1.0 - p) / n + Z * Z / (4.0 * n * n)).sqrt();
    ((middle - half).max(0.0), (middle + half).min(1.0))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn few_cases_are_no_share() {
        assert_eq!((share(3, 4, 5), share(3, 4, 4), share(0, 0, 0)), (None, Some(0.75), None));
        let (low, high) = wilson(8, 10);
        assert!(low > 0.49 && low < 0.5 && high > 0.94 && high < 0.95);
    }
}
