#!/usr/bin/env python3
"""Writes athena_client.py from a server's /openapi.json, which is made from its operations.

    generate.py URL [FILE]        FILE is athena_client.py beside this script where none is given

Standard library only. The same document gives the same file.
"""

import json
import keyword
import sys
import textwrap
import urllib.request
from pathlib import Path

HERE = Path(__file__).parent
PREFIX = "/v1/tools/"
# Columns of a line, where it can be helped.
WIDTH = 110
ANY = "Any"
PLAIN = {"string": "str", "integer": "int", "number": "float", "boolean": "bool", "null": "None"}


def camel(*words):
    parts = [part for word in words for part in str(word).replace("-", "_").split("_")]
    return "".join(part[:1].upper() + part[1:] for part in parts if part)


def name(word):
    return word + "_" if keyword.iskeyword(word) else word


class Types:
    """The classes that schemas need, in the order in which they can be read."""

    def __init__(self):
        self.classes = {}

    def of(self, schema, called):
        """The annotation of a schema; objects with members become classes named `called`."""
        if schema is True or not isinstance(schema, dict) or not schema:
            return ANY
        if "const" in schema:
            return "Literal[%s]" % json.dumps(schema["const"])
        if "enum" in schema:
            return self.literal(schema["enum"])
        for key in ("anyOf", "oneOf"):
            if key in schema:
                return self.union([self.of(one, "%s%s" % (called, number or "")) for number, one in enumerate(schema[key])])
        kind = schema.get("type")
        if isinstance(kind, list):
            return self.union([self.of({**schema, "type": one}, called) for one in kind])
        if kind == "array":
            # Some tools have an operation `list`, which would hide the type of that name.
            return "List[%s]" % self.of(schema.get("items", True), singular(called))
        if kind == "object" or "properties" in schema:
            return self.object(schema, called)
        return PLAIN.get(kind, ANY)

    def literal(self, values):
        words = [value for value in values if value is not None]
        some = "Literal[%s]" % ", ".join(json.dumps(value) for value in words) if words else "None"
        return self.union([some] + ["None"] * (len(words) < len(values) and bool(words)))

    @staticmethod
    def union(parts):
        """Each once, literals together, None last."""
        flat = [piece for part in parts for piece in split(part)]
        words = [piece[len("Literal["):-1] for piece in flat if piece.startswith("Literal[")]
        rest = [piece for piece in flat if not piece.startswith("Literal[")]
        literals = ["Literal[%s]" % ", ".join(dict.fromkeys(words))] if words else []
        distinct = list(dict.fromkeys(literals + [piece for piece in rest if piece != "None"]))
        if ANY in distinct:
            return ANY
        return " | ".join(distinct + ["None"] * ("None" in rest))

    def object(self, schema, called):
        members = schema.get("properties")
        if not members:
            values = schema.get("additionalProperties", True)
            return "dict[str, %s]" % (ANY if values is False else self.of(values, singular(called)))
        required = set(schema.get("required", []))
        fields = []
        for key, member in members.items():
            kind = self.of(member, called + camel(key))
            fields.append((key, kind if key in required else "NotRequired[%s]" % kind, described(member)))
        return self.add(called, fields)

    def add(self, called, fields):
        """A class of that name, or the equal one that has it; another number where it is another class."""
        number = 1
        while (unique := called + (str(number) if number > 1 else "")) in self.classes:
            if self.classes[unique] == fields:
                return unique
            number += 1
        self.classes[unique] = fields
        return unique

    def written(self):
        out = []
        for called, fields in self.classes.items():
            out.append("\n")
            if all(key.isidentifier() and not keyword.iskeyword(key) for key, _, _ in fields):
                out.append("class %s(TypedDict):" % called)
                for key, kind, text in fields:
                    out += comment(text, 4)
                    out.append("    %s: %s" % (key, kind))
            else:
                out.append("%s = TypedDict(\"%s\", {" % (called, called))
                for key, kind, text in fields:
                    out += comment(text, 4)
                    out.append("    %s: \"%s\"," % (json.dumps(key), kind.replace("\"", "'")))
                out.append("})")
        return out


def split(annotation):
    """The parts of a union, which may stand inside brackets as they are."""
    parts, depth, start = [], 0, 0
    for at, character in enumerate(annotation):
        depth += {"[": 1, "]": -1}.get(character, 0)
        if depth == 0 and annotation.startswith(" | ", at):
            parts.append(annotation[start:at])
            start = at + 3
    return parts + [annotation[start:]]


def singular(word):
    return word[:-1] if word.endswith("s") and not word.endswith("ss") else word + "Item"


def described(schema):
    return schema.get("description", "") if isinstance(schema, dict) else ""


def comment(text, indent):
    lines = textwrap.wrap(" ".join(text.split()), WIDTH - indent - 2, break_long_words=False)
    return ["%s# %s" % (" " * indent, line) for line in lines]


def docstring(text, arguments, indent):
    """What a call does, and what its arguments mean."""
    pad = " " * indent
    explained = [(key, words) for key, words in arguments if words]
    lines = wrapped(text, indent, "") or [""]
    if not explained and len(lines) == 1 and not lines[0].endswith('"'):
        return ['%s"""%s"""' % (pad, lines[0])]
    lines += [""] * bool(explained)
    for key, words in explained:
        lines += wrapped("%s: %s" % (key, words), indent, "    ")
    return ['%s"""%s' % (pad, lines[0])] + [(pad + line).rstrip() for line in lines[1:]] + [pad + '"""']


def wrapped(text, indent, hanging):
    clean = " ".join(text.split()).replace("\\", "\\\\").replace('"""', "'''")
    return textwrap.wrap(clean, WIDTH - indent - 6, subsequent_indent=hanging, break_long_words=False)


def method(types, called, words, call):
    """One method: its arguments by keyword, what it gives, and the call of `call(fields)`."""
    operation, schema, result = call["operation"], call["arguments"], call["result"]
    required = [key for key in schema.get("required", [])]
    members = schema.get("properties", {})
    order = required + [key for key in members if key not in required]
    lines, told, fields = [], [], []
    for key in order:
        kind = types.of(members.get(key, True), camel(*words, key))
        optional = key not in required
        if optional and "None" not in split(kind) and kind != ANY:
            kind += " | None"
        lines.append("        %s: %s%s," % (name(key), kind, " = None" if optional else ""))
        told.append((name(key), described(members.get(key, {}))))
        fields.append("%s: %s" % (json.dumps(key), name(key)))
    gives = types.of(result, camel(*words, "result"))
    out = ["    def %s(self) -> %s:" % (name(called), gives)]
    if lines:
        out = ["    def %s(" % name(called), "        self,", "        *,"] + lines + ["    ) -> %s:" % gives]
    out += docstring(operation.get("summary", ""), told, 8)
    given = ["        given: dict[str, Any] = {"] + ["            %s," % field for field in fields] + ["        }"]
    out += given if fields else ["        given: dict[str, Any] = {}"]
    returned = call["returns"]
    out.append("        return cast(\"%s\", %s)" % (gives.replace('"', "'"), returned) if gives != ANY else "        return %s" % returned)
    return out


def content(operation, status=None):
    holder = operation["responses"][status] if status else operation["requestBody"]
    return holder["content"].get("application/json", {}).get("schema", {})


def generated(document):
    types, tools, top = Types(), {}, []
    for path, methods in document["paths"].items():
        operation = methods.get("post")
        if operation is None:
            continue
        arguments = content(operation)
        if path.startswith(PREFIX):
            tool, called = path[len(PREFIX):].split("/")
            returned = "self._client.call(\"%s\", \"%s\", given)" % (tool, called)
            call = {"operation": operation, "arguments": arguments, "result": content(operation, "200"), "returns": returned}
            tools.setdefault(tool, []).append(method(types, called, (tool, called), call))
        elif arguments.get("properties"):
            called = operation["operationId"]
            returned = "self.post(\"%s\", given)" % path
            call = {"operation": operation, "arguments": arguments, "result": content(operation, "200"), "returns": returned}
            top.append((called, method(types, called, (called,), call)))
    out = types.written()
    for tool, methods in tools.items():
        out += ["\n", "class %s:" % camel(tool), "    def __init__(self, client: \"Athena\") -> None:", "        self._client = client"]
        for lines in methods:
            out += [""] + lines
    out += ["\n", "class Athena(Connection):", "    \"\"\"A server's memory: one attribute a tool, one method an operation.\"\"\"", ""]
    out += ["    def __init__(", "        self,", "        url: str | None = None,", "        token: str | None = None,",
            "        project: str | None = None,", "        timeout_s: float = 30.0,", "    ) -> None:",
            "        super().__init__(url, token, project, timeout_s)"]
    out += ["        self.%s = %s(self)" % (name(tool), camel(tool)) for tool in tools]
    # A tool of the same name has the route's work among its operations.
    for called, lines in top:
        if called not in tools:
            out += [""] + lines
    runtime = (HERE / "runtime.py").read_text()
    return runtime.replace("@VERSION@", document["info"]["version"]).rstrip("\n") + "\n" + "\n".join(out) + "\n"


def main():
    url = sys.argv[1].rstrip("/")
    target = Path(sys.argv[2]) if len(sys.argv) > 2 else HERE / "athena_client.py"
    # A proxy has no business between this machine and its server.
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    with opener.open(url + "/openapi.json") as answer:
        document = json.load(answer)
    target.write_text(generated(document))


if __name__ == "__main__":
    main()
