"""Records what OpenTelemetry SDKs send: capture.py FOLDER. Writes each exporter's body as it came over HTTP.

    pip install opentelemetry-sdk==1.45.2 opentelemetry-exporter-otlp-proto-http==1.45.2 \
        pydantic-ai-slim[openai]==2.68.0 opentelemetry-instrumentation-openai-v2==2.3b0 openai==3.57.0

No model and no network: the agent's model is a function, and OpenAI is a server of this file.
"""

import gzip
import json
import os
import sys
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

os.environ["OTEL_INSTRUMENTATION_GENAI_CAPTURE_MESSAGE_CONTENT"] = "span_only"
os.environ["OTEL_SEMCONV_STABILITY_OPT_IN"] = "gen_ai_latest_experimental"

from opentelemetry import trace
from opentelemetry.exporter.otlp.proto.http.trace_exporter import Compression, OTLPSpanExporter
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest
from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor


class Server(BaseHTTPRequestHandler):
    """An OTLP receiver, and a chat endpoint that asks for a tool once and then answers."""

    bodies = []

    def do_POST(self):
        body = self.rfile.read(int(self.headers["content-length"]))
        if self.path == "/v1/traces":
            if self.headers.get("content-encoding") == "gzip":
                body = gzip.decompress(body)
            Server.bodies.append((self.headers["content-type"], body))
            return self.answer(b"", "application/x-protobuf")
        asked = json.loads(body)
        called = any(message["role"] == "tool" for message in asked["messages"])
        message = {"role": "assistant", "content": "The cart tests pass again."}
        if not called:
            function = {"name": "run_tests", "arguments": '{"package": "cart"}'}
            call = {"id": "call_9f2", "type": "function", "function": function}
            message = {"role": "assistant", "content": None, "tool_calls": [call]}
        choice = {"index": 0, "message": message, "finish_reason": "stop" if called else "tool_calls"}
        usage = {"prompt_tokens": 41, "completion_tokens": 12, "total_tokens": 53}
        answer = {"id": "chatcmpl-1", "object": "chat.completion", "created": 1, "model": "gpt-4o-2024-08-06",
                  "choices": [choice], "usage": usage}
        self.answer(json.dumps(answer).encode(), "application/json")

    def answer(self, body, kind):
        self.send_response(200)
        self.send_header("content-type", kind)
        self.send_header("content-length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_):
        pass


def provider(base, service, **attributes):
    made = TracerProvider(resource=Resource.create({"service.name": service, **attributes}))
    exporter = OTLPSpanExporter(endpoint=base + "/v1/traces", compression=Compression.Gzip)
    made.add_span_processor(BatchSpanProcessor(exporter))
    return made


def pydantic_agent(base):
    """An agent with two tools, of which one fails once, as its library tells it."""
    from pydantic_ai import Agent, ModelRetry
    from pydantic_ai.messages import ModelResponse, TextPart, ToolCallPart
    from pydantic_ai.models.function import FunctionModel
    from pydantic_ai.models.instrumented import InstrumentationSettings

    asked = [
        ToolCallPart("read_file", {"path": "cart/total.py"}, tool_call_id="call_a1"),
        ToolCallPart("read_file", {"path": "cart/src/total.py"}, tool_call_id="call_a2"),
        ToolCallPart("run", {"command": "pytest cart"}, tool_call_id="call_a3"),
    ]

    def model(messages, info):
        step = sum(isinstance(message, ModelResponse) for message in messages)
        if step < len(asked):
            return ModelResponse(parts=[asked[step]])
        return ModelResponse(parts=[TextPart("The total rounds each line; it should round once.")])

    spans = provider(base, "shop-agent", **{"athena.project": "shop"})
    agent = Agent(FunctionModel(model), name="fixer", retries=2, instructions="You fix shops.")
    agent.instrument = InstrumentationSettings(tracer_provider=spans)

    @agent.tool_plain
    def read_file(path: str) -> str:
        if path != "cart/src/total.py":
            raise ModelRetry("no such file: " + path)
        return "return sum(round(line.price * line.count, 2) for line in cart)"

    @agent.tool_plain
    def run(command: str) -> str:
        return "1 failed, 4 passed"

    agent.run_sync("Why is the total off by a cent?", conversation_id="conv-17")
    spans.shutdown()


def openai_client(base):
    """The official client by its official instrumentation, and a tool that the program runs itself."""
    from openai import OpenAI
    from opentelemetry.instrumentation.openai_v2 import OpenAIInstrumentor

    spans = provider(base, "assistant")
    OpenAIInstrumentor().instrument(tracer_provider=spans)
    client = OpenAI(base_url=base, api_key="none")
    tracer = spans.get_tracer("assistant")
    messages = [{"role": "system", "content": "Be brief."}, {"role": "user", "content": "Do the cart tests pass?"}]
    with tracer.start_as_current_span("GET /chat"):
        first = client.chat.completions.create(model="gpt-4o", messages=messages).choices[0].message
        result = {"role": "tool", "tool_call_id": first.tool_calls[0].id, "content": "5 passed"}
        messages += [first.model_dump(exclude_none=True), result]
        client.chat.completions.create(model="gpt-4o", messages=messages)
    spans.shutdown()
    OpenAIInstrumentor().uninstrument()


def plain_sdk(base):
    """Spans as the conventions have them, without contents: what most programs send."""
    spans = provider(base, "planner")
    tracer = spans.get_tracer("planner", "1.2.0")
    common = {"gen_ai.conversation.id": "conv-5", "gen_ai.provider.name": "anthropic"}
    agent = {**common, "gen_ai.operation.name": "invoke_agent", "gen_ai.agent.name": "planner", "gen_ai.agent.id": "a-1"}
    with tracer.start_as_current_span("invoke_agent planner", attributes=agent):
        chat = {**common, "gen_ai.operation.name": "chat", "gen_ai.request.model": "claude-opus-4-5",
                "gen_ai.usage.input_tokens": 812, "gen_ai.usage.output_tokens": 96,
                "gen_ai.response.finish_reasons": ["tool_use"]}
        with tracer.start_as_current_span("chat claude-opus-4-5", kind=trace.SpanKind.CLIENT, attributes=chat):
            with tracer.start_as_current_span("POST", attributes={"http.request.method": "POST"}):
                pass
        tool = {"gen_ai.operation.name": "execute_tool", "gen_ai.tool.name": "deploy", "gen_ai.tool.call.id": "toolu_1",
                "gen_ai.tool.type": "function"}
        try:
            with tracer.start_as_current_span("execute_tool deploy", attributes=tool):
                raise TimeoutError("staging did not answer")
        except TimeoutError:
            pass
    spans.shutdown()


def without_traces_of_stacks(body):
    """The same without the one attribute that names this machine's folders."""
    request = ExportTraceServiceRequest.FromString(body)
    for spans in request.resource_spans:
        for span in (span for scope in spans.scope_spans for span in scope.spans):
            for event in span.events:
                kept = [one for one in event.attributes if one.key != "exception.stacktrace"]
                del event.attributes[:]
                event.attributes.extend(kept)
    return request.SerializeToString()


def main():
    folder = Path(sys.argv[1])
    server = ThreadingHTTPServer(("127.0.0.1", 0), Server)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    base = "http://127.0.0.1:%d" % server.server_port
    for take in (pydantic_agent, openai_client, plain_sdk):
        Server.bodies.clear()
        take(base)
        assert len(Server.bodies) == 1, [len(body) for _, body in Server.bodies]
        kind, body = Server.bodies[0]
        assert kind == "application/x-protobuf"
        body = without_traces_of_stacks(body)
        (folder / (take.__name__ + ".pb")).write_bytes(body)
        print(take.__name__, len(body), "bytes")


main()
