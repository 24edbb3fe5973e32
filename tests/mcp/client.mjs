// Drives a server by the official TypeScript client: node client.mjs (URL | COMMAND…). Prints what it saw as JSON.

import { Client } from "@modelcontextprotocol/sdk/client/index.js";
import { StdioClientTransport } from "@modelcontextprotocol/sdk/client/stdio.js";
import { StreamableHTTPClientTransport } from "@modelcontextprotocol/sdk/client/streamableHttp.js";

// A position that the log will not reach: whoever must see it waits for as long as the server lets it.
const never = { local: { 0: 2 ** 40 } };

async function connected([first, ...rest]) {
  const transport = first.startsWith("http")
    ? new StreamableHTTPClientTransport(new URL(first))
    : new StdioClientTransport({ command: first, args: rest });
  const client = new Client({ name: "tests", version: "1.0.0" });
  await client.connect(transport);
  return client;
}

const words = process.argv.slice(2);
const client = await connected(words);
const saw = { server: client.getServerVersion().name };

const { tools } = await client.listTools();
saw.tools = tools.map((tool) => tool.name);
const call = (name, args, options) => client.callTool({ name, arguments: args }, undefined, options);

const told = await call("remember", { content: "Deploy on Tuesdays, after the backup" });
saw.id = told.structuredContent.id;
const found = await call("recall", { query: "when do we deploy?" });
saw.recalled = found.structuredContent.items.map((item) => item.id);
const wrong = await call("recall", {});
saw.wrong = [wrong.isError, wrong.content[0].text];
saw.unknown = await call("recal", { query: "x" }).then(() => null, (error) => error.message);

for (let number = 0; number < 60; number++) await call("remember", { content: `Note ${number}` });
const page = await client.listResources();
const next = await client.listResources({ cursor: page.nextCursor });
saw.pages = [page.resources.length, next.resources.length];
saw.prompts = (await client.listPrompts()).prompts.map((prompt) => prompt.name);

saw.progress = [];
await call("recall", { query: "x", after: never }, { onprogress: ({ progress }) => saw.progress.push(progress) });
const stop = new AbortController();
setTimeout(() => stop.abort(), 300);
saw.cancelled = await call("recall", { query: "x", after: never }, { signal: stop.signal }).then(() => false, () => true);
saw.after = (await call("describe", {})).structuredContent.items.length;

await client.close();

// Every tool by its own name, each operation by its own example, and what is wrong told by each. What has a key is done
// once, but waited for each time. By standard input and output one operation of each tool is enough.
const most = words[0].startsWith("http") ? Infinity : 1;
const whole = await connected(words.map((word) => word.replace(/core$/, "all")));
const ask = (name, args) => whole.callTool({ name, arguments: args });
// Beside the operation that is meant, an operation's own argument of that name is called `name`.
const beside = ({ operation: name, ...rest }) => (name === undefined ? rest : { ...rest, name });
saw.all = [];
saw.called = [];
saw.failed = [];
const keyed = new Set();
for (const tool of (await whole.listTools()).tools) {
  saw.all.push(tool.name);
  const nonsense = await ask(tool.name, { operation: "nonsense" });
  if (!nonsense.isError) saw.failed.push([tool.name, "takes nonsense"]);
  for (const operation of tool.inputSchema.properties.operation.enum.slice(0, most)) {
    const described = await ask("system", { operation: "describe", tool: tool.name, name: operation, max_tokens: 10000 });
    const [entry] = described.structuredContent.items;
    for (const { setup, arguments: own } of entry.examples) {
      for (const step of [...setup, { tool: tool.name, operation, arguments: own }]) {
        const once = step.arguments.event_id && !step.arguments.wait;
        const key = once && JSON.stringify(step);
        if (keyed.has(key)) continue;
        if (key) keyed.add(key);
        const done = await ask(step.tool, { operation: step.operation, ...beside(step.arguments) });
        if (done.isError) saw.failed.push([step.tool, step.operation, done.content[0].text]);
      }
    }
    saw.called.push(`${tool.name}.${operation}`);
  }
}
await whole.close();
console.log(JSON.stringify(saw));
