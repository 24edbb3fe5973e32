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


class MemoriesRememberResult(TypedDict):
    id: str
    # Grows with each version of a memory.
    version: int
    project: str
    # What to pass as `after` to another server to read it.
    position: dict[str, dict[str, int]]


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


class SystemDescribeResult(TypedDict):
    items: List[Any]


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

    def get(
        self,
        *,
        id: str,
        after: dict[str, dict[str, int]] | None = None,
        agent: str | None = None,
        project: str | None = None,
        projects: List[str] | None = None,
        session: str | None = None,
    ) -> EventsGetResult:
        """An event as it was recorded, and what was derived from it.

        id: The event's id.
        after: A position that must be seen.
        agent: Who acts.
        project: The project; without it the token's only one, or the client's.
        projects: More projects, for reads.
        session: The run of an agent that this belongs to.
        """
        given: dict[str, Any] = {
            "id": id,
            "after": after,
            "agent": agent,
            "project": project,
            "projects": projects,
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
    ) -> EventsBySessionResult:
        """The events of a session, in order.

        session: The session.
        limit: At most so many; 20 when not said.
        cursor: Where the page before ended.
        after: A position that must be seen.
        agent: Who acts.
        project: The project; without it the token's only one, or the client's.
        projects: More projects, for reads.
        """
        given: dict[str, Any] = {
            "session": session,
            "limit": limit,
            "cursor": cursor,
            "after": after,
            "agent": agent,
            "project": project,
            "projects": projects,
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
        session: str | None = None,
    ) -> EventsCountResult:
        """How many events there are, by one of their fields, the most frequent first.

        group_by: By what; all together when not said.
        filters: What they must be.
        after: A position that must be seen.
        agent: Who acts.
        project: The project; without it the token's only one, or the client's.
        projects: More projects, for reads.
        session: The run of an agent that this belongs to.
        """
        given: dict[str, Any] = {
            "group_by": group_by,
            "filters": filters,
            "after": after,
            "agent": agent,
            "project": project,
            "projects": projects,
            "session": session,
        }
        return cast("EventsCountResult", self._client.call("events", "count", given))


class Sessions:
    def __init__(self, client: "Athena") -> None:
        self._client = client

    def resume(
        self,
        *,
        after: dict[str, dict[str, int]] | None = None,
        agent: str | None = None,
        project: str | None = None,
        projects: List[str] | None = None,
        session: str | None = None,
    ) -> SessionsResumeResult:
        """What is needed to go on: the goal of a session, what was done last, what failed and was not
        mended, files, and what is remembered. Without `session`, of the project's newest one.

        after: A position that must be seen.
        agent: Who acts.
        project: The project; without it the token's only one, or the client's.
        projects: More projects, for reads.
        session: The run of an agent that this belongs to.
        """
        given: dict[str, Any] = {
            "after": after,
            "agent": agent,
            "project": project,
            "projects": projects,
            "session": session,
        }
        return cast("SessionsResumeResult", self._client.call("sessions", "resume", given))

    def get(
        self,
        *,
        session: str,
        after: dict[str, dict[str, int]] | None = None,
        agent: str | None = None,
        project: str | None = None,
        projects: List[str] | None = None,
    ) -> dict[str, Any]:
        """What a session was: when, how many events, which agents and tools, how it ended.

        session: The session.
        after: A position that must be seen.
        agent: Who acts.
        project: The project; without it the token's only one, or the client's.
        projects: More projects, for reads.
        """
        given: dict[str, Any] = {
            "session": session,
            "after": after,
            "agent": agent,
            "project": project,
            "projects": projects,
        }
        return cast("dict[str, Any]", self._client.call("sessions", "get", given))

    def list(
        self,
        *,
        limit: int | None = None,
        after: dict[str, dict[str, int]] | None = None,
        agent: str | None = None,
        project: str | None = None,
        projects: List[str] | None = None,
        session: str | None = None,
    ) -> SessionsListResult:
        """Sessions, the one with the newest event first.

        limit: At most so many; 20 when not said.
        after: A position that must be seen.
        agent: Who acts.
        project: The project; without it the token's only one, or the client's.
        projects: More projects, for reads.
        session: The run of an agent that this belongs to.
        """
        given: dict[str, Any] = {
            "limit": limit,
            "after": after,
            "agent": agent,
            "project": project,
            "projects": projects,
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
            "session": session,
        }
        return cast("SessionsEpisodesResult", self._client.call("sessions", "episodes", given))


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
        """Remembers a text, for this project, until it is forgotten. Gives the memory's id and version.

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
        session: str | None = None,
    ) -> MemoriesRecallResult:
        """What is remembered, and was said, that bears on a question: the likeliest first, and nothing
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
        session: str | None = None,
    ) -> MemoriesGetResult:
        """Gives a memory as it is now, with who told it, when, and where in the log.

        id: The memory's id.
        after: A position that must be seen.
        agent: Who acts.
        project: The project; without it the token's only one, or the client's.
        projects: More projects, for reads.
        session: The run of an agent that this belongs to.
        """
        given: dict[str, Any] = {
            "id": id,
            "after": after,
            "agent": agent,
            "project": project,
            "projects": projects,
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
        session: str | None = None,
    ) -> MemoriesHistoryResult:
        """Every version of a memory, the newest first: what it said, who wrote it and when. Forgotten ones
        have none.

        id: The memory's id.
        after: A position that must be seen.
        agent: Who acts.
        project: The project; without it the token's only one, or the client's.
        projects: More projects, for reads.
        session: The run of an agent that this belongs to.
        """
        given: dict[str, Any] = {
            "id": id,
            "after": after,
            "agent": agent,
            "project": project,
            "projects": projects,
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
        after: dict[str, dict[str, int]] | None = None,
        agent: str | None = None,
        event_id: str | None = None,
        project: str | None = None,
        session: str | None = None,
    ) -> MemoriesForgetResult:
        """Forgets a memory by its id at once, or tells which ones a filter would take, and takes them with
        `dry_run=false`. One's own only, unless the caller is an admin.

        id: The memory's id. Either this or `filter`.
        filter: Which memories; at most 1,000 at once.
        dry_run: Whether to tell only; true for a filter, false for an id, when not said.
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
            "after": after,
            "agent": agent,
            "event_id": event_id,
            "project": project,
            "session": session,
        }
        return cast("MemoriesForgetResult", self._client.call("memories", "forget", given))


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
        explain: bool | None = None,
        after: dict[str, dict[str, int]] | None = None,
        agent: str | None = None,
        project: str | None = None,
        projects: List[str] | None = None,
        session: str | None = None,
    ) -> RetrieveSearchResult:
        """The best hits among everything: events and memories, by words and by meaning, whether they
        answer or not.

        query: The question. Quoted phrases and `field:value` are demands; without words, the newest
            come.
        kinds: What kinds of things; any when empty.
        filters: What hits must be.
        k: At most so many; 10 when not said.
        mode: By what: `hybrid` when not said.
        explain: Whether to tell what each score is made of.
        after: A position that must be seen.
        agent: Who acts.
        project: The project; without it the token's only one, or the client's.
        projects: More projects, for reads.
        session: The run of an agent that this belongs to.
        """
        given: dict[str, Any] = {
            "query": query,
            "kinds": kinds,
            "filters": filters,
            "k": k,
            "mode": mode,
            "explain": explain,
            "after": after,
            "agent": agent,
            "project": project,
            "projects": projects,
            "session": session,
        }
        return cast("RetrieveSearchResult", self._client.call("retrieve", "search", given))

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
            "session": session,
        }
        return cast("RetrieveContextResult", self._client.call("retrieve", "context", given))


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
        after: A position that must be seen.
        agent: Who acts.
        event_id: Makes a write idempotent.
        project: The project; without it the token's only one, or the client's.
        """
        given: dict[str, Any] = {
            "session": session,
            "prompt": prompt,
            "scope": scope,
            "after": after,
            "agent": agent,
            "event_id": event_id,
            "project": project,
        }
        return cast("HooksUserPromptResult", self._client.call("hooks", "user_prompt", given))


class System:
    def __init__(self, client: "Athena") -> None:
        self._client = client

    def describe(
        self,
        *,
        tool: str | None = None,
        operation: str | None = None,
        after: dict[str, dict[str, int]] | None = None,
        agent: str | None = None,
        project: str | None = None,
        projects: List[str] | None = None,
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
        session: The run of an agent that this belongs to.
        """
        given: dict[str, Any] = {
            "tool": tool,
            "operation": operation,
            "after": after,
            "agent": agent,
            "project": project,
            "projects": projects,
            "session": session,
        }
        return cast("SystemDescribeResult", self._client.call("system", "describe", given))


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
        self.memories = Memories(self)
        self.retrieve = Retrieve(self)
        self.hooks = Hooks(self)
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
        explain: bool | None = None,
    ) -> SearchResult:
        """Finds by words, best first.

        k: How many hits, 1 to 1000; 10 when not said.
        kinds: Only these kinds; all when empty.
        path: A file or folder that the hit touches or lies below.
        since: From this time on: RFC 3339, or an age such as `2h` or `7d`.
        until: Before this time.
        after: A position that the answer must have applied; waited for up to `after_timeout_ms`.
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
            "explain": explain,
        }
        return cast("SearchResult", self.post("/v1/search", given))

    def sql(
        self,
        *,
        sql: str,
        params: List[Any] | None = None,
        at: Any = None,
        limit: int | None = None,
        project: str | None = None,
        projects: List[str] | None = None,
    ) -> SqlResult:
        """Answers one read-only statement.

        params: Values for `$1`, `$2`, …
        at: Rows as they were known then: RFC 3339 or a position.
        limit: At most this many rows; the server's limit when not said.
        """
        given: dict[str, Any] = {
            "sql": sql,
            "params": params,
            "at": at,
            "limit": limit,
            "project": project,
            "projects": projects,
        }
        return cast("SqlResult", self.post("/v1/sql", given))
