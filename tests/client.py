"""Drives a server by the generated client: client.py FOLDER_OF_THE_CLIENT. Prints what it saw as JSON."""

import json
import sys

sys.path.insert(0, sys.argv[1])

from athena_client import Athena, AthenaError


def refused(call, **arguments):
    try:
        call(**arguments)
    except AthenaError as error:
        return [error.status, error.code, error.field, bool(error.hint)]
    return None


athena = Athena(project="shop")
other = Athena(project="house")
told = athena.memories.remember(content="Deploys go out on Tuesdays, after the backup", kind="decision")
other.memories.remember(content="The bins go out on Tuesdays")
event = athena.events.record(
    content="cargo test -p cart: one test failed", type="tool_result", tool="cargo", outcome="failure", session="s-7"
)
appended = athena.append({"id": "e-%d" % number, "content": "event %d" % number} for number in range(3))
again = athena.append([{"id": "e-0", "content": "event 0"}])
saw = {
    "id": told["id"],
    "recalled": [item["id"] for item in athena.memories.recall(query="when do we deploy?")["items"]],
    "event": event["id"],
    "found": [hit["id"] for hit in athena.search(query="cart test failed", kinds=["event"], k=1)["hits"]],
    "appended": [appended["accepted"], again["duplicates"]],
    "counted": athena.sql.query(sql="SELECT COUNT(*) AS n FROM events WHERE type NOT LIKE 'athena.%'")["rows"],
    "listed": [tool["name"] for tool in athena.get("/v1/tools")["tools"]],
    "project": told["project"],
    "absent": refused(athena.memories.get, id="m-none"),
    "wrong": refused(athena.memories.recall, query="x", filters={"colour": "red"}),
    "nobody": refused(Athena(url="http://127.0.0.1:9").memories.get, id="m"),
}
print(json.dumps(saw))
