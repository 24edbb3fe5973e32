"""Drives a server by the official Python client: client.py MODE (URL | COMMAND…). Prints what it saw as JSON.

MODE is `legacy` (a session, by the handshake) or a revision, such as 2026-07-28.
"""

import json
import sys

import anyio
from mcp.client.client import Client
from mcp.client.stdio import StdioServerParameters, stdio_client
from mcp.shared.exceptions import MCPError

# A position that the log will not reach: whoever must see it waits for as long as the server lets it.
NEVER = {"local": {"0": 1 << 40}}
MEMORIES = 60


def target(words):
    if words[0].startswith("http"):
        return words[0]
    return stdio_client(StdioServerParameters(command=words[0], args=words[1:]))


async def main():
    mode, words = sys.argv[1], sys.argv[2:]
    saw = {}
    async with Client(target(words), mode=mode) as client:
        saw["version"] = client.protocol_version
        saw["instructions"] = client.instructions
        listed = (await client.list_tools()).tools
        saw["tools"] = [tool.name for tool in listed]
        saw["read_only"] = [tool.name for tool in listed if tool.annotations.read_only_hint]

        told = await client.call_tool("remember", {"content": "Deploy on Tuesdays, after the backup", "kind": "decision"})
        saw["id"] = told.structured_content["id"]
        found = await client.call_tool("recall", {"query": "when do we deploy?"})
        saw["recalled"] = [item["id"] for item in found.structured_content["items"]]
        saw["text"] = found.content[0].text
        wrong = await client.call_tool("recall", {"question": "when do we deploy?"})
        saw["wrong"] = [wrong.is_error, wrong.content[0].text]
        try:
            await client.call_tool("recal", {"query": "x"})
        except MCPError as error:
            saw["unknown"] = str(error)

        for number in range(MEMORIES):
            await client.call_tool("remember", {"content": "Note %d" % number})
        page = await client.list_resources()
        first = [resource.uri for resource in page.resources]
        second = [resource.uri for resource in (await client.list_resources(cursor=page.next_cursor)).resources]
        saw["pages"] = [len(first), len(second), len({str(uri) for uri in first + second})]
        saw["read"] = json.loads((await client.read_resource(first[0])).contents[0].text)["content"]
        saw["templates"] = [one.uri_template for one in (await client.list_resource_templates()).resource_templates]
        saw["prompts"] = [prompt.name for prompt in (await client.list_prompts()).prompts]
        prompt = await client.get_prompt("recall", {"question": "when do we deploy?"})
        saw["prompt"] = prompt.messages[0].content.text

        heard = []

        async def progress(done, total, message):
            heard.append(done)

        await client.call_tool("recall", {"query": "x", "after": NEVER}, progress_callback=progress)
        saw["progress"] = heard

        with anyio.move_on_after(0.3):
            await client.call_tool("recall", {"query": "x", "after": NEVER})
            saw["waited"] = True
        again = await client.call_tool("describe", {})
        saw["after_cancel"] = again.is_error is not True and len(again.structured_content["items"]) > 0

        # Every operation by its own example, through the two tools that reach them all. What has a key is done
        # once, but waited for each time. By standard input and output one operation of each tool is enough.
        saw["called"], saw["failed"], keyed = [], [], set()
        for tool in again.structured_content["items"]:
            for operation in tool["operations"][: None if words[0].startswith("http") else 1]:
                names = {"tool": tool["tool"], "operation": operation}
                entry = (await client.call_tool("describe", {**names, "max_tokens": 10_000})).structured_content["items"][0]
                for example in entry["examples"]:
                    for step in example["setup"] + [{**names, "arguments": example["arguments"]}]:
                        own = step["arguments"]
                        once = own.get("event_id") and not own.get("wait")
                        key = json.dumps(step, sort_keys=True) if once else None
                        if key in keyed:
                            continue
                        keyed |= {key} - {None}
                        done = await client.call_tool("call", step)
                        if done.is_error:
                            saw["failed"].append([names, done.content[0].text])
                saw["called"].append("%(tool)s.%(operation)s" % names)
    print(json.dumps(saw))


anyio.run(main)
