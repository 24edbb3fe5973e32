"""A typed client of Athena @VERSION@. Written by generate.py from /openapi.json: change that, not this.

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
