//! Commands of `communities`: with which resolution and seed they are found. The newest is in force for every run and
//! every reader, until there is another.

use athena_schemas::Error;
use athena_schemas::tables::Record;
pub use athena_schemas::told::{Detected, PARTITION};

use crate::apply::{Call, Decision, Done, Key, State, Tool};
use crate::records::{new_id, version, written};

pub(crate) const TOOL: Tool = Tool { name: "communities", keys: |_| Vec::<Key>::new(), decide };

fn decide(operation: &str, _: &State, call: &Call<'_>) -> Option<Decision> {
    (operation == "detect").then(|| Decision::from(detect(call)))
}

fn detect(call: &Call<'_>) -> Done {
    let given: Detected = call.parse()?;
    if !(0.0..=1e9).contains(&given.resolution) {
        return Err(Error::invalid("resolution", "a resolution is from 0 to 1000000000"));
    }
    let record = Record { id: new_id(call, PARTITION), kind: PARTITION.into(), ..Record::default() };
    written(version(record, &given, call))
}
