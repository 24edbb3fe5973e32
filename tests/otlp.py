"""Sends spans by the official OpenTelemetry SDK: otlp.py URL. Prints whether they were taken."""

import sys

from opentelemetry.exporter.otlp.proto.http.trace_exporter import Compression, OTLPSpanExporter
from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor, SpanExportResult

results = []


class Heard(OTLPSpanExporter):
    def export(self, spans):
        results.append(super().export(spans))
        return results[-1]


provider = TracerProvider(resource=Resource.create({"service.name": "tests", "athena.project": "spans"}))
provider.add_span_processor(SimpleSpanProcessor(Heard(endpoint=sys.argv[1], compression=Compression.Gzip)))
tracer = provider.get_tracer("tests")
agent = {"gen_ai.operation.name": "invoke_agent", "gen_ai.agent.name": "tester", "gen_ai.conversation.id": "c-1"}
with tracer.start_as_current_span("invoke_agent tester", attributes=agent):
    tool = {"gen_ai.operation.name": "execute_tool", "gen_ai.tool.name": "pytest", "gen_ai.tool.call.id": "call-1",
            "gen_ai.conversation.id": "c-1", "gen_ai.tool.call.arguments": '{"command": "pytest cart"}',
            "gen_ai.tool.call.result": "4 passed, 1 failed"}
    with tracer.start_as_current_span("execute_tool pytest", attributes=tool):
        pass
    with tracer.start_as_current_span("GET /"):
        pass
provider.shutdown()
print(all(result is SpanExportResult.SUCCESS for result in results), len(results))
