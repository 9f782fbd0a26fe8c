/**
 * The control: damaged forms of a good payload, all of which the judge has to refuse. Some are made by hand,
 * the others change every place of the payload in every way that could go unnoticed.
 */

/** A damaged payload. */
export interface Damaged {
  /** What was done. */
  readonly name: string;
  readonly body: Uint8Array<ArrayBuffer>;
}

/** Any value that JSON holds. */
type Json = null | boolean | number | string | Json[] | { [key: string]: Json };
/** An object of JSON. */
type JsonObject = { [key: string]: Json };
/** Where something stands. */
type Path = readonly (string | number)[];

/** A good payload: two records, the first with ids of a trace. */
const GOOD: Json = {
  resourceLogs: [{
    resource: { attributes: [{ key: "service.name", value: { stringValue: "gait" } }] },
    scopeLogs: [{
      scope: { name: "gait.mcp", version: "1" },
      logRecords: [{
        timeUnixNano: "1770336000000000001",
        observedTimeUnixNano: "1770336000000000001",
        severityNumber: 9,
        severityText: "INFO",
        eventName: "decision",
        body: { stringValue: "decision" },
        traceId: "5b8efff798038103d269b633813fc60c",
        spanId: "EEE19B7EC3C1B174",
        attributes: [
          { key: "a", value: { intValue: "0" } },
          { key: "b", value: { arrayValue: { values: [{ stringValue: "x" }] } } },
        ],
      }, {
        observedTimeUnixNano: "1770336000000000001",
        severityNumber: 13,
        severityText: "WARN",
        eventName: "decision",
        body: { stringValue: "\u2028 ä 😀 \0" },
        attributes: [{ key: "a", value: { stringValue: "x" } }],
      }],
    }],
  }],
};

const RECORD: Path = ["resourceLogs", 0, "scopeLogs", 0, "logRecords", 0];
const RESOURCE: Path = ["resourceLogs", 0, "resource"];
const SCOPE_LOGS: Path = ["resourceLogs", 0, "scopeLogs", 0];

/** Values that must not stand in a place. */
const REPLACEMENTS: readonly (readonly [Path, ...Json[]])[] = [
  [[...RECORD, "severityNumber"], "SEVERITY_NUMBER_INFO", "9", 0, 25, -1, 9.5, 2 ** 31, 13],
  [[...RECORD, "severityText"], "WARN", ""],
  [
    [...RECORD, "timeUnixNano"],
    ...[1_770_336_000_000, "-1", "0x10", "1e18", "1.5", " 1770336000000000001", "", "01", "+1"],
    ...["18446744073709551616", "1770336000", "99"],
  ],
  [[...RECORD, "observedTimeUnixNano"], "0", 0, 1_770_336_000_000, "-1"],
  [
    [...RECORD, "traceId"],
    ...["", "5b8efff798038103d269b633", "0".repeat(32), "W47/95gDgQPSabYzgT/GDA==", 7],
    ...["5b8efff798038103d269b633813fc60", "5b8efff798038103d269b633813fc60c00", "g".repeat(32)],
  ],
  [[...RECORD, "spanId"], "", "eee19b7ec3c1b1", "0".repeat(16), "7uGbfsPBsXQ=", 7, "z".repeat(16)],
  [[...RECORD, "attributes", 0, "value", "intValue"], 0, "9223372036854775808", "1.0", "one", "-0"],
  [[...RECORD, "attributes", 0, "key"], "", "b", 7],
  [[...RECORD, "attributes", 0, "value"], {}, { stringValue: "x", intValue: "1" }, {
    textValue: "x",
  }],
  [[...RECORD, "attributes"], [], [{ key: "a" }], [{ value: { stringValue: "x" } }], { a: "x" }],
  [
    [...RECORD, "attributes", 1, "value", "arrayValue", "values"],
    ...[[], [{}], ["x"], [{ stringValue: "x" }, { intValue: "1" }]],
  ],
  [[...RECORD, "body"], {}, "decision", { stringValue: 7 }],
  [[...RECORD, "eventName"], "", "e".repeat(257)],
  [[...RESOURCE, "attributes", 0, "key"], "service"],
  [[...RESOURCE, "attributes", 0, "value"], { stringValue: "" }, { intValue: "1" }],
  [[...SCOPE_LOGS, "logRecords"], [], {}],
  [[...SCOPE_LOGS, "scope", "name"], ""],
  [["resourceLogs"], [], {}],
];

/** Members without which a request does not say enough. */
const REQUIRED: readonly Path[] = [
  ["resourceLogs"],
  RESOURCE,
  [...RESOURCE, "attributes"],
  ["resourceLogs", 0, "scopeLogs"],
  [...SCOPE_LOGS, "scope"],
  [...SCOPE_LOGS, "scope", "name"],
  [...SCOPE_LOGS, "logRecords"],
  ...["observedTimeUnixNano", "severityNumber", "severityText", "eventName", "body", "attributes"]
    .map((name) => [...RECORD, name]),
  [...RECORD, "traceId"],
  [...RECORD, "attributes", 0, "key"],
  [...RECORD, "attributes", 0, "value"],
];

/** Members under names that are not theirs. */
const RENAMED: readonly (readonly [Path, string, string])[] = [
  [[], "resourceLogs", "resource_logs"],
  [["resourceLogs", 0], "scopeLogs", "scope_logs"],
  [SCOPE_LOGS, "logRecords", "log_records"],
  [RECORD, "timeUnixNano", "time_unix_nano"],
  [RECORD, "severityNumber", "severity_number"],
  [RECORD, "traceId", "trace_id"],
  [[...RECORD, "attributes", 0, "value"], "intValue", "int_value"],
  [RECORD, "severityText", "SeverityText"],
];

/** Whether a value is an object of JSON. */
function isObject(value: Json | undefined): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** The member of an object or list. */
function childOf(value: Json | undefined, step: string | number): Json | undefined {
  if (Array.isArray(value)) return value[Number(step)];
  return isObject(value) ? value[step] : undefined;
}

/** A copy with the value at a path put through `change`. @throws Error when nothing is there */
function changed(root: Json, path: Path, change: (value: Json) => Json | undefined): Json {
  const copy: Json = structuredClone(root);
  if (path.length === 0) return change(copy) ?? null;
  const parent = path.slice(0, -1).reduce<Json | undefined>(childOf, copy);
  const last = path.at(-1) ?? "";
  const value = childOf(parent, last);
  if (value === undefined) throw new Error(`Nothing is at ${path.join(".")}`);
  const next = change(value);
  if (Array.isArray(parent)) {
    if (next === undefined) parent.splice(Number(last), 1);
    else parent[Number(last)] = next;
  } else if (isObject(parent)) {
    if (next === undefined) delete parent[last];
    else parent[last] = next;
  }
  return copy;
}

/** Every place of a value, itself first. */
function* places(value: Json, path: Path = []): Generator<readonly [Path, Json]> {
  yield [path, value];
  const entries = Array.isArray(value)
    ? [...value.entries()]
    : Object.entries(isObject(value) ? value : {});
  for (const [step, child] of entries) yield* places(child, [...path, step]);
}

/** What must not stand where this value stands. */
function misfits(value: Json): Json[] {
  const all: Json[] = [null, true, false, 7.5, -3, "\uffff?", [], {}, [[]], [null]];
  if (Array.isArray(value)) return all.filter((other) => !Array.isArray(other) || other.length > 0);
  if (isObject(value)) return all.filter((other) => !isObject(other));
  if (typeof value === "string") return all.filter((other) => typeof other !== "string");
  return all;
}

/** One damaged form for each place and misfit, and an unknown member in each object. */
function* systematic(good: Json): Generator<readonly [string, Json]> {
  for (const [path, value] of places(good)) {
    const place = path.join(".") || "request";
    for (const misfit of misfits(value)) {
      yield [`${place} = ${JSON.stringify(misfit)}`, changed(good, path, () => misfit)];
    }
    if (!isObject(value)) continue;
    for (const name of ["unknown", "", "__proto__", "@type"]) {
      // Through text, so that "__proto__" becomes a member like others.
      const text = JSON.stringify({ "!": 1 }).replace("!", name);
      const more = { ...JSON.parse(`{"x":${text}}`).x };
      const extended = changed(good, path, (old) => {
        const out: JsonObject = {};
        for (const [key, member] of Object.entries({ ...more, ...(isObject(old) ? old : {}) })) {
          Object.defineProperty(out, key, { value: member, enumerable: true, configurable: true });
        }
        return out;
      });
      yield [`${place} has ${JSON.stringify(name)}`, extended];
    }
  }
}

/** Damage to the text. */
function* textual(good: string): Generator<readonly [string, string | Uint8Array<ArrayBuffer>]> {
  const replaced = (from: string, to: string) => {
    if (!good.includes(from)) throw new Error(`Nothing reads ${from}`);
    return good.replace(from, () => to);
  };
  yield ["empty", ""];
  yield ["white space", " \n"];
  yield ["truncated", good.slice(0, -1)];
  yield ["half", good.slice(0, good.length / 2)];
  yield ["more behind", `${good}{}`];
  yield ["a byte order mark", `\ufeff${good}`];
  yield ["a trailing comma", replaced("]}]}]}", ",]}]}]}")];
  yield ["single quotes", good.replaceAll('"', "'")];
  yield ["NaN", replaced('"severityNumber":9', '"severityNumber":NaN')];
  yield ["Infinity", replaced('"severityNumber":9', '"severityNumber":Infinity')];
  yield ["a number with exponent", replaced('"severityNumber":9', '"severityNumber":9e0')];
  yield ["a huge number", replaced('"severityNumber":9', `"severityNumber":${"9".repeat(5000)}`)];
  yield ["a member twice", replaced('"severityNumber":9', '"severityNumber":9,"severityNumber":9')];
  yield ["a lone high surrogate", replaced('"stringValue":"decision"', '"stringValue":"\\ud800"')];
  yield ["a lone low surrogate", replaced('"stringValue":"decision"', '"stringValue":"\\udc00x"')];
  yield ["a raw control", replaced('"stringValue":"decision"', '"stringValue":"\u0001"')];
  yield ["depth", `${"[".repeat(100_000)}`];
  const bytes = new TextEncoder().encode(good);
  const at = good.indexOf("decision");
  yield ["no UTF-8", bytes.map((byte, index) => index === at ? 0xff : byte)];
  yield ["Latin-1", Uint8Array.from(good, (char) => Math.min(char.codePointAt(0) ?? 0, 0xff))];
  yield ["UTF-16", new Uint8Array(Uint16Array.from(good, (char) => char.charCodeAt(0)).buffer)];
}

/** The payload that was damaged: the judge has to accept it, or its refusals mean nothing. */
export function undamaged(): Damaged {
  return { name: "undamaged", body: new TextEncoder().encode(JSON.stringify(GOOD)) };
}

/** All damaged forms. */
export function damagedPayloads(): Damaged[] {
  const objects: (readonly [string, Json])[] = [
    ...REPLACEMENTS.flatMap(([path, ...values]) =>
      values.map((value) =>
        [`${path.join(".")} = ${JSON.stringify(value)}`, changed(GOOD, path, () => value)] as const
      )
    ),
    ...REQUIRED.map((path) =>
      [`without ${path.join(".")}`, changed(GOOD, path, () => undefined)] as const
    ),
    ...RENAMED.map(([path, from, to]) => {
      const rename = (value: Json) =>
        isObject(value)
          ? Object.fromEntries(
            Object.entries(value).map(([key, member]) => [key === from ? to : key, member]),
          )
          : value;
      return [`${from} as ${to}`, changed(GOOD, path, rename)] as const;
    }),
    ...systematic(GOOD),
  ];
  const encoder = new TextEncoder();
  const texts = [...textual(JSON.stringify(GOOD))];
  return [
    ...objects.map(([name, value]) => ({ name, body: encoder.encode(JSON.stringify(value)) })),
    ...texts.map(([name, text]) => ({
      name,
      body: typeof text === "string" ? encoder.encode(text) : text,
    })),
  ];
}
