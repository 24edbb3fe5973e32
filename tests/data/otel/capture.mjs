// Records what the JavaScript SDK sends, which is JSON: node capture.mjs FILE.
//
//     npm install @opentelemetry/sdk-trace-node @opentelemetry/exporter-trace-otlp-http @opentelemetry/resources
//
// Contents are told as events of spans, as older conventions had them.

import { createServer } from "node:http";
import { writeFileSync } from "node:fs";
import { context, SpanStatusCode, trace } from "@opentelemetry/api";
import { OTLPTraceExporter } from "@opentelemetry/exporter-trace-otlp-http";
import { resourceFromAttributes } from "@opentelemetry/resources";
import { BatchSpanProcessor, NodeTracerProvider } from "@opentelemetry/sdk-trace-node";

const server = createServer((request, answer) => {
  const pieces = [];
  request.on("data", (piece) => pieces.push(piece));
  request.on("end", () => {
    writeFileSync(process.argv[2], Buffer.concat(pieces));
    answer.setHeader("content-type", "application/json").end("{}");
  });
});
await new Promise((listening) => server.listen(0, "127.0.0.1", listening));
const exporter = new OTLPTraceExporter({ url: `http://127.0.0.1:${server.address().port}/v1/traces` });
const provider = new NodeTracerProvider({
  resource: resourceFromAttributes({ "service.name": "helpdesk" }),
  spanProcessors: [new BatchSpanProcessor(exporter)],
});
const tracer = provider.getTracer("helpdesk", "0.3.0");

const root = tracer.startSpan("invoke_agent triage", {
  attributes: { "gen_ai.operation.name": "invoke_agent", "gen_ai.agent.name": "triage", "gen_ai.conversation.id": "ticket-81" },
});
const inside = trace.setSpan(context.active(), root);
const chat = tracer.startSpan("chat gpt-4o-mini", { attributes: {
  "gen_ai.operation.name": "chat", "gen_ai.system": "openai", "gen_ai.request.model": "gpt-4o-mini",
  "gen_ai.usage.input_tokens": 20, "gen_ai.request.temperature": 0.2, "gen_ai.request.stop_sequences": ["END"],
} }, inside);
chat.addEvent("gen_ai.system.message", { content: "You sort tickets." });
chat.addEvent("gen_ai.user.message", { content: "My parcel never came." });
chat.addEvent("gen_ai.choice", { index: 0, finish_reason: "stop",
  message: JSON.stringify({ role: "assistant", content: "Sorted under shipping." }) });
chat.end();
const failed = tracer.startSpan("chat gpt-4o-mini", { attributes: {
  "gen_ai.operation.name": "chat", "gen_ai.request.model": "gpt-4o-mini", "error.type": "429" } }, inside);
failed.setStatus({ code: SpanStatusCode.ERROR, message: "rate limit reached" });
failed.end();
root.end();
await provider.shutdown();
server.close();
