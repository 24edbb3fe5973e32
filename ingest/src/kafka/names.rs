//! What the log calls a topic. A topic that was recreated begins a new log: `NAME~2`, `NAME~3`, …, so that
//! its offsets are not taken for those of the topic that it replaced.

use std::collections::BTreeMap;

use athena_schemas::Partition;

/// The log's name of each topic that is read.
#[derive(Debug, Clone)]
pub struct Names {
    log: BTreeMap<String, String>,
}

impl Names {
    /// The newest log of each of `topics`, as `known` (the topics that the tables number) tells.
    pub fn new(topics: &[String], known: &[String]) -> Self {
        let log = topics.iter().map(|topic| (topic.clone(), name(topic, generation(topic, known)))).collect();
        Self { log }
    }

    /// Begins a new log of a topic.
    pub fn renew(&mut self, topic: &str, known: &[String]) {
        self.log.insert(topic.to_owned(), name(topic, generation(topic, known) + 1));
    }

    /// The log's name of a topic that is read.
    pub fn log<'a>(&'a self, topic: &'a str) -> &'a str {
        self.log.get(topic).map_or(topic, String::as_str)
    }

    pub fn partition(&self, topic: &str, partition: i32) -> Partition {
        Partition::new(self.log(topic), partition)
    }

    /// The topic that the broker knows.
    pub fn topic<'a>(&'a self, log: &'a str) -> &'a str {
        self.log.iter().find(|(_, name)| *name == log).map_or(log, |(topic, _)| topic)
    }

    pub fn logs(&self) -> Vec<String> {
        self.log.values().cloned().collect()
    }
}

fn name(topic: &str, generation: u32) -> String {
    if generation == 1 { topic.to_owned() } else { format!("{topic}~{generation}") }
}

fn generation(topic: &str, known: &[String]) -> u32 {
    let of = |name: &String| name.strip_prefix(topic)?.strip_prefix('~')?.parse().ok();
    known.iter().filter_map(of).max().unwrap_or(1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_recreated_topic_begins_a_new_log() {
        let topics = ["a".to_owned(), "b".to_owned()];
        let known = ["a".to_owned(), "b".to_owned(), "b~2".to_owned(), "bb~9".to_owned()];
        let mut names = Names::new(&topics, &known);
        assert_eq!((names.log("a"), names.log("b")), ("a", "b~2"));
        names.renew("b", &known);
        assert_eq!(names.partition("b", 1), Partition::new("b~3", 1));
        assert_eq!(names.topic("b~3"), "b");
    }
}
