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
    # Open tasks; null while there are none to be had.
    tasks: NotRequired[List[SessionsResumeResultTask] | None]
    # Why something is null.
    reason: NotRequired[str | None]
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
    # Whether the content must be kept from all but those who may.
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
    # `allowed`: nothing forbids it.
    verdict: str
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
    # Of all its tables; null when it has none.
    rows: NotRequired[int | None]
    last_day: NotRequired[int | None]
    last_at: NotRequired[Any]
    # Why something is null.
    reason: NotRequired[str | None]


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
    # RFC 3339, or a Unix time in seconds, ms, µs or ns by magnitude
    "started_at": "str | float",
    # RFC 3339, or a Unix time in seconds, ms, µs or ns by magnitude
    "ended_at": "NotRequired[str | float | None]",
    # Rows by table, when it is complete: the copy was opened and compared.
    "rows": "NotRequired[dict[str, int] | None]",
    # Up to where in the log the copy goes.
    "position": "NotRequired[dict[str, dict[str, int]] | None]",
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
    # RFC 3339, or a Unix time in seconds, ms, µs or ns by magnitude
    "started_at": "str | float",
    # RFC 3339, or a Unix time in seconds, ms, µs or ns by magnitude
    "ended_at": "NotRequired[str | float | None]",
    # Rows by table, when it is complete: the copy was opened and compared.
    "rows": "NotRequired[dict[str, int] | None]",
    # Up to where in the log the copy goes.
    "position": "NotRequired[dict[str, dict[str, int]] | None]",
    # Why it failed.
    "why": "NotRequired[str | None]",
})


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
        """What a session was: when, how many events, which agents and tools, how it ended.

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
        mended, files, and memories. Without `session`, of the project's newest one.

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
        sensitive: Whether its content must not be found by full text.
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
        """Changes a memory: what is given takes the place of what was there. Older versions stay readable.

        id: The memory's id.
        content: The new text.
        kind: The new kind.
        name: The new name.
        aliases: All of its other names.
        scope: All places that it is seen from.
        tags: All of its labels.
        importance: From 0 to 1.
        source: Where it is known from.
        valid_from: From when it is true.
        valid_until: Until when it was true.
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
        k: int | None = None,
        budget_ms: int | None = None,
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
        k: At most so many hits; 10 when not said.
        budget_ms: Milliseconds after which no further strategy begins; 80 when not said.
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
            "budget_ms": budget_ms,
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
        k: At most so many; 10 when not said.
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
        """An agent is about to use a tool. Records it, and warns where the very same failed the last time
        in this project and did not succeed since.

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
        the last one did.

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
        self.attention = Attention(self)
        self.hooks = Hooks(self)
        self.sql = Sql(self)
        self.system = System(self)

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
