//! Any bytes through every door that decodes: no panic, no lost neighbour, no attributes that cannot be
//! read. Start it from the corpus of the tests, or from nothing: `cargo fuzz run decode`.
#![no_main]

use athena_ingest::adapters::claude_code::{Transcript, hook};
use athena_ingest::adapters::{Format, importer};
use athena_ingest::{Draft, Limits, Reject, decode};
use libfuzzer_sys::fuzz_target;
use serde_json::{Map, Value};

fuzz_target!(|data: &[u8]| {
    let limits = Limits { event_bytes: 1 << 16, depth: 32 };
    let project_of = |cwd: &str| Some(cwd.to_owned());

    check(decode::plain(data, &limits));
    let (value, payload) = data.split_at(data.len() / 3);
    let headers = [("ce_id", value), ("ce_source", b"s".as_slice()), ("ce_type", b"t"), ("ce_x", value)];
    let headers = headers.map(|(name, value)| (name.to_owned(), value.to_vec()));
    check(decode::record(payload, &headers, &limits));
    if let Ok(elements) = decode::batch(data, "application/json", &limits) {
        elements.into_iter().for_each(|(_, result)| check(result));
    }

    // A line of anything stands between two good ones and harms neither.
    let line: Vec<u8> = data.iter().map(|&byte| if byte == b'\n' { b' ' } else { byte }).collect();
    let lines = [b"{\"content\":\"a\"}\n", &line[..], b"\n{\"content\":\"b\"}"].concat();
    let elements = decode::batch(&lines, "application/x-ndjson", &limits).expect("lines are a body");
    assert!(elements.first().is_some_and(|(_, first)| first.is_ok()));
    assert!(elements.last().is_some_and(|(_, last)| last.is_ok()));

    if let Ok(drafts) = hook(data, &limits, &project_of) {
        drafts.into_iter().for_each(|draft| check(Ok(draft)));
    }
    let mut transcript = Transcript::new(&limits);
    let mut file = importer(Format::Auto, "", &limits);
    let mut out = Vec::new();
    for line in data.split(|&byte| byte == b'\n') {
        if let Ok(drafts) = transcript.line(line, &project_of) {
            drafts.into_iter().for_each(|draft| check(Ok(draft)));
        }
        file.line(line, &project_of, &mut out);
    }
    file.finish(&mut out);
    out.into_iter().for_each(|(_, result)| check(result));
});

fn check(result: Result<Draft, Reject>) {
    match result {
        Ok(draft) => {
            let sound = draft.attributes.as_deref().map(serde_json::from_str::<Map<String, Value>>);
            assert!(sound.is_none_or(|attributes| attributes.is_ok()));
            assert!(draft.id.is_none_or(|id| !id.is_empty() && id.len() <= 512));
        }
        Err(reject) => assert!(!reject.message.is_empty()),
    }
}
