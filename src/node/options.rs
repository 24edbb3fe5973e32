//! Settings as the options of the libraries. Pure.

use std::time::Duration;

use athena_consolidate::Forgetting;
use athena_ingest::kafka::KafkaOptions;
use athena_ingest::{EmbeddedOptions, Limits, WriterOptions};
use athena_query::sql::SqlLimits;
use athena_query::{AutomationOptions, Price, Ranker};
use athena_schemas::Error;
use athena_store::MaintenanceOptions;

use crate::config::Config;

pub fn limits(config: &Config) -> Limits {
    Limits { event_bytes: config.limits.event_bytes, depth: config.limits.depth }
}

pub fn embedded(config: &Config) -> EmbeddedOptions {
    let ingest = &config.ingest;
    EmbeddedOptions { batch_rows: ingest.batch_rows, queue_rows: ingest.queue_rows, writer: writer(config) }
}

/// `secret` is the data location's.
pub fn kafka(config: &Config, secret: [u8; 32]) -> KafkaOptions {
    let (kafka, ingest) = (&config.kafka, &config.ingest);
    // Who names all topics of the log names that of commands too.
    let events = kafka.events_topics.iter().filter(|topic| **topic != kafka.commands_topic);
    KafkaOptions {
        topics: events.cloned().collect(),
        commands_topic: kafka.commands_topic.clone(),
        dead_letters_topic: Some(kafka.dead_letters_topic.clone()).filter(|topic| !topic.is_empty()),
        group: kafka.group.clone(),
        client: kafka.client.clone(),
        batch_rows: ingest.batch_rows,
        batch_bytes: ingest.batch_bytes,
        batch_age_ms: ingest.batch_age_ms,
        applied_timeout_ms: kafka.applied_timeout_ms,
        limits: limits(config),
        writer: writer(config),
        ..KafkaOptions::new(&kafka.bootstrap, secret)
    }
}

pub fn maintenance(config: &Config) -> MaintenanceOptions {
    let maintenance = &config.maintenance;
    MaintenanceOptions {
        every: Duration::from_millis(maintenance.every_ms),
        tiers: maintenance.tier_rows.clone(),
        min_fragments: maintenance.min_files,
        max_source_fragments: maintenance.step_files,
        version_retention: Duration::from_millis(maintenance.version_retention_ms),
        cleanup_every: Duration::from_millis(maintenance.cleanup_every_ms),
        ..MaintenanceOptions::default()
    }
}

pub fn consolidate(config: &Config) -> athena_consolidate::Options {
    let consolidate = &config.consolidate;
    athena_consolidate::Options {
        every: Duration::from_secs(consolidate.every_s),
        after_events: i64::try_from(consolidate.after_events).unwrap_or(i64::MAX),
        idle_gap: Duration::from_secs(consolidate.idle_gap_s),
        graph_cache_bytes: consolidate.graph_cache_bytes,
        forgetting: Forgetting {
            grace: Duration::from_secs(config.forget.grace_s),
            version_retention: Duration::from_millis(config.maintenance.version_retention_ms),
        },
        ..athena_consolidate::Options::default()
    }
}

/// # Errors
/// A ranker that is none.
pub fn server(config: &Config) -> Result<athena_query::Options, Error> {
    let (server, search) = (&config.server, &config.search);
    Ok(athena_query::Options {
        request_bytes: server.request_bytes,
        request_timeout: Duration::from_millis(server.request_timeout_ms),
        concurrency: server.concurrency,
        token_requests_per_s: server.token_requests_per_s,
        after_timeout: Duration::from_millis(server.after_timeout_ms),
        limits: limits(config),
        writer_memory_bytes: search.writer_memory_bytes,
        default_k: search.default_k,
        max_k: search.max_k,
        ranker: Ranker::named(&search.ranker)?,
        stop_timeout: Duration::from_millis(server.stop_timeout_ms),
        prices: config.estimation.prices.iter().map(|text| Price::parse(text)).collect::<Result<_, _>>()?,
        index_dir: Some(&search.index_dir).filter(|dir| !dir.is_empty()).map(Into::into),
        project: Some(&config.client.project).filter(|project| !project.is_empty()).cloned(),
        sql: sql(config),
        code_roots: config.code.roots.iter().map(Into::into).collect(),
        conformance: config.mcp.conformance,
        automation: automation(config),
        in_force: config.in_force.clone(),
        maintenance: maintenance(config),
        ..athena_query::Options::default()
    })
}

fn automation(config: &Config) -> AutomationOptions {
    let automation = &config.automation;
    AutomationOptions {
        enabled: automation.enabled,
        concurrency: automation.concurrency,
        per_minute: automation.per_minute,
        catch_up_most: automation.catch_up_most,
        look_back: Duration::from_secs(automation.look_back_s),
        lease: Duration::from_secs(automation.lease_s),
    }
}

fn sql(config: &Config) -> SqlLimits {
    SqlLimits {
        memory_bytes: config.sql.memory_bytes,
        timeout: Duration::from_millis(config.sql.timeout_ms),
        max_rows: config.sql.max_rows,
        partitions: config.sql.partitions(),
    }
}

fn writer(config: &Config) -> WriterOptions {
    WriterOptions { dedup_window: config.ingest.dedup_window, state_rows: config.ingest.state_rows }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::resolve;

    #[test]
    fn the_defaults_are_the_libraries_own() {
        let config = resolve(&[], &[], None).unwrap().typed().unwrap();
        let same = |ours: String, theirs: String| assert_eq!(ours, theirs);
        same(format!("{:?}", embedded(&config)), format!("{:?}", EmbeddedOptions::default()));
        same(format!("{:?}", automation(&config)), format!("{:?}", AutomationOptions::default()));
        same(format!("{:?}", maintenance(&config)), format!("{:?}", MaintenanceOptions::default()));
        same(format!("{:?}", kafka(&config, [1; 32])), format!("{:?}", KafkaOptions::new("", [1; 32])));
    }

    #[test]
    fn the_topic_of_commands_is_no_topic_of_events() {
        let mut config = resolve(&[], &[], None).unwrap().typed().unwrap();
        config.kafka.events_topics = vec!["a".into(), "athena.commands".into(), "b".into()];
        config.kafka.dead_letters_topic.clear();
        let options = kafka(&config, [0; 32]);
        assert_eq!(options.topics, ["a", "b"]);
        assert_eq!(options.all_topics(), ["a", "b", "athena.commands"]);
        assert_eq!(options.dead_letters_topic, None);
    }
}
