"""A typed client of Athena 0.1.0. Written by generate.py from /openapi.json: change that, not this.

    from athena_client import Athena, AthenaError

    athena = Athena()                                   # ATHENA_SERVER, or http://127.0.0.1:7070
    told = athena.memories.remember(content="Deploys go out on Tuesdays", kind="decision")
    for item in athena.memories.recall(query="when do we deploy?")["items"]:
        print(item["content"])

Python 3.11 or newer, standard library only. A call of an operation has its arguments by keyword and gives
its result as a dictionary; what goes wrong is an AthenaError.
"""

from __future__ import annotations

import json
import os
import urllib.error
import urllib.request
from collections.abc import Iterable
from typing import Any, List, Literal, NotRequired, TypedDict, cast

DEFAULT_URL = "http://127.0.0.1:7070"


class AthenaError(Exception):
    """What a server said of a call that it did not do."""

    def __init__(self, status: int, error: dict[str, Any], retry_after: str | None = None) -> None:
        self.status = status
        # Seconds after which the same call may go better. A write needs its `event_id` to be done once then.
        self.retry_after_s = float(retry_after) if retry_after else None
        self.code: str = error.get("code", "internal")
        self.message: str = error.get("message", "")
        self.field: str | None = error.get("field")
        self.hint: str | None = error.get("hint")
        # Where a write stands in the log that is durable although its answer did not come in time.
        self.position: dict[str, Any] | None = error.get("position")
        parts = [self.message, self.field and "(field %s)" % self.field, self.hint and "; " + self.hint]
        super().__init__("%s: %s" % (self.code, " ".join(part for part in parts if part)))


class Connection:
    """One server, one token, one project."""

    def __init__(self, url: str | None, token: str | None, project: str | None, timeout_s: float) -> None:
        self.url = (url or os.environ.get("ATHENA_SERVER") or DEFAULT_URL).rstrip("/")
        self.token = token or os.environ.get("ATHENA_TOKEN")
        self.project = project or os.environ.get("ATHENA_PROJECT")
        self.timeout_s = timeout_s
        self._opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))

    def call(self, tool: str, operation: str, arguments: dict[str, Any]) -> Any:
        """Calls any operation; arguments that are None are as if they were not given."""
        return self.post("/v1/tools/%s/%s" % (tool, operation), arguments)

    def append(self, events: Iterable[dict[str, Any]]) -> dict[str, Any]:
        """Appends events, and answers when they are durable. Without ids, sending again makes new ones."""
        lines = "\n".join(json.dumps(event) for event in events)
        return cast("dict[str, Any]", self._send("/v1/events", lines.encode(), "application/x-ndjson"))

    def post(self, path: str, fields: dict[str, Any]) -> Any:
        given = {key: value for key, value in fields.items() if value is not None}
        return self._send(path, json.dumps(given).encode(), "application/json")

    def get(self, path: str) -> Any:
        return self._send(path, None, None)

    def _send(self, path: str, body: bytes | None, kind: str | None) -> Any:
        headers = {"Accept": "application/json"}
        if kind:
            headers["Content-Type"] = kind
        if self.token:
            headers["Authorization"] = "Bearer " + self.token
        if self.project:
            headers["Athena-Project"] = self.project
        request = urllib.request.Request(self.url + path, body, headers)
        try:
            with self._opener.open(request, timeout=self.timeout_s) as answer:
                return json.load(answer)
        except urllib.error.HTTPError as error:
            raise AthenaError(error.code, told(error), error.headers.get("Retry-After")) from None
        except (urllib.error.URLError, TimeoutError) as error:
            raise AthenaError(0, {"code": "unavailable", "message": str(error)}) from error


def told(error: urllib.error.HTTPError) -> dict[str, Any]:
    """What the body of an answer says went wrong."""
    try:
        return cast("dict[str, Any]", json.load(error)["error"])
    except (ValueError, KeyError, TypeError):
        return {"code": "internal", "message": "HTTP %d without an error in it" % error.code}


class SearchWeights(TypedDict):
    # How well it matches by words.
    text: NotRequired[float]
    # How like it is by meaning.
    vector: NotRequired[float]
    # How near it is to what the question names, in the graph.
    graph: NotRequired[float]
    # How new it is.
    recency: NotRequired[float]
    # What was told of its importance, and whether it was useful.
    importance: NotRequired[float]


class SearchResultHit(TypedDict):
    id: str
    # What can be found.
    kind: Literal["event", "memory", "fact", "procedure", "entity", "community", "note", "task", "symbol", "episode"]
    # Comparable within one answer only.
    score: float
    # What it is called.
    name: NotRequired[str | None]
    content: str
    # RFC 3339, or a Unix time in seconds, ms, µs or ns by magnitude
    time: str | float
    project: str
    session: NotRequired[str | None]
    agent: NotRequired[str | None]
    type: NotRequired[str | None]
    tool: NotRequired[str | None]
    outcome: NotRequired[str | None]
    # Ids of the events that it rests on.
    sources: List[str]
    # What the score is made of; with `explain`.
    parts: NotRequired[dict[str, float] | None]


class SearchResult(TypedDict):
    hits: List[SearchResultHit]
    took_ms: float
    # What the answer had to do without, such as `behind` or `text_index_rebuilding`; empty when whole.
    degraded: List[str]
    # Up to where in the log the answer knows.
    position: dict[str, dict[str, int]]
    projects: List[str]


class SqlResultColumn(TypedDict):
    name: str
    type: str


class SqlResult(TypedDict):
    columns: List[SqlResultColumn]
    rows: List[List[Any]]
    # Whether there were more rows than the limit.
    truncated: bool
    took_ms: float


class EventsRecordResult(TypedDict):
    id: str
    # Whether it was there already, by its `event_id`.
    duplicate: bool
    project: str
    # What to pass as `after` to another server to read it.
    position: dict[str, dict[str, int]]


class EventsRecordBatchResultRejectedItem(TypedDict):
    # Place in the request, from 0; line of a file, from 0.
    index: int
    code: Literal["invalid_argument", "not_found", "conflict", "unauthenticated", "permission_denied", "resource_exhausted", "unavailable", "internal"]
    field: NotRequired[str | None]
    message: str


class EventsRecordBatchResult(TypedDict):
    accepted: int
    # Null while `pending`: duplicates are known when the log is applied.
    duplicates: NotRequired[int | None]
    rejected: List[EventsRecordBatchResultRejectedItem]
    # The next offsets after what was accepted: what to pass as `after` to read it.
    position: dict[str, dict[str, int]]
    # Whether the write is durable in Kafka but not yet applied to the tables.
    pending: NotRequired[bool]
    project: str


class EventsFeedbackResult(TypedDict):
    id: str
    # Whether it was there already, by its `event_id`.
    duplicate: bool
    project: str
    # What to pass as `after` to another server to read it.
    position: dict[str, dict[str, int]]


class EventsCommitResult(TypedDict):
    id: str
    # Whether it was there already, by its `event_id`.
    duplicate: bool
    project: str
    # What to pass as `after` to another server to read it.
    position: dict[str, dict[str, int]]


class EventsGetResult(TypedDict):
    # Identifier given by the producer; unique with `project` and `source`.
    id: Any
    # When it happened, as the producer says; else when the log took it.
    time: NotRequired[Any]
    # When Athena's log took it; never less than that of the row before it in its partition.
    received_at: NotRequired[Any]
    # The wall between memories: every read names one or more.
    project: Any
    # The run of an agent that it belongs to.
    session: NotRequired[Any]
    # Who acted.
    agent: NotRequired[Any]
    # Which producer told it (CloudEvents `source`); empty when not said.
    source: NotRequired[Any]
    # What kind of thing happened, such as `tool_call`; `athena.TOOL.OPERATION` for commands.
    type: Any
    # The tool that was called.
    tool: NotRequired[Any]
    # The text: what was said, run or returned.
    content: NotRequired[Any]
    # `success`, `failure`, `partial`, `ongoing`, `aborted`, `unknown` or `skipped`.
    outcome: NotRequired[Any]
    # Paths touched.
    files: NotRequired[Any]
    # Free labels.
    tags: NotRequired[Any]
    # How long it took, in milliseconds.
    duration_ms: NotRequired[Any]
    # Id of the event that it belongs under.
    parent: NotRequired[Any]
    # Everything else that the producer sent, as a JSON object.
    attributes: NotRequired[Any]
    # W3C trace context.
    traceparent: NotRequired[Any]
    # Who sent it: a token's name, `local`, or `kafka:TOPIC`. Set by Athena.
    actor: NotRequired[Any]
    # Through which door: `http`, `mcp`, `cli`, `kafka`, `import` or `hook`. Set by Athena.
    origin: NotRequired[Any]
    # Topic of the log; `local` when embedded.
    log_topic: NotRequired[Any]
    # Partition of the topic.
    log_partition: NotRequired[Any]
    # Offset in the partition.
    log_offset: NotRequired[Any]
    # Topic, partition and offset in one number (4, 12 and 48 bits), the key of derived indexes.
    position: NotRequired[Any]


class EventsListResultItem(TypedDict):
    id: str
    # What can be found.
    kind: Literal["event", "memory", "fact", "procedure", "entity", "community", "note", "task", "symbol", "episode"]
    # Comparable within one answer only.
    score: float
    # What it is called.
    name: NotRequired[str | None]
    content: str
    # RFC 3339, or a Unix time in seconds, ms, µs or ns by magnitude
    time: str | float
    project: str
    session: NotRequired[str | None]
    agent: NotRequired[str | None]
    type: NotRequired[str | None]
    tool: NotRequired[str | None]
    outcome: NotRequired[str | None]
    # Ids of the events that it rests on.
    sources: List[str]
    # What the score is made of; with `explain`.
    parts: NotRequired[dict[str, float] | None]


class EventsListResult(TypedDict):
    items: List[EventsListResultItem]
    # What to pass as `cursor` for the next ones; null at the end.
    next_cursor: NotRequired[str | None]
    # What the answer lacks.
    degraded: List[str]
    # topic → partition → next offset
    position: dict[str, dict[str, int]]
    projects: List[str]


class EventsSearchFilters(TypedDict):
    # Type of event, or kind of memory.
    type: NotRequired[str | None]
    # The tool that was called.
    tool: NotRequired[str | None]
    # A file, or a folder above it.
    path: NotRequired[str | None]
    # A label.
    tag: NotRequired[str | None]
    # Who acted.
    agent: NotRequired[str | None]
    # The run of an agent.
    session: NotRequired[str | None]
    # From this time on: RFC 3339, or an age such as `2h`.
    since: NotRequired[str | None]
    # Before this time.
    until: NotRequired[str | None]


class EventsSearchResultItem(TypedDict):
    id: str
    # What can be found.
    kind: Literal["event", "memory", "fact", "procedure", "entity", "community", "note", "task", "symbol", "episode"]
    # Comparable within one answer only.
    score: float
    # What it is called.
    name: NotRequired[str | None]
    content: str
    # RFC 3339, or a Unix time in seconds, ms, µs or ns by magnitude
    time: str | float
    project: str
    session: NotRequired[str | None]
    agent: NotRequired[str | None]
    type: NotRequired[str | None]
    tool: NotRequired[str | None]
    outcome: NotRequired[str | None]
    # Ids of the events that it rests on.
    sources: List[str]
    # What the score is made of; with `explain`.
    parts: NotRequired[dict[str, float] | None]


class EventsSearchResult(TypedDict):
    items: List[EventsSearchResultItem]
    # What to pass as `cursor` for the next ones; null at the end.
    next_cursor: NotRequired[str | None]
    # What the answer lacks.
    degraded: List[str]
    # topic → partition → next offset
    position: dict[str, dict[str, int]]
    projects: List[str]


class EventsTimelineResult(TypedDict):
    items: List[dict[str, Any]]
    # Whether there is more than could be told.
    truncated: bool
    projects: List[str]


class EventsBySessionResultItem(TypedDict):
    id: str
    # What can be found.
    kind: Literal["event", "memory", "fact", "procedure", "entity", "community", "note", "task", "symbol", "episode"]
    # Comparable within one answer only.
    score: float
    # What it is called.
    name: NotRequired[str | None]
    content: str
    # RFC 3339, or a Unix time in seconds, ms, µs or ns by magnitude
    time: str | float
    project: str
    session: NotRequired[str | None]
    agent: NotRequired[str | None]
    type: NotRequired[str | None]
    tool: NotRequired[str | None]
    outcome: NotRequired[str | None]
    # Ids of the events that it rests on.
    sources: List[str]
    # What the score is made of; with `explain`.
    parts: NotRequired[dict[str, float] | None]


class EventsBySessionResult(TypedDict):
    items: List[EventsBySessionResultItem]
    # What to pass as `cursor` for the next ones; null at the end.
    next_cursor: NotRequired[str | None]
    # What the answer lacks.
    degraded: List[str]
    # topic → partition → next offset
    position: dict[str, dict[str, int]]
    projects: List[str]


class EventsCountFilters(TypedDict):
    # Type of event, or kind of memory.
    type: NotRequired[str | None]
    # The tool that was called.
    tool: NotRequired[str | None]
    # A file, or a folder above it.
    path: NotRequired[str | None]
    # A label.
    tag: NotRequired[str | None]
    # Who acted.
    agent: NotRequired[str | None]
    # The run of an agent.
    session: NotRequired[str | None]
    # From this time on: RFC 3339, or an age such as `2h`.
    since: NotRequired[str | None]
    # Before this time.
    until: NotRequired[str | None]


class EventsCountResultItem(TypedDict):
    value: str
    count: int


class EventsCountResult(TypedDict):
    count: int
    # By value; events without one are in `count` only.
    items: List[EventsCountResultItem]
    # Whether there are more values.
    truncated: bool
    degraded: List[str]
    # topic → partition → next offset
    position: dict[str, dict[str, int]]
    projects: List[str]


class EventsDuplicatesResultItemEvent(TypedDict):
    id: str
    # What can be found.
    kind: Literal["event", "memory", "fact", "procedure", "entity", "community", "note", "task", "symbol", "episode"]
    # Comparable within one answer only.
    score: float
    # What it is called.
    name: NotRequired[str | None]
    content: str
    # RFC 3339, or a Unix time in seconds, ms, µs or ns by magnitude
    time: str | float
    project: str
    session: NotRequired[str | None]
    agent: NotRequired[str | None]
    type: NotRequired[str | None]
    tool: NotRequired[str | None]
    outcome: NotRequired[str | None]
    # Ids of the events that it rests on.
    sources: List[str]
    # What the score is made of; with `explain`.
    parts: NotRequired[dict[str, float] | None]


class EventsDuplicatesResultItem(TypedDict):
    count: int
    # The newest 20, the newest first.
    events: List[EventsDuplicatesResultItemEvent]


class EventsDuplicatesResult(TypedDict):
    items: List[EventsDuplicatesResultItem]
    # How many events were compared.
    compared: int
    # Whether there are more in that time.
    truncated: bool
    degraded: List[str]
    # topic → partition → next offset
    position: dict[str, dict[str, int]]
    projects: List[str]


class EventsMergeResult(TypedDict):
    id: str
    # Every id that leads to it besides its own.
    aliases: List[str]
    project: str
    # topic → partition → next offset
    position: NotRequired[dict[str, dict[str, int]] | None]


class EventsForgetFilter(TypedDict):
    # Type of event, or kind of memory.
    type: NotRequired[str | None]
    # The tool that was called.
    tool: NotRequired[str | None]
    # A file, or a folder above it.
    path: NotRequired[str | None]
    # A label.
    tag: NotRequired[str | None]
    # Who acted.
    agent: NotRequired[str | None]
    # The run of an agent.
    session: NotRequired[str | None]
    # From this time on: RFC 3339, or an age such as `2h`.
    since: NotRequired[str | None]
    # Before this time.
    until: NotRequired[str | None]


class EventsForgetResultItem(TypedDict):
    id: str
    # Its beginning.
    content: str


class EventsForgetResult(TypedDict):
    # The row of `forgotten` that says how far the purge is; null of a dry run.
    id: NotRequired[str | None]
    # Whether nothing was done.
    dry_run: bool
    # How many events.
    count: int
    # The first hundred of them.
    items: List[EventsForgetResultItem]
    # How many others sent, which stay.
    of_others: int
    # Whether there are more than can be forgotten at once: call again.
    truncated: bool
    project: str
    # Where the write stands in the log.
    position: NotRequired[dict[str, dict[str, int]] | None]


class SessionsStartResult(TypedDict):
    # The session: what to pass as `session`.
    id: str
    session: str
    # The event of its beginning.
    event: str
    project: str
    # topic → partition → next offset
    position: dict[str, dict[str, int]]


class SessionsEndResultSummaryGoal(TypedDict):
    id: str
    # RFC 3339, or a Unix time in seconds, ms, µs or ns by magnitude
    time: str | float
    type: NotRequired[str | None]
    # Its beginning.
    content: str


class SessionsEndResultSummaryTriedItem(TypedDict):
    action: str
    count: int
    # How many of them failed, of those that tell.
    failed: int
    succeeded: int
    # The newest of them.
    id: str


class SessionsEndResultSummaryWorkedItem(TypedDict):
    id: str
    # RFC 3339, or a Unix time in seconds, ms, µs or ns by magnitude
    time: str | float
    type: NotRequired[str | None]
    # Its beginning.
    content: str


class SessionsEndResultSummaryOpenItem(TypedDict):
    id: str
    # RFC 3339, or a Unix time in seconds, ms, µs or ns by magnitude
    time: str | float
    type: NotRequired[str | None]
    # Its beginning.
    content: str


class SessionsEndResultSummarySaidItem(TypedDict):
    id: str
    # RFC 3339, or a Unix time in seconds, ms, µs or ns by magnitude
    time: str | float
    type: NotRequired[str | None]
    # Its beginning.
    content: str


class SessionsEndResultSummary(TypedDict):
    session: str
    # How it was made: `extractive`.
    method: str
    # What was asked for at its beginning.
    goal: NotRequired[SessionsEndResultSummaryGoal]
    # RFC 3339, or a Unix time in seconds, ms, µs or ns by magnitude
    started_at: NotRequired[str | float | None]
    # RFC 3339, or a Unix time in seconds, ms, µs or ns by magnitude
    ended_at: NotRequired[str | float | None]
    # How many events were read.
    events: int
    # Whether the session has more.
    truncated: bool
    # What was done, the most often first.
    tried: List[SessionsEndResultSummaryTriedItem]
    # What ended well, the newest first, one of each kind.
    worked: List[SessionsEndResultSummaryWorkedItem]
    # What failed, and did not succeed since.
    open: List[SessionsEndResultSummaryOpenItem]
    # What was decided, planned and learned.
    said: List[SessionsEndResultSummarySaidItem]
    files: List[str]
    # What its newest event with an outcome says.
    outcome: NotRequired[str | None]


class SessionsEndResult(TypedDict):
    # The session.
    id: str
    # The event of its end.
    event: str
    # A session in short.
    summary: SessionsEndResultSummary
    degraded: List[str]
    project: str
    # topic → partition → next offset
    position: dict[str, dict[str, int]]


class SessionsListResult(TypedDict):
    items: List[dict[str, Any]]
    # Whether there are more.
    truncated: bool
    projects: List[str]


class SessionsEpisodesResult(TypedDict):
    items: List[dict[str, Any]]
    # Whether there are more.
    truncated: bool
    projects: List[str]


class SessionsSummaryResultGoal(TypedDict):
    id: str
    # RFC 3339, or a Unix time in seconds, ms, µs or ns by magnitude
    time: str | float
    type: NotRequired[str | None]
    # Its beginning.
    content: str


class SessionsSummaryResultTriedItem(TypedDict):
    action: str
    count: int
    # How many of them failed, of those that tell.
    failed: int
    succeeded: int
    # The newest of them.
    id: str


class SessionsSummaryResultWorkedItem(TypedDict):
    id: str
    # RFC 3339, or a Unix time in seconds, ms, µs or ns by magnitude
    time: str | float
    type: NotRequired[str | None]
    # Its beginning.
    content: str


class SessionsSummaryResultOpenItem(TypedDict):
    id: str
    # RFC 3339, or a Unix time in seconds, ms, µs or ns by magnitude
    time: str | float
    type: NotRequired[str | None]
    # Its beginning.
    content: str


class SessionsSummaryResultSaidItem(TypedDict):
    id: str
    # RFC 3339, or a Unix time in seconds, ms, µs or ns by magnitude
    time: str | float
    type: NotRequired[str | None]
    # Its beginning.
    content: str


class SessionsSummaryResult(TypedDict):
    session: str
    # How it was made: `extractive`.
    method: str
    # What was asked for at its beginning.
    goal: NotRequired[SessionsSummaryResultGoal]
    # RFC 3339, or a Unix time in seconds, ms, µs or ns by magnitude
    started_at: NotRequired[str | float | None]
    # RFC 3339, or a Unix time in seconds, ms, µs or ns by magnitude
    ended_at: NotRequired[str | float | None]
    # How many events were read.
    events: int
    # Whether the session has more.
    truncated: bool
    # What was done, the most often first.
    tried: List[SessionsSummaryResultTriedItem]
    # What ended well, the newest first, one of each kind.
    worked: List[SessionsSummaryResultWorkedItem]
    # What failed, and did not succeed since.
    open: List[SessionsSummaryResultOpenItem]
    # What was decided, planned and learned.
    said: List[SessionsSummaryResultSaidItem]
    files: List[str]
    # What its newest event with an outcome says.
    outcome: NotRequired[str | None]
    degraded: List[str]
    project: str
    # topic → partition → next offset
    position: dict[str, dict[str, int]]


class SessionsResumeResultGoal(TypedDict):
    id: str
    # RFC 3339, or a Unix time in seconds, ms, µs or ns by magnitude
    time: str | float
    type: NotRequired[str | None]
    # Its beginning.
    content: str


class SessionsResumeResultItem(TypedDict):
    id: str
    # RFC 3339, or a Unix time in seconds, ms, µs or ns by magnitude
    time: str | float
    type: NotRequired[str | None]
    # Its beginning.
    content: str


class SessionsResumeResultFailure(TypedDict):
    id: str
    # RFC 3339, or a Unix time in seconds, ms, µs or ns by magnitude
    time: str | float
    type: NotRequired[str | None]
    # Its beginning.
    content: str


class SessionsResumeResultRememberedItem(TypedDict):
    id: str
    # RFC 3339, or a Unix time in seconds, ms, µs or ns by magnitude
    time: str | float
    type: NotRequired[str | None]
    # Its beginning.
    content: str


class SessionsResumeResultOther(TypedDict):
    session: str
    agent: NotRequired[str | None]
    # RFC 3339, or a Unix time in seconds, ms, µs or ns by magnitude
    last_at: str | float
    # What it ended with.
    content: str


class SessionsResumeResultTask(TypedDict):
    id: str
    # RFC 3339, or a Unix time in seconds, ms, µs or ns by magnitude
    time: str | float
    type: NotRequired[str | None]
    # Its beginning.
    content: str


class SessionsResumeResult(TypedDict):
    project: str
    # The session; null when the project has none.
    session: NotRequired[str | None]
    # Who acted last.
    agent: NotRequired[str | None]
    # What was asked for at its beginning.
    goal: NotRequired[SessionsResumeResultGoal]
    # The newest events first.
    items: List[SessionsResumeResultItem]
    # What failed, and did not succeed since; the newest first.
    failures: List[SessionsResumeResultFailure]
    # Files touched, the newest first.
    files: List[str]
    # The newest memories that are seen from everywhere.
    remembered: List[SessionsResumeResultRememberedItem]
    # The project's other sessions, the newest first.
    others: List[SessionsResumeResultOther]
    # Open tasks: what is at work first, then the most important.
    tasks: List[SessionsResumeResultTask]
    warnings: List[str]
    # What the answer lacks.
    degraded: List[str]
    # topic → partition → next offset
    position: dict[str, dict[str, int]]


class SessionsCompareResultAOnlyItem(TypedDict):
    action: str
    id: str


class SessionsCompareResultA(TypedDict):
    session: str
    events: int
    steps: int
    duration_ms: int
    outcome: NotRequired[str | None]
    failures: int
    # Steps that only this one did.
    only: List[SessionsCompareResultAOnlyItem]


class SessionsCompareResultBOnlyItem(TypedDict):
    action: str
    id: str


class SessionsCompareResultB(TypedDict):
    session: str
    events: int
    steps: int
    duration_ms: int
    outcome: NotRequired[str | None]
    failures: int
    # Steps that only this one did.
    only: List[SessionsCompareResultBOnlyItem]


class SessionsCompareResultSharedItem(TypedDict):
    action: str
    # The event in each.
    a: str
    b: str


class SessionsCompareResult(TypedDict):
    a: SessionsCompareResultA
    b: SessionsCompareResultB
    # Steps that both did, in the same order.
    shared: List[SessionsCompareResultSharedItem]
    # How alike they are, from 0 to 1; null when one of them has no steps.
    similarity: NotRequired[float | None]
    reason: NotRequired[str | None]
    degraded: List[str]
    project: str
    # topic → partition → next offset
    position: dict[str, dict[str, int]]


class SessionsSimilarResultItem(TypedDict):
    session: str
    # From 0 to 1.
    similarity: float
    steps: int
    # What both did, in order.
    shared: List[str]
    outcome: NotRequired[str | None]


class SessionsSimilarResult(TypedDict):
    items: List[SessionsSimilarResultItem]
    # Why there are none.
    reason: NotRequired[str | None]
    # How many sessions were compared.
    compared: int
    projects: List[str]


class SessionsCurrentResult(TypedDict):
    items: List[dict[str, Any]]
    projects: List[str]


class ConversationsStartResult(TypedDict):
    id: str
    # Grows with each version.
    version: int
    project: str
    # What to pass as `after` to another server to read it.
    position: dict[str, dict[str, int]]


class ConversationsAppendResult(TypedDict):
    id: str
    conversation: str
    # Whether it was there already, by its `event_id`.
    duplicate: bool
    project: str
    # topic → partition → next offset
    position: dict[str, dict[str, int]]


class ConversationsHistoryResultItem(TypedDict):
    id: str
    # RFC 3339, or a Unix time in seconds, ms, µs or ns by magnitude
    time: str | float
    # Who speaks, as it was said, else the agent.
    role: NotRequired[str | None]
    agent: NotRequired[str | None]
    content: str


class ConversationsHistoryResult(TypedDict):
    items: List[ConversationsHistoryResultItem]
    next_cursor: NotRequired[str | None]
    conversation: str
    project: str


class ConversationsGetResultSnapshot(TypedDict):
    id: str
    name: NotRequired[str | None]
    # Id of the last message before it.
    message: str
    # How many messages there were.
    messages: int
    # Time of that message.
    time: str | float


class ConversationsGetResult(TypedDict):
    id: str
    title: NotRequired[str | None]
    # Who takes part, as it was said, else who spoke.
    participants: List[str]
    messages: int
    # Whether it goes on.
    active: bool
    # When it was started as a conversation; null of a session that nobody started as one.
    started_at: NotRequired[str | float | None]
    # Times of the first and the last message.
    first_at: NotRequired[str | float | None]
    # RFC 3339, or a Unix time in seconds, ms, µs or ns by magnitude
    last_at: NotRequired[str | float | None]
    # RFC 3339, or a Unix time in seconds, ms, µs or ns by magnitude
    closed_at: NotRequired[str | float | None]
    snapshots: List[ConversationsGetResultSnapshot]
    project: str


class ConversationsListResultItem(TypedDict):
    id: str
    title: NotRequired[str | None]
    # Who takes part, as it was said, else who spoke.
    participants: List[str]
    messages: int
    # Whether it goes on.
    active: bool
    # When it was started as a conversation; null of a session that nobody started as one.
    started_at: NotRequired[str | float | None]
    # Times of the first and the last message.
    first_at: NotRequired[str | float | None]
    # RFC 3339, or a Unix time in seconds, ms, µs or ns by magnitude
    last_at: NotRequired[str | float | None]
    # RFC 3339, or a Unix time in seconds, ms, µs or ns by magnitude
    closed_at: NotRequired[str | float | None]


class ConversationsListResult(TypedDict):
    items: List[ConversationsListResultItem]
    next_cursor: NotRequired[str | None]
    # Whether there are older sessions that were not looked at.
    truncated: bool
    project: str


class ConversationsSearchResultItemBefore(TypedDict):
    id: str
    # RFC 3339, or a Unix time in seconds, ms, µs or ns by magnitude
    time: str | float
    # Who speaks, as it was said, else the agent.
    role: NotRequired[str | None]
    agent: NotRequired[str | None]
    content: str


class ConversationsSearchResultItemAfter(TypedDict):
    id: str
    # RFC 3339, or a Unix time in seconds, ms, µs or ns by magnitude
    time: str | float
    # Who speaks, as it was said, else the agent.
    role: NotRequired[str | None]
    agent: NotRequired[str | None]
    content: str


class ConversationsSearchResultItem(TypedDict):
    id: str
    # What can be found.
    kind: Literal["event", "memory", "fact", "procedure", "entity", "community", "note", "task", "symbol", "episode"]
    # Comparable within one answer only.
    score: float
    # What it is called.
    name: NotRequired[str | None]
    content: str
    # RFC 3339, or a Unix time in seconds, ms, µs or ns by magnitude
    time: str | float
    project: str
    session: NotRequired[str | None]
    agent: NotRequired[str | None]
    type: NotRequired[str | None]
    tool: NotRequired[str | None]
    outcome: NotRequired[str | None]
    # Ids of the events that it rests on.
    sources: List[str]
    # What the score is made of; with `explain`.
    parts: NotRequired[dict[str, float] | None]
    # Null at the beginning.
    before: NotRequired[ConversationsSearchResultItemBefore]
    # Null at the end.
    after: NotRequired[ConversationsSearchResultItemAfter]


class ConversationsSearchResult(TypedDict):
    items: List[ConversationsSearchResultItem]
    # What the answer lacks.
    degraded: List[str]
    # topic → partition → next offset
    position: dict[str, dict[str, int]]
    projects: List[str]


class ConversationsSnapshotResult(TypedDict):
    id: str
    # Grows with each version.
    version: int
    project: str
    # What to pass as `after` to another server to read it.
    position: dict[str, dict[str, int]]


class ConversationsRecoverResultSnapshot(TypedDict):
    id: str
    name: NotRequired[str | None]
    # Id of the last message before it.
    message: str
    # How many messages there were.
    messages: int
    # Time of that message.
    time: str | float


class ConversationsRecoverResultItem(TypedDict):
    id: str
    # RFC 3339, or a Unix time in seconds, ms, µs or ns by magnitude
    time: str | float
    # Who speaks, as it was said, else the agent.
    role: NotRequired[str | None]
    agent: NotRequired[str | None]
    content: str


class ConversationsRecoverResultEarlierItem(TypedDict):
    # Id of the message that it is of.
    id: str
    # RFC 3339, or a Unix time in seconds, ms, µs or ns by magnitude
    time: str | float
    role: NotRequired[str | None]
    # The sentence, as it was said.
    content: str


class ConversationsRecoverResult(TypedDict):
    conversation: str
    title: NotRequired[str | None]
    participants: List[str]
    # The point; null when it is the end.
    snapshot: NotRequired[ConversationsRecoverResultSnapshot]
    # The last messages there, in order.
    items: List[ConversationsRecoverResultItem]
    # What was said before these, in some of its own sentences.
    earlier: List[ConversationsRecoverResultEarlierItem]
    # How many messages were before `items`.
    earlier_messages: int
    project: str


class ConversationsSummaryResultItem(TypedDict):
    # Id of the message that it is of.
    id: str
    # RFC 3339, or a Unix time in seconds, ms, µs or ns by magnitude
    time: str | float
    role: NotRequired[str | None]
    # The sentence, as it was said.
    content: str


class ConversationsSummaryResult(TypedDict):
    conversation: str
    title: NotRequired[str | None]
    # The sentences, one after the other; null where nothing that was said makes one.
    summary: NotRequired[str | None]
    # Why it is null.
    reason: NotRequired[str | None]
    # The sentences in the order in which they were said.
    items: List[ConversationsSummaryResultItem]
    # How it was made: `extractive`.
    method: str
    # How many messages there are, and how many of them, the newest, were read.
    messages: int
    messages_read: int
    project: str


class ConversationsExportResult(TypedDict):
    conversation: str
    # How a text is written.
    format: Literal["json", "markdown"]
    text: str
    # How many messages are in it.
    messages: int
    next_cursor: NotRequired[str | None]
    project: str


class ConversationsCloseResult(TypedDict):
    id: str
    # Grows with each version.
    version: int
    project: str
    # What to pass as `after` to another server to read it.
    position: dict[str, dict[str, int]]


class MemoriesRememberResultContradictionNewer(TypedDict):
    id: str
    content: str
    # What it says differently, and where: characters, from 0.
    value: str
    start: int
    end: int
    # From when it holds, or when it was recorded.
    time: str | float


class MemoriesRememberResultContradictionOlder(TypedDict):
    id: str
    content: str
    # What it says differently, and where: characters, from 0.
    value: str
    start: int
    end: int
    # From when it holds, or when it was recorded.
    time: str | float


class MemoriesRememberResultContradictionSuggestion(TypedDict):
    call: str
    arguments: Any


class MemoriesRememberResultContradiction(TypedDict):
    # The one that says it last.
    newer: MemoriesRememberResultContradictionNewer
    # One of the two.
    older: MemoriesRememberResultContradictionOlder
    # What both are about.
    subject: NotRequired[str | None]
    # What both tell of it.
    attribute: NotRequired[str | None]
    # Whether they may well both hold.
    possible: bool
    # How likely it is that they cannot both hold.
    probability: float
    # What tells which is newer: `valid_from` where both say from when they hold, else `recorded_at`.
    dated_by: str
    # The call that ends the older one, if the newer one is right.
    suggestion: MemoriesRememberResultContradictionSuggestion


class MemoriesRememberResult(TypedDict):
    id: str
    version: int
    project: str
    # topic → partition → next offset
    position: dict[str, dict[str, int]]
    # The memory that says the same already, the most alike of them. `merge` makes one of both.
    duplicate_of: NotRequired[str | None]
    # Ids of all that say the same.
    duplicates: List[str]
    # Those that cannot hold together with it. Nothing was decided about them.
    contradictions: List[MemoriesRememberResultContradiction]
    # What the comparison lacks.
    degraded: List[str]


class MemoriesRecallFilters(TypedDict):
    # Type of event, or kind of memory.
    type: NotRequired[str | None]
    # The tool that was called.
    tool: NotRequired[str | None]
    # A file, or a folder above it.
    path: NotRequired[str | None]
    # A label.
    tag: NotRequired[str | None]
    # Who acted.
    agent: NotRequired[str | None]
    # The run of an agent.
    session: NotRequired[str | None]
    # From this time on: RFC 3339, or an age such as `2h`.
    since: NotRequired[str | None]
    # Before this time.
    until: NotRequired[str | None]


class MemoriesRecallResultItem(TypedDict):
    id: str
    # What can be found.
    kind: Literal["event", "memory", "fact", "procedure", "entity", "community", "note", "task", "symbol", "episode"]
    # Comparable within one answer only.
    score: float
    # What it is called.
    name: NotRequired[str | None]
    content: str
    # RFC 3339, or a Unix time in seconds, ms, µs or ns by magnitude
    time: str | float
    project: str
    session: NotRequired[str | None]
    agent: NotRequired[str | None]
    type: NotRequired[str | None]
    tool: NotRequired[str | None]
    outcome: NotRequired[str | None]
    # Ids of the events that it rests on.
    sources: List[str]
    # What the score is made of; with `explain`.
    parts: NotRequired[dict[str, float] | None]


class MemoriesRecallResult(TypedDict):
    # The likeliest first.
    items: List[MemoriesRecallResultItem]
    # What the answer lacks.
    degraded: List[str]
    # Up to where the log was read.
    position: dict[str, dict[str, int]]
    # The projects that were asked.
    projects: List[str]


class MemoriesGetResult(TypedDict):
    # Stable over versions.
    id: Any
    # Offset of the command that wrote this version.
    version: NotRequired[Any]
    # The wall.
    project: Any
    # The run of an agent in which this version was written.
    session: NotRequired[Any]
    # Who remembered.
    agent: NotRequired[Any]
    # `fact`, `pattern`, `decision`, `context` or `preference`.
    kind: NotRequired[Any]
    # What it is called.
    name: NotRequired[Any]
    # Other names that lead to it.
    aliases: NotRequired[Any]
    # The text.
    content: Any
    # Where it is seen from; empty: everywhere.
    scope: NotRequired[Any]
    # Free labels.
    tags: NotRequired[Any]
    # From 0 to 1; null when not said.
    importance: NotRequired[Any]
    # Whether the content must be kept from all but those who may: it is encrypted, `⟦1~…⟧`.
    sensitive: NotRequired[Any]
    # Where it is known from.
    source: NotRequired[Any]
    # Whether it never decays.
    pinned: NotRequired[Any]
    # From when it is true.
    valid_from: NotRequired[Any]
    # Until when it was true (exclusive).
    valid_until: NotRequired[Any]
    # The memory that took its place.
    superseded_by: NotRequired[Any]
    # When this version was recorded.
    recorded_at: NotRequired[Any]
    # Who wrote this version.
    actor: NotRequired[Any]
    # Through which door.
    origin: NotRequired[Any]
    # Topic of the log.
    log_topic: NotRequired[Any]
    # Partition of the topic.
    log_partition: NotRequired[Any]
    # Offset of the command.
    log_offset: NotRequired[Any]
    # Topic, partition and offset in one number.
    position: NotRequired[Any]


class MemoriesListResultItem(TypedDict):
    id: str
    # What can be found.
    kind: Literal["event", "memory", "fact", "procedure", "entity", "community", "note", "task", "symbol", "episode"]
    # Comparable within one answer only.
    score: float
    # What it is called.
    name: NotRequired[str | None]
    content: str
    # RFC 3339, or a Unix time in seconds, ms, µs or ns by magnitude
    time: str | float
    project: str
    session: NotRequired[str | None]
    agent: NotRequired[str | None]
    type: NotRequired[str | None]
    tool: NotRequired[str | None]
    outcome: NotRequired[str | None]
    # Ids of the events that it rests on.
    sources: List[str]
    # What the score is made of; with `explain`.
    parts: NotRequired[dict[str, float] | None]


class MemoriesListResult(TypedDict):
    items: List[MemoriesListResultItem]
    # What to pass as `cursor` for the next ones; null at the end.
    next_cursor: NotRequired[str | None]
    # What the answer lacks.
    degraded: List[str]
    # topic → partition → next offset
    position: dict[str, dict[str, int]]
    projects: List[str]


class MemoriesHistoryResult(TypedDict):
    id: str
    items: List[dict[str, Any]]
    projects: List[str]


class MemoriesUpdateResult(TypedDict):
    id: str
    # Grows with each version of a memory.
    version: int
    project: str
    # What to pass as `after` to another server to read it.
    position: dict[str, dict[str, int]]


class MemoriesSupersedeResult(TypedDict):
    id: str
    # Grows with each version of a memory.
    version: int
    project: str
    # What to pass as `after` to another server to read it.
    position: dict[str, dict[str, int]]


class MemoriesPinResult(TypedDict):
    id: str
    # Grows with each version of a memory.
    version: int
    project: str
    # What to pass as `after` to another server to read it.
    position: dict[str, dict[str, int]]


class MemoriesTagResult(TypedDict):
    id: str
    # Grows with each version of a memory.
    version: int
    project: str
    # What to pass as `after` to another server to read it.
    position: dict[str, dict[str, int]]


class MemoriesForgetFilter(TypedDict):
    # Type of event, or kind of memory.
    type: NotRequired[str | None]
    # The tool that was called.
    tool: NotRequired[str | None]
    # A file, or a folder above it.
    path: NotRequired[str | None]
    # A label.
    tag: NotRequired[str | None]
    # Who acted.
    agent: NotRequired[str | None]
    # The run of an agent.
    session: NotRequired[str | None]
    # From this time on: RFC 3339, or an age such as `2h`.
    since: NotRequired[str | None]
    # Before this time.
    until: NotRequired[str | None]


class MemoriesForgetResultItem(TypedDict):
    id: str
    # Its beginning.
    content: str


class MemoriesForgetResult(TypedDict):
    # Whether nothing was done.
    dry_run: bool
    items: List[MemoriesForgetResultItem]
    # Whether there are more.
    truncated: bool
    project: str
    # Where the write stands in the log.
    position: NotRequired[dict[str, dict[str, int]] | None]


class MemoriesRestoreResult(TypedDict):
    id: str
    # Grows with each version of a memory.
    version: int
    project: str
    # What to pass as `after` to another server to read it.
    position: dict[str, dict[str, int]]


class MemoriesRollbackResult(TypedDict):
    id: str
    # Grows with each version of a memory.
    version: int
    project: str
    # What to pass as `after` to another server to read it.
    position: dict[str, dict[str, int]]


class MemoriesContradictionsResultItemNewer(TypedDict):
    id: str
    content: str
    # What it says differently, and where: characters, from 0.
    value: str
    start: int
    end: int
    # From when it holds, or when it was recorded.
    time: str | float


class MemoriesContradictionsResultItemOlder(TypedDict):
    id: str
    content: str
    # What it says differently, and where: characters, from 0.
    value: str
    start: int
    end: int
    # From when it holds, or when it was recorded.
    time: str | float


class MemoriesContradictionsResultItemSuggestion(TypedDict):
    call: str
    arguments: Any


class MemoriesContradictionsResultItem(TypedDict):
    # The one that says it last.
    newer: MemoriesContradictionsResultItemNewer
    # One of the two.
    older: MemoriesContradictionsResultItemOlder
    # What both are about.
    subject: NotRequired[str | None]
    # What both tell of it.
    attribute: NotRequired[str | None]
    # Whether they may well both hold.
    possible: bool
    # How likely it is that they cannot both hold.
    probability: float
    # What tells which is newer: `valid_from` where both say from when they hold, else `recorded_at`.
    dated_by: str
    # The call that ends the older one, if the newer one is right.
    suggestion: MemoriesContradictionsResultItemSuggestion


class MemoriesContradictionsResult(TypedDict):
    items: List[MemoriesContradictionsResultItem]
    # Memories that were compared with each other.
    compared: int
    # Whether there are more.
    truncated: bool
    # What the answer lacks.
    degraded: List[str]
    projects: List[str]


class MemoriesFactsResultItemSource(TypedDict):
    id: str
    # RFC 3339, or a Unix time in seconds, ms, µs or ns by magnitude
    time: str | float
    start: int
    end: int


class MemoriesFactsResultItem(TypedDict):
    id: str
    subject: str
    attribute: str
    value: str
    # The sentence that says it best.
    text: str
    # RFC 3339, or a Unix time in seconds, ms, µs or ns by magnitude
    valid_from: str | float
    # Null while it holds.
    valid_until: NotRequired[str | float | None]
    # Different speakers in different sessions that said so.
    support: int
    # Those that said otherwise since.
    against: int
    # The mean of the posterior that the next who speaks of it agrees.
    confidence: float
    # Events and memories that say so, with the sentence's place in bytes.
    sources: List[MemoriesFactsResultItemSource]
    # `learned`, `told` or `confirmed`.
    state: str
    # `fact`, `decision`, `preference` or `lesson`.
    kind: str
    # The fact whose value took its place.
    replaced_by: NotRequired[str | None]
    # The fact in a line.
    content: str
    project: str


class MemoriesFactsResult(TypedDict):
    items: List[MemoriesFactsResultItem]
    # What to pass as `cursor` for the next ones; null at the end.
    next_cursor: NotRequired[str | None]
    projects: List[str]


class MemoriesFactHistoryResultItemSource(TypedDict):
    id: str
    # RFC 3339, or a Unix time in seconds, ms, µs or ns by magnitude
    time: str | float
    start: int
    end: int


class MemoriesFactHistoryResultItem(TypedDict):
    id: str
    subject: str
    attribute: str
    value: str
    # The sentence that says it best.
    text: str
    # RFC 3339, or a Unix time in seconds, ms, µs or ns by magnitude
    valid_from: str | float
    # Null while it holds.
    valid_until: NotRequired[str | float | None]
    # Different speakers in different sessions that said so.
    support: int
    # Those that said otherwise since.
    against: int
    # The mean of the posterior that the next who speaks of it agrees.
    confidence: float
    # Events and memories that say so, with the sentence's place in bytes.
    sources: List[MemoriesFactHistoryResultItemSource]
    # `learned`, `told` or `confirmed`.
    state: str
    # `fact`, `decision`, `preference` or `lesson`.
    kind: str
    # The fact whose value took its place.
    replaced_by: NotRequired[str | None]
    # The fact in a line.
    content: str
    project: str


class MemoriesFactHistoryResult(TypedDict):
    id: str
    subject: str
    attribute: str
    items: List[MemoriesFactHistoryResultItem]
    projects: List[str]


class MemoriesConfirmResult(TypedDict):
    # The memory that says it.
    id: str
    version: int
    fact: str
    project: str
    # topic → partition → next offset
    position: dict[str, dict[str, int]]


class MemoriesRejectResult(TypedDict):
    id: str
    # Grows with each version.
    version: int
    project: str
    # What to pass as `after` to another server to read it.
    position: dict[str, dict[str, int]]


class MemoriesMergeResult(TypedDict):
    id: str
    version: int
    # Those that it took the place of.
    merged: List[str]
    project: str
    # topic → partition → next offset
    position: dict[str, dict[str, int]]


class MemoriesLinkResult(TypedDict):
    id: str
    # Grows with each version of a memory.
    version: int
    project: str
    # What to pass as `after` to another server to read it.
    position: dict[str, dict[str, int]]


class MemoriesImportResultRejectedItem(TypedDict):
    # Place in the data, from 0.
    index: int
    # The field that is wrong.
    field: NotRequired[str | None]
    message: str


class MemoriesImportResult(TypedDict):
    imported: int
    # Those that were there already.
    duplicates: int
    rejected: List[MemoriesImportResultRejectedItem]
    # Of what was imported.
    ids: List[str]
    project: str
    # topic → partition → next offset
    position: NotRequired[dict[str, dict[str, int]] | None]


class MemoriesExportFilter(TypedDict):
    # Type of event, or kind of memory.
    type: NotRequired[str | None]
    # The tool that was called.
    tool: NotRequired[str | None]
    # A file, or a folder above it.
    path: NotRequired[str | None]
    # A label.
    tag: NotRequired[str | None]
    # Who acted.
    agent: NotRequired[str | None]
    # The run of an agent.
    session: NotRequired[str | None]
    # From this time on: RFC 3339, or an age such as `2h`.
    since: NotRequired[str | None]
    # Before this time.
    until: NotRequired[str | None]


class MemoriesExportResult(TypedDict):
    data: str
    # Memories in it.
    count: int
    # Sensitive ones of the page that are not in it: the caller may not see them, or the format cannot say
    # that they are.
    withheld: int
    # What to pass as `cursor` for the next ones; null at the end.
    next_cursor: NotRequired[str | None]
    # What the answer lacks.
    degraded: List[str]
    projects: List[str]


class NotesCreateResult(TypedDict):
    id: str
    # The way to it from the top: numbers and letters in turn, a point after the first number.
    address: str
    version: int
    project: str
    # topic → partition → next offset
    position: dict[str, dict[str, int]]


class NotesGetResultParent(TypedDict):
    id: str
    address: str
    title: str
    # When it was written or changed last.
    time: str | float


class NotesGetResultChildrenItem(TypedDict):
    id: str
    address: str
    title: str
    # When it was written or changed last.
    time: str | float


class NotesGetResultLink(TypedDict):
    id: str
    # `note` or `memory`.
    kind: str
    # Of a note.
    address: NotRequired[str | None]
    # Of a memory its name, else its beginning; null of what is forgotten.
    title: NotRequired[str | None]
    why: str
    # When it was linked.
    time: str | float


class NotesGetResultBacklink(TypedDict):
    id: str
    # `note` or `memory`.
    kind: str
    # Of a note.
    address: NotRequired[str | None]
    # Of a memory its name, else its beginning; null of what is forgotten.
    title: NotRequired[str | None]
    why: str
    # When it was linked.
    time: str | float


class NotesGetResult(TypedDict):
    id: str
    address: str
    title: str
    body: str
    version: int
    # When this version was written.
    time: str | float
    # Who wrote this version.
    agent: NotRequired[str | None]
    session: NotRequired[str | None]
    tags: List[str]
    # The note above.
    parent: NotRequired[NotesGetResultParent]
    # The notes directly below.
    children: List[NotesGetResultChildrenItem]
    links: List[NotesGetResultLink]
    backlinks: List[NotesGetResultBacklink]
    project: str


class NotesUpdateResult(TypedDict):
    id: str
    # Grows with each version.
    version: int
    project: str
    # What to pass as `after` to another server to read it.
    position: dict[str, dict[str, int]]


class NotesLinkResult(TypedDict):
    id: str
    # Grows with each version.
    version: int
    project: str
    # What to pass as `after` to another server to read it.
    position: dict[str, dict[str, int]]


class NotesBacklinksResultItem(TypedDict):
    id: str
    # `note` or `memory`.
    kind: str
    # Of a note.
    address: NotRequired[str | None]
    # Of a memory its name, else its beginning; null of what is forgotten.
    title: NotRequired[str | None]
    why: str
    # When it was linked.
    time: str | float


class NotesBacklinksResult(TypedDict):
    items: List[NotesBacklinksResultItem]
    next_cursor: NotRequired[str | None]
    project: str


class NotesSuggestResultItem(TypedDict):
    id: str
    # What can be found.
    kind: Literal["event", "memory", "fact", "procedure", "entity", "community", "note", "task", "symbol", "episode"]
    # Of a note.
    address: NotRequired[str | None]
    title: NotRequired[str | None]
    # Its beginning.
    content: str
    # From 0 to 1: 1 − (1 − text) · (1 − graph).
    score: float
    parts: dict[str, float]
    # Neighbours that both have.
    shared: List[str]


class NotesSuggestResult(TypedDict):
    items: List[NotesSuggestResultItem]
    # What the answer lacks.
    degraded: List[str]
    project: str


class NotesOutlineResultItem(TypedDict):
    id: str
    address: str
    title: str
    # When it was written or changed last.
    time: str | float
    # Levels below where the outline begins, from 0.
    depth: int
    # How many notes are directly below.
    children: int


class NotesOutlineResult(TypedDict):
    items: List[NotesOutlineResultItem]
    next_cursor: NotRequired[str | None]
    project: str


class NotesMoveResult(TypedDict):
    id: str
    # The way to it from the top: numbers and letters in turn, a point after the first number.
    address: str
    version: int
    project: str
    # topic → partition → next offset
    position: dict[str, dict[str, int]]


class NotesSearchResultItem(TypedDict):
    id: str
    # What can be found.
    kind: Literal["event", "memory", "fact", "procedure", "entity", "community", "note", "task", "symbol", "episode"]
    # Comparable within one answer only.
    score: float
    # What it is called.
    name: NotRequired[str | None]
    content: str
    # RFC 3339, or a Unix time in seconds, ms, µs or ns by magnitude
    time: str | float
    project: str
    session: NotRequired[str | None]
    agent: NotRequired[str | None]
    type: NotRequired[str | None]
    tool: NotRequired[str | None]
    outcome: NotRequired[str | None]
    # Ids of the events that it rests on.
    sources: List[str]
    # What the score is made of; with `explain`.
    parts: NotRequired[dict[str, float] | None]
    address: str


class NotesSearchResult(TypedDict):
    items: List[NotesSearchResultItem]
    # What the answer lacks.
    degraded: List[str]
    # topic → partition → next offset
    position: dict[str, dict[str, int]]
    project: str


class NotesOrphansResultItem(TypedDict):
    id: str
    address: str
    title: str
    # When it was written or changed last.
    time: str | float


class NotesOrphansResult(TypedDict):
    items: List[NotesOrphansResultItem]
    next_cursor: NotRequired[str | None]
    project: str


class RetrieveSearchFilters(TypedDict):
    # Type of event, or kind of memory.
    type: NotRequired[str | None]
    # The tool that was called.
    tool: NotRequired[str | None]
    # A file, or a folder above it.
    path: NotRequired[str | None]
    # A label.
    tag: NotRequired[str | None]
    # Who acted.
    agent: NotRequired[str | None]
    # The run of an agent.
    session: NotRequired[str | None]
    # From this time on: RFC 3339, or an age such as `2h`.
    since: NotRequired[str | None]
    # Before this time.
    until: NotRequired[str | None]


class RetrieveSearchWeights(TypedDict):
    # How well it matches by words.
    text: NotRequired[float]
    # How like it is by meaning.
    vector: NotRequired[float]
    # How near it is to what the question names, in the graph.
    graph: NotRequired[float]
    # How new it is.
    recency: NotRequired[float]
    # What was told of its importance, and whether it was useful.
    importance: NotRequired[float]


class RetrieveSearchResultItem(TypedDict):
    id: str
    # What can be found.
    kind: Literal["event", "memory", "fact", "procedure", "entity", "community", "note", "task", "symbol", "episode"]
    # Comparable within one answer only.
    score: float
    # What it is called.
    name: NotRequired[str | None]
    content: str
    # RFC 3339, or a Unix time in seconds, ms, µs or ns by magnitude
    time: str | float
    project: str
    session: NotRequired[str | None]
    agent: NotRequired[str | None]
    type: NotRequired[str | None]
    tool: NotRequired[str | None]
    outcome: NotRequired[str | None]
    # Ids of the events that it rests on.
    sources: List[str]
    # What the score is made of; with `explain`.
    parts: NotRequired[dict[str, float] | None]


class RetrieveSearchResult(TypedDict):
    items: List[RetrieveSearchResultItem]
    took_ms: float
    # What the answer lacks.
    degraded: List[str]
    # topic → partition → next offset
    position: dict[str, dict[str, int]]
    projects: List[str]


class RetrieveSmartFilters(TypedDict):
    # Type of event, or kind of memory.
    type: NotRequired[str | None]
    # The tool that was called.
    tool: NotRequired[str | None]
    # A file, or a folder above it.
    path: NotRequired[str | None]
    # A label.
    tag: NotRequired[str | None]
    # Who acted.
    agent: NotRequired[str | None]
    # The run of an agent.
    session: NotRequired[str | None]
    # From this time on: RFC 3339, or an age such as `2h`.
    since: NotRequired[str | None]
    # Before this time.
    until: NotRequired[str | None]


class RetrieveSmartResultItem(TypedDict):
    id: str
    # What can be found.
    kind: Literal["event", "memory", "fact", "procedure", "entity", "community", "note", "task", "symbol", "episode"]
    # Comparable within one answer only.
    score: float
    # What it is called.
    name: NotRequired[str | None]
    content: str
    # RFC 3339, or a Unix time in seconds, ms, µs or ns by magnitude
    time: str | float
    project: str
    session: NotRequired[str | None]
    agent: NotRequired[str | None]
    type: NotRequired[str | None]
    tool: NotRequired[str | None]
    outcome: NotRequired[str | None]
    # Ids of the events that it rests on.
    sources: List[str]
    # What the score is made of; with `explain`.
    parts: NotRequired[dict[str, float] | None]
    # The strategies that found it.
    found_by: List[Literal["search", "diverse", "temporal", "local", "multi_hop", "reflect", "hyde"]]


class RetrieveSmartResultStrategie(TypedDict):
    # A way to answer.
    strategy: Literal["search", "diverse", "temporal", "local", "multi_hop", "reflect", "hyde"]
    hits: int
    took_ms: float


RetrieveSmartResult = TypedDict("RetrieveSmartResult", {
    "items": "List[RetrieveSmartResultItem]",
    # What kind of question it is.
    "class": "Literal['lookup', 'who', 'temporal', 'cause', 'aggregate', 'multi_hop', 'global']",
    # What was done.
    "strategies": "List[RetrieveSmartResultStrategie]",
    # What there was no time for.
    "left_out": "List[Literal['search', 'diverse', 'temporal', 'local', 'multi_hop', 'reflect', 'hyde']]",
    # What this kind of question would need that is not there.
    "reason": "NotRequired[str | None]",
    "took_ms": "float",
    # What the answer lacks.
    "degraded": "List[str]",
    # topic → partition → next offset
    "position": "dict[str, dict[str, int]]",
    "projects": "List[str]",
})


class RetrieveHydeFilters(TypedDict):
    # Type of event, or kind of memory.
    type: NotRequired[str | None]
    # The tool that was called.
    tool: NotRequired[str | None]
    # A file, or a folder above it.
    path: NotRequired[str | None]
    # A label.
    tag: NotRequired[str | None]
    # Who acted.
    agent: NotRequired[str | None]
    # The run of an agent.
    session: NotRequired[str | None]
    # From this time on: RFC 3339, or an age such as `2h`.
    since: NotRequired[str | None]
    # Before this time.
    until: NotRequired[str | None]


class RetrieveHydeResultItem(TypedDict):
    id: str
    # What can be found.
    kind: Literal["event", "memory", "fact", "procedure", "entity", "community", "note", "task", "symbol", "episode"]
    # Comparable within one answer only.
    score: float
    # What it is called.
    name: NotRequired[str | None]
    content: str
    # RFC 3339, or a Unix time in seconds, ms, µs or ns by magnitude
    time: str | float
    project: str
    session: NotRequired[str | None]
    agent: NotRequired[str | None]
    type: NotRequired[str | None]
    tool: NotRequired[str | None]
    outcome: NotRequired[str | None]
    # Ids of the events that it rests on.
    sources: List[str]
    # What the score is made of; with `explain`.
    parts: NotRequired[dict[str, float] | None]


class RetrieveHydeResultWord(TypedDict):
    word: str
    weight: float


class RetrieveHydeResult(TypedDict):
    items: List[RetrieveHydeResultItem]
    # `llm`: by what a model says that an answer may read like; `feedback`: by what the best answers share;
    # `search`: they share nothing, so the question stands alone.
    method: str
    # The words that it was widened by, the heaviest first; weights are from 0 to 1.
    words: List[RetrieveHydeResultWord]
    took_ms: float
    # What the answer lacks.
    degraded: List[str]
    # topic → partition → next offset
    position: dict[str, dict[str, int]]
    projects: List[str]


class RetrieveExpandResultItem(TypedDict):
    # The other question.
    query: str
    # `part` of what was asked, `synonym`s that texts here have, words `shared` by the best answers, a
    # reference `resolved`, or `told` by a language model.
    kind: str
    # The words that make the difference.
    words: List[str]


class RetrieveExpandResult(TypedDict):
    items: List[RetrieveExpandResultItem]
    # `llm`: a model told forms too; `corpus`: by what the texts here say alone.
    method: str
    took_ms: float
    # What the answer lacks.
    degraded: List[str]
    # topic → partition → next offset
    position: dict[str, dict[str, int]]
    projects: List[str]


class RetrieveRerankResultItem(TypedDict):
    id: str
    # What can be found.
    kind: Literal["event", "memory", "fact", "procedure", "entity", "community", "note", "task", "symbol", "episode"]
    # Comparable within one answer only.
    score: float
    # What it is called.
    name: NotRequired[str | None]
    content: str
    # RFC 3339, or a Unix time in seconds, ms, µs or ns by magnitude
    time: str | float
    project: str
    session: NotRequired[str | None]
    agent: NotRequired[str | None]
    type: NotRequired[str | None]
    tool: NotRequired[str | None]
    outcome: NotRequired[str | None]
    # Ids of the events that it rests on.
    sources: List[str]
    # What the score is made of; with `explain`.
    parts: NotRequired[dict[str, float] | None]


class RetrieveRerankResult(TypedDict):
    items: List[RetrieveRerankResultItem]
    # Ids that nothing here has.
    absent: List[str]
    took_ms: float
    # What the answer lacks.
    degraded: List[str]
    # topic → partition → next offset
    position: dict[str, dict[str, int]]
    projects: List[str]


class RetrieveReflectFilters(TypedDict):
    # Type of event, or kind of memory.
    type: NotRequired[str | None]
    # The tool that was called.
    tool: NotRequired[str | None]
    # A file, or a folder above it.
    path: NotRequired[str | None]
    # A label.
    tag: NotRequired[str | None]
    # Who acted.
    agent: NotRequired[str | None]
    # The run of an agent.
    session: NotRequired[str | None]
    # From this time on: RFC 3339, or an age such as `2h`.
    since: NotRequired[str | None]
    # Before this time.
    until: NotRequired[str | None]


class RetrieveReflectResultItem(TypedDict):
    id: str
    # What can be found.
    kind: Literal["event", "memory", "fact", "procedure", "entity", "community", "note", "task", "symbol", "episode"]
    # Comparable within one answer only.
    score: float
    # What it is called.
    name: NotRequired[str | None]
    content: str
    # RFC 3339, or a Unix time in seconds, ms, µs or ns by magnitude
    time: str | float
    project: str
    session: NotRequired[str | None]
    agent: NotRequired[str | None]
    type: NotRequired[str | None]
    tool: NotRequired[str | None]
    outcome: NotRequired[str | None]
    # Ids of the events that it rests on.
    sources: List[str]
    # What the score is made of; with `explain`.
    parts: NotRequired[dict[str, float] | None]


class RetrieveReflectResultRound(TypedDict):
    # What was searched for.
    query: str
    # Ids of the hits that it added.
    added: List[str]
    # The share of the question's idf mass that the hits have after it.
    cover: float


class RetrieveReflectResult(TypedDict):
    items: List[RetrieveReflectResultItem]
    # `coverage`: by the words that hits have.
    method: str
    # What was searched for again, and what that added.
    rounds: List[RetrieveReflectResultRound]
    # The share of the question that the hits have; null of a question without words.
    cover: NotRequired[float | None]
    # Words that no hit has.
    lacking: List[str]
    took_ms: float
    # What the answer lacks.
    degraded: List[str]
    # topic → partition → next offset
    position: dict[str, dict[str, int]]
    projects: List[str]


class RetrieveMultiHopFilters(TypedDict):
    # Type of event, or kind of memory.
    type: NotRequired[str | None]
    # The tool that was called.
    tool: NotRequired[str | None]
    # A file, or a folder above it.
    path: NotRequired[str | None]
    # A label.
    tag: NotRequired[str | None]
    # Who acted.
    agent: NotRequired[str | None]
    # The run of an agent.
    session: NotRequired[str | None]
    # From this time on: RFC 3339, or an age such as `2h`.
    since: NotRequired[str | None]
    # Before this time.
    until: NotRequired[str | None]


class RetrieveMultiHopResultItemPathItemVia(TypedDict):
    # What kind of thing is named.
    kind: Literal["file", "symbol", "code", "name", "tool", "tag", "agent", "session"]
    name: str


RetrieveMultiHopResultItemPathItem = TypedDict("RetrieveMultiHopResultItemPathItem", {
    # Id of the hit before.
    "from": "str",
    # Something that documents name, or are labelled with.
    "via": "RetrieveMultiHopResultItemPathItemVia",
    # Id of this hit, or of one on the way.
    "to": "str",
})


class RetrieveMultiHopResultItem(TypedDict):
    id: str
    # What can be found.
    kind: Literal["event", "memory", "fact", "procedure", "entity", "community", "note", "task", "symbol", "episode"]
    # Comparable within one answer only.
    score: float
    # What it is called.
    name: NotRequired[str | None]
    content: str
    # RFC 3339, or a Unix time in seconds, ms, µs or ns by magnitude
    time: str | float
    project: str
    session: NotRequired[str | None]
    agent: NotRequired[str | None]
    type: NotRequired[str | None]
    tool: NotRequired[str | None]
    outcome: NotRequired[str | None]
    # Ids of the events that it rests on.
    sources: List[str]
    # What the score is made of; with `explain`.
    parts: NotRequired[dict[str, float] | None]
    # From a hit of the question itself to this one; empty of those.
    path: List[RetrieveMultiHopResultItemPathItem]


class RetrieveMultiHopResult(TypedDict):
    items: List[RetrieveMultiHopResultItem]
    took_ms: float
    # What the answer lacks.
    degraded: List[str]
    # topic → partition → next offset
    position: dict[str, dict[str, int]]
    projects: List[str]


class RetrieveLocalFilters(TypedDict):
    # Type of event, or kind of memory.
    type: NotRequired[str | None]
    # The tool that was called.
    tool: NotRequired[str | None]
    # A file, or a folder above it.
    path: NotRequired[str | None]
    # A label.
    tag: NotRequired[str | None]
    # Who acted.
    agent: NotRequired[str | None]
    # The run of an agent.
    session: NotRequired[str | None]
    # From this time on: RFC 3339, or an age such as `2h`.
    since: NotRequired[str | None]
    # Before this time.
    until: NotRequired[str | None]


class RetrieveLocalResultItem(TypedDict):
    id: str
    # What can be found.
    kind: Literal["event", "memory", "fact", "procedure", "entity", "community", "note", "task", "symbol", "episode"]
    # Comparable within one answer only.
    score: float
    # What it is called.
    name: NotRequired[str | None]
    content: str
    # RFC 3339, or a Unix time in seconds, ms, µs or ns by magnitude
    time: str | float
    project: str
    session: NotRequired[str | None]
    agent: NotRequired[str | None]
    type: NotRequired[str | None]
    tool: NotRequired[str | None]
    outcome: NotRequired[str | None]
    # Ids of the events that it rests on.
    sources: List[str]
    # What the score is made of; with `explain`.
    parts: NotRequired[dict[str, float] | None]


class RetrieveLocalResultEntitie(TypedDict):
    # What kind of thing is named.
    kind: Literal["file", "symbol", "code", "name", "tool", "tag", "agent", "session"]
    name: str


class RetrieveLocalResultNearItem(TypedDict):
    # What kind of thing is named.
    kind: Literal["file", "symbol", "code", "name", "tool", "tag", "agent", "session"]
    name: str
    # Its share of a random walk that begins at what the question names and returns there.
    score: float


class RetrieveLocalResult(TypedDict):
    items: List[RetrieveLocalResultItem]
    # What the question names.
    entities: List[RetrieveLocalResultEntitie]
    # Why there are none.
    reason: NotRequired[str | None]
    # What is near these, the nearest first.
    near: List[RetrieveLocalResultNearItem]
    took_ms: float
    # What the answer lacks.
    degraded: List[str]
    # topic → partition → next offset
    position: dict[str, dict[str, int]]
    projects: List[str]


class RetrieveGlobalResultItem(TypedDict):
    id: str
    # From 0, the broadest.
    level: int
    # The community one level up that it lies in.
    parent: NotRequired[str | None]
    # Members, those that stand everywhere included.
    size: int
    # Its most central members.
    name: str
    # Its part of the modularity of its level.
    modularity_share: float
    # Names of the most central members.
    top: List[str]
    summary: str
    # The run that wrote it; null of one that was found since.
    version: NotRequired[str | None]
    # What the question's words have in common with its names and summary, and its size; from 0 to 1.
    score: float
    # Words of the question that it has.
    words: List[str]


class RetrieveGlobalResultSource(TypedDict):
    id: str
    # `event` or `memory`.
    kind: str
    time: Any
    content: str


class RetrieveGlobalResult(TypedDict):
    items: List[RetrieveGlobalResultItem]
    # Events that the first of them quote.
    sources: List[RetrieveGlobalResultSource]
    # `extractive`: every word of it is quoted.
    method: str
    # Why there is nothing, or why the order is by size.
    reason: NotRequired[str | None]
    # topic → partition → next offset
    position: dict[str, dict[str, int]]
    project: str


class RetrieveTemporalFilters(TypedDict):
    # Type of event, or kind of memory.
    type: NotRequired[str | None]
    # The tool that was called.
    tool: NotRequired[str | None]
    # A file, or a folder above it.
    path: NotRequired[str | None]
    # A label.
    tag: NotRequired[str | None]
    # Who acted.
    agent: NotRequired[str | None]
    # The run of an agent.
    session: NotRequired[str | None]
    # From this time on: RFC 3339, or an age such as `2h`.
    since: NotRequired[str | None]
    # Before this time.
    until: NotRequired[str | None]


class RetrieveTemporalResultItem(TypedDict):
    id: str
    # What can be found.
    kind: Literal["event", "memory", "fact", "procedure", "entity", "community", "note", "task", "symbol", "episode"]
    # Comparable within one answer only.
    score: float
    # What it is called.
    name: NotRequired[str | None]
    content: str
    # RFC 3339, or a Unix time in seconds, ms, µs or ns by magnitude
    time: str | float
    project: str
    session: NotRequired[str | None]
    agent: NotRequired[str | None]
    type: NotRequired[str | None]
    tool: NotRequired[str | None]
    outcome: NotRequired[str | None]
    # Ids of the events that it rests on.
    sources: List[str]
    # What the score is made of; with `explain`.
    parts: NotRequired[dict[str, float] | None]


RetrieveTemporalResultTime = TypedDict("RetrieveTemporalResultTime", {
    # As it was said.
    "said": "str",
    # From this time on; null where it is open.
    "from": "NotRequired[str | float | None]",
    # Before this time; null where it is open.
    "until": "NotRequired[str | float | None]",
})


class RetrieveTemporalResultAnchor(TypedDict):
    # As it was said.
    what: str
    # Id of what it was taken to be; null where nothing is sure enough.
    id: NotRequired[str | None]
    # RFC 3339, or a Unix time in seconds, ms, µs or ns by magnitude
    time: NotRequired[str | float | None]


class RetrieveTemporalResultOutsideItem(TypedDict):
    id: str
    # What can be found.
    kind: Literal["event", "memory", "fact", "procedure", "entity", "community", "note", "task", "symbol", "episode"]
    # Comparable within one answer only.
    score: float
    # What it is called.
    name: NotRequired[str | None]
    content: str
    # RFC 3339, or a Unix time in seconds, ms, µs or ns by magnitude
    time: str | float
    project: str
    session: NotRequired[str | None]
    agent: NotRequired[str | None]
    type: NotRequired[str | None]
    tool: NotRequired[str | None]
    outcome: NotRequired[str | None]
    # Ids of the events that it rests on.
    sources: List[str]
    # What the score is made of; with `explain`.
    parts: NotRequired[dict[str, float] | None]


class RetrieveTemporalResult(TypedDict):
    items: List[RetrieveTemporalResultItem]
    # The times that were read.
    times: List[RetrieveTemporalResultTime]
    # What times were measured by.
    anchors: List[RetrieveTemporalResultAnchor]
    # `newest` or `oldest`; null when neither is asked for.
    order: NotRequired[str | None]
    # Why no time was taken from the question.
    reason: NotRequired[str | None]
    # Where nothing is within the times: the nearest in time of what answers otherwise.
    outside: List[RetrieveTemporalResultOutsideItem]
    took_ms: float
    # What the answer lacks.
    degraded: List[str]
    # topic → partition → next offset
    position: dict[str, dict[str, int]]
    projects: List[str]


class RetrieveContextFilters(TypedDict):
    # Type of event, or kind of memory.
    type: NotRequired[str | None]
    # The tool that was called.
    tool: NotRequired[str | None]
    # A file, or a folder above it.
    path: NotRequired[str | None]
    # A label.
    tag: NotRequired[str | None]
    # Who acted.
    agent: NotRequired[str | None]
    # The run of an agent.
    session: NotRequired[str | None]
    # From this time on: RFC 3339, or an age such as `2h`.
    since: NotRequired[str | None]
    # Before this time.
    until: NotRequired[str | None]


class RetrieveContextResultItem(TypedDict):
    id: str
    # What can be found.
    kind: Literal["event", "memory", "fact", "procedure", "entity", "community", "note", "task", "symbol", "episode"]
    score: float
    # Whether the text was cut.
    cut: bool


class RetrieveContextResult(TypedDict):
    # A line each: `[id] time text`.
    text: str
    # What the lines are of.
    items: List[RetrieveContextResultItem]
    # Tokens of the text, four characters each.
    tokens: int
    # What the answer lacks.
    degraded: List[str]
    # topic → partition → next offset
    position: dict[str, dict[str, int]]
    projects: List[str]


class RetrieveSimilarFilters(TypedDict):
    # Type of event, or kind of memory.
    type: NotRequired[str | None]
    # The tool that was called.
    tool: NotRequired[str | None]
    # A file, or a folder above it.
    path: NotRequired[str | None]
    # A label.
    tag: NotRequired[str | None]
    # Who acted.
    agent: NotRequired[str | None]
    # The run of an agent.
    session: NotRequired[str | None]
    # From this time on: RFC 3339, or an age such as `2h`.
    since: NotRequired[str | None]
    # Before this time.
    until: NotRequired[str | None]


class RetrieveSimilarResultItem(TypedDict):
    id: str
    # What can be found.
    kind: Literal["event", "memory", "fact", "procedure", "entity", "community", "note", "task", "symbol", "episode"]
    # Comparable within one answer only.
    score: float
    # What it is called.
    name: NotRequired[str | None]
    content: str
    # RFC 3339, or a Unix time in seconds, ms, µs or ns by magnitude
    time: str | float
    project: str
    session: NotRequired[str | None]
    agent: NotRequired[str | None]
    type: NotRequired[str | None]
    tool: NotRequired[str | None]
    outcome: NotRequired[str | None]
    # Ids of the events that it rests on.
    sources: List[str]
    # What the score is made of; with `explain`.
    parts: NotRequired[dict[str, float] | None]


class RetrieveSimilarResult(TypedDict):
    items: List[RetrieveSimilarResultItem]
    took_ms: float
    # What the answer lacks.
    degraded: List[str]
    # topic → partition → next offset
    position: dict[str, dict[str, int]]
    projects: List[str]


RetrieveCalibrateResultItemCurveItem = TypedDict("RetrieveCalibrateResultItemCurveItem", {
    "from": "float",
    "to": "float",
    # The mean score.
    "mean": "float",
    "judged": "int",
    # The share that was useful, and the bounds of its interval of 95 %.
    "useful": "float",
    "low": "float",
    "high": "float",
})


class RetrieveCalibrateResultItem(TypedDict):
    # `TOOL.OPERATION`.
    operation: str
    # Answers that were judged.
    judged: int
    # The share of them that was useful; null with `reason`.
    useful: NotRequired[float | None]
    # The probability that of a useful and a useless answer the useful one had the higher score; null with
    # `reason`.
    discrimination: NotRequired[float | None]
    # The mean square of what the score was off by; null of scores that are no probabilities.
    brier: NotRequired[float | None]
    # By how much the share of useful answers is off the score, over the curve; null of scores that are no
    # probabilities.
    calibration_error: NotRequired[float | None]
    # Stretches of rising scores; null with `reason`.
    curve: NotRequired[List[RetrieveCalibrateResultItemCurveItem] | None]
    # Why something is null that is not so by its nature.
    reason: NotRequired[str | None]


class RetrieveCalibrateResult(TypedDict):
    items: List[RetrieveCalibrateResultItem]
    # Answers that were judged, over all operations.
    judged: int
    # Why there is nothing to tell, where there is not.
    reason: NotRequired[str | None]
    projects: List[str]


class RetrieveFeedbackResult(TypedDict):
    # Id of the judgement.
    id: str
    # Grows with each judgement of the same.
    version: int
    project: str
    # What to pass as `after` to another server to read it.
    position: dict[str, dict[str, int]]


ProceduresListResultItemStepParameterSource = TypedDict("ProceduresListResultItemStepParameterSource", {
    # Number of the earlier step.
    "step": "int",
    # What of an earlier step a value comes from: its output, or what it was given itself.
    "from": "Literal['output', 'parameter']",
    # The output's field, or the earlier step's parameter.
    "field": "NotRequired[str | None]",
    # Share of the runs, of those that have both steps.
    "share": "float",
})


class ProceduresListResultItemStepParameter(TypedDict):
    name: str
    # What a value looks like. Its name, where nothing names the value better.
    kind: Literal["path", "url", "number", "name", "text"]
    examples: List[str]
    # The earlier step that its value comes from.
    source: NotRequired[ProceduresListResultItemStepParameterSource]


class ProceduresListResultItemStep(TypedDict):
    # The step's stable token.
    action: str
    tool: str
    template: str
    parameters: List[ProceduresListResultItemStepParameter]
    # Of the runs that came so far the share that did it; null where none is known.
    done: NotRequired[float | None]
    # How often a run does it, in the median.
    times: NotRequired[int | None]
    # Runs that failed here, of those that did it.
    failures: int
    of: int


class ProceduresListResultItemSuccessRate(TypedDict):
    value: NotRequired[float | None]
    # The 95 % interval (Wilson).
    low: NotRequired[float | None]
    high: NotRequired[float | None]
    successes: int
    # Runs of which it is known how they ended.
    of: int
    # Why it is null.
    reason: NotRequired[str | None]


class ProceduresListResultItemPrecondition(TypedDict):
    # `Step`: an action done before. `Input`: a value that no step gives.
    kind: Literal["step", "input"]
    text: str
    # Share of the runs in which it held, and of all sessions; null of inputs.
    share: NotRequired[float | None]
    elsewhere: NotRequired[float | None]


class ProceduresListResultItem(TypedDict):
    id: str
    name: str
    category: str
    steps: List[ProceduresListResultItemStep]
    # Times that it was found in what was done.
    support: int
    # Different sessions that did it.
    sessions: int
    # How often it succeeds.
    success_rate: ProceduresListResultItemSuccessRate
    median_duration_ms: NotRequired[int | None]
    preconditions: List[ProceduresListResultItemPrecondition]
    # Ids of events that its best runs began with.
    examples: List[str]
    # Grows with each change: the run that found it so, or the position of what was said of it last.
    version: int
    # `learned`, `told`, or `learned and told`.
    origin: str
    # Why nobody should follow it any more.
    retired: NotRequired[str | None]


class ProceduresListResult(TypedDict):
    items: List[ProceduresListResultItem]
    next_cursor: NotRequired[str | None]
    # Why there are none.
    reason: NotRequired[str | None]
    project: str


ProceduresGetResultStepParameterSource = TypedDict("ProceduresGetResultStepParameterSource", {
    # Number of the earlier step.
    "step": "int",
    # What of an earlier step a value comes from: its output, or what it was given itself.
    "from": "Literal['output', 'parameter']",
    # The output's field, or the earlier step's parameter.
    "field": "NotRequired[str | None]",
    # Share of the runs, of those that have both steps.
    "share": "float",
})


class ProceduresGetResultStepParameter(TypedDict):
    name: str
    # What a value looks like. Its name, where nothing names the value better.
    kind: Literal["path", "url", "number", "name", "text"]
    examples: List[str]
    # The earlier step that its value comes from.
    source: NotRequired[ProceduresGetResultStepParameterSource]


class ProceduresGetResultStep(TypedDict):
    # The step's stable token.
    action: str
    tool: str
    template: str
    parameters: List[ProceduresGetResultStepParameter]
    # Of the runs that came so far the share that did it; null where none is known.
    done: NotRequired[float | None]
    # How often a run does it, in the median.
    times: NotRequired[int | None]
    # Runs that failed here, of those that did it.
    failures: int
    of: int


class ProceduresGetResultSuccessRate(TypedDict):
    value: NotRequired[float | None]
    # The 95 % interval (Wilson).
    low: NotRequired[float | None]
    high: NotRequired[float | None]
    successes: int
    # Runs of which it is known how they ended.
    of: int
    # Why it is null.
    reason: NotRequired[str | None]


class ProceduresGetResultPrecondition(TypedDict):
    # `Step`: an action done before. `Input`: a value that no step gives.
    kind: Literal["step", "input"]
    text: str
    # Share of the runs in which it held, and of all sessions; null of inputs.
    share: NotRequired[float | None]
    elsewhere: NotRequired[float | None]


ProceduresGetResultRepeat = TypedDict("ProceduresGetResultRepeat", {
    "from": "int",
    "to": "int",
    # Median and most.
    "times": "int",
    "most": "int",
})


class ProceduresGetResultVariantSuccess(TypedDict):
    value: float
    low: float
    high: float
    successes: int
    of: int


class ProceduresGetResultVariant(TypedDict):
    # Numbers of the steps that were done.
    steps: List[int]
    runs: int
    # A share with its 95 % interval (Wilson, 1927).
    success: NotRequired[ProceduresGetResultVariantSuccess]
    median_duration_ms: NotRequired[int | None]


class ProceduresGetResultRun(TypedDict):
    session: str
    # RFC 3339, or a Unix time in seconds, ms, µs or ns by magnitude
    started_at: str | float
    duration_ms: int
    # `success`, `failure` or `unknown`.
    outcome: str
    # Number of the step at which it failed, from 0.
    failed_at: NotRequired[int | None]
    # Ids of the events of its steps; null where one was left out, or nothing was seen of it.
    events: List[str | None]


ProceduresGetResult = TypedDict("ProceduresGetResult", {
    "id": "str",
    "name": "str",
    "category": "str",
    "steps": "List[ProceduresGetResultStep]",
    # Times that it was found in what was done.
    "support": "int",
    # Different sessions that did it.
    "sessions": "int",
    # How often it succeeds.
    "success_rate": "ProceduresGetResultSuccessRate",
    "median_duration_ms": "NotRequired[int | None]",
    "preconditions": "List[ProceduresGetResultPrecondition]",
    # Ids of events that its best runs began with.
    "examples": "List[str]",
    # Grows with each change: the run that found it so, or the position of what was said of it last.
    "version": "int",
    # `learned`, `told`, or `learned and told`.
    "origin": "str",
    # Why nobody should follow it any more.
    "retired": "NotRequired[str | None]",
    # Neighbouring steps that are done again and again together.
    "repeats": "List[ProceduresGetResultRepeat]",
    # Which steps runs did, the most usual first.
    "variants": "List[ProceduresGetResultVariant]",
    # How many patterns as good as this chance was expected to find in the project; null of what was only
    # told.
    "by_chance": "NotRequired[float | None]",
    # The newest times that it was done.
    "runs": "List[ProceduresGetResultRun]",
    # What those who did it noted, the newest first.
    "lessons": "List[str]",
    # The session that it was made of.
    "from": "NotRequired[str | None]",
    "project": "str",
})


class ProceduresCreateResult(TypedDict):
    id: str
    # Grows with each version.
    version: int
    project: str
    # What to pass as `after` to another server to read it.
    position: dict[str, dict[str, int]]


class ProceduresUpdateResult(TypedDict):
    id: str
    # Grows with each version.
    version: int
    project: str
    # What to pass as `after` to another server to read it.
    position: dict[str, dict[str, int]]


ProceduresFindResultItemNextParameterSource = TypedDict("ProceduresFindResultItemNextParameterSource", {
    # Number of the earlier step.
    "step": "int",
    # What of an earlier step a value comes from: its output, or what it was given itself.
    "from": "Literal['output', 'parameter']",
    # The output's field, or the earlier step's parameter.
    "field": "NotRequired[str | None]",
    # Share of the runs, of those that have both steps.
    "share": "float",
})


class ProceduresFindResultItemNextParameter(TypedDict):
    name: str
    # What a value looks like. Its name, where nothing names the value better.
    kind: Literal["path", "url", "number", "name", "text"]
    examples: List[str]
    # The earlier step that its value comes from.
    source: NotRequired[ProceduresFindResultItemNextParameterSource]


class ProceduresFindResultItemNext(TypedDict):
    # The step's stable token.
    action: str
    tool: str
    template: str
    parameters: List[ProceduresFindResultItemNextParameter]
    # Of the runs that came so far the share that did it; null where none is known.
    done: NotRequired[float | None]
    # How often a run does it, in the median.
    times: NotRequired[int | None]
    # Runs that failed here, of those that did it.
    failures: int
    of: int


class ProceduresFindResultItemSuccessRate(TypedDict):
    value: NotRequired[float | None]
    # The 95 % interval (Wilson).
    low: NotRequired[float | None]
    high: NotRequired[float | None]
    successes: int
    # Runs of which it is known how they ended.
    of: int
    # Why it is null.
    reason: NotRequired[str | None]


class ProceduresFindResultItem(TypedDict):
    id: str
    name: str
    # How well it fits, from 0 to 1.
    score: float
    # Why it fits, its steps and its success, in a line.
    content: str
    # Words of the situation that it has.
    words: List[str]
    # Numbers of the steps that the session did already, from 0.
    done: List[int]
    # The step that comes next.
    next: NotRequired[ProceduresFindResultItemNext]
    # How often it succeeds.
    success_rate: ProceduresFindResultItemSuccessRate
    support: int


class ProceduresFindResult(TypedDict):
    items: List[ProceduresFindResultItem]
    # Why there are none.
    reason: NotRequired[str | None]
    degraded: List[str]
    project: str


class ProceduresNextStepResultItemStepSuccess(TypedDict):
    value: float
    low: float
    high: float
    successes: int
    of: int


class ProceduresNextStepResultItemSessionSuccess(TypedDict):
    value: float
    low: float
    high: float
    successes: int
    of: int


class ProceduresNextStepResultItemArgumentValue(TypedDict):
    value: str
    probability: float


class ProceduresNextStepResultItemArgument(TypedDict):
    parameter: str
    values: List[ProceduresNextStepResultItemArgumentValue]


class ProceduresNextStepResultItem(TypedDict):
    action: str
    tool: str
    template: str
    probability: float
    # How such steps ended after the same step before; and the sessions that they were in.
    step_success: NotRequired[ProceduresNextStepResultItemStepSuccess]
    # A share with its 95 % interval (Wilson, 1927).
    session_success: NotRequired[ProceduresNextStepResultItemSessionSuccess]
    arguments: List[ProceduresNextStepResultItemArgument]


class ProceduresNextStepResult(TypedDict):
    items: List[ProceduresNextStepResultItem]
    # Given steps that nobody ever did here: they were passed over.
    unknown: List[str]
    # Why nothing can be told.
    reason: NotRequired[str | None]
    degraded: List[str]
    project: str


class ProceduresExecuteResultItem(TypedDict):
    # From 1.
    number: int
    tool: str
    # What to do, the values filled in.
    text: str
    done: bool


class ProceduresExecuteResult(TypedDict):
    # Of the run: pass it as `execution` to `record_execution`.
    id: str
    procedure: str
    name: str
    # What is to be done.
    items: List[ProceduresExecuteResultItem]
    # Parameters without a value.
    missing: List[str]
    version: int
    project: str
    # topic → partition → next offset
    position: dict[str, dict[str, int]]


class ProceduresRecordExecutionResult(TypedDict):
    id: str
    procedure: str
    duration_ms: NotRequired[int | None]
    version: int
    project: str
    # topic → partition → next offset
    position: dict[str, dict[str, int]]


class ProceduresEffectivenessResultSuccessRate(TypedDict):
    value: NotRequired[float | None]
    # The 95 % interval (Wilson).
    low: NotRequired[float | None]
    high: NotRequired[float | None]
    successes: int
    # Runs of which it is known how they ended.
    of: int
    # Why it is null.
    reason: NotRequired[str | None]


class ProceduresEffectivenessResultTrendEarlier(TypedDict):
    value: float
    low: float
    high: float
    successes: int
    of: int


class ProceduresEffectivenessResultTrendLater(TypedDict):
    value: float
    low: float
    high: float
    successes: int
    of: int


class ProceduresEffectivenessResultTrend(TypedDict):
    # A share with its 95 % interval (Wilson, 1927).
    earlier: ProceduresEffectivenessResultTrendEarlier
    # A share with its 95 % interval (Wilson, 1927).
    later: ProceduresEffectivenessResultTrendLater
    p: float


ProceduresEffectivenessResultFailsAtItemParameterSource = TypedDict("ProceduresEffectivenessResultFailsAtItemParameterSource", {
    # Number of the earlier step.
    "step": "int",
    # What of an earlier step a value comes from: its output, or what it was given itself.
    "from": "Literal['output', 'parameter']",
    # The output's field, or the earlier step's parameter.
    "field": "NotRequired[str | None]",
    # Share of the runs, of those that have both steps.
    "share": "float",
})


class ProceduresEffectivenessResultFailsAtItemParameter(TypedDict):
    name: str
    # What a value looks like. Its name, where nothing names the value better.
    kind: Literal["path", "url", "number", "name", "text"]
    examples: List[str]
    # The earlier step that its value comes from.
    source: NotRequired[ProceduresEffectivenessResultFailsAtItemParameterSource]


class ProceduresEffectivenessResultFailsAtItem(TypedDict):
    # The step's stable token.
    action: str
    tool: str
    template: str
    parameters: List[ProceduresEffectivenessResultFailsAtItemParameter]
    # Of the runs that came so far the share that did it; null where none is known.
    done: NotRequired[float | None]
    # How often a run does it, in the median.
    times: NotRequired[int | None]
    # Runs that failed here, of those that did it.
    failures: int
    of: int


class ProceduresEffectivenessResult(TypedDict):
    procedure: str
    name: str
    # Times that it was done, told ones included.
    runs: int
    # How often it succeeds.
    success_rate: ProceduresEffectivenessResultSuccessRate
    median_duration_ms: NotRequired[int | None]
    # Of ten runs nine took at most so long; null under ten.
    p90_duration_ms: NotRequired[int | None]
    # Earlier against later runs; null with fewer than five on each side.
    trend: NotRequired[ProceduresEffectivenessResultTrend]
    # Why something is null.
    reason: NotRequired[str | None]
    # Steps at which runs failed, those with most failures first.
    fails_at: List[ProceduresEffectivenessResultFailsAtItem]
    project: str


class ProceduresImproveResultItemWith(TypedDict):
    value: float
    low: float
    high: float
    successes: int
    of: int


class ProceduresImproveResultItemWithout(TypedDict):
    value: float
    low: float
    high: float
    successes: int
    of: int


ProceduresImproveResultItem = TypedDict("ProceduresImproveResultItem", {
    # Number of the step, from 0, that should not be left out; null of an action that is no step yet.
    "step": "NotRequired[int | None]",
    "action": "str",
    # A share with its 95 % interval (Wilson, 1927).
    "with": "ProceduresImproveResultItemWith",
    # A share with its 95 % interval (Wilson, 1927).
    "without": "ProceduresImproveResultItemWithout",
    # The odds of such a difference by chance, times the number of things tried.
    "p": "float",
})


class ProceduresImproveResult(TypedDict):
    items: List[ProceduresImproveResultItem]
    # Why there is nothing.
    reason: NotRequired[str | None]
    procedure: str
    project: str


class ProceduresVariantsResultItemSuccessRate(TypedDict):
    value: NotRequired[float | None]
    # The 95 % interval (Wilson).
    low: NotRequired[float | None]
    high: NotRequired[float | None]
    successes: int
    # Runs of which it is known how they ended.
    of: int
    # Why it is null.
    reason: NotRequired[str | None]


class ProceduresVariantsResultItem(TypedDict):
    id: str
    name: str
    # Share of the shorter one's steps that both do, in the same order.
    shared: float
    support: int
    # How often it succeeds.
    success_rate: ProceduresVariantsResultItemSuccessRate
    median_duration_ms: NotRequired[int | None]
    # The odds of such a difference in success by chance (Fisher); null where one's success is not known.
    p: NotRequired[float | None]


class ProceduresVariantsResultOwnItemSuccess(TypedDict):
    value: float
    low: float
    high: float
    successes: int
    of: int


class ProceduresVariantsResultOwnItem(TypedDict):
    # Numbers of the steps that were done.
    steps: List[int]
    runs: int
    # A share with its 95 % interval (Wilson, 1927).
    success: NotRequired[ProceduresVariantsResultOwnItemSuccess]
    median_duration_ms: NotRequired[int | None]


class ProceduresVariantsResultSuccessRate(TypedDict):
    value: NotRequired[float | None]
    # The 95 % interval (Wilson).
    low: NotRequired[float | None]
    high: NotRequired[float | None]
    successes: int
    # Runs of which it is known how they ended.
    of: int
    # Why it is null.
    reason: NotRequired[str | None]


class ProceduresVariantsResult(TypedDict):
    items: List[ProceduresVariantsResultItem]
    # Which of its own steps runs did, the most usual first.
    own: List[ProceduresVariantsResultOwnItem]
    # How often it succeeds.
    success_rate: ProceduresVariantsResultSuccessRate
    median_duration_ms: NotRequired[int | None]
    procedure: str
    # Why there is nothing.
    reason: NotRequired[str | None]
    project: str


class ProceduresVersionsResultItem(TypedDict):
    version: int
    at: Any
    # `learned` by a run, or `told` by somebody.
    origin: str
    # The run, or who said it.
    by: Any
    name: NotRequired[str | None]
    # Templates of the steps; null where nothing was said of them.
    steps: NotRequired[List[str] | None]
    support: NotRequired[int | None]
    success_rate: NotRequired[float | None]
    retired: NotRequired[str | None]
    # Of one that is no more: what took its place.
    replaced_by: NotRequired[str | None]
    deleted: bool


class ProceduresVersionsResult(TypedDict):
    items: List[ProceduresVersionsResultItem]
    procedure: str
    project: str


ProceduresGenerateResult = TypedDict("ProceduresGenerateResult", {
    "id": "str",
    "name": "str",
    "steps": "List[str]",
    # The session that it was made of.
    "from": "str",
    "version": "int",
    "project": "str",
    # topic → partition → next offset
    "position": "dict[str, dict[str, int]]",
})


class ProceduresRetireResult(TypedDict):
    id: str
    # Grows with each version.
    version: int
    project: str
    # What to pass as `after` to another server to read it.
    position: dict[str, dict[str, int]]


class ProceduresExportResult(TypedDict):
    procedure: str
    format: Literal["markdown", "mermaid", "diagram"]
    text: str
    project: str


class SkillsListResultItemSuccessRate(TypedDict):
    value: NotRequired[float | None]
    # The 95 % interval (Wilson).
    low: NotRequired[float | None]
    high: NotRequired[float | None]
    successes: int
    # Runs of which it is known how they ended.
    of: int
    # Why it is null.
    reason: NotRequired[str | None]


class SkillsListResultItem(TypedDict):
    id: str
    name: str
    # Ids of its procedures, in order.
    procedures: List[str]
    # How many steps it has.
    steps: int
    # How often it succeeds.
    success_rate: SkillsListResultItemSuccessRate
    # Procedures that are retired or no more.
    retired: List[str]
    version: int


class SkillsListResult(TypedDict):
    items: List[SkillsListResultItem]
    next_cursor: NotRequired[str | None]
    project: str


class SkillsGetResultSuccessRate(TypedDict):
    value: NotRequired[float | None]
    # The 95 % interval (Wilson).
    low: NotRequired[float | None]
    high: NotRequired[float | None]
    successes: int
    # Runs of which it is known how they ended.
    of: int
    # Why it is null.
    reason: NotRequired[str | None]


SkillsGetResultHowItemParameterSource = TypedDict("SkillsGetResultHowItemParameterSource", {
    # Number of the earlier step.
    "step": "int",
    # What of an earlier step a value comes from: its output, or what it was given itself.
    "from": "Literal['output', 'parameter']",
    # The output's field, or the earlier step's parameter.
    "field": "NotRequired[str | None]",
    # Share of the runs, of those that have both steps.
    "share": "float",
})


class SkillsGetResultHowItemParameter(TypedDict):
    name: str
    # What a value looks like. Its name, where nothing names the value better.
    kind: Literal["path", "url", "number", "name", "text"]
    examples: List[str]
    # The earlier step that its value comes from.
    source: NotRequired[SkillsGetResultHowItemParameterSource]


class SkillsGetResultHowItem(TypedDict):
    # The step's stable token.
    action: str
    tool: str
    template: str
    parameters: List[SkillsGetResultHowItemParameter]
    # Of the runs that came so far the share that did it; null where none is known.
    done: NotRequired[float | None]
    # How often a run does it, in the median.
    times: NotRequired[int | None]
    # Runs that failed here, of those that did it.
    failures: int
    of: int


class SkillsGetResult(TypedDict):
    id: str
    name: str
    # Ids of its procedures, in order.
    procedures: List[str]
    # How many steps it has.
    steps: int
    # How often it succeeds.
    success_rate: SkillsGetResultSuccessRate
    # Procedures that are retired or no more.
    retired: List[str]
    version: int
    # When to use it.
    when: str
    # How, step by step.
    how: List[SkillsGetResultHowItem]
    # Ids of the skills that it is composed of.
    skills: List[str]
    project: str


class SkillsPromoteResult(TypedDict):
    id: str
    # Grows with each version.
    version: int
    project: str
    # What to pass as `after` to another server to read it.
    position: dict[str, dict[str, int]]


class SkillsRecommendResultItemSuccessRate(TypedDict):
    value: NotRequired[float | None]
    # The 95 % interval (Wilson).
    low: NotRequired[float | None]
    high: NotRequired[float | None]
    successes: int
    # Runs of which it is known how they ended.
    of: int
    # Why it is null.
    reason: NotRequired[str | None]


class SkillsRecommendResultItem(TypedDict):
    id: str
    name: str
    # Ids of its procedures, in order.
    procedures: List[str]
    # How many steps it has.
    steps: int
    # How often it succeeds.
    success_rate: SkillsRecommendResultItemSuccessRate
    # Procedures that are retired or no more.
    retired: List[str]
    version: int
    # How well, from 0 to 1.
    score: float
    # Words of the situation that it has.
    words: List[str]


class SkillsRecommendResult(TypedDict):
    items: List[SkillsRecommendResultItem]
    # Why there are none.
    reason: NotRequired[str | None]
    project: str


class SkillsComposeResult(TypedDict):
    id: str
    # Grows with each version.
    version: int
    project: str
    # What to pass as `after` to another server to read it.
    position: dict[str, dict[str, int]]


class SkillsEffectivenessResultWith(TypedDict):
    value: float
    low: float
    high: float
    successes: int
    of: int


class SkillsEffectivenessResultWithout(TypedDict):
    value: float
    low: float
    high: float
    successes: int
    of: int


SkillsEffectivenessResult = TypedDict("SkillsEffectivenessResult", {
    "skill": "str",
    "name": "str",
    # Of sessions that used it; null with under ten on a side.
    "with": "NotRequired[SkillsEffectivenessResultWith]",
    # Of those like them that did not.
    "without": "NotRequired[SkillsEffectivenessResultWithout]",
    # The first less the second.
    "difference": "NotRequired[float | None]",
    # The odds of such a difference by chance (Fisher).
    "p": "NotRequired[float | None]",
    # Sessions on each side that were matched.
    "matched": "int",
    # Sessions that used it, matched or not.
    "used": "int",
    # Why something is null.
    "reason": "NotRequired[str | None]",
    # It is an association: nobody chose by lot who used it.
    "claim": "str",
    "project": "str",
})


class SkillsExportResultFile(TypedDict):
    path: str
    text: str


class SkillsExportResult(TypedDict):
    skill: str
    # What to call it.
    folder: str
    files: List[SkillsExportResultFile]
    project: str


class TasksCreateResultTaskCheck(TypedDict):
    text: str
    # The event that passed it.
    passed_by: NotRequired[str | None]
    # RFC 3339, or a Unix time in seconds, ms, µs or ns by magnitude
    passed_at: NotRequired[str | float | None]


class TasksCreateResultTaskMilestone(TypedDict):
    id: str
    title: str
    # The progress at which it is reached.
    fraction: float
    # RFC 3339, or a Unix time in seconds, ms, µs or ns by magnitude
    reached_at: NotRequired[str | float | None]


class TasksCreateResultTaskRunForetold(TypedDict):
    p50_ms: int
    p90_ms: NotRequired[int | None]


class TasksCreateResultTaskRun(TypedDict):
    session: NotRequired[str | None]
    agent: NotRequired[str | None]
    # RFC 3339, or a Unix time in seconds, ms, µs or ns by magnitude
    started_at: str | float
    # RFC 3339, or a Unix time in seconds, ms, µs or ns by magnitude
    ended_at: NotRequired[str | float | None]
    outcome: NotRequired[str | None]
    # How long it was foretold to take when it was started.
    foretold: NotRequired[TasksCreateResultTaskRunForetold]


class TasksCreateResultTask(TypedDict):
    # Where a task stands. One that waits for others is open.
    status: NotRequired[Literal["open", "active", "blocked", "done", "failed", "cancelled"]]
    # From 0 to 10, the most important.
    priority: NotRequired[int]
    # RFC 3339, or a Unix time in seconds, ms, µs or ns by magnitude
    due: NotRequired[str | float | None]
    # The goal that it serves.
    goal: NotRequired[str | None]
    # How long it was said to take.
    estimate_s: NotRequired[int | None]
    # What must be seen to hold, each by an event.
    checks: NotRequired[List[TasksCreateResultTaskCheck]]
    # Tasks that must be over before it is started.
    needs: NotRequired[List[str]]
    # Tasks that wait for it.
    needed_by: NotRequired[List[str]]
    # Tasks that have to do with it.
    relates: NotRequired[List[str]]
    assignee: NotRequired[str | None]
    # From 0 to 1.
    progress: NotRequired[float]
    note: NotRequired[str | None]
    # Why it is blocked or cancelled.
    why: NotRequired[str | None]
    outcome: NotRequired[str | None]
    lesson: NotRequired[str | None]
    milestones: NotRequired[List[TasksCreateResultTaskMilestone]]
    # Every time that it was worked on.
    runs: NotRequired[List[TasksCreateResultTaskRun]]
    # RFC 3339, or a Unix time in seconds, ms, µs or ns by magnitude
    created_at: NotRequired[str | float]
    # When it came to stand where it stands; of work told afterwards, when that began or ended.
    since: NotRequired[str | float]


class TasksCreateResultUnblock(TypedDict):
    id: str
    title: str


class TasksCreateResultReachedItem(TypedDict):
    id: str
    title: str
    # The progress at which it is reached.
    fraction: float
    # RFC 3339, or a Unix time in seconds, ms, µs or ns by magnitude
    reached_at: NotRequired[str | float | None]


class TasksCreateResultMilestone(TypedDict):
    id: str
    title: str
    # The progress at which it is reached.
    fraction: float
    # RFC 3339, or a Unix time in seconds, ms, µs or ns by magnitude
    reached_at: NotRequired[str | float | None]


class TasksCreateResult(TypedDict):
    id: str
    version: int
    title: str
    # The body of a task's record; its title is the record's name.
    task: TasksCreateResultTask
    # Tasks that wait for nothing any more.
    unblocks: NotRequired[List[TasksCreateResultUnblock] | None]
    # Milestones that were reached.
    reached: NotRequired[List[TasksCreateResultReachedItem] | None]
    # Checks that no event has passed yet.
    missing: NotRequired[List[str] | None]
    # The milestone that was made.
    milestone: NotRequired[TasksCreateResultMilestone]
    project: str
    # topic → partition → next offset
    position: dict[str, dict[str, int]]


class TasksGetResultCheck(TypedDict):
    text: str
    # The event that passed it.
    passed_by: NotRequired[str | None]
    # RFC 3339, or a Unix time in seconds, ms, µs or ns by magnitude
    passed_at: NotRequired[str | float | None]


class TasksGetResultMilestone(TypedDict):
    id: str
    title: str
    # The progress at which it is reached.
    fraction: float
    # RFC 3339, or a Unix time in seconds, ms, µs or ns by magnitude
    reached_at: NotRequired[str | float | None]


class TasksGetResultRunForetold(TypedDict):
    p50_ms: int
    p90_ms: NotRequired[int | None]


class TasksGetResultRun(TypedDict):
    session: NotRequired[str | None]
    agent: NotRequired[str | None]
    # RFC 3339, or a Unix time in seconds, ms, µs or ns by magnitude
    started_at: str | float
    # RFC 3339, or a Unix time in seconds, ms, µs or ns by magnitude
    ended_at: NotRequired[str | float | None]
    outcome: NotRequired[str | None]
    # How long it was foretold to take when it was started.
    foretold: NotRequired[TasksGetResultRunForetold]


class TasksGetResultWaitsForItem(TypedDict):
    id: str
    title: str


class TasksGetResultHistoryItem(TypedDict):
    version: int
    time: NotRequired[str | None]
    # Where a task stands. One that waits for others is open.
    status: Literal["open", "active", "blocked", "done", "failed", "cancelled"]
    progress: float
    assignee: NotRequired[str | None]
    agent: NotRequired[str | None]
    actor: NotRequired[str | None]


class TasksGetResult(TypedDict):
    id: str
    title: str
    # Where it stands, in a line.
    content: str
    version: int
    # Where a task stands. One that waits for others is open.
    status: NotRequired[Literal["open", "active", "blocked", "done", "failed", "cancelled"]]
    # From 0 to 10, the most important.
    priority: NotRequired[int]
    # RFC 3339, or a Unix time in seconds, ms, µs or ns by magnitude
    due: NotRequired[str | float | None]
    # The goal that it serves.
    goal: NotRequired[str | None]
    # How long it was said to take.
    estimate_s: NotRequired[int | None]
    # What must be seen to hold, each by an event.
    checks: NotRequired[List[TasksGetResultCheck]]
    # Tasks that must be over before it is started.
    needs: NotRequired[List[str]]
    # Tasks that wait for it.
    needed_by: NotRequired[List[str]]
    # Tasks that have to do with it.
    relates: NotRequired[List[str]]
    assignee: NotRequired[str | None]
    # From 0 to 1.
    progress: NotRequired[float]
    note: NotRequired[str | None]
    # Why it is blocked or cancelled.
    why: NotRequired[str | None]
    outcome: NotRequired[str | None]
    lesson: NotRequired[str | None]
    milestones: NotRequired[List[TasksGetResultMilestone]]
    # Every time that it was worked on.
    runs: NotRequired[List[TasksGetResultRun]]
    # RFC 3339, or a Unix time in seconds, ms, µs or ns by magnitude
    created_at: NotRequired[str | float]
    # When it came to stand where it stands; of work told afterwards, when that began or ended.
    since: NotRequired[str | float]
    # Tasks that are not over, and that it waits for.
    waits_for: List[TasksGetResultWaitsForItem]
    # How long it took, by its last run; null before that has ended.
    took_ms: NotRequired[int | None]
    # Its versions, the newest first.
    history: List[TasksGetResultHistoryItem]
    project: str


class TasksListResultItemCheck(TypedDict):
    text: str
    # The event that passed it.
    passed_by: NotRequired[str | None]
    # RFC 3339, or a Unix time in seconds, ms, µs or ns by magnitude
    passed_at: NotRequired[str | float | None]


class TasksListResultItemMilestone(TypedDict):
    id: str
    title: str
    # The progress at which it is reached.
    fraction: float
    # RFC 3339, or a Unix time in seconds, ms, µs or ns by magnitude
    reached_at: NotRequired[str | float | None]


class TasksListResultItemRunForetold(TypedDict):
    p50_ms: int
    p90_ms: NotRequired[int | None]


class TasksListResultItemRun(TypedDict):
    session: NotRequired[str | None]
    agent: NotRequired[str | None]
    # RFC 3339, or a Unix time in seconds, ms, µs or ns by magnitude
    started_at: str | float
    # RFC 3339, or a Unix time in seconds, ms, µs or ns by magnitude
    ended_at: NotRequired[str | float | None]
    outcome: NotRequired[str | None]
    # How long it was foretold to take when it was started.
    foretold: NotRequired[TasksListResultItemRunForetold]


class TasksListResultItem(TypedDict):
    id: str
    title: str
    # Where it stands, in a line.
    content: str
    version: int
    # Where a task stands. One that waits for others is open.
    status: NotRequired[Literal["open", "active", "blocked", "done", "failed", "cancelled"]]
    # From 0 to 10, the most important.
    priority: NotRequired[int]
    # RFC 3339, or a Unix time in seconds, ms, µs or ns by magnitude
    due: NotRequired[str | float | None]
    # The goal that it serves.
    goal: NotRequired[str | None]
    # How long it was said to take.
    estimate_s: NotRequired[int | None]
    # What must be seen to hold, each by an event.
    checks: NotRequired[List[TasksListResultItemCheck]]
    # Tasks that must be over before it is started.
    needs: NotRequired[List[str]]
    # Tasks that wait for it.
    needed_by: NotRequired[List[str]]
    # Tasks that have to do with it.
    relates: NotRequired[List[str]]
    assignee: NotRequired[str | None]
    # From 0 to 1.
    progress: NotRequired[float]
    note: NotRequired[str | None]
    # Why it is blocked or cancelled.
    why: NotRequired[str | None]
    outcome: NotRequired[str | None]
    lesson: NotRequired[str | None]
    milestones: NotRequired[List[TasksListResultItemMilestone]]
    # Every time that it was worked on.
    runs: NotRequired[List[TasksListResultItemRun]]
    # RFC 3339, or a Unix time in seconds, ms, µs or ns by magnitude
    created_at: NotRequired[str | float]
    # When it came to stand where it stands; of work told afterwards, when that began or ended.
    since: NotRequired[str | float]


class TasksListResult(TypedDict):
    items: List[TasksListResultItem]
    next_cursor: NotRequired[str | None]
    project: str


class TasksUpdateResultTaskCheck(TypedDict):
    text: str
    # The event that passed it.
    passed_by: NotRequired[str | None]
    # RFC 3339, or a Unix time in seconds, ms, µs or ns by magnitude
    passed_at: NotRequired[str | float | None]


class TasksUpdateResultTaskMilestone(TypedDict):
    id: str
    title: str
    # The progress at which it is reached.
    fraction: float
    # RFC 3339, or a Unix time in seconds, ms, µs or ns by magnitude
    reached_at: NotRequired[str | float | None]


class TasksUpdateResultTaskRunForetold(TypedDict):
    p50_ms: int
    p90_ms: NotRequired[int | None]


class TasksUpdateResultTaskRun(TypedDict):
    session: NotRequired[str | None]
    agent: NotRequired[str | None]
    # RFC 3339, or a Unix time in seconds, ms, µs or ns by magnitude
    started_at: str | float
    # RFC 3339, or a Unix time in seconds, ms, µs or ns by magnitude
    ended_at: NotRequired[str | float | None]
    outcome: NotRequired[str | None]
    # How long it was foretold to take when it was started.
    foretold: NotRequired[TasksUpdateResultTaskRunForetold]


class TasksUpdateResultTask(TypedDict):
    # Where a task stands. One that waits for others is open.
    status: NotRequired[Literal["open", "active", "blocked", "done", "failed", "cancelled"]]
    # From 0 to 10, the most important.
    priority: NotRequired[int]
    # RFC 3339, or a Unix time in seconds, ms, µs or ns by magnitude
    due: NotRequired[str | float | None]
    # The goal that it serves.
    goal: NotRequired[str | None]
    # How long it was said to take.
    estimate_s: NotRequired[int | None]
    # What must be seen to hold, each by an event.
    checks: NotRequired[List[TasksUpdateResultTaskCheck]]
    # Tasks that must be over before it is started.
    needs: NotRequired[List[str]]
    # Tasks that wait for it.
    needed_by: NotRequired[List[str]]
    # Tasks that have to do with it.
    relates: NotRequired[List[str]]
    assignee: NotRequired[str | None]
    # From 0 to 1.
    progress: NotRequired[float]
    note: NotRequired[str | None]
    # Why it is blocked or cancelled.
    why: NotRequired[str | None]
    outcome: NotRequired[str | None]
    lesson: NotRequired[str | None]
    milestones: NotRequired[List[TasksUpdateResultTaskMilestone]]
    # Every time that it was worked on.
    runs: NotRequired[List[TasksUpdateResultTaskRun]]
    # RFC 3339, or a Unix time in seconds, ms, µs or ns by magnitude
    created_at: NotRequired[str | float]
    # When it came to stand where it stands; of work told afterwards, when that began or ended.
    since: NotRequired[str | float]


class TasksUpdateResultUnblock(TypedDict):
    id: str
    title: str


class TasksUpdateResultReachedItem(TypedDict):
    id: str
    title: str
    # The progress at which it is reached.
    fraction: float
    # RFC 3339, or a Unix time in seconds, ms, µs or ns by magnitude
    reached_at: NotRequired[str | float | None]


class TasksUpdateResultMilestone(TypedDict):
    id: str
    title: str
    # The progress at which it is reached.
    fraction: float
    # RFC 3339, or a Unix time in seconds, ms, µs or ns by magnitude
    reached_at: NotRequired[str | float | None]


class TasksUpdateResult(TypedDict):
    id: str
    version: int
    title: str
    # The body of a task's record; its title is the record's name.
    task: TasksUpdateResultTask
    # Tasks that wait for nothing any more.
    unblocks: NotRequired[List[TasksUpdateResultUnblock] | None]
    # Milestones that were reached.
    reached: NotRequired[List[TasksUpdateResultReachedItem] | None]
    # Checks that no event has passed yet.
    missing: NotRequired[List[str] | None]
    # The milestone that was made.
    milestone: NotRequired[TasksUpdateResultMilestone]
    project: str
    # topic → partition → next offset
    position: dict[str, dict[str, int]]


class TasksStartResultTaskCheck(TypedDict):
    text: str
    # The event that passed it.
    passed_by: NotRequired[str | None]
    # RFC 3339, or a Unix time in seconds, ms, µs or ns by magnitude
    passed_at: NotRequired[str | float | None]


class TasksStartResultTaskMilestone(TypedDict):
    id: str
    title: str
    # The progress at which it is reached.
    fraction: float
    # RFC 3339, or a Unix time in seconds, ms, µs or ns by magnitude
    reached_at: NotRequired[str | float | None]


class TasksStartResultTaskRunForetold(TypedDict):
    p50_ms: int
    p90_ms: NotRequired[int | None]


class TasksStartResultTaskRun(TypedDict):
    session: NotRequired[str | None]
    agent: NotRequired[str | None]
    # RFC 3339, or a Unix time in seconds, ms, µs or ns by magnitude
    started_at: str | float
    # RFC 3339, or a Unix time in seconds, ms, µs or ns by magnitude
    ended_at: NotRequired[str | float | None]
    outcome: NotRequired[str | None]
    # How long it was foretold to take when it was started.
    foretold: NotRequired[TasksStartResultTaskRunForetold]


class TasksStartResultTask(TypedDict):
    # Where a task stands. One that waits for others is open.
    status: NotRequired[Literal["open", "active", "blocked", "done", "failed", "cancelled"]]
    # From 0 to 10, the most important.
    priority: NotRequired[int]
    # RFC 3339, or a Unix time in seconds, ms, µs or ns by magnitude
    due: NotRequired[str | float | None]
    # The goal that it serves.
    goal: NotRequired[str | None]
    # How long it was said to take.
    estimate_s: NotRequired[int | None]
    # What must be seen to hold, each by an event.
    checks: NotRequired[List[TasksStartResultTaskCheck]]
    # Tasks that must be over before it is started.
    needs: NotRequired[List[str]]
    # Tasks that wait for it.
    needed_by: NotRequired[List[str]]
    # Tasks that have to do with it.
    relates: NotRequired[List[str]]
    assignee: NotRequired[str | None]
    # From 0 to 1.
    progress: NotRequired[float]
    note: NotRequired[str | None]
    # Why it is blocked or cancelled.
    why: NotRequired[str | None]
    outcome: NotRequired[str | None]
    lesson: NotRequired[str | None]
    milestones: NotRequired[List[TasksStartResultTaskMilestone]]
    # Every time that it was worked on.
    runs: NotRequired[List[TasksStartResultTaskRun]]
    # RFC 3339, or a Unix time in seconds, ms, µs or ns by magnitude
    created_at: NotRequired[str | float]
    # When it came to stand where it stands; of work told afterwards, when that began or ended.
    since: NotRequired[str | float]


class TasksStartResultUnblock(TypedDict):
    id: str
    title: str


class TasksStartResultReachedItem(TypedDict):
    id: str
    title: str
    # The progress at which it is reached.
    fraction: float
    # RFC 3339, or a Unix time in seconds, ms, µs or ns by magnitude
    reached_at: NotRequired[str | float | None]


class TasksStartResultMilestone(TypedDict):
    id: str
    title: str
    # The progress at which it is reached.
    fraction: float
    # RFC 3339, or a Unix time in seconds, ms, µs or ns by magnitude
    reached_at: NotRequired[str | float | None]


class TasksStartResult(TypedDict):
    id: str
    version: int
    title: str
    # The body of a task's record; its title is the record's name.
    task: TasksStartResultTask
    # Tasks that wait for nothing any more.
    unblocks: NotRequired[List[TasksStartResultUnblock] | None]
    # Milestones that were reached.
    reached: NotRequired[List[TasksStartResultReachedItem] | None]
    # Checks that no event has passed yet.
    missing: NotRequired[List[str] | None]
    # The milestone that was made.
    milestone: NotRequired[TasksStartResultMilestone]
    project: str
    # topic → partition → next offset
    position: dict[str, dict[str, int]]


class TasksProgressResultTaskCheck(TypedDict):
    text: str
    # The event that passed it.
    passed_by: NotRequired[str | None]
    # RFC 3339, or a Unix time in seconds, ms, µs or ns by magnitude
    passed_at: NotRequired[str | float | None]


class TasksProgressResultTaskMilestone(TypedDict):
    id: str
    title: str
    # The progress at which it is reached.
    fraction: float
    # RFC 3339, or a Unix time in seconds, ms, µs or ns by magnitude
    reached_at: NotRequired[str | float | None]


class TasksProgressResultTaskRunForetold(TypedDict):
    p50_ms: int
    p90_ms: NotRequired[int | None]


class TasksProgressResultTaskRun(TypedDict):
    session: NotRequired[str | None]
    agent: NotRequired[str | None]
    # RFC 3339, or a Unix time in seconds, ms, µs or ns by magnitude
    started_at: str | float
    # RFC 3339, or a Unix time in seconds, ms, µs or ns by magnitude
    ended_at: NotRequired[str | float | None]
    outcome: NotRequired[str | None]
    # How long it was foretold to take when it was started.
    foretold: NotRequired[TasksProgressResultTaskRunForetold]


class TasksProgressResultTask(TypedDict):
    # Where a task stands. One that waits for others is open.
    status: NotRequired[Literal["open", "active", "blocked", "done", "failed", "cancelled"]]
    # From 0 to 10, the most important.
    priority: NotRequired[int]
    # RFC 3339, or a Unix time in seconds, ms, µs or ns by magnitude
    due: NotRequired[str | float | None]
    # The goal that it serves.
    goal: NotRequired[str | None]
    # How long it was said to take.
    estimate_s: NotRequired[int | None]
    # What must be seen to hold, each by an event.
    checks: NotRequired[List[TasksProgressResultTaskCheck]]
    # Tasks that must be over before it is started.
    needs: NotRequired[List[str]]
    # Tasks that wait for it.
    needed_by: NotRequired[List[str]]
    # Tasks that have to do with it.
    relates: NotRequired[List[str]]
    assignee: NotRequired[str | None]
    # From 0 to 1.
    progress: NotRequired[float]
    note: NotRequired[str | None]
    # Why it is blocked or cancelled.
    why: NotRequired[str | None]
    outcome: NotRequired[str | None]
    lesson: NotRequired[str | None]
    milestones: NotRequired[List[TasksProgressResultTaskMilestone]]
    # Every time that it was worked on.
    runs: NotRequired[List[TasksProgressResultTaskRun]]
    # RFC 3339, or a Unix time in seconds, ms, µs or ns by magnitude
    created_at: NotRequired[str | float]
    # When it came to stand where it stands; of work told afterwards, when that began or ended.
    since: NotRequired[str | float]


class TasksProgressResultUnblock(TypedDict):
    id: str
    title: str


class TasksProgressResultReachedItem(TypedDict):
    id: str
    title: str
    # The progress at which it is reached.
    fraction: float
    # RFC 3339, or a Unix time in seconds, ms, µs or ns by magnitude
    reached_at: NotRequired[str | float | None]


class TasksProgressResultMilestone(TypedDict):
    id: str
    title: str
    # The progress at which it is reached.
    fraction: float
    # RFC 3339, or a Unix time in seconds, ms, µs or ns by magnitude
    reached_at: NotRequired[str | float | None]


class TasksProgressResult(TypedDict):
    id: str
    version: int
    title: str
    # The body of a task's record; its title is the record's name.
    task: TasksProgressResultTask
    # Tasks that wait for nothing any more.
    unblocks: NotRequired[List[TasksProgressResultUnblock] | None]
    # Milestones that were reached.
    reached: NotRequired[List[TasksProgressResultReachedItem] | None]
    # Checks that no event has passed yet.
    missing: NotRequired[List[str] | None]
    # The milestone that was made.
    milestone: NotRequired[TasksProgressResultMilestone]
    project: str
    # topic → partition → next offset
    position: dict[str, dict[str, int]]


class TasksBlockResultTaskCheck(TypedDict):
    text: str
    # The event that passed it.
    passed_by: NotRequired[str | None]
    # RFC 3339, or a Unix time in seconds, ms, µs or ns by magnitude
    passed_at: NotRequired[str | float | None]


class TasksBlockResultTaskMilestone(TypedDict):
    id: str
    title: str
    # The progress at which it is reached.
    fraction: float
    # RFC 3339, or a Unix time in seconds, ms, µs or ns by magnitude
    reached_at: NotRequired[str | float | None]


class TasksBlockResultTaskRunForetold(TypedDict):
    p50_ms: int
    p90_ms: NotRequired[int | None]


class TasksBlockResultTaskRun(TypedDict):
    session: NotRequired[str | None]
    agent: NotRequired[str | None]
    # RFC 3339, or a Unix time in seconds, ms, µs or ns by magnitude
    started_at: str | float
    # RFC 3339, or a Unix time in seconds, ms, µs or ns by magnitude
    ended_at: NotRequired[str | float | None]
    outcome: NotRequired[str | None]
    # How long it was foretold to take when it was started.
    foretold: NotRequired[TasksBlockResultTaskRunForetold]


class TasksBlockResultTask(TypedDict):
    # Where a task stands. One that waits for others is open.
    status: NotRequired[Literal["open", "active", "blocked", "done", "failed", "cancelled"]]
    # From 0 to 10, the most important.
    priority: NotRequired[int]
    # RFC 3339, or a Unix time in seconds, ms, µs or ns by magnitude
    due: NotRequired[str | float | None]
    # The goal that it serves.
    goal: NotRequired[str | None]
    # How long it was said to take.
    estimate_s: NotRequired[int | None]
    # What must be seen to hold, each by an event.
    checks: NotRequired[List[TasksBlockResultTaskCheck]]
    # Tasks that must be over before it is started.
    needs: NotRequired[List[str]]
    # Tasks that wait for it.
    needed_by: NotRequired[List[str]]
    # Tasks that have to do with it.
    relates: NotRequired[List[str]]
    assignee: NotRequired[str | None]
    # From 0 to 1.
    progress: NotRequired[float]
    note: NotRequired[str | None]
    # Why it is blocked or cancelled.
    why: NotRequired[str | None]
    outcome: NotRequired[str | None]
    lesson: NotRequired[str | None]
    milestones: NotRequired[List[TasksBlockResultTaskMilestone]]
    # Every time that it was worked on.
    runs: NotRequired[List[TasksBlockResultTaskRun]]
    # RFC 3339, or a Unix time in seconds, ms, µs or ns by magnitude
    created_at: NotRequired[str | float]
    # When it came to stand where it stands; of work told afterwards, when that began or ended.
    since: NotRequired[str | float]


class TasksBlockResultUnblock(TypedDict):
    id: str
    title: str


class TasksBlockResultReachedItem(TypedDict):
    id: str
    title: str
    # The progress at which it is reached.
    fraction: float
    # RFC 3339, or a Unix time in seconds, ms, µs or ns by magnitude
    reached_at: NotRequired[str | float | None]


class TasksBlockResultMilestone(TypedDict):
    id: str
    title: str
    # The progress at which it is reached.
    fraction: float
    # RFC 3339, or a Unix time in seconds, ms, µs or ns by magnitude
    reached_at: NotRequired[str | float | None]


class TasksBlockResult(TypedDict):
    id: str
    version: int
    title: str
    # The body of a task's record; its title is the record's name.
    task: TasksBlockResultTask
    # Tasks that wait for nothing any more.
    unblocks: NotRequired[List[TasksBlockResultUnblock] | None]
    # Milestones that were reached.
    reached: NotRequired[List[TasksBlockResultReachedItem] | None]
    # Checks that no event has passed yet.
    missing: NotRequired[List[str] | None]
    # The milestone that was made.
    milestone: NotRequired[TasksBlockResultMilestone]
    project: str
    # topic → partition → next offset
    position: dict[str, dict[str, int]]


class TasksCompleteResultTaskCheck(TypedDict):
    text: str
    # The event that passed it.
    passed_by: NotRequired[str | None]
    # RFC 3339, or a Unix time in seconds, ms, µs or ns by magnitude
    passed_at: NotRequired[str | float | None]


class TasksCompleteResultTaskMilestone(TypedDict):
    id: str
    title: str
    # The progress at which it is reached.
    fraction: float
    # RFC 3339, or a Unix time in seconds, ms, µs or ns by magnitude
    reached_at: NotRequired[str | float | None]


class TasksCompleteResultTaskRunForetold(TypedDict):
    p50_ms: int
    p90_ms: NotRequired[int | None]


class TasksCompleteResultTaskRun(TypedDict):
    session: NotRequired[str | None]
    agent: NotRequired[str | None]
    # RFC 3339, or a Unix time in seconds, ms, µs or ns by magnitude
    started_at: str | float
    # RFC 3339, or a Unix time in seconds, ms, µs or ns by magnitude
    ended_at: NotRequired[str | float | None]
    outcome: NotRequired[str | None]
    # How long it was foretold to take when it was started.
    foretold: NotRequired[TasksCompleteResultTaskRunForetold]


class TasksCompleteResultTask(TypedDict):
    # Where a task stands. One that waits for others is open.
    status: NotRequired[Literal["open", "active", "blocked", "done", "failed", "cancelled"]]
    # From 0 to 10, the most important.
    priority: NotRequired[int]
    # RFC 3339, or a Unix time in seconds, ms, µs or ns by magnitude
    due: NotRequired[str | float | None]
    # The goal that it serves.
    goal: NotRequired[str | None]
    # How long it was said to take.
    estimate_s: NotRequired[int | None]
    # What must be seen to hold, each by an event.
    checks: NotRequired[List[TasksCompleteResultTaskCheck]]
    # Tasks that must be over before it is started.
    needs: NotRequired[List[str]]
    # Tasks that wait for it.
    needed_by: NotRequired[List[str]]
    # Tasks that have to do with it.
    relates: NotRequired[List[str]]
    assignee: NotRequired[str | None]
    # From 0 to 1.
    progress: NotRequired[float]
    note: NotRequired[str | None]
    # Why it is blocked or cancelled.
    why: NotRequired[str | None]
    outcome: NotRequired[str | None]
    lesson: NotRequired[str | None]
    milestones: NotRequired[List[TasksCompleteResultTaskMilestone]]
    # Every time that it was worked on.
    runs: NotRequired[List[TasksCompleteResultTaskRun]]
    # RFC 3339, or a Unix time in seconds, ms, µs or ns by magnitude
    created_at: NotRequired[str | float]
    # When it came to stand where it stands; of work told afterwards, when that began or ended.
    since: NotRequired[str | float]


class TasksCompleteResultUnblock(TypedDict):
    id: str
    title: str


class TasksCompleteResultReachedItem(TypedDict):
    id: str
    title: str
    # The progress at which it is reached.
    fraction: float
    # RFC 3339, or a Unix time in seconds, ms, µs or ns by magnitude
    reached_at: NotRequired[str | float | None]


class TasksCompleteResultMilestone(TypedDict):
    id: str
    title: str
    # The progress at which it is reached.
    fraction: float
    # RFC 3339, or a Unix time in seconds, ms, µs or ns by magnitude
    reached_at: NotRequired[str | float | None]


class TasksCompleteResult(TypedDict):
    id: str
    version: int
    title: str
    # The body of a task's record; its title is the record's name.
    task: TasksCompleteResultTask
    # Tasks that wait for nothing any more.
    unblocks: NotRequired[List[TasksCompleteResultUnblock] | None]
    # Milestones that were reached.
    reached: NotRequired[List[TasksCompleteResultReachedItem] | None]
    # Checks that no event has passed yet.
    missing: NotRequired[List[str] | None]
    # The milestone that was made.
    milestone: NotRequired[TasksCompleteResultMilestone]
    project: str
    # topic → partition → next offset
    position: dict[str, dict[str, int]]


class TasksCancelResultTaskCheck(TypedDict):
    text: str
    # The event that passed it.
    passed_by: NotRequired[str | None]
    # RFC 3339, or a Unix time in seconds, ms, µs or ns by magnitude
    passed_at: NotRequired[str | float | None]


class TasksCancelResultTaskMilestone(TypedDict):
    id: str
    title: str
    # The progress at which it is reached.
    fraction: float
    # RFC 3339, or a Unix time in seconds, ms, µs or ns by magnitude
    reached_at: NotRequired[str | float | None]


class TasksCancelResultTaskRunForetold(TypedDict):
    p50_ms: int
    p90_ms: NotRequired[int | None]


class TasksCancelResultTaskRun(TypedDict):
    session: NotRequired[str | None]
    agent: NotRequired[str | None]
    # RFC 3339, or a Unix time in seconds, ms, µs or ns by magnitude
    started_at: str | float
    # RFC 3339, or a Unix time in seconds, ms, µs or ns by magnitude
    ended_at: NotRequired[str | float | None]
    outcome: NotRequired[str | None]
    # How long it was foretold to take when it was started.
    foretold: NotRequired[TasksCancelResultTaskRunForetold]


class TasksCancelResultTask(TypedDict):
    # Where a task stands. One that waits for others is open.
    status: NotRequired[Literal["open", "active", "blocked", "done", "failed", "cancelled"]]
    # From 0 to 10, the most important.
    priority: NotRequired[int]
    # RFC 3339, or a Unix time in seconds, ms, µs or ns by magnitude
    due: NotRequired[str | float | None]
    # The goal that it serves.
    goal: NotRequired[str | None]
    # How long it was said to take.
    estimate_s: NotRequired[int | None]
    # What must be seen to hold, each by an event.
    checks: NotRequired[List[TasksCancelResultTaskCheck]]
    # Tasks that must be over before it is started.
    needs: NotRequired[List[str]]
    # Tasks that wait for it.
    needed_by: NotRequired[List[str]]
    # Tasks that have to do with it.
    relates: NotRequired[List[str]]
    assignee: NotRequired[str | None]
    # From 0 to 1.
    progress: NotRequired[float]
    note: NotRequired[str | None]
    # Why it is blocked or cancelled.
    why: NotRequired[str | None]
    outcome: NotRequired[str | None]
    lesson: NotRequired[str | None]
    milestones: NotRequired[List[TasksCancelResultTaskMilestone]]
    # Every time that it was worked on.
    runs: NotRequired[List[TasksCancelResultTaskRun]]
    # RFC 3339, or a Unix time in seconds, ms, µs or ns by magnitude
    created_at: NotRequired[str | float]
    # When it came to stand where it stands; of work told afterwards, when that began or ended.
    since: NotRequired[str | float]


class TasksCancelResultUnblock(TypedDict):
    id: str
    title: str


class TasksCancelResultReachedItem(TypedDict):
    id: str
    title: str
    # The progress at which it is reached.
    fraction: float
    # RFC 3339, or a Unix time in seconds, ms, µs or ns by magnitude
    reached_at: NotRequired[str | float | None]


class TasksCancelResultMilestone(TypedDict):
    id: str
    title: str
    # The progress at which it is reached.
    fraction: float
    # RFC 3339, or a Unix time in seconds, ms, µs or ns by magnitude
    reached_at: NotRequired[str | float | None]


class TasksCancelResult(TypedDict):
    id: str
    version: int
    title: str
    # The body of a task's record; its title is the record's name.
    task: TasksCancelResultTask
    # Tasks that wait for nothing any more.
    unblocks: NotRequired[List[TasksCancelResultUnblock] | None]
    # Milestones that were reached.
    reached: NotRequired[List[TasksCancelResultReachedItem] | None]
    # Checks that no event has passed yet.
    missing: NotRequired[List[str] | None]
    # The milestone that was made.
    milestone: NotRequired[TasksCancelResultMilestone]
    project: str
    # topic → partition → next offset
    position: dict[str, dict[str, int]]


class TasksVerifyResultItem(TypedDict):
    text: str
    # The event that passed it.
    passed_by: NotRequired[str | None]
    # RFC 3339, or a Unix time in seconds, ms, µs or ns by magnitude
    passed_at: NotRequired[str | float | None]


class TasksVerifyResultUnusedItem(TypedDict):
    id: str
    why: str


class TasksVerifyResult(TypedDict):
    id: str
    version: int
    # Every check, with the event that passed it.
    items: List[TasksVerifyResultItem]
    # Checks that no event has passed.
    missing: List[str]
    # Events that passed nothing, and why.
    unused: List[TasksVerifyResultUnusedItem]
    # Whether nothing is missing; null of a task without checks.
    verified: NotRequired[bool | None]
    reason: NotRequired[str | None]
    project: str
    # topic → partition → next offset
    position: dict[str, dict[str, int]]


class TasksDependResultTaskCheck(TypedDict):
    text: str
    # The event that passed it.
    passed_by: NotRequired[str | None]
    # RFC 3339, or a Unix time in seconds, ms, µs or ns by magnitude
    passed_at: NotRequired[str | float | None]


class TasksDependResultTaskMilestone(TypedDict):
    id: str
    title: str
    # The progress at which it is reached.
    fraction: float
    # RFC 3339, or a Unix time in seconds, ms, µs or ns by magnitude
    reached_at: NotRequired[str | float | None]


class TasksDependResultTaskRunForetold(TypedDict):
    p50_ms: int
    p90_ms: NotRequired[int | None]


class TasksDependResultTaskRun(TypedDict):
    session: NotRequired[str | None]
    agent: NotRequired[str | None]
    # RFC 3339, or a Unix time in seconds, ms, µs or ns by magnitude
    started_at: str | float
    # RFC 3339, or a Unix time in seconds, ms, µs or ns by magnitude
    ended_at: NotRequired[str | float | None]
    outcome: NotRequired[str | None]
    # How long it was foretold to take when it was started.
    foretold: NotRequired[TasksDependResultTaskRunForetold]


class TasksDependResultTask(TypedDict):
    # Where a task stands. One that waits for others is open.
    status: NotRequired[Literal["open", "active", "blocked", "done", "failed", "cancelled"]]
    # From 0 to 10, the most important.
    priority: NotRequired[int]
    # RFC 3339, or a Unix time in seconds, ms, µs or ns by magnitude
    due: NotRequired[str | float | None]
    # The goal that it serves.
    goal: NotRequired[str | None]
    # How long it was said to take.
    estimate_s: NotRequired[int | None]
    # What must be seen to hold, each by an event.
    checks: NotRequired[List[TasksDependResultTaskCheck]]
    # Tasks that must be over before it is started.
    needs: NotRequired[List[str]]
    # Tasks that wait for it.
    needed_by: NotRequired[List[str]]
    # Tasks that have to do with it.
    relates: NotRequired[List[str]]
    assignee: NotRequired[str | None]
    # From 0 to 1.
    progress: NotRequired[float]
    note: NotRequired[str | None]
    # Why it is blocked or cancelled.
    why: NotRequired[str | None]
    outcome: NotRequired[str | None]
    lesson: NotRequired[str | None]
    milestones: NotRequired[List[TasksDependResultTaskMilestone]]
    # Every time that it was worked on.
    runs: NotRequired[List[TasksDependResultTaskRun]]
    # RFC 3339, or a Unix time in seconds, ms, µs or ns by magnitude
    created_at: NotRequired[str | float]
    # When it came to stand where it stands; of work told afterwards, when that began or ended.
    since: NotRequired[str | float]


class TasksDependResultUnblock(TypedDict):
    id: str
    title: str


class TasksDependResultReachedItem(TypedDict):
    id: str
    title: str
    # The progress at which it is reached.
    fraction: float
    # RFC 3339, or a Unix time in seconds, ms, µs or ns by magnitude
    reached_at: NotRequired[str | float | None]


class TasksDependResultMilestone(TypedDict):
    id: str
    title: str
    # The progress at which it is reached.
    fraction: float
    # RFC 3339, or a Unix time in seconds, ms, µs or ns by magnitude
    reached_at: NotRequired[str | float | None]


class TasksDependResult(TypedDict):
    id: str
    version: int
    title: str
    # The body of a task's record; its title is the record's name.
    task: TasksDependResultTask
    # Tasks that wait for nothing any more.
    unblocks: NotRequired[List[TasksDependResultUnblock] | None]
    # Milestones that were reached.
    reached: NotRequired[List[TasksDependResultReachedItem] | None]
    # Checks that no event has passed yet.
    missing: NotRequired[List[str] | None]
    # The milestone that was made.
    milestone: NotRequired[TasksDependResultMilestone]
    project: str
    # topic → partition → next offset
    position: dict[str, dict[str, int]]


class TasksAssignResultTaskCheck(TypedDict):
    text: str
    # The event that passed it.
    passed_by: NotRequired[str | None]
    # RFC 3339, or a Unix time in seconds, ms, µs or ns by magnitude
    passed_at: NotRequired[str | float | None]


class TasksAssignResultTaskMilestone(TypedDict):
    id: str
    title: str
    # The progress at which it is reached.
    fraction: float
    # RFC 3339, or a Unix time in seconds, ms, µs or ns by magnitude
    reached_at: NotRequired[str | float | None]


class TasksAssignResultTaskRunForetold(TypedDict):
    p50_ms: int
    p90_ms: NotRequired[int | None]


class TasksAssignResultTaskRun(TypedDict):
    session: NotRequired[str | None]
    agent: NotRequired[str | None]
    # RFC 3339, or a Unix time in seconds, ms, µs or ns by magnitude
    started_at: str | float
    # RFC 3339, or a Unix time in seconds, ms, µs or ns by magnitude
    ended_at: NotRequired[str | float | None]
    outcome: NotRequired[str | None]
    # How long it was foretold to take when it was started.
    foretold: NotRequired[TasksAssignResultTaskRunForetold]


class TasksAssignResultTask(TypedDict):
    # Where a task stands. One that waits for others is open.
    status: NotRequired[Literal["open", "active", "blocked", "done", "failed", "cancelled"]]
    # From 0 to 10, the most important.
    priority: NotRequired[int]
    # RFC 3339, or a Unix time in seconds, ms, µs or ns by magnitude
    due: NotRequired[str | float | None]
    # The goal that it serves.
    goal: NotRequired[str | None]
    # How long it was said to take.
    estimate_s: NotRequired[int | None]
    # What must be seen to hold, each by an event.
    checks: NotRequired[List[TasksAssignResultTaskCheck]]
    # Tasks that must be over before it is started.
    needs: NotRequired[List[str]]
    # Tasks that wait for it.
    needed_by: NotRequired[List[str]]
    # Tasks that have to do with it.
    relates: NotRequired[List[str]]
    assignee: NotRequired[str | None]
    # From 0 to 1.
    progress: NotRequired[float]
    note: NotRequired[str | None]
    # Why it is blocked or cancelled.
    why: NotRequired[str | None]
    outcome: NotRequired[str | None]
    lesson: NotRequired[str | None]
    milestones: NotRequired[List[TasksAssignResultTaskMilestone]]
    # Every time that it was worked on.
    runs: NotRequired[List[TasksAssignResultTaskRun]]
    # RFC 3339, or a Unix time in seconds, ms, µs or ns by magnitude
    created_at: NotRequired[str | float]
    # When it came to stand where it stands; of work told afterwards, when that began or ended.
    since: NotRequired[str | float]


class TasksAssignResultUnblock(TypedDict):
    id: str
    title: str


class TasksAssignResultReachedItem(TypedDict):
    id: str
    title: str
    # The progress at which it is reached.
    fraction: float
    # RFC 3339, or a Unix time in seconds, ms, µs or ns by magnitude
    reached_at: NotRequired[str | float | None]


class TasksAssignResultMilestone(TypedDict):
    id: str
    title: str
    # The progress at which it is reached.
    fraction: float
    # RFC 3339, or a Unix time in seconds, ms, µs or ns by magnitude
    reached_at: NotRequired[str | float | None]


class TasksAssignResult(TypedDict):
    id: str
    version: int
    title: str
    # The body of a task's record; its title is the record's name.
    task: TasksAssignResultTask
    # Tasks that wait for nothing any more.
    unblocks: NotRequired[List[TasksAssignResultUnblock] | None]
    # Milestones that were reached.
    reached: NotRequired[List[TasksAssignResultReachedItem] | None]
    # Checks that no event has passed yet.
    missing: NotRequired[List[str] | None]
    # The milestone that was made.
    milestone: NotRequired[TasksAssignResultMilestone]
    project: str
    # topic → partition → next offset
    position: dict[str, dict[str, int]]


class TasksMilestoneResultTaskCheck(TypedDict):
    text: str
    # The event that passed it.
    passed_by: NotRequired[str | None]
    # RFC 3339, or a Unix time in seconds, ms, µs or ns by magnitude
    passed_at: NotRequired[str | float | None]


class TasksMilestoneResultTaskMilestone(TypedDict):
    id: str
    title: str
    # The progress at which it is reached.
    fraction: float
    # RFC 3339, or a Unix time in seconds, ms, µs or ns by magnitude
    reached_at: NotRequired[str | float | None]


class TasksMilestoneResultTaskRunForetold(TypedDict):
    p50_ms: int
    p90_ms: NotRequired[int | None]


class TasksMilestoneResultTaskRun(TypedDict):
    session: NotRequired[str | None]
    agent: NotRequired[str | None]
    # RFC 3339, or a Unix time in seconds, ms, µs or ns by magnitude
    started_at: str | float
    # RFC 3339, or a Unix time in seconds, ms, µs or ns by magnitude
    ended_at: NotRequired[str | float | None]
    outcome: NotRequired[str | None]
    # How long it was foretold to take when it was started.
    foretold: NotRequired[TasksMilestoneResultTaskRunForetold]


class TasksMilestoneResultTask(TypedDict):
    # Where a task stands. One that waits for others is open.
    status: NotRequired[Literal["open", "active", "blocked", "done", "failed", "cancelled"]]
    # From 0 to 10, the most important.
    priority: NotRequired[int]
    # RFC 3339, or a Unix time in seconds, ms, µs or ns by magnitude
    due: NotRequired[str | float | None]
    # The goal that it serves.
    goal: NotRequired[str | None]
    # How long it was said to take.
    estimate_s: NotRequired[int | None]
    # What must be seen to hold, each by an event.
    checks: NotRequired[List[TasksMilestoneResultTaskCheck]]
    # Tasks that must be over before it is started.
    needs: NotRequired[List[str]]
    # Tasks that wait for it.
    needed_by: NotRequired[List[str]]
    # Tasks that have to do with it.
    relates: NotRequired[List[str]]
    assignee: NotRequired[str | None]
    # From 0 to 1.
    progress: NotRequired[float]
    note: NotRequired[str | None]
    # Why it is blocked or cancelled.
    why: NotRequired[str | None]
    outcome: NotRequired[str | None]
    lesson: NotRequired[str | None]
    milestones: NotRequired[List[TasksMilestoneResultTaskMilestone]]
    # Every time that it was worked on.
    runs: NotRequired[List[TasksMilestoneResultTaskRun]]
    # RFC 3339, or a Unix time in seconds, ms, µs or ns by magnitude
    created_at: NotRequired[str | float]
    # When it came to stand where it stands; of work told afterwards, when that began or ended.
    since: NotRequired[str | float]


class TasksMilestoneResultUnblock(TypedDict):
    id: str
    title: str


class TasksMilestoneResultReachedItem(TypedDict):
    id: str
    title: str
    # The progress at which it is reached.
    fraction: float
    # RFC 3339, or a Unix time in seconds, ms, µs or ns by magnitude
    reached_at: NotRequired[str | float | None]


class TasksMilestoneResultMilestone(TypedDict):
    id: str
    title: str
    # The progress at which it is reached.
    fraction: float
    # RFC 3339, or a Unix time in seconds, ms, µs or ns by magnitude
    reached_at: NotRequired[str | float | None]


class TasksMilestoneResult(TypedDict):
    id: str
    version: int
    title: str
    # The body of a task's record; its title is the record's name.
    task: TasksMilestoneResultTask
    # Tasks that wait for nothing any more.
    unblocks: NotRequired[List[TasksMilestoneResultUnblock] | None]
    # Milestones that were reached.
    reached: NotRequired[List[TasksMilestoneResultReachedItem] | None]
    # Checks that no event has passed yet.
    missing: NotRequired[List[str] | None]
    # The milestone that was made.
    milestone: NotRequired[TasksMilestoneResultMilestone]
    project: str
    # topic → partition → next offset
    position: dict[str, dict[str, int]]


class TasksNextResultItemCheck(TypedDict):
    text: str
    # The event that passed it.
    passed_by: NotRequired[str | None]
    # RFC 3339, or a Unix time in seconds, ms, µs or ns by magnitude
    passed_at: NotRequired[str | float | None]


class TasksNextResultItemMilestone(TypedDict):
    id: str
    title: str
    # The progress at which it is reached.
    fraction: float
    # RFC 3339, or a Unix time in seconds, ms, µs or ns by magnitude
    reached_at: NotRequired[str | float | None]


class TasksNextResultItemRunForetold(TypedDict):
    p50_ms: int
    p90_ms: NotRequired[int | None]


class TasksNextResultItemRun(TypedDict):
    session: NotRequired[str | None]
    agent: NotRequired[str | None]
    # RFC 3339, or a Unix time in seconds, ms, µs or ns by magnitude
    started_at: str | float
    # RFC 3339, or a Unix time in seconds, ms, µs or ns by magnitude
    ended_at: NotRequired[str | float | None]
    outcome: NotRequired[str | None]
    # How long it was foretold to take when it was started.
    foretold: NotRequired[TasksNextResultItemRunForetold]


class TasksNextResultItemParts(TypedDict):
    priority: float
    due: float
    goal: float
    unblocks: float
    estimate: float
    begun: float


class TasksNextResultItem(TypedDict):
    id: str
    title: str
    # Where it stands, in a line.
    content: str
    version: int
    # Where a task stands. One that waits for others is open.
    status: NotRequired[Literal["open", "active", "blocked", "done", "failed", "cancelled"]]
    # From 0 to 10, the most important.
    priority: NotRequired[int]
    # RFC 3339, or a Unix time in seconds, ms, µs or ns by magnitude
    due: NotRequired[str | float | None]
    # The goal that it serves.
    goal: NotRequired[str | None]
    # How long it was said to take.
    estimate_s: NotRequired[int | None]
    # What must be seen to hold, each by an event.
    checks: NotRequired[List[TasksNextResultItemCheck]]
    # Tasks that must be over before it is started.
    needs: NotRequired[List[str]]
    # Tasks that wait for it.
    needed_by: NotRequired[List[str]]
    # Tasks that have to do with it.
    relates: NotRequired[List[str]]
    assignee: NotRequired[str | None]
    # From 0 to 1.
    progress: NotRequired[float]
    note: NotRequired[str | None]
    # What it was weighed by.
    why: List[str]
    outcome: NotRequired[str | None]
    lesson: NotRequired[str | None]
    milestones: NotRequired[List[TasksNextResultItemMilestone]]
    # Every time that it was worked on.
    runs: NotRequired[List[TasksNextResultItemRun]]
    # RFC 3339, or a Unix time in seconds, ms, µs or ns by magnitude
    created_at: NotRequired[str | float]
    # When it came to stand where it stands; of work told afterwards, when that began or ended.
    since: NotRequired[str | float]
    score: float
    # What a score is the sum of.
    parts: NotRequired[TasksNextResultItemParts]


class TasksNextResult(TypedDict):
    items: List[TasksNextResultItem]
    # Why there are none.
    reason: NotRequired[str | None]
    project: str


class TasksHealthResultLateItem(TypedDict):
    id: str
    title: str
    why: str


class TasksHealthResultStuckItem(TypedDict):
    id: str
    title: str
    why: str


class TasksHealthResultAtRiskItem(TypedDict):
    id: str
    title: str
    why: str


class TasksHealthResult(TypedDict):
    late: List[TasksHealthResultLateItem]
    stuck: List[TasksHealthResultStuckItem]
    at_risk: List[TasksHealthResultAtRiskItem]
    # Tasks that are not over and have nothing wrong with them.
    well: int
    # Tasks with a time by which they are due of which nobody can say, for want of an estimate, whether they
    # are at risk.
    unknown: int
    # Why something is not known.
    reason: NotRequired[str | None]
    project: str


class TasksBoardResultItemTask(TypedDict):
    id: str
    title: str


class TasksBoardResultItem(TypedDict):
    # Where a task stands. One that waits for others is open.
    status: Literal["open", "active", "blocked", "done", "failed", "cancelled"]
    count: int
    # Of open ones, how many wait for others.
    waiting: int
    # The most important, at most 20.
    tasks: List[TasksBoardResultItemTask]


class TasksBoardResult(TypedDict):
    # How many tasks there are.
    count: int
    items: List[TasksBoardResultItem]
    project: str


GoalsSetMeasure = TypedDict("GoalsSetMeasure", {
    # What is measured, such as `coverage in %`.
    "what": "str",
    # Where it begins; 0 when not said.
    "from": "NotRequired[float]",
    # Where it is to end.
    "target": "float",
})


GoalsSetResultGoalMeasure = TypedDict("GoalsSetResultGoalMeasure", {
    # What is measured, such as `coverage in %`.
    "what": "str",
    # Where it begins; 0 when not said.
    "from": "NotRequired[float]",
    # Where it is to end.
    "target": "float",
})


class GoalsSetResultGoal(TypedDict):
    # Where a goal stands.
    status: NotRequired[Literal["open", "complete", "abandoned", "paused"]]
    # The goal that it is a part of.
    parent: NotRequired[str | None]
    # From 0 to 10, the most important.
    priority: NotRequired[int]
    # RFC 3339, or a Unix time in seconds, ms, µs or ns by magnitude
    deadline: NotRequired[str | float | None]
    # By what it is seen how far it is; without one, by a value from 0 to 1.
    measure: NotRequired[GoalsSetResultGoalMeasure]
    value: NotRequired[float | None]
    outcome: NotRequired[str | None]
    # Why it was abandoned.
    why: NotRequired[str | None]
    # Conflicts that were looked at and are to be left as they are.
    accepted: NotRequired[List[str]]
    # RFC 3339, or a Unix time in seconds, ms, µs or ns by magnitude
    created_at: NotRequired[str | float]


GoalsSetResult = TypedDict("GoalsSetResult", {
    "id": "str",
    "version": "int",
    "title": "str",
    # The body of a goal's record; its title is the record's name.
    "goal": "GoalsSetResultGoal",
    # The goal that was in hand before.
    "from": "NotRequired[str | None]",
    "project": "str",
    # topic → partition → next offset
    "position": "dict[str, dict[str, int]]",
})


GoalsGetResultMeasure = TypedDict("GoalsGetResultMeasure", {
    # What is measured, such as `coverage in %`.
    "what": "str",
    # Where it begins; 0 when not said.
    "from": "NotRequired[float]",
    # Where it is to end.
    "target": "float",
})


class GoalsGetResultTaskCheck(TypedDict):
    text: str
    # The event that passed it.
    passed_by: NotRequired[str | None]
    # RFC 3339, or a Unix time in seconds, ms, µs or ns by magnitude
    passed_at: NotRequired[str | float | None]


class GoalsGetResultTaskMilestone(TypedDict):
    id: str
    title: str
    # The progress at which it is reached.
    fraction: float
    # RFC 3339, or a Unix time in seconds, ms, µs or ns by magnitude
    reached_at: NotRequired[str | float | None]


class GoalsGetResultTaskRunForetold(TypedDict):
    p50_ms: int
    p90_ms: NotRequired[int | None]


class GoalsGetResultTaskRun(TypedDict):
    session: NotRequired[str | None]
    agent: NotRequired[str | None]
    # RFC 3339, or a Unix time in seconds, ms, µs or ns by magnitude
    started_at: str | float
    # RFC 3339, or a Unix time in seconds, ms, µs or ns by magnitude
    ended_at: NotRequired[str | float | None]
    outcome: NotRequired[str | None]
    # How long it was foretold to take when it was started.
    foretold: NotRequired[GoalsGetResultTaskRunForetold]


class GoalsGetResultTask(TypedDict):
    id: str
    title: str
    # Where it stands, in a line.
    content: str
    version: int
    # Where a task stands. One that waits for others is open.
    status: NotRequired[Literal["open", "active", "blocked", "done", "failed", "cancelled"]]
    # From 0 to 10, the most important.
    priority: NotRequired[int]
    # RFC 3339, or a Unix time in seconds, ms, µs or ns by magnitude
    due: NotRequired[str | float | None]
    # The goal that it serves.
    goal: NotRequired[str | None]
    # How long it was said to take.
    estimate_s: NotRequired[int | None]
    # What must be seen to hold, each by an event.
    checks: NotRequired[List[GoalsGetResultTaskCheck]]
    # Tasks that must be over before it is started.
    needs: NotRequired[List[str]]
    # Tasks that wait for it.
    needed_by: NotRequired[List[str]]
    # Tasks that have to do with it.
    relates: NotRequired[List[str]]
    assignee: NotRequired[str | None]
    # From 0 to 1.
    progress: NotRequired[float]
    note: NotRequired[str | None]
    # Why it is blocked or cancelled.
    why: NotRequired[str | None]
    outcome: NotRequired[str | None]
    lesson: NotRequired[str | None]
    milestones: NotRequired[List[GoalsGetResultTaskMilestone]]
    # Every time that it was worked on.
    runs: NotRequired[List[GoalsGetResultTaskRun]]
    # RFC 3339, or a Unix time in seconds, ms, µs or ns by magnitude
    created_at: NotRequired[str | float]
    # When it came to stand where it stands; of work told afterwards, when that began or ended.
    since: NotRequired[str | float]


GoalsGetResultPartMeasure = TypedDict("GoalsGetResultPartMeasure", {
    # What is measured, such as `coverage in %`.
    "what": "str",
    # Where it begins; 0 when not said.
    "from": "NotRequired[float]",
    # Where it is to end.
    "target": "float",
})


class GoalsGetResultPart(TypedDict):
    id: str
    title: str
    # Where it stands, in a line.
    content: str
    version: int
    # Where a goal stands.
    status: NotRequired[Literal["open", "complete", "abandoned", "paused"]]
    # The goal that it is a part of.
    parent: NotRequired[str | None]
    # From 0 to 10, the most important.
    priority: NotRequired[int]
    # RFC 3339, or a Unix time in seconds, ms, µs or ns by magnitude
    deadline: NotRequired[str | float | None]
    # By what it is seen how far it is; without one, by a value from 0 to 1.
    measure: NotRequired[GoalsGetResultPartMeasure]
    value: NotRequired[float | None]
    outcome: NotRequired[str | None]
    # Why it was abandoned.
    why: NotRequired[str | None]
    # Conflicts that were looked at and are to be left as they are.
    accepted: NotRequired[List[str]]
    # RFC 3339, or a Unix time in seconds, ms, µs or ns by magnitude
    created_at: NotRequired[str | float]


class GoalsGetResult(TypedDict):
    id: str
    title: str
    # Where it stands, in a line.
    content: str
    version: int
    # Where a goal stands.
    status: NotRequired[Literal["open", "complete", "abandoned", "paused"]]
    # The goal that it is a part of.
    parent: NotRequired[str | None]
    # From 0 to 10, the most important.
    priority: NotRequired[int]
    # RFC 3339, or a Unix time in seconds, ms, µs or ns by magnitude
    deadline: NotRequired[str | float | None]
    # By what it is seen how far it is; without one, by a value from 0 to 1.
    measure: NotRequired[GoalsGetResultMeasure]
    value: NotRequired[float | None]
    outcome: NotRequired[str | None]
    # Why it was abandoned.
    why: NotRequired[str | None]
    # Conflicts that were looked at and are to be left as they are.
    accepted: NotRequired[List[str]]
    # RFC 3339, or a Unix time in seconds, ms, µs or ns by magnitude
    created_at: NotRequired[str | float]
    # From 0 to 1: by its own value, else the mean of its tasks and of the goals below; null without any.
    progress: NotRequired[float | None]
    reason: NotRequired[str | None]
    tasks: List[GoalsGetResultTask]
    # The goals below.
    parts: List[GoalsGetResultPart]
    # Agents, or sessions, that have it in hand.
    in_hand: int
    project: str


GoalsListResultItemMeasure = TypedDict("GoalsListResultItemMeasure", {
    # What is measured, such as `coverage in %`.
    "what": "str",
    # Where it begins; 0 when not said.
    "from": "NotRequired[float]",
    # Where it is to end.
    "target": "float",
})


class GoalsListResultItem(TypedDict):
    id: str
    title: str
    # Where it stands, in a line.
    content: str
    version: int
    # Where a goal stands.
    status: NotRequired[Literal["open", "complete", "abandoned", "paused"]]
    # The goal that it is a part of.
    parent: NotRequired[str | None]
    # From 0 to 10, the most important.
    priority: NotRequired[int]
    # RFC 3339, or a Unix time in seconds, ms, µs or ns by magnitude
    deadline: NotRequired[str | float | None]
    # By what it is seen how far it is; without one, by a value from 0 to 1.
    measure: NotRequired[GoalsListResultItemMeasure]
    value: NotRequired[float | None]
    outcome: NotRequired[str | None]
    # Why it was abandoned.
    why: NotRequired[str | None]
    # Conflicts that were looked at and are to be left as they are.
    accepted: NotRequired[List[str]]
    # RFC 3339, or a Unix time in seconds, ms, µs or ns by magnitude
    created_at: NotRequired[str | float]


class GoalsListResult(TypedDict):
    items: List[GoalsListResultItem]
    next_cursor: NotRequired[str | None]
    project: str


GoalsActivateResultGoalMeasure = TypedDict("GoalsActivateResultGoalMeasure", {
    # What is measured, such as `coverage in %`.
    "what": "str",
    # Where it begins; 0 when not said.
    "from": "NotRequired[float]",
    # Where it is to end.
    "target": "float",
})


class GoalsActivateResultGoal(TypedDict):
    # Where a goal stands.
    status: NotRequired[Literal["open", "complete", "abandoned", "paused"]]
    # The goal that it is a part of.
    parent: NotRequired[str | None]
    # From 0 to 10, the most important.
    priority: NotRequired[int]
    # RFC 3339, or a Unix time in seconds, ms, µs or ns by magnitude
    deadline: NotRequired[str | float | None]
    # By what it is seen how far it is; without one, by a value from 0 to 1.
    measure: NotRequired[GoalsActivateResultGoalMeasure]
    value: NotRequired[float | None]
    outcome: NotRequired[str | None]
    # Why it was abandoned.
    why: NotRequired[str | None]
    # Conflicts that were looked at and are to be left as they are.
    accepted: NotRequired[List[str]]
    # RFC 3339, or a Unix time in seconds, ms, µs or ns by magnitude
    created_at: NotRequired[str | float]


GoalsActivateResult = TypedDict("GoalsActivateResult", {
    "id": "str",
    "version": "int",
    "title": "str",
    # The body of a goal's record; its title is the record's name.
    "goal": "GoalsActivateResultGoal",
    # The goal that was in hand before.
    "from": "NotRequired[str | None]",
    # What a switch has cost, in ms; null below 10 of either kind.
    "switch_cost_ms": "NotRequired[int | None]",
    "reason": "NotRequired[str | None]",
    "project": "str",
    # topic → partition → next offset
    "position": "dict[str, dict[str, int]]",
})


GoalsProgressResultGoalMeasure = TypedDict("GoalsProgressResultGoalMeasure", {
    # What is measured, such as `coverage in %`.
    "what": "str",
    # Where it begins; 0 when not said.
    "from": "NotRequired[float]",
    # Where it is to end.
    "target": "float",
})


class GoalsProgressResultGoal(TypedDict):
    # Where a goal stands.
    status: NotRequired[Literal["open", "complete", "abandoned", "paused"]]
    # The goal that it is a part of.
    parent: NotRequired[str | None]
    # From 0 to 10, the most important.
    priority: NotRequired[int]
    # RFC 3339, or a Unix time in seconds, ms, µs or ns by magnitude
    deadline: NotRequired[str | float | None]
    # By what it is seen how far it is; without one, by a value from 0 to 1.
    measure: NotRequired[GoalsProgressResultGoalMeasure]
    value: NotRequired[float | None]
    outcome: NotRequired[str | None]
    # Why it was abandoned.
    why: NotRequired[str | None]
    # Conflicts that were looked at and are to be left as they are.
    accepted: NotRequired[List[str]]
    # RFC 3339, or a Unix time in seconds, ms, µs or ns by magnitude
    created_at: NotRequired[str | float]


GoalsProgressResult = TypedDict("GoalsProgressResult", {
    "id": "str",
    "version": "int",
    "title": "str",
    # The body of a goal's record; its title is the record's name.
    "goal": "GoalsProgressResultGoal",
    # The goal that was in hand before.
    "from": "NotRequired[str | None]",
    "project": "str",
    # topic → partition → next offset
    "position": "dict[str, dict[str, int]]",
})


GoalsCompleteResultGoalMeasure = TypedDict("GoalsCompleteResultGoalMeasure", {
    # What is measured, such as `coverage in %`.
    "what": "str",
    # Where it begins; 0 when not said.
    "from": "NotRequired[float]",
    # Where it is to end.
    "target": "float",
})


class GoalsCompleteResultGoal(TypedDict):
    # Where a goal stands.
    status: NotRequired[Literal["open", "complete", "abandoned", "paused"]]
    # The goal that it is a part of.
    parent: NotRequired[str | None]
    # From 0 to 10, the most important.
    priority: NotRequired[int]
    # RFC 3339, or a Unix time in seconds, ms, µs or ns by magnitude
    deadline: NotRequired[str | float | None]
    # By what it is seen how far it is; without one, by a value from 0 to 1.
    measure: NotRequired[GoalsCompleteResultGoalMeasure]
    value: NotRequired[float | None]
    outcome: NotRequired[str | None]
    # Why it was abandoned.
    why: NotRequired[str | None]
    # Conflicts that were looked at and are to be left as they are.
    accepted: NotRequired[List[str]]
    # RFC 3339, or a Unix time in seconds, ms, µs or ns by magnitude
    created_at: NotRequired[str | float]


GoalsCompleteResult = TypedDict("GoalsCompleteResult", {
    "id": "str",
    "version": "int",
    "title": "str",
    # The body of a goal's record; its title is the record's name.
    "goal": "GoalsCompleteResultGoal",
    # The goal that was in hand before.
    "from": "NotRequired[str | None]",
    "project": "str",
    # topic → partition → next offset
    "position": "dict[str, dict[str, int]]",
})


GoalsAbandonResultGoalMeasure = TypedDict("GoalsAbandonResultGoalMeasure", {
    # What is measured, such as `coverage in %`.
    "what": "str",
    # Where it begins; 0 when not said.
    "from": "NotRequired[float]",
    # Where it is to end.
    "target": "float",
})


class GoalsAbandonResultGoal(TypedDict):
    # Where a goal stands.
    status: NotRequired[Literal["open", "complete", "abandoned", "paused"]]
    # The goal that it is a part of.
    parent: NotRequired[str | None]
    # From 0 to 10, the most important.
    priority: NotRequired[int]
    # RFC 3339, or a Unix time in seconds, ms, µs or ns by magnitude
    deadline: NotRequired[str | float | None]
    # By what it is seen how far it is; without one, by a value from 0 to 1.
    measure: NotRequired[GoalsAbandonResultGoalMeasure]
    value: NotRequired[float | None]
    outcome: NotRequired[str | None]
    # Why it was abandoned.
    why: NotRequired[str | None]
    # Conflicts that were looked at and are to be left as they are.
    accepted: NotRequired[List[str]]
    # RFC 3339, or a Unix time in seconds, ms, µs or ns by magnitude
    created_at: NotRequired[str | float]


GoalsAbandonResult = TypedDict("GoalsAbandonResult", {
    "id": "str",
    "version": "int",
    "title": "str",
    # The body of a goal's record; its title is the record's name.
    "goal": "GoalsAbandonResultGoal",
    # The goal that was in hand before.
    "from": "NotRequired[str | None]",
    "project": "str",
    # topic → partition → next offset
    "position": "dict[str, dict[str, int]]",
})


GoalsRankResultItemMeasure = TypedDict("GoalsRankResultItemMeasure", {
    # What is measured, such as `coverage in %`.
    "what": "str",
    # Where it begins; 0 when not said.
    "from": "NotRequired[float]",
    # Where it is to end.
    "target": "float",
})


class GoalsRankResultItemParts(TypedDict):
    priority: float
    deadline: float
    progress: float
    dependencies: float


class GoalsRankResultItem(TypedDict):
    id: str
    title: str
    # Where it stands, in a line.
    content: str
    version: int
    # Where a goal stands.
    status: NotRequired[Literal["open", "complete", "abandoned", "paused"]]
    # The goal that it is a part of.
    parent: NotRequired[str | None]
    # From 0 to 10, the most important.
    priority: NotRequired[int]
    # RFC 3339, or a Unix time in seconds, ms, µs or ns by magnitude
    deadline: NotRequired[str | float | None]
    # By what it is seen how far it is; without one, by a value from 0 to 1.
    measure: NotRequired[GoalsRankResultItemMeasure]
    value: NotRequired[float | None]
    outcome: NotRequired[str | None]
    # What it was weighed by.
    why: List[str]
    # Conflicts that were looked at and are to be left as they are.
    accepted: NotRequired[List[str]]
    # RFC 3339, or a Unix time in seconds, ms, µs or ns by magnitude
    created_at: NotRequired[str | float]
    score: float
    # What a score is the sum of.
    parts: NotRequired[GoalsRankResultItemParts]


class GoalsRankResult(TypedDict):
    items: List[GoalsRankResultItem]
    # Why there are none.
    reason: NotRequired[str | None]
    project: str


GoalsNextResultGoalMeasure = TypedDict("GoalsNextResultGoalMeasure", {
    # What is measured, such as `coverage in %`.
    "what": "str",
    # Where it begins; 0 when not said.
    "from": "NotRequired[float]",
    # Where it is to end.
    "target": "float",
})


class GoalsNextResultGoalParts(TypedDict):
    priority: float
    deadline: float
    progress: float
    dependencies: float


class GoalsNextResultGoal(TypedDict):
    id: str
    title: str
    # Where it stands, in a line.
    content: str
    version: int
    # Where a goal stands.
    status: NotRequired[Literal["open", "complete", "abandoned", "paused"]]
    # The goal that it is a part of.
    parent: NotRequired[str | None]
    # From 0 to 10, the most important.
    priority: NotRequired[int]
    # RFC 3339, or a Unix time in seconds, ms, µs or ns by magnitude
    deadline: NotRequired[str | float | None]
    # By what it is seen how far it is; without one, by a value from 0 to 1.
    measure: NotRequired[GoalsNextResultGoalMeasure]
    value: NotRequired[float | None]
    outcome: NotRequired[str | None]
    # What it was weighed by.
    why: List[str]
    # Conflicts that were looked at and are to be left as they are.
    accepted: NotRequired[List[str]]
    # RFC 3339, or a Unix time in seconds, ms, µs or ns by magnitude
    created_at: NotRequired[str | float]
    score: float
    # What a score is the sum of.
    parts: NotRequired[GoalsNextResultGoalParts]


class GoalsNextResultTask(TypedDict):
    id: str
    title: str


class GoalsNextResultPassedOverItem(TypedDict):
    id: str
    title: str


class GoalsNextResult(TypedDict):
    # A goal as it is now.
    goal: NotRequired[GoalsNextResultGoal]
    # What can be done for it now.
    tasks: List[GoalsNextResultTask]
    # Goals that come first, but of which nothing can be done now.
    passed_over: List[GoalsNextResultPassedOverItem]
    # Why there is none.
    reason: NotRequired[str | None]
    project: str


class GoalsConflictsResultItem(TypedDict):
    id: str
    kind: Literal["hours", "agents", "files"]
    # Ids of the goals, the most important first.
    goals: List[str]
    content: str
    # Agents or files that both claim.
    shared: List[str]
    # What `goals.resolve` takes as `choice`.
    choices: List[Literal["extend", "lower", "pause", "accept"]]


class GoalsConflictsResult(TypedDict):
    items: List[GoalsConflictsResultItem]
    # Open tasks of open goals without an estimate: the hours do not count them.
    without_estimate: int
    project: str


GoalsResolveResultAdjustedItemGoalMeasure = TypedDict("GoalsResolveResultAdjustedItemGoalMeasure", {
    # What is measured, such as `coverage in %`.
    "what": "str",
    # Where it begins; 0 when not said.
    "from": "NotRequired[float]",
    # Where it is to end.
    "target": "float",
})


class GoalsResolveResultAdjustedItemGoal(TypedDict):
    # Where a goal stands.
    status: NotRequired[Literal["open", "complete", "abandoned", "paused"]]
    # The goal that it is a part of.
    parent: NotRequired[str | None]
    # From 0 to 10, the most important.
    priority: NotRequired[int]
    # RFC 3339, or a Unix time in seconds, ms, µs or ns by magnitude
    deadline: NotRequired[str | float | None]
    # By what it is seen how far it is; without one, by a value from 0 to 1.
    measure: NotRequired[GoalsResolveResultAdjustedItemGoalMeasure]
    value: NotRequired[float | None]
    outcome: NotRequired[str | None]
    # Why it was abandoned.
    why: NotRequired[str | None]
    # Conflicts that were looked at and are to be left as they are.
    accepted: NotRequired[List[str]]
    # RFC 3339, or a Unix time in seconds, ms, µs or ns by magnitude
    created_at: NotRequired[str | float]


class GoalsResolveResultAdjustedItem(TypedDict):
    id: str
    version: int
    title: str
    # The body of a goal's record; its title is the record's name.
    goal: GoalsResolveResultAdjustedItemGoal


class GoalsResolveResult(TypedDict):
    # The conflict.
    id: str
    adjusted: List[GoalsResolveResultAdjustedItem]
    project: str
    # topic → partition → next offset
    position: dict[str, dict[str, int]]


GoalsTreeResultItemMeasure = TypedDict("GoalsTreeResultItemMeasure", {
    # What is measured, such as `coverage in %`.
    "what": "str",
    # Where it begins; 0 when not said.
    "from": "NotRequired[float]",
    # Where it is to end.
    "target": "float",
})


class GoalsTreeResultItem(TypedDict):
    id: str
    title: str
    # Where it stands, in a line.
    content: str
    version: int
    # Where a goal stands.
    status: NotRequired[Literal["open", "complete", "abandoned", "paused"]]
    # The goal that it is a part of.
    parent: NotRequired[str | None]
    # From 0 to 10, the most important.
    priority: NotRequired[int]
    # RFC 3339, or a Unix time in seconds, ms, µs or ns by magnitude
    deadline: NotRequired[str | float | None]
    # By what it is seen how far it is; without one, by a value from 0 to 1.
    measure: NotRequired[GoalsTreeResultItemMeasure]
    value: NotRequired[float | None]
    outcome: NotRequired[str | None]
    # Why it was abandoned.
    why: NotRequired[str | None]
    # Conflicts that were looked at and are to be left as they are.
    accepted: NotRequired[List[str]]
    # RFC 3339, or a Unix time in seconds, ms, µs or ns by magnitude
    created_at: NotRequired[str | float]
    # Levels below where the tree begins, from 0.
    depth: int
    # From 0 to 1; null where nothing tells.
    progress: NotRequired[float | None]
    # How many tasks serve it.
    tasks: int


class GoalsTreeResult(TypedDict):
    items: List[GoalsTreeResultItem]
    next_cursor: NotRequired[str | None]
    project: str


class TriggersCreateAction(TypedDict):
    url: str


class TriggersCreateAction1(TypedDict):
    inject: str


class TriggersCreateAction2(TypedDict):
    # `TOOL.OPERATION`.
    call: str
    # Its arguments.
    arguments: NotRequired[dict[str, Any]]


class TriggersCreateResult(TypedDict):
    id: str
    # Grows with each version.
    version: int
    project: str
    # What to pass as `after` to another server to read it.
    position: dict[str, dict[str, int]]


class TriggersGetResultFiring(TypedDict):
    # Of the firing.
    id: str
    # The trigger.
    trigger: NotRequired[str | None]
    # The rule.
    rule: NotRequired[str | None]
    # RFC 3339, or a Unix time in seconds, ms, µs or ns by magnitude
    time: str | float
    # The event that fired it.
    event: NotRequired[str | None]
    # The time of the clock that fired it.
    due: NotRequired[str | float | None]
    # What led to that, the first of it first.
    chain: List[str]
    # `pending`, `done`, `failed`, or `dead` when an address could not be reached.
    outcome: str
    # What became of each action.
    results: List[Any]
    # RFC 3339, or a Unix time in seconds, ms, µs or ns by magnitude
    ended_at: NotRequired[str | float | None]
    # In short.
    content: str


TriggersGetResult = TypedDict("TriggersGetResult", {
    "id": "str",
    # What it is called.
    "name": "NotRequired[str | None]",
    # What makes it fire.
    "kind": "Literal['time', 'event', 'context', 'dependency', 'file']",
    # What must be so.
    "condition": "dict[str, Any]",
    # What must be so besides.
    "if": "dict[str, Any]",
    # What it does, one after the other.
    "then": "List[Any]",
    # Which times that were missed are made up for; of the clock only.
    "catch_up": "NotRequired[Literal['none', 'last', 'all'] | None]",
    "enabled": "bool",
    # In short.
    "content": "str",
    # How often it fired, how many of these went wrong, and how many have not ended.
    "fired": "int",
    "failed": "int",
    "pending": "int",
    # How often this server left it out because of its rate.
    "skipped": "int",
    # When it fired last.
    "last_at": "NotRequired[str | float | None]",
    # When the clock fires it next; null when it does not.
    "next_at": "NotRequired[str | float | None]",
    # Who made it: it acts with the rights of that.
    "actor": "str",
    # When it was made or changed last.
    "time": "str | float",
    # What a receiver verifies its posts with (Standard Webhooks); for admins.
    "signing_key": "NotRequired[str | None]",
    # The newest firings.
    "firings": "List[TriggersGetResultFiring]",
    "project": "str",
})


TriggersListResultItem = TypedDict("TriggersListResultItem", {
    "id": "str",
    # What it is called.
    "name": "NotRequired[str | None]",
    # What makes it fire.
    "kind": "Literal['time', 'event', 'context', 'dependency', 'file']",
    # What must be so.
    "condition": "dict[str, Any]",
    # What must be so besides.
    "if": "dict[str, Any]",
    # What it does, one after the other.
    "then": "List[Any]",
    # Which times that were missed are made up for; of the clock only.
    "catch_up": "NotRequired[Literal['none', 'last', 'all'] | None]",
    "enabled": "bool",
    # In short.
    "content": "str",
    # How often it fired, how many of these went wrong, and how many have not ended.
    "fired": "int",
    "failed": "int",
    "pending": "int",
    # How often this server left it out because of its rate.
    "skipped": "int",
    # When it fired last.
    "last_at": "NotRequired[str | float | None]",
    # When the clock fires it next; null when it does not.
    "next_at": "NotRequired[str | float | None]",
    # Who made it: it acts with the rights of that.
    "actor": "str",
    # When it was made or changed last.
    "time": "str | float",
})


class TriggersListResult(TypedDict):
    items: List[TriggersListResultItem]
    # What to pass as `cursor` for the next ones; null at the end.
    next_cursor: NotRequired[str | None]
    project: str


class TriggersUpdateAction(TypedDict):
    url: str


class TriggersUpdateAction1(TypedDict):
    inject: str


class TriggersUpdateAction2(TypedDict):
    # `TOOL.OPERATION`.
    call: str
    # Its arguments.
    arguments: NotRequired[dict[str, Any]]


class TriggersUpdateResult(TypedDict):
    id: str
    # Grows with each version.
    version: int
    project: str
    # What to pass as `after` to another server to read it.
    position: dict[str, dict[str, int]]


class TriggersDeleteResult(TypedDict):
    id: str
    # Grows with each version.
    version: int
    project: str
    # What to pass as `after` to another server to read it.
    position: dict[str, dict[str, int]]


class TriggersEnableResult(TypedDict):
    id: str
    # Grows with each version.
    version: int
    project: str
    # What to pass as `after` to another server to read it.
    position: dict[str, dict[str, int]]


class TriggersTestResultAskedItem(TypedDict):
    field: str
    wanted: Any
    found: Any
    holds: bool


class TriggersTestResult(TypedDict):
    id: str
    would_fire: bool
    # In short.
    why: str
    # What was asked, one by one.
    asked: List[TriggersTestResultAskedItem]
    # When the clock fires it next after that.
    next_at: NotRequired[str | float | None]
    # From when on it counts.
    since: str | float
    project: str


class TriggersDueResultItem(TypedDict):
    # The trigger.
    id: str
    name: NotRequired[str | None]
    # When.
    time: str | float
    # In short.
    content: str


class TriggersDueResult(TypedDict):
    items: List[TriggersDueResultItem]
    # Whether there are more.
    truncated: bool
    project: str


class TriggersFireResult(TypedDict):
    # Of the trigger or the rule.
    id: str
    # Of the firing.
    firing: str
    # `done`, `failed`, or `dead` when an address could not be reached; null when it has not ended yet.
    outcome: NotRequired[str | None]
    # Why it is null.
    reason: NotRequired[str | None]
    # What became of each action.
    results: List[Any]
    project: str
    # topic → partition → next offset
    position: dict[str, dict[str, int]]


class TriggersHistoryResultItem(TypedDict):
    # Of the firing.
    id: str
    # The trigger.
    trigger: NotRequired[str | None]
    # The rule.
    rule: NotRequired[str | None]
    # RFC 3339, or a Unix time in seconds, ms, µs or ns by magnitude
    time: str | float
    # The event that fired it.
    event: NotRequired[str | None]
    # The time of the clock that fired it.
    due: NotRequired[str | float | None]
    # What led to that, the first of it first.
    chain: List[str]
    # `pending`, `done`, `failed`, or `dead` when an address could not be reached.
    outcome: str
    # What became of each action.
    results: List[Any]
    # RFC 3339, or a Unix time in seconds, ms, µs or ns by magnitude
    ended_at: NotRequired[str | float | None]
    # In short.
    content: str


class TriggersHistoryResult(TypedDict):
    items: List[TriggersHistoryResultItem]
    # What to pass as `cursor` for the next ones; null at the end.
    next_cursor: NotRequired[str | None]
    project: str


class AutomationCreateThenItem(TypedDict):
    url: str


class AutomationCreateThenItem1(TypedDict):
    inject: str


class AutomationCreateThenItem2(TypedDict):
    # `TOOL.OPERATION`.
    call: str
    # Its arguments.
    arguments: NotRequired[dict[str, Any]]


class AutomationCreateResult(TypedDict):
    id: str
    # Grows with each version.
    version: int
    project: str
    # What to pass as `after` to another server to read it.
    position: dict[str, dict[str, int]]


class AutomationGetResultRun(TypedDict):
    # Of the firing.
    id: str
    # The trigger.
    trigger: NotRequired[str | None]
    # The rule.
    rule: NotRequired[str | None]
    # RFC 3339, or a Unix time in seconds, ms, µs or ns by magnitude
    time: str | float
    # The event that fired it.
    event: NotRequired[str | None]
    # The time of the clock that fired it.
    due: NotRequired[str | float | None]
    # What led to that, the first of it first.
    chain: List[str]
    # `pending`, `done`, `failed`, or `dead` when an address could not be reached.
    outcome: str
    # What became of each action.
    results: List[Any]
    # RFC 3339, or a Unix time in seconds, ms, µs or ns by magnitude
    ended_at: NotRequired[str | float | None]
    # In short.
    content: str


AutomationGetResult = TypedDict("AutomationGetResult", {
    "id": "str",
    # What it is called.
    "name": "NotRequired[str | None]",
    # What makes it fire.
    "kind": "Literal['time', 'event', 'context', 'dependency', 'file']",
    # What must be so.
    "condition": "dict[str, Any]",
    # What must be so besides.
    "if": "dict[str, Any]",
    # What it does, one after the other.
    "then": "List[Any]",
    # Which times that were missed are made up for; of the clock only.
    "catch_up": "NotRequired[Literal['none', 'last', 'all'] | None]",
    "enabled": "bool",
    # In short.
    "content": "str",
    # How often it fired, how many of these went wrong, and how many have not ended.
    "fired": "int",
    "failed": "int",
    "pending": "int",
    # How often this server left it out because of its rate.
    "skipped": "int",
    # When it fired last.
    "last_at": "NotRequired[str | float | None]",
    # When the clock fires it next; null when it does not.
    "next_at": "NotRequired[str | float | None]",
    # Who made it: it acts with the rights of that.
    "actor": "str",
    # When it was made or changed last.
    "time": "str | float",
    # What a receiver verifies its posts with (Standard Webhooks); for admins.
    "signing_key": "NotRequired[str | None]",
    # The newest runs.
    "runs": "List[AutomationGetResultRun]",
    "project": "str",
})


AutomationListResultItem = TypedDict("AutomationListResultItem", {
    "id": "str",
    # What it is called.
    "name": "NotRequired[str | None]",
    # What makes it fire.
    "kind": "Literal['time', 'event', 'context', 'dependency', 'file']",
    # What must be so.
    "condition": "dict[str, Any]",
    # What must be so besides.
    "if": "dict[str, Any]",
    # What it does, one after the other.
    "then": "List[Any]",
    # Which times that were missed are made up for; of the clock only.
    "catch_up": "NotRequired[Literal['none', 'last', 'all'] | None]",
    "enabled": "bool",
    # In short.
    "content": "str",
    # How often it fired, how many of these went wrong, and how many have not ended.
    "fired": "int",
    "failed": "int",
    "pending": "int",
    # How often this server left it out because of its rate.
    "skipped": "int",
    # When it fired last.
    "last_at": "NotRequired[str | float | None]",
    # When the clock fires it next; null when it does not.
    "next_at": "NotRequired[str | float | None]",
    # Who made it: it acts with the rights of that.
    "actor": "str",
    # When it was made or changed last.
    "time": "str | float",
})


class AutomationListResult(TypedDict):
    items: List[AutomationListResultItem]
    # What to pass as `cursor` for the next ones; null at the end.
    next_cursor: NotRequired[str | None]
    project: str


class AutomationUpdateThenItem(TypedDict):
    url: str


class AutomationUpdateThenItem1(TypedDict):
    inject: str


class AutomationUpdateThenItem2(TypedDict):
    # `TOOL.OPERATION`.
    call: str
    # Its arguments.
    arguments: NotRequired[dict[str, Any]]


class AutomationUpdateResult(TypedDict):
    id: str
    # Grows with each version.
    version: int
    project: str
    # What to pass as `after` to another server to read it.
    position: dict[str, dict[str, int]]


class AutomationDeleteResult(TypedDict):
    id: str
    # Grows with each version.
    version: int
    project: str
    # What to pass as `after` to another server to read it.
    position: dict[str, dict[str, int]]


class AutomationEnableResult(TypedDict):
    id: str
    # Grows with each version.
    version: int
    project: str
    # What to pass as `after` to another server to read it.
    position: dict[str, dict[str, int]]


class AutomationRunResult(TypedDict):
    # Of the trigger or the rule.
    id: str
    # Of the firing.
    firing: str
    # `done`, `failed`, or `dead` when an address could not be reached; null when it has not ended yet.
    outcome: NotRequired[str | None]
    # Why it is null.
    reason: NotRequired[str | None]
    # What became of each action.
    results: List[Any]
    project: str
    # topic → partition → next offset
    position: dict[str, dict[str, int]]


class AutomationSimulateResultItem(TypedDict):
    # The event; null of the clock.
    id: NotRequired[str | None]
    # RFC 3339, or a Unix time in seconds, ms, µs or ns by magnitude
    time: str | float
    # What it would have done, with what happened filled in.
    then: List[Any]
    # In short.
    content: str


class AutomationSimulateResult(TypedDict):
    id: str
    # Events, or times of the clock, that were looked at.
    looked_at: int
    # How often it would have run.
    runs: int
    # Some of the runs, the newest first.
    items: List[AutomationSimulateResultItem]
    # Whether there was more than was looked at; then it is of the newest.
    truncated: bool
    project: str


class AutomationHistoryResultItem(TypedDict):
    # Of the firing.
    id: str
    # The trigger.
    trigger: NotRequired[str | None]
    # The rule.
    rule: NotRequired[str | None]
    # RFC 3339, or a Unix time in seconds, ms, µs or ns by magnitude
    time: str | float
    # The event that fired it.
    event: NotRequired[str | None]
    # The time of the clock that fired it.
    due: NotRequired[str | float | None]
    # What led to that, the first of it first.
    chain: List[str]
    # `pending`, `done`, `failed`, or `dead` when an address could not be reached.
    outcome: str
    # What became of each action.
    results: List[Any]
    # RFC 3339, or a Unix time in seconds, ms, µs or ns by magnitude
    ended_at: NotRequired[str | float | None]
    # In short.
    content: str


class AutomationHistoryResult(TypedDict):
    items: List[AutomationHistoryResultItem]
    # What to pass as `cursor` for the next ones; null at the end.
    next_cursor: NotRequired[str | None]
    project: str


class GraphAddEntityResult(TypedDict):
    id: str
    # Whether it was there before.
    existed: bool
    version: int
    project: str
    # topic → partition → next offset
    position: dict[str, dict[str, int]]


GraphGetEntityResultRelation = TypedDict("GraphGetEntityResultRelation", {
    "id": "str",
    "from": "str",
    "to": "str",
    # Names of the ends.
    "name": "str",
    "kind": "str",
    # How strongly it ties its ends: of what is named together by more than chance, else by how often.
    "strength": "float",
    # In how many stretches of work it was seen; 0 of what was only told.
    "support": "int",
    "told": "bool",
    # RFC 3339, or a Unix time in seconds, ms, µs or ns by magnitude
    "valid_from": "NotRequired[str | float | None]",
    # RFC 3339, or a Unix time in seconds, ms, µs or ns by magnitude
    "valid_until": "NotRequired[str | float | None]",
})


class GraphGetEntityResultObservation(TypedDict):
    id: str
    time: Any
    kind: NotRequired[str | None]
    content: str
    agent: NotRequired[str | None]


class GraphGetEntityResultCommunitie(TypedDict):
    id: str
    level: int
    name: str
    size: int
    # From 0 to 1: how strongly the entity is tied inside, beside the most strongly tied.
    centrality: float


class GraphGetEntityResult(TypedDict):
    id: str
    name: str
    kind: str
    aliases: List[str]
    attributes: dict[str, Any]
    # How often it is named, in how many stretches of work and sessions; 0 of what was only told.
    mentions: int
    contexts: int
    sessions: int
    # RFC 3339, or a Unix time in seconds, ms, µs or ns by magnitude
    first_at: str | float
    # RFC 3339, or a Unix time in seconds, ms, µs or ns by magnitude
    last_at: str | float
    told: bool
    # Whether it stands in so much that it holds no community together.
    hub: bool
    # Entities and relations beside it.
    degree: int
    # The strongest.
    relations: List[GraphGetEntityResultRelation]
    # The newest first.
    observations: List[GraphGetEntityResultObservation]
    # The broadest first.
    communities: List[GraphGetEntityResultCommunitie]
    # Ids of events that name it, the newest first; not all.
    evidence: List[str]
    project: str


class GraphAddRelationResult(TypedDict):
    id: str
    # Grows with each version.
    version: int
    project: str
    # What to pass as `after` to another server to read it.
    position: dict[str, dict[str, int]]


class GraphObserveResult(TypedDict):
    id: str
    # Grows with each version.
    version: int
    project: str
    # What to pass as `after` to another server to read it.
    position: dict[str, dict[str, int]]


class GraphSearchResultItem(TypedDict):
    id: str
    name: str
    kind: str
    # From 0 to 1.
    score: float
    mentions: int
    degree: int


class GraphSearchResult(TypedDict):
    items: List[GraphSearchResultItem]
    next_cursor: NotRequired[str | None]
    # Why there are none.
    reason: NotRequired[str | None]
    project: str


class GraphNeighborsResultEntity(TypedDict):
    id: str
    name: str
    kind: str


GraphNeighborsResultItemRelation = TypedDict("GraphNeighborsResultItemRelation", {
    "id": "str",
    "from": "str",
    "to": "str",
    # Names of the ends.
    "name": "str",
    "kind": "str",
    # How strongly it ties its ends: of what is named together by more than chance, else by how often.
    "strength": "float",
    # In how many stretches of work it was seen; 0 of what was only told.
    "support": "int",
    "told": "bool",
    # RFC 3339, or a Unix time in seconds, ms, µs or ns by magnitude
    "valid_from": "NotRequired[str | float | None]",
    # RFC 3339, or a Unix time in seconds, ms, µs or ns by magnitude
    "valid_until": "NotRequired[str | float | None]",
})


class GraphNeighborsResultItem(TypedDict):
    id: str
    name: str
    kind: str
    # Steps from the entity.
    distance: int
    # The product of what each step is passed with, from 0 to 1.
    strength: float
    # The last step.
    relation: GraphNeighborsResultItemRelation


class GraphNeighborsResult(TypedDict):
    # An entity in a list.
    entity: GraphNeighborsResultEntity
    items: List[GraphNeighborsResultItem]
    next_cursor: NotRequired[str | None]
    project: str


class GraphPathResultItemEntitie(TypedDict):
    id: str
    name: str
    kind: str


GraphPathResultItemRelation = TypedDict("GraphPathResultItemRelation", {
    "id": "str",
    "from": "str",
    "to": "str",
    # Names of the ends.
    "name": "str",
    "kind": "str",
    # How strongly it ties its ends: of what is named together by more than chance, else by how often.
    "strength": "float",
    # In how many stretches of work it was seen; 0 of what was only told.
    "support": "int",
    "told": "bool",
    # RFC 3339, or a Unix time in seconds, ms, µs or ns by magnitude
    "valid_from": "NotRequired[str | float | None]",
    # RFC 3339, or a Unix time in seconds, ms, µs or ns by magnitude
    "valid_until": "NotRequired[str | float | None]",
})


class GraphPathResultItem(TypedDict):
    # From 0 to 1: the product of s / (1 + s) over the strengths of its relations.
    strength: float
    hops: int
    entities: List[GraphPathResultItemEntitie]
    relations: List[GraphPathResultItemRelation]


class GraphPathResult(TypedDict):
    items: List[GraphPathResultItem]
    # Why there is none.
    reason: NotRequired[str | None]
    project: str


class GraphSubgraphResultItem(TypedDict):
    id: str
    name: str
    kind: str


GraphSubgraphResultEdge = TypedDict("GraphSubgraphResultEdge", {
    "id": "str",
    "from": "str",
    "to": "str",
    # Names of the ends.
    "name": "str",
    "kind": "str",
    # How strongly it ties its ends: of what is named together by more than chance, else by how often.
    "strength": "float",
    # In how many stretches of work it was seen; 0 of what was only told.
    "support": "int",
    "told": "bool",
    # RFC 3339, or a Unix time in seconds, ms, µs or ns by magnitude
    "valid_from": "NotRequired[str | float | None]",
    # RFC 3339, or a Unix time in seconds, ms, µs or ns by magnitude
    "valid_until": "NotRequired[str | float | None]",
})


class GraphSubgraphResult(TypedDict):
    # The entities.
    items: List[GraphSubgraphResultItem]
    # The strongest first.
    edges: List[GraphSubgraphResultEdge]
    # Whether there is more around them.
    truncated: bool
    project: str


class GraphRankResultItem(TypedDict):
    id: str
    name: str
    kind: str
    # Its share of a random walk; up to half more, as far as it is in the communities of those given.
    score: float


class GraphRankResult(TypedDict):
    items: List[GraphRankResultItem]
    # Why there are none.
    reason: NotRequired[str | None]
    project: str


class GraphMetricsResultTopItem(TypedDict):
    id: str
    name: str
    kind: str
    degree: int


class GraphMetricsResult(TypedDict):
    entities: int
    relations: int
    entities_by_kind: dict[str, int]
    relations_by_kind: dict[str, int]
    # Pairs that are tied, of all pairs that could be; null with fewer than two entities.
    density: NotRequired[float | None]
    mean_degree: NotRequired[float | None]
    max_degree: int
    # The best connected.
    top: List[GraphMetricsResultTopItem]
    # Pieces that nothing ties to each other, entities of the largest, and entities without ties.
    components: int
    largest_component: int
    alone: int
    # Entities that stand in so much that they hold no community together.
    hubs: int
    communities: int
    levels: int
    # Of the broadest communities, from −1 to 1; null where there are none.
    modularity: NotRequired[float | None]
    # Sessions and stretches of work that the graph was learned from.
    sessions: int
    contexts: int
    # Why figures are null.
    reason: NotRequired[str | None]
    project: str


class GraphSimilarResultEntity(TypedDict):
    id: str
    name: str
    kind: str


class GraphSimilarResultItem(TypedDict):
    id: str
    name: str
    kind: str
    # 1 − (1 − neighbours) · (1 − text).
    score: float
    parts: dict[str, float]


class GraphSimilarResult(TypedDict):
    # An entity in a list.
    entity: GraphSimilarResultEntity
    items: List[GraphSimilarResultItem]
    project: str


class GraphMergeResult(TypedDict):
    id: str
    # Grows with each version.
    version: int
    project: str
    # What to pass as `after` to another server to read it.
    position: dict[str, dict[str, int]]


class GraphDeleteResult(TypedDict):
    id: str
    # Grows with each version.
    version: int
    project: str
    # What to pass as `after` to another server to read it.
    position: dict[str, dict[str, int]]


class GraphExportResult(TypedDict):
    # How a graph is written.
    format: Literal["graphml", "dot", "json-ld", "mermaid"]
    content: str
    entities: int
    relations: int
    # Whether the graph has more.
    truncated: bool
    project: str


class CommunitiesDetectResultItem(TypedDict):
    id: str
    # From 0, the broadest.
    level: int
    # The community one level up that it lies in.
    parent: NotRequired[str | None]
    # Members, those that stand everywhere included.
    size: int
    # Its most central members.
    name: str
    # Its part of the modularity of its level.
    modularity_share: float
    # Names of the most central members.
    top: List[str]
    summary: str
    # The run that wrote it; null of one that was found since.
    version: NotRequired[str | None]


class CommunitiesDetectResult(TypedDict):
    # Id of the partition.
    id: str
    # `complete`.
    status: str
    # Of the broadest level, from −1 to 1; null where nothing is tied.
    modularity: NotRequired[float | None]
    # Of the broadest level.
    communities: int
    levels: int
    entities: int
    relations: int
    # The largest of the broadest level.
    items: List[CommunitiesDetectResultItem]
    # Why there are none.
    reason: NotRequired[str | None]
    version: int
    project: str
    # topic → partition → next offset
    position: dict[str, dict[str, int]]


class CommunitiesListResultItem(TypedDict):
    id: str
    # From 0, the broadest.
    level: int
    # The community one level up that it lies in.
    parent: NotRequired[str | None]
    # Members, those that stand everywhere included.
    size: int
    # Its most central members.
    name: str
    # Its part of the modularity of its level.
    modularity_share: float
    # Names of the most central members.
    top: List[str]
    summary: str
    # The run that wrote it; null of one that was found since.
    version: NotRequired[str | None]


class CommunitiesListResult(TypedDict):
    items: List[CommunitiesListResultItem]
    next_cursor: NotRequired[str | None]
    # How many levels there are.
    levels: int
    # Of the broadest level; null where there are none.
    modularity: NotRequired[float | None]
    # Why there are none.
    reason: NotRequired[str | None]
    project: str


class CommunitiesGetResultMember(TypedDict):
    # Id of the entity.
    entity: str
    name: str
    kind: str
    # From 0 to 1: how strongly it is tied inside, beside the most strongly tied.
    centrality: float
    # Whether it acts everywhere, and is only where most of its ties are.
    hub: bool


class CommunitiesGetResult(TypedDict):
    id: str
    # From 0, the broadest.
    level: int
    # The community one level up that it lies in.
    parent: NotRequired[str | None]
    # Members, those that stand everywhere included.
    size: int
    # Its most central members.
    name: str
    # Its part of the modularity of its level.
    modularity_share: float
    # Names of the most central members.
    top: List[str]
    summary: str
    # The run that wrote it; null of one that was found since.
    version: NotRequired[str | None]
    # The most central first.
    members: List[CommunitiesGetResultMember]
    # Share of the strength of its ties that stays inside, from 0 to 1; null where it has no ties.
    cohesion: NotRequired[float | None]
    # Strengths of ties within, and to others.
    inside: float
    outside: float
    # Ids of events that the summary quotes.
    sources: List[str]
    # Communities one level down that lie in it.
    children: List[str]
    # Communities that are no more and that most of went here.
    replaces: List[str]
    project: str


class CommunitiesMembersResultItem(TypedDict):
    # Id of the entity.
    entity: str
    name: str
    kind: str
    # From 0 to 1: how strongly it is tied inside, beside the most strongly tied.
    centrality: float
    # Whether it acts everywhere, and is only where most of its ties are.
    hub: bool


class CommunitiesMembersResult(TypedDict):
    community: str
    items: List[CommunitiesMembersResultItem]
    next_cursor: NotRequired[str | None]
    project: str


class CommunitiesOfResultEntity(TypedDict):
    id: str
    name: str
    kind: str


class CommunitiesOfResultItem(TypedDict):
    id: str
    # From 0, the broadest.
    level: int
    # The community one level up that it lies in.
    parent: NotRequired[str | None]
    # Members, those that stand everywhere included.
    size: int
    # Its most central members.
    name: str
    # Its part of the modularity of its level.
    modularity_share: float
    # Names of the most central members.
    top: List[str]
    summary: str
    # The run that wrote it; null of one that was found since.
    version: NotRequired[str | None]


class CommunitiesOfResult(TypedDict):
    # An entity in a list.
    entity: CommunitiesOfResultEntity
    items: List[CommunitiesOfResultItem]
    # Why there are none.
    reason: NotRequired[str | None]
    project: str


class CommunitiesLevelsResultItem(TypedDict):
    level: int
    communities: int
    entities: int
    largest: int
    smallest: int
    modularity: float
    resolution: float
    seed: int


class CommunitiesLevelsResult(TypedDict):
    items: List[CommunitiesLevelsResultItem]
    # Why there is none.
    reason: NotRequired[str | None]
    project: str


class CommunitiesBridgesResultItemCommunitie(TypedDict):
    community: str
    strength: float


class CommunitiesBridgesResultItem(TypedDict):
    id: str
    name: str
    kind: str
    # From 0, all its ties in one community, to 1.
    participation: float
    # Participation times the strength of its ties to communities that are not its own.
    score: float
    # Its own community, and others that it is tied to, the most strongly tied first.
    own: NotRequired[str | None]
    communities: List[CommunitiesBridgesResultItemCommunitie]


class CommunitiesBridgesResult(TypedDict):
    items: List[CommunitiesBridgesResultItem]
    next_cursor: NotRequired[str | None]
    # Why there are none.
    reason: NotRequired[str | None]
    project: str


class CommunitiesConnectivityResultItem(TypedDict):
    community: str
    name: str
    strength: float
    relations: int


CommunitiesConnectivityResultRelation = TypedDict("CommunitiesConnectivityResultRelation", {
    "id": "str",
    "from": "str",
    "to": "str",
    # Names of the ends.
    "name": "str",
    "kind": "str",
    # How strongly it ties its ends: of what is named together by more than chance, else by how often.
    "strength": "float",
    # In how many stretches of work it was seen; 0 of what was only told.
    "support": "int",
    "told": "bool",
    # RFC 3339, or a Unix time in seconds, ms, µs or ns by magnitude
    "valid_from": "NotRequired[str | float | None]",
    # RFC 3339, or a Unix time in seconds, ms, µs or ns by magnitude
    "valid_until": "NotRequired[str | float | None]",
})


class CommunitiesConnectivityResult(TypedDict):
    a: str
    # Strength of the ties within `a`, and from it to all others.
    inside: float
    outside: float
    # The others of its level that it is tied to, the most strongly tied first.
    items: List[CommunitiesConnectivityResultItem]
    # Between `a` and `b`, the strongest first.
    relations: List[CommunitiesConnectivityResultRelation]
    project: str


class CommunitiesSummaryResultCommunity(TypedDict):
    id: str
    # From 0, the broadest.
    level: int
    # The community one level up that it lies in.
    parent: NotRequired[str | None]
    # Members, those that stand everywhere included.
    size: int
    # Its most central members.
    name: str
    # Its part of the modularity of its level.
    modularity_share: float
    # Names of the most central members.
    top: List[str]
    summary: str
    # The run that wrote it; null of one that was found since.
    version: NotRequired[str | None]


class CommunitiesSummaryResultItem(TypedDict):
    id: str
    # `event` or `memory`.
    kind: str
    time: Any
    content: str


class CommunitiesSummaryResult(TypedDict):
    # A community in a list.
    community: CommunitiesSummaryResultCommunity
    # Its entities and the texts of its sources, in lines; or what the language model makes of them.
    summary: str
    # `extractive`, every word of it being quoted, or `llm`.
    method: str
    # Why it quotes nothing.
    reason: NotRequired[str | None]
    items: List[CommunitiesSummaryResultItem]
    # Why the language model did not say it.
    degraded: List[str]
    project: str


class CommunitiesDriftResultItem(TypedDict):
    # `split`, `merged`, `appeared`, `gone` or `moved`.
    change: str
    # Communities before.
    before: List[str]
    # Communities after.
    after: List[str]
    # How many entities it concerns.
    size: int
    # Names of some of them.
    entities: List[str]


class CommunitiesDriftResult(TypedDict):
    items: List[CommunitiesDriftResultItem]
    # The runs that are compared; null where none was complete yet.
    from_run: NotRequired[str | None]
    to_run: NotRequired[str | None]
    # Entities in communities at both times, and those of them that changed theirs.
    stayed: int
    moved: int
    # Of the entities at both times, the share that is where it was; null without any.
    stability: NotRequired[float | None]
    # Why there is nothing to compare.
    reason: NotRequired[str | None]
    project: str


class AssociationsGetResultItem(TypedDict):
    id: str
    # From 0 to 1, as of now: it halves in 30 days without use.
    strength: float
    # Answers that had both among their first.
    returned: int
    # Sessions in which both were used.
    used: int
    # Whether somebody strengthened or weakened it.
    told: bool
    # RFC 3339, or a Unix time in seconds, ms, µs or ns by magnitude
    last_at: str | float


class AssociationsGetResult(TypedDict):
    items: List[AssociationsGetResultItem]
    next_cursor: NotRequired[str | None]
    # Why there are none.
    reason: NotRequired[str | None]
    project: str


class AssociationsStrengthenResult(TypedDict):
    id: str
    # Grows with each version.
    version: int
    project: str
    # What to pass as `after` to another server to read it.
    position: dict[str, dict[str, int]]


class AssociationsWeakenResult(TypedDict):
    id: str
    # Grows with each version.
    version: int
    project: str
    # What to pass as `after` to another server to read it.
    position: dict[str, dict[str, int]]


AssociationsSpreadResultItem = TypedDict("AssociationsSpreadResultItem", {
    "id": "str",
    "activation": "float",
    # Steps to it.
    "distance": "int",
    # The item that it was first reached from.
    "from": "str",
})


class AssociationsSpreadResult(TypedDict):
    items: List[AssociationsSpreadResultItem]
    # Why there is nothing.
    reason: NotRequired[str | None]
    project: str


class AssociationsPathResultItem(TypedDict):
    id: str
    # Null of the first.
    strength: NotRequired[float | None]


class AssociationsPathResult(TypedDict):
    # From `a` to `b`, each with the strength of what led to it.
    items: List[AssociationsPathResultItem]
    # The product of the strengths; null where nothing leads from one to the other.
    strength: NotRequired[float | None]
    # Why there is none.
    reason: NotRequired[str | None]
    project: str


class AssociationsSuggestResultItem(TypedDict):
    id: str
    # From 0 to 1, as of now: it halves in 30 days without use.
    strength: float
    # Answers that had both among their first.
    returned: int
    # Sessions in which both were used.
    used: int
    # Whether somebody strengthened or weakened it.
    told: bool
    # RFC 3339, or a Unix time in seconds, ms, µs or ns by magnitude
    last_at: str | float


class AssociationsSuggestResult(TypedDict):
    items: List[AssociationsSuggestResultItem]
    next_cursor: NotRequired[str | None]
    # Why there are none.
    reason: NotRequired[str | None]
    project: str


class AssociationsPruneResult(TypedDict):
    id: str
    pruned: int
    version: int
    project: str
    # topic → partition → next offset
    position: dict[str, dict[str, int]]


class CodeIndexResult(TypedDict):
    # Identifier of the run; `code.statistics` tells how it goes.
    run: str
    # `running`, `complete` or `failed`.
    status: str
    project: str
    # The folder that the paths of files are below.
    root: str
    # RFC 3339, or a Unix time in seconds, ms, µs or ns by magnitude
    started_at: str | float
    # RFC 3339, or a Unix time in seconds, ms, µs or ns by magnitude
    ended_at: NotRequired[str | float | None]
    # Of known languages, there to be read.
    files: int
    # New ones, and those whose content is another.
    changed: int
    unchanged: int
    # Known before, and not there any more.
    gone: int
    # Too large, or no text.
    skipped: int
    # Whether there are more files than one run reads.
    truncated: bool
    # What to pass as `after` to another server to read it.
    position: NotRequired[dict[str, dict[str, int]] | None]
    # Why it failed.
    why: NotRequired[str | None]


class CodeSearchResultItem(TypedDict):
    # The event that tells of the file.
    id: str
    # What the symbol is, or `file`.
    kind: str
    # The symbol's qualified name.
    name: NotRequired[str | None]
    path: str
    line: NotRequired[int | None]
    content: str
    # Of the words of its name and doc, and of its file among those found.
    score: float
    # RFC 3339, or a Unix time in seconds, ms, µs or ns by magnitude
    time: str | float


class CodeSearchResult(TypedDict):
    items: List[CodeSearchResultItem]
    degraded: List[str]
    project: str


class CodeSymbolResultItem(TypedDict):
    # The event that tells of it.
    id: str
    # Qualified with points.
    name: str
    # What it is: function, method, class, struct, enum, interface, trait, type, module, constant or macro.
    kind: str
    path: str
    # Its first line, from 1, and how many it has.
    line: int
    lines: int
    # Its declaration, and the first line of what is said about it.
    content: str
    # One more than its branches; 0 of what does not run.
    complexity: int
    # When the file was read.
    time: str | float


class CodeSymbolResultReference(TypedDict):
    # The event that tells of it.
    id: str
    path: str
    line: int
    # `call`, `extends`, `mention` or `import`.
    kind: str
    # The symbol that uses it; null: the file itself.
    name: NotRequired[str | None]
    content: str
    # How often.
    times: int
    # RFC 3339, or a Unix time in seconds, ms, µs or ns by magnitude
    time: str | float


class CodeSymbolResultHistoryItem(TypedDict):
    id: str
    # What can be found.
    kind: Literal["event", "memory", "fact", "procedure", "entity", "community", "note", "task", "symbol", "episode"]
    # Comparable within one answer only.
    score: float
    # What it is called.
    name: NotRequired[str | None]
    content: str
    # RFC 3339, or a Unix time in seconds, ms, µs or ns by magnitude
    time: str | float
    project: str
    session: NotRequired[str | None]
    agent: NotRequired[str | None]
    type: NotRequired[str | None]
    tool: NotRequired[str | None]
    outcome: NotRequired[str | None]
    # Ids of the events that it rests on.
    sources: List[str]
    # What the score is made of; with `explain`.
    parts: NotRequired[dict[str, float] | None]


class CodeSymbolResult(TypedDict):
    # Its definitions.
    items: List[CodeSymbolResultItem]
    # Calls and imports that mean one of them.
    references: List[CodeSymbolResultReference]
    # Calls of that name that may mean something else.
    open_calls: int
    # Events of the first definition's file, the newest first.
    history: List[CodeSymbolResultHistoryItem]
    truncated: bool
    degraded: List[str]
    project: str


class CodeFileResultItem(TypedDict):
    # The event that tells of it.
    id: str
    # Qualified with points.
    name: str
    # What it is: function, method, class, struct, enum, interface, trait, type, module, constant or macro.
    kind: str
    path: str
    # Its first line, from 1, and how many it has.
    line: int
    lines: int
    # Its declaration, and the first line of what is said about it.
    content: str
    # One more than its branches; 0 of what does not run.
    complexity: int
    # When the file was read.
    time: str | float


class CodeFileResultImport(TypedDict):
    # As it is written.
    module: str
    name: NotRequired[str | None]
    line: int


class CodeFileResultMetrics(TypedDict):
    lines: int
    bytes: int
    symbols: int
    # Of all that runs, and of what has most.
    complexity: int
    most_complexity: int
    # Files that it uses, and that use it.
    uses: int
    used_by: int
    # Changes that events tell of, and failures with it.
    churn: int
    failures: int
    is_test: bool


class CodeFileResultRecentItem(TypedDict):
    id: str
    # What can be found.
    kind: Literal["event", "memory", "fact", "procedure", "entity", "community", "note", "task", "symbol", "episode"]
    # Comparable within one answer only.
    score: float
    # What it is called.
    name: NotRequired[str | None]
    content: str
    # RFC 3339, or a Unix time in seconds, ms, µs or ns by magnitude
    time: str | float
    project: str
    session: NotRequired[str | None]
    agent: NotRequired[str | None]
    type: NotRequired[str | None]
    tool: NotRequired[str | None]
    outcome: NotRequired[str | None]
    # Ids of the events that it rests on.
    sources: List[str]
    # What the score is made of; with `explain`.
    parts: NotRequired[dict[str, float] | None]


class CodeFileResultInsight(TypedDict):
    id: str
    # What can be found.
    kind: Literal["event", "memory", "fact", "procedure", "entity", "community", "note", "task", "symbol", "episode"]
    # Comparable within one answer only.
    score: float
    # What it is called.
    name: NotRequired[str | None]
    content: str
    # RFC 3339, or a Unix time in seconds, ms, µs or ns by magnitude
    time: str | float
    project: str
    session: NotRequired[str | None]
    agent: NotRequired[str | None]
    type: NotRequired[str | None]
    tool: NotRequired[str | None]
    outcome: NotRequired[str | None]
    # Ids of the events that it rests on.
    sources: List[str]
    # What the score is made of; with `explain`.
    parts: NotRequired[dict[str, float] | None]


class CodeFileResult(TypedDict):
    # The event that tells of it.
    id: str
    path: str
    language: NotRequired[str | None]
    # When it was read.
    time: str | float
    # Its symbols, in order.
    items: List[CodeFileResultItem]
    imports: List[CodeFileResultImport]
    metrics: CodeFileResultMetrics
    # Other events of the file, the newest first.
    recent: List[CodeFileResultRecentItem]
    # Findings tied to it, the newest first.
    insights: List[CodeFileResultInsight]
    # Some of it did not parse.
    broken: bool
    # Not all of it is kept.
    truncated: bool
    degraded: List[str]
    project: str


class CodeDependenciesResultItem(TypedDict):
    # The event that tells of the file; null of what is from elsewhere.
    id: NotRequired[str | None]
    # `file`, `symbol`, or `external`.
    kind: str
    # The symbol, or the module from elsewhere.
    name: NotRequired[str | None]
    path: NotRequired[str | None]
    line: NotRequired[int | None]
    content: str
    # When the file was read; null of what is from elsewhere.
    time: NotRequired[str | float | None]


class CodeDependenciesResult(TypedDict):
    items: List[CodeDependenciesResultItem]
    next_cursor: NotRequired[str | None]
    project: str


class CodeDependentsResultItem(TypedDict):
    # The event that tells of the file; null of what is from elsewhere.
    id: NotRequired[str | None]
    # `file`, `symbol`, or `external`.
    kind: str
    # The symbol, or the module from elsewhere.
    name: NotRequired[str | None]
    path: NotRequired[str | None]
    line: NotRequired[int | None]
    content: str
    # When the file was read; null of what is from elsewhere.
    time: NotRequired[str | float | None]


class CodeDependentsResult(TypedDict):
    items: List[CodeDependentsResultItem]
    next_cursor: NotRequired[str | None]
    project: str


class CodeImpactResultItem(TypedDict):
    # The event that tells of the file.
    id: str
    path: str
    # How many steps away.
    level: int
    # The file that it uses on the way.
    through: str
    is_test: bool
    content: str
    # When the file was read.
    time: str | float


class CodeImpactResultFailure(TypedDict):
    # The last such event.
    id: str
    # After a change of this.
    path: str
    # A path that the failure names, or what it was.
    content: str
    times: int


class CodeImpactResult(TypedDict):
    # Files that use them, the nearest first.
    items: List[CodeImpactResultItem]
    # Tests among these, and the paths themselves that are tests: what to run.
    tests: List[str]
    # What failed in the same session within an hour of a change, the most often first.
    failures: List[CodeImpactResultFailure]
    # Paths that are not indexed: only their past is known.
    unknown: List[str]
    # There is more than is followed.
    truncated: bool
    project: str


class CodeHotspotsResultItem(TypedDict):
    # The event that tells of the file.
    id: str
    path: str
    # Of its parts, one after the other.
    score: int
    parts: dict[str, int]
    # When it was changed last.
    time: NotRequired[str | float | None]
    content: str


class CodeHotspotsResult(TypedDict):
    items: List[CodeHotspotsResultItem]
    next_cursor: NotRequired[str | None]
    # Why there are none.
    reason: NotRequired[str | None]
    project: str


class CodeStatisticsResultItem(TypedDict):
    language: str
    files: int
    lines: int
    bytes: int
    symbols: int
    # What runs, and its complexity together.
    functions: int
    complexity: int
    # Files that did not parse as a whole.
    broken: int


class CodeStatisticsResultRun(TypedDict):
    # Identifier of the run; `code.statistics` tells how it goes.
    run: str
    # `running`, `complete` or `failed`.
    status: str
    project: str
    # The folder that the paths of files are below.
    root: str
    # RFC 3339, or a Unix time in seconds, ms, µs or ns by magnitude
    started_at: str | float
    # RFC 3339, or a Unix time in seconds, ms, µs or ns by magnitude
    ended_at: NotRequired[str | float | None]
    # Of known languages, there to be read.
    files: int
    # New ones, and those whose content is another.
    changed: int
    unchanged: int
    # Known before, and not there any more.
    gone: int
    # Too large, or no text.
    skipped: int
    # Whether there are more files than one run reads.
    truncated: bool
    # What to pass as `after` to another server to read it.
    position: NotRequired[dict[str, dict[str, int]] | None]
    # Why it failed.
    why: NotRequired[str | None]


class CodeStatisticsResult(TypedDict):
    # By language, the most lines first.
    items: List[CodeStatisticsResultItem]
    files: int
    lines: int
    symbols: int
    # Files of tests.
    tests: int
    # When a file was read last; null when none was.
    read_at: NotRequired[str | float | None]
    # Folders that paths are below.
    roots: List[str]
    # The newest last.
    runs: List[CodeStatisticsResultRun]
    # There are more files than are kept.
    truncated: bool
    project: str


class CodeInsightResult(TypedDict):
    id: str
    # Grows with each version.
    version: int
    project: str
    # What to pass as `after` to another server to read it.
    position: dict[str, dict[str, int]]


class CodeWorkspaceResultCursor(TypedDict):
    path: NotRequired[str | None]
    line: int
    column: NotRequired[int | None]


class CodeWorkspaceResultLastEdit(TypedDict):
    path: str
    # RFC 3339, or a Unix time in seconds, ms, µs or ns by magnitude
    at: str | float
    event: str


class CodeWorkspaceResult(TypedDict):
    # The one that was opened last at the end.
    open_files: List[str]
    branch: NotRequired[str | None]
    cwd: NotRequired[str | None]
    # Where the cursor is; lines and columns as the editor counts them.
    cursor: NotRequired[CodeWorkspaceResultCursor]
    # The newest first, each file once.
    last_edits: List[CodeWorkspaceResultLastEdit]
    # The last event that it is made of; null when there is none.
    time: NotRequired[str | float | None]
    session: NotRequired[str | None]
    # Why nothing is known.
    reason: NotRequired[str | None]
    project: str


class MetaQualityResult(TypedDict):
    # Events for each row that says them in short, as the newest run measured it.
    compression: NotRequired[float | None]
    # The share of items used later that questions had ranked among the first ten; null under 30.
    recall: NotRequired[float | None]
    # Items that were used after a question, or said to be useful.
    used: int
    # The share of facts that hold that nobody spoke against since; null under 5.
    consistency: NotRequired[float | None]
    # The share of events that the newest run has read.
    freshness: NotRequired[float | None]
    # Events that it has not read, and since when the oldest of them waits.
    unread: int
    # RFC 3339, or a Unix time in seconds, ms, µs or ns by magnitude
    unread_since: NotRequired[str | float | None]
    # Why what is null is not known, by its name.
    reason: dict[str, str]
    project: str


class MetaCoverageResultItem(TypedDict):
    domain: str
    # `touched`, `known` (3 sessions and 30 events) or `well_known` (10 and 200).
    depth: str
    events: int
    sessions: int
    # The share of outcomes that were successes; null under 5.
    success_rate: NotRequired[float | None]
    # RFC 3339, or a Unix time in seconds, ms, µs or ns by magnitude
    last_at: str | float
    # Why something is null.
    reason: NotRequired[str | None]


class MetaCoverageResult(TypedDict):
    items: List[MetaCoverageResultItem]
    project: str


class MetaGapsResultItem(TypedDict):
    # `question`: asked, and not answered. `entity`: named in texts, and nothing else is known of it.
    # `contradiction`: a fact that somebody spoke against.
    kind: str
    # Of an entity or a fact.
    id: NotRequired[str | None]
    content: str
    # How often it was asked, named or spoken against.
    count: int
    # RFC 3339, or a Unix time in seconds, ms, µs or ns by magnitude
    time: str | float


class MetaGapsResult(TypedDict):
    items: List[MetaGapsResultItem]
    project: str


class MetaExpertiseResultItem(TypedDict):
    agent: str
    domain: str
    # `novice`, `competent` (3 sessions), `proficient` (half of outcomes are successes, at the lower end of
    # the interval) or `expert` (.8); null with `reason`.
    level: NotRequired[str | None]
    events: int
    sessions: int
    outcomes: int
    # Successes over outcomes with its interval of 95 %; null under 5.
    success_rate: NotRequired[float | None]
    low: NotRequired[float | None]
    high: NotRequired[float | None]
    # RFC 3339, or a Unix time in seconds, ms, µs or ns by magnitude
    last_at: str | float
    reason: NotRequired[str | None]


class MetaExpertiseResult(TypedDict):
    items: List[MetaExpertiseResultItem]
    project: str


class MetaConfidenceResult(TypedDict):
    id: str
    kind: str
    # On how much it rests: 1 of what was told once.
    support: int
    # How many sessions say it, where that is known.
    sessions: NotRequired[int | None]
    # Since when it is known, in seconds.
    age_s: float
    # How often it was judged, and the share of judgements that found it useful; null under 3.
    judged: int
    agreement: NotRequired[float | None]
    # Who told it.
    source: NotRequired[str | None]
    # How often what this source told was judged useful; null under 5 judgements.
    source_trust: NotRequired[float | None]
    # The mean of a beta distribution: useful judgements over all, one of each before any; null without a
    # judgement.
    confidence: NotRequired[float | None]
    # Why what is null is not known, by its name.
    reason: dict[str, str]
    project: str


class MetaLearningRateResultItem(TypedDict):
    domain: str
    outcomes: int
    # Success rates of the earlier and of the later half; null under 20 outcomes.
    before: NotRequired[float | None]
    after: NotRequired[float | None]
    # after − before, with its interval of 95 %.
    change: NotRequired[float | None]
    low: NotRequired[float | None]
    high: NotRequired[float | None]
    # `better`, `worse`, or `same` where the interval has 0 in it.
    trend: NotRequired[str | None]
    reason: NotRequired[str | None]


class MetaLearningRateResult(TypedDict):
    items: List[MetaLearningRateResultItem]
    project: str


class MetaReflectResultWentWellItem(TypedDict):
    # The newest event of it.
    id: str
    content: str
    ended: int
    failures: int
    sessions: int


class MetaReflectResultRepeat(TypedDict):
    # The newest event of it.
    id: str
    content: str
    ended: int
    failures: int
    sessions: int


class MetaReflectResultToChangeItem(TypedDict):
    # The newest event of it.
    id: str
    content: str
    ended: int
    failures: int
    sessions: int


class MetaReflectResult(TypedDict):
    # The surest first.
    went_well: List[MetaReflectResultWentWellItem]
    # What failed at least three times, in two sessions and more; most often first.
    repeats: List[MetaReflectResultRepeat]
    # What fails more often than everything else, beyond chance, and what to do about it.
    to_change: List[MetaReflectResultToChangeItem]
    # Calls whose end is known.
    outcomes: int
    # Why there is nothing to tell, where there is not.
    reason: NotRequired[str | None]
    project: str


class MetaUsageResultItem(TypedDict):
    id: str
    recalled: int
    # How often it was read as a whole.
    used: int
    # RFC 3339, or a Unix time in seconds, ms, µs or ns by magnitude
    last_at: str | float


class MetaUsageResultNeverItem(TypedDict):
    id: str
    content: str
    # RFC 3339, or a Unix time in seconds, ms, µs or ns by magnitude
    time: str | float


class MetaUsageResultOperation(TypedDict):
    operation: str
    asked: int
    # How often nothing came back.
    nothing: int
    # RFC 3339, or a Unix time in seconds, ms, µs or ns by magnitude
    last_at: str | float


class MetaUsageResult(TypedDict):
    # What is recalled, most often first.
    items: List[MetaUsageResultItem]
    # Memories that no question ever brought back, the oldest first.
    never: List[MetaUsageResultNeverItem]
    # How many these are, of how many.
    never_recalled: int
    memories: NotRequired[int | None]
    # Operations that were asked.
    operations: List[MetaUsageResultOperation]
    # Why something is null.
    reason: NotRequired[str | None]
    project: str


class MetaSummaryResultQuality(TypedDict):
    # Events for each row that says them in short, as the newest run measured it.
    compression: NotRequired[float | None]
    # The share of items used later that questions had ranked among the first ten; null under 30.
    recall: NotRequired[float | None]
    # Items that were used after a question, or said to be useful.
    used: int
    # The share of facts that hold that nobody spoke against since; null under 5.
    consistency: NotRequired[float | None]
    # The share of events that the newest run has read.
    freshness: NotRequired[float | None]
    # Events that it has not read, and since when the oldest of them waits.
    unread: int
    # RFC 3339, or a Unix time in seconds, ms, µs or ns by magnitude
    unread_since: NotRequired[str | float | None]
    # Why what is null is not known, by its name.
    reason: dict[str, str]
    project: str


class MetaSummaryResultCoverageItem(TypedDict):
    domain: str
    # `touched`, `known` (3 sessions and 30 events) or `well_known` (10 and 200).
    depth: str
    events: int
    sessions: int
    # The share of outcomes that were successes; null under 5.
    success_rate: NotRequired[float | None]
    # RFC 3339, or a Unix time in seconds, ms, µs or ns by magnitude
    last_at: str | float
    # Why something is null.
    reason: NotRequired[str | None]


class MetaSummaryResultGap(TypedDict):
    # `question`: asked, and not answered. `entity`: named in texts, and nothing else is known of it.
    # `contradiction`: a fact that somebody spoke against.
    kind: str
    # Of an entity or a fact.
    id: NotRequired[str | None]
    content: str
    # How often it was asked, named or spoken against.
    count: int
    # RFC 3339, or a Unix time in seconds, ms, µs or ns by magnitude
    time: str | float


class MetaSummaryResultLearningRateItem(TypedDict):
    domain: str
    outcomes: int
    # Success rates of the earlier and of the later half; null under 20 outcomes.
    before: NotRequired[float | None]
    after: NotRequired[float | None]
    # after − before, with its interval of 95 %.
    change: NotRequired[float | None]
    low: NotRequired[float | None]
    high: NotRequired[float | None]
    # `better`, `worse`, or `same` where the interval has 0 in it.
    trend: NotRequired[str | None]
    reason: NotRequired[str | None]


class MetaSummaryResultReflectionWentWellItem(TypedDict):
    # The newest event of it.
    id: str
    content: str
    ended: int
    failures: int
    sessions: int


class MetaSummaryResultReflectionRepeat(TypedDict):
    # The newest event of it.
    id: str
    content: str
    ended: int
    failures: int
    sessions: int


class MetaSummaryResultReflectionToChangeItem(TypedDict):
    # The newest event of it.
    id: str
    content: str
    ended: int
    failures: int
    sessions: int


class MetaSummaryResultReflection(TypedDict):
    # The surest first.
    went_well: List[MetaSummaryResultReflectionWentWellItem]
    # What failed at least three times, in two sessions and more; most often first.
    repeats: List[MetaSummaryResultReflectionRepeat]
    # What fails more often than everything else, beyond chance, and what to do about it.
    to_change: List[MetaSummaryResultReflectionToChangeItem]
    # Calls whose end is known.
    outcomes: int
    # Why there is nothing to tell, where there is not.
    reason: NotRequired[str | None]
    project: str


class MetaSummaryResultUsageItem(TypedDict):
    id: str
    recalled: int
    # How often it was read as a whole.
    used: int
    # RFC 3339, or a Unix time in seconds, ms, µs or ns by magnitude
    last_at: str | float


class MetaSummaryResultUsageNeverItem(TypedDict):
    id: str
    content: str
    # RFC 3339, or a Unix time in seconds, ms, µs or ns by magnitude
    time: str | float


class MetaSummaryResultUsageOperation(TypedDict):
    operation: str
    asked: int
    # How often nothing came back.
    nothing: int
    # RFC 3339, or a Unix time in seconds, ms, µs or ns by magnitude
    last_at: str | float


class MetaSummaryResultUsage(TypedDict):
    # What is recalled, most often first.
    items: List[MetaSummaryResultUsageItem]
    # Memories that no question ever brought back, the oldest first.
    never: List[MetaSummaryResultUsageNeverItem]
    # How many these are, of how many.
    never_recalled: int
    memories: NotRequired[int | None]
    # Operations that were asked.
    operations: List[MetaSummaryResultUsageOperation]
    # Why something is null.
    reason: NotRequired[str | None]
    project: str


class MetaSummaryResult(TypedDict):
    # What is null has its reason.
    quality: MetaSummaryResultQuality
    coverage: List[MetaSummaryResultCoverageItem]
    gaps: List[MetaSummaryResultGap]
    learning_rate: List[MetaSummaryResultLearningRateItem]
    reflection: MetaSummaryResultReflection
    usage: MetaSummaryResultUsage
    project: str


class AttentionGetResultItem(TypedDict):
    id: str
    # `memory`, `event`, `note`, or `text` of what was only said.
    kind: str
    content: str
    # ln of the sum of age^−decay over its uses, ages in seconds (ACT-R); the strongest stay.
    activation: float
    # How often it was brought to mind.
    uses: int
    # When it was last.
    time: NotRequired[str | float | None]


class AttentionGetResultInhibitedItem(TypedDict):
    id: str
    # RFC 3339, or a Unix time in seconds, ms, µs or ns by magnitude
    until: str | float


class AttentionGetResult(TypedDict):
    # The workspace.
    id: str
    items: List[AttentionGetResultItem]
    # How many things are held at most.
    capacity: int
    # The exponent by which they fade.
    decay: float
    # What is kept out.
    inhibited: List[AttentionGetResultInhibitedItem]
    session: NotRequired[str | None]
    agent: NotRequired[str | None]
    project: str


class AttentionFocusResult(TypedDict):
    # What it was about; of `clear` and `configure` the workspace.
    id: str
    version: int
    # Ids of what is no longer in mind.
    left: List[str]
    # How many things are.
    size: int
    # How many can be.
    capacity: int
    # The exponent by which they fade.
    decay: float
    project: str
    # topic → partition → next offset
    position: dict[str, dict[str, int]]


class AttentionReleaseResult(TypedDict):
    # What it was about; of `clear` and `configure` the workspace.
    id: str
    version: int
    # Ids of what is no longer in mind.
    left: List[str]
    # How many things are.
    size: int
    # How many can be.
    capacity: int
    # The exponent by which they fade.
    decay: float
    project: str
    # topic → partition → next offset
    position: dict[str, dict[str, int]]


class AttentionClearResult(TypedDict):
    # What it was about; of `clear` and `configure` the workspace.
    id: str
    version: int
    # Ids of what is no longer in mind.
    left: List[str]
    # How many things are.
    size: int
    # How many can be.
    capacity: int
    # The exponent by which they fade.
    decay: float
    project: str
    # topic → partition → next offset
    position: dict[str, dict[str, int]]


class AttentionLoadResultItem(TypedDict):
    # The workspace.
    id: str
    # The session whose it is.
    session: NotRequired[str | None]
    # The agent: whose it is, or who changed a session's last.
    agent: NotRequired[str | None]
    # How many things are in mind, and how many can be.
    size: int
    capacity: int
    # The one as a share of the other.
    load: float
    # When it changed last.
    time: str | float


class AttentionLoadResult(TypedDict):
    items: List[AttentionLoadResultItem]
    project: str


class AttentionSalienceResultItem(TypedDict):
    id: str
    kind: str
    content: str
    # RFC 3339, or a Unix time in seconds, ms, µs or ns by magnitude
    time: str | float
    # The mean of what is known: recency, importance, relevance, and the improbability 1 − 2^−surprise.
    salience: float
    # 1 now, half of it every seven days.
    recency: float
    # From 0 to 1, as it was told.
    importance: NotRequired[float | None]
    # Likeness to what is in mind, from 0 to 1; of an automatic focus, how likely it bears on the question.
    relevance: NotRequired[float | None]
    # −log2 of the probability of its step after the step before it, in bits.
    surprise: NotRequired[float | None]
    # Why what is null is not known.
    reason: NotRequired[str | None]


class AttentionSalienceResult(TypedDict):
    items: List[AttentionSalienceResultItem]
    # Ids of which there is nothing.
    missing: List[str]
    project: str


class AttentionAutoFocusResultItem(TypedDict):
    id: str
    # `memory`, `event`, `note`, or `text` of what was only said.
    kind: str
    content: str
    # ln of the sum of age^−decay over its uses, ages in seconds (ACT-R); the strongest stay.
    activation: float
    # How often it was brought to mind.
    uses: int
    # When it was last.
    time: NotRequired[str | float | None]


class AttentionAutoFocusResultFocusedItem(TypedDict):
    id: str
    kind: str
    content: str
    # RFC 3339, or a Unix time in seconds, ms, µs or ns by magnitude
    time: str | float
    # The mean of what is known: recency, importance, relevance, and the improbability 1 − 2^−surprise.
    salience: float
    # 1 now, half of it every seven days.
    recency: float
    # From 0 to 1, as it was told.
    importance: NotRequired[float | None]
    # Likeness to what is in mind, from 0 to 1; of an automatic focus, how likely it bears on the question.
    relevance: NotRequired[float | None]
    # −log2 of the probability of its step after the step before it, in bits.
    surprise: NotRequired[float | None]
    # Why what is null is not known.
    reason: NotRequired[str | None]


class AttentionAutoFocusResult(TypedDict):
    # The workspace.
    id: str
    # What is in mind, the strongest first.
    items: List[AttentionAutoFocusResultItem]
    # What was brought to mind, the most salient first, and why.
    focused: List[AttentionAutoFocusResultFocusedItem]
    # Ids of what is no longer in mind.
    left: List[str]
    # What the choice lacks.
    degraded: List[str]
    project: str
    # topic → partition → next offset
    position: dict[str, dict[str, int]]


class AttentionInhibitResult(TypedDict):
    # What it was about; of `clear` and `configure` the workspace.
    id: str
    version: int
    # Ids of what is no longer in mind.
    left: List[str]
    # How many things are.
    size: int
    # How many can be.
    capacity: int
    # The exponent by which they fade.
    decay: float
    project: str
    # topic → partition → next offset
    position: dict[str, dict[str, int]]


class AttentionConfigureResult(TypedDict):
    # What it was about; of `clear` and `configure` the workspace.
    id: str
    version: int
    # Ids of what is no longer in mind.
    left: List[str]
    # How many things are.
    size: int
    # How many can be.
    capacity: int
    # The exponent by which they fade.
    decay: float
    project: str
    # topic → partition → next offset
    position: dict[str, dict[str, int]]


class ConsolidationRunResult(TypedDict):
    # What it is known by.
    id: str
    # Its id; of one that has not begun, that of the request.
    run: str
    # The request that it answers.
    request: NotRequired[str | None]
    # `pending`, `running`, `complete`, `unchanged` (there was nothing new), `cancelled`, `abandoned` or
    # `failed`.
    status: str
    # What it is at, while it runs.
    stage: NotRequired[str | None]
    # Rows written, by table.
    rows: dict[str, int]
    # Up to where in the log it has read.
    input: NotRequired[dict[str, dict[str, int]] | None]
    # Whether it read everything again.
    full: NotRequired[bool | None]
    # Why it ran: `schedule`, `events` or `request`.
    cause: NotRequired[str | None]
    # Its number in the project's chain, and the run that it builds on.
    number: NotRequired[int | None]
    base: NotRequired[str | None]
    # RFC 3339, or a Unix time in seconds, ms, µs or ns by magnitude
    started_at: NotRequired[str | float | None]
    # RFC 3339, or a Unix time in seconds, ms, µs or ns by magnitude
    ended_at: NotRequired[str | float | None]
    # How long it took, or has taken so far.
    seconds: NotRequired[float | None]
    # Why it failed, or something is null.
    reason: NotRequired[str | None]
    project: str
    # topic → partition → next offset
    position: dict[str, dict[str, int]]


class ConsolidationStatusResultRun(TypedDict):
    # Its id; of one that has not begun, that of the request.
    run: str
    # The request that it answers.
    request: NotRequired[str | None]
    # `pending`, `running`, `complete`, `unchanged` (there was nothing new), `cancelled`, `abandoned` or
    # `failed`.
    status: str
    # What it is at, while it runs.
    stage: NotRequired[str | None]
    # Rows written, by table.
    rows: dict[str, int]
    # Up to where in the log it has read.
    input: NotRequired[dict[str, dict[str, int]] | None]
    # Whether it read everything again.
    full: NotRequired[bool | None]
    # Why it ran: `schedule`, `events` or `request`.
    cause: NotRequired[str | None]
    # Its number in the project's chain, and the run that it builds on.
    number: NotRequired[int | None]
    base: NotRequired[str | None]
    # RFC 3339, or a Unix time in seconds, ms, µs or ns by magnitude
    started_at: NotRequired[str | float | None]
    # RFC 3339, or a Unix time in seconds, ms, µs or ns by magnitude
    ended_at: NotRequired[str | float | None]
    # How long it took, or has taken so far.
    seconds: NotRequired[float | None]
    # Why it failed, or something is null.
    reason: NotRequired[str | None]


class ConsolidationStatusResult(TypedDict):
    # Null where nothing was ever run or asked for.
    run: NotRequired[ConsolidationStatusResultRun]
    project: str


class ConsolidationScheduleResult(TypedDict):
    id: str
    version: int
    # Null: as configured.
    every_s: NotRequired[int | None]
    # Null: as configured.
    after_events: NotRequired[int | None]
    project: str
    # topic → partition → next offset
    position: dict[str, dict[str, int]]


class ConsolidationCancelResult(TypedDict):
    id: str
    run: str
    # What state it was in.
    status: str
    # Why nothing was cancelled, where nothing was.
    reason: NotRequired[str | None]
    project: str
    # topic → partition → next offset
    position: dict[str, dict[str, int]]


class ConsolidationHistoryResultItem(TypedDict):
    # Its id; of one that has not begun, that of the request.
    run: str
    # The request that it answers.
    request: NotRequired[str | None]
    # `pending`, `running`, `complete`, `unchanged` (there was nothing new), `cancelled`, `abandoned` or
    # `failed`.
    status: str
    # What it is at, while it runs.
    stage: NotRequired[str | None]
    # Rows written, by table.
    rows: dict[str, int]
    # Up to where in the log it has read.
    input: NotRequired[dict[str, dict[str, int]] | None]
    # Whether it read everything again.
    full: NotRequired[bool | None]
    # Why it ran: `schedule`, `events` or `request`.
    cause: NotRequired[str | None]
    # Its number in the project's chain, and the run that it builds on.
    number: NotRequired[int | None]
    base: NotRequired[str | None]
    # RFC 3339, or a Unix time in seconds, ms, µs or ns by magnitude
    started_at: NotRequired[str | float | None]
    # RFC 3339, or a Unix time in seconds, ms, µs or ns by magnitude
    ended_at: NotRequired[str | float | None]
    # How long it took, or has taken so far.
    seconds: NotRequired[float | None]
    # Why it failed, or something is null.
    reason: NotRequired[str | None]


class ConsolidationHistoryResult(TypedDict):
    items: List[ConsolidationHistoryResultItem]
    # What to pass as `cursor` for the next ones; null at the end.
    next_cursor: NotRequired[str | None]
    project: str


class ConsolidationQualityResult(TypedDict):
    # The run; null where none is complete.
    run: NotRequired[str | None]
    # Events of the sessions read for each row that says them in short.
    compression: NotRequired[float | None]
    # The share of these events that a procedure or a fact rests on.
    coverage: NotRequired[float | None]
    # The share of what was known before that is still said in the same words.
    stability: NotRequired[float | None]
    # Of what was said since of what was known before (statements, rejections, retirements): the share that
    # agrees.
    agreement: NotRequired[float | None]
    # Rows that stand after the run, by table.
    stands: dict[str, int]
    # Why what is null is not known, by its name.
    reason: dict[str, str]
    project: str


class ConsolidationCompareResultA(TypedDict):
    # Its id; of one that has not begun, that of the request.
    run: str
    # The request that it answers.
    request: NotRequired[str | None]
    # `pending`, `running`, `complete`, `unchanged` (there was nothing new), `cancelled`, `abandoned` or
    # `failed`.
    status: str
    # What it is at, while it runs.
    stage: NotRequired[str | None]
    # Rows written, by table.
    rows: dict[str, int]
    # Up to where in the log it has read.
    input: NotRequired[dict[str, dict[str, int]] | None]
    # Whether it read everything again.
    full: NotRequired[bool | None]
    # Why it ran: `schedule`, `events` or `request`.
    cause: NotRequired[str | None]
    # Its number in the project's chain, and the run that it builds on.
    number: NotRequired[int | None]
    base: NotRequired[str | None]
    # RFC 3339, or a Unix time in seconds, ms, µs or ns by magnitude
    started_at: NotRequired[str | float | None]
    # RFC 3339, or a Unix time in seconds, ms, µs or ns by magnitude
    ended_at: NotRequired[str | float | None]
    # How long it took, or has taken so far.
    seconds: NotRequired[float | None]
    # Why it failed, or something is null.
    reason: NotRequired[str | None]


class ConsolidationCompareResultB(TypedDict):
    # Its id; of one that has not begun, that of the request.
    run: str
    # The request that it answers.
    request: NotRequired[str | None]
    # `pending`, `running`, `complete`, `unchanged` (there was nothing new), `cancelled`, `abandoned` or
    # `failed`.
    status: str
    # What it is at, while it runs.
    stage: NotRequired[str | None]
    # Rows written, by table.
    rows: dict[str, int]
    # Up to where in the log it has read.
    input: NotRequired[dict[str, dict[str, int]] | None]
    # Whether it read everything again.
    full: NotRequired[bool | None]
    # Why it ran: `schedule`, `events` or `request`.
    cause: NotRequired[str | None]
    # Its number in the project's chain, and the run that it builds on.
    number: NotRequired[int | None]
    base: NotRequired[str | None]
    # RFC 3339, or a Unix time in seconds, ms, µs or ns by magnitude
    started_at: NotRequired[str | float | None]
    # RFC 3339, or a Unix time in seconds, ms, µs or ns by magnitude
    ended_at: NotRequired[str | float | None]
    # How long it took, or has taken so far.
    seconds: NotRequired[float | None]
    # Why it failed, or something is null.
    reason: NotRequired[str | None]


class ConsolidationCompareResultItem(TypedDict):
    name: str
    a: NotRequired[float | None]
    b: NotRequired[float | None]
    # By how much b is more; null where one of them is not known.
    change: NotRequired[float | None]


class ConsolidationCompareResultQualityItem(TypedDict):
    name: str
    a: NotRequired[float | None]
    b: NotRequired[float | None]
    # By how much b is more; null where one of them is not known.
    change: NotRequired[float | None]


class ConsolidationCompareResult(TypedDict):
    # A run: asked for, at work, or ended.
    a: ConsolidationCompareResultA
    # A run: asked for, at work, or ended.
    b: ConsolidationCompareResultB
    # Runs of the chain from `a` to `b`; null where `b` does not build on `a`.
    between: NotRequired[int | None]
    # What stood after each, by table.
    items: List[ConsolidationCompareResultItem]
    # The numbers of their quality.
    quality: List[ConsolidationCompareResultQualityItem]
    project: str


class ConsolidationPatternsResultItem(TypedDict):
    kind: NotRequired[str]
    id: str
    # What it says, in a line.
    content: str
    # How much it rests on: events of an episode, runs of a procedure, statements of a fact, members of a
    # community, mentions of an entity, stretches of work that say a relation, times that associated items
    # came together.
    support: int
    # How many sessions say it.
    sessions: NotRequired[int | None]
    # How many patterns as good as this one chance is expected to find; null of kinds that are not tested.
    chance: NotRequired[float | None]
    # RFC 3339, or a Unix time in seconds, ms, µs or ns by magnitude
    last_at: NotRequired[str | float | None]
    # The run that said so last; null of what was told.
    run: NotRequired[str | None]


class ConsolidationPatternsResultCount(TypedDict):
    kind: str
    count: int


class ConsolidationPatternsResult(TypedDict):
    items: List[ConsolidationPatternsResultItem]
    # How many there are of each of these kinds; at most 10,000 of one are counted.
    counts: List[ConsolidationPatternsResultCount]
    # What to pass as `cursor` for the next ones; null at the end.
    next_cursor: NotRequired[str | None]
    project: str


class ConsolidationExplainResultItem(TypedDict):
    id: str
    # RFC 3339, or a Unix time in seconds, ms, µs or ns by magnitude
    time: str | float
    type: str
    tool: NotRequired[str | None]
    session: NotRequired[str | None]
    outcome: NotRequired[str | None]
    # Its beginning.
    content: NotRequired[str | None]


class ConsolidationExplainResult(TypedDict):
    kind: NotRequired[str]
    id: str
    # What it says, in a line.
    content: str
    # How much it rests on: events of an episode, runs of a procedure, statements of a fact, members of a
    # community, mentions of an entity, stretches of work that say a relation, times that associated items
    # came together.
    support: int
    # How many sessions say it.
    sessions: NotRequired[int | None]
    # How many patterns as good as this one chance is expected to find; null of kinds that are not tested.
    chance: NotRequired[float | None]
    # RFC 3339, or a Unix time in seconds, ms, µs or ns by magnitude
    last_at: NotRequired[str | float | None]
    # The run that said so last; null of what was told.
    run: NotRequired[str | None]
    # How many events it rests on that are still there.
    events: int
    # These events, the newest first.
    items: List[ConsolidationExplainResultItem]
    # What to pass as `cursor` for the next ones; null at the end.
    next_cursor: NotRequired[str | None]
    project: str


class ConsolidationClustersResultItem(TypedDict):
    # The exemplar: the event that is most like the others.
    id: str
    # What it says.
    content: str
    type: str
    tool: NotRequired[str | None]
    # How many events.
    size: int
    # In how many sessions.
    sessions: int
    # How many failed.
    failures: int
    # RFC 3339, or a Unix time in seconds, ms, µs or ns by magnitude
    first_at: str | float
    # RFC 3339, or a Unix time in seconds, ms, µs or ns by magnitude
    last_at: str | float
    # How like the exemplar is to the others, on average, from 0 to 1.
    likeness: float
    # Ids of its events, the newest first; at most 20.
    members: List[str]


class ConsolidationClustersResult(TypedDict):
    items: List[ConsolidationClustersResultItem]
    # Events that were looked at, and those of them that are in a cluster.
    events: int
    clustered: int
    # What to pass as `cursor` for the next ones; null at the end.
    next_cursor: NotRequired[str | None]
    project: str


class ConsolidationValidateResultItem(TypedDict):
    id: str
    # RFC 3339, or a Unix time in seconds, ms, µs or ns by magnitude
    time: str | float
    type: str
    tool: NotRequired[str | None]
    session: NotRequired[str | None]
    outcome: NotRequired[str | None]
    # Its beginning.
    content: NotRequired[str | None]


class ConsolidationValidateResult(TypedDict):
    kind: NotRequired[str]
    id: str
    # What it says, in a line.
    content: str
    # How much it rests on: events of an episode, runs of a procedure, statements of a fact, members of a
    # community, mentions of an entity, stretches of work that say a relation, times that associated items
    # came together.
    support: int
    # How many sessions say it.
    sessions: NotRequired[int | None]
    # How many patterns as good as this one chance is expected to find; null of kinds that are not tested.
    chance: NotRequired[float | None]
    # RFC 3339, or a Unix time in seconds, ms, µs or ns by magnitude
    last_at: NotRequired[str | float | None]
    # The run that said so last; null of what was told.
    run: NotRequired[str | None]
    # `holds`, `does_not_hold` or `undecided`; null with `reason`.
    verdict: NotRequired[str | None]
    # The probability that its steps follow each other more often than they follow any other step.
    posterior: NotRequired[float | None]
    # `learned` where what it was learned from leaves no doubt, else `held_out`; or `llm`.
    method: NotRequired[str | None]
    # What was counted: times that it was begun and followed, and the same of any other step, in the sessions
    # that `method` names; and how uncertain it was before.
    evidence: NotRequired[dict[str, Any] | None]
    # What the language model says.
    why: NotRequired[str | None]
    # RFC 3339, or a Unix time in seconds, ms, µs or ns by magnitude
    judged_at: NotRequired[str | float | None]
    # Events that it rests on, the newest first.
    items: List[ConsolidationValidateResultItem]
    reason: NotRequired[str | None]
    # Why the language model did not judge.
    degraded: List[str]
    project: str


class ConsolidationDecayResultItem(TypedDict):
    id: str
    content: str
    # ln of the sum over its uses, the telling included, of age^−0.5, ages in seconds.
    activation: float
    # From 0 to 1, as it was told and judged; 0.5 of what nothing is known of.
    importance: float
    # activation + ln 4 · (2 · importance − 1).
    strength: float
    # How often it was recalled.
    uses: int
    # When it was told last.
    time: str | float


class ConsolidationDecayResult(TypedDict):
    # Whether nothing was done.
    dry_run: bool
    # Those that are too weak, the weakest first; at most 100.
    items: List[ConsolidationDecayResultItem]
    # How many are too weak, of how many that may be forgotten; one call forgets at most 1,000.
    forgotten: int
    considered: int
    # How many never decay.
    pinned: int
    # The strength below which a memory is forgotten: that of one told 180 days ago and never recalled.
    threshold: float
    # Where the write stands in the log; null where nothing was written.
    id: NotRequired[str | None]
    # topic → partition → next offset
    position: NotRequired[dict[str, dict[str, int]] | None]
    project: str


class PlanningCreateResultPlanStep(TypedDict):
    # Its number in the plan, from 1.
    id: NotRequired[int]
    # What is done, in a word or two.
    action: NotRequired[str]
    tool: NotRequired[str | None]
    # What it was like the last time.
    content: NotRequired[str]
    # Steps that must be done before.
    needs: NotRequired[List[int]]
    # Whether it is done.
    done: NotRequired[bool]
    # In how many sessions of the sources it was done.
    support: NotRequired[int]
    # The share of times that it failed, in all near work, also in what went wrong.
    failure_rate: NotRequired[float | None]
    # How long it took in the sources, the median.
    p50_ms: NotRequired[int | None]
    p90_ms: NotRequired[int | None]
    # Files that it touched in the newest.
    files: NotRequired[List[str]]
    # An event of each session of the sources that did it.
    sources: NotRequired[List[str]]
    # Events of near work in which it failed.
    failed: NotRequired[List[str]]


class PlanningCreateResultPlanSource(TypedDict):
    id: NotRequired[str]
    # `procedure`, `task` or `session`.
    kind: NotRequired[str]
    title: NotRequired[str]
    # From 0 to 1, by its words.
    similarity: NotRequired[float]
    outcome: NotRequired[str | None]


class PlanningCreateResultPlan(TypedDict):
    # What it is for.
    text: NotRequired[str]
    goal: NotRequired[str | None]
    task: NotRequired[str | None]
    steps: NotRequired[List[PlanningCreateResultPlanStep]]
    # What the steps come from, the nearest first.
    sources: NotRequired[List[PlanningCreateResultPlanSource]]
    # How it was made: the strategy.
    strategy: NotRequired[str]
    # Why it has no steps.
    reason: NotRequired[str | None]
    # The event because of which it was made anew.
    because_of: NotRequired[str | None]
    # RFC 3339, or a Unix time in seconds, ms, µs or ns by magnitude
    created_at: NotRequired[str | float]


class PlanningCreateResult(TypedDict):
    id: str
    version: int
    # The body of a plan's record.
    plan: PlanningCreateResultPlan
    project: str
    # topic → partition → next offset
    position: dict[str, dict[str, int]]


class PlanningGetResultStep(TypedDict):
    # Its number in the plan, from 1.
    id: NotRequired[int]
    # What is done, in a word or two.
    action: NotRequired[str]
    tool: NotRequired[str | None]
    # What it was like the last time.
    content: NotRequired[str]
    # Steps that must be done before.
    needs: NotRequired[List[int]]
    # Whether it is done.
    done: NotRequired[bool]
    # In how many sessions of the sources it was done.
    support: NotRequired[int]
    # The share of times that it failed, in all near work, also in what went wrong.
    failure_rate: NotRequired[float | None]
    # How long it took in the sources, the median.
    p50_ms: NotRequired[int | None]
    p90_ms: NotRequired[int | None]
    # Files that it touched in the newest.
    files: NotRequired[List[str]]
    # An event of each session of the sources that did it.
    sources: NotRequired[List[str]]
    # Events of near work in which it failed.
    failed: NotRequired[List[str]]


class PlanningGetResultSource(TypedDict):
    id: NotRequired[str]
    # `procedure`, `task` or `session`.
    kind: NotRequired[str]
    title: NotRequired[str]
    # From 0 to 1, by its words.
    similarity: NotRequired[float]
    outcome: NotRequired[str | None]


class PlanningGetResult(TypedDict):
    id: str
    version: int
    # What it is for.
    text: NotRequired[str]
    goal: NotRequired[str | None]
    task: NotRequired[str | None]
    steps: NotRequired[List[PlanningGetResultStep]]
    # What the steps come from, the nearest first.
    sources: NotRequired[List[PlanningGetResultSource]]
    # How it was made: the strategy.
    strategy: NotRequired[str]
    # Why it has no steps.
    reason: NotRequired[str | None]
    # The event because of which it was made anew.
    because_of: NotRequired[str | None]
    # RFC 3339, or a Unix time in seconds, ms, µs or ns by magnitude
    created_at: NotRequired[str | float]
    project: str


class PlanningListResultItem(TypedDict):
    id: str
    # RFC 3339, or a Unix time in seconds, ms, µs or ns by magnitude
    time: str | float
    content: str
    steps: int
    done: int
    goal: NotRequired[str | None]
    task: NotRequired[str | None]


class PlanningListResult(TypedDict):
    items: List[PlanningListResultItem]
    next_cursor: NotRequired[str | None]
    project: str


class PlanningDecomposeResultItem(TypedDict):
    content: str
    # 0 of a part, 1 of what is within it.
    depth: int
    # How many of the sources have it.
    support: int
    # Events of the sources that did it.
    sources: List[str]


class PlanningDecomposeResultSource(TypedDict):
    id: NotRequired[str]
    # `procedure`, `task` or `session`.
    kind: NotRequired[str]
    title: NotRequired[str]
    # From 0 to 1, by its words.
    similarity: NotRequired[float]
    outcome: NotRequired[str | None]


class PlanningDecomposeResult(TypedDict):
    items: List[PlanningDecomposeResultItem]
    sources: List[PlanningDecomposeResultSource]
    # Why there are none.
    reason: NotRequired[str | None]
    # How it was done: from the log, without a language model.
    method: str
    project: str


class PlanningValidateResultMissingItem(TypedDict):
    action: str
    # How many of the sources have it.
    support: int
    sources: List[str]


class PlanningValidateResultPastFailure(TypedDict):
    step: int
    action: str
    failure_rate: float
    # Events in which it failed.
    sources: List[str]


class PlanningValidateResult(TypedDict):
    # Whether nothing is wrong; steps that failed in the past are only warned of.
    valid: bool
    # Steps that near work had.
    missing: List[PlanningValidateResultMissingItem]
    # Steps that wait for each other.
    cycles: List[int]
    # What must be there first, and is not.
    unmet: List[str]
    # Steps that failed in the past.
    past_failures: List[PlanningValidateResultPastFailure]
    # Why something could not be looked at.
    reason: NotRequired[str | None]
    project: str


class PlanningVerifyResultItem(TypedDict):
    property: Literal["safe", "complete", "consistent", "feasible", "reversible"]
    # `yes`, `no` or `unknown`.
    holds: str
    why: str


class PlanningVerifyResult(TypedDict):
    items: List[PlanningVerifyResultItem]
    project: str


class PlanningAlternativesResultPlanSource(TypedDict):
    id: NotRequired[str]
    # `procedure`, `task` or `session`.
    kind: NotRequired[str]
    title: NotRequired[str]
    # From 0 to 1, by its words.
    similarity: NotRequired[float]
    outcome: NotRequired[str | None]


class PlanningAlternativesResultPlan(TypedDict):
    id: str
    # What is done, in order.
    actions: List[str]
    steps: int
    p50_ms: NotRequired[int | None]
    p90_ms: NotRequired[int | None]
    # How likely it goes well; null where nothing tells.
    odds: NotRequired[float | None]
    # What the times leave out, or why they are null.
    reason: NotRequired[str | None]
    # What it comes from.
    source: NotRequired[PlanningAlternativesResultPlanSource]
    # What it has and the plan has not.
    more: List[str]
    # What the plan has and it has not.
    less: List[str]


class PlanningAlternativesResultItemSource(TypedDict):
    id: NotRequired[str]
    # `procedure`, `task` or `session`.
    kind: NotRequired[str]
    title: NotRequired[str]
    # From 0 to 1, by its words.
    similarity: NotRequired[float]
    outcome: NotRequired[str | None]


class PlanningAlternativesResultItem(TypedDict):
    id: str
    # What is done, in order.
    actions: List[str]
    steps: int
    p50_ms: NotRequired[int | None]
    p90_ms: NotRequired[int | None]
    # How likely it goes well; null where nothing tells.
    odds: NotRequired[float | None]
    # What the times leave out, or why they are null.
    reason: NotRequired[str | None]
    # What it comes from.
    source: NotRequired[PlanningAlternativesResultItemSource]
    # What it has and the plan has not.
    more: List[str]
    # What the plan has and it has not.
    less: List[str]


class PlanningAlternativesResult(TypedDict):
    # The plan itself.
    plan: PlanningAlternativesResultPlan
    items: List[PlanningAlternativesResultItem]
    # Why there are none.
    reason: NotRequired[str | None]
    project: str


class PlanningSimulateResultItem(TypedDict):
    step: int
    action: str
    runs: int


class PlanningSimulateResult(TypedDict):
    # Of the runs that went well; null where nothing tells how long any step takes.
    p50_ms: NotRequired[int | None]
    p90_ms: NotRequired[int | None]
    # Share of the runs that went well.
    odds: NotRequired[float | None]
    runs: int
    # Steps at which runs were given up, after three tries, the most often first.
    items: List[PlanningSimulateResultItem]
    # Why something is null, and which steps the times leave out.
    reason: NotRequired[str | None]
    project: str


class PlanningCriticalPathResultItem(TypedDict):
    id: str
    content: str
    # Null where nothing tells it.
    duration_ms: NotRequired[int | None]


class PlanningCriticalPathResult(TypedDict):
    # What decides, the first first.
    items: List[PlanningCriticalPathResultItem]
    # How long all of it takes, without what tells nothing; null where nothing tells how long any takes.
    duration_ms: NotRequired[int | None]
    # Why something is null, and what the times leave out.
    reason: NotRequired[str | None]
    project: str


class PlanningOptimizeResultPlanStep(TypedDict):
    # Its number in the plan, from 1.
    id: NotRequired[int]
    # What is done, in a word or two.
    action: NotRequired[str]
    tool: NotRequired[str | None]
    # What it was like the last time.
    content: NotRequired[str]
    # Steps that must be done before.
    needs: NotRequired[List[int]]
    # Whether it is done.
    done: NotRequired[bool]
    # In how many sessions of the sources it was done.
    support: NotRequired[int]
    # The share of times that it failed, in all near work, also in what went wrong.
    failure_rate: NotRequired[float | None]
    # How long it took in the sources, the median.
    p50_ms: NotRequired[int | None]
    p90_ms: NotRequired[int | None]
    # Files that it touched in the newest.
    files: NotRequired[List[str]]
    # An event of each session of the sources that did it.
    sources: NotRequired[List[str]]
    # Events of near work in which it failed.
    failed: NotRequired[List[str]]


class PlanningOptimizeResultPlanSource(TypedDict):
    id: NotRequired[str]
    # `procedure`, `task` or `session`.
    kind: NotRequired[str]
    title: NotRequired[str]
    # From 0 to 1, by its words.
    similarity: NotRequired[float]
    outcome: NotRequired[str | None]


class PlanningOptimizeResultPlan(TypedDict):
    # What it is for.
    text: NotRequired[str]
    goal: NotRequired[str | None]
    task: NotRequired[str | None]
    steps: NotRequired[List[PlanningOptimizeResultPlanStep]]
    # What the steps come from, the nearest first.
    sources: NotRequired[List[PlanningOptimizeResultPlanSource]]
    # How it was made: the strategy.
    strategy: NotRequired[str]
    # Why it has no steps.
    reason: NotRequired[str | None]
    # The event because of which it was made anew.
    because_of: NotRequired[str | None]
    # RFC 3339, or a Unix time in seconds, ms, µs or ns by magnitude
    created_at: NotRequired[str | float]


class PlanningOptimizeResult(TypedDict):
    id: str
    version: int
    # The body of a plan's record.
    plan: PlanningOptimizeResultPlan
    project: str
    # topic → partition → next offset
    position: dict[str, dict[str, int]]


class PlanningDeviationResultItem(TypedDict):
    # `done`, `left_out`, `to_come` or `besides`.
    what: str
    # The step of the plan.
    step: NotRequired[int | None]
    action: str
    # The event that did it.
    event: NotRequired[str | None]


class PlanningDeviationResult(TypedDict):
    session: NotRequired[str | None]
    # Steps of the plan, and what was done besides, in order.
    items: List[PlanningDeviationResultItem]
    # The first that is not as planned.
    left_at: NotRequired[int | None]
    # Share of the plan's steps that were done; null without a session or steps.
    followed: NotRequired[float | None]
    reason: NotRequired[str | None]
    project: str


class PlanningReplanResultPlanStep(TypedDict):
    # Its number in the plan, from 1.
    id: NotRequired[int]
    # What is done, in a word or two.
    action: NotRequired[str]
    tool: NotRequired[str | None]
    # What it was like the last time.
    content: NotRequired[str]
    # Steps that must be done before.
    needs: NotRequired[List[int]]
    # Whether it is done.
    done: NotRequired[bool]
    # In how many sessions of the sources it was done.
    support: NotRequired[int]
    # The share of times that it failed, in all near work, also in what went wrong.
    failure_rate: NotRequired[float | None]
    # How long it took in the sources, the median.
    p50_ms: NotRequired[int | None]
    p90_ms: NotRequired[int | None]
    # Files that it touched in the newest.
    files: NotRequired[List[str]]
    # An event of each session of the sources that did it.
    sources: NotRequired[List[str]]
    # Events of near work in which it failed.
    failed: NotRequired[List[str]]


class PlanningReplanResultPlanSource(TypedDict):
    id: NotRequired[str]
    # `procedure`, `task` or `session`.
    kind: NotRequired[str]
    title: NotRequired[str]
    # From 0 to 1, by its words.
    similarity: NotRequired[float]
    outcome: NotRequired[str | None]


class PlanningReplanResultPlan(TypedDict):
    # What it is for.
    text: NotRequired[str]
    goal: NotRequired[str | None]
    task: NotRequired[str | None]
    steps: NotRequired[List[PlanningReplanResultPlanStep]]
    # What the steps come from, the nearest first.
    sources: NotRequired[List[PlanningReplanResultPlanSource]]
    # How it was made: the strategy.
    strategy: NotRequired[str]
    # Why it has no steps.
    reason: NotRequired[str | None]
    # The event because of which it was made anew.
    because_of: NotRequired[str | None]
    # RFC 3339, or a Unix time in seconds, ms, µs or ns by magnitude
    created_at: NotRequired[str | float]


class PlanningReplanResult(TypedDict):
    id: str
    version: int
    # The body of a plan's record.
    plan: PlanningReplanResultPlan
    project: str
    # topic → partition → next offset
    position: dict[str, dict[str, int]]


class PlanningStrategiesResultItem(TypedDict):
    # `procedures`, `tasks`, `sessions`, or `none` where nothing was near.
    strategy: str
    plans: int
    # Plans whose task is over.
    finished: int
    successes: int
    # Null below 5 finished ones.
    success_rate: NotRequired[float | None]
    reason: NotRequired[str | None]
    # What the plans were for, the newest first.
    examples: List[str]


class PlanningStrategiesResult(TypedDict):
    items: List[PlanningStrategiesResultItem]
    # Why there are none.
    reason: NotRequired[str | None]
    project: str


class EstimationDurationResultItem(TypedDict):
    id: str
    # `task` or `episode`.
    kind: str
    title: str
    # From 0 to 1, by its words.
    similarity: float
    # How much it was: milliseconds, or tokens of what tokens are estimated of.
    took: int


class EstimationDurationResult(TypedDict):
    p50_ms: NotRequired[int | None]
    p90_ms: NotRequired[int | None]
    # Why a number is null.
    reason: NotRequired[str | None]
    # The nearest finished work, with how long it took in ms.
    items: List[EstimationDurationResultItem]
    # How much finished work was learned from.
    learned_from: int
    project: str


class EstimationEffortResult(TypedDict):
    # The sum of the steps.
    work_p50_ms: NotRequired[int | None]
    work_p90_independent_ms: NotRequired[int | None]
    work_p90_dependent_ms: NotRequired[int | None]
    # Along the chain that decides the end.
    elapsed_p50_ms: NotRequired[int | None]
    # Why something is null, and which steps the times leave out.
    reason: NotRequired[str | None]
    project: str


class EstimationResourcesResultTool(TypedDict):
    name: str
    # How many steps of the plan.
    steps: int


class EstimationResourcesResultFile(TypedDict):
    name: str
    # How many steps of the plan.
    steps: int


class EstimationResourcesResult(TypedDict):
    tools: List[EstimationResourcesResultTool]
    files: List[EstimationResourcesResultFile]
    # Agents that did the sources' steps and told tokens or times.
    agents: List[str]
    # The median of the sources' tokens; null where none told any.
    tokens: NotRequired[float | None]
    reason: NotRequired[str | None]
    project: str


class EstimationCostResultItem(TypedDict):
    id: str
    # `task` or `episode`.
    kind: str
    title: str
    # From 0 to 1, by its words.
    similarity: float
    # How much it was: milliseconds, or tokens of what tokens are estimated of.
    took: int


class EstimationCostResult(TypedDict):
    tokens_input: NotRequired[int | None]
    tokens_output: NotRequired[int | None]
    # Tokens that nine tenths did not exceed.
    tokens_p90: NotRequired[int | None]
    duration_ms: NotRequired[int | None]
    duration_p90_ms: NotRequired[int | None]
    # In the price list's own currency.
    money: NotRequired[float | None]
    # The model that similar work used most.
    model: NotRequired[str | None]
    # Why something is null.
    reasons: List[str]
    # The nearest work that told its tokens.
    items: List[EstimationCostResultItem]
    project: str


class EstimationBudgetResult(TypedDict):
    id: str
    # Grows with each version.
    version: int
    project: str
    # What to pass as `after` to another server to read it.
    position: dict[str, dict[str, int]]


class EstimationSpendingResultBudget(TypedDict):
    # `project`, or `agent:`, `session:` or `tool:` and a name.
    scope: str
    amount: float
    # What is counted.
    unit: Literal["tokens", "hours", "money"]
    # A stretch of days, of the UTC calendar.
    period: Literal["day", "month", "week"]


class EstimationSpendingResultItem(TypedDict):
    day: str
    tokens: float
    # By the price list; null where tokens have no price.
    money: NotRequired[float | None]
    hours: float


class EstimationSpendingResultAnomalie(TypedDict):
    day: str
    value: float
    # The median of all days.
    usual: float
    # What is counted.
    unit: Literal["tokens", "hours", "money"]


class EstimationSpendingResult(TypedDict):
    # The body of a budget's record.
    budget: NotRequired[EstimationSpendingResultBudget]
    # In the budget's unit and the period that now lies in; null without a budget, or a price.
    spent: NotRequired[float | None]
    left: NotRequired[float | None]
    # Days of the last 60 on which something was used, the oldest first.
    items: List[EstimationSpendingResultItem]
    # Days that are far from the usual (beyond 3.5 spreads from the median); null of less than a week.
    anomalies: NotRequired[List[EstimationSpendingResultAnomalie] | None]
    # Why something is null.
    reasons: List[str]
    project: str


class EstimationRoiResult(TypedDict):
    # How often it was done, and how often that failed.
    runs: int
    failed: int
    # When it was learned, of a procedure.
    learned_at: NotRequired[str | float | None]
    # What `first_ms` is of: `before_learned`, or `first_runs`, the first five; null where it is null.
    compared_with: NotRequired[str | None]
    # Median of the runs before that did not fail, and of those since; of a rule `since_ms` is that of all its
    # runs, from the event in the log to the end.
    first_ms: NotRequired[int | None]
    since_ms: NotRequired[int | None]
    # The difference, over all runs since; below zero where they take longer.
    saved_ms: NotRequired[int | None]
    # What runs that failed took.
    cost_ms: NotRequired[int | None]
    # Saved over cost; null where nothing was saved or failed.
    ratio: NotRequired[float | None]
    # Why something is null.
    reason: NotRequired[str | None]
    project: str


class EstimationAccuracyResultForetold(TypedDict):
    # How many could be judged.
    judged: int
    # Median of the distance from what it took; null below 5.
    median_error_ms: NotRequired[float | None]
    # Median of what it took over what was estimated: above 1 where it took longer; null below 5.
    median_ratio: NotRequired[float | None]
    # Share of those with a p90 that did not exceed it; null below 5.
    p90_covered: NotRequired[float | None]


class EstimationAccuracyResultGiven(TypedDict):
    # How many could be judged.
    judged: int
    # Median of the distance from what it took; null below 5.
    median_error_ms: NotRequired[float | None]
    # Median of what it took over what was estimated: above 1 where it took longer; null below 5.
    median_ratio: NotRequired[float | None]
    # Share of those with a p90 that did not exceed it; null below 5.
    p90_covered: NotRequired[float | None]


class EstimationAccuracyResultHeldOut(TypedDict):
    estimated: int
    # Share that p90 covered; 0.9 is what it is meant to.
    p90_covered: NotRequired[float | None]
    median_error_ms: float
    # The same when everything is taken to last as long as all on average, or as the one before.
    median_error_of_mean_ms: float
    median_error_of_last_ms: float


class EstimationAccuracyResult(TypedDict):
    # Estimates kept when tasks were started.
    foretold: EstimationAccuracyResultForetold
    # Estimates that tasks were given.
    given: EstimationAccuracyResultGiven
    # Finished work estimated from the rest of it; null of too little.
    held_out: NotRequired[EstimationAccuracyResultHeldOut]
    # Why something is null.
    reason: NotRequired[str | None]
    project: str


class EstimationForecastResultItem(TypedDict):
    day: str
    value: float
    low: float
    high: float


class EstimationForecastResultPastItem(TypedDict):
    day: str
    value: float


class EstimationForecastResult(TypedDict):
    measure: Literal["events", "failures", "successes", "sessions", "hours", "tokens", "tasks_done"]
    # What a day adds, the median of all slopes; null of less than a week.
    slope: NotRequired[float | None]
    # Days to come.
    items: List[EstimationForecastResultItem]
    # The newest days that it rests on.
    past: List[EstimationForecastResultPastItem]
    reason: NotRequired[str | None]
    project: str


class SafetyCheckAction(TypedDict):
    # The tool.
    tool: str
    # What it is given: a text, or an object such as `{"command": "make"}`.
    input: NotRequired[Any]


class SafetyCheckResultRule(TypedDict):
    id: str
    # What it is called.
    name: NotRequired[str | None]


class SafetyCheckResult(TypedDict):
    # What may come of an action, the mildest first.
    verdict: Literal["allowed", "denied", "ask"]
    # The policy that says so; null where none holds.
    rule: NotRequired[SafetyCheckResultRule]
    # Why.
    reason: str
    # The request whose answer decided.
    approval: NotRequired[str | None]
    project: str


class SafetyRiskChange(TypedDict):
    # Paths that it touches.
    files: NotRequired[List[str]]
    # Definitions that it touches: `total`, `Cart.total`.
    symbols: NotRequired[List[str]]
    # The tool.
    tool: NotRequired[str | None]
    # What it is given.
    input: NotRequired[Any]


class SafetyRiskResultPastFailures(TypedDict):
    # From 0 to 1; null where nothing is known.
    value: NotRequired[float | None]
    level: NotRequired[Literal["low", "medium", "high"] | None]
    # What it rests on, or why it is null.
    reason: str
    # Ids of events that say so.
    evidence: List[str]


class SafetyRiskResultSize(TypedDict):
    # From 0 to 1; null where nothing is known.
    value: NotRequired[float | None]
    level: NotRequired[Literal["low", "medium", "high"] | None]
    # What it rests on, or why it is null.
    reason: str
    # Ids of events that say so.
    evidence: List[str]


class SafetyRiskResultReversibility(TypedDict):
    # From 0 to 1; null where nothing is known.
    value: NotRequired[float | None]
    level: NotRequired[Literal["low", "medium", "high"] | None]
    # What it rests on, or why it is null.
    reason: str
    # Ids of events that say so.
    evidence: List[str]


class SafetyRiskResultImpact(TypedDict):
    # From 0 to 1; null where nothing is known.
    value: NotRequired[float | None]
    level: NotRequired[Literal["low", "medium", "high"] | None]
    # What it rests on, or why it is null.
    reason: str
    # Ids of events that say so.
    evidence: List[str]


class SafetyRiskResult(TypedDict):
    # `low`, `medium` or `high`: the highest of the parts that are known; null when none is.
    level: NotRequired[Literal["low", "medium", "high"] | None]
    # Which part that is, or why there is none.
    reason: str
    # What came of events that touch the same files, or are the very same use of the tool.
    past_failures: SafetyRiskResultPastFailures
    # The share of this project's changes that touch fewer files.
    size: SafetyRiskResultSize
    # From 0, what is brought back by itself, to 1, what nothing brings back.
    reversibility: SafetyRiskResultReversibility
    # The share of the indexed files that use those that it touches, step by step.
    impact: SafetyRiskResultImpact
    project: str


class SafetyPolicyRule(TypedDict):
    # What it is called.
    name: NotRequired[str | None]
    # What must be so: `{field: value | {op: value}}` of tool, input (its most telling words), whole (all of
    # it), path, agent, session, secrets, personal; always when empty.
    when: NotRequired[dict[str, Any]]
    # What comes of it.
    verdict: Literal["allowed", "denied", "ask"]
    # What the agent is told.
    why: str
    # The highest of those that hold decides; 0 when not said.
    priority: NotRequired[int]
    # `false` switches it off.
    enabled: NotRequired[bool]


class SafetyPolicyResult(TypedDict):
    id: str
    # Grows with each version.
    version: int
    project: str
    # What to pass as `after` to another server to read it.
    position: dict[str, dict[str, int]]


class SafetyPoliciesResultItem(TypedDict):
    id: str
    name: NotRequired[str | None]
    # What must be so.
    when: dict[str, Any]
    # What may come of an action, the mildest first.
    verdict: Literal["allowed", "denied", "ask"]
    # What the agent is told.
    why: str
    priority: int
    enabled: bool
    # Who made it.
    actor: str
    # When it was made or changed last.
    time: str | float


class SafetyPoliciesResult(TypedDict):
    items: List[SafetyPoliciesResultItem]
    next_cursor: NotRequired[str | None]
    project: str


class SafetyRequestAction(TypedDict):
    # The tool.
    tool: str
    # What it is given: a text, or an object such as `{"command": "make"}`.
    input: NotRequired[Any]


class SafetyRequestResult(TypedDict):
    id: str
    # Grows with each version.
    version: int
    project: str
    # What to pass as `after` to another server to read it.
    position: dict[str, dict[str, int]]


class SafetyDecideResult(TypedDict):
    id: str
    # Grows with each version.
    version: int
    project: str
    # What to pass as `after` to another server to read it.
    position: dict[str, dict[str, int]]


class SafetyPendingResultItemDecision(TypedDict):
    approved: bool
    # Why.
    why: str
    # Who decided.
    by: str
    # When.
    at: str | float


class SafetyPendingResultItem(TypedDict):
    id: str
    # The tool that is to be used.
    tool: str
    # What it is to be given.
    input: Any
    # What it is needed for.
    why: str
    # Null of what is pending.
    decision: NotRequired[SafetyPendingResultItemDecision]
    # Who asked.
    actor: str
    session: NotRequired[str | None]
    agent: NotRequired[str | None]
    # When.
    time: str | float


class SafetyPendingResult(TypedDict):
    items: List[SafetyPendingResultItem]
    next_cursor: NotRequired[str | None]
    project: str


class SafetyAuditFilters(TypedDict):
    # Who.
    actor: NotRequired[str | None]
    # `TOOL.OPERATION`, or a tool.
    operation: NotRequired[str | None]
    # http, mcp, cli, kafka, import or hook.
    origin: NotRequired[str | None]
    # `ok`, the code of an error, or a verdict.
    outcome: NotRequired[str | None]
    # From when on: a time, or `2h`, `7d`.
    since: NotRequired[str | None]
    # Before when.
    until: NotRequired[str | None]


class SafetyAuditResultItem(TypedDict):
    # As the event's in the log, where that had none of its own.
    id: str
    # Who.
    actor: str
    # Through which door.
    origin: str
    # What.
    operation: str
    # What came of it.
    outcome: NotRequired[str | None]
    # When.
    time: str | float
    # Number in the partition's chain, and the row's seal.
    sequence: int
    seal: str
    # Place in the log.
    position: int


class SafetyAuditResultChainBrokenItem(TypedDict):
    # Topic, partition and offset in the log.
    topic: str
    partition: int
    offset: int
    # What is wrong there.
    what: str


class SafetyAuditResultChainHead(TypedDict):
    topic: str
    partition: int
    # Rows of the chain.
    rows: int
    # The seal of its last row.
    seal: str


class SafetyAuditResultChain(TypedDict):
    # Whether nothing was changed, removed or reordered.
    whole: bool
    # Rows of the chains.
    rows: int
    # What is wrong, the first of it.
    broken: List[SafetyAuditResultChainBrokenItem]
    # Where each partition's chain stands: note it elsewhere, and a later cut at the end shows.
    heads: List[SafetyAuditResultChainHead]
    # Commands from before there was an audit, which no row is about.
    before: int


class SafetyAuditResult(TypedDict):
    items: List[SafetyAuditResultItem]
    next_cursor: NotRequired[str | None]
    # What came of the verification; null where it was not asked for.
    chain: NotRequired[SafetyAuditResultChain]
    # Whether the chain has the seal that was asked for; null where none was.
    has_seal: NotRequired[bool | None]
    project: str


SafetyScanResultItem = TypedDict("SafetyScanResultItem", {
    # `text`, or the field of the event or the memory.
    "field": "str",
    "start": "int",
    "end": "int",
    # `secret` or `personal`.
    "class": "str",
    # Such as `github_token`, `private_key`, `email`, `iban`.
    "kind": "str",
    # From 0 to 1.
    "confidence": "float",
})


class SafetyScanResult(TypedDict):
    items: List[SafetyScanResultItem]
    # How many secrets.
    secrets: int
    # How many personal data.
    personal: int
    # Whether there may be more: a bound was reached.
    truncated: bool
    project: str


class SafetyRedactSpan(TypedDict):
    start: int
    end: int
    field: NotRequired[str | None]


class SafetyRedactResult(TypedDict):
    # The row of `forgotten` that says how far the purge is; null where nothing was done.
    id: NotRequired[str | None]
    dry_run: bool
    # How many different words.
    words: int
    # How many events hold them, and how many commands.
    events: int
    commands: int
    memories: int
    # Notes, working memory, rules and the like.
    records: int
    # Questions that were asked, and dead letters.
    others: int
    project: str
    # topic → partition → next offset
    position: NotRequired[dict[str, dict[str, int]] | None]


class HooksSessionStartResultItem(TypedDict):
    id: str
    # What can be found.
    kind: Literal["event", "memory", "fact", "procedure", "entity", "community", "note", "task", "symbol", "episode"]
    # Comparable within one answer only.
    score: float
    # What it is called.
    name: NotRequired[str | None]
    content: str
    # RFC 3339, or a Unix time in seconds, ms, µs or ns by magnitude
    time: str | float
    project: str
    session: NotRequired[str | None]
    agent: NotRequired[str | None]
    type: NotRequired[str | None]
    tool: NotRequired[str | None]
    outcome: NotRequired[str | None]
    # Ids of the events that it rests on.
    sources: List[str]
    # What the score is made of; with `explain`.
    parts: NotRequired[dict[str, float] | None]


class HooksSessionStartResult(TypedDict):
    # Id of the event that was recorded.
    id: str
    # The text, in a wrapping by which Athena knows it again; null when there is nothing to say.
    context: NotRequired[str | None]
    # What it was made of.
    items: List[HooksSessionStartResultItem]
    project: str
    # topic → partition → next offset
    position: dict[str, dict[str, int]]


class HooksUserPromptResultItem(TypedDict):
    id: str
    # What can be found.
    kind: Literal["event", "memory", "fact", "procedure", "entity", "community", "note", "task", "symbol", "episode"]
    # Comparable within one answer only.
    score: float
    # What it is called.
    name: NotRequired[str | None]
    content: str
    # RFC 3339, or a Unix time in seconds, ms, µs or ns by magnitude
    time: str | float
    project: str
    session: NotRequired[str | None]
    agent: NotRequired[str | None]
    type: NotRequired[str | None]
    tool: NotRequired[str | None]
    outcome: NotRequired[str | None]
    # Ids of the events that it rests on.
    sources: List[str]
    # What the score is made of; with `explain`.
    parts: NotRequired[dict[str, float] | None]


class HooksUserPromptResult(TypedDict):
    # Id of the event that was recorded.
    id: str
    # The text, in a wrapping by which Athena knows it again; null when there is nothing to say.
    context: NotRequired[str | None]
    # What it was made of.
    items: List[HooksUserPromptResultItem]
    project: str
    # topic → partition → next offset
    position: dict[str, dict[str, int]]


class HooksPreToolResultRule(TypedDict):
    id: str
    # What it is called.
    name: NotRequired[str | None]


class HooksPreToolResultWarning(TypedDict):
    # What went wrong, how often, and what it said.
    text: str
    # Ids of the events that failed, the newest first.
    ids: List[str]
    # When it failed last.
    time: str | float


class HooksPreToolResult(TypedDict):
    # Id of the event that was recorded; `post_tool` takes it as `call`.
    id: str
    # What the policies say (`safety.policy`).
    verdict: Literal["allowed", "denied", "ask"]
    # The policy that says so.
    rule: NotRequired[HooksPreToolResultRule]
    # Why, where it is not simply allowed.
    reason: NotRequired[str | None]
    # What went wrong before.
    warnings: List[HooksPreToolResultWarning]
    # The warnings as a text for the agent's context; null when there are none.
    context: NotRequired[str | None]
    project: str
    # topic → partition → next offset
    position: dict[str, dict[str, int]]


class HooksPostToolResult(TypedDict):
    # Id of the result.
    id: str
    # Id of the use.
    call: str
    # Whether it was there already, by its `event_id`.
    duplicate: bool
    project: str
    # topic → partition → next offset
    position: dict[str, dict[str, int]]


class HooksSessionEndResultSummaryGoal(TypedDict):
    id: str
    content: str


class HooksSessionEndResultSummarySaidItem(TypedDict):
    id: str
    content: str


class HooksSessionEndResultSummaryFailure(TypedDict):
    id: str
    content: str


class HooksSessionEndResultSummary(TypedDict):
    # The text that is stored.
    text: str
    # How many of its events were read, the newest.
    events: int
    # What was asked for first.
    goal: NotRequired[HooksSessionEndResultSummaryGoal]
    # What was said, in its most telling sentences, in order.
    said: List[HooksSessionEndResultSummarySaidItem]
    # What failed and did not succeed since, by tool; the newest first.
    failures: List[HooksSessionEndResultSummaryFailure]
    # Files touched, the newest first.
    files: List[str]
    # How many events ended how.
    outcomes: dict[str, int]


class HooksSessionEndResult(TypedDict):
    # Id of the event that was recorded.
    id: str
    # A session in short.
    summary: HooksSessionEndResultSummary
    # Id of the consolidation run that was asked for; null where none can be.
    consolidation: NotRequired[str | None]
    # Why it is null.
    reason: NotRequired[str | None]
    project: str
    # topic → partition → next offset
    position: dict[str, dict[str, int]]


class HooksRegisterRuleThen(TypedDict):
    url: str


class HooksRegisterRuleThen1(TypedDict):
    # `TOOL.OPERATION`.
    call: str
    # Its arguments.
    arguments: NotRequired[dict[str, Any]]


class HooksRegisterRule(TypedDict):
    # What must be so: `{field: value | {op: value}}`, of the fields that a hook is told; always when empty.
    when: NotRequired[dict[str, Any]]
    # `{url}`, or `{call: "tool.operation", arguments}`; texts such as `$session` become what happened.
    then: HooksRegisterRuleThen | HooksRegisterRuleThen1


class HooksRegisterResult(TypedDict):
    id: str
    # Grows with each version.
    version: int
    project: str
    # What to pass as `after` to another server to read it.
    position: dict[str, dict[str, int]]


class HooksListResultItemDeadItem(TypedDict):
    # RFC 3339, or a Unix time in seconds, ms, µs or ns by magnitude
    time: str | float
    # The event that it was about.
    event: NotRequired[str | None]
    why: str


class HooksListResultItem(TypedDict):
    id: str
    # When a hook is called.
    moment: Literal["session_start", "user_prompt", "pre_tool", "post_tool", "session_end"]
    # What must be so.
    when: dict[str, Any]
    # Where it posts; what stands behind the question mark is for admins only.
    url: NotRequired[str | None]
    # The operation that it calls, and its arguments.
    call: NotRequired[str | None]
    arguments: NotRequired[dict[str, Any] | None]
    # Calls a minute at most.
    rate: int
    # Who registered it.
    actor: str
    # When it was registered or changed last.
    time: str | float
    # How often this server called it, and how often in vain.
    calls: int
    failures: int
    # How often it did not, because of its rate, or because it rested.
    skipped: int
    # Whether it rests after failures.
    resting: bool
    # What it did not get done since this server began, the newest 10.
    dead: List[HooksListResultItemDeadItem]
    # What a receiver verifies its posts with (Standard Webhooks); for admins.
    signing_key: NotRequired[str | None]


class HooksListResult(TypedDict):
    items: List[HooksListResultItem]
    project: str


class HooksRemoveResult(TypedDict):
    id: str
    # Grows with each version.
    version: int
    project: str
    # What to pass as `after` to another server to read it.
    position: dict[str, dict[str, int]]


class HooksCyclesResultItemHook(TypedDict):
    id: str
    # When a hook is called.
    moment: Literal["session_start", "user_prompt", "pre_tool", "post_tool", "session_end"]
    # The operation by which it leads on.
    call: str
    # When it was registered or changed last.
    time: str | float


class HooksCyclesResultItem(TypedDict):
    hooks: List[HooksCyclesResultItemHook]


class HooksCyclesResult(TypedDict):
    items: List[HooksCyclesResultItem]
    project: str


class HooksLimitResult(TypedDict):
    id: str
    # Grows with each version.
    version: int
    project: str
    # What to pass as `after` to another server to read it.
    position: dict[str, dict[str, int]]


class SqlQueryResultColumn(TypedDict):
    name: str
    type: str


class SqlQueryResult(TypedDict):
    columns: List[SqlQueryResultColumn]
    rows: List[List[Any]]
    # Whether there were more rows than the limit.
    truncated: bool
    took_ms: float


class SqlTablesResultItem(TypedDict):
    name: str
    rows: NotRequired[int | None]
    # Why `rows` is null.
    reason: NotRequired[str | None]
    # What each row means.
    meaning: str


class SqlTablesResult(TypedDict):
    items: List[SqlTablesResultItem]
    projects: List[str]


class SqlSchemaResultItem(TypedDict):
    name: str
    type: str
    # Whether it may be null.
    nullable: bool
    # Null of columns that a saved view makes.
    meaning: NotRequired[str | None]


class SqlSchemaResult(TypedDict):
    table: str
    meaning: str
    items: List[SqlSchemaResultItem]


class SqlExplainResultItem(TypedDict):
    # Such as `logical_plan` and `physical_plan`.
    kind: str
    plan: str


class SqlExplainResult(TypedDict):
    items: List[SqlExplainResultItem]


class SqlVersionsResultItem(TypedDict):
    version: int
    # RFC 3339, or a Unix time in seconds, ms, µs or ns by magnitude
    at: str | float


class SqlVersionsResult(TypedDict):
    table: str
    items: List[SqlVersionsResultItem]
    # Whether older ones may be kept too.
    truncated: bool


class SqlSaveResultColumn(TypedDict):
    name: str
    type: str


class SqlSaveResult(TypedDict):
    id: str
    # Grows each time that the name is saved.
    version: NotRequired[int | None]
    name: str
    columns: List[SqlSaveResultColumn]
    project: str
    # topic → partition → next offset
    position: NotRequired[dict[str, dict[str, int]] | None]


class SystemHealthResultItem(TypedDict):
    part: str
    # How a part does.
    state: Literal["ok", "down", "degraded"]
    # Why it is not `ok`.
    why: NotRequired[str | None]


class SystemHealthResult(TypedDict):
    # That of the part that does worst.
    state: Literal["ok", "down", "degraded"]
    items: List[SystemHealthResultItem]


class SystemLayersResultItemTable(TypedDict):
    table: str
    rows: int
    last_day: int
    last_at: NotRequired[Any]


class SystemLayersResultItem(TypedDict):
    layer: int
    name: str
    tables: List[SystemLayersResultItemTable]
    # Of all its tables.
    rows: int
    last_day: int
    # Null where nothing came.
    last_at: NotRequired[Any]


class SystemLayersResult(TypedDict):
    items: List[SystemLayersResultItem]
    projects: List[str]


class SystemMetricsResultItem(TypedDict):
    name: str
    # Such as `route="/v1/search"`.
    labels: NotRequired[str | None]
    value: float


class SystemMetricsResult(TypedDict):
    items: List[SystemMetricsResultItem]


class SystemDescribeResult(TypedDict):
    items: List[Any]


SystemConfigResultItem = TypedDict("SystemConfigResultItem", {
    "setting": "str",
    # `(hidden)` of what is a secret.
    "value": "str",
    # Where it came from.
    "from": "str",
})


class SystemConfigResult(TypedDict):
    items: List[SystemConfigResultItem]


SystemBackupResult = TypedDict("SystemBackupResult", {
    # Identifier of the run; `system.status` tells how it goes.
    "run": "str",
    # `running`, `complete` or `failed`.
    "status": "str",
    "from": "str",
    "to": "str",
    # Rows by table, when it is complete: the copy was opened and compared.
    "rows": "NotRequired[dict[str, int] | None]",
    # Up to where in the log the copy goes.
    "position": "NotRequired[dict[str, dict[str, int]] | None]",
    # RFC 3339, or a Unix time in seconds, ms, µs or ns by magnitude
    "started_at": "str | float",
    # RFC 3339, or a Unix time in seconds, ms, µs or ns by magnitude
    "ended_at": "NotRequired[str | float | None]",
    # Why it failed.
    "why": "NotRequired[str | None]",
})


SystemRestoreResult = TypedDict("SystemRestoreResult", {
    # Identifier of the run; `system.status` tells how it goes.
    "run": "str",
    # `running`, `complete` or `failed`.
    "status": "str",
    "from": "str",
    "to": "str",
    # Rows by table, when it is complete: the copy was opened and compared.
    "rows": "NotRequired[dict[str, int] | None]",
    # Up to where in the log the copy goes.
    "position": "NotRequired[dict[str, dict[str, int]] | None]",
    # RFC 3339, or a Unix time in seconds, ms, µs or ns by magnitude
    "started_at": "str | float",
    # RFC 3339, or a Unix time in seconds, ms, µs or ns by magnitude
    "ended_at": "NotRequired[str | float | None]",
    # Why it failed.
    "why": "NotRequired[str | None]",
})


class SystemCompactResultItem(TypedDict):
    table: str
    files_removed: int
    files_added: int
    versions_removed: int
    bytes_removed: int
    seconds: float


class SystemCompactResult(TypedDict):
    # Identifier of the run; `system.status` tells how it goes.
    run: str
    # `running`, `complete` or `failed`.
    status: str
    # Of each table that was gone through, what was done; empty until it is complete.
    items: List[SystemCompactResultItem]
    # RFC 3339, or a Unix time in seconds, ms, µs or ns by magnitude
    started_at: str | float
    # RFC 3339, or a Unix time in seconds, ms, µs or ns by magnitude
    ended_at: NotRequired[str | float | None]
    # Why it failed.
    why: NotRequired[str | None]


class SystemReindexResultItem(TypedDict):
    index: Literal["text", "vectors", "columns"]
    # Of the text index.
    documents: NotRequired[int | None]
    # Of the vectors: chunks of texts.
    chunks: NotRequired[int | None]
    # Of columns: those that have an index. They get one once there are a million events.
    columns: NotRequired[List[str] | None]


class SystemReindexResult(TypedDict):
    # Identifier of the run; `system.status` tells how it goes.
    run: str
    # `running`, `complete` or `failed`.
    status: str
    # What was derived; empty until it is complete.
    items: List[SystemReindexResultItem]
    # RFC 3339, or a Unix time in seconds, ms, µs or ns by magnitude
    started_at: str | float
    # RFC 3339, or a Unix time in seconds, ms, µs or ns by magnitude
    ended_at: NotRequired[str | float | None]
    # Why it failed.
    why: NotRequired[str | None]


class SystemCacheResultItem(TypedDict):
    cache: str
    # Null where they are not counted.
    entries: NotRequired[int | None]
    # Null where they are not measured.
    bytes: NotRequired[int | None]
    hits: int
    misses: int
    hit_rate: NotRequired[float | None]
    # Why there is no rate.
    reason: NotRequired[str | None]


class SystemCacheResult(TypedDict):
    items: List[SystemCacheResultItem]
    cleared: bool


class SystemResilienceResultBreaker(TypedDict):
    of: str
    state: Literal["closed", "open", "trial"]
    # Failures: in a row of a model, all of a hook.
    failures: int
    # Until it is tried again.
    tried_in_ms: NotRequired[int | None]
    # Tries after one that failed, since the start; null where they are not counted.
    retries: NotRequired[int | None]


class SystemResilienceResultQueue(TypedDict):
    of: str
    # Waiting, or under way.
    waiting: int
    # More are refused, or wait outside.
    most: int


class SystemResilienceResultShedItem(TypedDict):
    of: str
    count: int


class SystemResilienceResult(TypedDict):
    # Of services that this server asks: models, and the hooks that failed.
    breakers: List[SystemResilienceResultBreaker]
    queues: List[SystemResilienceResultQueue]
    # What was let go since the start, rather than that all got slow.
    shed: List[SystemResilienceResultShedItem]


class SystemDiagnoseResultItem(TypedDict):
    state: Literal["ok", "fail", "warn"]
    what: str
    # What to do about it.
    remedy: NotRequired[str | None]


class SystemDiagnoseResult(TypedDict):
    # The worst of all.
    state: Literal["ok", "fail", "warn"]
    items: List[SystemDiagnoseResultItem]


class TemporalChainResultEvent(TypedDict):
    id: str
    # RFC 3339, or a Unix time in seconds, ms, µs or ns by magnitude
    time: str | float
    session: str
    agent: NotRequired[str | None]
    type: str
    tool: NotRequired[str | None]
    # Its beginning.
    content: str
    outcome: NotRequired[str | None]
    files: List[str]
    parent: NotRequired[str | None]
    project: str
    position: int


class TemporalChainResultItem(TypedDict):
    id: str
    # RFC 3339, or a Unix time in seconds, ms, µs or ns by magnitude
    time: str | float
    session: str
    agent: NotRequired[str | None]
    type: str
    tool: NotRequired[str | None]
    # Its beginning.
    content: str
    outcome: NotRequired[str | None]
    files: List[str]
    parent: NotRequired[str | None]
    project: str
    position: int
    # From 0 to 1.
    strength: float
    # `parent`, or `follows`.
    by: str
    # Whether it came before or after.
    side: str


class TemporalChainResult(TypedDict):
    # An event as it stands in the stream.
    event: TemporalChainResultEvent
    items: List[TemporalChainResultItem]
    projects: List[str]


class TemporalBeforeResultEvent(TypedDict):
    id: str
    # RFC 3339, or a Unix time in seconds, ms, µs or ns by magnitude
    time: str | float
    session: str
    agent: NotRequired[str | None]
    type: str
    tool: NotRequired[str | None]
    # Its beginning.
    content: str
    outcome: NotRequired[str | None]
    files: List[str]
    parent: NotRequired[str | None]
    project: str
    position: int


class TemporalBeforeResultItem(TypedDict):
    id: str
    # RFC 3339, or a Unix time in seconds, ms, µs or ns by magnitude
    time: str | float
    session: str
    agent: NotRequired[str | None]
    type: str
    tool: NotRequired[str | None]
    # Its beginning.
    content: str
    outcome: NotRequired[str | None]
    files: List[str]
    parent: NotRequired[str | None]
    project: str
    position: int


class TemporalBeforeResultElsewhereItem(TypedDict):
    id: str
    # RFC 3339, or a Unix time in seconds, ms, µs or ns by magnitude
    time: str | float
    session: str
    agent: NotRequired[str | None]
    type: str
    tool: NotRequired[str | None]
    # Its beginning.
    content: str
    outcome: NotRequired[str | None]
    files: List[str]
    parent: NotRequired[str | None]
    project: str
    position: int


class TemporalBeforeResult(TypedDict):
    # An event as it stands in the stream.
    event: TemporalBeforeResultEvent
    # In its session.
    items: List[TemporalBeforeResultItem]
    # In other sessions of the project.
    elsewhere: List[TemporalBeforeResultElsewhereItem]
    projects: List[str]


class TemporalAfterResultEvent(TypedDict):
    id: str
    # RFC 3339, or a Unix time in seconds, ms, µs or ns by magnitude
    time: str | float
    session: str
    agent: NotRequired[str | None]
    type: str
    tool: NotRequired[str | None]
    # Its beginning.
    content: str
    outcome: NotRequired[str | None]
    files: List[str]
    parent: NotRequired[str | None]
    project: str
    position: int


class TemporalAfterResultItem(TypedDict):
    id: str
    # RFC 3339, or a Unix time in seconds, ms, µs or ns by magnitude
    time: str | float
    session: str
    agent: NotRequired[str | None]
    type: str
    tool: NotRequired[str | None]
    # Its beginning.
    content: str
    outcome: NotRequired[str | None]
    files: List[str]
    parent: NotRequired[str | None]
    project: str
    position: int


class TemporalAfterResultElsewhereItem(TypedDict):
    id: str
    # RFC 3339, or a Unix time in seconds, ms, µs or ns by magnitude
    time: str | float
    session: str
    agent: NotRequired[str | None]
    type: str
    tool: NotRequired[str | None]
    # Its beginning.
    content: str
    outcome: NotRequired[str | None]
    files: List[str]
    parent: NotRequired[str | None]
    project: str
    position: int


class TemporalAfterResult(TypedDict):
    # An event as it stands in the stream.
    event: TemporalAfterResultEvent
    # In its session.
    items: List[TemporalAfterResultItem]
    # In other sessions of the project.
    elsewhere: List[TemporalAfterResultElsewhereItem]
    projects: List[str]


class TemporalCausesResultItemEvidenceItem(TypedDict):
    id: str
    # RFC 3339, or a Unix time in seconds, ms, µs or ns by magnitude
    time: str | float
    session: str
    agent: NotRequired[str | None]
    type: str
    tool: NotRequired[str | None]
    # Its beginning.
    content: str
    outcome: NotRequired[str | None]
    files: List[str]
    parent: NotRequired[str | None]
    project: str
    position: int


class TemporalCausesResultItem(TypedDict):
    # What was done, and how it went.
    step: str
    lift: float
    # Fisher's exact test, and adjusted for how many steps were tried.
    p: float
    q: float
    # Sessions with it in the gap, of all sessions with what was asked.
    sessions: int
    of: int
    # The same of other sessions.
    other_sessions: int
    other_of: int
    # Files that its events share with the one that was asked about.
    shared_files: List[str]
    evidence: List[TemporalCausesResultItemEvidenceItem]


class TemporalCausesResult(TypedDict):
    # What the answer claims: `association`.
    claim: str
    items: List[TemporalCausesResultItem]
    # Why there are none.
    reason: NotRequired[str | None]
    projects: List[str]


class TemporalEffectsResultItemEvidenceItem(TypedDict):
    id: str
    # RFC 3339, or a Unix time in seconds, ms, µs or ns by magnitude
    time: str | float
    session: str
    agent: NotRequired[str | None]
    type: str
    tool: NotRequired[str | None]
    # Its beginning.
    content: str
    outcome: NotRequired[str | None]
    files: List[str]
    parent: NotRequired[str | None]
    project: str
    position: int


class TemporalEffectsResultItem(TypedDict):
    # What was done, and how it went.
    step: str
    lift: float
    # Fisher's exact test, and adjusted for how many steps were tried.
    p: float
    q: float
    # Sessions with it in the gap, of all sessions with what was asked.
    sessions: int
    of: int
    # The same of other sessions.
    other_sessions: int
    other_of: int
    # Files that its events share with the one that was asked about.
    shared_files: List[str]
    evidence: List[TemporalEffectsResultItemEvidenceItem]


class TemporalEffectsResult(TypedDict):
    # What the answer claims: `association`.
    claim: str
    items: List[TemporalEffectsResultItem]
    # Why there are none.
    reason: NotRequired[str | None]
    projects: List[str]


class TemporalSequencesResultItem(TypedDict):
    step: str
    next: str
    count: int
    probability: float


class TemporalSequencesResult(TypedDict):
    items: List[TemporalSequencesResultItem]
    projects: List[str]


class TemporalRhythmResultPeriod(TypedDict):
    hours: int
    # The autocorrelation at that lag, from 0 to 1.
    strength: float


class TemporalRhythmResultBurst(TypedDict):
    # When the hour began.
    time: str | float
    count: int


class TemporalRhythmResult(TypedDict):
    events: int
    # Events in each hour of the day, from midnight.
    by_hour: List[int]
    # Events on each day of the week, from Monday.
    by_weekday: List[int]
    # Null where the stream does not repeat itself, or too little is known.
    period: NotRequired[TemporalRhythmResultPeriod]
    bursts: List[TemporalRhythmResultBurst]
    # Why something is null.
    reason: NotRequired[str | None]
    projects: List[str]


TemporalGapsResultItem = TypedDict("TemporalGapsResultItem", {
    # RFC 3339, or a Unix time in seconds, ms, µs or ns by magnitude
    "from": "str | float",
    # RFC 3339, or a Unix time in seconds, ms, µs or ns by magnitude
    "until": "str | float",
    "seconds": "int",
    # The events before and after it.
    "last": "str",
    "next": "str",
})


class TemporalGapsResult(TypedDict):
    items: List[TemporalGapsResultItem]
    projects: List[str]


class TemporalAsOfResult(TypedDict):
    table: str
    # RFC 3339, or a Unix time in seconds, ms, µs or ns by magnitude
    at: str | float
    items: List[dict[str, Any]]
    next_cursor: NotRequired[str | None]
    # Whether only the first rows of the table were looked at.
    truncated: bool
    projects: List[str]


class TemporalDiffResultItem(TypedDict):
    id: str
    # `memory` or `fact`.
    kind: str
    # `learned`, `changed` or `forgotten`.
    change: str
    # What it says; null of what is forgotten.
    content: NotRequired[str | None]
    # What it said before, where it changed.
    before: NotRequired[str | None]


TemporalDiffResultDerivedItem = TypedDict("TemporalDiffResultDerivedItem", {
    "table": "str",
    "from": "int",
    "to": "int",
})


TemporalDiffResult = TypedDict("TemporalDiffResult", {
    # RFC 3339, or a Unix time in seconds, ms, µs or ns by magnitude
    "from": "str | float",
    # RFC 3339, or a Unix time in seconds, ms, µs or ns by magnitude
    "to": "str | float",
    "items": "List[TemporalDiffResultItem]",
    "next_cursor": "NotRequired[str | None]",
    "derived": "List[TemporalDiffResultDerivedItem]",
    "projects": "List[str]",
})


class SpatialTreeResultItem(TypedDict):
    path: str
    # Levels below the path that was asked for.
    depth: int
    events: int
    failures: int
    sessions: int
    # RFC 3339, or a Unix time in seconds, ms, µs or ns by magnitude
    last: NotRequired[str | float | None]


class SpatialTreeResult(TypedDict):
    path: str
    items: List[SpatialTreeResultItem]
    next_cursor: NotRequired[str | None]
    projects: List[str]


class SpatialWithinResultItem(TypedDict):
    id: str
    # RFC 3339, or a Unix time in seconds, ms, µs or ns by magnitude
    time: str | float
    session: str
    agent: NotRequired[str | None]
    type: str
    tool: NotRequired[str | None]
    # Its beginning.
    content: str
    outcome: NotRequired[str | None]
    files: List[str]
    parent: NotRequired[str | None]
    project: str
    position: int


class SpatialWithinResultTiedItem(TypedDict):
    id: str
    path: str
    # What it says, where it is a memory.
    content: NotRequired[str | None]


class SpatialWithinResult(TypedDict):
    path: str
    # Events that touched files there, the newest first.
    items: List[SpatialWithinResultItem]
    # Memories, tasks and notes that were tied to it.
    tied: List[SpatialWithinResultTiedItem]
    projects: List[str]


class SpatialNearResultItem(TypedDict):
    id: str
    # RFC 3339, or a Unix time in seconds, ms, µs or ns by magnitude
    time: str | float
    session: str
    agent: NotRequired[str | None]
    type: str
    tool: NotRequired[str | None]
    # Its beginning.
    content: str
    outcome: NotRequired[str | None]
    files: List[str]
    parent: NotRequired[str | None]
    project: str
    position: int


class SpatialNearResultTiedItem(TypedDict):
    id: str
    path: str
    # What it says, where it is a memory.
    content: NotRequired[str | None]


class SpatialNearResult(TypedDict):
    path: str
    # Events that touched files there, the newest first.
    items: List[SpatialNearResultItem]
    # Memories, tasks and notes that were tied to it.
    tied: List[SpatialNearResultTiedItem]
    projects: List[str]


class SpatialDistanceResult(TypedDict):
    steps: int
    distance: float
    # The folder that both are in; empty where it is the root.
    ancestor: str
    projects: List[str]


class SpatialContextResultItem(TypedDict):
    id: str
    # RFC 3339, or a Unix time in seconds, ms, µs or ns by magnitude
    time: str | float
    session: str
    agent: NotRequired[str | None]
    type: str
    tool: NotRequired[str | None]
    # Its beginning.
    content: str
    outcome: NotRequired[str | None]
    files: List[str]
    parent: NotRequired[str | None]
    project: str
    position: int


class SpatialContextResultFactSource(TypedDict):
    id: str
    # RFC 3339, or a Unix time in seconds, ms, µs or ns by magnitude
    time: str | float
    start: int
    end: int


class SpatialContextResultFact(TypedDict):
    id: str
    subject: str
    attribute: str
    value: str
    # The sentence that says it best.
    text: str
    # RFC 3339, or a Unix time in seconds, ms, µs or ns by magnitude
    valid_from: str | float
    # Null while it holds.
    valid_until: NotRequired[str | float | None]
    # Different speakers in different sessions that said so.
    support: int
    # Those that said otherwise since.
    against: int
    # The mean of the posterior that the next who speaks of it agrees.
    confidence: float
    # Events and memories that say so, with the sentence's place in bytes.
    sources: List[SpatialContextResultFactSource]
    # `learned`, `told` or `confirmed`.
    state: str
    # `fact`, `decision`, `preference` or `lesson`.
    kind: str
    # The fact whose value took its place.
    replaced_by: NotRequired[str | None]
    # The fact in a line.
    content: str
    project: str


class SpatialContextResultOwner(TypedDict):
    name: str
    count: int


class SpatialContextResultFailure(TypedDict):
    id: str
    # RFC 3339, or a Unix time in seconds, ms, µs or ns by magnitude
    time: str | float
    session: str
    agent: NotRequired[str | None]
    type: str
    tool: NotRequired[str | None]
    # Its beginning.
    content: str
    outcome: NotRequired[str | None]
    files: List[str]
    parent: NotRequired[str | None]
    project: str
    position: int


class SpatialContextResultStep(TypedDict):
    name: str
    count: int


class SpatialContextResultTiedItem(TypedDict):
    id: str
    path: str
    # What it says, where it is a memory.
    content: NotRequired[str | None]


class SpatialContextResult(TypedDict):
    path: str
    # Recent work, the newest first.
    items: List[SpatialContextResultItem]
    # Facts that name it and hold.
    facts: List[SpatialContextResultFact]
    # Who worked there, the most active first.
    owners: List[SpatialContextResultOwner]
    failures: List[SpatialContextResultFailure]
    # What was done there, the most frequent first.
    steps: List[SpatialContextResultStep]
    # Procedures used there; null where none can be told.
    procedures: NotRequired[List[str] | None]
    # Why something is null.
    reason: NotRequired[str | None]
    tied: List[SpatialContextResultTiedItem]
    projects: List[str]


class SpatialHeatResultItem(TypedDict):
    # When the stretch began.
    time: str | float
    path: str
    events: int
    failures: int


class SpatialHeatResult(TypedDict):
    items: List[SpatialHeatResultItem]
    next_cursor: NotRequired[str | None]
    projects: List[str]


class SpatialTogetherResultItem(TypedDict):
    path: str
    support: int
    lift: float
    confidence: float


class SpatialTogetherResult(TypedDict):
    path: str
    items: List[SpatialTogetherResultItem]
    projects: List[str]


class SpatialLinkResult(TypedDict):
    id: str
    # Grows with each version.
    version: int
    project: str
    # What to pass as `after` to another server to read it.
    position: dict[str, dict[str, int]]


class SpatialMoveResult(TypedDict):
    id: str
    # Grows with each version.
    version: int
    project: str
    # What to pass as `after` to another server to read it.
    position: dict[str, dict[str, int]]


class RotateKeysResult(TypedDict):
    # The key that wraps what is new.
    newest: str
    # Whether it was made now.
    made: bool
    # Keys of data that it wraps since this call.
    wrapped: int
    # Those that are left for another call.
    left: int
    # Master keys that are needed to open those that cannot be wrapped anew.
    missing: List[str]


class Events:
    def __init__(self, client: "Athena") -> None:
        self._client = client

    def record(
        self,
        *,
        content: str,
        type: str,
        outcome: str | None = None,
        attributes: dict[str, Any] | None = None,
        files: List[str] | None = None,
        tags: List[str] | None = None,
        tool: str | None = None,
        duration_ms: int | None = None,
        time: str | float | None = None,
        after: dict[str, dict[str, int]] | None = None,
        agent: str | None = None,
        event_id: str | None = None,
        project: str | None = None,
        session: str | None = None,
    ) -> EventsRecordResult:
        """Records that something happened, for good. Tells its id.

        content: The text: what was said, run or returned.
        type: What kind of thing happened: `message`, `tool_call`, `tool_result`, `observation`,
            `error`, `commit`, or any other word.
        outcome: How it went: success, failure, partial, ongoing, aborted, unknown or skipped.
        attributes: Anything else about it.
        files: Paths touched.
        tags: Labels.
        tool: The tool that was called.
        duration_ms: How long it took, in milliseconds.
        time: When it happened; now when not said.
        after: A position that must be seen.
        agent: Who acts.
        event_id: Makes a write idempotent.
        project: The project; without it the token's only one, or the client's.
        session: The run of an agent that this belongs to.
        """
        given: dict[str, Any] = {
            "content": content,
            "type": type,
            "outcome": outcome,
            "attributes": attributes,
            "files": files,
            "tags": tags,
            "tool": tool,
            "duration_ms": duration_ms,
            "time": time,
            "after": after,
            "agent": agent,
            "event_id": event_id,
            "project": project,
            "session": session,
        }
        return cast("EventsRecordResult", self._client.call("events", "record", given))

    def record_batch(
        self,
        *,
        events: List[dict[str, Any]],
        after: dict[str, dict[str, int]] | None = None,
        agent: str | None = None,
        event_id: str | None = None,
        project: str | None = None,
        session: str | None = None,
    ) -> EventsRecordBatchResult:
        """Records many events at once. What is wrong with one does not keep the others out: `rejected`
        names it.

        events: Events, as `POST /v1/events` takes them: `content` or `attributes`, and whatever else
            there is to say.
        after: A position that must be seen.
        agent: Who acts.
        event_id: Makes a write idempotent.
        project: The project; without it the token's only one, or the client's.
        session: The run of an agent that this belongs to.
        """
        given: dict[str, Any] = {
            "events": events,
            "after": after,
            "agent": agent,
            "event_id": event_id,
            "project": project,
            "session": session,
        }
        return cast("EventsRecordBatchResult", self._client.call("events", "record_batch", given))

    def feedback(
        self,
        *,
        id: str,
        outcome: Literal["success", "failure", "partial", "ongoing", "aborted", "unknown", "skipped"],
        note: str | None = None,
        after: dict[str, dict[str, int]] | None = None,
        agent: str | None = None,
        event_id: str | None = None,
        project: str | None = None,
        session: str | None = None,
    ) -> EventsFeedbackResult:
        """Tells how something turned out later. The event stays as it was recorded; `events.get` shows
        this beside it.

        id: The event's id.
        outcome: How it turned out.
        note: Why, or what to do about it.
        after: A position that must be seen.
        agent: Who acts.
        event_id: Makes a write idempotent.
        project: The project; without it the token's only one, or the client's.
        session: The run of an agent that this belongs to.
        """
        given: dict[str, Any] = {
            "id": id,
            "outcome": outcome,
            "note": note,
            "after": after,
            "agent": agent,
            "event_id": event_id,
            "project": project,
            "session": session,
        }
        return cast("EventsFeedbackResult", self._client.call("events", "feedback", given))

    def commit(
        self,
        *,
        sha: str,
        message: str,
        author: str | None = None,
        files: List[str] | None = None,
        diffstat: str | None = None,
        at: str | float | None = None,
        after: dict[str, dict[str, int]] | None = None,
        agent: str | None = None,
        event_id: str | None = None,
        project: str | None = None,
        session: str | None = None,
    ) -> EventsCommitResult:
        """Records a git commit. The same commit told twice is one event.

        sha: Its name, from 7 hexadecimal digits.
        message: Its message.
        author: Who wrote it.
        files: Paths that it changes.
        diffstat: What `git diff --stat` says of it.
        at: When it was made; now when not said.
        after: A position that must be seen.
        agent: Who acts.
        event_id: Makes a write idempotent.
        project: The project; without it the token's only one, or the client's.
        session: The run of an agent that this belongs to.
        """
        given: dict[str, Any] = {
            "sha": sha,
            "message": message,
            "author": author,
            "files": files,
            "diffstat": diffstat,
            "at": at,
            "after": after,
            "agent": agent,
            "event_id": event_id,
            "project": project,
            "session": session,
        }
        return cast("EventsCommitResult", self._client.call("events", "commit", given))

    def get(
        self,
        *,
        id: str,
        after: dict[str, dict[str, int]] | None = None,
        agent: str | None = None,
        project: str | None = None,
        projects: List[str] | None = None,
        record: bool | None = None,
        session: str | None = None,
    ) -> EventsGetResult:
        """An event as it was recorded, by its id or one that was merged into it; how it turned out later,
        and what was derived from it.

        id: The event's id.
        after: A position that must be seen.
        agent: Who acts.
        project: The project; without it the token's only one, or the client's.
        projects: More projects, for reads.
        record: Whether what is asked and answered is kept to learn from; true when not said.
        session: The run of an agent that this belongs to.
        """
        given: dict[str, Any] = {
            "id": id,
            "after": after,
            "agent": agent,
            "project": project,
            "projects": projects,
            "record": record,
            "session": session,
        }
        return cast("EventsGetResult", self._client.call("events", "get", given))

    def list(
        self,
        *,
        type: str | None = None,
        outcome: str | None = None,
        tool: str | None = None,
        path: str | None = None,
        tag: str | None = None,
        since: str | None = None,
        until: str | None = None,
        limit: int | None = None,
        cursor: str | None = None,
        after: dict[str, dict[str, int]] | None = None,
        agent: str | None = None,
        project: str | None = None,
        projects: List[str] | None = None,
        record: bool | None = None,
        session: str | None = None,
    ) -> EventsListResult:
        """Events, the newest first.

        type: The kind of thing that happened.
        outcome: How it went.
        tool: The tool that was called.
        path: A file, or a folder above it.
        tag: A label.
        since: From this time on: RFC 3339, or an age such as `2h`.
        until: Before this time.
        limit: At most so many; 20 when not said.
        cursor: Where the page before ended.
        after: A position that must be seen.
        agent: Who acts.
        project: The project; without it the token's only one, or the client's.
        projects: More projects, for reads.
        record: Whether what is asked and answered is kept to learn from; true when not said.
        session: The run of an agent that this belongs to.
        """
        given: dict[str, Any] = {
            "type": type,
            "outcome": outcome,
            "tool": tool,
            "path": path,
            "tag": tag,
            "since": since,
            "until": until,
            "limit": limit,
            "cursor": cursor,
            "after": after,
            "agent": agent,
            "project": project,
            "projects": projects,
            "record": record,
            "session": session,
        }
        return cast("EventsListResult", self._client.call("events", "list", given))

    def search(
        self,
        *,
        query: str,
        mode: Literal["hybrid", "text", "vector", "graph"] | None = None,
        filters: EventsSearchFilters | None = None,
        k: int | None = None,
        explain: bool | None = None,
        after: dict[str, dict[str, int]] | None = None,
        agent: str | None = None,
        project: str | None = None,
        projects: List[str] | None = None,
        record: bool | None = None,
        session: str | None = None,
    ) -> EventsSearchResult:
        """The best hits among events only.

        query: The question.
        mode: By what: `hybrid` when not said.
        filters: What hits must be.
        k: At most so many; 10 when not said.
        explain: Whether to tell what each score is made of.
        after: A position that must be seen.
        agent: Who acts.
        project: The project; without it the token's only one, or the client's.
        projects: More projects, for reads.
        record: Whether what is asked and answered is kept to learn from; true when not said.
        session: The run of an agent that this belongs to.
        """
        given: dict[str, Any] = {
            "query": query,
            "mode": mode,
            "filters": filters,
            "k": k,
            "explain": explain,
            "after": after,
            "agent": agent,
            "project": project,
            "projects": projects,
            "record": record,
            "session": session,
        }
        return cast("EventsSearchResult", self._client.call("events", "search", given))

    def timeline(
        self,
        *,
        bucket: Literal["minute", "hour", "day", "week"] | None = None,
        since: str | None = None,
        until: str | None = None,
        after: dict[str, dict[str, int]] | None = None,
        agent: str | None = None,
        project: str | None = None,
        projects: List[str] | None = None,
        record: bool | None = None,
        session: str | None = None,
    ) -> EventsTimelineResult:
        """How many events of each type and outcome there were in each stretch of time; stretches without
        events are left out.

        bucket: How wide a stretch is: `hour` when not said.
        since: From this time on: RFC 3339, or an age; 7 days ago when not said.
        until: Before this time.
        after: A position that must be seen.
        agent: Who acts.
        project: The project; without it the token's only one, or the client's.
        projects: More projects, for reads.
        record: Whether what is asked and answered is kept to learn from; true when not said.
        session: The run of an agent that this belongs to.
        """
        given: dict[str, Any] = {
            "bucket": bucket,
            "since": since,
            "until": until,
            "after": after,
            "agent": agent,
            "project": project,
            "projects": projects,
            "record": record,
            "session": session,
        }
        return cast("EventsTimelineResult", self._client.call("events", "timeline", given))

    def by_session(
        self,
        *,
        session: str,
        limit: int | None = None,
        cursor: str | None = None,
        after: dict[str, dict[str, int]] | None = None,
        agent: str | None = None,
        project: str | None = None,
        projects: List[str] | None = None,
        record: bool | None = None,
    ) -> EventsBySessionResult:
        """The events of a session, in order.

        session: The session.
        limit: At most so many; 20 when not said.
        cursor: Where the page before ended.
        after: A position that must be seen.
        agent: Who acts.
        project: The project; without it the token's only one, or the client's.
        projects: More projects, for reads.
        record: Whether what is asked and answered is kept to learn from; true when not said.
        """
        given: dict[str, Any] = {
            "session": session,
            "limit": limit,
            "cursor": cursor,
            "after": after,
            "agent": agent,
            "project": project,
            "projects": projects,
            "record": record,
        }
        return cast("EventsBySessionResult", self._client.call("events", "by_session", given))

    def count(
        self,
        *,
        group_by: Literal["type", "tool", "agent", "session", "outcome", "tag", "project"] | None = None,
        filters: EventsCountFilters | None = None,
        after: dict[str, dict[str, int]] | None = None,
        agent: str | None = None,
        project: str | None = None,
        projects: List[str] | None = None,
        record: bool | None = None,
        session: str | None = None,
    ) -> EventsCountResult:
        """How many events there are, by one of their fields, the most frequent first.

        group_by: By what; all together when not said.
        filters: What they must be.
        after: A position that must be seen.
        agent: Who acts.
        project: The project; without it the token's only one, or the client's.
        projects: More projects, for reads.
        record: Whether what is asked and answered is kept to learn from; true when not said.
        session: The run of an agent that this belongs to.
        """
        given: dict[str, Any] = {
            "group_by": group_by,
            "filters": filters,
            "after": after,
            "agent": agent,
            "project": project,
            "projects": projects,
            "record": record,
            "session": session,
        }
        return cast("EventsCountResult", self._client.call("events", "count", given))

    def duplicates(
        self,
        *,
        window: str | None = None,
        threshold: float | None = None,
        after: dict[str, dict[str, int]] | None = None,
        agent: str | None = None,
        project: str | None = None,
        projects: List[str] | None = None,
        record: bool | None = None,
        session: str | None = None,
    ) -> EventsDuplicatesResult:
        """Groups of events that say nearly the same, the largest first; among the newest 2,000 of a
        stretch of time.

        window: How far back: an age such as `24h`, or RFC 3339; 7 days when not said.
        threshold: The share of word pairs that two have in common, from 0 to 1; 0.8 when not said.
        after: A position that must be seen.
        agent: Who acts.
        project: The project; without it the token's only one, or the client's.
        projects: More projects, for reads.
        record: Whether what is asked and answered is kept to learn from; true when not said.
        session: The run of an agent that this belongs to.
        """
        given: dict[str, Any] = {
            "window": window,
            "threshold": threshold,
            "after": after,
            "agent": agent,
            "project": project,
            "projects": projects,
            "record": record,
            "session": session,
        }
        return cast("EventsDuplicatesResult", self._client.call("events", "duplicates", given))

    def merge(
        self,
        *,
        keep: str,
        drop: List[str],
        after: dict[str, dict[str, int]] | None = None,
        agent: str | None = None,
        event_id: str | None = None,
        project: str | None = None,
        session: str | None = None,
    ) -> EventsMergeResult:
        """Makes one event of several that tell of the same: the ids of the others lead to it from now on,
        and the others are forgotten. One's own only, unless the caller is an admin.

        keep: The event that stays.
        drop: Those that go; at most 100.
        after: A position that must be seen.
        agent: Who acts.
        event_id: Makes a write idempotent.
        project: The project; without it the token's only one, or the client's.
        session: The run of an agent that this belongs to.
        """
        given: dict[str, Any] = {
            "keep": keep,
            "drop": drop,
            "after": after,
            "agent": agent,
            "event_id": event_id,
            "project": project,
            "session": session,
        }
        return cast("EventsMergeResult", self._client.call("events", "merge", given))

    def forget(
        self,
        *,
        id: str | None = None,
        filter: EventsForgetFilter | None = None,
        dry_run: bool | None = None,
        now: bool | None = None,
        after: dict[str, dict[str, int]] | None = None,
        agent: str | None = None,
        event_id: str | None = None,
        project: str | None = None,
        session: str | None = None,
    ) -> EventsForgetResult:
        """Forgets events, by an id or a filter: hidden at once from every reader, and taken out of every
        file after the time of grace, or with `now` at once. Tells only which ones it would be unless
        `dry_run=false`. One's own only, unless the caller is an admin.

        id: The event's id. Either this or `filter`.
        filter: Which events, of those that are there now; at most 10,000 at once.
        dry_run: Whether to tell only; true when not said.
        now: Whether to purge at once, without a time of grace.
        after: A position that must be seen.
        agent: Who acts.
        event_id: Makes a write idempotent.
        project: The project; without it the token's only one, or the client's.
        session: The run of an agent that this belongs to.
        """
        given: dict[str, Any] = {
            "id": id,
            "filter": filter,
            "dry_run": dry_run,
            "now": now,
            "after": after,
            "agent": agent,
            "event_id": event_id,
            "project": project,
            "session": session,
        }
        return cast("EventsForgetResult", self._client.call("events", "forget", given))


class Sessions:
    def __init__(self, client: "Athena") -> None:
        self._client = client

    def start(
        self,
        *,
        goal: str | None = None,
        cwd: str | None = None,
        branch: str | None = None,
        after: dict[str, dict[str, int]] | None = None,
        agent: str | None = None,
        event_id: str | None = None,
        project: str | None = None,
        session: str | None = None,
    ) -> SessionsStartResult:
        """Begins a session: what is recorded with its name from now on belongs together.

        goal: What it is to achieve.
        cwd: The directory that it works in.
        branch: The branch that it works on.
        after: A position that must be seen.
        agent: Who acts.
        event_id: Makes a write idempotent.
        project: The project; without it the token's only one, or the client's.
        session: The run of an agent that this belongs to.
        """
        given: dict[str, Any] = {
            "goal": goal,
            "cwd": cwd,
            "branch": branch,
            "after": after,
            "agent": agent,
            "event_id": event_id,
            "project": project,
            "session": session,
        }
        return cast("SessionsStartResult", self._client.call("sessions", "start", given))

    def end(
        self,
        *,
        session: str,
        outcome: Literal["success", "failure", "partial", "ongoing", "aborted", "unknown", "skipped"] | None = None,
        lesson: str | None = None,
        after: dict[str, dict[str, int]] | None = None,
        agent: str | None = None,
        event_id: str | None = None,
        project: str | None = None,
    ) -> SessionsEndResult:
        """Ends a session, and tells what it came to.

        session: The session.
        outcome: How it went.
        lesson: What is to be done otherwise the next time.
        after: A position that must be seen.
        agent: Who acts.
        event_id: Makes a write idempotent.
        project: The project; without it the token's only one, or the client's.
        """
        given: dict[str, Any] = {
            "session": session,
            "outcome": outcome,
            "lesson": lesson,
            "after": after,
            "agent": agent,
            "event_id": event_id,
            "project": project,
        }
        return cast("SessionsEndResult", self._client.call("sessions", "end", given))

    def get(
        self,
        *,
        session: str,
        after: dict[str, dict[str, int]] | None = None,
        agent: str | None = None,
        project: str | None = None,
        projects: List[str] | None = None,
        record: bool | None = None,
    ) -> dict[str, Any]:
        """What a session was: when, how many events, which agents, tools and files, how its newest event
        that says so ended.

        session: The session.
        after: A position that must be seen.
        agent: Who acts.
        project: The project; without it the token's only one, or the client's.
        projects: More projects, for reads.
        record: Whether what is asked and answered is kept to learn from; true when not said.
        """
        given: dict[str, Any] = {
            "session": session,
            "after": after,
            "agent": agent,
            "project": project,
            "projects": projects,
            "record": record,
        }
        return cast("dict[str, Any]", self._client.call("sessions", "get", given))

    def list(
        self,
        *,
        outcome: Literal["success", "failure", "partial", "ongoing", "aborted", "unknown", "skipped"] | None = None,
        limit: int | None = None,
        after: dict[str, dict[str, int]] | None = None,
        agent: str | None = None,
        project: str | None = None,
        projects: List[str] | None = None,
        record: bool | None = None,
        session: str | None = None,
    ) -> SessionsListResult:
        """Sessions, the one with the newest event first.

        outcome: How they ended: the outcome of the newest event that has one.
        limit: At most so many; 20 when not said.
        after: A position that must be seen.
        agent: Who acts.
        project: The project; without it the token's only one, or the client's.
        projects: More projects, for reads.
        record: Whether what is asked and answered is kept to learn from; true when not said.
        session: The run of an agent that this belongs to.
        """
        given: dict[str, Any] = {
            "outcome": outcome,
            "limit": limit,
            "after": after,
            "agent": agent,
            "project": project,
            "projects": projects,
            "record": record,
            "session": session,
        }
        return cast("SessionsListResult", self._client.call("sessions", "list", given))

    def episodes(
        self,
        *,
        path: str | None = None,
        outcome: str | None = None,
        limit: int | None = None,
        after: dict[str, dict[str, int]] | None = None,
        agent: str | None = None,
        project: str | None = None,
        projects: List[str] | None = None,
        record: bool | None = None,
        session: str | None = None,
    ) -> SessionsEpisodesResult:
        """Stretches of one aim within sessions, the newest first, as consolidation cut them.

        path: A file that was touched.
        outcome: How they ended.
        limit: At most so many; 20 when not said.
        after: A position that must be seen.
        agent: Who acts.
        project: The project; without it the token's only one, or the client's.
        projects: More projects, for reads.
        record: Whether what is asked and answered is kept to learn from; true when not said.
        session: The run of an agent that this belongs to.
        """
        given: dict[str, Any] = {
            "path": path,
            "outcome": outcome,
            "limit": limit,
            "after": after,
            "agent": agent,
            "project": project,
            "projects": projects,
            "record": record,
            "session": session,
        }
        return cast("SessionsEpisodesResult", self._client.call("sessions", "episodes", given))

    def summary(
        self,
        *,
        session: str,
        after: dict[str, dict[str, int]] | None = None,
        agent: str | None = None,
        project: str | None = None,
        projects: List[str] | None = None,
        record: bool | None = None,
    ) -> SessionsSummaryResult:
        """What a session tried, what worked, what was decided and what is open: in the words of its
        events, with their ids.

        session: The session.
        after: A position that must be seen.
        agent: Who acts.
        project: The project; without it the token's only one, or the client's.
        projects: More projects, for reads.
        record: Whether what is asked and answered is kept to learn from; true when not said.
        """
        given: dict[str, Any] = {
            "session": session,
            "after": after,
            "agent": agent,
            "project": project,
            "projects": projects,
            "record": record,
        }
        return cast("SessionsSummaryResult", self._client.call("sessions", "summary", given))

    def resume(
        self,
        *,
        after: dict[str, dict[str, int]] | None = None,
        agent: str | None = None,
        project: str | None = None,
        projects: List[str] | None = None,
        record: bool | None = None,
        session: str | None = None,
    ) -> SessionsResumeResult:
        """What is needed to go on: the goal of a session, what was done last, what failed and was not
        mended, files, memories, and open tasks. Without `session`, of the project's newest one.

        after: A position that must be seen.
        agent: Who acts.
        project: The project; without it the token's only one, or the client's.
        projects: More projects, for reads.
        record: Whether what is asked and answered is kept to learn from; true when not said.
        session: The run of an agent that this belongs to.
        """
        given: dict[str, Any] = {
            "after": after,
            "agent": agent,
            "project": project,
            "projects": projects,
            "record": record,
            "session": session,
        }
        return cast("SessionsResumeResult", self._client.call("sessions", "resume", given))

    def compare(
        self,
        *,
        a: str,
        b: str,
        after: dict[str, dict[str, int]] | None = None,
        agent: str | None = None,
        project: str | None = None,
        projects: List[str] | None = None,
        record: bool | None = None,
        session: str | None = None,
    ) -> SessionsCompareResult:
        """Two sessions step by step: what they share, what only one of them did, how long they took, how
        they ended.

        a: A session.
        b: Another.
        after: A position that must be seen.
        agent: Who acts.
        project: The project; without it the token's only one, or the client's.
        projects: More projects, for reads.
        record: Whether what is asked and answered is kept to learn from; true when not said.
        session: The run of an agent that this belongs to.
        """
        given: dict[str, Any] = {
            "a": a,
            "b": b,
            "after": after,
            "agent": agent,
            "project": project,
            "projects": projects,
            "record": record,
            "session": session,
        }
        return cast("SessionsCompareResult", self._client.call("sessions", "compare", given))

    def similar(
        self,
        *,
        session: str,
        limit: int | None = None,
        after: dict[str, dict[str, int]] | None = None,
        agent: str | None = None,
        project: str | None = None,
        projects: List[str] | None = None,
        record: bool | None = None,
    ) -> SessionsSimilarResult:
        """Sessions that went the same way as one, by the order of their steps; the likest first.

        session: The session.
        limit: At most so many; 20 when not said.
        after: A position that must be seen.
        agent: Who acts.
        project: The project; without it the token's only one, or the client's.
        projects: More projects, for reads.
        record: Whether what is asked and answered is kept to learn from; true when not said.
        """
        given: dict[str, Any] = {
            "session": session,
            "limit": limit,
            "after": after,
            "agent": agent,
            "project": project,
            "projects": projects,
            "record": record,
        }
        return cast("SessionsSimilarResult", self._client.call("sessions", "similar", given))

    def current(
        self,
        *,
        after: dict[str, dict[str, int]] | None = None,
        agent: str | None = None,
        project: str | None = None,
        projects: List[str] | None = None,
        record: bool | None = None,
        session: str | None = None,
    ) -> SessionsCurrentResult:
        """Sessions that are going on: with an event in the last 30 minutes, and not ended; each with its
        newest event.

        after: A position that must be seen.
        agent: Who acts.
        project: The project; without it the token's only one, or the client's.
        projects: More projects, for reads.
        record: Whether what is asked and answered is kept to learn from; true when not said.
        session: The run of an agent that this belongs to.
        """
        given: dict[str, Any] = {
            "after": after,
            "agent": agent,
            "project": project,
            "projects": projects,
            "record": record,
            "session": session,
        }
        return cast("SessionsCurrentResult", self._client.call("sessions", "current", given))


class Conversations:
    def __init__(self, client: "Athena") -> None:
        self._client = client

    def start(
        self,
        *,
        title: str | None = None,
        participants: List[str] | None = None,
        after: dict[str, dict[str, int]] | None = None,
        agent: str | None = None,
        event_id: str | None = None,
        project: str | None = None,
        session: str | None = None,
    ) -> ConversationsStartResult:
        """Begins a conversation, or with `session` takes over a session that there is. Gives its id, which
        is the session of its messages.

        title: What it is about.
        participants: Who takes part.
        after: A position that must be seen.
        agent: Who acts.
        event_id: Makes a write idempotent.
        project: The project; without it the token's only one, or the client's.
        session: The run of an agent that this belongs to.
        """
        given: dict[str, Any] = {
            "title": title,
            "participants": participants,
            "after": after,
            "agent": agent,
            "event_id": event_id,
            "project": project,
            "session": session,
        }
        return cast("ConversationsStartResult", self._client.call("conversations", "start", given))

    def append(
        self,
        *,
        conversation: str,
        role: str,
        content: str,
        at: str | float | None = None,
        after: dict[str, dict[str, int]] | None = None,
        agent: str | None = None,
        event_id: str | None = None,
        project: str | None = None,
        session: str | None = None,
    ) -> ConversationsAppendResult:
        """Adds a message to a conversation that goes on.

        conversation: The conversation.
        role: Who speaks: `user`, `assistant`, `system`, `tool`, or a name.
        content: What is said.
        at: When it was said; now when not said.
        after: A position that must be seen.
        agent: Who acts.
        event_id: Makes a write idempotent.
        project: The project; without it the token's only one, or the client's.
        session: The run of an agent that this belongs to.
        """
        given: dict[str, Any] = {
            "conversation": conversation,
            "role": role,
            "content": content,
            "at": at,
            "after": after,
            "agent": agent,
            "event_id": event_id,
            "project": project,
            "session": session,
        }
        return cast("ConversationsAppendResult", self._client.call("conversations", "append", given))

    def history(
        self,
        *,
        conversation: str,
        limit: int | None = None,
        cursor: str | None = None,
        after: dict[str, dict[str, int]] | None = None,
        agent: str | None = None,
        project: str | None = None,
        projects: List[str] | None = None,
        record: bool | None = None,
        session: str | None = None,
    ) -> ConversationsHistoryResult:
        """The messages of a conversation, in order, whole.

        conversation: The conversation: any session with messages.
        limit: At most so many; 20 when not said.
        cursor: Where the page before ended.
        after: A position that must be seen.
        agent: Who acts.
        project: The project; without it the token's only one, or the client's.
        projects: More projects, for reads.
        record: Whether what is asked and answered is kept to learn from; true when not said.
        session: The run of an agent that this belongs to.
        """
        given: dict[str, Any] = {
            "conversation": conversation,
            "limit": limit,
            "cursor": cursor,
            "after": after,
            "agent": agent,
            "project": project,
            "projects": projects,
            "record": record,
            "session": session,
        }
        return cast("ConversationsHistoryResult", self._client.call("conversations", "history", given))

    def get(
        self,
        *,
        conversation: str,
        after: dict[str, dict[str, int]] | None = None,
        agent: str | None = None,
        project: str | None = None,
        projects: List[str] | None = None,
        record: bool | None = None,
        session: str | None = None,
    ) -> ConversationsGetResult:
        """What a conversation is: about what, between whom, since when, how many messages, whether it goes
        on, and which points there are to return to.

        conversation: The conversation: any session with messages.
        after: A position that must be seen.
        agent: Who acts.
        project: The project; without it the token's only one, or the client's.
        projects: More projects, for reads.
        record: Whether what is asked and answered is kept to learn from; true when not said.
        session: The run of an agent that this belongs to.
        """
        given: dict[str, Any] = {
            "conversation": conversation,
            "after": after,
            "agent": agent,
            "project": project,
            "projects": projects,
            "record": record,
            "session": session,
        }
        return cast("ConversationsGetResult", self._client.call("conversations", "get", given))

    def list(
        self,
        *,
        active: bool | None = None,
        limit: int | None = None,
        cursor: str | None = None,
        after: dict[str, dict[str, int]] | None = None,
        agent: str | None = None,
        project: str | None = None,
        projects: List[str] | None = None,
        record: bool | None = None,
        session: str | None = None,
    ) -> ConversationsListResult:
        """Conversations, those in which something was said or begun last first. Sessions with messages are
        among them.

        active: Those that go on, or those that are closed; both when not said.
        limit: At most so many; 20 when not said.
        cursor: Where the page before ended.
        after: A position that must be seen.
        agent: Who acts.
        project: The project; without it the token's only one, or the client's.
        projects: More projects, for reads.
        record: Whether what is asked and answered is kept to learn from; true when not said.
        session: The run of an agent that this belongs to.
        """
        given: dict[str, Any] = {
            "active": active,
            "limit": limit,
            "cursor": cursor,
            "after": after,
            "agent": agent,
            "project": project,
            "projects": projects,
            "record": record,
            "session": session,
        }
        return cast("ConversationsListResult", self._client.call("conversations", "list", given))

    def search(
        self,
        *,
        query: str,
        conversation: str | None = None,
        mode: Literal["hybrid", "text", "vector", "graph"] | None = None,
        k: int | None = None,
        explain: bool | None = None,
        after: dict[str, dict[str, int]] | None = None,
        agent: str | None = None,
        project: str | None = None,
        projects: List[str] | None = None,
        record: bool | None = None,
        session: str | None = None,
    ) -> ConversationsSearchResult:
        """The best hits among messages, by words and by meaning, each with the message before and the one
        after it.

        query: The question.
        conversation: Only in this conversation.
        mode: By what: `hybrid` when not said.
        k: At most so many, and at most 100; 10 when not said.
        explain: Whether to tell what each score is made of.
        after: A position that must be seen.
        agent: Who acts.
        project: The project; without it the token's only one, or the client's.
        projects: More projects, for reads.
        record: Whether what is asked and answered is kept to learn from; true when not said.
        session: The run of an agent that this belongs to.
        """
        given: dict[str, Any] = {
            "query": query,
            "conversation": conversation,
            "mode": mode,
            "k": k,
            "explain": explain,
            "after": after,
            "agent": agent,
            "project": project,
            "projects": projects,
            "record": record,
            "session": session,
        }
        return cast("ConversationsSearchResult", self._client.call("conversations", "search", given))

    def snapshot(
        self,
        *,
        conversation: str,
        name: str | None = None,
        after: dict[str, dict[str, int]] | None = None,
        agent: str | None = None,
        event_id: str | None = None,
        project: str | None = None,
        session: str | None = None,
    ) -> ConversationsSnapshotResult:
        """Names the point where a conversation stands, to return to.

        conversation: The conversation.
        name: What to call the point; how many messages there were when not said.
        after: A position that must be seen.
        agent: Who acts.
        event_id: Makes a write idempotent.
        project: The project; without it the token's only one, or the client's.
        session: The run of an agent that this belongs to.
        """
        given: dict[str, Any] = {
            "conversation": conversation,
            "name": name,
            "after": after,
            "agent": agent,
            "event_id": event_id,
            "project": project,
            "session": session,
        }
        return cast("ConversationsSnapshotResult", self._client.call("conversations", "snapshot", given))

    def recover(
        self,
        *,
        conversation: str,
        snapshot: str | None = None,
        limit: int | None = None,
        after: dict[str, dict[str, int]] | None = None,
        agent: str | None = None,
        project: str | None = None,
        projects: List[str] | None = None,
        record: bool | None = None,
        session: str | None = None,
    ) -> ConversationsRecoverResult:
        """A conversation as it stood at a point: its last messages there, and in short what was said
        before these. What came later is left out.

        conversation: The conversation.
        snapshot: Id or name of the point; the newest one when not said, and the end where there is
            none.
        limit: At most so many messages; 20 when not said.
        after: A position that must be seen.
        agent: Who acts.
        project: The project; without it the token's only one, or the client's.
        projects: More projects, for reads.
        record: Whether what is asked and answered is kept to learn from; true when not said.
        session: The run of an agent that this belongs to.
        """
        given: dict[str, Any] = {
            "conversation": conversation,
            "snapshot": snapshot,
            "limit": limit,
            "after": after,
            "agent": agent,
            "project": project,
            "projects": projects,
            "record": record,
            "session": session,
        }
        return cast("ConversationsRecoverResult", self._client.call("conversations", "recover", given))

    def summary(
        self,
        *,
        conversation: str,
        limit: int | None = None,
        after: dict[str, dict[str, int]] | None = None,
        agent: str | None = None,
        project: str | None = None,
        projects: List[str] | None = None,
        record: bool | None = None,
        session: str | None = None,
    ) -> ConversationsSummaryResult:
        """What a conversation comes to, in its own most telling sentences, each with the id of its
        message.

        conversation: The conversation: any session with messages.
        limit: Sentences at most; 5 when not said.
        after: A position that must be seen.
        agent: Who acts.
        project: The project; without it the token's only one, or the client's.
        projects: More projects, for reads.
        record: Whether what is asked and answered is kept to learn from; true when not said.
        session: The run of an agent that this belongs to.
        """
        given: dict[str, Any] = {
            "conversation": conversation,
            "limit": limit,
            "after": after,
            "agent": agent,
            "project": project,
            "projects": projects,
            "record": record,
            "session": session,
        }
        return cast("ConversationsSummaryResult", self._client.call("conversations", "summary", given))

    def export(
        self,
        *,
        conversation: str,
        format: Literal["json", "markdown"],
        limit: int | None = None,
        cursor: str | None = None,
        after: dict[str, dict[str, int]] | None = None,
        agent: str | None = None,
        project: str | None = None,
        projects: List[str] | None = None,
        record: bool | None = None,
        session: str | None = None,
    ) -> ConversationsExportResult:
        """A conversation as one text, to be kept or read elsewhere; of a long one a page at a time.

        conversation: The conversation: any session with messages.
        format: `json` or `markdown`.
        limit: Messages at most; 1,000 when not said.
        cursor: Where the page before ended.
        after: A position that must be seen.
        agent: Who acts.
        project: The project; without it the token's only one, or the client's.
        projects: More projects, for reads.
        record: Whether what is asked and answered is kept to learn from; true when not said.
        session: The run of an agent that this belongs to.
        """
        given: dict[str, Any] = {
            "conversation": conversation,
            "format": format,
            "limit": limit,
            "cursor": cursor,
            "after": after,
            "agent": agent,
            "project": project,
            "projects": projects,
            "record": record,
            "session": session,
        }
        return cast("ConversationsExportResult", self._client.call("conversations", "export", given))

    def close(
        self,
        *,
        conversation: str,
        after: dict[str, dict[str, int]] | None = None,
        agent: str | None = None,
        event_id: str | None = None,
        project: str | None = None,
        session: str | None = None,
    ) -> ConversationsCloseResult:
        """Closes a conversation: it stays readable, and takes no more messages.

        conversation: The conversation.
        after: A position that must be seen.
        agent: Who acts.
        event_id: Makes a write idempotent.
        project: The project; without it the token's only one, or the client's.
        session: The run of an agent that this belongs to.
        """
        given: dict[str, Any] = {
            "conversation": conversation,
            "after": after,
            "agent": agent,
            "event_id": event_id,
            "project": project,
            "session": session,
        }
        return cast("ConversationsCloseResult", self._client.call("conversations", "close", given))


class Memories:
    def __init__(self, client: "Athena") -> None:
        self._client = client

    def remember(
        self,
        *,
        content: str,
        kind: Literal["fact", "pattern", "decision", "context", "preference"] | None = None,
        name: str | None = None,
        aliases: List[str] | None = None,
        scope: List[str] | None = None,
        tags: List[str] | None = None,
        importance: float | None = None,
        sensitive: bool | None = None,
        source: str | None = None,
        valid_from: str | float | None = None,
        valid_until: str | float | None = None,
        after: dict[str, dict[str, int]] | None = None,
        agent: str | None = None,
        event_id: str | None = None,
        project: str | None = None,
        session: str | None = None,
    ) -> MemoriesRememberResult:
        """Remembers a text, for this project, until it is forgotten. Gives the memory's id and version,
        and tells what says the same already, and what contradicts it.

        content: What to remember, in words that will be searched for.
        kind: What kind of thing it is; `fact` when not said.
        name: What it is called.
        aliases: Other names that lead to it.
        scope: Places that it is seen from; everywhere when empty.
        tags: Labels.
        importance: From 0 to 1.
        sensitive: Whether its content is encrypted, and told only to who may see it.
        source: Where it is known from.
        valid_from: From when it is true.
        valid_until: Until when it was true.
        after: A position that must be seen.
        agent: Who acts.
        event_id: Makes a write idempotent.
        project: The project; without it the token's only one, or the client's.
        session: The run of an agent that this belongs to.
        """
        given: dict[str, Any] = {
            "content": content,
            "kind": kind,
            "name": name,
            "aliases": aliases,
            "scope": scope,
            "tags": tags,
            "importance": importance,
            "sensitive": sensitive,
            "source": source,
            "valid_from": valid_from,
            "valid_until": valid_until,
            "after": after,
            "agent": agent,
            "event_id": event_id,
            "project": project,
            "session": session,
        }
        return cast("MemoriesRememberResult", self._client.call("memories", "remember", given))

    def recall(
        self,
        *,
        query: str,
        scope: List[str] | None = None,
        kinds: List[Literal["event", "memory", "fact", "procedure", "entity", "community", "note", "task", "symbol", "episode"]] | None = None,
        filters: MemoriesRecallFilters | None = None,
        k: int | None = None,
        cutoff: Any = None,
        explain: bool | None = None,
        after: dict[str, dict[str, int]] | None = None,
        agent: str | None = None,
        project: str | None = None,
        projects: List[str] | None = None,
        record: bool | None = None,
        session: str | None = None,
    ) -> MemoriesRecallResult:
        """Memories, and what was said, as far as they bear on a question: the likeliest first, and nothing
        else. What was superseded or has ended is not among it. `score` is the probability that it bears
        on the question.

        query: The question, or what is about to be done.
        scope: Where it is asked from. A memory with scopes is seen only from one of them.
        kinds: What kinds of things: `memory` is what was told to be remembered, `event` what was said.
            Both when empty.
        filters: What it must be.
        k: At most so many; 10 when not said.
        cutoff: `auto`: what bears on the question, which may be nothing; `none`: the best, whatever
            they are; or a probability from 0 to 1.
        explain: Whether to tell what each score is made of.
        after: A position that must be seen.
        agent: Who acts.
        project: The project; without it the token's only one, or the client's.
        projects: More projects, for reads.
        record: Whether what is asked and answered is kept to learn from; true when not said.
        session: The run of an agent that this belongs to.
        """
        given: dict[str, Any] = {
            "query": query,
            "scope": scope,
            "kinds": kinds,
            "filters": filters,
            "k": k,
            "cutoff": cutoff,
            "explain": explain,
            "after": after,
            "agent": agent,
            "project": project,
            "projects": projects,
            "record": record,
            "session": session,
        }
        return cast("MemoriesRecallResult", self._client.call("memories", "recall", given))

    def get(
        self,
        *,
        id: str,
        after: dict[str, dict[str, int]] | None = None,
        agent: str | None = None,
        project: str | None = None,
        projects: List[str] | None = None,
        record: bool | None = None,
        session: str | None = None,
    ) -> MemoriesGetResult:
        """Gives a memory as it is now, with who told it, when, and where in the log.

        id: The memory's id.
        after: A position that must be seen.
        agent: Who acts.
        project: The project; without it the token's only one, or the client's.
        projects: More projects, for reads.
        record: Whether what is asked and answered is kept to learn from; true when not said.
        session: The run of an agent that this belongs to.
        """
        given: dict[str, Any] = {
            "id": id,
            "after": after,
            "agent": agent,
            "project": project,
            "projects": projects,
            "record": record,
            "session": session,
        }
        return cast("MemoriesGetResult", self._client.call("memories", "get", given))

    def list(
        self,
        *,
        kind: str | None = None,
        tag: str | None = None,
        state: Literal["current", "all"] | None = None,
        limit: int | None = None,
        cursor: str | None = None,
        after: dict[str, dict[str, int]] | None = None,
        agent: str | None = None,
        project: str | None = None,
        projects: List[str] | None = None,
        record: bool | None = None,
        session: str | None = None,
    ) -> MemoriesListResult:
        """Memories, the newest first.

        kind: The kind of memory.
        tag: A label.
        state: Which: those that hold now when not said.
        limit: At most so many; 20 when not said.
        cursor: Where the page before ended.
        after: A position that must be seen.
        agent: Who acts.
        project: The project; without it the token's only one, or the client's.
        projects: More projects, for reads.
        record: Whether what is asked and answered is kept to learn from; true when not said.
        session: The run of an agent that this belongs to.
        """
        given: dict[str, Any] = {
            "kind": kind,
            "tag": tag,
            "state": state,
            "limit": limit,
            "cursor": cursor,
            "after": after,
            "agent": agent,
            "project": project,
            "projects": projects,
            "record": record,
            "session": session,
        }
        return cast("MemoriesListResult", self._client.call("memories", "list", given))

    def history(
        self,
        *,
        id: str,
        after: dict[str, dict[str, int]] | None = None,
        agent: str | None = None,
        project: str | None = None,
        projects: List[str] | None = None,
        record: bool | None = None,
        session: str | None = None,
    ) -> MemoriesHistoryResult:
        """Every version of a memory, the newest first: what it said, who wrote it and when. Forgotten ones
        have none.

        id: The memory's id.
        after: A position that must be seen.
        agent: Who acts.
        project: The project; without it the token's only one, or the client's.
        projects: More projects, for reads.
        record: Whether what is asked and answered is kept to learn from; true when not said.
        session: The run of an agent that this belongs to.
        """
        given: dict[str, Any] = {
            "id": id,
            "after": after,
            "agent": agent,
            "project": project,
            "projects": projects,
            "record": record,
            "session": session,
        }
        return cast("MemoriesHistoryResult", self._client.call("memories", "history", given))

    def update(
        self,
        *,
        id: str,
        content: str | None = None,
        kind: Literal["fact", "pattern", "decision", "context", "preference"] | None = None,
        name: str | None = None,
        aliases: List[str] | None = None,
        scope: List[str] | None = None,
        tags: List[str] | None = None,
        importance: float | None = None,
        sensitive: bool | None = None,
        source: str | None = None,
        valid_from: str | float | None = None,
        valid_until: str | float | None = None,
        version: int | None = None,
        after: dict[str, dict[str, int]] | None = None,
        agent: str | None = None,
        event_id: str | None = None,
        project: str | None = None,
        session: str | None = None,
    ) -> MemoriesUpdateResult:
        """Changes a memory: what is given takes the place of what was there. Older versions stay readable;
        when it becomes sensitive, those in clear are purged.

        id: The memory's id.
        content: The new text.
        kind: The new kind.
        name: The new name.
        aliases: All of its other names.
        scope: All places that it is seen from.
        tags: All of its labels.
        importance: From 0 to 1.
        sensitive: Whether its content is encrypted.
        source: Where it is known from.
        valid_from: From when it is true.
        valid_until: Until when it was true; an empty text for no end.
        version: The version that was read: if it is not the newest any more, nothing is changed.
        after: A position that must be seen.
        agent: Who acts.
        event_id: Makes a write idempotent.
        project: The project; without it the token's only one, or the client's.
        session: The run of an agent that this belongs to.
        """
        given: dict[str, Any] = {
            "id": id,
            "content": content,
            "kind": kind,
            "name": name,
            "aliases": aliases,
            "scope": scope,
            "tags": tags,
            "importance": importance,
            "sensitive": sensitive,
            "source": source,
            "valid_from": valid_from,
            "valid_until": valid_until,
            "version": version,
            "after": after,
            "agent": agent,
            "event_id": event_id,
            "project": project,
            "session": session,
        }
        return cast("MemoriesUpdateResult", self._client.call("memories", "update", given))

    def supersede(
        self,
        *,
        old: str,
        new: str,
        after: dict[str, dict[str, int]] | None = None,
        agent: str | None = None,
        event_id: str | None = None,
        project: str | None = None,
        session: str | None = None,
    ) -> MemoriesSupersedeResult:
        """One memory takes the place of another, which ends when the new one begins. It stays readable,
        and is not recalled any more.

        old: Id of the memory that holds no longer.
        new: Id of the one that holds now.
        after: A position that must be seen.
        agent: Who acts.
        event_id: Makes a write idempotent.
        project: The project; without it the token's only one, or the client's.
        session: The run of an agent that this belongs to.
        """
        given: dict[str, Any] = {
            "old": old,
            "new": new,
            "after": after,
            "agent": agent,
            "event_id": event_id,
            "project": project,
            "session": session,
        }
        return cast("MemoriesSupersedeResult", self._client.call("memories", "supersede", given))

    def pin(
        self,
        *,
        id: str,
        pinned: bool,
        after: dict[str, dict[str, int]] | None = None,
        agent: str | None = None,
        event_id: str | None = None,
        project: str | None = None,
        session: str | None = None,
    ) -> MemoriesPinResult:
        """Whether a memory never decays.

        id: The memory's id.
        pinned: `false` unpins it.
        after: A position that must be seen.
        agent: Who acts.
        event_id: Makes a write idempotent.
        project: The project; without it the token's only one, or the client's.
        session: The run of an agent that this belongs to.
        """
        given: dict[str, Any] = {
            "id": id,
            "pinned": pinned,
            "after": after,
            "agent": agent,
            "event_id": event_id,
            "project": project,
            "session": session,
        }
        return cast("MemoriesPinResult", self._client.call("memories", "pin", given))

    def tag(
        self,
        *,
        id: str,
        add: List[str] | None = None,
        remove: List[str] | None = None,
        after: dict[str, dict[str, int]] | None = None,
        agent: str | None = None,
        event_id: str | None = None,
        project: str | None = None,
        session: str | None = None,
    ) -> MemoriesTagResult:
        """Adds labels to a memory, and takes others off.

        id: The memory's id.
        add: Labels to add.
        remove: Labels to take off.
        after: A position that must be seen.
        agent: Who acts.
        event_id: Makes a write idempotent.
        project: The project; without it the token's only one, or the client's.
        session: The run of an agent that this belongs to.
        """
        given: dict[str, Any] = {
            "id": id,
            "add": add,
            "remove": remove,
            "after": after,
            "agent": agent,
            "event_id": event_id,
            "project": project,
            "session": session,
        }
        return cast("MemoriesTagResult", self._client.call("memories", "tag", given))

    def forget(
        self,
        *,
        id: str | None = None,
        filter: MemoriesForgetFilter | None = None,
        dry_run: bool | None = None,
        now: bool | None = None,
        after: dict[str, dict[str, int]] | None = None,
        agent: str | None = None,
        event_id: str | None = None,
        project: str | None = None,
        session: str | None = None,
    ) -> MemoriesForgetResult:
        """Forgets a memory by its id at once, or tells which ones a filter would take, and takes them with
        `dry_run=false`. It can be restored during a time of grace, unless `now` is set; then it is
        taken out of every file. One's own only, unless the caller is an admin.

        id: The memory's id. Either this or `filter`.
        filter: Which memories; at most 1,000 at once.
        dry_run: Whether to tell only; true for a filter, false for an id, when not said.
        now: Whether to purge at once, without a time of grace.
        after: A position that must be seen.
        agent: Who acts.
        event_id: Makes a write idempotent.
        project: The project; without it the token's only one, or the client's.
        session: The run of an agent that this belongs to.
        """
        given: dict[str, Any] = {
            "id": id,
            "filter": filter,
            "dry_run": dry_run,
            "now": now,
            "after": after,
            "agent": agent,
            "event_id": event_id,
            "project": project,
            "session": session,
        }
        return cast("MemoriesForgetResult", self._client.call("memories", "forget", given))

    def restore(
        self,
        *,
        id: str,
        after: dict[str, dict[str, int]] | None = None,
        agent: str | None = None,
        event_id: str | None = None,
        project: str | None = None,
        session: str | None = None,
    ) -> MemoriesRestoreResult:
        """Brings back a memory that was forgotten, while the time of grace lasts. One's own only, unless
        the caller is an admin.

        id: The memory's id.
        after: A position that must be seen.
        agent: Who acts.
        event_id: Makes a write idempotent.
        project: The project; without it the token's only one, or the client's.
        session: The run of an agent that this belongs to.
        """
        given: dict[str, Any] = {
            "id": id,
            "after": after,
            "agent": agent,
            "event_id": event_id,
            "project": project,
            "session": session,
        }
        return cast("MemoriesRestoreResult", self._client.call("memories", "restore", given))

    def rollback(
        self,
        *,
        id: str,
        version: int | None = None,
        after: dict[str, dict[str, int]] | None = None,
        agent: str | None = None,
        event_id: str | None = None,
        project: str | None = None,
        session: str | None = None,
    ) -> MemoriesRollbackResult:
        """Makes an older version of a memory the newest again, all of it. `history` lists the versions.

        id: The memory's id.
        version: The version to go back to; the one before the newest when not given.
        after: A position that must be seen.
        agent: Who acts.
        event_id: Makes a write idempotent.
        project: The project; without it the token's only one, or the client's.
        session: The run of an agent that this belongs to.
        """
        given: dict[str, Any] = {
            "id": id,
            "version": version,
            "after": after,
            "agent": agent,
            "event_id": event_id,
            "project": project,
            "session": session,
        }
        return cast("MemoriesRollbackResult", self._client.call("memories", "rollback", given))

    def contradictions(
        self,
        *,
        id: str | None = None,
        possible: bool | None = None,
        limit: int | None = None,
        after: dict[str, dict[str, int]] | None = None,
        agent: str | None = None,
        project: str | None = None,
        projects: List[str] | None = None,
        record: bool | None = None,
        session: str | None = None,
    ) -> MemoriesContradictionsResult:
        """Memories that cannot both hold: of one with those near it, or of the newest 1,000 with each
        other. Each with where they differ, which one is newer, and the call that would end the older
        one.

        id: Only those of this memory.
        possible: Whether to tell also of what may well both hold.
        limit: At most so many; 20 when not said.
        after: A position that must be seen.
        agent: Who acts.
        project: The project; without it the token's only one, or the client's.
        projects: More projects, for reads.
        record: Whether what is asked and answered is kept to learn from; true when not said.
        session: The run of an agent that this belongs to.
        """
        given: dict[str, Any] = {
            "id": id,
            "possible": possible,
            "limit": limit,
            "after": after,
            "agent": agent,
            "project": project,
            "projects": projects,
            "record": record,
            "session": session,
        }
        return cast("MemoriesContradictionsResult", self._client.call("memories", "contradictions", given))

    def facts(
        self,
        *,
        subject: str | None = None,
        attribute: str | None = None,
        valid_at: str | None = None,
        state: Literal["learned", "told", "confirmed", "all", "ended"] | None = None,
        kind: str | None = None,
        limit: int | None = None,
        cursor: str | None = None,
        after: dict[str, dict[str, int]] | None = None,
        agent: str | None = None,
        project: str | None = None,
        projects: List[str] | None = None,
        record: bool | None = None,
        session: str | None = None,
    ) -> MemoriesFactsResult:
        """Facts, the newest first: an attribute of a subject, its value, since when and until when, on
        what evidence. Those that hold now, unless `valid_at` or `state` says otherwise. How sure one
        is: (support + 1) / (support + against + 2).

        subject: Words of the subject: a person, a thing, the project.
        attribute: Words of the attribute.
        valid_at: When they were true: RFC 3339, or an age such as `7d`.
        state: `ended`, `all`, or how it is known.
        kind: `fact`, `decision`, `preference` or `lesson`.
        limit: At most so many; 20 when not said.
        cursor: Where the page before ended.
        after: A position that must be seen.
        agent: Who acts.
        project: The project; without it the token's only one, or the client's.
        projects: More projects, for reads.
        record: Whether what is asked and answered is kept to learn from; true when not said.
        session: The run of an agent that this belongs to.
        """
        given: dict[str, Any] = {
            "subject": subject,
            "attribute": attribute,
            "valid_at": valid_at,
            "state": state,
            "kind": kind,
            "limit": limit,
            "cursor": cursor,
            "after": after,
            "agent": agent,
            "project": project,
            "projects": projects,
            "record": record,
            "session": session,
        }
        return cast("MemoriesFactsResult", self._client.call("memories", "facts", given))

    def fact_history(
        self,
        *,
        id: str,
        after: dict[str, dict[str, int]] | None = None,
        agent: str | None = None,
        project: str | None = None,
        projects: List[str] | None = None,
        record: bool | None = None,
        session: str | None = None,
    ) -> MemoriesFactHistoryResult:
        """How an attribute came to its value: every value that it had, the first first, each with its
        evidence.

        id: The id of any fact of the attribute.
        after: A position that must be seen.
        agent: Who acts.
        project: The project; without it the token's only one, or the client's.
        projects: More projects, for reads.
        record: Whether what is asked and answered is kept to learn from; true when not said.
        session: The run of an agent that this belongs to.
        """
        given: dict[str, Any] = {
            "id": id,
            "after": after,
            "agent": agent,
            "project": project,
            "projects": projects,
            "record": record,
            "session": session,
        }
        return cast("MemoriesFactHistoryResult", self._client.call("memories", "fact_history", given))

    def confirm(
        self,
        *,
        id: str,
        after: dict[str, dict[str, int]] | None = None,
        agent: str | None = None,
        event_id: str | None = None,
        project: str | None = None,
        session: str | None = None,
    ) -> MemoriesConfirmResult:
        """Raises a fact to what is told: it is a memory from now on, which no run takes away. A newer
        statement still ends its validity. Gives the memory's id.

        id: The fact's id.
        after: A position that must be seen.
        agent: Who acts.
        event_id: Makes a write idempotent.
        project: The project; without it the token's only one, or the client's.
        session: The run of an agent that this belongs to.
        """
        given: dict[str, Any] = {
            "id": id,
            "after": after,
            "agent": agent,
            "event_id": event_id,
            "project": project,
            "session": session,
        }
        return cast("MemoriesConfirmResult", self._client.call("memories", "confirm", given))

    def reject(
        self,
        *,
        id: str,
        why: str,
        after: dict[str, dict[str, int]] | None = None,
        agent: str | None = None,
        event_id: str | None = None,
        project: str | None = None,
        session: str | None = None,
    ) -> MemoriesRejectResult:
        """Says that a fact is none: it is gone, and never learned again from what was said up to now. New
        evidence may teach it again.

        id: The fact's id.
        why: Why it is none.
        after: A position that must be seen.
        agent: Who acts.
        event_id: Makes a write idempotent.
        project: The project; without it the token's only one, or the client's.
        session: The run of an agent that this belongs to.
        """
        given: dict[str, Any] = {
            "id": id,
            "why": why,
            "after": after,
            "agent": agent,
            "event_id": event_id,
            "project": project,
            "session": session,
        }
        return cast("MemoriesRejectResult", self._client.call("memories", "reject", given))

    def merge(
        self,
        *,
        ids: List[str],
        content: str | None = None,
        after: dict[str, dict[str, int]] | None = None,
        agent: str | None = None,
        event_id: str | None = None,
        project: str | None = None,
        session: str | None = None,
    ) -> MemoriesMergeResult:
        """Makes one memory of several: the newest, with the sources, labels and names of all. The others
        are superseded by it.

        ids: From 2 to 100 memories.
        content: The text of the one; that of the newest when not given.
        after: A position that must be seen.
        agent: Who acts.
        event_id: Makes a write idempotent.
        project: The project; without it the token's only one, or the client's.
        session: The run of an agent that this belongs to.
        """
        given: dict[str, Any] = {
            "ids": ids,
            "content": content,
            "after": after,
            "agent": agent,
            "event_id": event_id,
            "project": project,
            "session": session,
        }
        return cast("MemoriesMergeResult", self._client.call("memories", "merge", given))

    def link(
        self,
        *,
        from_: str,
        to: str,
        relation: str,
        after: dict[str, dict[str, int]] | None = None,
        agent: str | None = None,
        event_id: str | None = None,
        project: str | None = None,
        session: str | None = None,
    ) -> MemoriesLinkResult:
        """Ties one memory to another: `from` stands in this relation to `to`. `get` tells the links of a
        memory.

        from_: The memory that the link begins at.
        to: The memory that it leads to.
        relation: How the first stands to the second, such as `explains` or `follows from`; at most 100
            characters.
        after: A position that must be seen.
        agent: Who acts.
        event_id: Makes a write idempotent.
        project: The project; without it the token's only one, or the client's.
        session: The run of an agent that this belongs to.
        """
        given: dict[str, Any] = {
            "from": from_,
            "to": to,
            "relation": relation,
            "after": after,
            "agent": agent,
            "event_id": event_id,
            "project": project,
            "session": session,
        }
        return cast("MemoriesLinkResult", self._client.call("memories", "link", given))

    def import_(
        self,
        *,
        format: Literal["jsonl", "markdown", "mem0", "graphiti"],
        data: str,
        after: dict[str, dict[str, int]] | None = None,
        agent: str | None = None,
        event_id: str | None = None,
        project: str | None = None,
        session: str | None = None,
    ) -> MemoriesImportResult:
        """Imports memories, at most 1,000 at once. What is there already, by its id or its text, is not
        imported again; what cannot be taken is named, and its neighbours are taken.

        format: How the data is written.
        data: The data itself.
        after: A position that must be seen.
        agent: Who acts.
        event_id: Makes a write idempotent.
        project: The project; without it the token's only one, or the client's.
        session: The run of an agent that this belongs to.
        """
        given: dict[str, Any] = {
            "format": format,
            "data": data,
            "after": after,
            "agent": agent,
            "event_id": event_id,
            "project": project,
            "session": session,
        }
        return cast("MemoriesImportResult", self._client.call("memories", "import", given))

    def export(
        self,
        *,
        format: Literal["jsonl", "markdown", "mem0", "graphiti"],
        filter: MemoriesExportFilter | None = None,
        limit: int | None = None,
        cursor: str | None = None,
        after: dict[str, dict[str, int]] | None = None,
        agent: str | None = None,
        project: str | None = None,
        projects: List[str] | None = None,
        record: bool | None = None,
        session: str | None = None,
    ) -> MemoriesExportResult:
        """Writes memories down, the newest first: what a filter lets through, a page of it. `import` reads
        it again.

        format: How it is written.
        filter: Which memories; all when not said.
        limit: At most so many; 100 when not said, 1,000 at most.
        cursor: Where the page before ended.
        after: A position that must be seen.
        agent: Who acts.
        project: The project; without it the token's only one, or the client's.
        projects: More projects, for reads.
        record: Whether what is asked and answered is kept to learn from; true when not said.
        session: The run of an agent that this belongs to.
        """
        given: dict[str, Any] = {
            "format": format,
            "filter": filter,
            "limit": limit,
            "cursor": cursor,
            "after": after,
            "agent": agent,
            "project": project,
            "projects": projects,
            "record": record,
            "session": session,
        }
        return cast("MemoriesExportResult", self._client.call("memories", "export", given))


class Notes:
    def __init__(self, client: "Athena") -> None:
        self._client = client

    def create(
        self,
        *,
        title: str,
        body: str,
        parent: str | None = None,
        after: dict[str, dict[str, int]] | None = None,
        agent: str | None = None,
        event_id: str | None = None,
        project: str | None = None,
        session: str | None = None,
    ) -> NotesCreateResult:
        """Makes a note: one thought, in words of its own. With `parent` it stands below that note; its
        address tells where.

        title: What it is about, in a line.
        body: The thought.
        parent: The note that it goes on from: its id, or its address such as `1.2a3`; none puts it at
            the top.
        after: A position that must be seen.
        agent: Who acts.
        event_id: Makes a write idempotent.
        project: The project; without it the token's only one, or the client's.
        session: The run of an agent that this belongs to.
        """
        given: dict[str, Any] = {
            "title": title,
            "body": body,
            "parent": parent,
            "after": after,
            "agent": agent,
            "event_id": event_id,
            "project": project,
            "session": session,
        }
        return cast("NotesCreateResult", self._client.call("notes", "create", given))

    def get(
        self,
        *,
        note: str,
        after: dict[str, dict[str, int]] | None = None,
        agent: str | None = None,
        project: str | None = None,
        projects: List[str] | None = None,
        record: bool | None = None,
        session: str | None = None,
    ) -> NotesGetResult:
        """A note: what it says, where it stands, what it points to and what points to it.

        note: The note's id or address.
        after: A position that must be seen.
        agent: Who acts.
        project: The project; without it the token's only one, or the client's.
        projects: More projects, for reads.
        record: Whether what is asked and answered is kept to learn from; true when not said.
        session: The run of an agent that this belongs to.
        """
        given: dict[str, Any] = {
            "note": note,
            "after": after,
            "agent": agent,
            "project": project,
            "projects": projects,
            "record": record,
            "session": session,
        }
        return cast("NotesGetResult", self._client.call("notes", "get", given))

    def update(
        self,
        *,
        note: str,
        body: str | None = None,
        title: str | None = None,
        version: int | None = None,
        after: dict[str, dict[str, int]] | None = None,
        agent: str | None = None,
        event_id: str | None = None,
        project: str | None = None,
        session: str | None = None,
    ) -> NotesUpdateResult:
        """Changes what a note says, or its title. Its place, its links and its older versions stay.

        note: The note's id or address.
        body: The new text.
        title: The new title.
        version: The version that was read: if it is not the newest any more, nothing is changed.
        after: A position that must be seen.
        agent: Who acts.
        event_id: Makes a write idempotent.
        project: The project; without it the token's only one, or the client's.
        session: The run of an agent that this belongs to.
        """
        given: dict[str, Any] = {
            "note": note,
            "body": body,
            "title": title,
            "version": version,
            "after": after,
            "agent": agent,
            "event_id": event_id,
            "project": project,
            "session": session,
        }
        return cast("NotesUpdateResult", self._client.call("notes", "update", given))

    def link(
        self,
        *,
        from_: str,
        to: str,
        why: str,
        after: dict[str, dict[str, int]] | None = None,
        agent: str | None = None,
        event_id: str | None = None,
        project: str | None = None,
        session: str | None = None,
    ) -> NotesLinkResult:
        """Links a note to another one, or to a memory, and says why. Said again it changes the reason.

        from_: Id or address of the note that points.
        to: Id or address of the note, or id of the memory, that it points to.
        why: What the one has to do with the other.
        after: A position that must be seen.
        agent: Who acts.
        event_id: Makes a write idempotent.
        project: The project; without it the token's only one, or the client's.
        session: The run of an agent that this belongs to.
        """
        given: dict[str, Any] = {
            "from": from_,
            "to": to,
            "why": why,
            "after": after,
            "agent": agent,
            "event_id": event_id,
            "project": project,
            "session": session,
        }
        return cast("NotesLinkResult", self._client.call("notes", "link", given))

    def backlinks(
        self,
        *,
        note: str,
        limit: int | None = None,
        cursor: str | None = None,
        after: dict[str, dict[str, int]] | None = None,
        agent: str | None = None,
        project: str | None = None,
        projects: List[str] | None = None,
        record: bool | None = None,
        session: str | None = None,
    ) -> NotesBacklinksResult:
        """The notes that point to a note, or to a memory, and why.

        note: The note's id or address, or a memory's id.
        limit: At most so many; 20 when not said.
        cursor: Where the page before ended.
        after: A position that must be seen.
        agent: Who acts.
        project: The project; without it the token's only one, or the client's.
        projects: More projects, for reads.
        record: Whether what is asked and answered is kept to learn from; true when not said.
        session: The run of an agent that this belongs to.
        """
        given: dict[str, Any] = {
            "note": note,
            "limit": limit,
            "cursor": cursor,
            "after": after,
            "agent": agent,
            "project": project,
            "projects": projects,
            "record": record,
            "session": session,
        }
        return cast("NotesBacklinksResult", self._client.call("notes", "backlinks", given))

    def suggest(
        self,
        *,
        note: str,
        k: int | None = None,
        after: dict[str, dict[str, int]] | None = None,
        agent: str | None = None,
        project: str | None = None,
        projects: List[str] | None = None,
        record: bool | None = None,
        session: str | None = None,
    ) -> NotesSuggestResult:
        """Notes and memories that a note may have to do with: by how much of what tells about it they
        speak of too (`text`), and by the share of its neighbours that are theirs too (`graph`). What it
        is tied to already is left out.

        note: The note's id or address.
        k: At most so many; 5 when not said.
        after: A position that must be seen.
        agent: Who acts.
        project: The project; without it the token's only one, or the client's.
        projects: More projects, for reads.
        record: Whether what is asked and answered is kept to learn from; true when not said.
        session: The run of an agent that this belongs to.
        """
        given: dict[str, Any] = {
            "note": note,
            "k": k,
            "after": after,
            "agent": agent,
            "project": project,
            "projects": projects,
            "record": record,
            "session": session,
        }
        return cast("NotesSuggestResult", self._client.call("notes", "suggest", given))

    def outline(
        self,
        *,
        note: str | None = None,
        limit: int | None = None,
        cursor: str | None = None,
        after: dict[str, dict[str, int]] | None = None,
        agent: str | None = None,
        project: str | None = None,
        projects: List[str] | None = None,
        record: bool | None = None,
        session: str | None = None,
    ) -> NotesOutlineResult:
        """The tree of notes below one, or of all, in the order of their addresses.

        note: The note's id or address; all notes when not said.
        limit: At most so many; 200 when not said.
        cursor: Where the page before ended.
        after: A position that must be seen.
        agent: Who acts.
        project: The project; without it the token's only one, or the client's.
        projects: More projects, for reads.
        record: Whether what is asked and answered is kept to learn from; true when not said.
        session: The run of an agent that this belongs to.
        """
        given: dict[str, Any] = {
            "note": note,
            "limit": limit,
            "cursor": cursor,
            "after": after,
            "agent": agent,
            "project": project,
            "projects": projects,
            "record": record,
            "session": session,
        }
        return cast("NotesOutlineResult", self._client.call("notes", "outline", given))

    def move(
        self,
        *,
        note: str,
        parent: str | None = None,
        after: dict[str, dict[str, int]] | None = None,
        agent: str | None = None,
        event_id: str | None = None,
        project: str | None = None,
        session: str | None = None,
    ) -> NotesMoveResult:
        """Puts a note, with all below it, under another one, as its last child. What it was linked to
        stays linked.

        note: The note's id or address.
        parent: Id or address of the note to put it under; none puts it at the top.
        after: A position that must be seen.
        agent: Who acts.
        event_id: Makes a write idempotent.
        project: The project; without it the token's only one, or the client's.
        session: The run of an agent that this belongs to.
        """
        given: dict[str, Any] = {
            "note": note,
            "parent": parent,
            "after": after,
            "agent": agent,
            "event_id": event_id,
            "project": project,
            "session": session,
        }
        return cast("NotesMoveResult", self._client.call("notes", "move", given))

    def search(
        self,
        *,
        query: str,
        mode: Literal["hybrid", "text", "vector", "graph"] | None = None,
        k: int | None = None,
        explain: bool | None = None,
        after: dict[str, dict[str, int]] | None = None,
        agent: str | None = None,
        project: str | None = None,
        projects: List[str] | None = None,
        record: bool | None = None,
        session: str | None = None,
    ) -> NotesSearchResult:
        """The best hits among notes, by words and by meaning.

        query: The question.
        mode: By what: `hybrid` when not said.
        k: At most so many; 10 when not said.
        explain: Whether to tell what each score is made of.
        after: A position that must be seen.
        agent: Who acts.
        project: The project; without it the token's only one, or the client's.
        projects: More projects, for reads.
        record: Whether what is asked and answered is kept to learn from; true when not said.
        session: The run of an agent that this belongs to.
        """
        given: dict[str, Any] = {
            "query": query,
            "mode": mode,
            "k": k,
            "explain": explain,
            "after": after,
            "agent": agent,
            "project": project,
            "projects": projects,
            "record": record,
            "session": session,
        }
        return cast("NotesSearchResult", self._client.call("notes", "search", given))

    def orphans(
        self,
        *,
        limit: int | None = None,
        cursor: str | None = None,
        after: dict[str, dict[str, int]] | None = None,
        agent: str | None = None,
        project: str | None = None,
        projects: List[str] | None = None,
        record: bool | None = None,
        session: str | None = None,
    ) -> NotesOrphansResult:
        """Notes that no link points to, the newest first: thoughts that nobody comes upon.

        limit: At most so many; 20 when not said.
        cursor: Where the page before ended.
        after: A position that must be seen.
        agent: Who acts.
        project: The project; without it the token's only one, or the client's.
        projects: More projects, for reads.
        record: Whether what is asked and answered is kept to learn from; true when not said.
        session: The run of an agent that this belongs to.
        """
        given: dict[str, Any] = {
            "limit": limit,
            "cursor": cursor,
            "after": after,
            "agent": agent,
            "project": project,
            "projects": projects,
            "record": record,
            "session": session,
        }
        return cast("NotesOrphansResult", self._client.call("notes", "orphans", given))


class Retrieve:
    def __init__(self, client: "Athena") -> None:
        self._client = client

    def search(
        self,
        *,
        query: str,
        kinds: List[Literal["event", "memory", "fact", "procedure", "entity", "community", "note", "task", "symbol", "episode"]] | None = None,
        filters: RetrieveSearchFilters | None = None,
        k: int | None = None,
        mode: Literal["hybrid", "text", "vector", "graph"] | None = None,
        weights: RetrieveSearchWeights | None = None,
        diversity: float | None = None,
        budget_ms: int | None = None,
        explain: bool | None = None,
        after: dict[str, dict[str, int]] | None = None,
        agent: str | None = None,
        project: str | None = None,
        projects: List[str] | None = None,
        record: bool | None = None,
        session: str | None = None,
    ) -> RetrieveSearchResult:
        """The best hits among everything: events and memories, by words and by meaning, whether they
        answer or not.

        query: The question. Quoted phrases and `field:value` are demands; without words, the newest
            come.
        kinds: What kinds of things; any when empty.
        filters: What hits must be.
        k: At most so many; 10 when not said.
        mode: By what: `hybrid` when not said; `graph` goes from what the question names to what is tied
            to it.
        weights: Orders the hits of a hybrid search by these instead of the ranker: text, vector, graph,
            recency, importance.
        diversity: From 0, as they are, to 1: how much a hit that says what one before it says stands
            back.
        budget_ms: Milliseconds after which the answer is what words alone find.
        explain: Whether to tell what each score is made of.
        after: A position that must be seen.
        agent: Who acts.
        project: The project; without it the token's only one, or the client's.
        projects: More projects, for reads.
        record: Whether what is asked and answered is kept to learn from; true when not said.
        session: The run of an agent that this belongs to.
        """
        given: dict[str, Any] = {
            "query": query,
            "kinds": kinds,
            "filters": filters,
            "k": k,
            "mode": mode,
            "weights": weights,
            "diversity": diversity,
            "budget_ms": budget_ms,
            "explain": explain,
            "after": after,
            "agent": agent,
            "project": project,
            "projects": projects,
            "record": record,
            "session": session,
        }
        return cast("RetrieveSearchResult", self._client.call("retrieve", "search", given))

    def smart(
        self,
        *,
        query: str,
        budget_ms: int | None = None,
        k: int | None = None,
        kinds: List[Literal["event", "memory", "fact", "procedure", "entity", "community", "note", "task", "symbol", "episode"]] | None = None,
        filters: RetrieveSmartFilters | None = None,
        after: dict[str, dict[str, int]] | None = None,
        agent: str | None = None,
        project: str | None = None,
        projects: List[str] | None = None,
        record: bool | None = None,
        session: str | None = None,
    ) -> RetrieveSmartResult:
        """Looks what kind of question it is, takes the strategies that answer it best, merges what they
        find, and says which.

        query: The question.
        budget_ms: Milliseconds after which no further strategy begins; 80 when not said.
        k: At most so many hits; 10 when not said.
        kinds: What kinds of things; any when empty.
        filters: What hits must be.
        after: A position that must be seen.
        agent: Who acts.
        project: The project; without it the token's only one, or the client's.
        projects: More projects, for reads.
        record: Whether what is asked and answered is kept to learn from; true when not said.
        session: The run of an agent that this belongs to.
        """
        given: dict[str, Any] = {
            "query": query,
            "budget_ms": budget_ms,
            "k": k,
            "kinds": kinds,
            "filters": filters,
            "after": after,
            "agent": agent,
            "project": project,
            "projects": projects,
            "record": record,
            "session": session,
        }
        return cast("RetrieveSmartResult", self._client.call("retrieve", "smart", given))

    def hyde(
        self,
        *,
        query: str,
        k: int | None = None,
        kinds: List[Literal["event", "memory", "fact", "procedure", "entity", "community", "note", "task", "symbol", "episode"]] | None = None,
        filters: RetrieveHydeFilters | None = None,
        after: dict[str, dict[str, int]] | None = None,
        agent: str | None = None,
        project: str | None = None,
        projects: List[str] | None = None,
        record: bool | None = None,
        session: str | None = None,
    ) -> RetrieveHydeResult:
        """Searches for a question and for what its answer may read like, which finds what says the same in
        other words. A language model, where one is configured, writes that; else the question is
        widened by words that its best answers share.

        query: The question.
        k: At most so many hits; 10 when not said.
        kinds: What kinds of things; any when empty.
        filters: What hits must be.
        after: A position that must be seen.
        agent: Who acts.
        project: The project; without it the token's only one, or the client's.
        projects: More projects, for reads.
        record: Whether what is asked and answered is kept to learn from; true when not said.
        session: The run of an agent that this belongs to.
        """
        given: dict[str, Any] = {
            "query": query,
            "k": k,
            "kinds": kinds,
            "filters": filters,
            "after": after,
            "agent": agent,
            "project": project,
            "projects": projects,
            "record": record,
            "session": session,
        }
        return cast("RetrieveHydeResult", self._client.call("retrieve", "hyde", given))

    def expand(
        self,
        *,
        query: str,
        after: dict[str, dict[str, int]] | None = None,
        agent: str | None = None,
        project: str | None = None,
        projects: List[str] | None = None,
        record: bool | None = None,
        session: str | None = None,
    ) -> RetrieveExpandResult:
        """Other forms of a question: its parts, synonyms that texts here have, words that its best answers
        share, and, asked in a `session`, what `it` or `that file` refers to.

        query: The question.
        after: A position that must be seen.
        agent: Who acts.
        project: The project; without it the token's only one, or the client's.
        projects: More projects, for reads.
        record: Whether what is asked and answered is kept to learn from; true when not said.
        session: The run of an agent that this belongs to.
        """
        given: dict[str, Any] = {
            "query": query,
            "after": after,
            "agent": agent,
            "project": project,
            "projects": projects,
            "record": record,
            "session": session,
        }
        return cast("RetrieveExpandResult", self._client.call("retrieve", "expand", given))

    def rerank(
        self,
        *,
        query: str,
        ids: List[str],
        after: dict[str, dict[str, int]] | None = None,
        agent: str | None = None,
        project: str | None = None,
        projects: List[str] | None = None,
        record: bool | None = None,
        session: str | None = None,
    ) -> RetrieveRerankResult:
        """Puts items in a better order for a question, with the score of each and what it is made of.

        query: The question.
        ids: Ids of events, memories or notes; 200 at most.
        after: A position that must be seen.
        agent: Who acts.
        project: The project; without it the token's only one, or the client's.
        projects: More projects, for reads.
        record: Whether what is asked and answered is kept to learn from; true when not said.
        session: The run of an agent that this belongs to.
        """
        given: dict[str, Any] = {
            "query": query,
            "ids": ids,
            "after": after,
            "agent": agent,
            "project": project,
            "projects": projects,
            "record": record,
            "session": session,
        }
        return cast("RetrieveRerankResult", self._client.call("retrieve", "rerank", given))

    def reflect(
        self,
        *,
        query: str,
        rounds: int | None = None,
        k: int | None = None,
        kinds: List[Literal["event", "memory", "fact", "procedure", "entity", "community", "note", "task", "symbol", "episode"]] | None = None,
        filters: RetrieveReflectFilters | None = None,
        after: dict[str, dict[str, int]] | None = None,
        agent: str | None = None,
        project: str | None = None,
        projects: List[str] | None = None,
        record: bool | None = None,
        session: str | None = None,
    ) -> RetrieveReflectResult:
        """Searches, looks which words of the question no hit has, and searches again for these, until the
        hits have four fifths of what the question asks for, by how telling its words are. Says what is
        still lacking.

        query: The question.
        rounds: Searches again, at most; 3 when not said.
        k: At most so many hits; 10 when not said.
        kinds: What kinds of things; any when empty.
        filters: What hits must be.
        after: A position that must be seen.
        agent: Who acts.
        project: The project; without it the token's only one, or the client's.
        projects: More projects, for reads.
        record: Whether what is asked and answered is kept to learn from; true when not said.
        session: The run of an agent that this belongs to.
        """
        given: dict[str, Any] = {
            "query": query,
            "rounds": rounds,
            "k": k,
            "kinds": kinds,
            "filters": filters,
            "after": after,
            "agent": agent,
            "project": project,
            "projects": projects,
            "record": record,
            "session": session,
        }
        return cast("RetrieveReflectResult", self._client.call("retrieve", "reflect", given))

    def multi_hop(
        self,
        *,
        query: str,
        hops: int | None = None,
        k: int | None = None,
        kinds: List[Literal["event", "memory", "fact", "procedure", "entity", "community", "note", "task", "symbol", "episode"]] | None = None,
        filters: RetrieveMultiHopFilters | None = None,
        after: dict[str, dict[str, int]] | None = None,
        agent: str | None = None,
        project: str | None = None,
        projects: List[str] | None = None,
        record: bool | None = None,
        session: str | None = None,
    ) -> RetrieveMultiHopResult:
        """The best hits, and those that they lead to by what both name, such as a file, a symbol, a person
        or a session; each with the path to it.

        query: The question.
        hops: Hops at most; 2 when not said.
        k: At most so many hits; 10 when not said.
        kinds: What kinds of things; any when empty.
        filters: What hits must be.
        after: A position that must be seen.
        agent: Who acts.
        project: The project; without it the token's only one, or the client's.
        projects: More projects, for reads.
        record: Whether what is asked and answered is kept to learn from; true when not said.
        session: The run of an agent that this belongs to.
        """
        given: dict[str, Any] = {
            "query": query,
            "hops": hops,
            "k": k,
            "kinds": kinds,
            "filters": filters,
            "after": after,
            "agent": agent,
            "project": project,
            "projects": projects,
            "record": record,
            "session": session,
        }
        return cast("RetrieveMultiHopResult", self._client.call("retrieve", "multi_hop", given))

    def local(
        self,
        *,
        query: str,
        k: int | None = None,
        kinds: List[Literal["event", "memory", "fact", "procedure", "entity", "community", "note", "task", "symbol", "episode"]] | None = None,
        filters: RetrieveLocalFilters | None = None,
        after: dict[str, dict[str, int]] | None = None,
        agent: str | None = None,
        project: str | None = None,
        projects: List[str] | None = None,
        record: bool | None = None,
        session: str | None = None,
    ) -> RetrieveLocalResult:
        """Answers from the neighbourhood of what the question names: files, symbols, error codes, tools,
        tags, agents, people and sessions.

        query: The question.
        k: At most so many hits; 10 when not said.
        kinds: What kinds of things; any when empty.
        filters: What hits must be.
        after: A position that must be seen.
        agent: Who acts.
        project: The project; without it the token's only one, or the client's.
        projects: More projects, for reads.
        record: Whether what is asked and answered is kept to learn from; true when not said.
        session: The run of an agent that this belongs to.
        """
        given: dict[str, Any] = {
            "query": query,
            "k": k,
            "kinds": kinds,
            "filters": filters,
            "after": after,
            "agent": agent,
            "project": project,
            "projects": projects,
            "record": record,
            "session": session,
        }
        return cast("RetrieveLocalResult", self._client.call("retrieve", "local", given))

    def global_(
        self,
        *,
        query: str,
        limit: int | None = None,
        levels: int | None = None,
        after: dict[str, dict[str, int]] | None = None,
        agent: str | None = None,
        project: str | None = None,
        projects: List[str] | None = None,
        record: bool | None = None,
        session: str | None = None,
    ) -> RetrieveGlobalResult:
        """Answers a broad question from what communities are about, broad to narrow: of each level those
        that the question concerns, the largest of the broadest where it names nothing that tells them
        apart.

        query: The question.
        limit: At most so many communities; 20 when not said.
        levels: Levels, from the broadest; 3 when not said.
        after: A position that must be seen.
        agent: Who acts.
        project: The project; without it the token's only one, or the client's.
        projects: More projects, for reads.
        record: Whether what is asked and answered is kept to learn from; true when not said.
        session: The run of an agent that this belongs to.
        """
        given: dict[str, Any] = {
            "query": query,
            "limit": limit,
            "levels": levels,
            "after": after,
            "agent": agent,
            "project": project,
            "projects": projects,
            "record": record,
            "session": session,
        }
        return cast("RetrieveGlobalResult", self._client.call("retrieve", "global", given))

    def temporal(
        self,
        *,
        query: str,
        now: str | float | None = None,
        k: int | None = None,
        kinds: List[Literal["event", "memory", "fact", "procedure", "entity", "community", "note", "task", "symbol", "episode"]] | None = None,
        filters: RetrieveTemporalFilters | None = None,
        after: dict[str, dict[str, int]] | None = None,
        agent: str | None = None,
        project: str | None = None,
        projects: List[str] | None = None,
        record: bool | None = None,
        session: str | None = None,
    ) -> RetrieveTemporalResult:
        """Reads the times in a question, and answers from then: `last week`, `in March 2024`, `since
        yesterday`, `3 days ago`, `between … and …`, `before the release`, `the latest`. Times are in
        UTC.

        query: The question.
        now: The time that it is asked at; now when not said.
        k: At most so many hits; 10 when not said.
        kinds: What kinds of things; any when empty.
        filters: What hits must be.
        after: A position that must be seen.
        agent: Who acts.
        project: The project; without it the token's only one, or the client's.
        projects: More projects, for reads.
        record: Whether what is asked and answered is kept to learn from; true when not said.
        session: The run of an agent that this belongs to.
        """
        given: dict[str, Any] = {
            "query": query,
            "now": now,
            "k": k,
            "kinds": kinds,
            "filters": filters,
            "after": after,
            "agent": agent,
            "project": project,
            "projects": projects,
            "record": record,
            "session": session,
        }
        return cast("RetrieveTemporalResult", self._client.call("retrieve", "temporal", given))

    def context(
        self,
        *,
        query: str,
        budget_tokens: int | None = None,
        kinds: List[Literal["event", "memory", "fact", "procedure", "entity", "community", "note", "task", "symbol", "episode"]] | None = None,
        filters: RetrieveContextFilters | None = None,
        after: dict[str, dict[str, int]] | None = None,
        agent: str | None = None,
        project: str | None = None,
        projects: List[str] | None = None,
        record: bool | None = None,
        session: str | None = None,
    ) -> RetrieveContextResult:
        """What bears most on a question, packed into a budget of tokens: the best first, each said once,
        each with its id.

        query: The question.
        budget_tokens: Tokens of the text at most, four characters each; 1,500 when not said.
        kinds: What kinds of things; any when empty.
        filters: What hits must be.
        after: A position that must be seen.
        agent: Who acts.
        project: The project; without it the token's only one, or the client's.
        projects: More projects, for reads.
        record: Whether what is asked and answered is kept to learn from; true when not said.
        session: The run of an agent that this belongs to.
        """
        given: dict[str, Any] = {
            "query": query,
            "budget_tokens": budget_tokens,
            "kinds": kinds,
            "filters": filters,
            "after": after,
            "agent": agent,
            "project": project,
            "projects": projects,
            "record": record,
            "session": session,
        }
        return cast("RetrieveContextResult", self._client.call("retrieve", "context", given))

    def similar(
        self,
        *,
        id: str,
        k: int | None = None,
        kinds: List[Literal["event", "memory", "fact", "procedure", "entity", "community", "note", "task", "symbol", "episode"]] | None = None,
        filters: RetrieveSimilarFilters | None = None,
        after: dict[str, dict[str, int]] | None = None,
        agent: str | None = None,
        project: str | None = None,
        projects: List[str] | None = None,
        record: bool | None = None,
        session: str | None = None,
    ) -> RetrieveSimilarResult:
        """What is most like an item, by its words and by its meaning.

        id: The id of an event, memory or note.
        k: At most so many; 10 when not said.
        kinds: What kinds of things; any when empty.
        filters: What they must be.
        after: A position that must be seen.
        agent: Who acts.
        project: The project; without it the token's only one, or the client's.
        projects: More projects, for reads.
        record: Whether what is asked and answered is kept to learn from; true when not said.
        session: The run of an agent that this belongs to.
        """
        given: dict[str, Any] = {
            "id": id,
            "k": k,
            "kinds": kinds,
            "filters": filters,
            "after": after,
            "agent": agent,
            "project": project,
            "projects": projects,
            "record": record,
            "session": session,
        }
        return cast("RetrieveSimilarResult", self._client.call("retrieve", "similar", given))

    def calibrate(
        self,
        *,
        after: dict[str, dict[str, int]] | None = None,
        agent: str | None = None,
        project: str | None = None,
        projects: List[str] | None = None,
        record: bool | None = None,
        session: str | None = None,
    ) -> RetrieveCalibrateResult:
        """How well scores predict what is useful, for each operation that answers questions: the share of
        useful answers over stretches of rising scores, from what was asked (`accesses`) and judged
        (`retrieve.feedback`). Null with the reason where fewer than 30 answers were judged.

        after: A position that must be seen.
        agent: Who acts.
        project: The project; without it the token's only one, or the client's.
        projects: More projects, for reads.
        record: Whether what is asked and answered is kept to learn from; true when not said.
        session: The run of an agent that this belongs to.
        """
        given: dict[str, Any] = {
            "after": after,
            "agent": agent,
            "project": project,
            "projects": projects,
            "record": record,
            "session": session,
        }
        return cast("RetrieveCalibrateResult", self._client.call("retrieve", "calibrate", given))

    def feedback(
        self,
        *,
        query: str,
        id: str,
        useful: bool,
        after: dict[str, dict[str, int]] | None = None,
        agent: str | None = None,
        event_id: str | None = None,
        project: str | None = None,
        session: str | None = None,
    ) -> RetrieveFeedbackResult:
        """Says whether an item was useful for a question. It moves the item's importance, and what
        `calibrate` tells; of one question and item the last word counts.

        query: The question, as it was asked.
        id: Id of what came back.
        useful: Whether it was useful.
        after: A position that must be seen.
        agent: Who acts.
        event_id: Makes a write idempotent.
        project: The project; without it the token's only one, or the client's.
        session: The run of an agent that this belongs to.
        """
        given: dict[str, Any] = {
            "query": query,
            "id": id,
            "useful": useful,
            "after": after,
            "agent": agent,
            "event_id": event_id,
            "project": project,
            "session": session,
        }
        return cast("RetrieveFeedbackResult", self._client.call("retrieve", "feedback", given))


class Procedures:
    def __init__(self, client: "Athena") -> None:
        self._client = client

    def list(
        self,
        *,
        category: str | None = None,
        min_support: int | None = None,
        retired: bool | None = None,
        limit: int | None = None,
        cursor: str | None = None,
        after: dict[str, dict[str, int]] | None = None,
        agent: str | None = None,
        project: str | None = None,
        projects: List[str] | None = None,
        record: bool | None = None,
        session: str | None = None,
    ) -> ProceduresListResult:
        """Procedures: recurring ways of doing things, found in what agents did, and those that somebody
        told. Those best supported by evidence first.

        category: Only those about it, such as `test` or `deploy`.
        min_support: Only those done at least so often.
        retired: Retired ones too.
        limit: At most so many; 20 when not said.
        cursor: Where the page before ended.
        after: A position that must be seen.
        agent: Who acts.
        project: The project; without it the token's only one, or the client's.
        projects: More projects, for reads.
        record: Whether what is asked and answered is kept to learn from; true when not said.
        session: The run of an agent that this belongs to.
        """
        given: dict[str, Any] = {
            "category": category,
            "min_support": min_support,
            "retired": retired,
            "limit": limit,
            "cursor": cursor,
            "after": after,
            "agent": agent,
            "project": project,
            "projects": projects,
            "record": record,
            "session": session,
        }
        return cast("ProceduresListResult", self._client.call("procedures", "list", given))

    def get(
        self,
        *,
        procedure: str,
        after: dict[str, dict[str, int]] | None = None,
        agent: str | None = None,
        project: str | None = None,
        projects: List[str] | None = None,
        record: bool | None = None,
        session: str | None = None,
    ) -> ProceduresGetResult:
        """A procedure with all that is known of it: steps, parameters and where their values come from,
        preconditions, success with its interval, variants, runs, lessons.

        procedure: Id or name.
        after: A position that must be seen.
        agent: Who acts.
        project: The project; without it the token's only one, or the client's.
        projects: More projects, for reads.
        record: Whether what is asked and answered is kept to learn from; true when not said.
        session: The run of an agent that this belongs to.
        """
        given: dict[str, Any] = {
            "procedure": procedure,
            "after": after,
            "agent": agent,
            "project": project,
            "projects": projects,
            "record": record,
            "session": session,
        }
        return cast("ProceduresGetResult", self._client.call("procedures", "get", given))

    def create(
        self,
        *,
        name: str,
        steps: List[str],
        category: str | None = None,
        after: dict[str, dict[str, int]] | None = None,
        agent: str | None = None,
        event_id: str | None = None,
        project: str | None = None,
        session: str | None = None,
    ) -> ProceduresCreateResult:
        """Makes a procedure from what somebody knows: its name and its steps. What agents did is learned
        without it.

        name: What it is called.
        steps: Its steps in order: `TOOL: TEXT` or a text alone, with `{names}` where values go.
        category: What it is about, such as `test` or `deploy`.
        after: A position that must be seen.
        agent: Who acts.
        event_id: Makes a write idempotent.
        project: The project; without it the token's only one, or the client's.
        session: The run of an agent that this belongs to.
        """
        given: dict[str, Any] = {
            "name": name,
            "steps": steps,
            "category": category,
            "after": after,
            "agent": agent,
            "event_id": event_id,
            "project": project,
            "session": session,
        }
        return cast("ProceduresCreateResult", self._client.call("procedures", "create", given))

    def update(
        self,
        *,
        procedure: str,
        name: str | None = None,
        steps: List[str] | None = None,
        category: str | None = None,
        restore: bool | None = None,
        after: dict[str, dict[str, int]] | None = None,
        agent: str | None = None,
        event_id: str | None = None,
        project: str | None = None,
        session: str | None = None,
    ) -> ProceduresUpdateResult:
        """Changes a procedure: its name, its steps, its category. What is said of a learned one stays over
        every run.

        procedure: Id or name.
        name: The new name.
        steps: The new steps, all of them.
        category: The new category.
        restore: Takes a retirement back.
        after: A position that must be seen.
        agent: Who acts.
        event_id: Makes a write idempotent.
        project: The project; without it the token's only one, or the client's.
        session: The run of an agent that this belongs to.
        """
        given: dict[str, Any] = {
            "procedure": procedure,
            "name": name,
            "steps": steps,
            "category": category,
            "restore": restore,
            "after": after,
            "agent": agent,
            "event_id": event_id,
            "project": project,
            "session": session,
        }
        return cast("ProceduresUpdateResult", self._client.call("procedures", "update", given))

    def find(
        self,
        *,
        situation: str | None = None,
        k: int | None = None,
        after: dict[str, dict[str, int]] | None = None,
        agent: str | None = None,
        project: str | None = None,
        projects: List[str] | None = None,
        record: bool | None = None,
        session: str | None = None,
    ) -> ProceduresFindResult:
        """Gives those that fit, with why, and how often they succeeded.

        situation: What is to be done; else what the `session` did counts.
        k: At most so many; else 5.
        after: A position that must be seen.
        agent: Who acts.
        project: The project; without it the token's only one, or the client's.
        projects: More projects, for reads.
        record: Whether what is asked and answered is kept to learn from; true when not said.
        session: The run of an agent that this belongs to.
        """
        given: dict[str, Any] = {
            "situation": situation,
            "k": k,
            "after": after,
            "agent": agent,
            "project": project,
            "projects": projects,
            "record": record,
            "session": session,
        }
        return cast("ProceduresFindResult", self._client.call("procedures", "find", given))

    def next_step(
        self,
        *,
        steps: List[str] | None = None,
        limit: int | None = None,
        after: dict[str, dict[str, int]] | None = None,
        agent: str | None = None,
        project: str | None = None,
        projects: List[str] | None = None,
        record: bool | None = None,
        session: str | None = None,
    ) -> ProceduresNextStepResult:
        """Gives the likely ones, with how such steps ended, and values for them.

        steps: Done so far, such as `Bash: git push`; else the `session` counts.
        limit: At most so many; 5 when not said.
        after: A position that must be seen.
        agent: Who acts.
        project: The project; without it the token's only one, or the client's.
        projects: More projects, for reads.
        record: Whether what is asked and answered is kept to learn from; true when not said.
        session: The run of an agent that this belongs to.
        """
        given: dict[str, Any] = {
            "steps": steps,
            "limit": limit,
            "after": after,
            "agent": agent,
            "project": project,
            "projects": projects,
            "record": record,
            "session": session,
        }
        return cast("ProceduresNextStepResult", self._client.call("procedures", "next_step", given))

    def execute(
        self,
        *,
        procedure: str,
        parameters: dict[str, Any] | None = None,
        after: dict[str, dict[str, int]] | None = None,
        agent: str | None = None,
        event_id: str | None = None,
        project: str | None = None,
        session: str | None = None,
    ) -> ProceduresExecuteResult:
        """Begins a procedure by hand: its steps with the parameters filled in, to be done one by one.
        `record_execution` with the run's id tells how it ended.

        procedure: Id or name.
        parameters: Values by parameter name.
        after: A position that must be seen.
        agent: Who acts.
        event_id: Makes a write idempotent.
        project: The project; without it the token's only one, or the client's.
        session: The run of an agent that this belongs to.
        """
        given: dict[str, Any] = {
            "procedure": procedure,
            "parameters": parameters,
            "after": after,
            "agent": agent,
            "event_id": event_id,
            "project": project,
            "session": session,
        }
        return cast("ProceduresExecuteResult", self._client.call("procedures", "execute", given))

    def record_execution(
        self,
        *,
        procedure: str,
        outcome: Literal["success", "failure", "partial", "ongoing", "aborted", "unknown", "skipped"],
        execution: str | None = None,
        duration_ms: int | None = None,
        variables: dict[str, Any] | None = None,
        lesson: str | None = None,
        after: dict[str, dict[str, int]] | None = None,
        agent: str | None = None,
        event_id: str | None = None,
        project: str | None = None,
        session: str | None = None,
    ) -> ProceduresRecordExecutionResult:
        """Tells how a procedure went, of a run that `execute` began or of one that nobody told of: its
        outcome, and what was learned. It counts for the procedure's success.

        procedure: Id or name.
        outcome: How it ended.
        execution: The run that `execute` began.
        duration_ms: How long it took; from its beginning when not said.
        variables: What it was done with.
        lesson: What whoever does it next should know.
        after: A position that must be seen.
        agent: Who acts.
        event_id: Makes a write idempotent.
        project: The project; without it the token's only one, or the client's.
        session: The run of an agent that this belongs to.
        """
        given: dict[str, Any] = {
            "procedure": procedure,
            "outcome": outcome,
            "execution": execution,
            "duration_ms": duration_ms,
            "variables": variables,
            "lesson": lesson,
            "after": after,
            "agent": agent,
            "event_id": event_id,
            "project": project,
            "session": session,
        }
        return cast("ProceduresRecordExecutionResult", self._client.call("procedures", "record_execution", given))

    def effectiveness(
        self,
        *,
        procedure: str,
        after: dict[str, dict[str, int]] | None = None,
        agent: str | None = None,
        project: str | None = None,
        projects: List[str] | None = None,
        record: bool | None = None,
        session: str | None = None,
    ) -> ProceduresEffectivenessResult:
        """How good a procedure is: how often it succeeds, how long it takes, whether it gets better, and
        where it fails.

        procedure: Id or name.
        after: A position that must be seen.
        agent: Who acts.
        project: The project; without it the token's only one, or the client's.
        projects: More projects, for reads.
        record: Whether what is asked and answered is kept to learn from; true when not said.
        session: The run of an agent that this belongs to.
        """
        given: dict[str, Any] = {
            "procedure": procedure,
            "after": after,
            "agent": agent,
            "project": project,
            "projects": projects,
            "record": record,
            "session": session,
        }
        return cast("ProceduresEffectivenessResult", self._client.call("procedures", "effectiveness", given))

    def improve(
        self,
        *,
        procedure: str,
        after: dict[str, dict[str, int]] | None = None,
        agent: str | None = None,
        project: str | None = None,
        projects: List[str] | None = None,
        record: bool | None = None,
        session: str | None = None,
    ) -> ProceduresImproveResult:
        """What would make a procedure better: steps, and actions around it, that are over-represented in
        its successful runs beyond chance (Fisher's exact test, p below .05 after correction); or
        nothing.

        procedure: Id or name.
        after: A position that must be seen.
        agent: Who acts.
        project: The project; without it the token's only one, or the client's.
        projects: More projects, for reads.
        record: Whether what is asked and answered is kept to learn from; true when not said.
        session: The run of an agent that this belongs to.
        """
        given: dict[str, Any] = {
            "procedure": procedure,
            "after": after,
            "agent": agent,
            "project": project,
            "projects": projects,
            "record": record,
            "session": session,
        }
        return cast("ProceduresImproveResult", self._client.call("procedures", "improve", given))

    def variants(
        self,
        *,
        procedure: str,
        after: dict[str, dict[str, int]] | None = None,
        agent: str | None = None,
        project: str | None = None,
        projects: List[str] | None = None,
        record: bool | None = None,
        session: str | None = None,
    ) -> ProceduresVariantsResult:
        """Other ways to the same: which steps of it runs did, and procedures that end alike or share half
        of their steps, compared by success and time.

        procedure: Id or name.
        after: A position that must be seen.
        agent: Who acts.
        project: The project; without it the token's only one, or the client's.
        projects: More projects, for reads.
        record: Whether what is asked and answered is kept to learn from; true when not said.
        session: The run of an agent that this belongs to.
        """
        given: dict[str, Any] = {
            "procedure": procedure,
            "after": after,
            "agent": agent,
            "project": project,
            "projects": projects,
            "record": record,
            "session": session,
        }
        return cast("ProceduresVariantsResult", self._client.call("procedures", "variants", given))

    def versions(
        self,
        *,
        procedure: str,
        limit: int | None = None,
        after: dict[str, dict[str, int]] | None = None,
        agent: str | None = None,
        project: str | None = None,
        projects: List[str] | None = None,
        record: bool | None = None,
        session: str | None = None,
    ) -> ProceduresVersionsResult:
        """What a procedure was before: what runs of consolidation found, and what people said, the newest
        first.

        procedure: Id or name.
        limit: At most so many of each; 20 when not said.
        after: A position that must be seen.
        agent: Who acts.
        project: The project; without it the token's only one, or the client's.
        projects: More projects, for reads.
        record: Whether what is asked and answered is kept to learn from; true when not said.
        session: The run of an agent that this belongs to.
        """
        given: dict[str, Any] = {
            "procedure": procedure,
            "limit": limit,
            "after": after,
            "agent": agent,
            "project": project,
            "projects": projects,
            "record": record,
            "session": session,
        }
        return cast("ProceduresVersionsResult", self._client.call("procedures", "versions", given))

    def generate(
        self,
        *,
        task: str | None = None,
        name: str | None = None,
        after: dict[str, dict[str, int]] | None = None,
        agent: str | None = None,
        event_id: str | None = None,
        project: str | None = None,
        session: str | None = None,
    ) -> ProceduresGenerateResult:
        """Makes a procedure of what one session did, or the session in which a task was finished: its
        steps in order, without those that failed and those done over again, values as parameters.

        task: A finished task; else the `session` is meant.
        name: What to call it; made of its steps when not said.
        after: A position that must be seen.
        agent: Who acts.
        event_id: Makes a write idempotent.
        project: The project; without it the token's only one, or the client's.
        session: The run of an agent that this belongs to.
        """
        given: dict[str, Any] = {
            "task": task,
            "name": name,
            "after": after,
            "agent": agent,
            "event_id": event_id,
            "project": project,
            "session": session,
        }
        return cast("ProceduresGenerateResult", self._client.call("procedures", "generate", given))

    def retire(
        self,
        *,
        procedure: str,
        why: str,
        after: dict[str, dict[str, int]] | None = None,
        agent: str | None = None,
        event_id: str | None = None,
        project: str | None = None,
        session: str | None = None,
    ) -> ProceduresRetireResult:
        """Retires a procedure: it is not found or listed any more, and what it was stays readable.
        `update` with `restore` takes it back.

        procedure: Id or name.
        why: Why nobody should follow it any more.
        after: A position that must be seen.
        agent: Who acts.
        event_id: Makes a write idempotent.
        project: The project; without it the token's only one, or the client's.
        session: The run of an agent that this belongs to.
        """
        given: dict[str, Any] = {
            "procedure": procedure,
            "why": why,
            "after": after,
            "agent": agent,
            "event_id": event_id,
            "project": project,
            "session": session,
        }
        return cast("ProceduresRetireResult", self._client.call("procedures", "retire", given))

    def export(
        self,
        *,
        procedure: str,
        format: Literal["markdown", "mermaid", "diagram"] | None = None,
        after: dict[str, dict[str, int]] | None = None,
        agent: str | None = None,
        project: str | None = None,
        projects: List[str] | None = None,
        record: bool | None = None,
        session: str | None = None,
    ) -> ProceduresExportResult:
        """A procedure as a text to read or to draw.

        procedure: Id or name.
        format: `markdown` when not said.
        after: A position that must be seen.
        agent: Who acts.
        project: The project; without it the token's only one, or the client's.
        projects: More projects, for reads.
        record: Whether what is asked and answered is kept to learn from; true when not said.
        session: The run of an agent that this belongs to.
        """
        given: dict[str, Any] = {
            "procedure": procedure,
            "format": format,
            "after": after,
            "agent": agent,
            "project": project,
            "projects": projects,
            "record": record,
            "session": session,
        }
        return cast("ProceduresExportResult", self._client.call("procedures", "export", given))


class Skills:
    def __init__(self, client: "Athena") -> None:
        self._client = client

    def list(
        self,
        *,
        limit: int | None = None,
        cursor: str | None = None,
        after: dict[str, dict[str, int]] | None = None,
        agent: str | None = None,
        project: str | None = None,
        projects: List[str] | None = None,
        record: bool | None = None,
        session: str | None = None,
    ) -> SkillsListResult:
        """Skills: procedures that somebody found worth teaching.

        limit: At most so many; 20 when not said.
        cursor: Where the page before ended.
        after: A position that must be seen.
        agent: Who acts.
        project: The project; without it the token's only one, or the client's.
        projects: More projects, for reads.
        record: Whether what is asked and answered is kept to learn from; true when not said.
        session: The run of an agent that this belongs to.
        """
        given: dict[str, Any] = {
            "limit": limit,
            "cursor": cursor,
            "after": after,
            "agent": agent,
            "project": project,
            "projects": projects,
            "record": record,
            "session": session,
        }
        return cast("SkillsListResult", self._client.call("skills", "list", given))

    def get(
        self,
        *,
        skill: str,
        after: dict[str, dict[str, int]] | None = None,
        agent: str | None = None,
        project: str | None = None,
        projects: List[str] | None = None,
        record: bool | None = None,
        session: str | None = None,
    ) -> SkillsGetResult:
        """A skill: what it does, when to use it, how, and how well it works.

        skill: Id or name.
        after: A position that must be seen.
        agent: Who acts.
        project: The project; without it the token's only one, or the client's.
        projects: More projects, for reads.
        record: Whether what is asked and answered is kept to learn from; true when not said.
        session: The run of an agent that this belongs to.
        """
        given: dict[str, Any] = {
            "skill": skill,
            "after": after,
            "agent": agent,
            "project": project,
            "projects": projects,
            "record": record,
            "session": session,
        }
        return cast("SkillsGetResult", self._client.call("skills", "get", given))

    def promote(
        self,
        *,
        procedure: str,
        name: str,
        after: dict[str, dict[str, int]] | None = None,
        agent: str | None = None,
        event_id: str | None = None,
        project: str | None = None,
        session: str | None = None,
    ) -> SkillsPromoteResult:
        """Makes a skill of a procedure: a name under which it is taught and recommended.

        procedure: Id or name of the procedure.
        name: What the skill is called.
        after: A position that must be seen.
        agent: Who acts.
        event_id: Makes a write idempotent.
        project: The project; without it the token's only one, or the client's.
        session: The run of an agent that this belongs to.
        """
        given: dict[str, Any] = {
            "procedure": procedure,
            "name": name,
            "after": after,
            "agent": agent,
            "event_id": event_id,
            "project": project,
            "session": session,
        }
        return cast("SkillsPromoteResult", self._client.call("skills", "promote", given))

    def recommend(
        self,
        *,
        situation: str,
        limit: int | None = None,
        after: dict[str, dict[str, int]] | None = None,
        agent: str | None = None,
        project: str | None = None,
        projects: List[str] | None = None,
        record: bool | None = None,
        session: str | None = None,
    ) -> SkillsRecommendResult:
        """Skills that fit a situation, the best first.

        situation: What is to be done, in words.
        limit: At most so many; 5 when not said.
        after: A position that must be seen.
        agent: Who acts.
        project: The project; without it the token's only one, or the client's.
        projects: More projects, for reads.
        record: Whether what is asked and answered is kept to learn from; true when not said.
        session: The run of an agent that this belongs to.
        """
        given: dict[str, Any] = {
            "situation": situation,
            "limit": limit,
            "after": after,
            "agent": agent,
            "project": project,
            "projects": projects,
            "record": record,
            "session": session,
        }
        return cast("SkillsRecommendResult", self._client.call("skills", "recommend", given))

    def compose(
        self,
        *,
        skills: List[str],
        name: str,
        after: dict[str, dict[str, int]] | None = None,
        agent: str | None = None,
        event_id: str | None = None,
        project: str | None = None,
        session: str | None = None,
    ) -> SkillsComposeResult:
        """Chains skills into one, in the order in which they are to be done.

        skills: Ids or names of the skills.
        name: What the chain is called.
        after: A position that must be seen.
        agent: Who acts.
        event_id: Makes a write idempotent.
        project: The project; without it the token's only one, or the client's.
        session: The run of an agent that this belongs to.
        """
        given: dict[str, Any] = {
            "skills": skills,
            "name": name,
            "after": after,
            "agent": agent,
            "event_id": event_id,
            "project": project,
            "session": session,
        }
        return cast("SkillsComposeResult", self._client.call("skills", "compose", given))

    def effectiveness(
        self,
        *,
        skill: str,
        after: dict[str, dict[str, int]] | None = None,
        agent: str | None = None,
        project: str | None = None,
        projects: List[str] | None = None,
        record: bool | None = None,
        session: str | None = None,
    ) -> SkillsEffectivenessResult:
        """Whether a skill helps: how sessions ended that did all its procedures, beside sessions of the
        same first step, project and length that did not.

        skill: Id or name.
        after: A position that must be seen.
        agent: Who acts.
        project: The project; without it the token's only one, or the client's.
        projects: More projects, for reads.
        record: Whether what is asked and answered is kept to learn from; true when not said.
        session: The run of an agent that this belongs to.
        """
        given: dict[str, Any] = {
            "skill": skill,
            "after": after,
            "agent": agent,
            "project": project,
            "projects": projects,
            "record": record,
            "session": session,
        }
        return cast("SkillsEffectivenessResult", self._client.call("skills", "effectiveness", given))

    def export(
        self,
        *,
        skill: str,
        format: Literal["SKILL.md", "json"] | None = None,
        after: dict[str, dict[str, int]] | None = None,
        agent: str | None = None,
        project: str | None = None,
        projects: List[str] | None = None,
        record: bool | None = None,
        session: str | None = None,
    ) -> SkillsExportResult:
        """A skill as agents load it: a folder with its SKILL.md, or JSON.

        skill: Id or name.
        format: `SKILL.md` when not said.
        after: A position that must be seen.
        agent: Who acts.
        project: The project; without it the token's only one, or the client's.
        projects: More projects, for reads.
        record: Whether what is asked and answered is kept to learn from; true when not said.
        session: The run of an agent that this belongs to.
        """
        given: dict[str, Any] = {
            "skill": skill,
            "format": format,
            "after": after,
            "agent": agent,
            "project": project,
            "projects": projects,
            "record": record,
            "session": session,
        }
        return cast("SkillsExportResult", self._client.call("skills", "export", given))


class Tasks:
    def __init__(self, client: "Athena") -> None:
        self._client = client

    def create(
        self,
        *,
        title: str,
        priority: int | None = None,
        due: str | None = None,
        goal: str | None = None,
        depends_on: List[str] | None = None,
        estimate: str | None = None,
        checks: List[str] | None = None,
        after: dict[str, dict[str, int]] | None = None,
        agent: str | None = None,
        event_id: str | None = None,
        project: str | None = None,
        session: str | None = None,
    ) -> TasksCreateResult:
        """Makes a task: something to be done, by when, for which goal, after which others.

        title: What is to be done, in a line.
        priority: From 0 to 10, the most important; 5 when not said.
        due: By when: RFC 3339, or how long from now, such as `2d`.
        goal: Id of the goal that it serves.
        depends_on: Ids of tasks that must be over first.
        estimate: How long it should take, such as `2h`.
        checks: What must be seen to hold in the end, such as a command that must succeed.
        after: A position that must be seen.
        agent: Who acts.
        event_id: Makes a write idempotent.
        project: The project; without it the token's only one, or the client's.
        session: The run of an agent that this belongs to.
        """
        given: dict[str, Any] = {
            "title": title,
            "priority": priority,
            "due": due,
            "goal": goal,
            "depends_on": depends_on,
            "estimate": estimate,
            "checks": checks,
            "after": after,
            "agent": agent,
            "event_id": event_id,
            "project": project,
            "session": session,
        }
        return cast("TasksCreateResult", self._client.call("tasks", "create", given))

    def get(
        self,
        *,
        task: str,
        after: dict[str, dict[str, int]] | None = None,
        agent: str | None = None,
        project: str | None = None,
        projects: List[str] | None = None,
        record: bool | None = None,
        session: str | None = None,
    ) -> TasksGetResult:
        """A task with all that is known of it: what it waits for, every time that it was worked on, how it
        came to be so.

        task: Id of the task.
        after: A position that must be seen.
        agent: Who acts.
        project: The project; without it the token's only one, or the client's.
        projects: More projects, for reads.
        record: Whether what is asked and answered is kept to learn from; true when not said.
        session: The run of an agent that this belongs to.
        """
        given: dict[str, Any] = {
            "task": task,
            "after": after,
            "agent": agent,
            "project": project,
            "projects": projects,
            "record": record,
            "session": session,
        }
        return cast("TasksGetResult", self._client.call("tasks", "get", given))

    def list(
        self,
        *,
        status: Literal["open", "active", "blocked", "done", "failed", "cancelled"] | None = None,
        assignee: str | None = None,
        goal: str | None = None,
        overdue: bool | None = None,
        limit: int | None = None,
        cursor: str | None = None,
        after: dict[str, dict[str, int]] | None = None,
        agent: str | None = None,
        project: str | None = None,
        projects: List[str] | None = None,
        record: bool | None = None,
        session: str | None = None,
    ) -> TasksListResult:
        """Tasks by where they stand, whose they are, which goal they serve, or past their time; the most
        important first.

        status: `open`, `active`, `blocked`, `done`, `failed` or `cancelled`.
        assignee: Whose they are.
        goal: Id of a goal.
        overdue: Whether only those past their time.
        limit: At most so many; 20 when not said.
        cursor: Where the page before ended.
        after: A position that must be seen.
        agent: Who acts.
        project: The project; without it the token's only one, or the client's.
        projects: More projects, for reads.
        record: Whether what is asked and answered is kept to learn from; true when not said.
        session: The run of an agent that this belongs to.
        """
        given: dict[str, Any] = {
            "status": status,
            "assignee": assignee,
            "goal": goal,
            "overdue": overdue,
            "limit": limit,
            "cursor": cursor,
            "after": after,
            "agent": agent,
            "project": project,
            "projects": projects,
            "record": record,
            "session": session,
        }
        return cast("TasksListResult", self._client.call("tasks", "list", given))

    def update(
        self,
        *,
        task: str,
        title: str | None = None,
        priority: int | None = None,
        due: str | None = None,
        goal: str | None = None,
        estimate: str | None = None,
        checks: List[str] | None = None,
        assignee: str | None = None,
        reopen: bool | None = None,
        version: int | None = None,
        after: dict[str, dict[str, int]] | None = None,
        agent: str | None = None,
        event_id: str | None = None,
        project: str | None = None,
        session: str | None = None,
    ) -> TasksUpdateResult:
        """Changes what a task says. `assignee` hands it over; an empty text gives it back, and takes away
        `due`, `goal` and `estimate` where it stands for them. `reopen` takes a blocked or failed one up
        again.

        task: Id of the task.
        title: What is to be done.
        priority: From 0 to 10, the most important.
        due: By when; an empty text for no such time.
        goal: Id of the goal that it serves; an empty text for none.
        estimate: How long it should take; an empty text where nobody can say.
        checks: All checks; one with the text of an old one keeps what passed it.
        assignee: Who has it from now on; an empty text for nobody.
        reopen: Whether it is open again.
        version: The version that was read: if it is not the newest any more, nothing is changed.
        after: A position that must be seen.
        agent: Who acts.
        event_id: Makes a write idempotent.
        project: The project; without it the token's only one, or the client's.
        session: The run of an agent that this belongs to.
        """
        given: dict[str, Any] = {
            "task": task,
            "title": title,
            "priority": priority,
            "due": due,
            "goal": goal,
            "estimate": estimate,
            "checks": checks,
            "assignee": assignee,
            "reopen": reopen,
            "version": version,
            "after": after,
            "agent": agent,
            "event_id": event_id,
            "project": project,
            "session": session,
        }
        return cast("TasksUpdateResult", self._client.call("tasks", "update", given))

    def start(
        self,
        *,
        task: str,
        at: str | None = None,
        after: dict[str, dict[str, int]] | None = None,
        agent: str | None = None,
        event_id: str | None = None,
        project: str | None = None,
        session: str | None = None,
    ) -> TasksStartResult:
        """Begins a task: it is the caller's from now on, and the session is kept, so that what was done
        for it is found. What it waits for must be over. How long it is foretold to take is kept, to be
        judged by what happens.

        task: Id of the task.
        at: When it was begun, if not now.
        after: A position that must be seen.
        agent: Who acts.
        event_id: Makes a write idempotent.
        project: The project; without it the token's only one, or the client's.
        session: The run of an agent that this belongs to.
        """
        given: dict[str, Any] = {
            "task": task,
            "at": at,
            "after": after,
            "agent": agent,
            "event_id": event_id,
            "project": project,
            "session": session,
        }
        return cast("TasksStartResult", self._client.call("tasks", "start", given))

    def progress(
        self,
        *,
        task: str,
        fraction: float,
        note: str | None = None,
        after: dict[str, dict[str, int]] | None = None,
        agent: str | None = None,
        event_id: str | None = None,
        project: str | None = None,
        session: str | None = None,
    ) -> TasksProgressResult:
        """Says how far a task is; tells which milestones that reaches.

        task: Id of the task.
        fraction: From 0 to 1.
        note: How it goes.
        after: A position that must be seen.
        agent: Who acts.
        event_id: Makes a write idempotent.
        project: The project; without it the token's only one, or the client's.
        session: The run of an agent that this belongs to.
        """
        given: dict[str, Any] = {
            "task": task,
            "fraction": fraction,
            "note": note,
            "after": after,
            "agent": agent,
            "event_id": event_id,
            "project": project,
            "session": session,
        }
        return cast("TasksProgressResult", self._client.call("tasks", "progress", given))

    def block(
        self,
        *,
        task: str,
        why: str,
        after: dict[str, dict[str, int]] | None = None,
        agent: str | None = None,
        event_id: str | None = None,
        project: str | None = None,
        session: str | None = None,
    ) -> TasksBlockResult:
        """Says that a task cannot go on, and why. Starting it again ends that.

        task: Id of the task.
        why: What holds it up.
        after: A position that must be seen.
        agent: Who acts.
        event_id: Makes a write idempotent.
        project: The project; without it the token's only one, or the client's.
        session: The run of an agent that this belongs to.
        """
        given: dict[str, Any] = {
            "task": task,
            "why": why,
            "after": after,
            "agent": agent,
            "event_id": event_id,
            "project": project,
            "session": session,
        }
        return cast("TasksBlockResult", self._client.call("tasks", "block", given))

    def complete(
        self,
        *,
        task: str,
        outcome: str,
        lesson: str | None = None,
        at: str | None = None,
        after: dict[str, dict[str, int]] | None = None,
        agent: str | None = None,
        event_id: str | None = None,
        project: str | None = None,
        session: str | None = None,
    ) -> TasksCompleteResult:
        """Ends a task, and tells which others can begin. With `failure` or `aborted` it is failed, and
        what waits for it waits on.

        task: Id of the task.
        outcome: `success`, `partial`, `skipped`, `failure` or `aborted`.
        lesson: What is to be known the next time.
        at: When it ended, if not now.
        after: A position that must be seen.
        agent: Who acts.
        event_id: Makes a write idempotent.
        project: The project; without it the token's only one, or the client's.
        session: The run of an agent that this belongs to.
        """
        given: dict[str, Any] = {
            "task": task,
            "outcome": outcome,
            "lesson": lesson,
            "at": at,
            "after": after,
            "agent": agent,
            "event_id": event_id,
            "project": project,
            "session": session,
        }
        return cast("TasksCompleteResult", self._client.call("tasks", "complete", given))

    def cancel(
        self,
        *,
        task: str,
        why: str,
        after: dict[str, dict[str, int]] | None = None,
        agent: str | None = None,
        event_id: str | None = None,
        project: str | None = None,
        session: str | None = None,
    ) -> TasksCancelResult:
        """Takes a task away that nobody needs any more: it holds nothing up, and its history stays.

        task: Id of the task.
        why: Why nobody needs it.
        after: A position that must be seen.
        agent: Who acts.
        event_id: Makes a write idempotent.
        project: The project; without it the token's only one, or the client's.
        session: The run of an agent that this belongs to.
        """
        given: dict[str, Any] = {
            "task": task,
            "why": why,
            "after": after,
            "agent": agent,
            "event_id": event_id,
            "project": project,
            "session": session,
        }
        return cast("TasksCancelResult", self._client.call("tasks", "cancel", given))

    def verify(
        self,
        *,
        task: str,
        evidence: List[str],
        check: str | None = None,
        after: dict[str, dict[str, int]] | None = None,
        agent: str | None = None,
        event_id: str | None = None,
        project: str | None = None,
        session: str | None = None,
    ) -> TasksVerifyResult:
        """Passes a task's checks by events: one passes a check when it succeeded and has all words of the
        check, or when `check` says which it is for. Tells what passed each, and what is missing.

        task: Id of the task.
        evidence: Ids of events that show it.
        check: The text of the one check that the events are for, whatever their words.
        after: A position that must be seen.
        agent: Who acts.
        event_id: Makes a write idempotent.
        project: The project; without it the token's only one, or the client's.
        session: The run of an agent that this belongs to.
        """
        given: dict[str, Any] = {
            "task": task,
            "evidence": evidence,
            "check": check,
            "after": after,
            "agent": agent,
            "event_id": event_id,
            "project": project,
            "session": session,
        }
        return cast("TasksVerifyResult", self._client.call("tasks", "verify", given))

    def depend(
        self,
        *,
        task: str,
        on: str,
        kind: Literal["needs", "relates"],
        after: dict[str, dict[str, int]] | None = None,
        agent: str | None = None,
        event_id: str | None = None,
        project: str | None = None,
        session: str | None = None,
    ) -> TasksDependResult:
        """Says that a task must wait for another, or has to do with it. What would make tasks wait for
        each other in a circle is refused, and the circle named.

        task: Id of the task that waits.
        on: Id of the task that it waits for.
        kind: `needs`: the other must be over first; `relates`: no order.
        after: A position that must be seen.
        agent: Who acts.
        event_id: Makes a write idempotent.
        project: The project; without it the token's only one, or the client's.
        session: The run of an agent that this belongs to.
        """
        given: dict[str, Any] = {
            "task": task,
            "on": on,
            "kind": kind,
            "after": after,
            "agent": agent,
            "event_id": event_id,
            "project": project,
            "session": session,
        }
        return cast("TasksDependResult", self._client.call("tasks", "depend", given))

    def assign(
        self,
        *,
        task: str,
        agent: str,
        after: dict[str, dict[str, int]] | None = None,
        event_id: str | None = None,
        project: str | None = None,
        session: str | None = None,
    ) -> TasksAssignResult:
        """Claims a task for an agent: of several who ask at once one gets it, and the others are told
        whose it is.

        task: Id of the task.
        agent: Who is to have it.
        after: A position that must be seen.
        event_id: Makes a write idempotent.
        project: The project; without it the token's only one, or the client's.
        session: The run of an agent that this belongs to.
        """
        given: dict[str, Any] = {
            "task": task,
            "agent": agent,
            "after": after,
            "event_id": event_id,
            "project": project,
            "session": session,
        }
        return cast("TasksAssignResult", self._client.call("tasks", "assign", given))

    def milestone(
        self,
        *,
        task: str,
        title: str,
        fraction: float | None = None,
        after: dict[str, dict[str, int]] | None = None,
        agent: str | None = None,
        event_id: str | None = None,
        project: str | None = None,
        session: str | None = None,
    ) -> TasksMilestoneResult:
        """Sets a mark on the way of a task: it is reached when the progress comes to `fraction`, and
        without one it is now.

        task: Id of the task.
        title: What is reached.
        fraction: From 0 to 1.
        after: A position that must be seen.
        agent: Who acts.
        event_id: Makes a write idempotent.
        project: The project; without it the token's only one, or the client's.
        session: The run of an agent that this belongs to.
        """
        given: dict[str, Any] = {
            "task": task,
            "title": title,
            "fraction": fraction,
            "after": after,
            "agent": agent,
            "event_id": event_id,
            "project": project,
            "session": session,
        }
        return cast("TasksMilestoneResult", self._client.call("tasks", "milestone", given))

    def next(
        self,
        *,
        limit: int | None = None,
        after: dict[str, dict[str, int]] | None = None,
        agent: str | None = None,
        project: str | None = None,
        projects: List[str] | None = None,
        record: bool | None = None,
        session: str | None = None,
    ) -> TasksNextResult:
        """What to do now: tasks that wait for nothing and are nobody else's, the best first, each with
        why. Weighed are importance, time left, the goal, what waits for it, how short it is, and
        whether it is begun.

        limit: At most so many; 5 when not said.
        after: A position that must be seen.
        agent: Who acts.
        project: The project; without it the token's only one, or the client's.
        projects: More projects, for reads.
        record: Whether what is asked and answered is kept to learn from; true when not said.
        session: The run of an agent that this belongs to.
        """
        given: dict[str, Any] = {
            "limit": limit,
            "after": after,
            "agent": agent,
            "project": project,
            "projects": projects,
            "record": record,
            "session": session,
        }
        return cast("TasksNextResult", self._client.call("tasks", "next", given))

    def health(
        self,
        *,
        task: str | None = None,
        after: dict[str, dict[str, int]] | None = None,
        agent: str | None = None,
        project: str | None = None,
        projects: List[str] | None = None,
        record: bool | None = None,
        session: str | None = None,
    ) -> TasksHealthResult:
        """How tasks fare: late ones, stuck ones (blocked, failed, waiting for such, or without a change),
        and those that cannot be done in time by their estimates and those of what they wait for.

        task: Id of a task; all when not said.
        after: A position that must be seen.
        agent: Who acts.
        project: The project; without it the token's only one, or the client's.
        projects: More projects, for reads.
        record: Whether what is asked and answered is kept to learn from; true when not said.
        session: The run of an agent that this belongs to.
        """
        given: dict[str, Any] = {
            "task": task,
            "after": after,
            "agent": agent,
            "project": project,
            "projects": projects,
            "record": record,
            "session": session,
        }
        return cast("TasksHealthResult", self._client.call("tasks", "health", given))

    def board(
        self,
        *,
        after: dict[str, dict[str, int]] | None = None,
        agent: str | None = None,
        project: str | None = None,
        projects: List[str] | None = None,
        record: bool | None = None,
        session: str | None = None,
    ) -> TasksBoardResult:
        """Every standing with how many tasks have it, and the most important of them.

        after: A position that must be seen.
        agent: Who acts.
        project: The project; without it the token's only one, or the client's.
        projects: More projects, for reads.
        record: Whether what is asked and answered is kept to learn from; true when not said.
        session: The run of an agent that this belongs to.
        """
        given: dict[str, Any] = {
            "after": after,
            "agent": agent,
            "project": project,
            "projects": projects,
            "record": record,
            "session": session,
        }
        return cast("TasksBoardResult", self._client.call("tasks", "board", given))


class Goals:
    def __init__(self, client: "Athena") -> None:
        self._client = client

    def set(
        self,
        *,
        title: str,
        parent: str | None = None,
        priority: int | None = None,
        deadline: str | None = None,
        measure: GoalsSetMeasure | None = None,
        after: dict[str, dict[str, int]] | None = None,
        agent: str | None = None,
        event_id: str | None = None,
        project: str | None = None,
        session: str | None = None,
    ) -> GoalsSetResult:
        """Sets a goal: what is to be reached, by when, and by what it is seen how far it is.

        title: What is to be reached, in a line.
        parent: Id of the goal that it is a part of.
        priority: From 0 to 10, the most important; 5 when not said.
        deadline: By when: RFC 3339, or how long from now, such as `14d`.
        measure: What is measured, from where to where; without it a value from 0 to 1.
        after: A position that must be seen.
        agent: Who acts.
        event_id: Makes a write idempotent.
        project: The project; without it the token's only one, or the client's.
        session: The run of an agent that this belongs to.
        """
        given: dict[str, Any] = {
            "title": title,
            "parent": parent,
            "priority": priority,
            "deadline": deadline,
            "measure": measure,
            "after": after,
            "agent": agent,
            "event_id": event_id,
            "project": project,
            "session": session,
        }
        return cast("GoalsSetResult", self._client.call("goals", "set", given))

    def get(
        self,
        *,
        goal: str,
        after: dict[str, dict[str, int]] | None = None,
        agent: str | None = None,
        project: str | None = None,
        projects: List[str] | None = None,
        record: bool | None = None,
        session: str | None = None,
    ) -> GoalsGetResult:
        """A goal with its tasks, the goals below it, and how far it is.

        goal: Id of the goal.
        after: A position that must be seen.
        agent: Who acts.
        project: The project; without it the token's only one, or the client's.
        projects: More projects, for reads.
        record: Whether what is asked and answered is kept to learn from; true when not said.
        session: The run of an agent that this belongs to.
        """
        given: dict[str, Any] = {
            "goal": goal,
            "after": after,
            "agent": agent,
            "project": project,
            "projects": projects,
            "record": record,
            "session": session,
        }
        return cast("GoalsGetResult", self._client.call("goals", "get", given))

    def list(
        self,
        *,
        active: bool | None = None,
        limit: int | None = None,
        cursor: str | None = None,
        after: dict[str, dict[str, int]] | None = None,
        agent: str | None = None,
        project: str | None = None,
        projects: List[str] | None = None,
        record: bool | None = None,
        session: str | None = None,
    ) -> GoalsListResult:
        """Goals, the most important first.

        active: Whether only those that are open, or only those that are not.
        limit: At most so many; 20 when not said.
        cursor: Where the page before ended.
        after: A position that must be seen.
        agent: Who acts.
        project: The project; without it the token's only one, or the client's.
        projects: More projects, for reads.
        record: Whether what is asked and answered is kept to learn from; true when not said.
        session: The run of an agent that this belongs to.
        """
        given: dict[str, Any] = {
            "active": active,
            "limit": limit,
            "cursor": cursor,
            "after": after,
            "agent": agent,
            "project": project,
            "projects": projects,
            "record": record,
            "session": session,
        }
        return cast("GoalsListResult", self._client.call("goals", "list", given))

    def activate(
        self,
        *,
        goal: str,
        after: dict[str, dict[str, int]] | None = None,
        agent: str | None = None,
        event_id: str | None = None,
        project: str | None = None,
        session: str | None = None,
    ) -> GoalsActivateResult:
        """Takes a goal in hand, for the agent, else the session, else the project. Tells what such
        switches have cost: the median time to the first success after them, minus that after taking up
        a goal with no other in hand.

        goal: Id of the goal.
        after: A position that must be seen.
        agent: Who acts.
        event_id: Makes a write idempotent.
        project: The project; without it the token's only one, or the client's.
        session: The run of an agent that this belongs to.
        """
        given: dict[str, Any] = {
            "goal": goal,
            "after": after,
            "agent": agent,
            "event_id": event_id,
            "project": project,
            "session": session,
        }
        return cast("GoalsActivateResult", self._client.call("goals", "activate", given))

    def progress(
        self,
        *,
        goal: str,
        value: float,
        after: dict[str, dict[str, int]] | None = None,
        agent: str | None = None,
        event_id: str | None = None,
        project: str | None = None,
        session: str | None = None,
    ) -> GoalsProgressResult:
        """Tells how far a goal is: the value of its measure, or without one from 0 to 1.

        goal: Id of the goal.
        value: What is measured now.
        after: A position that must be seen.
        agent: Who acts.
        event_id: Makes a write idempotent.
        project: The project; without it the token's only one, or the client's.
        session: The run of an agent that this belongs to.
        """
        given: dict[str, Any] = {
            "goal": goal,
            "value": value,
            "after": after,
            "agent": agent,
            "event_id": event_id,
            "project": project,
            "session": session,
        }
        return cast("GoalsProgressResult", self._client.call("goals", "progress", given))

    def complete(
        self,
        *,
        goal: str,
        outcome: str,
        after: dict[str, dict[str, int]] | None = None,
        agent: str | None = None,
        event_id: str | None = None,
        project: str | None = None,
        session: str | None = None,
    ) -> GoalsCompleteResult:
        """Says that a goal is reached, and how it came out.

        goal: Id of the goal.
        outcome: How it came out.
        after: A position that must be seen.
        agent: Who acts.
        event_id: Makes a write idempotent.
        project: The project; without it the token's only one, or the client's.
        session: The run of an agent that this belongs to.
        """
        given: dict[str, Any] = {
            "goal": goal,
            "outcome": outcome,
            "after": after,
            "agent": agent,
            "event_id": event_id,
            "project": project,
            "session": session,
        }
        return cast("GoalsCompleteResult", self._client.call("goals", "complete", given))

    def abandon(
        self,
        *,
        goal: str,
        why: str,
        after: dict[str, dict[str, int]] | None = None,
        agent: str | None = None,
        event_id: str | None = None,
        project: str | None = None,
        session: str | None = None,
    ) -> GoalsAbandonResult:
        """Gives a goal up, and says why. Its tasks and its history stay.

        goal: Id of the goal.
        why: Why it is given up.
        after: A position that must be seen.
        agent: Who acts.
        event_id: Makes a write idempotent.
        project: The project; without it the token's only one, or the client's.
        session: The run of an agent that this belongs to.
        """
        given: dict[str, Any] = {
            "goal": goal,
            "why": why,
            "after": after,
            "agent": agent,
            "event_id": event_id,
            "project": project,
            "session": session,
        }
        return cast("GoalsAbandonResult", self._client.call("goals", "abandon", given))

    def rank(
        self,
        *,
        limit: int | None = None,
        after: dict[str, dict[str, int]] | None = None,
        agent: str | None = None,
        project: str | None = None,
        projects: List[str] | None = None,
        record: bool | None = None,
        session: str | None = None,
    ) -> GoalsRankResult:
        """Open goals by importance, time left, how far they are, and whether other goals' tasks wait for
        theirs.

        limit: At most so many; 20 when not said.
        after: A position that must be seen.
        agent: Who acts.
        project: The project; without it the token's only one, or the client's.
        projects: More projects, for reads.
        record: Whether what is asked and answered is kept to learn from; true when not said.
        session: The run of an agent that this belongs to.
        """
        given: dict[str, Any] = {
            "limit": limit,
            "after": after,
            "agent": agent,
            "project": project,
            "projects": projects,
            "record": record,
            "session": session,
        }
        return cast("GoalsRankResult", self._client.call("goals", "rank", given))

    def next(
        self,
        *,
        after: dict[str, dict[str, int]] | None = None,
        agent: str | None = None,
        project: str | None = None,
        projects: List[str] | None = None,
        record: bool | None = None,
        session: str | None = None,
    ) -> GoalsNextResult:
        """The goal to take up: the first in rank of which something can be done now, with what, and why.
        What can be done for an open goal below it can be done for it.

        after: A position that must be seen.
        agent: Who acts.
        project: The project; without it the token's only one, or the client's.
        projects: More projects, for reads.
        record: Whether what is asked and answered is kept to learn from; true when not said.
        session: The run of an agent that this belongs to.
        """
        given: dict[str, Any] = {
            "after": after,
            "agent": agent,
            "project": project,
            "projects": projects,
            "record": record,
            "session": session,
        }
        return cast("GoalsNextResult", self._client.call("goals", "next", given))

    def conflicts(
        self,
        *,
        after: dict[str, dict[str, int]] | None = None,
        agent: str | None = None,
        project: str | None = None,
        projects: List[str] | None = None,
        record: bool | None = None,
        session: str | None = None,
    ) -> GoalsConflictsResult:
        """Open goals that get in each other's way: whose estimates exceed the hours before their
        deadlines, or that claim the same agents or files.

        after: A position that must be seen.
        agent: Who acts.
        project: The project; without it the token's only one, or the client's.
        projects: More projects, for reads.
        record: Whether what is asked and answered is kept to learn from; true when not said.
        session: The run of an agent that this belongs to.
        """
        given: dict[str, Any] = {
            "after": after,
            "agent": agent,
            "project": project,
            "projects": projects,
            "record": record,
            "session": session,
        }
        return cast("GoalsConflictsResult", self._client.call("goals", "conflicts", given))

    def resolve(
        self,
        *,
        conflict: str,
        choice: Literal["extend", "lower", "pause", "accept"],
        after: dict[str, dict[str, int]] | None = None,
        agent: str | None = None,
        event_id: str | None = None,
        project: str | None = None,
        session: str | None = None,
    ) -> GoalsResolveResult:
        """Ends a conflict by one of its choices; always the least important of its goals gives way.

        conflict: Id of the conflict.
        choice: `extend`, `lower`, `pause` or `accept`.
        after: A position that must be seen.
        agent: Who acts.
        event_id: Makes a write idempotent.
        project: The project; without it the token's only one, or the client's.
        session: The run of an agent that this belongs to.
        """
        given: dict[str, Any] = {
            "conflict": conflict,
            "choice": choice,
            "after": after,
            "agent": agent,
            "event_id": event_id,
            "project": project,
            "session": session,
        }
        return cast("GoalsResolveResult", self._client.call("goals", "resolve", given))

    def tree(
        self,
        *,
        goal: str | None = None,
        limit: int | None = None,
        cursor: str | None = None,
        after: dict[str, dict[str, int]] | None = None,
        agent: str | None = None,
        project: str | None = None,
        projects: List[str] | None = None,
        record: bool | None = None,
        session: str | None = None,
    ) -> GoalsTreeResult:
        """The goals below one, or all, each under the one that it is a part of, with how far it is.

        goal: Id of the goal to begin at; all when not said.
        limit: At most so many; 200 when not said.
        cursor: Where the page before ended.
        after: A position that must be seen.
        agent: Who acts.
        project: The project; without it the token's only one, or the client's.
        projects: More projects, for reads.
        record: Whether what is asked and answered is kept to learn from; true when not said.
        session: The run of an agent that this belongs to.
        """
        given: dict[str, Any] = {
            "goal": goal,
            "limit": limit,
            "cursor": cursor,
            "after": after,
            "agent": agent,
            "project": project,
            "projects": projects,
            "record": record,
            "session": session,
        }
        return cast("GoalsTreeResult", self._client.call("goals", "tree", given))


class Triggers:
    def __init__(self, client: "Athena") -> None:
        self._client = client

    def create(
        self,
        *,
        kind: Literal["time", "event", "context", "dependency", "file"],
        condition: dict[str, Any],
        action: TriggersCreateAction | TriggersCreateAction1 | TriggersCreateAction2,
        name: str | None = None,
        catch_up: Literal["none", "last", "all"] | None = None,
        enabled: bool | None = None,
        after: dict[str, dict[str, int]] | None = None,
        agent: str | None = None,
        event_id: str | None = None,
        project: str | None = None,
        session: str | None = None,
    ) -> TriggersCreateResult:
        """Makes a trigger: what is done, once, whenever the condition comes to hold in any session of this
        project. It acts with the rights of who made it.

        kind: What makes it fire.
        condition: time: `{cron}` (UTC), `{every: "15m"}` or `{at}`. event: `{field: value | {op:
            value}}` of an event, such as type, tool, outcome, content, attributes.NAME. context: of
            prompt, files, cwd, moment. dependency: `{task or goal, state}`. file: `{path:
            "src/**/*.rs"}`, and fields of the event.
        action: `{call: "tool.operation", arguments}`, `{url}` (admins), or of a context `{inject:
            text}`; `$content` and the like in texts become what happened.
        name: What it is called.
        catch_up: Which times that were missed are made up for: none, last (when not said) or all.
        enabled: Whether it fires from now on; true when not said.
        after: A position that must be seen.
        agent: Who acts.
        event_id: Makes a write idempotent.
        project: The project; without it the token's only one, or the client's.
        session: The run of an agent that this belongs to.
        """
        given: dict[str, Any] = {
            "kind": kind,
            "condition": condition,
            "action": action,
            "name": name,
            "catch_up": catch_up,
            "enabled": enabled,
            "after": after,
            "agent": agent,
            "event_id": event_id,
            "project": project,
            "session": session,
        }
        return cast("TriggersCreateResult", self._client.call("triggers", "create", given))

    def get(
        self,
        *,
        trigger: str,
        after: dict[str, dict[str, int]] | None = None,
        agent: str | None = None,
        project: str | None = None,
        projects: List[str] | None = None,
        record: bool | None = None,
        session: str | None = None,
    ) -> TriggersGetResult:
        """A trigger, with what fired it last.

        trigger: The trigger's id.
        after: A position that must be seen.
        agent: Who acts.
        project: The project; without it the token's only one, or the client's.
        projects: More projects, for reads.
        record: Whether what is asked and answered is kept to learn from; true when not said.
        session: The run of an agent that this belongs to.
        """
        given: dict[str, Any] = {
            "trigger": trigger,
            "after": after,
            "agent": agent,
            "project": project,
            "projects": projects,
            "record": record,
            "session": session,
        }
        return cast("TriggersGetResult", self._client.call("triggers", "get", given))

    def list(
        self,
        *,
        kind: Literal["time", "event", "context", "dependency", "file"] | None = None,
        enabled: bool | None = None,
        limit: int | None = None,
        cursor: str | None = None,
        after: dict[str, dict[str, int]] | None = None,
        agent: str | None = None,
        project: str | None = None,
        projects: List[str] | None = None,
        record: bool | None = None,
        session: str | None = None,
    ) -> TriggersListResult:
        """The triggers of this project, the one that was made or changed first at the beginning.

        kind: Only those of this kind.
        enabled: Only those that fire, or only those that do not.
        limit: How many; 20 when not said.
        cursor: `next_cursor` of the page before.
        after: A position that must be seen.
        agent: Who acts.
        project: The project; without it the token's only one, or the client's.
        projects: More projects, for reads.
        record: Whether what is asked and answered is kept to learn from; true when not said.
        session: The run of an agent that this belongs to.
        """
        given: dict[str, Any] = {
            "kind": kind,
            "enabled": enabled,
            "limit": limit,
            "cursor": cursor,
            "after": after,
            "agent": agent,
            "project": project,
            "projects": projects,
            "record": record,
            "session": session,
        }
        return cast("TriggersListResult", self._client.call("triggers", "list", given))

    def update(
        self,
        *,
        trigger: str,
        kind: Literal["time", "event", "context", "dependency", "file"] | None = None,
        condition: dict[str, Any] | None = None,
        action: TriggersUpdateAction | TriggersUpdateAction1 | TriggersUpdateAction2 | None = None,
        name: str | None = None,
        catch_up: Literal["none", "last", "all"] | None = None,
        after: dict[str, dict[str, int]] | None = None,
        agent: str | None = None,
        event_id: str | None = None,
        project: str | None = None,
        session: str | None = None,
    ) -> TriggersUpdateResult:
        """Changes a trigger: what is given, and nothing else. It counts anew from then on. Only its maker
        or an admin may.

        trigger: The trigger's id.
        kind: What makes it fire; a new condition comes with it.
        condition: What must be so, as in `create`.
        action: What is done.
        name: What it is called.
        catch_up: Which times that were missed are made up for.
        after: A position that must be seen.
        agent: Who acts.
        event_id: Makes a write idempotent.
        project: The project; without it the token's only one, or the client's.
        session: The run of an agent that this belongs to.
        """
        given: dict[str, Any] = {
            "trigger": trigger,
            "kind": kind,
            "condition": condition,
            "action": action,
            "name": name,
            "catch_up": catch_up,
            "after": after,
            "agent": agent,
            "event_id": event_id,
            "project": project,
            "session": session,
        }
        return cast("TriggersUpdateResult", self._client.call("triggers", "update", given))

    def delete(
        self,
        *,
        trigger: str,
        after: dict[str, dict[str, int]] | None = None,
        agent: str | None = None,
        event_id: str | None = None,
        project: str | None = None,
        session: str | None = None,
    ) -> TriggersDeleteResult:
        """Takes a trigger away: it fires no more. Its history stays. Only its maker or an admin may.

        trigger: The trigger's id.
        after: A position that must be seen.
        agent: Who acts.
        event_id: Makes a write idempotent.
        project: The project; without it the token's only one, or the client's.
        session: The run of an agent that this belongs to.
        """
        given: dict[str, Any] = {
            "trigger": trigger,
            "after": after,
            "agent": agent,
            "event_id": event_id,
            "project": project,
            "session": session,
        }
        return cast("TriggersDeleteResult", self._client.call("triggers", "delete", given))

    def enable(
        self,
        *,
        trigger: str,
        enabled: bool,
        after: dict[str, dict[str, int]] | None = None,
        agent: str | None = None,
        event_id: str | None = None,
        project: str | None = None,
        session: str | None = None,
    ) -> TriggersEnableResult:
        """Lets a trigger fire, or not. What happens while it does not is not made up for.

        trigger: The trigger's id.
        enabled: Whether it fires.
        after: A position that must be seen.
        agent: Who acts.
        event_id: Makes a write idempotent.
        project: The project; without it the token's only one, or the client's.
        session: The run of an agent that this belongs to.
        """
        given: dict[str, Any] = {
            "trigger": trigger,
            "enabled": enabled,
            "after": after,
            "agent": agent,
            "event_id": event_id,
            "project": project,
            "session": session,
        }
        return cast("TriggersEnableResult", self._client.call("triggers", "enable", given))

    def test(
        self,
        *,
        trigger: str,
        event: str | None = None,
        at: str | float | None = None,
        after: dict[str, dict[str, int]] | None = None,
        agent: str | None = None,
        project: str | None = None,
        projects: List[str] | None = None,
        record: bool | None = None,
        session: str | None = None,
    ) -> TriggersTestResult:
        """Whether a trigger would fire by an event that was recorded, or at a time, and why. Nothing is
        done.

        trigger: The trigger's id.
        event: Id of an event. Either this or `at`.
        at: A time, of a trigger by the clock.
        after: A position that must be seen.
        agent: Who acts.
        project: The project; without it the token's only one, or the client's.
        projects: More projects, for reads.
        record: Whether what is asked and answered is kept to learn from; true when not said.
        session: The run of an agent that this belongs to.
        """
        given: dict[str, Any] = {
            "trigger": trigger,
            "event": event,
            "at": at,
            "after": after,
            "agent": agent,
            "project": project,
            "projects": projects,
            "record": record,
            "session": session,
        }
        return cast("TriggersTestResult", self._client.call("triggers", "test", given))

    def due(
        self,
        *,
        within: str | None = None,
        after: dict[str, dict[str, int]] | None = None,
        agent: str | None = None,
        project: str | None = None,
        projects: List[str] | None = None,
        record: bool | None = None,
        session: str | None = None,
    ) -> TriggersDueResult:
        """What the clock will fire, the next first.

        within: How far ahead: `2h`, `7d`; 24h when not said.
        after: A position that must be seen.
        agent: Who acts.
        project: The project; without it the token's only one, or the client's.
        projects: More projects, for reads.
        record: Whether what is asked and answered is kept to learn from; true when not said.
        session: The run of an agent that this belongs to.
        """
        given: dict[str, Any] = {
            "within": within,
            "after": after,
            "agent": agent,
            "project": project,
            "projects": projects,
            "record": record,
            "session": session,
        }
        return cast("TriggersDueResult", self._client.call("triggers", "due", given))

    def fire(
        self,
        *,
        trigger: str,
        after: dict[str, dict[str, int]] | None = None,
        agent: str | None = None,
        event_id: str | None = None,
        project: str | None = None,
        session: str | None = None,
    ) -> TriggersFireResult:
        """Fires a trigger by hand, whatever its condition, also one that is not enabled; tells what became
        of it.

        trigger: The trigger's id.
        after: A position that must be seen.
        agent: Who acts.
        event_id: Makes a write idempotent.
        project: The project; without it the token's only one, or the client's.
        session: The run of an agent that this belongs to.
        """
        given: dict[str, Any] = {
            "trigger": trigger,
            "after": after,
            "agent": agent,
            "event_id": event_id,
            "project": project,
            "session": session,
        }
        return cast("TriggersFireResult", self._client.call("triggers", "fire", given))

    def history(
        self,
        *,
        trigger: str | None = None,
        outcome: Literal["done", "pending", "failed", "dead"] | None = None,
        limit: int | None = None,
        cursor: str | None = None,
        after: dict[str, dict[str, int]] | None = None,
        agent: str | None = None,
        project: str | None = None,
        projects: List[str] | None = None,
        record: bool | None = None,
        session: str | None = None,
    ) -> TriggersHistoryResult:
        """What fired, by what, and what became of it: the newest first. What could not be delivered is
        `dead`.

        trigger: Only of this trigger.
        outcome: Only those of which this became.
        limit: How many; 20 when not said.
        cursor: `next_cursor` of the page before.
        after: A position that must be seen.
        agent: Who acts.
        project: The project; without it the token's only one, or the client's.
        projects: More projects, for reads.
        record: Whether what is asked and answered is kept to learn from; true when not said.
        session: The run of an agent that this belongs to.
        """
        given: dict[str, Any] = {
            "trigger": trigger,
            "outcome": outcome,
            "limit": limit,
            "cursor": cursor,
            "after": after,
            "agent": agent,
            "project": project,
            "projects": projects,
            "record": record,
            "session": session,
        }
        return cast("TriggersHistoryResult", self._client.call("triggers", "history", given))


class Automation:
    def __init__(self, client: "Athena") -> None:
        self._client = client

    def create(
        self,
        *,
        name: str,
        when: dict[str, Any],
        then: List[AutomationCreateThenItem | AutomationCreateThenItem1 | AutomationCreateThenItem2],
        if_: dict[str, Any] | None = None,
        catch_up: Literal["none", "last", "all"] | None = None,
        enabled: bool | None = None,
        after: dict[str, dict[str, int]] | None = None,
        agent: str | None = None,
        event_id: str | None = None,
        project: str | None = None,
        session: str | None = None,
    ) -> AutomationCreateResult:
        """Makes a rule: when this happens in any session of this project, and that is so, these are done,
        one after the other. It acts with the rights of who made it, and never by what it caused itself.

        name: What it is called.
        when: `{field: value | {op: value}}` of an event, `{cron}`, `{every}` or `{at}`, `{path}` of a
            changed file, `{task or goal, state}`, or `{prompt}`: as the conditions of triggers.
        then: From 1 to 10 of `{call: "tool.operation", arguments}` and `{url}` (admins); `$content` and
            the like in texts become what happened. After one that fails the rest is left out.
        if_: What must be so besides, of the same event.
        catch_up: Which times that were missed are made up for: none, last (when not said) or all.
        enabled: Whether it runs from now on; true when not said.
        after: A position that must be seen.
        agent: Who acts.
        event_id: Makes a write idempotent.
        project: The project; without it the token's only one, or the client's.
        session: The run of an agent that this belongs to.
        """
        given: dict[str, Any] = {
            "name": name,
            "when": when,
            "then": then,
            "if": if_,
            "catch_up": catch_up,
            "enabled": enabled,
            "after": after,
            "agent": agent,
            "event_id": event_id,
            "project": project,
            "session": session,
        }
        return cast("AutomationCreateResult", self._client.call("automation", "create", given))

    def get(
        self,
        *,
        rule: str,
        after: dict[str, dict[str, int]] | None = None,
        agent: str | None = None,
        project: str | None = None,
        projects: List[str] | None = None,
        record: bool | None = None,
        session: str | None = None,
    ) -> AutomationGetResult:
        """A rule, with its last runs.

        rule: The rule's id.
        after: A position that must be seen.
        agent: Who acts.
        project: The project; without it the token's only one, or the client's.
        projects: More projects, for reads.
        record: Whether what is asked and answered is kept to learn from; true when not said.
        session: The run of an agent that this belongs to.
        """
        given: dict[str, Any] = {
            "rule": rule,
            "after": after,
            "agent": agent,
            "project": project,
            "projects": projects,
            "record": record,
            "session": session,
        }
        return cast("AutomationGetResult", self._client.call("automation", "get", given))

    def list(
        self,
        *,
        limit: int | None = None,
        cursor: str | None = None,
        after: dict[str, dict[str, int]] | None = None,
        agent: str | None = None,
        project: str | None = None,
        projects: List[str] | None = None,
        record: bool | None = None,
        session: str | None = None,
    ) -> AutomationListResult:
        """The rules of this project, the one that was made or changed first at the beginning.

        limit: How many; 20 when not said.
        cursor: `next_cursor` of the page before.
        after: A position that must be seen.
        agent: Who acts.
        project: The project; without it the token's only one, or the client's.
        projects: More projects, for reads.
        record: Whether what is asked and answered is kept to learn from; true when not said.
        session: The run of an agent that this belongs to.
        """
        given: dict[str, Any] = {
            "limit": limit,
            "cursor": cursor,
            "after": after,
            "agent": agent,
            "project": project,
            "projects": projects,
            "record": record,
            "session": session,
        }
        return cast("AutomationListResult", self._client.call("automation", "list", given))

    def update(
        self,
        *,
        rule: str,
        name: str | None = None,
        when: dict[str, Any] | None = None,
        if_: dict[str, Any] | None = None,
        then: List[AutomationUpdateThenItem | AutomationUpdateThenItem1 | AutomationUpdateThenItem2] | None = None,
        catch_up: Literal["none", "last", "all"] | None = None,
        after: dict[str, dict[str, int]] | None = None,
        agent: str | None = None,
        event_id: str | None = None,
        project: str | None = None,
        session: str | None = None,
    ) -> AutomationUpdateResult:
        """Changes a rule: what is given, and nothing else. It counts anew from then on. Only its maker or
        an admin may.

        rule: The rule's id.
        name: What it is called.
        when: When, as in `create`.
        if_: What must be so besides.
        then: What is done.
        catch_up: Which times that were missed are made up for.
        after: A position that must be seen.
        agent: Who acts.
        event_id: Makes a write idempotent.
        project: The project; without it the token's only one, or the client's.
        session: The run of an agent that this belongs to.
        """
        given: dict[str, Any] = {
            "rule": rule,
            "name": name,
            "when": when,
            "if": if_,
            "then": then,
            "catch_up": catch_up,
            "after": after,
            "agent": agent,
            "event_id": event_id,
            "project": project,
            "session": session,
        }
        return cast("AutomationUpdateResult", self._client.call("automation", "update", given))

    def delete(
        self,
        *,
        rule: str,
        after: dict[str, dict[str, int]] | None = None,
        agent: str | None = None,
        event_id: str | None = None,
        project: str | None = None,
        session: str | None = None,
    ) -> AutomationDeleteResult:
        """Takes a rule away: it runs no more. Its history stays. Only its maker or an admin may.

        rule: The rule's id.
        after: A position that must be seen.
        agent: Who acts.
        event_id: Makes a write idempotent.
        project: The project; without it the token's only one, or the client's.
        session: The run of an agent that this belongs to.
        """
        given: dict[str, Any] = {
            "rule": rule,
            "after": after,
            "agent": agent,
            "event_id": event_id,
            "project": project,
            "session": session,
        }
        return cast("AutomationDeleteResult", self._client.call("automation", "delete", given))

    def enable(
        self,
        *,
        rule: str,
        enabled: bool,
        after: dict[str, dict[str, int]] | None = None,
        agent: str | None = None,
        event_id: str | None = None,
        project: str | None = None,
        session: str | None = None,
    ) -> AutomationEnableResult:
        """Lets a rule run, or not. What happens while it does not is not made up for.

        rule: The rule's id.
        enabled: Whether it runs.
        after: A position that must be seen.
        agent: Who acts.
        event_id: Makes a write idempotent.
        project: The project; without it the token's only one, or the client's.
        session: The run of an agent that this belongs to.
        """
        given: dict[str, Any] = {
            "rule": rule,
            "enabled": enabled,
            "after": after,
            "agent": agent,
            "event_id": event_id,
            "project": project,
            "session": session,
        }
        return cast("AutomationEnableResult", self._client.call("automation", "enable", given))

    def run(
        self,
        *,
        rule: str,
        input: dict[str, Any] | None = None,
        after: dict[str, dict[str, int]] | None = None,
        agent: str | None = None,
        event_id: str | None = None,
        project: str | None = None,
        session: str | None = None,
    ) -> AutomationRunResult:
        """Runs a rule now, whatever its condition, also one that is not enabled; tells what became of it.

        rule: The rule's id.
        input: What it is given instead of an event: `$content` is `input.content`.
        after: A position that must be seen.
        agent: Who acts.
        event_id: Makes a write idempotent.
        project: The project; without it the token's only one, or the client's.
        session: The run of an agent that this belongs to.
        """
        given: dict[str, Any] = {
            "rule": rule,
            "input": input,
            "after": after,
            "agent": agent,
            "event_id": event_id,
            "project": project,
            "session": session,
        }
        return cast("AutomationRunResult", self._client.call("automation", "run", given))

    def simulate(
        self,
        *,
        rule: str,
        since: str,
        limit: int | None = None,
        after: dict[str, dict[str, int]] | None = None,
        agent: str | None = None,
        project: str | None = None,
        projects: List[str] | None = None,
        record: bool | None = None,
        session: str | None = None,
    ) -> AutomationSimulateResult:
        """What a rule, as it is now, would have done on the events of the past, or at the times of the
        clock. Nothing is done.

        rule: The rule's id.
        since: From when on: RFC 3339, or an age such as `7d`.
        limit: How many runs are shown, the newest; 20 when not said.
        after: A position that must be seen.
        agent: Who acts.
        project: The project; without it the token's only one, or the client's.
        projects: More projects, for reads.
        record: Whether what is asked and answered is kept to learn from; true when not said.
        session: The run of an agent that this belongs to.
        """
        given: dict[str, Any] = {
            "rule": rule,
            "since": since,
            "limit": limit,
            "after": after,
            "agent": agent,
            "project": project,
            "projects": projects,
            "record": record,
            "session": session,
        }
        return cast("AutomationSimulateResult", self._client.call("automation", "simulate", given))

    def history(
        self,
        *,
        rule: str | None = None,
        outcome: Literal["done", "pending", "failed", "dead"] | None = None,
        limit: int | None = None,
        cursor: str | None = None,
        after: dict[str, dict[str, int]] | None = None,
        agent: str | None = None,
        project: str | None = None,
        projects: List[str] | None = None,
        record: bool | None = None,
        session: str | None = None,
    ) -> AutomationHistoryResult:
        """What rules ran, by what, and what became of it: the newest first. What could not be delivered is
        `dead`.

        rule: Only of this rule.
        outcome: Only those of which this became.
        limit: How many; 20 when not said.
        cursor: `next_cursor` of the page before.
        after: A position that must be seen.
        agent: Who acts.
        project: The project; without it the token's only one, or the client's.
        projects: More projects, for reads.
        record: Whether what is asked and answered is kept to learn from; true when not said.
        session: The run of an agent that this belongs to.
        """
        given: dict[str, Any] = {
            "rule": rule,
            "outcome": outcome,
            "limit": limit,
            "cursor": cursor,
            "after": after,
            "agent": agent,
            "project": project,
            "projects": projects,
            "record": record,
            "session": session,
        }
        return cast("AutomationHistoryResult", self._client.call("automation", "history", given))


class Graph:
    def __init__(self, client: "Athena") -> None:
        self._client = client

    def add_entity(
        self,
        *,
        name: str,
        kind: str,
        attributes: dict[str, Any] | None = None,
        after: dict[str, dict[str, int]] | None = None,
        agent: str | None = None,
        event_id: str | None = None,
        project: str | None = None,
        session: str | None = None,
    ) -> GraphAddEntityResult:
        """Makes an entity, or tells more of the one that is the same: of that kind and name, or with that
        alias. What was taken away is there again.

        name: What it is called.
        kind: What it is, such as `service`, `file`, `person`.
        attributes: What else is known of it; a null takes one away.
        after: A position that must be seen.
        agent: Who acts.
        event_id: Makes a write idempotent.
        project: The project; without it the token's only one, or the client's.
        session: The run of an agent that this belongs to.
        """
        given: dict[str, Any] = {
            "name": name,
            "kind": kind,
            "attributes": attributes,
            "after": after,
            "agent": agent,
            "event_id": event_id,
            "project": project,
            "session": session,
        }
        return cast("GraphAddEntityResult", self._client.call("graph", "add_entity", given))

    def get_entity(
        self,
        *,
        entity: str,
        after: dict[str, dict[str, int]] | None = None,
        agent: str | None = None,
        project: str | None = None,
        projects: List[str] | None = None,
        record: bool | None = None,
        session: str | None = None,
    ) -> GraphGetEntityResult:
        """An entity: its names, what was observed, how much it is tied to, and its communities.

        entity: Id, name or alias, or `kind:name`.
        after: A position that must be seen.
        agent: Who acts.
        project: The project; without it the token's only one, or the client's.
        projects: More projects, for reads.
        record: Whether what is asked and answered is kept to learn from; true when not said.
        session: The run of an agent that this belongs to.
        """
        given: dict[str, Any] = {
            "entity": entity,
            "after": after,
            "agent": agent,
            "project": project,
            "projects": projects,
            "record": record,
            "session": session,
        }
        return cast("GraphGetEntityResult", self._client.call("graph", "get_entity", given))

    def add_relation(
        self,
        *,
        from_: str,
        to: str,
        kind: str,
        weight: float | None = None,
        valid_from: str | None = None,
        valid_until: str | None = None,
        after: dict[str, dict[str, int]] | None = None,
        agent: str | None = None,
        event_id: str | None = None,
        project: str | None = None,
        session: str | None = None,
    ) -> GraphAddRelationResult:
        """Tells that one entity has to do with another. Told again, what is given takes the place of what
        was.

        from_: The entity that it goes from: id, name, or `kind:name`.
        to: The entity that it goes to.
        kind: What the one is to the other, such as `calls`, `owns`.
        weight: How strongly; 1 when not said.
        valid_from: From when it is true.
        valid_until: Until when.
        after: A position that must be seen.
        agent: Who acts.
        event_id: Makes a write idempotent.
        project: The project; without it the token's only one, or the client's.
        session: The run of an agent that this belongs to.
        """
        given: dict[str, Any] = {
            "from": from_,
            "to": to,
            "kind": kind,
            "weight": weight,
            "valid_from": valid_from,
            "valid_until": valid_until,
            "after": after,
            "agent": agent,
            "event_id": event_id,
            "project": project,
            "session": session,
        }
        return cast("GraphAddRelationResult", self._client.call("graph", "add_relation", given))

    def observe(
        self,
        *,
        entity: str,
        content: str,
        kind: str | None = None,
        after: dict[str, dict[str, int]] | None = None,
        agent: str | None = None,
        event_id: str | None = None,
        project: str | None = None,
        session: str | None = None,
    ) -> GraphObserveResult:
        """Tells something that was seen of an entity. Observations stand beside what is learned, each with
        who told it and when.

        entity: The entity: id, name, or `kind:name`.
        content: What was seen.
        kind: What kind of observation.
        after: A position that must be seen.
        agent: Who acts.
        event_id: Makes a write idempotent.
        project: The project; without it the token's only one, or the client's.
        session: The run of an agent that this belongs to.
        """
        given: dict[str, Any] = {
            "entity": entity,
            "content": content,
            "kind": kind,
            "after": after,
            "agent": agent,
            "event_id": event_id,
            "project": project,
            "session": session,
        }
        return cast("GraphObserveResult", self._client.call("graph", "observe", given))

    def search(
        self,
        *,
        query: str,
        kind: str | None = None,
        limit: int | None = None,
        cursor: str | None = None,
        after: dict[str, dict[str, int]] | None = None,
        agent: str | None = None,
        project: str | None = None,
        projects: List[str] | None = None,
        record: bool | None = None,
        session: str | None = None,
    ) -> GraphSearchResult:
        """Entities whose names or aliases have the words of a question, the best first.

        query: Words of the name.
        kind: Only entities of this kind.
        limit: At most so many; 20 when not said.
        cursor: Where the page before ended.
        after: A position that must be seen.
        agent: Who acts.
        project: The project; without it the token's only one, or the client's.
        projects: More projects, for reads.
        record: Whether what is asked and answered is kept to learn from; true when not said.
        session: The run of an agent that this belongs to.
        """
        given: dict[str, Any] = {
            "query": query,
            "kind": kind,
            "limit": limit,
            "cursor": cursor,
            "after": after,
            "agent": agent,
            "project": project,
            "projects": projects,
            "record": record,
            "session": session,
        }
        return cast("GraphSearchResult", self._client.call("graph", "search", given))

    def neighbors(
        self,
        *,
        entity: str,
        depth: int | None = None,
        kinds: List[str] | None = None,
        limit: int | None = None,
        cursor: str | None = None,
        after: dict[str, dict[str, int]] | None = None,
        agent: str | None = None,
        project: str | None = None,
        projects: List[str] | None = None,
        record: bool | None = None,
        session: str | None = None,
    ) -> GraphNeighborsResult:
        """What an entity is tied to, directly or over some steps: the nearest first, of these the most
        strongly tied first.

        entity: Id, name or alias, or `kind:name`.
        depth: Steps; 1 when not said.
        kinds: Only along relations of these kinds.
        limit: At most so many; 20 when not said.
        cursor: Where the page before ended.
        after: A position that must be seen.
        agent: Who acts.
        project: The project; without it the token's only one, or the client's.
        projects: More projects, for reads.
        record: Whether what is asked and answered is kept to learn from; true when not said.
        session: The run of an agent that this belongs to.
        """
        given: dict[str, Any] = {
            "entity": entity,
            "depth": depth,
            "kinds": kinds,
            "limit": limit,
            "cursor": cursor,
            "after": after,
            "agent": agent,
            "project": project,
            "projects": projects,
            "record": record,
            "session": session,
        }
        return cast("GraphNeighborsResult", self._client.call("graph", "neighbors", given))

    def path(
        self,
        *,
        from_: str,
        to: str,
        max_hops: int | None = None,
        after: dict[str, dict[str, int]] | None = None,
        agent: str | None = None,
        project: str | None = None,
        projects: List[str] | None = None,
        record: bool | None = None,
        session: str | None = None,
    ) -> GraphPathResult:
        """The best ways from one entity to another, along strong ties and around what stands everywhere.

        from_: The entity to begin with: id, name or alias, or `kind:name`.
        to: The entity to come to.
        max_hops: Hops at most; 4 when not said.
        after: A position that must be seen.
        agent: Who acts.
        project: The project; without it the token's only one, or the client's.
        projects: More projects, for reads.
        record: Whether what is asked and answered is kept to learn from; true when not said.
        session: The run of an agent that this belongs to.
        """
        given: dict[str, Any] = {
            "from": from_,
            "to": to,
            "max_hops": max_hops,
            "after": after,
            "agent": agent,
            "project": project,
            "projects": projects,
            "record": record,
            "session": session,
        }
        return cast("GraphPathResult", self._client.call("graph", "path", given))

    def subgraph(
        self,
        *,
        entities: List[str],
        depth: int | None = None,
        limit: int | None = None,
        after: dict[str, dict[str, int]] | None = None,
        agent: str | None = None,
        project: str | None = None,
        projects: List[str] | None = None,
        record: bool | None = None,
        session: str | None = None,
    ) -> GraphSubgraphResult:
        """Some entities with what is around them, and all relations among these.

        entities: Ids, names or aliases, or `kind:name`.
        depth: Steps around them; 1 when not said, 0 for themselves alone.
        limit: Entities at most; 20 when not said.
        after: A position that must be seen.
        agent: Who acts.
        project: The project; without it the token's only one, or the client's.
        projects: More projects, for reads.
        record: Whether what is asked and answered is kept to learn from; true when not said.
        session: The run of an agent that this belongs to.
        """
        given: dict[str, Any] = {
            "entities": entities,
            "depth": depth,
            "limit": limit,
            "after": after,
            "agent": agent,
            "project": project,
            "projects": projects,
            "record": record,
            "session": session,
        }
        return cast("GraphSubgraphResult", self._client.call("graph", "subgraph", given))

    def rank(
        self,
        *,
        seeds: List[str] | None = None,
        kind: str | None = None,
        k: int | None = None,
        after: dict[str, dict[str, int]] | None = None,
        agent: str | None = None,
        project: str | None = None,
        projects: List[str] | None = None,
        record: bool | None = None,
        session: str | None = None,
    ) -> GraphRankResult:
        """The entities that matter most: to some others (personalised PageRank, and the communities of
        these), or to all when none are given.

        seeds: Ids, names or aliases, or `kind:name`; every entity when empty. Of `file:PATH` that is
            not known, what lies beside it is.
        kind: Only entities of this kind.
        k: At most so many; 20 when not said.
        after: A position that must be seen.
        agent: Who acts.
        project: The project; without it the token's only one, or the client's.
        projects: More projects, for reads.
        record: Whether what is asked and answered is kept to learn from; true when not said.
        session: The run of an agent that this belongs to.
        """
        given: dict[str, Any] = {
            "seeds": seeds,
            "kind": kind,
            "k": k,
            "after": after,
            "agent": agent,
            "project": project,
            "projects": projects,
            "record": record,
            "session": session,
        }
        return cast("GraphRankResult", self._client.call("graph", "rank", given))

    def metrics(
        self,
        *,
        after: dict[str, dict[str, int]] | None = None,
        agent: str | None = None,
        project: str | None = None,
        projects: List[str] | None = None,
        record: bool | None = None,
        session: str | None = None,
    ) -> GraphMetricsResult:
        """What the graph is like: how large, how dense, in how many pieces, and how well it falls into
        communities.

        after: A position that must be seen.
        agent: Who acts.
        project: The project; without it the token's only one, or the client's.
        projects: More projects, for reads.
        record: Whether what is asked and answered is kept to learn from; true when not said.
        session: The run of an agent that this belongs to.
        """
        given: dict[str, Any] = {
            "after": after,
            "agent": agent,
            "project": project,
            "projects": projects,
            "record": record,
            "session": session,
        }
        return cast("GraphMetricsResult", self._client.call("graph", "metrics", given))

    def similar(
        self,
        *,
        entity: str,
        limit: int | None = None,
        after: dict[str, dict[str, int]] | None = None,
        agent: str | None = None,
        project: str | None = None,
        projects: List[str] | None = None,
        record: bool | None = None,
        session: str | None = None,
    ) -> GraphSimilarResult:
        """Entities that are like one: tied to the same (`neighbours`), or called alike (`text`).

        entity: Id, name or alias, or `kind:name`.
        limit: At most so many; 20 when not said.
        after: A position that must be seen.
        agent: Who acts.
        project: The project; without it the token's only one, or the client's.
        projects: More projects, for reads.
        record: Whether what is asked and answered is kept to learn from; true when not said.
        session: The run of an agent that this belongs to.
        """
        given: dict[str, Any] = {
            "entity": entity,
            "limit": limit,
            "after": after,
            "agent": agent,
            "project": project,
            "projects": projects,
            "record": record,
            "session": session,
        }
        return cast("GraphSimilarResult", self._client.call("graph", "similar", given))

    def merge(
        self,
        *,
        keep: str,
        drop: List[str],
        after: dict[str, dict[str, int]] | None = None,
        agent: str | None = None,
        event_id: str | None = None,
        project: str | None = None,
        session: str | None = None,
    ) -> GraphMergeResult:
        """Makes several entities one. Their names become aliases; what is learned of them is learned of
        the one that is kept.

        keep: The entity that stays.
        drop: Those that become part of it.
        after: A position that must be seen.
        agent: Who acts.
        event_id: Makes a write idempotent.
        project: The project; without it the token's only one, or the client's.
        session: The run of an agent that this belongs to.
        """
        given: dict[str, Any] = {
            "keep": keep,
            "drop": drop,
            "after": after,
            "agent": agent,
            "event_id": event_id,
            "project": project,
            "session": session,
        }
        return cast("GraphMergeResult", self._client.call("graph", "merge", given))

    def delete(
        self,
        *,
        entity: str | None = None,
        relation: str | None = None,
        after: dict[str, dict[str, int]] | None = None,
        agent: str | None = None,
        event_id: str | None = None,
        project: str | None = None,
        session: str | None = None,
    ) -> GraphDeleteResult:
        """Takes an entity or a relation away. It stays away, also when runs learn of it again, until it is
        told again.

        entity: The entity: id, name, or `kind:name`.
        relation: Id of the relation.
        after: A position that must be seen.
        agent: Who acts.
        event_id: Makes a write idempotent.
        project: The project; without it the token's only one, or the client's.
        session: The run of an agent that this belongs to.
        """
        given: dict[str, Any] = {
            "entity": entity,
            "relation": relation,
            "after": after,
            "agent": agent,
            "event_id": event_id,
            "project": project,
            "session": session,
        }
        return cast("GraphDeleteResult", self._client.call("graph", "delete", given))

    def export(
        self,
        *,
        format: Literal["graphml", "dot", "json-ld", "mermaid"],
        entities: List[str] | None = None,
        limit: int | None = None,
        after: dict[str, dict[str, int]] | None = None,
        agent: str | None = None,
        project: str | None = None,
        projects: List[str] | None = None,
        record: bool | None = None,
        session: str | None = None,
    ) -> GraphExportResult:
        """The graph as a text in another format: the part around some entities, or the best connected ones
        and their relations.

        format: How a graph is written.
        entities: Entities to begin with: ids, names or aliases, or `kind:name`.
        limit: Entities at most; 100 when not said, at most 1000.
        after: A position that must be seen.
        agent: Who acts.
        project: The project; without it the token's only one, or the client's.
        projects: More projects, for reads.
        record: Whether what is asked and answered is kept to learn from; true when not said.
        session: The run of an agent that this belongs to.
        """
        given: dict[str, Any] = {
            "format": format,
            "entities": entities,
            "limit": limit,
            "after": after,
            "agent": agent,
            "project": project,
            "projects": projects,
            "record": record,
            "session": session,
        }
        return cast("GraphExportResult", self._client.call("graph", "export", given))


class Communities:
    def __init__(self, client: "Athena") -> None:
        self._client = client

    def detect(
        self,
        *,
        resolution: float | None = None,
        seed: int | None = None,
        wait: bool | None = None,
        after: dict[str, dict[str, int]] | None = None,
        agent: str | None = None,
        event_id: str | None = None,
        project: str | None = None,
        session: str | None = None,
    ) -> CommunitiesDetectResult:
        """Finds communities anew, with a resolution and a seed, which from now on are in force for every
        run and reader. It answers when they are found, which takes about a second for a million
        relations.

        resolution: Above 1 gives more and smaller communities, below 1 fewer and larger ones; 1 when
            not said.
        seed: Where chance begins; 0 when not said.
        wait: Whether to wait; it is always waited for.
        after: A position that must be seen.
        agent: Who acts.
        event_id: Makes a write idempotent.
        project: The project; without it the token's only one, or the client's.
        session: The run of an agent that this belongs to.
        """
        given: dict[str, Any] = {
            "resolution": resolution,
            "seed": seed,
            "wait": wait,
            "after": after,
            "agent": agent,
            "event_id": event_id,
            "project": project,
            "session": session,
        }
        return cast("CommunitiesDetectResult", self._client.call("communities", "detect", given))

    def list(
        self,
        *,
        level: int | None = None,
        limit: int | None = None,
        cursor: str | None = None,
        after: dict[str, dict[str, int]] | None = None,
        agent: str | None = None,
        project: str | None = None,
        projects: List[str] | None = None,
        record: bool | None = None,
        session: str | None = None,
    ) -> CommunitiesListResult:
        """Communities, the largest first; of the broadest level when none is said.

        level: From 0, the broadest.
        limit: At most so many; 20 when not said.
        cursor: Where the page before ended.
        after: A position that must be seen.
        agent: Who acts.
        project: The project; without it the token's only one, or the client's.
        projects: More projects, for reads.
        record: Whether what is asked and answered is kept to learn from; true when not said.
        session: The run of an agent that this belongs to.
        """
        given: dict[str, Any] = {
            "level": level,
            "limit": limit,
            "cursor": cursor,
            "after": after,
            "agent": agent,
            "project": project,
            "projects": projects,
            "record": record,
            "session": session,
        }
        return cast("CommunitiesListResult", self._client.call("communities", "list", given))

    def get(
        self,
        *,
        community: str,
        after: dict[str, dict[str, int]] | None = None,
        agent: str | None = None,
        project: str | None = None,
        projects: List[str] | None = None,
        record: bool | None = None,
        session: str | None = None,
    ) -> CommunitiesGetResult:
        """A community: its most central members, what it is about, and how well it holds together.

        community: Its id or name, or a member of it.
        after: A position that must be seen.
        agent: Who acts.
        project: The project; without it the token's only one, or the client's.
        projects: More projects, for reads.
        record: Whether what is asked and answered is kept to learn from; true when not said.
        session: The run of an agent that this belongs to.
        """
        given: dict[str, Any] = {
            "community": community,
            "after": after,
            "agent": agent,
            "project": project,
            "projects": projects,
            "record": record,
            "session": session,
        }
        return cast("CommunitiesGetResult", self._client.call("communities", "get", given))

    def members(
        self,
        *,
        community: str,
        limit: int | None = None,
        cursor: str | None = None,
        after: dict[str, dict[str, int]] | None = None,
        agent: str | None = None,
        project: str | None = None,
        projects: List[str] | None = None,
        record: bool | None = None,
        session: str | None = None,
    ) -> CommunitiesMembersResult:
        """The entities of a community, the most central first.

        community: Its id or name, or a member of it.
        limit: At most so many; 20 when not said.
        cursor: Where the page before ended.
        after: A position that must be seen.
        agent: Who acts.
        project: The project; without it the token's only one, or the client's.
        projects: More projects, for reads.
        record: Whether what is asked and answered is kept to learn from; true when not said.
        session: The run of an agent that this belongs to.
        """
        given: dict[str, Any] = {
            "community": community,
            "limit": limit,
            "cursor": cursor,
            "after": after,
            "agent": agent,
            "project": project,
            "projects": projects,
            "record": record,
            "session": session,
        }
        return cast("CommunitiesMembersResult", self._client.call("communities", "members", given))

    def of(
        self,
        *,
        entity: str,
        after: dict[str, dict[str, int]] | None = None,
        agent: str | None = None,
        project: str | None = None,
        projects: List[str] | None = None,
        record: bool | None = None,
        session: str | None = None,
    ) -> CommunitiesOfResult:
        """The communities of an entity, one a level, the broadest first.

        entity: Id, name or alias, or `kind:name`.
        after: A position that must be seen.
        agent: Who acts.
        project: The project; without it the token's only one, or the client's.
        projects: More projects, for reads.
        record: Whether what is asked and answered is kept to learn from; true when not said.
        session: The run of an agent that this belongs to.
        """
        given: dict[str, Any] = {
            "entity": entity,
            "after": after,
            "agent": agent,
            "project": project,
            "projects": projects,
            "record": record,
            "session": session,
        }
        return cast("CommunitiesOfResult", self._client.call("communities", "of", given))

    def levels(
        self,
        *,
        after: dict[str, dict[str, int]] | None = None,
        agent: str | None = None,
        project: str | None = None,
        projects: List[str] | None = None,
        record: bool | None = None,
        session: str | None = None,
    ) -> CommunitiesLevelsResult:
        """The levels of the hierarchy, the broadest first.

        after: A position that must be seen.
        agent: Who acts.
        project: The project; without it the token's only one, or the client's.
        projects: More projects, for reads.
        record: Whether what is asked and answered is kept to learn from; true when not said.
        session: The run of an agent that this belongs to.
        """
        given: dict[str, Any] = {
            "after": after,
            "agent": agent,
            "project": project,
            "projects": projects,
            "record": record,
            "session": session,
        }
        return cast("CommunitiesLevelsResult", self._client.call("communities", "levels", given))

    def bridges(
        self,
        *,
        limit: int | None = None,
        cursor: str | None = None,
        after: dict[str, dict[str, int]] | None = None,
        agent: str | None = None,
        project: str | None = None,
        projects: List[str] | None = None,
        record: bool | None = None,
        session: str | None = None,
    ) -> CommunitiesBridgesResult:
        """Entities that tie communities to each other: by how evenly their ties are spread over several
        (the participation coefficient of Guimerà and Amaral 2005), weighed by how much of that they
        tie.

        limit: At most so many; 20 when not said.
        cursor: Where the page before ended.
        after: A position that must be seen.
        agent: Who acts.
        project: The project; without it the token's only one, or the client's.
        projects: More projects, for reads.
        record: Whether what is asked and answered is kept to learn from; true when not said.
        session: The run of an agent that this belongs to.
        """
        given: dict[str, Any] = {
            "limit": limit,
            "cursor": cursor,
            "after": after,
            "agent": agent,
            "project": project,
            "projects": projects,
            "record": record,
            "session": session,
        }
        return cast("CommunitiesBridgesResult", self._client.call("communities", "bridges", given))

    def connectivity(
        self,
        *,
        a: str,
        b: str | None = None,
        after: dict[str, dict[str, int]] | None = None,
        agent: str | None = None,
        project: str | None = None,
        projects: List[str] | None = None,
        record: bool | None = None,
        session: str | None = None,
    ) -> CommunitiesConnectivityResult:
        """How strongly a community is tied inside, and to another, or to each of the others.

        a: A community: id, name, or a member of it.
        b: Another one.
        after: A position that must be seen.
        agent: Who acts.
        project: The project; without it the token's only one, or the client's.
        projects: More projects, for reads.
        record: Whether what is asked and answered is kept to learn from; true when not said.
        session: The run of an agent that this belongs to.
        """
        given: dict[str, Any] = {
            "a": a,
            "b": b,
            "after": after,
            "agent": agent,
            "project": project,
            "projects": projects,
            "record": record,
            "session": session,
        }
        return cast("CommunitiesConnectivityResult", self._client.call("communities", "connectivity", given))

    def summary(
        self,
        *,
        community: str,
        after: dict[str, dict[str, int]] | None = None,
        agent: str | None = None,
        project: str | None = None,
        projects: List[str] | None = None,
        record: bool | None = None,
        session: str | None = None,
    ) -> CommunitiesSummaryResult:
        """What a community is about: its most central entities, events that name most of it, and memories
        that speak of it.

        community: Its id or name, or a member of it.
        after: A position that must be seen.
        agent: Who acts.
        project: The project; without it the token's only one, or the client's.
        projects: More projects, for reads.
        record: Whether what is asked and answered is kept to learn from; true when not said.
        session: The run of an agent that this belongs to.
        """
        given: dict[str, Any] = {
            "community": community,
            "after": after,
            "agent": agent,
            "project": project,
            "projects": projects,
            "record": record,
            "session": session,
        }
        return cast("CommunitiesSummaryResult", self._client.call("communities", "summary", given))

    def drift(
        self,
        *,
        from_: str,
        to: str | None = None,
        after: dict[str, dict[str, int]] | None = None,
        agent: str | None = None,
        project: str | None = None,
        projects: List[str] | None = None,
        record: bool | None = None,
        session: str | None = None,
    ) -> CommunitiesDriftResult:
        """How communities changed between two times, as runs left them: which split, merged, came, went,
        and what moved.

        from_: The earlier time: RFC 3339, or an age such as `7d`.
        to: The later time; now when not said.
        after: A position that must be seen.
        agent: Who acts.
        project: The project; without it the token's only one, or the client's.
        projects: More projects, for reads.
        record: Whether what is asked and answered is kept to learn from; true when not said.
        session: The run of an agent that this belongs to.
        """
        given: dict[str, Any] = {
            "from": from_,
            "to": to,
            "after": after,
            "agent": agent,
            "project": project,
            "projects": projects,
            "record": record,
            "session": session,
        }
        return cast("CommunitiesDriftResult", self._client.call("communities", "drift", given))


class Associations:
    def __init__(self, client: "Athena") -> None:
        self._client = client

    def get(
        self,
        *,
        id: str,
        limit: int | None = None,
        cursor: str | None = None,
        after: dict[str, dict[str, int]] | None = None,
        agent: str | None = None,
        project: str | None = None,
        projects: List[str] | None = None,
        record: bool | None = None,
        session: str | None = None,
    ) -> AssociationsGetResult:
        """What is associated with an item, the most strongly first.

        id: Id of a memory, an event, a note, an entity.
        limit: At most so many; 20 when not said.
        cursor: Where the page before ended.
        after: A position that must be seen.
        agent: Who acts.
        project: The project; without it the token's only one, or the client's.
        projects: More projects, for reads.
        record: Whether what is asked and answered is kept to learn from; true when not said.
        session: The run of an agent that this belongs to.
        """
        given: dict[str, Any] = {
            "id": id,
            "limit": limit,
            "cursor": cursor,
            "after": after,
            "agent": agent,
            "project": project,
            "projects": projects,
            "record": record,
            "session": session,
        }
        return cast("AssociationsGetResult", self._client.call("associations", "get", given))

    def strengthen(
        self,
        *,
        a: str,
        b: str,
        by: float | None = None,
        after: dict[str, dict[str, int]] | None = None,
        agent: str | None = None,
        event_id: str | None = None,
        project: str | None = None,
        session: str | None = None,
    ) -> AssociationsStrengthenResult:
        """Ties two items more strongly: by a share of what is left to 1 (Hebb's rule, bounded).

        a: Id of an item: a memory, an event, a note, an entity.
        b: Id of another.
        by: Above 0 and at most 1; 0.3 when not said.
        after: A position that must be seen.
        agent: Who acts.
        event_id: Makes a write idempotent.
        project: The project; without it the token's only one, or the client's.
        session: The run of an agent that this belongs to.
        """
        given: dict[str, Any] = {
            "a": a,
            "b": b,
            "by": by,
            "after": after,
            "agent": agent,
            "event_id": event_id,
            "project": project,
            "session": session,
        }
        return cast("AssociationsStrengthenResult", self._client.call("associations", "strengthen", given))

    def weaken(
        self,
        *,
        a: str,
        b: str,
        by: float | None = None,
        after: dict[str, dict[str, int]] | None = None,
        agent: str | None = None,
        event_id: str | None = None,
        project: str | None = None,
        session: str | None = None,
    ) -> AssociationsWeakenResult:
        """Ties two items less strongly: the other way round.

        a: Id of an item.
        b: Id of another.
        by: The share of what is there, above 0 and at most 1; 0.3 when not said.
        after: A position that must be seen.
        agent: Who acts.
        event_id: Makes a write idempotent.
        project: The project; without it the token's only one, or the client's.
        session: The run of an agent that this belongs to.
        """
        given: dict[str, Any] = {
            "a": a,
            "b": b,
            "by": by,
            "after": after,
            "agent": agent,
            "event_id": event_id,
            "project": project,
            "session": session,
        }
        return cast("AssociationsWeakenResult", self._client.call("associations", "weaken", given))

    def spread(
        self,
        *,
        ids: List[str],
        hops: int | None = None,
        decay: float | None = None,
        limit: int | None = None,
        after: dict[str, dict[str, int]] | None = None,
        agent: str | None = None,
        project: str | None = None,
        projects: List[str] | None = None,
        record: bool | None = None,
        session: str | None = None,
    ) -> AssociationsSpreadResult:
        """Spreading activation (Collins and Loftus 1975): what some items bring to mind, over a few steps.
        Each hands on a share of its activation, divided among what it is associated with by strength.

        ids: Ids of the items in mind.
        hops: Steps; 2 when not said.
        decay: What is left at each step, above 0 and below 1; 0.5 when not said.
        limit: At most so many; 20 when not said.
        after: A position that must be seen.
        agent: Who acts.
        project: The project; without it the token's only one, or the client's.
        projects: More projects, for reads.
        record: Whether what is asked and answered is kept to learn from; true when not said.
        session: The run of an agent that this belongs to.
        """
        given: dict[str, Any] = {
            "ids": ids,
            "hops": hops,
            "decay": decay,
            "limit": limit,
            "after": after,
            "agent": agent,
            "project": project,
            "projects": projects,
            "record": record,
            "session": session,
        }
        return cast("AssociationsSpreadResult", self._client.call("associations", "spread", given))

    def path(
        self,
        *,
        a: str,
        b: str,
        after: dict[str, dict[str, int]] | None = None,
        agent: str | None = None,
        project: str | None = None,
        projects: List[str] | None = None,
        record: bool | None = None,
        session: str | None = None,
    ) -> AssociationsPathResult:
        """The chain of association from one item to another: the one whose strengths multiply to most.

        a: Id of an item.
        b: Id of another.
        after: A position that must be seen.
        agent: Who acts.
        project: The project; without it the token's only one, or the client's.
        projects: More projects, for reads.
        record: Whether what is asked and answered is kept to learn from; true when not said.
        session: The run of an agent that this belongs to.
        """
        given: dict[str, Any] = {
            "a": a,
            "b": b,
            "after": after,
            "agent": agent,
            "project": project,
            "projects": projects,
            "record": record,
            "session": session,
        }
        return cast("AssociationsPathResult", self._client.call("associations", "path", given))

    def suggest(
        self,
        *,
        id: str,
        limit: int | None = None,
        cursor: str | None = None,
        after: dict[str, dict[str, int]] | None = None,
        agent: str | None = None,
        project: str | None = None,
        projects: List[str] | None = None,
        record: bool | None = None,
        session: str | None = None,
    ) -> AssociationsSuggestResult:
        """Items that are associated with one and that nobody has linked to it: likely links.

        id: Id of a memory, an event, a note, an entity.
        limit: At most so many; 20 when not said.
        cursor: Where the page before ended.
        after: A position that must be seen.
        agent: Who acts.
        project: The project; without it the token's only one, or the client's.
        projects: More projects, for reads.
        record: Whether what is asked and answered is kept to learn from; true when not said.
        session: The run of an agent that this belongs to.
        """
        given: dict[str, Any] = {
            "id": id,
            "limit": limit,
            "cursor": cursor,
            "after": after,
            "agent": agent,
            "project": project,
            "projects": projects,
            "record": record,
            "session": session,
        }
        return cast("AssociationsSuggestResult", self._client.call("associations", "suggest", given))

    def prune(
        self,
        *,
        below: float,
        after: dict[str, dict[str, int]] | None = None,
        agent: str | None = None,
        event_id: str | None = None,
        project: str | None = None,
        session: str | None = None,
    ) -> AssociationsPruneResult:
        """Takes weak associations away, at most a thousand a call; they come back when their items are
        used together again.

        below: What is weaker than this goes; above 0 and at most 1.
        after: A position that must be seen.
        agent: Who acts.
        event_id: Makes a write idempotent.
        project: The project; without it the token's only one, or the client's.
        session: The run of an agent that this belongs to.
        """
        given: dict[str, Any] = {
            "below": below,
            "after": after,
            "agent": agent,
            "event_id": event_id,
            "project": project,
            "session": session,
        }
        return cast("AssociationsPruneResult", self._client.call("associations", "prune", given))


class Code:
    def __init__(self, client: "Athena") -> None:
        self._client = client

    def index(
        self,
        *,
        path: str,
        languages: List[str] | None = None,
        wait: bool | None = None,
        after: dict[str, dict[str, int]] | None = None,
        agent: str | None = None,
        event_id: str | None = None,
        project: str | None = None,
        session: str | None = None,
    ) -> CodeIndexResult:
        """Reads the source files below a path on the server's own disk: symbols, imports and calls of
        Rust, Python, TypeScript, JavaScript, Go and Java. Files that did not change add nothing; from
        then on files that events say were changed are read again. For admins, or below `code.roots` of
        the settings.

        path: A folder or a file of the server. What `.gitignore` leaves out is not read.
        languages: Only these; all when empty.
        wait: Whether to wait for the end.
        after: A position that must be seen.
        agent: Who acts.
        event_id: Makes a write idempotent.
        project: The project; without it the token's only one, or the client's.
        session: The run of an agent that this belongs to.
        """
        given: dict[str, Any] = {
            "path": path,
            "languages": languages,
            "wait": wait,
            "after": after,
            "agent": agent,
            "event_id": event_id,
            "project": project,
            "session": session,
        }
        return cast("CodeIndexResult", self._client.call("code", "index", given))

    def search(
        self,
        *,
        query: str,
        kind: str | None = None,
        limit: int | None = None,
        after: dict[str, dict[str, int]] | None = None,
        agent: str | None = None,
        project: str | None = None,
        projects: List[str] | None = None,
        record: bool | None = None,
        session: str | None = None,
    ) -> CodeSearchResult:
        """Symbols and files of the code by words and by meaning, the best first.

        query: The question, or part of a name.
        kind: Only symbols that are this: `function`, `method`, `class`, `struct`, …; `file`: only
            files.
        limit: At most so many; 20 when not said.
        after: A position that must be seen.
        agent: Who acts.
        project: The project; without it the token's only one, or the client's.
        projects: More projects, for reads.
        record: Whether what is asked and answered is kept to learn from; true when not said.
        session: The run of an agent that this belongs to.
        """
        given: dict[str, Any] = {
            "query": query,
            "kind": kind,
            "limit": limit,
            "after": after,
            "agent": agent,
            "project": project,
            "projects": projects,
            "record": record,
            "session": session,
        }
        return cast("CodeSearchResult", self._client.call("code", "search", given))

    def symbol(
        self,
        *,
        name: str,
        path: str | None = None,
        after: dict[str, dict[str, int]] | None = None,
        agent: str | None = None,
        project: str | None = None,
        projects: List[str] | None = None,
        record: bool | None = None,
        session: str | None = None,
    ) -> CodeSymbolResult:
        """Where a name is defined, what uses it, and what happened to its file.

        name: The name, as far qualified as needed: `total`, `Cart.total`, `Cart::total`.
        path: Only in this file.
        after: A position that must be seen.
        agent: Who acts.
        project: The project; without it the token's only one, or the client's.
        projects: More projects, for reads.
        record: Whether what is asked and answered is kept to learn from; true when not said.
        session: The run of an agent that this belongs to.
        """
        given: dict[str, Any] = {
            "name": name,
            "path": path,
            "after": after,
            "agent": agent,
            "project": project,
            "projects": projects,
            "record": record,
            "session": session,
        }
        return cast("CodeSymbolResult", self._client.call("code", "symbol", given))

    def file(
        self,
        *,
        path: str,
        after: dict[str, dict[str, int]] | None = None,
        agent: str | None = None,
        project: str | None = None,
        projects: List[str] | None = None,
        record: bool | None = None,
        session: str | None = None,
    ) -> CodeFileResult:
        """The outline of a file as it was read last, its measures, what happened to it and what was found
        out about it.

        path: Below the folder that was indexed, absolute, or the end of the path where only one ends
            so.
        after: A position that must be seen.
        agent: Who acts.
        project: The project; without it the token's only one, or the client's.
        projects: More projects, for reads.
        record: Whether what is asked and answered is kept to learn from; true when not said.
        session: The run of an agent that this belongs to.
        """
        given: dict[str, Any] = {
            "path": path,
            "after": after,
            "agent": agent,
            "project": project,
            "projects": projects,
            "record": record,
            "session": session,
        }
        return cast("CodeFileResult", self._client.call("code", "file", given))

    def dependencies(
        self,
        *,
        path: str | None = None,
        symbol: str | None = None,
        limit: int | None = None,
        cursor: str | None = None,
        after: dict[str, dict[str, int]] | None = None,
        agent: str | None = None,
        project: str | None = None,
        projects: List[str] | None = None,
        record: bool | None = None,
        session: str | None = None,
    ) -> CodeDependenciesResult:
        """What a file or a symbol uses: files of the project, and what is from elsewhere.

        path: The file. Either this or `symbol`.
        symbol: The name of a definition.
        limit: At most so many; 20 when not said.
        cursor: Where the page before ended.
        after: A position that must be seen.
        agent: Who acts.
        project: The project; without it the token's only one, or the client's.
        projects: More projects, for reads.
        record: Whether what is asked and answered is kept to learn from; true when not said.
        session: The run of an agent that this belongs to.
        """
        given: dict[str, Any] = {
            "path": path,
            "symbol": symbol,
            "limit": limit,
            "cursor": cursor,
            "after": after,
            "agent": agent,
            "project": project,
            "projects": projects,
            "record": record,
            "session": session,
        }
        return cast("CodeDependenciesResult", self._client.call("code", "dependencies", given))

    def dependents(
        self,
        *,
        path: str | None = None,
        symbol: str | None = None,
        limit: int | None = None,
        cursor: str | None = None,
        after: dict[str, dict[str, int]] | None = None,
        agent: str | None = None,
        project: str | None = None,
        projects: List[str] | None = None,
        record: bool | None = None,
        session: str | None = None,
    ) -> CodeDependentsResult:
        """What uses a file or a symbol.

        path: The file. Either this or `symbol`.
        symbol: The name of a definition.
        limit: At most so many; 20 when not said.
        cursor: Where the page before ended.
        after: A position that must be seen.
        agent: Who acts.
        project: The project; without it the token's only one, or the client's.
        projects: More projects, for reads.
        record: Whether what is asked and answered is kept to learn from; true when not said.
        session: The run of an agent that this belongs to.
        """
        given: dict[str, Any] = {
            "path": path,
            "symbol": symbol,
            "limit": limit,
            "cursor": cursor,
            "after": after,
            "agent": agent,
            "project": project,
            "projects": projects,
            "record": record,
            "session": session,
        }
        return cast("CodeDependentsResult", self._client.call("code", "dependents", given))

    def impact(
        self,
        *,
        paths: List[str],
        after: dict[str, dict[str, int]] | None = None,
        agent: str | None = None,
        project: str | None = None,
        projects: List[str] | None = None,
        record: bool | None = None,
        session: str | None = None,
    ) -> CodeImpactResult:
        """What a change of files may break: what uses them step by step, their tests, and what failed
        after such changes.

        paths: The files that change; at most 100.
        after: A position that must be seen.
        agent: Who acts.
        project: The project; without it the token's only one, or the client's.
        projects: More projects, for reads.
        record: Whether what is asked and answered is kept to learn from; true when not said.
        session: The run of an agent that this belongs to.
        """
        given: dict[str, Any] = {
            "paths": paths,
            "after": after,
            "agent": agent,
            "project": project,
            "projects": projects,
            "record": record,
            "session": session,
        }
        return cast("CodeImpactResult", self._client.call("code", "impact", given))

    def hotspots(
        self,
        *,
        limit: int | None = None,
        cursor: str | None = None,
        after: dict[str, dict[str, int]] | None = None,
        agent: str | None = None,
        project: str | None = None,
        projects: List[str] | None = None,
        record: bool | None = None,
        session: str | None = None,
    ) -> CodeHotspotsResult:
        """Where changes break most: files by changes × complexity × (failures + 1), as far as events tell.

        limit: At most so many; 20 when not said.
        cursor: Where the page before ended.
        after: A position that must be seen.
        agent: Who acts.
        project: The project; without it the token's only one, or the client's.
        projects: More projects, for reads.
        record: Whether what is asked and answered is kept to learn from; true when not said.
        session: The run of an agent that this belongs to.
        """
        given: dict[str, Any] = {
            "limit": limit,
            "cursor": cursor,
            "after": after,
            "agent": agent,
            "project": project,
            "projects": projects,
            "record": record,
            "session": session,
        }
        return cast("CodeHotspotsResult", self._client.call("code", "hotspots", given))

    def statistics(
        self,
        *,
        after: dict[str, dict[str, int]] | None = None,
        agent: str | None = None,
        project: str | None = None,
        projects: List[str] | None = None,
        record: bool | None = None,
        session: str | None = None,
    ) -> CodeStatisticsResult:
        """How much code there is, by language, and the runs of the index that this server remembers.

        after: A position that must be seen.
        agent: Who acts.
        project: The project; without it the token's only one, or the client's.
        projects: More projects, for reads.
        record: Whether what is asked and answered is kept to learn from; true when not said.
        session: The run of an agent that this belongs to.
        """
        given: dict[str, Any] = {
            "after": after,
            "agent": agent,
            "project": project,
            "projects": projects,
            "record": record,
            "session": session,
        }
        return cast("CodeStatisticsResult", self._client.call("code", "statistics", given))

    def insight(
        self,
        *,
        path: str,
        content: str,
        symbol: str | None = None,
        tags: List[str] | None = None,
        after: dict[str, dict[str, int]] | None = None,
        agent: str | None = None,
        event_id: str | None = None,
        project: str | None = None,
        session: str | None = None,
    ) -> CodeInsightResult:
        """Remembers a finding about code, tied to its path: a memory labelled `insight`, found by recall
        and shown by `code.file`.

        path: The file or folder that it is about, as `code.file` names it.
        content: The finding.
        symbol: The symbol that it is about.
        tags: More labels.
        after: A position that must be seen.
        agent: Who acts.
        event_id: Makes a write idempotent.
        project: The project; without it the token's only one, or the client's.
        session: The run of an agent that this belongs to.
        """
        given: dict[str, Any] = {
            "path": path,
            "content": content,
            "symbol": symbol,
            "tags": tags,
            "after": after,
            "agent": agent,
            "event_id": event_id,
            "project": project,
            "session": session,
        }
        return cast("CodeInsightResult", self._client.call("code", "insight", given))

    def workspace(
        self,
        *,
        session: str | None = None,
        after: dict[str, dict[str, int]] | None = None,
        agent: str | None = None,
        project: str | None = None,
        projects: List[str] | None = None,
        record: bool | None = None,
    ) -> CodeWorkspaceResult:
        """Where somebody is at work: open files, branch, cursor, last edits, as the events of an editor or
        agent tell. Of a session, or of whatever was recorded last.

        session: The run of an agent or editor.
        after: A position that must be seen.
        agent: Who acts.
        project: The project; without it the token's only one, or the client's.
        projects: More projects, for reads.
        record: Whether what is asked and answered is kept to learn from; true when not said.
        """
        given: dict[str, Any] = {
            "session": session,
            "after": after,
            "agent": agent,
            "project": project,
            "projects": projects,
            "record": record,
        }
        return cast("CodeWorkspaceResult", self._client.call("code", "workspace", given))


class Meta:
    def __init__(self, client: "Athena") -> None:
        self._client = client

    def quality(
        self,
        *,
        scope: str | None = None,
        after: dict[str, dict[str, int]] | None = None,
        agent: str | None = None,
        project: str | None = None,
        projects: List[str] | None = None,
        record: bool | None = None,
        session: str | None = None,
    ) -> MetaQualityResult:
        """How good the memory is: how much it says in little, how often what was needed was found, how
        much of it holds, and how current it is.

        scope: Of the table of that name alone, such as `episodes`: compression is events for each of
            its rows.
        after: A position that must be seen.
        agent: Who acts.
        project: The project; without it the token's only one, or the client's.
        projects: More projects, for reads.
        record: Whether what is asked and answered is kept to learn from; true when not said.
        session: The run of an agent that this belongs to.
        """
        given: dict[str, Any] = {
            "scope": scope,
            "after": after,
            "agent": agent,
            "project": project,
            "projects": projects,
            "record": record,
            "session": session,
        }
        return cast("MetaQualityResult", self._client.call("meta", "quality", given))

    def coverage(
        self,
        *,
        limit: int | None = None,
        after: dict[str, dict[str, int]] | None = None,
        agent: str | None = None,
        project: str | None = None,
        projects: List[str] | None = None,
        record: bool | None = None,
        session: str | None = None,
    ) -> MetaCoverageResult:
        """What the memory is about: domains of work, the deepest known first. A domain is the last two
        folders of files that were touched, else a tool, else talk.

        limit: How many, from 1 to 1000; 20 when not said.
        after: A position that must be seen.
        agent: Who acts.
        project: The project; without it the token's only one, or the client's.
        projects: More projects, for reads.
        record: Whether what is asked and answered is kept to learn from; true when not said.
        session: The run of an agent that this belongs to.
        """
        given: dict[str, Any] = {
            "limit": limit,
            "after": after,
            "agent": agent,
            "project": project,
            "projects": projects,
            "record": record,
            "session": session,
        }
        return cast("MetaCoverageResult", self._client.call("meta", "coverage", given))

    def gaps(
        self,
        *,
        limit: int | None = None,
        after: dict[str, dict[str, int]] | None = None,
        agent: str | None = None,
        project: str | None = None,
        projects: List[str] | None = None,
        record: bool | None = None,
        session: str | None = None,
    ) -> MetaGapsResult:
        """What is missing: questions that nothing came back to, those asked most often first; entities
        that are known by name only; and facts that somebody spoke against.

        limit: How many of each, from 1 to 1000; 20 when not said.
        after: A position that must be seen.
        agent: Who acts.
        project: The project; without it the token's only one, or the client's.
        projects: More projects, for reads.
        record: Whether what is asked and answered is kept to learn from; true when not said.
        session: The run of an agent that this belongs to.
        """
        given: dict[str, Any] = {
            "limit": limit,
            "after": after,
            "agent": agent,
            "project": project,
            "projects": projects,
            "record": record,
            "session": session,
        }
        return cast("MetaGapsResult", self._client.call("meta", "gaps", given))

    def expertise(
        self,
        *,
        domain: str | None = None,
        agent: str | None = None,
        limit: int | None = None,
        after: dict[str, dict[str, int]] | None = None,
        project: str | None = None,
        projects: List[str] | None = None,
        record: bool | None = None,
        session: str | None = None,
    ) -> MetaExpertiseResult:
        """How good the agents are in domains of work, from how what they did there ended.

        domain: Only this domain, as `coverage` names it.
        agent: Only of this agent; `agent` without it is who asks.
        limit: How many, from 1 to 1000; 20 when not said.
        after: A position that must be seen.
        project: The project; without it the token's only one, or the client's.
        projects: More projects, for reads.
        record: Whether what is asked and answered is kept to learn from; true when not said.
        session: The run of an agent that this belongs to.
        """
        given: dict[str, Any] = {
            "domain": domain,
            "agent": agent,
            "limit": limit,
            "after": after,
            "project": project,
            "projects": projects,
            "record": record,
            "session": session,
        }
        return cast("MetaExpertiseResult", self._client.call("meta", "expertise", given))

    def confidence(
        self,
        *,
        id: str,
        after: dict[str, dict[str, int]] | None = None,
        agent: str | None = None,
        project: str | None = None,
        projects: List[str] | None = None,
        record: bool | None = None,
        session: str | None = None,
    ) -> MetaConfidenceResult:
        """How far an item can be relied on: what it rests on, its age, how often it was said to be useful,
        and how often what the same source told was.

        id: Id of a memory, an event, a note, or something that runs found.
        after: A position that must be seen.
        agent: Who acts.
        project: The project; without it the token's only one, or the client's.
        projects: More projects, for reads.
        record: Whether what is asked and answered is kept to learn from; true when not said.
        session: The run of an agent that this belongs to.
        """
        given: dict[str, Any] = {
            "id": id,
            "after": after,
            "agent": agent,
            "project": project,
            "projects": projects,
            "record": record,
            "session": session,
        }
        return cast("MetaConfidenceResult", self._client.call("meta", "confidence", given))

    def learning_rate(
        self,
        *,
        limit: int | None = None,
        after: dict[str, dict[str, int]] | None = None,
        agent: str | None = None,
        project: str | None = None,
        projects: List[str] | None = None,
        record: bool | None = None,
        session: str | None = None,
    ) -> MetaLearningRateResult:
        """How fast outcomes improve, per domain: the success rate of the later half of them, in the order
        of time, less that of the earlier half.

        limit: How many, from 1 to 1000; 20 when not said.
        after: A position that must be seen.
        agent: Who acts.
        project: The project; without it the token's only one, or the client's.
        projects: More projects, for reads.
        record: Whether what is asked and answered is kept to learn from; true when not said.
        session: The run of an agent that this belongs to.
        """
        given: dict[str, Any] = {
            "limit": limit,
            "after": after,
            "agent": agent,
            "project": project,
            "projects": projects,
            "record": record,
            "session": session,
        }
        return cast("MetaLearningRateResult", self._client.call("meta", "learning_rate", given))

    def reflect(
        self,
        *,
        since: str | None = None,
        limit: int | None = None,
        after: dict[str, dict[str, int]] | None = None,
        agent: str | None = None,
        project: str | None = None,
        projects: List[str] | None = None,
        record: bool | None = None,
        session: str | None = None,
    ) -> MetaReflectResult:
        """What went well, what fails again and again, and what to change: kinds of calls, by how they
        ended.

        since: Only what happened since: RFC 3339, or an age such as `7d`.
        limit: How many of each, from 1 to 1000; 20 when not said.
        after: A position that must be seen.
        agent: Who acts.
        project: The project; without it the token's only one, or the client's.
        projects: More projects, for reads.
        record: Whether what is asked and answered is kept to learn from; true when not said.
        session: The run of an agent that this belongs to.
        """
        given: dict[str, Any] = {
            "since": since,
            "limit": limit,
            "after": after,
            "agent": agent,
            "project": project,
            "projects": projects,
            "record": record,
            "session": session,
        }
        return cast("MetaReflectResult", self._client.call("meta", "reflect", given))

    def usage(
        self,
        *,
        limit: int | None = None,
        after: dict[str, dict[str, int]] | None = None,
        agent: str | None = None,
        project: str | None = None,
        projects: List[str] | None = None,
        record: bool | None = None,
        session: str | None = None,
    ) -> MetaUsageResult:
        """What is recalled most, which memories never are, and which operations are asked.

        limit: How many of each, from 1 to 1000; 20 when not said.
        after: A position that must be seen.
        agent: Who acts.
        project: The project; without it the token's only one, or the client's.
        projects: More projects, for reads.
        record: Whether what is asked and answered is kept to learn from; true when not said.
        session: The run of an agent that this belongs to.
        """
        given: dict[str, Any] = {
            "limit": limit,
            "after": after,
            "agent": agent,
            "project": project,
            "projects": projects,
            "record": record,
            "session": session,
        }
        return cast("MetaUsageResult", self._client.call("meta", "usage", given))

    def summary(
        self,
        *,
        after: dict[str, dict[str, int]] | None = None,
        agent: str | None = None,
        project: str | None = None,
        projects: List[str] | None = None,
        record: bool | None = None,
        session: str | None = None,
    ) -> MetaSummaryResult:
        """How good the memory is, what it is about, what it lacks, what went well and what did not, and
        what it is used for: the first five of each.

        after: A position that must be seen.
        agent: Who acts.
        project: The project; without it the token's only one, or the client's.
        projects: More projects, for reads.
        record: Whether what is asked and answered is kept to learn from; true when not said.
        session: The run of an agent that this belongs to.
        """
        given: dict[str, Any] = {
            "after": after,
            "agent": agent,
            "project": project,
            "projects": projects,
            "record": record,
            "session": session,
        }
        return cast("MetaSummaryResult", self._client.call("meta", "summary", given))


class Attention:
    def __init__(self, client: "Athena") -> None:
        self._client = client

    def get(
        self,
        *,
        after: dict[str, dict[str, int]] | None = None,
        agent: str | None = None,
        project: str | None = None,
        projects: List[str] | None = None,
        record: bool | None = None,
        session: str | None = None,
    ) -> AttentionGetResult:
        """What is in mind, the strongest first: of the session named, else of the agent, else of the
        project.

        after: A position that must be seen.
        agent: Who acts.
        project: The project; without it the token's only one, or the client's.
        projects: More projects, for reads.
        record: Whether what is asked and answered is kept to learn from; true when not said.
        session: The run of an agent that this belongs to.
        """
        given: dict[str, Any] = {
            "after": after,
            "agent": agent,
            "project": project,
            "projects": projects,
            "record": record,
            "session": session,
        }
        return cast("AttentionGetResult", self._client.call("attention", "get", given))

    def focus(
        self,
        *,
        id: str | None = None,
        text: str | None = None,
        after: dict[str, dict[str, int]] | None = None,
        agent: str | None = None,
        event_id: str | None = None,
        project: str | None = None,
        session: str | None = None,
    ) -> AttentionFocusResult:
        """Brings something to mind: a memory, event or note by its id, or any text. What is there already
        gets stronger; where there is no room, the weakest leaves.

        id: Id of an event, a memory or a note. Either this or `text`.
        text: A thought, in at most 200 characters.
        after: A position that must be seen.
        agent: Who acts.
        event_id: Makes a write idempotent.
        project: The project; without it the token's only one, or the client's.
        session: The run of an agent that this belongs to.
        """
        given: dict[str, Any] = {
            "id": id,
            "text": text,
            "after": after,
            "agent": agent,
            "event_id": event_id,
            "project": project,
            "session": session,
        }
        return cast("AttentionFocusResult", self._client.call("attention", "focus", given))

    def release(
        self,
        *,
        id: str,
        after: dict[str, dict[str, int]] | None = None,
        agent: str | None = None,
        event_id: str | None = None,
        project: str | None = None,
        session: str | None = None,
    ) -> AttentionReleaseResult:
        """Lets something out of mind.

        id: Its id, as `attention.get` tells it.
        after: A position that must be seen.
        agent: Who acts.
        event_id: Makes a write idempotent.
        project: The project; without it the token's only one, or the client's.
        session: The run of an agent that this belongs to.
        """
        given: dict[str, Any] = {
            "id": id,
            "after": after,
            "agent": agent,
            "event_id": event_id,
            "project": project,
            "session": session,
        }
        return cast("AttentionReleaseResult", self._client.call("attention", "release", given))

    def clear(
        self,
        *,
        after: dict[str, dict[str, int]] | None = None,
        agent: str | None = None,
        event_id: str | None = None,
        project: str | None = None,
        session: str | None = None,
    ) -> AttentionClearResult:
        """Lets everything out of mind. Settings stay, and what is kept out stays out.

        after: A position that must be seen.
        agent: Who acts.
        event_id: Makes a write idempotent.
        project: The project; without it the token's only one, or the client's.
        session: The run of an agent that this belongs to.
        """
        given: dict[str, Any] = {
            "after": after,
            "agent": agent,
            "event_id": event_id,
            "project": project,
            "session": session,
        }
        return cast("AttentionClearResult", self._client.call("attention", "clear", given))

    def load(
        self,
        *,
        after: dict[str, dict[str, int]] | None = None,
        agent: str | None = None,
        project: str | None = None,
        projects: List[str] | None = None,
        record: bool | None = None,
        session: str | None = None,
    ) -> AttentionLoadResult:
        """How full each working memory of the project is, those that changed last first.

        after: A position that must be seen.
        agent: Who acts.
        project: The project; without it the token's only one, or the client's.
        projects: More projects, for reads.
        record: Whether what is asked and answered is kept to learn from; true when not said.
        session: The run of an agent that this belongs to.
        """
        given: dict[str, Any] = {
            "after": after,
            "agent": agent,
            "project": project,
            "projects": projects,
            "record": record,
            "session": session,
        }
        return cast("AttentionLoadResult", self._client.call("attention", "load", given))

    def salience(
        self,
        *,
        ids: List[str],
        after: dict[str, dict[str, int]] | None = None,
        agent: str | None = None,
        project: str | None = None,
        projects: List[str] | None = None,
        record: bool | None = None,
        session: str | None = None,
    ) -> AttentionSalienceResult:
        """How much events, memories and notes deserve attention, the most first. What is not known is
        null, with the reason, and does not count.

        ids: Ids of events, memories and notes; at most 100.
        after: A position that must be seen.
        agent: Who acts.
        project: The project; without it the token's only one, or the client's.
        projects: More projects, for reads.
        record: Whether what is asked and answered is kept to learn from; true when not said.
        session: The run of an agent that this belongs to.
        """
        given: dict[str, Any] = {
            "ids": ids,
            "after": after,
            "agent": agent,
            "project": project,
            "projects": projects,
            "record": record,
            "session": session,
        }
        return cast("AttentionSalienceResult", self._client.call("attention", "salience", given))

    def auto_focus(
        self,
        *,
        query: str,
        after: dict[str, dict[str, int]] | None = None,
        agent: str | None = None,
        event_id: str | None = None,
        project: str | None = None,
        session: str | None = None,
    ) -> AttentionAutoFocusResult:
        """Brings to mind what bears on a question, the most salient of it; what is weaker leaves. Nothing
        where nothing bears on it.

        query: What it is about.
        after: A position that must be seen.
        agent: Who acts.
        event_id: Makes a write idempotent.
        project: The project; without it the token's only one, or the client's.
        session: The run of an agent that this belongs to.
        """
        given: dict[str, Any] = {
            "query": query,
            "after": after,
            "agent": agent,
            "event_id": event_id,
            "project": project,
            "session": session,
        }
        return cast("AttentionAutoFocusResult", self._client.call("attention", "auto_focus", given))

    def inhibit(
        self,
        *,
        id: str,
        for_: str,
        after: dict[str, dict[str, int]] | None = None,
        agent: str | None = None,
        event_id: str | None = None,
        project: str | None = None,
        session: str | None = None,
    ) -> AttentionInhibitResult:
        """Keeps something out of mind for a while.

        id: Its id.
        for_: For how long: `30s`, `15m`, `2h`, `7d`.
        after: A position that must be seen.
        agent: Who acts.
        event_id: Makes a write idempotent.
        project: The project; without it the token's only one, or the client's.
        session: The run of an agent that this belongs to.
        """
        given: dict[str, Any] = {
            "id": id,
            "for": for_,
            "after": after,
            "agent": agent,
            "event_id": event_id,
            "project": project,
            "session": session,
        }
        return cast("AttentionInhibitResult", self._client.call("attention", "inhibit", given))

    def configure(
        self,
        *,
        capacity: int | None = None,
        decay: float | None = None,
        after: dict[str, dict[str, int]] | None = None,
        agent: str | None = None,
        event_id: str | None = None,
        project: str | None = None,
        session: str | None = None,
    ) -> AttentionConfigureResult:
        """How much is held in mind, and how fast it fades.

        capacity: How many things, from 5 to 9; 7 when never said.
        decay: The exponent by which activation falls with age, from 0.05 to 0.95; 0.5 when never said.
        after: A position that must be seen.
        agent: Who acts.
        event_id: Makes a write idempotent.
        project: The project; without it the token's only one, or the client's.
        session: The run of an agent that this belongs to.
        """
        given: dict[str, Any] = {
            "capacity": capacity,
            "decay": decay,
            "after": after,
            "agent": agent,
            "event_id": event_id,
            "project": project,
            "session": session,
        }
        return cast("AttentionConfigureResult", self._client.call("attention", "configure", given))


class Consolidation:
    def __init__(self, client: "Athena") -> None:
        self._client = client

    def run(
        self,
        *,
        scope: Literal["new", "all"] | None = None,
        wait: bool | None = None,
        after: dict[str, dict[str, int]] | None = None,
        agent: str | None = None,
        event_id: str | None = None,
        project: str | None = None,
        session: str | None = None,
    ) -> ConsolidationRunResult:
        """Asks for a run: what was learned is derived from what happened since the last one. It goes on
        behind its id; `status` tells how far it is.

        scope: `new`, what has changed, or `all`, everything anew; `new` when not said.
        wait: Whether to wait for its end.
        after: A position that must be seen.
        agent: Who acts.
        event_id: Makes a write idempotent.
        project: The project; without it the token's only one, or the client's.
        session: The run of an agent that this belongs to.
        """
        given: dict[str, Any] = {
            "scope": scope,
            "wait": wait,
            "after": after,
            "agent": agent,
            "event_id": event_id,
            "project": project,
            "session": session,
        }
        return cast("ConsolidationRunResult", self._client.call("consolidation", "run", given))

    def status(
        self,
        *,
        run: str | None = None,
        after: dict[str, dict[str, int]] | None = None,
        agent: str | None = None,
        project: str | None = None,
        projects: List[str] | None = None,
        record: bool | None = None,
        session: str | None = None,
    ) -> ConsolidationStatusResult:
        """How far a run is: the stage, the rows written, the time it takes. Without `run`, the one that is
        going on, else the last.

        run: A run or a request.
        after: A position that must be seen.
        agent: Who acts.
        project: The project; without it the token's only one, or the client's.
        projects: More projects, for reads.
        record: Whether what is asked and answered is kept to learn from; true when not said.
        session: The run of an agent that this belongs to.
        """
        given: dict[str, Any] = {
            "run": run,
            "after": after,
            "agent": agent,
            "project": project,
            "projects": projects,
            "record": record,
            "session": session,
        }
        return cast("ConsolidationStatusResult", self._client.call("consolidation", "status", given))

    def schedule(
        self,
        *,
        every: str | None = None,
        after_events: int | None = None,
        after: dict[str, dict[str, int]] | None = None,
        agent: str | None = None,
        event_id: str | None = None,
        project: str | None = None,
        session: str | None = None,
    ) -> ConsolidationScheduleResult:
        """When a project's runs happen, whatever the configuration says: at least so often, or after so
        many new events. What is not named stays as it is.

        every: At least this often, when there is anything new: `30s`, `15m`, `2h`, at most `30d`.
            Either this or `after_events`.
        after_events: As soon as there are so many new events.
        after: A position that must be seen.
        agent: Who acts.
        event_id: Makes a write idempotent.
        project: The project; without it the token's only one, or the client's.
        session: The run of an agent that this belongs to.
        """
        given: dict[str, Any] = {
            "every": every,
            "after_events": after_events,
            "after": after,
            "agent": agent,
            "event_id": event_id,
            "project": project,
            "session": session,
        }
        return cast("ConsolidationScheduleResult", self._client.call("consolidation", "schedule", given))

    def cancel(
        self,
        *,
        run: str,
        after: dict[str, dict[str, int]] | None = None,
        agent: str | None = None,
        event_id: str | None = None,
        project: str | None = None,
        session: str | None = None,
    ) -> ConsolidationCancelResult:
        """Ends a run at its next stage, or one that has not begun; nothing of it is ever seen. One that
        has ended stays as it is.

        run: A run or a request.
        after: A position that must be seen.
        agent: Who acts.
        event_id: Makes a write idempotent.
        project: The project; without it the token's only one, or the client's.
        session: The run of an agent that this belongs to.
        """
        given: dict[str, Any] = {
            "run": run,
            "after": after,
            "agent": agent,
            "event_id": event_id,
            "project": project,
            "session": session,
        }
        return cast("ConsolidationCancelResult", self._client.call("consolidation", "cancel", given))

    def history(
        self,
        *,
        limit: int | None = None,
        cursor: str | None = None,
        after: dict[str, dict[str, int]] | None = None,
        agent: str | None = None,
        project: str | None = None,
        projects: List[str] | None = None,
        record: bool | None = None,
        session: str | None = None,
    ) -> ConsolidationHistoryResult:
        """Runs that have ended, the newest first: what each read and wrote, and how long it took.

        limit: How many, from 1 to 1000; 20 when not said.
        cursor: `next_cursor` of the page before.
        after: A position that must be seen.
        agent: Who acts.
        project: The project; without it the token's only one, or the client's.
        projects: More projects, for reads.
        record: Whether what is asked and answered is kept to learn from; true when not said.
        session: The run of an agent that this belongs to.
        """
        given: dict[str, Any] = {
            "limit": limit,
            "cursor": cursor,
            "after": after,
            "agent": agent,
            "project": project,
            "projects": projects,
            "record": record,
            "session": session,
        }
        return cast("ConsolidationHistoryResult", self._client.call("consolidation", "history", given))

    def quality(
        self,
        *,
        run: str | None = None,
        after: dict[str, dict[str, int]] | None = None,
        agent: str | None = None,
        project: str | None = None,
        projects: List[str] | None = None,
        record: bool | None = None,
        session: str | None = None,
    ) -> ConsolidationQualityResult:
        """How good a run is, as it measured itself; without `run`, the newest complete one, and how the
        numbers went before.

        run: A run or a request.
        after: A position that must be seen.
        agent: Who acts.
        project: The project; without it the token's only one, or the client's.
        projects: More projects, for reads.
        record: Whether what is asked and answered is kept to learn from; true when not said.
        session: The run of an agent that this belongs to.
        """
        given: dict[str, Any] = {
            "run": run,
            "after": after,
            "agent": agent,
            "project": project,
            "projects": projects,
            "record": record,
            "session": session,
        }
        return cast("ConsolidationQualityResult", self._client.call("consolidation", "quality", given))

    def compare(
        self,
        *,
        a: str,
        b: str,
        after: dict[str, dict[str, int]] | None = None,
        agent: str | None = None,
        project: str | None = None,
        projects: List[str] | None = None,
        record: bool | None = None,
        session: str | None = None,
    ) -> ConsolidationCompareResult:
        """How two runs differ: what each read, what stood after it, by table, and the numbers of their
        quality.

        a: A run or a request.
        b: The other.
        after: A position that must be seen.
        agent: Who acts.
        project: The project; without it the token's only one, or the client's.
        projects: More projects, for reads.
        record: Whether what is asked and answered is kept to learn from; true when not said.
        session: The run of an agent that this belongs to.
        """
        given: dict[str, Any] = {
            "a": a,
            "b": b,
            "after": after,
            "agent": agent,
            "project": project,
            "projects": projects,
            "record": record,
            "session": session,
        }
        return cast("ConsolidationCompareResult", self._client.call("consolidation", "compare", given))

    def patterns(
        self,
        *,
        kind: str | None = None,
        limit: int | None = None,
        cursor: str | None = None,
        after: dict[str, dict[str, int]] | None = None,
        agent: str | None = None,
        project: str | None = None,
        projects: List[str] | None = None,
        record: bool | None = None,
        session: str | None = None,
    ) -> ConsolidationPatternsResult:
        """What the runs found, the best supported first: episodes, procedures, facts, communities; by
        `kind` also entities, relations, associations.

        kind: Only of this kind, such as `entity`.
        limit: How many, from 1 to 1000; 20 when not said.
        cursor: `next_cursor` of the page before.
        after: A position that must be seen.
        agent: Who acts.
        project: The project; without it the token's only one, or the client's.
        projects: More projects, for reads.
        record: Whether what is asked and answered is kept to learn from; true when not said.
        session: The run of an agent that this belongs to.
        """
        given: dict[str, Any] = {
            "kind": kind,
            "limit": limit,
            "cursor": cursor,
            "after": after,
            "agent": agent,
            "project": project,
            "projects": projects,
            "record": record,
            "session": session,
        }
        return cast("ConsolidationPatternsResult", self._client.call("consolidation", "patterns", given))

    def explain(
        self,
        *,
        id: str,
        limit: int | None = None,
        cursor: str | None = None,
        after: dict[str, dict[str, int]] | None = None,
        agent: str | None = None,
        project: str | None = None,
        projects: List[str] | None = None,
        record: bool | None = None,
        session: str | None = None,
    ) -> ConsolidationExplainResult:
        """Leads something learned or told back to the events that it rests on, the newest first: an
        episode, a procedure, a fact, a community, an entity, a relation, an association, a memory.

        id: Its id.
        limit: How many events, from 1 to 1000; 20 when not said.
        cursor: `next_cursor` of the page before.
        after: A position that must be seen.
        agent: Who acts.
        project: The project; without it the token's only one, or the client's.
        projects: More projects, for reads.
        record: Whether what is asked and answered is kept to learn from; true when not said.
        session: The run of an agent that this belongs to.
        """
        given: dict[str, Any] = {
            "id": id,
            "limit": limit,
            "cursor": cursor,
            "after": after,
            "agent": agent,
            "project": project,
            "projects": projects,
            "record": record,
            "session": session,
        }
        return cast("ConsolidationExplainResult", self._client.call("consolidation", "explain", given))

    def clusters(
        self,
        *,
        type: str | None = None,
        limit: int | None = None,
        cursor: str | None = None,
        after: dict[str, dict[str, int]] | None = None,
        agent: str | None = None,
        project: str | None = None,
        projects: List[str] | None = None,
        record: bool | None = None,
        session: str | None = None,
    ) -> ConsolidationClustersResult:
        """Groups of events that say nearly the same, the largest first, each with the one that is most
        like the others. Looks at the newest 5,000 events.

        type: Only events of this type.
        limit: How many, from 1 to 1000; 20 when not said.
        cursor: `next_cursor` of the page before.
        after: A position that must be seen.
        agent: Who acts.
        project: The project; without it the token's only one, or the client's.
        projects: More projects, for reads.
        record: Whether what is asked and answered is kept to learn from; true when not said.
        session: The run of an agent that this belongs to.
        """
        given: dict[str, Any] = {
            "type": type,
            "limit": limit,
            "cursor": cursor,
            "after": after,
            "agent": agent,
            "project": project,
            "projects": projects,
            "record": record,
            "session": session,
        }
        return cast("ConsolidationClustersResult", self._client.call("consolidation", "clusters", given))

    def validate(
        self,
        *,
        pattern: str,
        after: dict[str, dict[str, int]] | None = None,
        agent: str | None = None,
        project: str | None = None,
        projects: List[str] | None = None,
        record: bool | None = None,
        session: str | None = None,
    ) -> ConsolidationValidateResult:
        """Looks at something learned again (System 2): what speaks for it and what against. The worker
        tests each procedure that is uncertain once, in sessions that it was not learned from; a
        language model, where one is configured, judges the events.

        pattern: Id of what a run found.
        after: A position that must be seen.
        agent: Who acts.
        project: The project; without it the token's only one, or the client's.
        projects: More projects, for reads.
        record: Whether what is asked and answered is kept to learn from; true when not said.
        session: The run of an agent that this belongs to.
        """
        given: dict[str, Any] = {
            "pattern": pattern,
            "after": after,
            "agent": agent,
            "project": project,
            "projects": projects,
            "record": record,
            "session": session,
        }
        return cast("ConsolidationValidateResult", self._client.call("consolidation", "validate", given))

    def decay(
        self,
        *,
        dry_run: bool | None = None,
        after: dict[str, dict[str, int]] | None = None,
        agent: str | None = None,
        event_id: str | None = None,
        project: str | None = None,
        session: str | None = None,
    ) -> ConsolidationDecayResult:
        """Lets memories fade: the strength of each is its base-level activation (ACT-R, Anderson 1990),
        raised by its importance. Tells which are too weak to stay, or forgets them. What is pinned
        stays.

        dry_run: Whether to tell only; true when not said.
        after: A position that must be seen.
        agent: Who acts.
        event_id: Makes a write idempotent.
        project: The project; without it the token's only one, or the client's.
        session: The run of an agent that this belongs to.
        """
        given: dict[str, Any] = {
            "dry_run": dry_run,
            "after": after,
            "agent": agent,
            "event_id": event_id,
            "project": project,
            "session": session,
        }
        return cast("ConsolidationDecayResult", self._client.call("consolidation", "decay", given))


class Planning:
    def __init__(self, client: "Athena") -> None:
        self._client = client

    def create(
        self,
        *,
        goal: str | None = None,
        task: str | None = None,
        text: str | None = None,
        after: dict[str, dict[str, int]] | None = None,
        agent: str | None = None,
        event_id: str | None = None,
        project: str | None = None,
        session: str | None = None,
    ) -> PlanningCreateResult:
        """Makes a plan for a goal, a task or a text from finished tasks, sessions and procedures that are
        near and went well: the way of the one that is most like the others, without what only few did.
        How often a step failed is told of all that is near, also of what went wrong. Its sources stand
        in it with how near they are. Where nothing is near it has no steps, and says so.

        goal: Id of a goal. Give one of the three.
        task: Id of a task.
        text: What is to be done.
        after: A position that must be seen.
        agent: Who acts.
        event_id: Makes a write idempotent.
        project: The project; without it the token's only one, or the client's.
        session: The run of an agent that this belongs to.
        """
        given: dict[str, Any] = {
            "goal": goal,
            "task": task,
            "text": text,
            "after": after,
            "agent": agent,
            "event_id": event_id,
            "project": project,
            "session": session,
        }
        return cast("PlanningCreateResult", self._client.call("planning", "create", given))

    def get(
        self,
        *,
        plan: str,
        after: dict[str, dict[str, int]] | None = None,
        agent: str | None = None,
        project: str | None = None,
        projects: List[str] | None = None,
        record: bool | None = None,
        session: str | None = None,
    ) -> PlanningGetResult:
        """A plan with its steps, and what they come from.

        plan: Id of the plan.
        after: A position that must be seen.
        agent: Who acts.
        project: The project; without it the token's only one, or the client's.
        projects: More projects, for reads.
        record: Whether what is asked and answered is kept to learn from; true when not said.
        session: The run of an agent that this belongs to.
        """
        given: dict[str, Any] = {
            "plan": plan,
            "after": after,
            "agent": agent,
            "project": project,
            "projects": projects,
            "record": record,
            "session": session,
        }
        return cast("PlanningGetResult", self._client.call("planning", "get", given))

    def list(
        self,
        *,
        limit: int | None = None,
        cursor: str | None = None,
        after: dict[str, dict[str, int]] | None = None,
        agent: str | None = None,
        project: str | None = None,
        projects: List[str] | None = None,
        record: bool | None = None,
        session: str | None = None,
    ) -> PlanningListResult:
        """Plans, the one that was changed last first.

        limit: At most so many; 20 when not said.
        cursor: Where the page before ended.
        after: A position that must be seen.
        agent: Who acts.
        project: The project; without it the token's only one, or the client's.
        projects: More projects, for reads.
        record: Whether what is asked and answered is kept to learn from; true when not said.
        session: The run of an agent that this belongs to.
        """
        given: dict[str, Any] = {
            "limit": limit,
            "cursor": cursor,
            "after": after,
            "agent": agent,
            "project": project,
            "projects": projects,
            "record": record,
            "session": session,
        }
        return cast("PlanningListResult", self._client.call("planning", "list", given))

    def decompose(
        self,
        *,
        text: str,
        strategy: Literal["hierarchical", "procedural", "by_file"],
        after: dict[str, dict[str, int]] | None = None,
        agent: str | None = None,
        project: str | None = None,
        projects: List[str] | None = None,
        record: bool | None = None,
        session: str | None = None,
    ) -> PlanningDecomposeResult:
        """Cuts what is to be done into parts, as near work was done: `procedural` in its steps,
        `hierarchical` in stretches of one tool with their steps, `by_file` by the files that were
        touched.

        text: What is to be done.
        strategy: `hierarchical`, `procedural` or `by_file`.
        after: A position that must be seen.
        agent: Who acts.
        project: The project; without it the token's only one, or the client's.
        projects: More projects, for reads.
        record: Whether what is asked and answered is kept to learn from; true when not said.
        session: The run of an agent that this belongs to.
        """
        given: dict[str, Any] = {
            "text": text,
            "strategy": strategy,
            "after": after,
            "agent": agent,
            "project": project,
            "projects": projects,
            "record": record,
            "session": session,
        }
        return cast("PlanningDecomposeResult", self._client.call("planning", "decompose", given))

    def validate(
        self,
        *,
        plan: str,
        after: dict[str, dict[str, int]] | None = None,
        agent: str | None = None,
        project: str | None = None,
        projects: List[str] | None = None,
        record: bool | None = None,
        session: str | None = None,
    ) -> PlanningValidateResult:
        """Looks a plan over: steps that near work had and it has not, steps that wait in a circle or for
        what is not there, tasks that must be over first, and steps that failed in the past.

        plan: Id of the plan.
        after: A position that must be seen.
        agent: Who acts.
        project: The project; without it the token's only one, or the client's.
        projects: More projects, for reads.
        record: Whether what is asked and answered is kept to learn from; true when not said.
        session: The run of an agent that this belongs to.
        """
        given: dict[str, Any] = {
            "plan": plan,
            "after": after,
            "agent": agent,
            "project": project,
            "projects": projects,
            "record": record,
            "session": session,
        }
        return cast("PlanningValidateResult", self._client.call("planning", "validate", given))

    def verify(
        self,
        *,
        plan: str,
        properties: List[Literal["safe", "complete", "consistent", "feasible", "reversible"]] | None = None,
        after: dict[str, dict[str, int]] | None = None,
        agent: str | None = None,
        project: str | None = None,
        projects: List[str] | None = None,
        record: bool | None = None,
        session: str | None = None,
    ) -> PlanningVerifyResult:
        """Says of a plan whether it is complete (what it needs is there), consistent (nothing waits for
        itself), feasible (p90 ends before the deadline), reversible (each step changes nothing, or its
        undo was seen in near work), and safe (no policy denies a step, as it was done before).

        plan: Id of the plan.
        properties: Of `safe`, `complete`, `consistent`, `feasible`, `reversible`; all when not said.
        after: A position that must be seen.
        agent: Who acts.
        project: The project; without it the token's only one, or the client's.
        projects: More projects, for reads.
        record: Whether what is asked and answered is kept to learn from; true when not said.
        session: The run of an agent that this belongs to.
        """
        given: dict[str, Any] = {
            "plan": plan,
            "properties": properties,
            "after": after,
            "agent": agent,
            "project": project,
            "projects": projects,
            "record": record,
            "session": session,
        }
        return cast("PlanningVerifyResult", self._client.call("planning", "verify", given))

    def alternatives(
        self,
        *,
        plan: str,
        after: dict[str, dict[str, int]] | None = None,
        agent: str | None = None,
        project: str | None = None,
        projects: List[str] | None = None,
        record: bool | None = None,
        session: str | None = None,
    ) -> PlanningAlternativesResult:
        """Other ways in which near work was done, each with its trade-offs beside the plan's: steps, time,
        odds, how near it is, and how it ended.

        plan: Id of the plan.
        after: A position that must be seen.
        agent: Who acts.
        project: The project; without it the token's only one, or the client's.
        projects: More projects, for reads.
        record: Whether what is asked and answered is kept to learn from; true when not said.
        session: The run of an agent that this belongs to.
        """
        given: dict[str, Any] = {
            "plan": plan,
            "after": after,
            "agent": agent,
            "project": project,
            "projects": projects,
            "record": record,
            "session": session,
        }
        return cast("PlanningAlternativesResult", self._client.call("planning", "alternatives", given))

    def simulate(
        self,
        *,
        plan: str,
        runs: int | None = None,
        seed: int | None = None,
        after: dict[str, dict[str, int]] | None = None,
        agent: str | None = None,
        project: str | None = None,
        projects: List[str] | None = None,
        record: bool | None = None,
        session: str | None = None,
    ) -> PlanningSimulateResult:
        """Runs a plan many times with the times and failures that its steps had in the past. A step that
        fails is tried up to three times. The same seed gives the same numbers. Steps of which nothing
        tells how long they take count for no time, and `reason` names them.

        plan: Id of the plan.
        runs: How often; 1,000 when not said.
        seed: What chance begins with; 0 when not said.
        after: A position that must be seen.
        agent: Who acts.
        project: The project; without it the token's only one, or the client's.
        projects: More projects, for reads.
        record: Whether what is asked and answered is kept to learn from; true when not said.
        session: The run of an agent that this belongs to.
        """
        given: dict[str, Any] = {
            "plan": plan,
            "runs": runs,
            "seed": seed,
            "after": after,
            "agent": agent,
            "project": project,
            "projects": projects,
            "record": record,
            "session": session,
        }
        return cast("PlanningSimulateResult", self._client.call("planning", "simulate", given))

    def critical_path(
        self,
        *,
        plan: str | None = None,
        goal: str | None = None,
        after: dict[str, dict[str, int]] | None = None,
        agent: str | None = None,
        project: str | None = None,
        projects: List[str] | None = None,
        record: bool | None = None,
        session: str | None = None,
    ) -> PlanningCriticalPathResult:
        """The chain of steps of a plan, or of tasks of a goal, that decides when the whole is done.

        plan: Id of a plan. Either this or `goal`.
        goal: Id of a goal: its tasks and those of the open goals below it that are not over, by their
            estimates.
        after: A position that must be seen.
        agent: Who acts.
        project: The project; without it the token's only one, or the client's.
        projects: More projects, for reads.
        record: Whether what is asked and answered is kept to learn from; true when not said.
        session: The run of an agent that this belongs to.
        """
        given: dict[str, Any] = {
            "plan": plan,
            "goal": goal,
            "after": after,
            "agent": agent,
            "project": project,
            "projects": projects,
            "record": record,
            "session": session,
        }
        return cast("PlanningCriticalPathResult", self._client.call("planning", "critical_path", given))

    def optimize(
        self,
        *,
        plan: str,
        after: dict[str, dict[str, int]] | None = None,
        agent: str | None = None,
        event_id: str | None = None,
        project: str | None = None,
        session: str | None = None,
    ) -> PlanningOptimizeResult:
        """Makes a plan shorter and wider: steps that fewer than half of near work had are left out, and
        steps that were done now in this order and now in that may be done side by side.

        plan: Id of the plan.
        after: A position that must be seen.
        agent: Who acts.
        event_id: Makes a write idempotent.
        project: The project; without it the token's only one, or the client's.
        session: The run of an agent that this belongs to.
        """
        given: dict[str, Any] = {
            "plan": plan,
            "after": after,
            "agent": agent,
            "event_id": event_id,
            "project": project,
            "session": session,
        }
        return cast("PlanningOptimizeResult", self._client.call("planning", "optimize", given))

    def deviation(
        self,
        *,
        plan: str,
        after: dict[str, dict[str, int]] | None = None,
        agent: str | None = None,
        project: str | None = None,
        projects: List[str] | None = None,
        record: bool | None = None,
        session: str | None = None,
    ) -> PlanningDeviationResult:
        """Where a session left a plan: steps done, left out, and done besides, in order. Of the session
        that is given, else of the last that worked on the plan's task.

        plan: Id of the plan.
        after: A position that must be seen.
        agent: Who acts.
        project: The project; without it the token's only one, or the client's.
        projects: More projects, for reads.
        record: Whether what is asked and answered is kept to learn from; true when not said.
        session: The run of an agent that this belongs to.
        """
        given: dict[str, Any] = {
            "plan": plan,
            "after": after,
            "agent": agent,
            "project": project,
            "projects": projects,
            "record": record,
            "session": session,
        }
        return cast("PlanningDeviationResult", self._client.call("planning", "deviation", given))

    def replan(
        self,
        *,
        plan: str,
        event: str,
        after: dict[str, dict[str, int]] | None = None,
        agent: str | None = None,
        event_id: str | None = None,
        project: str | None = None,
        session: str | None = None,
    ) -> PlanningReplanResult:
        """Makes the rest of a plan anew after an event, such as a failure: what its session has done
        stays, and what near work did after the same steps takes the place of the rest.

        plan: Id of the plan.
        event: Id of the event because of which the rest is changed.
        after: A position that must be seen.
        agent: Who acts.
        event_id: Makes a write idempotent.
        project: The project; without it the token's only one, or the client's.
        session: The run of an agent that this belongs to.
        """
        given: dict[str, Any] = {
            "plan": plan,
            "event": event,
            "after": after,
            "agent": agent,
            "event_id": event_id,
            "project": project,
            "session": session,
        }
        return cast("PlanningReplanResult", self._client.call("planning", "replan", given))

    def strategies(
        self,
        *,
        after: dict[str, dict[str, int]] | None = None,
        agent: str | None = None,
        project: str | None = None,
        projects: List[str] | None = None,
        record: bool | None = None,
        session: str | None = None,
    ) -> PlanningStrategiesResult:
        """Which plans worked for what: by what they were made from, how many of the tasks that they were
        for ended well.

        after: A position that must be seen.
        agent: Who acts.
        project: The project; without it the token's only one, or the client's.
        projects: More projects, for reads.
        record: Whether what is asked and answered is kept to learn from; true when not said.
        session: The run of an agent that this belongs to.
        """
        given: dict[str, Any] = {
            "after": after,
            "agent": agent,
            "project": project,
            "projects": projects,
            "record": record,
            "session": session,
        }
        return cast("PlanningStrategiesResult", self._client.call("planning", "strategies", given))


class Estimation:
    def __init__(self, client: "Athena") -> None:
        self._client = client

    def duration(
        self,
        *,
        task: str | None = None,
        text: str | None = None,
        after: dict[str, dict[str, int]] | None = None,
        agent: str | None = None,
        project: str | None = None,
        projects: List[str] | None = None,
        record: bool | None = None,
        session: str | None = None,
    ) -> EstimationDurationResult:
        """How long a task, or what a text says, will take, from similar finished work, which is shown:
        p50, which half of such work did not exceed, and p90, which nine tenths did not, calibrated on
        finished work held out.

        task: Id of a task. Either this or `text`.
        text: What is to be done.
        after: A position that must be seen.
        agent: Who acts.
        project: The project; without it the token's only one, or the client's.
        projects: More projects, for reads.
        record: Whether what is asked and answered is kept to learn from; true when not said.
        session: The run of an agent that this belongs to.
        """
        given: dict[str, Any] = {
            "task": task,
            "text": text,
            "after": after,
            "agent": agent,
            "project": project,
            "projects": projects,
            "record": record,
            "session": session,
        }
        return cast("EstimationDurationResult", self._client.call("estimation", "duration", given))

    def effort(
        self,
        *,
        plan: str,
        after: dict[str, dict[str, int]] | None = None,
        agent: str | None = None,
        project: str | None = None,
        projects: List[str] | None = None,
        record: bool | None = None,
        session: str | None = None,
    ) -> EstimationEffortResult:
        """How much work a plan is: the sum of its steps, and how long it lasts when what can goes side by
        side. p90 of the sum is given for steps that are slow each for itself, and for steps that are
        slow together. Steps of which nothing tells how long they take are left out, and `reason` names
        them.

        plan: Id of the plan.
        after: A position that must be seen.
        agent: Who acts.
        project: The project; without it the token's only one, or the client's.
        projects: More projects, for reads.
        record: Whether what is asked and answered is kept to learn from; true when not said.
        session: The run of an agent that this belongs to.
        """
        given: dict[str, Any] = {
            "plan": plan,
            "after": after,
            "agent": agent,
            "project": project,
            "projects": projects,
            "record": record,
            "session": session,
        }
        return cast("EstimationEffortResult", self._client.call("estimation", "effort", given))

    def resources(
        self,
        *,
        plan: str,
        after: dict[str, dict[str, int]] | None = None,
        agent: str | None = None,
        project: str | None = None,
        projects: List[str] | None = None,
        record: bool | None = None,
        session: str | None = None,
    ) -> EstimationResourcesResult:
        """What a plan uses, by what its sources used: tools, files, agents, tokens.

        plan: Id of the plan.
        after: A position that must be seen.
        agent: Who acts.
        project: The project; without it the token's only one, or the client's.
        projects: More projects, for reads.
        record: Whether what is asked and answered is kept to learn from; true when not said.
        session: The run of an agent that this belongs to.
        """
        given: dict[str, Any] = {
            "plan": plan,
            "after": after,
            "agent": agent,
            "project": project,
            "projects": projects,
            "record": record,
            "session": session,
        }
        return cast("EstimationResourcesResult", self._client.call("estimation", "resources", given))

    def cost(
        self,
        *,
        task: str | None = None,
        plan: str | None = None,
        after: dict[str, dict[str, int]] | None = None,
        agent: str | None = None,
        project: str | None = None,
        projects: List[str] | None = None,
        record: bool | None = None,
        session: str | None = None,
    ) -> EstimationCostResult:
        """What a task or a plan will cost, from what similar finished work used: tokens, time, and money
        by the price list of the configuration (`estimation.prices`).

        task: Id of a task. Either this or `plan`.
        plan: Id of a plan.
        after: A position that must be seen.
        agent: Who acts.
        project: The project; without it the token's only one, or the client's.
        projects: More projects, for reads.
        record: Whether what is asked and answered is kept to learn from; true when not said.
        session: The run of an agent that this belongs to.
        """
        given: dict[str, Any] = {
            "task": task,
            "plan": plan,
            "after": after,
            "agent": agent,
            "project": project,
            "projects": projects,
            "record": record,
            "session": session,
        }
        return cast("EstimationCostResult", self._client.call("estimation", "cost", given))

    def budget(
        self,
        *,
        scope: str,
        amount: float,
        period: Literal["day", "month", "week"],
        unit: Literal["tokens", "hours", "money"] | None = None,
        after: dict[str, dict[str, int]] | None = None,
        agent: str | None = None,
        event_id: str | None = None,
        project: str | None = None,
        session: str | None = None,
    ) -> EstimationBudgetResult:
        """Sets what may be spent: on the project, or by an agent, a session or a tool, in a day, week or
        month. Set again for the same scope it is the new budget.

        scope: `project`, or `agent:NAME`, `session:NAME` or `tool:NAME`.
        amount: How much.
        period: `day`, `week` or `month`, of the UTC calendar.
        unit: `tokens`, `money` or `hours`; tokens when not said.
        after: A position that must be seen.
        agent: Who acts.
        event_id: Makes a write idempotent.
        project: The project; without it the token's only one, or the client's.
        session: The run of an agent that this belongs to.
        """
        given: dict[str, Any] = {
            "scope": scope,
            "amount": amount,
            "period": period,
            "unit": unit,
            "after": after,
            "agent": agent,
            "event_id": event_id,
            "project": project,
            "session": session,
        }
        return cast("EstimationBudgetResult", self._client.call("estimation", "budget", given))

    def spending(
        self,
        *,
        scope: str,
        after: dict[str, dict[str, int]] | None = None,
        agent: str | None = None,
        project: str | None = None,
        projects: List[str] | None = None,
        record: bool | None = None,
        session: str | None = None,
    ) -> EstimationSpendingResult:
        """What was spent in a scope, against its budget, by day, with days that are unlike the others.

        scope: `project`, or `agent:NAME`, `session:NAME` or `tool:NAME`.
        after: A position that must be seen.
        agent: Who acts.
        project: The project; without it the token's only one, or the client's.
        projects: More projects, for reads.
        record: Whether what is asked and answered is kept to learn from; true when not said.
        session: The run of an agent that this belongs to.
        """
        given: dict[str, Any] = {
            "scope": scope,
            "after": after,
            "agent": agent,
            "project": project,
            "projects": projects,
            "record": record,
            "session": session,
        }
        return cast("EstimationSpendingResult", self._client.call("estimation", "spending", given))

    def roi(
        self,
        *,
        procedure: str | None = None,
        automation: str | None = None,
        after: dict[str, dict[str, int]] | None = None,
        agent: str | None = None,
        project: str | None = None,
        projects: List[str] | None = None,
        record: bool | None = None,
        session: str | None = None,
    ) -> EstimationRoiResult:
        """What a procedure has saved against what it has cost: its runs from before it was learned beside
        those since (where there are fewer than five of either, its first five runs beside the others),
        and the time of runs that failed. Of a rule how often it ran, how long its runs took, and how
        many went wrong; what they saved is null, as the log does not tell of what would have been done
        by hand instead.

        procedure: Id or name of a procedure. Either this or `automation`.
        automation: Id of a rule.
        after: A position that must be seen.
        agent: Who acts.
        project: The project; without it the token's only one, or the client's.
        projects: More projects, for reads.
        record: Whether what is asked and answered is kept to learn from; true when not said.
        session: The run of an agent that this belongs to.
        """
        given: dict[str, Any] = {
            "procedure": procedure,
            "automation": automation,
            "after": after,
            "agent": agent,
            "project": project,
            "projects": projects,
            "record": record,
            "session": session,
        }
        return cast("EstimationRoiResult", self._client.call("estimation", "roi", given))

    def accuracy(
        self,
        *,
        after: dict[str, dict[str, int]] | None = None,
        agent: str | None = None,
        project: str | None = None,
        projects: List[str] | None = None,
        record: bool | None = None,
        session: str | None = None,
    ) -> EstimationAccuracyResult:
        """How past estimates compare with what happened: those that were kept when tasks were started,
        those that people gave, and those that would be made now of finished work held out.

        after: A position that must be seen.
        agent: Who acts.
        project: The project; without it the token's only one, or the client's.
        projects: More projects, for reads.
        record: Whether what is asked and answered is kept to learn from; true when not said.
        session: The run of an agent that this belongs to.
        """
        given: dict[str, Any] = {
            "after": after,
            "agent": agent,
            "project": project,
            "projects": projects,
            "record": record,
            "session": session,
        }
        return cast("EstimationAccuracyResult", self._client.call("estimation", "accuracy", given))

    def forecast(
        self,
        *,
        measure: Literal["events", "failures", "successes", "sessions", "hours", "tokens", "tasks_done"],
        horizon: str,
        after: dict[str, dict[str, int]] | None = None,
        agent: str | None = None,
        project: str | None = None,
        projects: List[str] | None = None,
        record: bool | None = None,
        session: str | None = None,
    ) -> EstimationForecastResult:
        """How a measure of the project goes on, day by day: its trend, and an interval that four in five
        days lie in.

        measure: `events`, `failures`, `successes`, `sessions`, `hours`, `tokens` or `tasks_done`, each
            a day.
        horizon: How far ahead, such as `7d`.
        after: A position that must be seen.
        agent: Who acts.
        project: The project; without it the token's only one, or the client's.
        projects: More projects, for reads.
        record: Whether what is asked and answered is kept to learn from; true when not said.
        session: The run of an agent that this belongs to.
        """
        given: dict[str, Any] = {
            "measure": measure,
            "horizon": horizon,
            "after": after,
            "agent": agent,
            "project": project,
            "projects": projects,
            "record": record,
            "session": session,
        }
        return cast("EstimationForecastResult", self._client.call("estimation", "forecast", given))


class Safety:
    def __init__(self, client: "Athena") -> None:
        self._client = client

    def check(
        self,
        *,
        action: SafetyCheckAction,
        after: dict[str, dict[str, int]] | None = None,
        agent: str | None = None,
        project: str | None = None,
        projects: List[str] | None = None,
        record: bool | None = None,
        session: str | None = None,
    ) -> SafetyCheckResult:
        """Whether an agent may do something: allowed, ask, or denied, and the policy that says so. Of the
        policies that hold the one of the highest priority decides, of equal ones the strictest; a
        request answered for this very action within a day takes the place of `ask`. Nothing is
        recorded; `hooks.pre_tool` asks the same.

        action: `{"tool": "Bash", "input": {"command": "make"}}`.
        after: A position that must be seen.
        agent: Who acts.
        project: The project; without it the token's only one, or the client's.
        projects: More projects, for reads.
        record: Whether what is asked and answered is kept to learn from; true when not said.
        session: The run of an agent that this belongs to.
        """
        given: dict[str, Any] = {
            "action": action,
            "after": after,
            "agent": agent,
            "project": project,
            "projects": projects,
            "record": record,
            "session": session,
        }
        return cast("SafetyCheckResult", self._client.call("safety", "check", given))

    def risk(
        self,
        *,
        change: SafetyRiskChange,
        after: dict[str, dict[str, int]] | None = None,
        agent: str | None = None,
        project: str | None = None,
        projects: List[str] | None = None,
        record: bool | None = None,
        session: str | None = None,
    ) -> SafetyRiskResult:
        """How much can go wrong with a change: how often what touched the same failed, how large it is
        beside the changes of this project, whether it can be taken back, and how much of the indexed
        code uses what it touches. Each part says what it rests on, or why it is null.

        change: What is to be done: files, a use of a tool, or both.
        after: A position that must be seen.
        agent: Who acts.
        project: The project; without it the token's only one, or the client's.
        projects: More projects, for reads.
        record: Whether what is asked and answered is kept to learn from; true when not said.
        session: The run of an agent that this belongs to.
        """
        given: dict[str, Any] = {
            "change": change,
            "after": after,
            "agent": agent,
            "project": project,
            "projects": projects,
            "record": record,
            "session": session,
        }
        return cast("SafetyRiskResult", self._client.call("safety", "risk", given))

    def policy(
        self,
        *,
        rule: SafetyPolicyRule,
        policy: str | None = None,
        after: dict[str, dict[str, int]] | None = None,
        agent: str | None = None,
        event_id: str | None = None,
        project: str | None = None,
        session: str | None = None,
    ) -> SafetyPolicyResult:
        """Makes a policy of this project, or changes one. From then on `check` and `hooks.pre_tool` follow
        it. Only for admins.

        rule: What agents may do, and when.
        policy: Id of the policy that it takes the place of.
        after: A position that must be seen.
        agent: Who acts.
        event_id: Makes a write idempotent.
        project: The project; without it the token's only one, or the client's.
        session: The run of an agent that this belongs to.
        """
        given: dict[str, Any] = {
            "rule": rule,
            "policy": policy,
            "after": after,
            "agent": agent,
            "event_id": event_id,
            "project": project,
            "session": session,
        }
        return cast("SafetyPolicyResult", self._client.call("safety", "policy", given))

    def policies(
        self,
        *,
        limit: int | None = None,
        cursor: str | None = None,
        after: dict[str, dict[str, int]] | None = None,
        agent: str | None = None,
        project: str | None = None,
        projects: List[str] | None = None,
        record: bool | None = None,
        session: str | None = None,
    ) -> SafetyPoliciesResult:
        """The policies of this project, the oldest first.

        limit: At most so many; 20 when not said.
        cursor: `next_cursor` of the page before.
        after: A position that must be seen.
        agent: Who acts.
        project: The project; without it the token's only one, or the client's.
        projects: More projects, for reads.
        record: Whether what is asked and answered is kept to learn from; true when not said.
        session: The run of an agent that this belongs to.
        """
        given: dict[str, Any] = {
            "limit": limit,
            "cursor": cursor,
            "after": after,
            "agent": agent,
            "project": project,
            "projects": projects,
            "record": record,
            "session": session,
        }
        return cast("SafetyPoliciesResult", self._client.call("safety", "policies", given))

    def request(
        self,
        *,
        action: SafetyRequestAction,
        why: str,
        after: dict[str, dict[str, int]] | None = None,
        agent: str | None = None,
        event_id: str | None = None,
        project: str | None = None,
        session: str | None = None,
    ) -> SafetyRequestResult:
        """Asks for the approval of an action. Once it is approved, `check` allows this very action for a
        day.

        action: As it was given to `check`.
        why: What it is needed for.
        after: A position that must be seen.
        agent: Who acts.
        event_id: Makes a write idempotent.
        project: The project; without it the token's only one, or the client's.
        session: The run of an agent that this belongs to.
        """
        given: dict[str, Any] = {
            "action": action,
            "why": why,
            "after": after,
            "agent": agent,
            "event_id": event_id,
            "project": project,
            "session": session,
        }
        return cast("SafetyRequestResult", self._client.call("safety", "request", given))

    def decide(
        self,
        *,
        request: str,
        approve: bool,
        why: str,
        after: dict[str, dict[str, int]] | None = None,
        agent: str | None = None,
        event_id: str | None = None,
        project: str | None = None,
        session: str | None = None,
    ) -> SafetyDecideResult:
        """Answers a request, once and for good. Whoever asked does not answer, unless an admin.

        request: The request's id.
        approve: `false` refuses it.
        why: Why.
        after: A position that must be seen.
        agent: Who acts.
        event_id: Makes a write idempotent.
        project: The project; without it the token's only one, or the client's.
        session: The run of an agent that this belongs to.
        """
        given: dict[str, Any] = {
            "request": request,
            "approve": approve,
            "why": why,
            "after": after,
            "agent": agent,
            "event_id": event_id,
            "project": project,
            "session": session,
        }
        return cast("SafetyDecideResult", self._client.call("safety", "decide", given))

    def pending(
        self,
        *,
        limit: int | None = None,
        cursor: str | None = None,
        after: dict[str, dict[str, int]] | None = None,
        agent: str | None = None,
        project: str | None = None,
        projects: List[str] | None = None,
        record: bool | None = None,
        session: str | None = None,
    ) -> SafetyPendingResult:
        """The requests that nobody has answered, the oldest first.

        limit: At most so many; 20 when not said.
        cursor: `next_cursor` of the page before.
        after: A position that must be seen.
        agent: Who acts.
        project: The project; without it the token's only one, or the client's.
        projects: More projects, for reads.
        record: Whether what is asked and answered is kept to learn from; true when not said.
        session: The run of an agent that this belongs to.
        """
        given: dict[str, Any] = {
            "limit": limit,
            "cursor": cursor,
            "after": after,
            "agent": agent,
            "project": project,
            "projects": projects,
            "record": record,
            "session": session,
        }
        return cast("SafetyPendingResult", self._client.call("safety", "pending", given))

    def audit(
        self,
        *,
        filters: SafetyAuditFilters | None = None,
        verify: bool | None = None,
        seal: str | None = None,
        limit: int | None = None,
        cursor: str | None = None,
        after: dict[str, dict[str, int]] | None = None,
        agent: str | None = None,
        project: str | None = None,
        projects: List[str] | None = None,
        record: bool | None = None,
        session: str | None = None,
    ) -> SafetyAuditResult:
        """Who did what, when, and from where, the newest first: every command and every verdict of a
        policy. Verifies the whole chain: a row or a command that was changed, removed or reordered is
        told.

        filters: Which rows.
        verify: Whether to verify the chain; true when not said.
        seal: A seal that was noted before, which the chain must still have.
        limit: At most so many; 20 when not said.
        cursor: `next_cursor` of the page before.
        after: A position that must be seen.
        agent: Who acts.
        project: The project; without it the token's only one, or the client's.
        projects: More projects, for reads.
        record: Whether what is asked and answered is kept to learn from; true when not said.
        session: The run of an agent that this belongs to.
        """
        given: dict[str, Any] = {
            "filters": filters,
            "verify": verify,
            "seal": seal,
            "limit": limit,
            "cursor": cursor,
            "after": after,
            "agent": agent,
            "project": project,
            "projects": projects,
            "record": record,
            "session": session,
        }
        return cast("SafetyAuditResult", self._client.call("safety", "audit", given))

    def scan(
        self,
        *,
        text: str | None = None,
        id: str | None = None,
        after: dict[str, dict[str, int]] | None = None,
        agent: str | None = None,
        project: str | None = None,
        projects: List[str] | None = None,
        record: bool | None = None,
        session: str | None = None,
    ) -> SafetyScanResult:
        """Looks for secrets and personal data in a text, which is not kept, or in an event or a memory.
        Tells where they stand and of what kind they are, never what they are.

        text: The text. Either this or `id`.
        id: Id of an event or a memory.
        after: A position that must be seen.
        agent: Who acts.
        project: The project; without it the token's only one, or the client's.
        projects: More projects, for reads.
        record: Whether what is asked and answered is kept to learn from; true when not said.
        session: The run of an agent that this belongs to.
        """
        given: dict[str, Any] = {
            "text": text,
            "id": id,
            "after": after,
            "agent": agent,
            "project": project,
            "projects": projects,
            "record": record,
            "session": session,
        }
        return cast("SafetyScanResult", self._client.call("safety", "scan", given))

    def redact(
        self,
        *,
        id: str,
        spans: List[SafetyRedactSpan] | None = None,
        detected: bool | None = None,
        dry_run: bool | None = None,
        after: dict[str, dict[str, int]] | None = None,
        agent: str | None = None,
        event_id: str | None = None,
        project: str | None = None,
        session: str | None = None,
    ) -> SafetyRedactResult:
        """Puts a mark in the place of words of an event or a memory, and of the same words everywhere else
        in the project: events, commands, memories, notes and other records, questions, dead letters,
        indexes, vectors and old versions. Hidden at once, purged within minutes; the audit keeps that
        it was, not what. An event becomes a new one with the mark, to which its id leads. Only for
        admins.

        id: Id of an event or a memory.
        spans: Which words: of `content`, or of another `field`. Either this or `detected`.
        detected: Everything that `scan` finds in it.
        dry_run: Whether to tell only what would be redacted; false when not said.
        after: A position that must be seen.
        agent: Who acts.
        event_id: Makes a write idempotent.
        project: The project; without it the token's only one, or the client's.
        session: The run of an agent that this belongs to.
        """
        given: dict[str, Any] = {
            "id": id,
            "spans": spans,
            "detected": detected,
            "dry_run": dry_run,
            "after": after,
            "agent": agent,
            "event_id": event_id,
            "project": project,
            "session": session,
        }
        return cast("SafetyRedactResult", self._client.call("safety", "redact", given))


class Hooks:
    def __init__(self, client: "Athena") -> None:
        self._client = client

    def session_start(
        self,
        *,
        session: str,
        cwd: str | None = None,
        after: dict[str, dict[str, int]] | None = None,
        agent: str | None = None,
        event_id: str | None = None,
        project: str | None = None,
    ) -> HooksSessionStartResult:
        """A session begins. Gives what to put into its context: what is remembered, and where the
        project's newest session stopped. Null when there is nothing.

        session: The session that begins.
        cwd: Where it works.
        after: A position that must be seen.
        agent: Who acts.
        event_id: Makes a write idempotent.
        project: The project; without it the token's only one, or the client's.
        """
        given: dict[str, Any] = {
            "session": session,
            "cwd": cwd,
            "after": after,
            "agent": agent,
            "event_id": event_id,
            "project": project,
        }
        return cast("HooksSessionStartResult", self._client.call("hooks", "session_start", given))

    def user_prompt(
        self,
        *,
        session: str,
        prompt: str,
        scope: List[str] | None = None,
        record: bool | None = None,
        after: dict[str, dict[str, int]] | None = None,
        agent: str | None = None,
        event_id: str | None = None,
        project: str | None = None,
    ) -> HooksUserPromptResult:
        """Somebody asks an agent for something. Gives what is remembered and was said in other sessions
        that bears on it, and nothing else; null when nothing does.

        session: The session in which it is asked; what was said in it is known there already.
        prompt: What was asked.
        scope: Where it is asked from; memories with other scopes are not seen.
        record: Whether what is asked and answered is kept to learn from; true when not said. The prompt
            is recorded all the same.
        after: A position that must be seen.
        agent: Who acts.
        event_id: Makes a write idempotent.
        project: The project; without it the token's only one, or the client's.
        """
        given: dict[str, Any] = {
            "session": session,
            "prompt": prompt,
            "scope": scope,
            "record": record,
            "after": after,
            "agent": agent,
            "event_id": event_id,
            "project": project,
        }
        return cast("HooksUserPromptResult", self._client.call("hooks", "user_prompt", given))

    def pre_tool(
        self,
        *,
        session: str,
        tool: str,
        input: Any,
        after: dict[str, dict[str, int]] | None = None,
        agent: str | None = None,
        event_id: str | None = None,
        project: str | None = None,
    ) -> HooksPreToolResult:
        """An agent is about to use a tool. Asks the policies whether it may, records both, and warns where
        the very same failed the last time in this project and did not succeed since.

        session: The session in which it is used.
        tool: The tool.
        input: What it is given: a text, or an object such as `{"command": "make"}`.
        after: A position that must be seen.
        agent: Who acts.
        event_id: Makes a write idempotent.
        project: The project; without it the token's only one, or the client's.
        """
        given: dict[str, Any] = {
            "session": session,
            "tool": tool,
            "input": input,
            "after": after,
            "agent": agent,
            "event_id": event_id,
            "project": project,
        }
        return cast("HooksPreToolResult", self._client.call("hooks", "pre_tool", given))

    def post_tool(
        self,
        *,
        session: str,
        tool: str,
        input: Any,
        output: Any,
        outcome: Literal["success", "failure", "partial", "ongoing", "aborted", "unknown", "skipped"],
        call: str | None = None,
        duration_ms: int | None = None,
        after: dict[str, dict[str, int]] | None = None,
        agent: str | None = None,
        event_id: str | None = None,
        project: str | None = None,
    ) -> HooksPostToolResult:
        """An agent has used a tool. Records what it was given, what it gave, and how it went.

        session: The session in which it was used.
        tool: The tool.
        input: What it was given.
        output: What it gave: a text, or the tool's own object.
        outcome: How it went.
        call: The id that `pre_tool` gave for it; without it the use itself is recorded too.
        duration_ms: How long it took, in milliseconds.
        after: A position that must be seen.
        agent: Who acts.
        event_id: Makes a write idempotent.
        project: The project; without it the token's only one, or the client's.
        """
        given: dict[str, Any] = {
            "session": session,
            "tool": tool,
            "input": input,
            "output": output,
            "outcome": outcome,
            "call": call,
            "duration_ms": duration_ms,
            "after": after,
            "agent": agent,
            "event_id": event_id,
            "project": project,
        }
        return cast("HooksPostToolResult", self._client.call("hooks", "post_tool", given))

    def session_end(
        self,
        *,
        session: str,
        after: dict[str, dict[str, int]] | None = None,
        agent: str | None = None,
        event_id: str | None = None,
        project: str | None = None,
    ) -> HooksSessionEndResult:
        """A session ends. Stores what it was in short, from its own events: what was asked for, the most
        telling of what was said, what failed and was not mended, files. Later sessions find it.

        session: The session that ends.
        after: A position that must be seen.
        agent: Who acts.
        event_id: Makes a write idempotent.
        project: The project; without it the token's only one, or the client's.
        """
        given: dict[str, Any] = {
            "session": session,
            "after": after,
            "agent": agent,
            "event_id": event_id,
            "project": project,
        }
        return cast("HooksSessionEndResult", self._client.call("hooks", "session_end", given))

    def register(
        self,
        *,
        moment: Literal["session_start", "user_prompt", "pre_tool", "post_tool", "session_end"],
        url: str | None = None,
        rule: HooksRegisterRule | None = None,
        after: dict[str, dict[str, int]] | None = None,
        agent: str | None = None,
        event_id: str | None = None,
        project: str | None = None,
        session: str | None = None,
    ) -> HooksRegisterResult:
        """Registers what is to happen at a moment of every agent's run in this project: an address that is
        posted to, or a rule. Behind the moment, tried three times, at most 60 times a minute (`limit`),
        resting after five failures. Only for admins.

        moment: When.
        url: An address, http or https, that gets what happened as JSON. Either this or `rule`.
        rule: A condition, and what to do.
        after: A position that must be seen.
        agent: Who acts.
        event_id: Makes a write idempotent.
        project: The project; without it the token's only one, or the client's.
        session: The run of an agent that this belongs to.
        """
        given: dict[str, Any] = {
            "moment": moment,
            "url": url,
            "rule": rule,
            "after": after,
            "agent": agent,
            "event_id": event_id,
            "project": project,
            "session": session,
        }
        return cast("HooksRegisterResult", self._client.call("hooks", "register", given))

    def list(
        self,
        *,
        moment: Literal["session_start", "user_prompt", "pre_tool", "post_tool", "session_end"] | None = None,
        after: dict[str, dict[str, int]] | None = None,
        agent: str | None = None,
        project: str | None = None,
        projects: List[str] | None = None,
        record: bool | None = None,
        session: str | None = None,
    ) -> HooksListResult:
        """The hooks of this project, the oldest first, and what became of them since this server began.

        moment: Only those of this moment.
        after: A position that must be seen.
        agent: Who acts.
        project: The project; without it the token's only one, or the client's.
        projects: More projects, for reads.
        record: Whether what is asked and answered is kept to learn from; true when not said.
        session: The run of an agent that this belongs to.
        """
        given: dict[str, Any] = {
            "moment": moment,
            "after": after,
            "agent": agent,
            "project": project,
            "projects": projects,
            "record": record,
            "session": session,
        }
        return cast("HooksListResult", self._client.call("hooks", "list", given))

    def remove(
        self,
        *,
        hook: str,
        after: dict[str, dict[str, int]] | None = None,
        agent: str | None = None,
        event_id: str | None = None,
        project: str | None = None,
        session: str | None = None,
    ) -> HooksRemoveResult:
        """Removes a hook: it is not called any more.

        hook: The hook's id.
        after: A position that must be seen.
        agent: Who acts.
        event_id: Makes a write idempotent.
        project: The project; without it the token's only one, or the client's.
        session: The run of an agent that this belongs to.
        """
        given: dict[str, Any] = {
            "hook": hook,
            "after": after,
            "agent": agent,
            "event_id": event_id,
            "project": project,
            "session": session,
        }
        return cast("HooksRemoveResult", self._client.call("hooks", "remove", given))

    def cycles(
        self,
        *,
        after: dict[str, dict[str, int]] | None = None,
        agent: str | None = None,
        project: str | None = None,
        projects: List[str] | None = None,
        record: bool | None = None,
        session: str | None = None,
    ) -> HooksCyclesResult:
        """Hooks that lead to each other: one calls the operation of a moment at which the next one is
        called. Such a ring ends by itself, as no hook is called by what it caused; it is a mistake all
        the same. What an address does with what it is posted is not known here.

        after: A position that must be seen.
        agent: Who acts.
        project: The project; without it the token's only one, or the client's.
        projects: More projects, for reads.
        record: Whether what is asked and answered is kept to learn from; true when not said.
        session: The run of an agent that this belongs to.
        """
        given: dict[str, Any] = {
            "after": after,
            "agent": agent,
            "project": project,
            "projects": projects,
            "record": record,
            "session": session,
        }
        return cast("HooksCyclesResult", self._client.call("hooks", "cycles", given))

    def limit(
        self,
        *,
        hook: str,
        rate: int,
        after: dict[str, dict[str, int]] | None = None,
        agent: str | None = None,
        event_id: str | None = None,
        project: str | None = None,
        session: str | None = None,
    ) -> HooksLimitResult:
        """How often a hook is called in a minute at most. What is over it is left out, and counted.

        hook: The hook's id.
        rate: Calls a minute, from 1 to 6,000.
        after: A position that must be seen.
        agent: Who acts.
        event_id: Makes a write idempotent.
        project: The project; without it the token's only one, or the client's.
        session: The run of an agent that this belongs to.
        """
        given: dict[str, Any] = {
            "hook": hook,
            "rate": rate,
            "after": after,
            "agent": agent,
            "event_id": event_id,
            "project": project,
            "session": session,
        }
        return cast("HooksLimitResult", self._client.call("hooks", "limit", given))


class Sql:
    def __init__(self, client: "Athena") -> None:
        self._client = client

    def query(
        self,
        *,
        sql: str,
        parameters: List[Any] | None = None,
        limit: int | None = None,
        at: Any = None,
        after: dict[str, dict[str, int]] | None = None,
        agent: str | None = None,
        project: str | None = None,
        projects: List[str] | None = None,
        record: bool | None = None,
        session: str | None = None,
    ) -> SqlQueryResult:
        """Answers a statement in SQL over the tables and views of `sql.tables`; it only reads, within
        bounds of time, rows and memory.

        sql: The statement.
        parameters: Values for `$1`, `$2`, …
        limit: At most so many rows; 20 when not said.
        at: Rows as they were known then: RFC 3339, an age, or a position.
        after: A position that must be seen.
        agent: Who acts.
        project: The project; without it the token's only one, or the client's.
        projects: More projects, for reads.
        record: Whether what is asked and answered is kept to learn from; true when not said.
        session: The run of an agent that this belongs to.
        """
        given: dict[str, Any] = {
            "sql": sql,
            "parameters": parameters,
            "limit": limit,
            "at": at,
            "after": after,
            "agent": agent,
            "project": project,
            "projects": projects,
            "record": record,
            "session": session,
        }
        return cast("SqlQueryResult", self._client.call("sql", "query", given))

    def tables(
        self,
        *,
        after: dict[str, dict[str, int]] | None = None,
        agent: str | None = None,
        project: str | None = None,
        projects: List[str] | None = None,
        record: bool | None = None,
        session: str | None = None,
    ) -> SqlTablesResult:
        """The tables and views that statements may name, with how many rows of the project each has.

        after: A position that must be seen.
        agent: Who acts.
        project: The project; without it the token's only one, or the client's.
        projects: More projects, for reads.
        record: Whether what is asked and answered is kept to learn from; true when not said.
        session: The run of an agent that this belongs to.
        """
        given: dict[str, Any] = {
            "after": after,
            "agent": agent,
            "project": project,
            "projects": projects,
            "record": record,
            "session": session,
        }
        return cast("SqlTablesResult", self._client.call("sql", "tables", given))

    def schema(
        self,
        *,
        table: str,
        after: dict[str, dict[str, int]] | None = None,
        agent: str | None = None,
        project: str | None = None,
        projects: List[str] | None = None,
        record: bool | None = None,
        session: str | None = None,
    ) -> SqlSchemaResult:
        """The columns of a table or view: name, type and meaning.

        table: The table or view.
        after: A position that must be seen.
        agent: Who acts.
        project: The project; without it the token's only one, or the client's.
        projects: More projects, for reads.
        record: Whether what is asked and answered is kept to learn from; true when not said.
        session: The run of an agent that this belongs to.
        """
        given: dict[str, Any] = {
            "table": table,
            "after": after,
            "agent": agent,
            "project": project,
            "projects": projects,
            "record": record,
            "session": session,
        }
        return cast("SqlSchemaResult", self._client.call("sql", "schema", given))

    def explain(
        self,
        *,
        sql: str,
        after: dict[str, dict[str, int]] | None = None,
        agent: str | None = None,
        project: str | None = None,
        projects: List[str] | None = None,
        record: bool | None = None,
        session: str | None = None,
    ) -> SqlExplainResult:
        """How a statement would be answered: its plan, without running it.

        sql: The statement.
        after: A position that must be seen.
        agent: Who acts.
        project: The project; without it the token's only one, or the client's.
        projects: More projects, for reads.
        record: Whether what is asked and answered is kept to learn from; true when not said.
        session: The run of an agent that this belongs to.
        """
        given: dict[str, Any] = {
            "sql": sql,
            "after": after,
            "agent": agent,
            "project": project,
            "projects": projects,
            "record": record,
            "session": session,
        }
        return cast("SqlExplainResult", self._client.call("sql", "explain", given))

    def versions(
        self,
        *,
        table: str,
        after: dict[str, dict[str, int]] | None = None,
        agent: str | None = None,
        project: str | None = None,
        projects: List[str] | None = None,
        record: bool | None = None,
        session: str | None = None,
    ) -> SqlVersionsResult:
        """The newest versions of a table that are still kept on disk, with their times.

        table: The table.
        after: A position that must be seen.
        agent: Who acts.
        project: The project; without it the token's only one, or the client's.
        projects: More projects, for reads.
        record: Whether what is asked and answered is kept to learn from; true when not said.
        session: The run of an agent that this belongs to.
        """
        given: dict[str, Any] = {
            "table": table,
            "after": after,
            "agent": agent,
            "project": project,
            "projects": projects,
            "record": record,
            "session": session,
        }
        return cast("SqlVersionsResult", self._client.call("sql", "versions", given))

    def save(
        self,
        *,
        name: str,
        sql: str,
        after: dict[str, dict[str, int]] | None = None,
        agent: str | None = None,
        event_id: str | None = None,
        project: str | None = None,
        session: str | None = None,
    ) -> SqlSaveResult:
        """Gives a statement a name: from then on it is a view of this project, which other statements may
        name.

        name: The view's name: letters, digits and underscores.
        sql: The statement.
        after: A position that must be seen.
        agent: Who acts.
        event_id: Makes a write idempotent.
        project: The project; without it the token's only one, or the client's.
        session: The run of an agent that this belongs to.
        """
        given: dict[str, Any] = {
            "name": name,
            "sql": sql,
            "after": after,
            "agent": agent,
            "event_id": event_id,
            "project": project,
            "session": session,
        }
        return cast("SqlSaveResult", self._client.call("sql", "save", given))


class System:
    def __init__(self, client: "Athena") -> None:
        self._client = client

    def health(
        self,
        *,
        after: dict[str, dict[str, int]] | None = None,
        agent: str | None = None,
        project: str | None = None,
        projects: List[str] | None = None,
        record: bool | None = None,
        session: str | None = None,
    ) -> SystemHealthResult:
        """How each part of the server does: ok, degraded or down, and why.

        after: A position that must be seen.
        agent: Who acts.
        project: The project; without it the token's only one, or the client's.
        projects: More projects, for reads.
        record: Whether what is asked and answered is kept to learn from; true when not said.
        session: The run of an agent that this belongs to.
        """
        given: dict[str, Any] = {
            "after": after,
            "agent": agent,
            "project": project,
            "projects": projects,
            "record": record,
            "session": session,
        }
        return cast("SystemHealthResult", self._client.call("system", "health", given))

    def status(
        self,
        *,
        after: dict[str, dict[str, int]] | None = None,
        agent: str | None = None,
        project: str | None = None,
        projects: List[str] | None = None,
        record: bool | None = None,
        session: str | None = None,
    ) -> dict[str, Any]:
        """Version, sizes, how far the log is applied and found, lag of each partition. Of all projects:
        for admins.

        after: A position that must be seen.
        agent: Who acts.
        project: The project; without it the token's only one, or the client's.
        projects: More projects, for reads.
        record: Whether what is asked and answered is kept to learn from; true when not said.
        session: The run of an agent that this belongs to.
        """
        given: dict[str, Any] = {
            "after": after,
            "agent": agent,
            "project": project,
            "projects": projects,
            "record": record,
            "session": session,
        }
        return cast("dict[str, Any]", self._client.call("system", "status", given))

    def layers(
        self,
        *,
        after: dict[str, dict[str, int]] | None = None,
        agent: str | None = None,
        project: str | None = None,
        projects: List[str] | None = None,
        record: bool | None = None,
        session: str | None = None,
    ) -> SystemLayersResult:
        """The eight layers of this memory: how many rows each has, how many came in the last day, and when
        the last one did. The day begins with a whole minute.

        after: A position that must be seen.
        agent: Who acts.
        project: The project; without it the token's only one, or the client's.
        projects: More projects, for reads.
        record: Whether what is asked and answered is kept to learn from; true when not said.
        session: The run of an agent that this belongs to.
        """
        given: dict[str, Any] = {
            "after": after,
            "agent": agent,
            "project": project,
            "projects": projects,
            "record": record,
            "session": session,
        }
        return cast("SystemLayersResult", self._client.call("system", "layers", given))

    def metrics(
        self,
        *,
        name: str | None = None,
        after: dict[str, dict[str, int]] | None = None,
        agent: str | None = None,
        project: str | None = None,
        projects: List[str] | None = None,
        record: bool | None = None,
        session: str | None = None,
    ) -> SystemMetricsResult:
        """What is measured now, as Prometheus gets it from `/metrics`. Of all projects: for admins.

        name: Only those whose name has this in it.
        after: A position that must be seen.
        agent: Who acts.
        project: The project; without it the token's only one, or the client's.
        projects: More projects, for reads.
        record: Whether what is asked and answered is kept to learn from; true when not said.
        session: The run of an agent that this belongs to.
        """
        given: dict[str, Any] = {
            "name": name,
            "after": after,
            "agent": agent,
            "project": project,
            "projects": projects,
            "record": record,
            "session": session,
        }
        return cast("SystemMetricsResult", self._client.call("system", "metrics", given))

    def describe(
        self,
        *,
        tool: str | None = None,
        operation: str | None = None,
        after: dict[str, dict[str, int]] | None = None,
        agent: str | None = None,
        project: str | None = None,
        projects: List[str] | None = None,
        record: bool | None = None,
        session: str | None = None,
    ) -> SystemDescribeResult:
        """What operations there are; of a tool, what each of its operations does; of an operation, its
        arguments, result and examples.

        tool: One tool.
        operation: One of its operations.
        after: A position that must be seen.
        agent: Who acts.
        project: The project; without it the token's only one, or the client's.
        projects: More projects, for reads.
        record: Whether what is asked and answered is kept to learn from; true when not said.
        session: The run of an agent that this belongs to.
        """
        given: dict[str, Any] = {
            "tool": tool,
            "operation": operation,
            "after": after,
            "agent": agent,
            "project": project,
            "projects": projects,
            "record": record,
            "session": session,
        }
        return cast("SystemDescribeResult", self._client.call("system", "describe", given))

    def config(
        self,
        *,
        name: str | None = None,
        after: dict[str, dict[str, int]] | None = None,
        agent: str | None = None,
        project: str | None = None,
        projects: List[str] | None = None,
        record: bool | None = None,
        session: str | None = None,
    ) -> SystemConfigResult:
        """Every setting that is in force, and where it came from; secrets are hidden. For admins.

        name: Only those whose name has this in it.
        after: A position that must be seen.
        agent: Who acts.
        project: The project; without it the token's only one, or the client's.
        projects: More projects, for reads.
        record: Whether what is asked and answered is kept to learn from; true when not said.
        session: The run of an agent that this belongs to.
        """
        given: dict[str, Any] = {
            "name": name,
            "after": after,
            "agent": agent,
            "project": project,
            "projects": projects,
            "record": record,
            "session": session,
        }
        return cast("SystemConfigResult", self._client.call("system", "config", given))

    def backup(
        self,
        *,
        to: str,
        wait: bool | None = None,
        after: dict[str, dict[str, int]] | None = None,
        agent: str | None = None,
        event_id: str | None = None,
        project: str | None = None,
        session: str | None = None,
    ) -> SystemBackupResult:
        """Copies the memory as it is at one moment, while it is in use, to a new directory of the server,
        or s3://bucket/prefix; the copy is opened and compared. For admins.

        to: A new or empty directory, or s3://bucket/prefix.
        wait: Whether to wait for the end.
        after: A position that must be seen.
        agent: Who acts.
        event_id: Makes a write idempotent.
        project: The project; without it the token's only one, or the client's.
        session: The run of an agent that this belongs to.
        """
        given: dict[str, Any] = {
            "to": to,
            "wait": wait,
            "after": after,
            "agent": agent,
            "event_id": event_id,
            "project": project,
            "session": session,
        }
        return cast("SystemBackupResult", self._client.call("system", "backup", given))

    def restore(
        self,
        *,
        from_: str,
        into: str,
        wait: bool | None = None,
        after: dict[str, dict[str, int]] | None = None,
        agent: str | None = None,
        event_id: str | None = None,
        project: str | None = None,
        session: str | None = None,
    ) -> SystemRestoreResult:
        """Makes a data directory from a backup: an empty one, beside the memory that is served. For
        admins.

        from_: The backup.
        into: A new or empty directory, or s3://bucket/prefix.
        wait: Whether to wait for the end.
        after: A position that must be seen.
        agent: Who acts.
        event_id: Makes a write idempotent.
        project: The project; without it the token's only one, or the client's.
        session: The run of an agent that this belongs to.
        """
        given: dict[str, Any] = {
            "from": from_,
            "into": into,
            "wait": wait,
            "after": after,
            "agent": agent,
            "event_id": event_id,
            "project": project,
            "session": session,
        }
        return cast("SystemRestoreResult", self._client.call("system", "restore", given))

    def compact(
        self,
        *,
        table: str | None = None,
        wait: bool | None = None,
        after: dict[str, dict[str, int]] | None = None,
        agent: str | None = None,
        event_id: str | None = None,
        project: str | None = None,
        session: str | None = None,
    ) -> SystemCompactResult:
        """Merges small files and removes old versions, of one table or of all; reading and writing go on.
        For admins.

        table: One table; all where none is named.
        wait: Whether to wait for the end.
        after: A position that must be seen.
        agent: Who acts.
        event_id: Makes a write idempotent.
        project: The project; without it the token's only one, or the client's.
        session: The run of an agent that this belongs to.
        """
        given: dict[str, Any] = {
            "table": table,
            "wait": wait,
            "after": after,
            "agent": agent,
            "event_id": event_id,
            "project": project,
            "session": session,
        }
        return cast("SystemCompactResult", self._client.call("system", "compact", given))

    def reindex(
        self,
        *,
        index: Literal["text", "vectors", "columns"] | None = None,
        wait: bool | None = None,
        after: dict[str, dict[str, int]] | None = None,
        agent: str | None = None,
        event_id: str | None = None,
        project: str | None = None,
        session: str | None = None,
    ) -> SystemReindexResult:
        """Derives an index anew from the tables beside the old one, which answers meanwhile, and puts it
        in its place. For admins.

        index: One index; all where none is named.
        wait: Whether to wait for the end.
        after: A position that must be seen.
        agent: Who acts.
        event_id: Makes a write idempotent.
        project: The project; without it the token's only one, or the client's.
        session: The run of an agent that this belongs to.
        """
        given: dict[str, Any] = {
            "index": index,
            "wait": wait,
            "after": after,
            "agent": agent,
            "event_id": event_id,
            "project": project,
            "session": session,
        }
        return cast("SystemReindexResult", self._client.call("system", "reindex", given))

    def cache(
        self,
        *,
        clear: bool | None = None,
        after: dict[str, dict[str, int]] | None = None,
        agent: str | None = None,
        event_id: str | None = None,
        project: str | None = None,
        session: str | None = None,
    ) -> SystemCacheResult:
        """How often what was asked for was in memory, cache by cache, since the server began; clears them.
        What is cleared is read again when it is asked for. Of all projects: for admins.

        clear: Whether to clear them, after they were looked at. Those of the storage engine give way by
            themselves.
        after: A position that must be seen.
        agent: Who acts.
        event_id: Makes a write idempotent.
        project: The project; without it the token's only one, or the client's.
        session: The run of an agent that this belongs to.
        """
        given: dict[str, Any] = {
            "clear": clear,
            "after": after,
            "agent": agent,
            "event_id": event_id,
            "project": project,
            "session": session,
        }
        return cast("SystemCacheResult", self._client.call("system", "cache", given))

    def resilience(
        self,
        *,
        after: dict[str, dict[str, int]] | None = None,
        agent: str | None = None,
        project: str | None = None,
        projects: List[str] | None = None,
        record: bool | None = None,
        session: str | None = None,
    ) -> SystemResilienceResult:
        """Which services are left alone because they failed, what was tried again, how full the queues
        are, and what was let go. Of all projects: for admins.

        after: A position that must be seen.
        agent: Who acts.
        project: The project; without it the token's only one, or the client's.
        projects: More projects, for reads.
        record: Whether what is asked and answered is kept to learn from; true when not said.
        session: The run of an agent that this belongs to.
        """
        given: dict[str, Any] = {
            "after": after,
            "agent": agent,
            "project": project,
            "projects": projects,
            "record": record,
            "session": session,
        }
        return cast("SystemResilienceResult", self._client.call("system", "resilience", given))

    def diagnose(
        self,
        *,
        after: dict[str, dict[str, int]] | None = None,
        agent: str | None = None,
        project: str | None = None,
        projects: List[str] | None = None,
        record: bool | None = None,
        session: str | None = None,
    ) -> SystemDiagnoseResult:
        """Looks at the machine, the data, the keys, the tokens, the audit and each part of the server, and
        says what to do about what is wrong, as `athena doctor` does. For admins.

        after: A position that must be seen.
        agent: Who acts.
        project: The project; without it the token's only one, or the client's.
        projects: More projects, for reads.
        record: Whether what is asked and answered is kept to learn from; true when not said.
        session: The run of an agent that this belongs to.
        """
        given: dict[str, Any] = {
            "after": after,
            "agent": agent,
            "project": project,
            "projects": projects,
            "record": record,
            "session": session,
        }
        return cast("SystemDiagnoseResult", self._client.call("system", "diagnose", given))


class Temporal:
    def __init__(self, client: "Athena") -> None:
        self._client = client

    def chain(
        self,
        *,
        event: str,
        after: dict[str, dict[str, int]] | None = None,
        agent: str | None = None,
        project: str | None = None,
        projects: List[str] | None = None,
        record: bool | None = None,
        session: str | None = None,
    ) -> TemporalChainResult:
        """What led to an event and what followed it in its session, each with how strongly: 1 for what it
        belongs under, else how probable the later step is after the earlier one in this project.

        event: The event's id.
        after: A position that must be seen.
        agent: Who acts.
        project: The project; without it the token's only one, or the client's.
        projects: More projects, for reads.
        record: Whether what is asked and answered is kept to learn from; true when not said.
        session: The run of an agent that this belongs to.
        """
        given: dict[str, Any] = {
            "event": event,
            "after": after,
            "agent": agent,
            "project": project,
            "projects": projects,
            "record": record,
            "session": session,
        }
        return cast("TemporalChainResult", self._client.call("temporal", "chain", given))

    def before(
        self,
        *,
        event: str,
        n: int | None = None,
        after: dict[str, dict[str, int]] | None = None,
        agent: str | None = None,
        project: str | None = None,
        projects: List[str] | None = None,
        record: bool | None = None,
        session: str | None = None,
    ) -> TemporalBeforeResult:
        """Events before another, the nearest first: in its session, and elsewhere in the project.

        event: The event's id.
        n: How many of each; 20 when not said.
        after: A position that must be seen.
        agent: Who acts.
        project: The project; without it the token's only one, or the client's.
        projects: More projects, for reads.
        record: Whether what is asked and answered is kept to learn from; true when not said.
        session: The run of an agent that this belongs to.
        """
        given: dict[str, Any] = {
            "event": event,
            "n": n,
            "after": after,
            "agent": agent,
            "project": project,
            "projects": projects,
            "record": record,
            "session": session,
        }
        return cast("TemporalBeforeResult", self._client.call("temporal", "before", given))

    def after(
        self,
        *,
        event: str,
        n: int | None = None,
        after: dict[str, dict[str, int]] | None = None,
        agent: str | None = None,
        project: str | None = None,
        projects: List[str] | None = None,
        record: bool | None = None,
        session: str | None = None,
    ) -> TemporalAfterResult:
        """Events after another, the nearest first: in its session, and elsewhere in the project.

        event: The event's id.
        n: How many of each; 20 when not said.
        after: A position that must be seen.
        agent: Who acts.
        project: The project; without it the token's only one, or the client's.
        projects: More projects, for reads.
        record: Whether what is asked and answered is kept to learn from; true when not said.
        session: The run of an agent that this belongs to.
        """
        given: dict[str, Any] = {
            "event": event,
            "n": n,
            "after": after,
            "agent": agent,
            "project": project,
            "projects": projects,
            "record": record,
            "session": session,
        }
        return cast("TemporalAfterResult", self._client.call("temporal", "after", given))

    def causes(
        self,
        *,
        event: str | None = None,
        outcome: str | None = None,
        after: dict[str, dict[str, int]] | None = None,
        agent: str | None = None,
        project: str | None = None,
        projects: List[str] | None = None,
        record: bool | None = None,
        session: str | None = None,
    ) -> TemporalCausesResult:
        """Steps that came before an event's kind, or an outcome, more often than in the same gap of other
        sessions. An association, not a proof: lift, Fisher's exact test after Benjamini and Hochberg,
        shared files, and the events.

        event: An event's id. Either this or `outcome`.
        outcome: Any step that ended so, such as `failure`.
        after: A position that must be seen.
        agent: Who acts.
        project: The project; without it the token's only one, or the client's.
        projects: More projects, for reads.
        record: Whether what is asked and answered is kept to learn from; true when not said.
        session: The run of an agent that this belongs to.
        """
        given: dict[str, Any] = {
            "event": event,
            "outcome": outcome,
            "after": after,
            "agent": agent,
            "project": project,
            "projects": projects,
            "record": record,
            "session": session,
        }
        return cast("TemporalCausesResult", self._client.call("temporal", "causes", given))

    def effects(
        self,
        *,
        event: str,
        after: dict[str, dict[str, int]] | None = None,
        agent: str | None = None,
        project: str | None = None,
        projects: List[str] | None = None,
        record: bool | None = None,
        session: str | None = None,
    ) -> TemporalEffectsResult:
        """Steps that came after an event's kind more often than in the same gap of other sessions: an
        association, each with its lift, odds by chance, shared files, and events.

        event: The event's id.
        after: A position that must be seen.
        agent: Who acts.
        project: The project; without it the token's only one, or the client's.
        projects: More projects, for reads.
        record: Whether what is asked and answered is kept to learn from; true when not said.
        session: The run of an agent that this belongs to.
        """
        given: dict[str, Any] = {
            "event": event,
            "after": after,
            "agent": agent,
            "project": project,
            "projects": projects,
            "record": record,
            "session": session,
        }
        return cast("TemporalEffectsResult", self._client.call("temporal", "effects", given))

    def sequences(
        self,
        *,
        type: str | None = None,
        limit: int | None = None,
        after: dict[str, dict[str, int]] | None = None,
        agent: str | None = None,
        project: str | None = None,
        projects: List[str] | None = None,
        record: bool | None = None,
        session: str | None = None,
    ) -> TemporalSequencesResult:
        """How often one step follows another in a session, and how probable it is after it, the most
        frequent first. A step is what was done and how it went.

        type: Only events of this type.
        limit: At most so many; 20 when not said.
        after: A position that must be seen.
        agent: Who acts.
        project: The project; without it the token's only one, or the client's.
        projects: More projects, for reads.
        record: Whether what is asked and answered is kept to learn from; true when not said.
        session: The run of an agent that this belongs to.
        """
        given: dict[str, Any] = {
            "type": type,
            "limit": limit,
            "after": after,
            "agent": agent,
            "project": project,
            "projects": projects,
            "record": record,
            "session": session,
        }
        return cast("TemporalSequencesResult", self._client.call("temporal", "sequences", given))

    def rhythm(
        self,
        *,
        type: str | None = None,
        after: dict[str, dict[str, int]] | None = None,
        agent: str | None = None,
        project: str | None = None,
        projects: List[str] | None = None,
        record: bool | None = None,
        session: str | None = None,
    ) -> TemporalRhythmResult:
        """When things happen, in UTC: counts by hour and weekday, after how many hours the stream repeats
        itself, and hours with far more than usual.

        type: Only events of this type.
        after: A position that must be seen.
        agent: Who acts.
        project: The project; without it the token's only one, or the client's.
        projects: More projects, for reads.
        record: Whether what is asked and answered is kept to learn from; true when not said.
        session: The run of an agent that this belongs to.
        """
        given: dict[str, Any] = {
            "type": type,
            "after": after,
            "agent": agent,
            "project": project,
            "projects": projects,
            "record": record,
            "session": session,
        }
        return cast("TemporalRhythmResult", self._client.call("temporal", "rhythm", given))

    def gaps(
        self,
        *,
        min_gap: str | None = None,
        limit: int | None = None,
        after: dict[str, dict[str, int]] | None = None,
        agent: str | None = None,
        project: str | None = None,
        projects: List[str] | None = None,
        record: bool | None = None,
        session: str | None = None,
    ) -> TemporalGapsResult:
        """Silences in the stream, the longest first.

        min_gap: From how long on, such as `1h`; `1h` when not said.
        limit: At most so many; 20 when not said.
        after: A position that must be seen.
        agent: Who acts.
        project: The project; without it the token's only one, or the client's.
        projects: More projects, for reads.
        record: Whether what is asked and answered is kept to learn from; true when not said.
        session: The run of an agent that this belongs to.
        """
        given: dict[str, Any] = {
            "min_gap": min_gap,
            "limit": limit,
            "after": after,
            "agent": agent,
            "project": project,
            "projects": projects,
            "record": record,
            "session": session,
        }
        return cast("TemporalGapsResult", self._client.call("temporal", "gaps", given))

    def as_of(
        self,
        *,
        at: str,
        table: str,
        filter: dict[str, Any] | None = None,
        limit: int | None = None,
        cursor: str | None = None,
        after: dict[str, dict[str, int]] | None = None,
        agent: str | None = None,
        project: str | None = None,
        projects: List[str] | None = None,
        record: bool | None = None,
        session: str | None = None,
    ) -> TemporalAsOfResult:
        """Rows of a table as they were known at a time.

        at: When: RFC 3339, or an age such as `7d`.
        table: A table or view of `sql.tables`.
        filter: `{field: value | {op: value}}`.
        limit: At most so many; 20 when not said.
        cursor: Where the page before ended.
        after: A position that must be seen.
        agent: Who acts.
        project: The project; without it the token's only one, or the client's.
        projects: More projects, for reads.
        record: Whether what is asked and answered is kept to learn from; true when not said.
        session: The run of an agent that this belongs to.
        """
        given: dict[str, Any] = {
            "at": at,
            "table": table,
            "filter": filter,
            "limit": limit,
            "cursor": cursor,
            "after": after,
            "agent": agent,
            "project": project,
            "projects": projects,
            "record": record,
            "session": session,
        }
        return cast("TemporalAsOfResult", self._client.call("temporal", "as_of", given))

    def diff(
        self,
        *,
        from_: str,
        to: str | None = None,
        limit: int | None = None,
        cursor: str | None = None,
        after: dict[str, dict[str, int]] | None = None,
        agent: str | None = None,
        project: str | None = None,
        projects: List[str] | None = None,
        record: bool | None = None,
        session: str | None = None,
    ) -> TemporalDiffResult:
        """What was learned, changed and forgotten between two times: memories and facts, and how many rows
        of everything that is derived.

        from_: From when: RFC 3339, or an age such as `7d`.
        to: Until when; now when not said.
        limit: At most so many; 20 when not said.
        cursor: Where the page before ended.
        after: A position that must be seen.
        agent: Who acts.
        project: The project; without it the token's only one, or the client's.
        projects: More projects, for reads.
        record: Whether what is asked and answered is kept to learn from; true when not said.
        session: The run of an agent that this belongs to.
        """
        given: dict[str, Any] = {
            "from": from_,
            "to": to,
            "limit": limit,
            "cursor": cursor,
            "after": after,
            "agent": agent,
            "project": project,
            "projects": projects,
            "record": record,
            "session": session,
        }
        return cast("TemporalDiffResult", self._client.call("temporal", "diff", given))


class Spatial:
    def __init__(self, client: "Athena") -> None:
        self._client = client

    def tree(
        self,
        *,
        path: str | None = None,
        depth: int | None = None,
        limit: int | None = None,
        cursor: str | None = None,
        after: dict[str, dict[str, int]] | None = None,
        agent: str | None = None,
        project: str | None = None,
        projects: List[str] | None = None,
        record: bool | None = None,
        session: str | None = None,
    ) -> SpatialTreeResult:
        """The tree of paths that were touched, with the activity in each; the order is that of the paths.

        path: Below which folder; all when not said.
        depth: Levels; 3 when not said.
        limit: At most so many places; 20 when not said.
        cursor: Where the page before ended.
        after: A position that must be seen.
        agent: Who acts.
        project: The project; without it the token's only one, or the client's.
        projects: More projects, for reads.
        record: Whether what is asked and answered is kept to learn from; true when not said.
        session: The run of an agent that this belongs to.
        """
        given: dict[str, Any] = {
            "path": path,
            "depth": depth,
            "limit": limit,
            "cursor": cursor,
            "after": after,
            "agent": agent,
            "project": project,
            "projects": projects,
            "record": record,
            "session": session,
        }
        return cast("SpatialTreeResult", self._client.call("spatial", "tree", given))

    def within(
        self,
        *,
        path: str,
        limit: int | None = None,
        after: dict[str, dict[str, int]] | None = None,
        agent: str | None = None,
        project: str | None = None,
        projects: List[str] | None = None,
        record: bool | None = None,
        session: str | None = None,
    ) -> SpatialWithinResult:
        """What happened at a path or below, the newest first, and what was tied to it.

        path: A file or folder.
        limit: At most so many events; 20 when not said.
        after: A position that must be seen.
        agent: Who acts.
        project: The project; without it the token's only one, or the client's.
        projects: More projects, for reads.
        record: Whether what is asked and answered is kept to learn from; true when not said.
        session: The run of an agent that this belongs to.
        """
        given: dict[str, Any] = {
            "path": path,
            "limit": limit,
            "after": after,
            "agent": agent,
            "project": project,
            "projects": projects,
            "record": record,
            "session": session,
        }
        return cast("SpatialWithinResult", self._client.call("spatial", "within", given))

    def near(
        self,
        *,
        path: str,
        radius: int | None = None,
        limit: int | None = None,
        after: dict[str, dict[str, int]] | None = None,
        agent: str | None = None,
        project: str | None = None,
        projects: List[str] | None = None,
        record: bool | None = None,
        session: str | None = None,
    ) -> SpatialNearResult:
        """What happened at most so many steps from a path, through common folders, the newest first; and
        what was tied there.

        path: A file or folder.
        radius: Steps up and down the tree; 2 when not said: the same folder.
        limit: At most so many events; 20 when not said.
        after: A position that must be seen.
        agent: Who acts.
        project: The project; without it the token's only one, or the client's.
        projects: More projects, for reads.
        record: Whether what is asked and answered is kept to learn from; true when not said.
        session: The run of an agent that this belongs to.
        """
        given: dict[str, Any] = {
            "path": path,
            "radius": radius,
            "limit": limit,
            "after": after,
            "agent": agent,
            "project": project,
            "projects": projects,
            "record": record,
            "session": session,
        }
        return cast("SpatialNearResult", self._client.call("spatial", "near", given))

    def distance(
        self,
        *,
        a: str,
        b: str,
        after: dict[str, dict[str, int]] | None = None,
        agent: str | None = None,
        project: str | None = None,
        projects: List[str] | None = None,
        record: bool | None = None,
        session: str | None = None,
    ) -> SpatialDistanceResult:
        """How far two paths are from each other: steps through the folder that they share, and from 0 to
        1.

        a: A path.
        b: Another.
        after: A position that must be seen.
        agent: Who acts.
        project: The project; without it the token's only one, or the client's.
        projects: More projects, for reads.
        record: Whether what is asked and answered is kept to learn from; true when not said.
        session: The run of an agent that this belongs to.
        """
        given: dict[str, Any] = {
            "a": a,
            "b": b,
            "after": after,
            "agent": agent,
            "project": project,
            "projects": projects,
            "record": record,
            "session": session,
        }
        return cast("SpatialDistanceResult", self._client.call("spatial", "distance", given))

    def context(
        self,
        *,
        path: str,
        after: dict[str, dict[str, int]] | None = None,
        agent: str | None = None,
        project: str | None = None,
        projects: List[str] | None = None,
        record: bool | None = None,
        session: str | None = None,
    ) -> SpatialContextResult:
        """What to know before working at a path: recent work, facts that name it, who worked there, what
        failed, what was done after, and what was tied to it.

        path: A file or folder.
        after: A position that must be seen.
        agent: Who acts.
        project: The project; without it the token's only one, or the client's.
        projects: More projects, for reads.
        record: Whether what is asked and answered is kept to learn from; true when not said.
        session: The run of an agent that this belongs to.
        """
        given: dict[str, Any] = {
            "path": path,
            "after": after,
            "agent": agent,
            "project": project,
            "projects": projects,
            "record": record,
            "session": session,
        }
        return cast("SpatialContextResult", self._client.call("spatial", "context", given))

    def heat(
        self,
        *,
        bucket: str | None = None,
        path: str | None = None,
        limit: int | None = None,
        cursor: str | None = None,
        after: dict[str, dict[str, int]] | None = None,
        agent: str | None = None,
        project: str | None = None,
        projects: List[str] | None = None,
        record: bool | None = None,
        session: str | None = None,
    ) -> SpatialHeatResult:
        """Activity by path over time: for each stretch the places that were touched, the most often first.

        bucket: How long a stretch is, such as `1h`, `1d` or `1w`; `1d` when not said.
        path: Below which folder; all when not said.
        limit: At most so many rows; 20 when not said.
        cursor: Where the page before ended.
        after: A position that must be seen.
        agent: Who acts.
        project: The project; without it the token's only one, or the client's.
        projects: More projects, for reads.
        record: Whether what is asked and answered is kept to learn from; true when not said.
        session: The run of an agent that this belongs to.
        """
        given: dict[str, Any] = {
            "bucket": bucket,
            "path": path,
            "limit": limit,
            "cursor": cursor,
            "after": after,
            "agent": agent,
            "project": project,
            "projects": projects,
            "record": record,
            "session": session,
        }
        return cast("SpatialHeatResult", self._client.call("spatial", "heat", given))

    def together(
        self,
        *,
        path: str,
        limit: int | None = None,
        after: dict[str, dict[str, int]] | None = None,
        agent: str | None = None,
        project: str | None = None,
        projects: List[str] | None = None,
        record: bool | None = None,
        session: str | None = None,
    ) -> SpatialTogetherResult:
        """Paths that are touched in the same commits and sessions as a path: how often, how much more than
        by chance (lift), and in what share of them (confidence).

        path: A file or folder.
        limit: At most so many; 20 when not said.
        after: A position that must be seen.
        agent: Who acts.
        project: The project; without it the token's only one, or the client's.
        projects: More projects, for reads.
        record: Whether what is asked and answered is kept to learn from; true when not said.
        session: The run of an agent that this belongs to.
        """
        given: dict[str, Any] = {
            "path": path,
            "limit": limit,
            "after": after,
            "agent": agent,
            "project": project,
            "projects": projects,
            "record": record,
            "session": session,
        }
        return cast("SpatialTogetherResult", self._client.call("spatial", "together", given))

    def link(
        self,
        *,
        path: str,
        id: str,
        after: dict[str, dict[str, int]] | None = None,
        agent: str | None = None,
        event_id: str | None = None,
        project: str | None = None,
        session: str | None = None,
    ) -> SpatialLinkResult:
        """Ties a memory, task or note to a place: it is told with what happened there.

        path: A file or folder.
        id: The id of what is tied to it.
        after: A position that must be seen.
        agent: Who acts.
        event_id: Makes a write idempotent.
        project: The project; without it the token's only one, or the client's.
        session: The run of an agent that this belongs to.
        """
        given: dict[str, Any] = {
            "path": path,
            "id": id,
            "after": after,
            "agent": agent,
            "event_id": event_id,
            "project": project,
            "session": session,
        }
        return cast("SpatialLinkResult", self._client.call("spatial", "link", given))

    def move(
        self,
        *,
        from_: str,
        to: str,
        after: dict[str, dict[str, int]] | None = None,
        agent: str | None = None,
        event_id: str | None = None,
        project: str | None = None,
        session: str | None = None,
    ) -> SpatialMoveResult:
        """Says that a file or folder has another name now, so that its history follows it.

        from_: What it was called.
        to: What it is called now.
        after: A position that must be seen.
        agent: Who acts.
        event_id: Makes a write idempotent.
        project: The project; without it the token's only one, or the client's.
        session: The run of an agent that this belongs to.
        """
        given: dict[str, Any] = {
            "from": from_,
            "to": to,
            "after": after,
            "agent": agent,
            "event_id": event_id,
            "project": project,
            "session": session,
        }
        return cast("SpatialMoveResult", self._client.call("spatial", "move", given))


class Athena(Connection):
    """A server's memory: one attribute a tool, one method an operation."""

    def __init__(
        self,
        url: str | None = None,
        token: str | None = None,
        project: str | None = None,
        timeout_s: float = 30.0,
    ) -> None:
        super().__init__(url, token, project, timeout_s)
        self.events = Events(self)
        self.sessions = Sessions(self)
        self.conversations = Conversations(self)
        self.memories = Memories(self)
        self.notes = Notes(self)
        self.retrieve = Retrieve(self)
        self.procedures = Procedures(self)
        self.skills = Skills(self)
        self.tasks = Tasks(self)
        self.goals = Goals(self)
        self.triggers = Triggers(self)
        self.automation = Automation(self)
        self.graph = Graph(self)
        self.communities = Communities(self)
        self.associations = Associations(self)
        self.code = Code(self)
        self.meta = Meta(self)
        self.attention = Attention(self)
        self.consolidation = Consolidation(self)
        self.planning = Planning(self)
        self.estimation = Estimation(self)
        self.safety = Safety(self)
        self.hooks = Hooks(self)
        self.sql = Sql(self)
        self.system = System(self)
        self.temporal = Temporal(self)
        self.spatial = Spatial(self)

    def search(
        self,
        *,
        query: str,
        k: int | None = None,
        kinds: List[Literal["event", "memory", "fact", "procedure", "entity", "community", "note", "task", "symbol", "episode"]] | None = None,
        project: str | None = None,
        projects: List[str] | None = None,
        session: str | None = None,
        agent: str | None = None,
        type: str | None = None,
        tool: str | None = None,
        outcome: str | None = None,
        tag: str | None = None,
        path: str | None = None,
        since: str | None = None,
        until: str | None = None,
        mode: Literal["hybrid", "text", "vector", "graph"] | None = None,
        after: dict[str, dict[str, int]] | None = None,
        budget_ms: int | None = None,
        explain: bool | None = None,
        weights: SearchWeights | None = None,
        diversity: float | None = None,
        record: bool | None = None,
    ) -> SearchResult:
        """Finds by words, best first.

        k: How many hits, 1 to 1000; 10 when not said.
        kinds: Only these kinds; all when empty.
        path: A file or folder that the hit touches or lies below.
        since: From this time on: RFC 3339, or an age such as `2h` or `7d`.
        until: Before this time.
        after: A position that the answer must have applied; waited for up to `after_timeout_ms`.
        budget_ms: Milliseconds after which the answer is what words alone find; `deadline` in
            `degraded` says so.
        weights: Orders hits by these instead of the ranker.
        diversity: From 0, as they are, to 1: how much a hit that says what one before it says stands
            back.
        record: Whether what is asked and answered is kept to learn from; true when not said.
        """
        given: dict[str, Any] = {
            "query": query,
            "k": k,
            "kinds": kinds,
            "project": project,
            "projects": projects,
            "session": session,
            "agent": agent,
            "type": type,
            "tool": tool,
            "outcome": outcome,
            "tag": tag,
            "path": path,
            "since": since,
            "until": until,
            "mode": mode,
            "after": after,
            "budget_ms": budget_ms,
            "explain": explain,
            "weights": weights,
            "diversity": diversity,
            "record": record,
        }
        return cast("SearchResult", self.post("/v1/search", given))

    def rotate_keys(
        self,
        *,
        more: bool | None = None,
    ) -> RotateKeysResult:
        """Makes a new master key and wraps every key by it.

        more: Whether it goes on with one that was begun, and makes no key.
        """
        given: dict[str, Any] = {
            "more": more,
        }
        return cast("RotateKeysResult", self.post("/v1/keys/rotate", given))
