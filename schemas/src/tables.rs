//! Every table, in the order of the path from log to knowledge. The struct is the row.

use crate::{Row, Table, Time, Vector};

table! {
    /// What happened: one row an event, in log order. Embedded, this table is the log itself.
    "events" (1, 0) => Event {
        /// Identifier given by the producer; unique with `project` and `source`.
        id: String,
        /// When it happened, as the producer says; else when the log took it.
        time: Time,
        /// When Athena's log took it; never less than that of the row before it in its partition.
        received_at: Time,
        /// The wall between memories: every read names one or more.
        project: String,
        /// The run of an agent that it belongs to.
        session: Option<String>,
        /// Who acted.
        agent: Option<String>,
        /// Which producer told it (CloudEvents `source`); empty when not said.
        source: String,
        /// What kind of thing happened, such as `tool_call`; `athena.TOOL.OPERATION` for commands.
        r#type: String,
        /// The tool that was called.
        tool: Option<String>,
        /// The text: what was said, run or returned.
        content: Option<String>,
        /// `success`, `failure`, `partial`, `ongoing`, `aborted`, `unknown` or `skipped`.
        outcome: Option<String>,
        /// Paths touched.
        files: Vec<String>,
        /// Free labels.
        tags: Vec<String>,
        /// How long it took, in milliseconds.
        duration_ms: Option<i64>,
        /// Id of the event that it belongs under.
        parent: Option<String>,
        /// Everything else that the producer sent, as a JSON object.
        attributes: Option<String>,
        /// W3C trace context.
        traceparent: Option<String>,
        /// Who sent it: a token's name, `local`, or `kafka:TOPIC`. Set by Athena.
        actor: String,
        /// Through which door: `http`, `mcp`, `cli`, `kafka`, `import` or `hook`. Set by Athena.
        origin: String,
        /// 128-bit hash of project, source and id.
        dedup: [u8; 16],
        /// Of commands: the result that the caller got, as JSON.
        result: Option<String>,
        /// Of commands: the state rows that it wrote, as JSON `[{"table", "row"}]`; rebuilding replays these.
        changes: Option<String>,
        /// Topic of the log; `local` when embedded.
        log_topic: String,
        /// Partition of the topic.
        log_partition: i32,
        /// Offset in the partition.
        log_offset: i64,
        /// Topic, partition and offset in one number (4, 12 and 48 bits), the key of derived indexes.
        position: u64,
    }
}

table! {
    /// Every version of what was told to be remembered. The view `memories` has the newest.
    "memories" (1, 0) => Memory {
        /// Stable over versions.
        id: String,
        /// Offset of the command that wrote this version.
        version: i64,
        /// The wall.
        project: String,
        /// The run of an agent in which this version was written.
        session: Option<String>,
        /// Who remembered.
        agent: Option<String>,
        /// `fact`, `pattern`, `decision`, `context` or `preference`.
        kind: String,
        /// What it is called.
        name: Option<String>,
        /// Other names that lead to it.
        aliases: Vec<String>,
        /// The text.
        content: String,
        /// Where it is seen from; empty: everywhere.
        scope: Vec<String>,
        /// Free labels.
        tags: Vec<String>,
        /// From 0 to 1; null when not said.
        importance: Option<f64>,
        /// Whether the content must be kept from all but those who may: it is encrypted, `⟦1~…⟧`.
        sensitive: bool,
        /// Where it is known from.
        source: Option<String>,
        /// Whether it never decays.
        pinned: bool,
        /// From when it is true.
        valid_from: Option<Time>,
        /// Until when it was true (exclusive).
        valid_until: Option<Time>,
        /// The memory that took its place.
        superseded_by: Option<String>,
        /// When this version was recorded.
        recorded_at: Time,
        /// Whether this version is the tombstone.
        deleted: bool,
        /// Who wrote this version.
        actor: String,
        /// Through which door.
        origin: String,
        /// Topic of the log.
        log_topic: String,
        /// Partition of the topic.
        log_partition: i32,
        /// Offset of the command.
        log_offset: i64,
        /// Topic, partition and offset in one number.
        position: u64,
    }
}

table! {
    /// Every version of the small kinds of state: notes, links, working memory, hooks, rules and the like. The view
    /// `records` has the newest.
    "records" (1, 0) => Record {
        /// Stable over versions; begins with what kind it is of, such as `note-`.
        id: String,
        /// Offset of the command that wrote this version.
        version: i64,
        /// The wall.
        project: String,
        /// The run of an agent in which this version was written.
        session: Option<String>,
        /// Who wrote it.
        agent: Option<String>,
        /// What it is: `note`, `link`, `attention`, `hook`, …
        kind: String,
        /// What it is called.
        name: Option<String>,
        /// The text by which it is found; null of what is not searched for.
        text: Option<String>,
        /// Free labels.
        tags: Vec<String>,
        /// What else belongs to its kind, as a JSON object.
        body: String,
        /// When this version was recorded.
        recorded_at: Time,
        /// Whether this version is the tombstone.
        deleted: bool,
        /// Who made it.
        actor: String,
        /// Through which door.
        origin: String,
        /// Topic of the log.
        log_topic: String,
        /// Partition of the topic.
        log_partition: i32,
        /// Offset of the command.
        log_offset: i64,
        /// Topic, partition and offset in one number.
        position: u64,
    }
}

table! {
    /// What was asked of the memory, and what it answered: a row a question, written in batches off the path of the
    /// answer, and dropped under load.
    "accesses" (1, 0) => Access {
        /// Identifier of the question.
        id: String,
        /// When it was asked.
        accessed_at: Time,
        /// The wall.
        project: String,
        /// The run of an agent in which it was asked.
        session: Option<String>,
        /// Who asked.
        agent: Option<String>,
        /// The token's name, or `local`.
        actor: String,
        /// `TOOL.OPERATION` that answered.
        operation: String,
        /// The question.
        query: String,
        /// What came back, the best first.
        ids: Vec<String>,
        /// For each of `ids` its score, as a JSON array of numbers.
        scores: String,
        /// Ids that are known to have been used.
        used: Vec<String>,
    }
}

table! {
    /// What could not be an event: one row a record, with its bytes and the reason.
    "dead_letters" (1, 0) => DeadLetter {
        /// Stable id of the record: `dl-` and the hash of its position.
        id: String,
        /// The project, when it could be read; rows without one are for admins only.
        project: Option<String>,
        /// When the log took it.
        received_at: Time,
        /// Code of the error.
        code: String,
        /// Field that is wrong; empty when the record as a whole is.
        field: String,
        /// What is wrong.
        message: String,
        /// Key of the record.
        key: Option<Vec<u8>>,
        /// Value of the record, as it came.
        payload: Vec<u8>,
        /// Headers of the record, as a JSON object of strings.
        headers: Option<String>,
        /// Who sent it.
        actor: String,
        /// Through which door.
        origin: String,
        /// Topic of the log.
        log_topic: String,
        /// Partition of the topic.
        log_partition: i32,
        /// Offset in the partition.
        log_offset: i64,
        /// Topic, partition and offset in one number.
        position: u64,
    }
}

table! {
    /// Sessions cut into stretches of one aim: by idle time, change of goal, and commits.
    "episodes" (1, 0) => Episode {
        /// Stable over runs: project, session and first event.
        id: String,
        /// The run that wrote this version.
        run: String,
        /// Whether this version says that the episode is no more.
        deleted: bool,
        /// The wall.
        project: String,
        /// The session that it is a part of.
        session: String,
        /// Its place in the session, from 0.
        ordinal: i64,
        /// Who acted, most active first.
        agents: Vec<String>,
        /// What it was about: the first thing asked in it, else its first event's text.
        title: Option<String>,
        /// Time of its first event.
        started_at: Time,
        /// Time of its last event.
        ended_at: Time,
        /// How many events.
        events: i64,
        /// Id of the first event.
        first_event: String,
        /// Id of the last event.
        last_event: String,
        /// Outcome that it ended with.
        outcome: Option<String>,
        /// How many of its events failed.
        failures: i64,
        /// Tools used, most used first.
        tools: Vec<String>,
        /// Files touched.
        files: Vec<String>,
        /// Why it began: `start`, `idle`, `goal` or `commit`.
        cut: String,
    }
}

table! {
    /// How things are done, learned from what was done: recurring sequences of steps, beyond chance, found across
    /// sessions. What people said of them (names, edits, retirements) is in `records` and applied over these.
    "procedures" (1, 0) => Procedure {
        /// Stable over runs: the procedure known before whose steps are most like its own keeps its id.
        id: String,
        /// The run that wrote this version.
        run: String,
        /// Whether this version says that the procedure is no more.
        deleted: bool,
        /// The wall.
        project: String,
        /// Its steps in a few words each.
        name: String,
        /// What most of its steps are about.
        category: String,
        /// Steps as a JSON array: action, tool, template, parameters with the step that they come from, how often done, repeated and failed at.
        steps: String,
        /// Neighbouring steps that are done again and again together, as a JSON array.
        repeats: String,
        /// Runs.
        support: i64,
        /// Different sessions that have a run.
        sessions: i64,
        /// Runs that ended well.
        successes: i64,
        /// Runs of which it is known how they ended.
        outcomes: i64,
        /// Successes over outcomes; null without any.
        success_rate: Option<f64>,
        /// Lower end of its 95 % interval (Wilson).
        success_low: Option<f64>,
        /// Upper end of its 95 % interval.
        success_high: Option<f64>,
        /// Median time that a run took, in milliseconds.
        median_duration_ms: Option<i64>,
        /// What was there before its runs began, as a JSON array.
        preconditions: String,
        /// Which steps runs did, the most usual first, as a JSON array.
        variants: String,
        /// Ids of the events that the best runs began with.
        examples: Vec<String>,
        /// When its newest run ended.
        last_run_at: Option<Time>,
        /// Nats by which it explains its runs better than habits do.
        score: f64,
        /// How many patterns as good as this chance was expected to find.
        by_chance: f64,
        /// Of one that is no more: the procedure that most of its steps live on in.
        replaced_by: Option<String>,
    }
}

table! {
    /// One row a time that a learned procedure was done: the evidence of `procedures`, down to the events.
    "procedure_runs" (1, 0) => ProcedureRun {
        /// Stable over runs: procedure, session and first event.
        id: String,
        /// The run that wrote this version.
        run: String,
        /// Whether this version says that the run of the procedure is no more.
        deleted: bool,
        /// The wall.
        project: String,
        /// The procedure.
        procedure: String,
        /// The session in which it was done.
        session: String,
        /// For each step the id of the event that did it; empty where the step was left out.
        events: Vec<String>,
        /// Time of its first event.
        started_at: Time,
        /// When its last step ended.
        ended_at: Time,
        /// From the first to the last, in milliseconds.
        duration_ms: i64,
        /// `success` or `failure`; null when nothing said so.
        outcome: Option<String>,
        /// Number of the step at which it failed, from 0.
        failed_at: Option<i64>,
        /// For each step how often it was done, as a JSON array.
        times: String,
        /// Actions done in between that are no steps of it.
        also: Vec<String>,
        /// Actions done before it in the session.
        before: Vec<String>,
    }
}

table! {
    /// What a run keeps to answer from besides rows: a row a part of what it learned.
    "models" (1, 0) => Learned {
        /// Kind and number of the part.
        id: String,
        /// The run that wrote this version.
        run: String,
        /// Whether this version says that the part is no more.
        deleted: bool,
        /// The wall.
        project: String,
        /// `next_step`: what foretells the next step. `discovery`: what the procedures were found in.
        kind: String,
        /// Number of the part, from 0: long ones are cut.
        part: i64,
        /// The part, as JSON when all are put together.
        body: String,
    }
}

table! {
    /// What was stated: that an attribute of a subject has a value, or has it no longer. A row a statement; facts are
    /// folded from them.
    "statements" (1, 0) => Statement {
        /// Stable over runs: project, source and the statement's number in it.
        id: String,
        /// The run that wrote this version.
        run: String,
        /// Whether this version says that the statement is no more.
        deleted: bool,
        /// The wall.
        project: String,
        /// The session in which it was said; `memory` of what was told to be remembered.
        session: String,
        /// The event or memory that says it.
        source: String,
        /// Who said it.
        speaker: String,
        /// Of what it is said.
        subject: String,
        /// Which attribute of it.
        attribute: String,
        /// Which value.
        value: String,
        /// What subject and attribute come to, however they are put; empty when only the value before tells.
        attribute_key: String,
        /// The same if the attribute is the speaker's own.
        own_key: Option<String>,
        /// What the value comes to, however it is put.
        value_key: String,
        /// `fact`, `decision`, `preference` or `lesson`.
        kind: String,
        /// Whether the attribute may have several values at once.
        many: bool,
        /// Whether it says that the value holds no longer.
        ends: bool,
        /// Whether it says that there was another value before.
        changes: bool,
        /// The value before, where it is told.
        value_before: Option<String>,
        /// The sentence.
        text: String,
        /// Where the sentence begins in the source, in bytes.
        span_start: i64,
        /// Where it ends (exclusive).
        span_end: i64,
        /// From when it is true: when it was said, unless a memory says otherwise.
        valid_from: Time,
        /// Until when it is true, where that is told.
        valid_until: Option<Time>,
        /// When the source came in.
        received_at: Time,
        /// `learned`, `told` or `confirmed`.
        state: String,
        /// Topic, partition and offset of the source, in one number.
        position: u64,
    }
}

table! {
    /// What is known: a value of an attribute of a subject, for as long as it held. A newer value ends the one before,
    /// and both stay.
    "facts" (1, 0) => Fact {
        /// Stable over runs: subject, attribute and value, and `.N` behind it when the value came back.
        id: String,
        /// The run that wrote this version.
        run: String,
        /// Whether this version says that the fact is no more.
        deleted: bool,
        /// The wall.
        project: String,
        /// Of what it is known; the project's name of what is ours.
        subject: String,
        /// Which attribute of it.
        attribute: String,
        /// Which value.
        value: String,
        /// The sentence that says it best.
        statement: String,
        /// `fact`, `decision`, `preference` or `lesson`.
        kind: String,
        /// `learned` from talk, `told` to be remembered, or `confirmed`.
        state: String,
        /// How many different speakers in different sessions said so.
        support: i64,
        /// How many said otherwise since, among the last twenty statements of the attribute up to its end.
        against: i64,
        /// The mean of the posterior that the next who speaks of it agrees: (support + 1) / (support + against + 2).
        confidence: f64,
        /// Events and memories that say so, the first and the newest.
        sources: Vec<String>,
        /// The same with the sentence's place: a JSON array of `{"id", "time", "start", "end"}`, in bytes.
        evidence: String,
        /// Since when it holds.
        valid_from: Time,
        /// Until when it held (exclusive); null while it does.
        valid_until: Option<Time>,
        /// The fact whose value took its place.
        replaced_by: Option<String>,
        /// What subject and attribute come to, however they are put: successions share it.
        attribute_key: String,
        /// What the value comes to.
        value_key: String,
        /// When the newest of its evidence came in.
        evidence_at: Time,
    }
}

table! {
    /// What each stretch of work names, and what it ties together: the part of the graph that rests on it. Entities and
    /// relations are sums over these rows.
    "mentions" (1, 0) => Mention {
        /// Stable over runs: the stretch and what is named in it.
        id: String,
        /// The run that wrote this version.
        run: String,
        /// Whether this version says that it is no more.
        deleted: bool,
        /// The wall.
        project: String,
        /// The session that it is a part of.
        session: String,
        /// The stretch: a commit, or events that follow each other without a long silence.
        context: String,
        /// `entity`, or `relation` between two.
        part: String,
        /// Id of the entity or relation.
        subject: String,
        /// Kind of the entity or relation.
        kind: String,
        /// The entity as it is written there; empty of a relation.
        name: String,
        /// Of a relation: the entity that it goes from.
        from_entity: Option<String>,
        /// Of a relation: the entity that it goes to.
        to_entity: Option<String>,
        /// Whether structure says it (a file, a tool, a tag), and not only a text.
        structural: bool,
        /// Whether the entity counts as named together with the others of the stretch.
        paired: bool,
        /// In millionths: what being named together counts here, the less the more is named.
        share: i64,
        /// How often.
        mentions: i64,
        /// When first.
        first_at: Time,
        /// When last.
        last_at: Time,
        /// Id of the first event that says so.
        evidence: String,
    }
}

table! {
    /// What there is: files, symbols, tools, commands, errors, tests, commits, agents, addresses, names; learned from
    /// events or told.
    "entities" (1, 0) => Entity {
        /// Stable over runs: kind and normalised name.
        id: String,
        /// The run that wrote this version.
        run: String,
        /// Whether this version says that it is no more.
        deleted: bool,
        /// The wall.
        project: String,
        /// `file`, `symbol`, `tool`, `command`, `error`, `test`, `commit`, `agent`, `url`, `session`, `tag`, `name`, or
        /// what was told.
        kind: String,
        /// As it is written most often.
        name: String,
        /// Other ways in which it is written.
        aliases: Vec<String>,
        /// What was told of it, as a JSON object.
        attributes: Option<String>,
        /// How often it is named.
        mentions: i64,
        /// In how many stretches of work.
        contexts: i64,
        /// In how many sessions.
        sessions: i64,
        /// Ids of events that name it, the newest first; not all of them.
        evidence: Vec<String>,
        /// When it was named first.
        first_at: Time,
        /// When it was named last.
        last_at: Time,
        /// Whether it was told.
        told: bool,
    }
}

table! {
    /// What has to do with what: relations by rule, things named together, and what was told.
    "relations" (1, 0) => Relation {
        /// Stable over runs: both ends and the kind.
        id: String,
        /// The run that wrote this version.
        run: String,
        /// Whether this version says that it is no more.
        deleted: bool,
        /// The wall.
        project: String,
        /// Id of the entity that it goes from.
        from_entity: String,
        /// Id of the entity that it goes to.
        to_entity: String,
        /// `edited`, `used`, `touched`, `covers`, `raised_by`, `defines`, `imports`, `calls`, `co_occurs`, or what was
        /// told.
        kind: String,
        /// In how many stretches of work.
        support: i64,
        /// Sum over these: of `co_occurs` the inverse of how many others are named there, else 1; or what was told.
        weight: f64,
        /// Ids of events that say so, the newest first; not all of them.
        evidence: Vec<String>,
        /// When first.
        first_at: Time,
        /// When last.
        last_at: Time,
        /// From when it is true, where that was told.
        valid_from: Option<Time>,
        /// Until when it was true (exclusive), where that was told.
        valid_until: Option<Time>,
        /// Whether it was told.
        told: bool,
    }
}

table! {
    /// Groups of entities that belong together, at several levels.
    "communities" (1, 0) => Community {
        /// Stable over runs by its members.
        id: String,
        /// The run that wrote this version.
        run: String,
        /// Whether this version says that it is no more.
        deleted: bool,
        /// The wall.
        project: String,
        /// From 0, the broadest.
        level: i64,
        /// The community one level up that it lies in.
        parent: Option<String>,
        /// Its most central entities, in a line.
        name: String,
        /// How many entities, those that stand in many sessions included.
        size: i64,
        /// Its part of the modularity of its level.
        modularity_share: f64,
        /// Names of its most central entities.
        top: Vec<String>,
        /// What it is about: texts of events that name much of it.
        summary: String,
        /// Ids of these events.
        sources: Vec<String>,
        /// Communities that were and that most of went here.
        replaces: Vec<String>,
        /// The resolution that it was found with.
        resolution: f64,
        /// The seed that it was found with.
        seed: i64,
    }
}

table! {
    /// Which entity is in which community.
    "community_members" (1, 0) => CommunityMember {
        /// Stable over runs: community and entity.
        id: String,
        /// The run that wrote this version.
        run: String,
        /// Whether this version says that it is no more.
        deleted: bool,
        /// The wall.
        project: String,
        /// Id of the community.
        community: String,
        /// The community's level.
        level: i64,
        /// Id of the entity.
        entity: String,
        /// The entity's name.
        name: String,
        /// The entity's kind.
        kind: String,
        /// From 0 to 1: how strongly it is tied inside, beside the most strongly tied.
        centrality: f64,
        /// Whether it stands in so many sessions that it holds nothing together; it is where most of its ties are.
        hub: bool,
    }
}

table! {
    /// What is brought to mind by what: items that were returned or used together.
    "associations" (1, 0) => Association {
        /// Stable over runs: both items.
        id: String,
        /// The run that wrote this version.
        run: String,
        /// Whether this version says that it is no more.
        deleted: bool,
        /// The wall.
        project: String,
        /// Id of one item, the lesser.
        a: String,
        /// Id of the other.
        b: String,
        /// How often both were returned to one question.
        returned: i64,
        /// How often both were used in one session.
        used: i64,
        /// From 0 to 1, as it was at `last_at`; it halves in 30 days.
        strength: f64,
        /// When they were together last.
        last_at: Time,
    }
}

table! {
    /// Consolidation runs: what they read, what they built on, how they ended. A run is visible when its
    /// `complete` row is written, which is refused unless its base is still the project's newest.
    "runs" (1, 1) => Run {
        /// Identifier of the run.
        id: String,
        /// The project whose events it read.
        project: String,
        /// The complete run that it builds on; null for the first.
        base: Option<String>,
        /// Number in the project's chain of complete runs, from 1.
        number: i64,
        /// `complete`, `cancelled` or `abandoned`.
        status: String,
        /// Whether it read everything again.
        full: bool,
        /// What it read up to: topic → partition → next offset, as JSON.
        input: String,
        /// Rows written, by table, as JSON.
        rows: String,
        /// When it began.
        started_at: Time,
        /// When it ended.
        ended_at: Time,
        /// Why it ran: `schedule`, `events` or `request`.
        cause: String,
        /// The request that it answers, as `consolidation.run` told its id.
        request: Option<String>,
        /// How good what it derived is, as a JSON object of numbers; what is not known is left out, with its `reason`.
        quality: Option<String>,
    }
}

table! {
    /// How far runs are that take a while: a row a stage that began, and one for a request that ended without a run.
    /// Those of the past are removed.
    "run_stages" (1, 0) => RunStage {
        /// The run.
        run: String,
        /// The request that it answers.
        request: Option<String>,
        /// The wall.
        project: String,
        /// Which stage began; `unchanged` when there was nothing to run on, `failed` when it was given up.
        stage: String,
        /// Rows written so far, by table, as JSON.
        rows: String,
        /// Why it failed; of one that found nothing new, up to where in the log it looked, as JSON.
        note: Option<String>,
        /// When the run began.
        started_at: Time,
        /// When the stage began.
        began_at: Time,
    }
}

table! {
    /// What was found when something learned was looked at again (System 2): a row a judgement, of what it said then.
    "verdicts" (1, 0) => Verdict {
        /// From the project, the kind, the item and what it said.
        id: String,
        /// The wall.
        project: String,
        /// Of what kind it is: `procedure`, `association`, …
        kind: String,
        /// Its id.
        item: String,
        /// `holds`, `does_not_hold` or `undecided`.
        verdict: String,
        /// The probability that it holds, after the evidence.
        posterior: f64,
        /// How it was judged: `learned` where System 1 is sure, else `held_out`.
        method: String,
        /// What for and what against, as a JSON object of counts and ids.
        evidence: String,
        /// When it was judged.
        judged_at: Time,
    }
}

table! {
    /// The vectors of texts, made behind the commit of the row that a text is of: a row for each chunk.
    "embeddings" (2, 0) => Embedding {
        /// The wall.
        project: String,
        /// Of what: `event` or `memory`.
        kind: String,
        /// Id of the event or memory.
        id: String,
        /// Number of the chunk in its text, from 0.
        chunk: i32,
        /// The model that made it.
        model: String,
        /// 128-bit hash of the whole text.
        text_hash: [u8; 16],
        /// The vector, of length 1, or 0 where the model knows nothing of the text; as long as its model says.
        vector: Vector,
        /// The chunk's tokens, whatever the model: their numbers in the built-in model's vocabulary, two bytes each, little endian.
        tokens: Option<Vec<u8>>,
        /// Topic, partition and offset of the row that the text is of, in one number.
        position: u64,
    }
}

table! {
    /// What was forgotten: one row a command that forgot something. It says who, when and how many, and never what.
    "forgotten" (1, 0) => Forgotten {
        /// Stable id, from that of the command.
        id: String,
        /// The wall.
        project: String,
        /// The run of an agent in which it was asked for.
        session: Option<String>,
        /// Who asked for it.
        agent: Option<String>,
        /// Of what: `event`, `memory`, `redaction` of words in rows of several tables, or `data_key`, a key of the data as
        /// an older master key wraps it.
        kind: String,
        /// How many.
        items: i64,
        /// Positions of the events: their rows stay, and hold nothing once they are purged.
        positions: Vec<u64>,
        /// Ids of the memories and other rows, until they are purged.
        ids: Vec<String>,
        /// Whether it is purged at once, without a time to restore it in.
        at_once: bool,
        /// When it was asked for.
        recorded_at: Time,
        /// When the newest version of every table held nothing of it.
        rewritten_at: Option<Time>,
        /// When no version of any table held anything of it.
        purged_at: Option<Time>,
        /// Who forgot.
        actor: String,
        /// Through which door.
        origin: String,
        /// Topic of the log.
        log_topic: String,
        /// Partition of the topic.
        log_partition: i32,
        /// Offset of the command.
        log_offset: i64,
        /// Topic, partition and offset in one number.
        position: u64,
    }
}

table! {
    /// Who did what, when, and from where: a row for each command and each verdict of a policy, in the log's order. Each is
    /// sealed with the seal of the row before it in its partition (docs/safety.md).
    "audit" (1, 0) => Audit {
        /// Stable id, from the place in the log.
        id: String,
        /// Number of the row in its partition's chain, from 0.
        sequence: i64,
        /// The wall.
        project: String,
        /// Who did it: a token's name, `local`, or `kafka:TOPIC`.
        actor: String,
        /// Through which door.
        origin: String,
        /// What was done: `TOOL.OPERATION`.
        operation: String,
        /// What came of it: `ok` or the code of the error; of `hooks.pre_tool` the verdict.
        outcome: Option<String>,
        /// When the log took it.
        received_at: Time,
        /// Keyed hash of what makes the event the same event, 32 hexadecimal digits.
        identity: String,
        /// Keyed hash of what was told and answered, 64 hexadecimal digits.
        content: String,
        /// The seal of the row before; empty of the first.
        previous: String,
        /// Keyed hash of this row and the seal before it.
        seal: String,
        /// Topic of the log.
        log_topic: String,
        /// Partition of the topic.
        log_partition: i32,
        /// Offset of the event.
        log_offset: i64,
        /// Topic, partition and offset in one number.
        position: u64,
    }
}

derived![
    Episode,
    Procedure,
    ProcedureRun,
    Learned,
    Statement,
    Fact,
    Mention,
    Entity,
    Relation,
    Community,
    CommunityMember,
    Association
];

/// All tables, in the order of docs/tables.md.
pub const ALL: [&Table; 23] = [
    Event::TABLE,
    Memory::TABLE,
    Record::TABLE,
    Access::TABLE,
    Forgotten::TABLE,
    Audit::TABLE,
    DeadLetter::TABLE,
    Episode::TABLE,
    Procedure::TABLE,
    ProcedureRun::TABLE,
    Learned::TABLE,
    Statement::TABLE,
    Fact::TABLE,
    Mention::TABLE,
    Entity::TABLE,
    Relation::TABLE,
    Community::TABLE,
    CommunityMember::TABLE,
    Association::TABLE,
    Run::TABLE,
    RunStage::TABLE,
    Verdict::TABLE,
    Embedding::TABLE,
];

pub fn by_name(name: &str) -> Option<&'static Table> {
    ALL.into_iter().find(|table| table.name == name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_survive_a_batch() {
        let full = Event {
            id: "e-1".into(),
            time: Time::from_micros(1_700_000_000_000_000),
            r#type: "tool_call".into(),
            files: vec!["a".into(), "b".into()],
            duration_ms: Some(3),
            dedup: [7; 16],
            position: u64::MAX,
            ..Event::default()
        };
        let rows = [full, Event::default()];
        let batch = Event::batch(&rows);
        assert_eq!(batch.schema(), Event::TABLE.schema());
        assert_eq!(Event::rows(&batch).unwrap(), rows);
        let without = batch.project(&[0, 1]).unwrap();
        assert!(Event::rows(&without).unwrap_err().message.contains("no column received_at"));
    }

    #[test]
    fn every_column_says_what_it_means() {
        for table in ALL {
            assert!(!table.doc.trim().is_empty());
            for field in (table.fields)() {
                assert!(!field.doc.trim().is_empty(), "{}.{}", table.name, field.name);
                assert!(!field.name.contains('#'));
            }
        }
    }
}
