"""Judges bodies of OTLP/HTTP log requests by the official protocol definitions.

Reads the files named on standard input, one path a line, and writes one JSON object a line:
{"file", "problems", "records", "keys"}. No problems means that every receiver of the protocol reads the body,
and reads it as it is meant.

Nothing here is shared with the exporter: the rules come from the message descriptors of the package
`opentelemetry-proto`, the JSON mapping of protobuf, and the specification's deviations from it.
"""

import base64
import json
import re
import sys

from google.protobuf import json_format
from google.protobuf.descriptor import FieldDescriptor
from opentelemetry.proto.collector.logs.v1.logs_service_pb2 import ExportLogsServiceRequest

# Bytes that the OTLP form of JSON spells in hexadecimal, and how many there are.
HEX_BYTES = {"trace_id": 16, "span_id": 8, "parent_span_id": 8}
INTEGER_64 = {
    FieldDescriptor.TYPE_INT64: (-(2**63), 2**63 - 1),
    FieldDescriptor.TYPE_SINT64: (-(2**63), 2**63 - 1),
    FieldDescriptor.TYPE_SFIXED64: (-(2**63), 2**63 - 1),
    FieldDescriptor.TYPE_UINT64: (0, 2**64 - 1),
    FieldDescriptor.TYPE_FIXED64: (0, 2**64 - 1),
}
INTEGER_32 = {
    FieldDescriptor.TYPE_INT32: (-(2**31), 2**31 - 1),
    FieldDescriptor.TYPE_SINT32: (-(2**31), 2**31 - 1),
    FieldDescriptor.TYPE_SFIXED32: (-(2**31), 2**31 - 1),
    FieldDescriptor.TYPE_UINT32: (0, 2**32 - 1),
    FieldDescriptor.TYPE_FIXED32: (0, 2**32 - 1),
}
# First number and name of each range of severities (logs data model, "Field: SeverityNumber").
SEVERITIES = {1: "TRACE", 5: "DEBUG", 9: "INFO", 13: "WARN", 17: "ERROR", 21: "FATAL"}
# No decision is older than this program, or comes from the far future: 2020 to 2200, nanoseconds.
SANE_TIMES = range(1_577_836_800 * 10**9, 7_258_118_400 * 10**9)


class Refused(Exception):
    """The text is no JSON that could be looked at further."""


def unique_members(pairs):
    members = dict(pairs)
    if len(members) != len(pairs):
        raise Refused("a JSON object names a member twice")
    return members


def no_constant(name):
    raise Refused(f"{name} is not JSON")


def read_json(data):
    """Strict JSON: UTF-8 without byte order mark, no duplicate members, no NaN."""
    try:
        text = data.decode("utf-8", "strict")
        return json.loads(text, object_pairs_hook=unique_members, parse_constant=no_constant)
    except (UnicodeDecodeError, ValueError, RecursionError) as error:
        raise Refused(f"no JSON: {error}") from error


def integer_text(value, bounds):
    if not isinstance(value, str) or not re.fullmatch(r"0|-?[1-9][0-9]*", value):
        return "is no decimal text"
    return None if bounds[0] <= int(value) <= bounds[1] else "is out of range"


def integer_number(value, bounds):
    if isinstance(value, bool) or not isinstance(value, int):
        return "is no integer"
    return None if bounds[0] <= value <= bounds[1] else "is out of range"


def text_problem(value):
    if not isinstance(value, str):
        return "is no text"
    try:
        value.encode("utf-8", "strict")
    except UnicodeEncodeError:
        return "has a lone surrogate"
    return None


def enum_problem(value, field):
    # The protocol forbids names, which the JSON mapping of protobuf would allow.
    problem = integer_number(value, (-(2**31), 2**31 - 1))
    if problem is None and value not in field.enum_type.values_by_number:
        return f"is no {field.enum_type.name}"
    return problem


def bytes_of(value, field):
    """Base64 text as protobuf wants it, and what is wrong with the value."""
    if not isinstance(value, str):
        return value, "is no text"
    if field.name not in HEX_BYTES:
        try:
            base64.b64decode(value, validate=True)
            return value, None
        except ValueError:
            return value, "is no base64"
    if not re.fullmatch(r"[0-9a-fA-F]*", value):
        return value, "is no hexadecimal"
    if len(value) != 2 * HEX_BYTES[field.name]:
        return value, f"has not {HEX_BYTES[field.name]} bytes"
    data = bytes.fromhex(value)
    problem = None if any(data) else "is all zeros"
    return base64.b64encode(data).decode("ascii"), problem


def convert(value, field, place, problems):
    """One value as the JSON mapping of protobuf spells it; what OTLP does not allow becomes a problem."""
    kind = field.type
    problem = None
    if kind == FieldDescriptor.TYPE_MESSAGE:
        return convert_message(value, field.message_type, place, problems)
    if kind == FieldDescriptor.TYPE_ENUM:
        problem = enum_problem(value, field)
    elif kind in INTEGER_64:
        problem = integer_text(value, INTEGER_64[kind])
    elif kind in INTEGER_32:
        problem = integer_number(value, INTEGER_32[kind])
    elif kind == FieldDescriptor.TYPE_STRING:
        problem = text_problem(value)
    elif kind == FieldDescriptor.TYPE_BYTES:
        value, problem = bytes_of(value, field)
    elif kind == FieldDescriptor.TYPE_BOOL:
        problem = None if isinstance(value, bool) else "is no boolean"
    elif isinstance(value, bool) or not isinstance(value, (int, float)):
        problem = "is no number"
    if problem is not None:
        problems.append(f"{place} {problem}")
    return value


def convert_list(value, field, place, problems):
    if not isinstance(value, list):
        problems.append(f"{place} is no list")
        return value
    return [convert(item, field, f"{place}[{at}]", problems) for at, item in enumerate(value)]


def convert_message(value, descriptor, place, problems):
    if not isinstance(value, dict):
        problems.append(f"{place} is no object")
        return value
    fields = {field.json_name: field for field in descriptor.fields}
    out = {}
    for name, member in value.items():
        inner = f"{place}.{name}"
        if name not in fields:
            problems.append(f"{inner} is unknown")
            continue
        field = fields[name]
        repeated = field.is_repeated
        out[name] = (convert_list if repeated else convert)(member, field, inner, problems)
    return out


def attribute_problems(attributes, place):
    """Attributes: each with a key of its own and a value."""
    keys = [attribute.key for attribute in attributes]
    if "" in keys:
        yield f"{place} has an attribute without key"
    if len(set(keys)) != len(keys):
        yield f"{place} has a key twice"
    for attribute in attributes:
        yield from value_problems(attribute.value, f"{place}[{attribute.key}]")


def value_problems(value, place):
    kind = value.WhichOneof("value")
    if kind is None:
        yield f"{place} has no value"
    elif kind == "array_value":
        kinds = {item.WhichOneof("value") for item in value.array_value.values}
        if len(kinds) != 1:
            yield f"{place} is a list of {len(kinds)} kinds of values"
        for at, item in enumerate(value.array_value.values):
            yield from value_problems(item, f"{place}[{at}]")
    elif kind == "kvlist_value":
        yield from attribute_problems(value.kvlist_value.values, place)


def severity_problem(record):
    starts = [start for start in SEVERITIES if start <= record.severity_number]
    if not starts or record.severity_number > 24:
        return "has no severity"
    name = SEVERITIES[max(starts)]
    if not record.severity_text.upper().startswith(name):
        return f"calls severity {record.severity_number} {record.severity_text!r}"
    return None


def record_problems(record, place):
    if record.observed_time_unix_nano not in SANE_TIMES:
        yield f"{place} was observed at no time"
    # 0 means "unknown".
    if record.time_unix_nano != 0 and record.time_unix_nano not in SANE_TIMES:
        yield f"{place} happened at no time"
    problem = severity_problem(record)
    if problem is not None:
        yield f"{place} {problem}"
    if not record.HasField("body"):
        yield f"{place} has no body"
    else:
        yield from value_problems(record.body, f"{place}.body")
    if record.event_name == "" or len(record.event_name) > 256:
        yield f"{place} has no short event name"
    if record.flags & ~0xFF:
        yield f"{place} sets reserved flags"
    if record.span_id and not record.trace_id:
        yield f"{place} has a span without trace"
    if not record.attributes:
        yield f"{place} has no attributes"
    yield from attribute_problems(record.attributes, f"{place}.attributes")


def scope_problems(scope_logs, place):
    if scope_logs.scope.name == "":
        yield f"{place} names no scope"
    yield from attribute_problems(scope_logs.scope.attributes, f"{place}.scope")
    if not scope_logs.log_records:
        yield f"{place} has no records"
    for at, record in enumerate(scope_logs.log_records):
        yield from record_problems(record, f"{place}[{at}]")


def meaning_problems(message):
    """What no type says: that the request tells who speaks, and each record when, how grave, and what."""
    if not message.resource_logs:
        yield "the request is empty"
    for at, resource_logs in enumerate(message.resource_logs):
        place = f"resource {at}"
        attributes = resource_logs.resource.attributes
        names = [one.value.string_value for one in attributes if one.key == "service.name"]
        if len(names) != 1 or names[0] == "":
            yield f"{place} has no service.name"
        yield from attribute_problems(attributes, place)
        if not resource_logs.scope_logs:
            yield f"{place} has no scope"
        for index, scope_logs in enumerate(resource_logs.scope_logs):
            yield from scope_problems(scope_logs, f"{place} scope {index}")


def judge(data):
    problems = []
    value = read_json(data)
    converted = convert_message(value, ExportLogsServiceRequest.DESCRIPTOR, "request", problems)
    if problems:
        return problems, None
    message = json_format.ParseDict(converted, ExportLogsServiceRequest(), ignore_unknown_fields=False)
    again = ExportLogsServiceRequest.FromString(message.SerializeToString())
    if json_format.MessageToDict(again, use_integers_for_enums=True) != converted:
        problems.append("the binary form does not say the same")
    problems.extend(meaning_problems(message))
    return problems, message


def records_of(message):
    if message is None:
        return []
    return [
        record
        for resource_logs in message.resource_logs
        for scope_logs in resource_logs.scope_logs
        for record in scope_logs.log_records
    ]


def report(path):
    message = None
    try:
        with open(path, "rb") as file:
            problems, message = judge(file.read())
    except (Refused, json_format.ParseError) as error:
        problems = [str(error)]
    records = records_of(message)
    keys = sorted({attribute.key for record in records for attribute in record.attributes})
    return {"file": path, "problems": problems[:5], "records": len(records), "keys": keys}


def main():
    for line in sys.stdin:
        print(json.dumps(report(line.rstrip("\n"))), flush=True)


if __name__ == "__main__":
    main()
