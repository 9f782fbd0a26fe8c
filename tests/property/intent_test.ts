import { assertEquals, assertNotEquals } from "@std/assert";
import fc from "fast-check";
import type { JsonObject, JsonValue } from "../../core/base/json_value.ts";
import { lower } from "../../core/base/text_rules.ts";
import { strictHostTarget, strictUrlHost } from "../../core/intent/hosts/strict_host.ts";
import { urlHost } from "../../core/intent/hosts/url_host.ts";
import { ENDPOINT_CLASSES, TARGET_KINDS } from "../../core/intent/intent.ts";
import { normalizeIntent } from "../../core/intent/normalize.ts";
import { foldCase } from "../../core/intent/paths/fold.ts";
import { hasEscapingDotDot } from "../../core/intent/paths/path_forms.ts";
import { cleanPosixPath } from "../../core/intent/paths/posix.ts";
import { cleanWindowsPath } from "../../core/intent/paths/windows.ts";
import { intentPreimage } from "../../core/intent/preimage.ts";
import { parseJson } from "../../core/text/json.ts";

const RUNS = { seed: 20260202, numRuns: 300 };

const name = fc.constantFrom("a", "b c", "é", "😀", "Zed", 'x"y', "\u212a");
const maybeName = fc.option(name, { nil: undefined });
const time = fc.constantFrom("2026-01-01T00:00:00Z", "2026-01-02T00:00:00.5+02:00");

/** Drops absent members. */
function compact(record: Record<string, JsonValue | undefined>): JsonObject {
  return Object.fromEntries(
    Object.entries(record).filter((entry): entry is [string, JsonValue] => entry[1] !== undefined),
  );
}

const target = fc.record({
  kind: fc.constantFrom(...TARGET_KINDS),
  value: fc.constantFrom("/a", "/b", "https://H.example/x", "h.example:80", "-"),
  operation: fc.option(fc.constantFrom("read", "delete", "post", "exec"), { nil: undefined }),
  sensitivity: maybeName,
  endpoint_class: fc.option(fc.constantFrom(...ENDPOINT_CLASSES), { nil: undefined }),
  endpoint_domain: maybeName,
  destructive: fc.option(fc.boolean(), { nil: undefined }),
}).map(compact);

const provenance = fc.record({
  arg_path: name,
  source: fc.constantFrom("user", "tool_output", "external", "system"),
  source_ref: maybeName,
  integrity_digest: fc.option(fc.constant("ab".repeat(32)), { nil: undefined }),
}).map(compact);

const link = fc.record({
  delegator_identity: name,
  delegate_identity: name,
  scope_class: maybeName,
  token_ref: maybeName,
  issued_at: fc.option(time, { nil: undefined }),
}).map(compact);

const delegation = fc.record({
  requester_identity: name,
  scope_class: maybeName,
  token_refs: fc.array(name, { maxLength: 3 }),
  chain: fc.array(link, { maxLength: 3 }),
  expires_at: fc.option(time, { nil: undefined }),
}).map(compact);

const skill = fc.record({
  skill_name: name,
  source: name,
  publisher: name,
  skill_version: maybeName,
  digest: fc.option(fc.constant("cd".repeat(32)), { nil: undefined }),
  signature_key_id: maybeName,
}).map(compact);

const context = fc.record({
  identity: name,
  workspace: fc.constantFrom("/w", "C:\\w", "w"),
  risk_class: fc.constantFrom("low", "HIGH"),
  session_id: maybeName,
  request_id: maybeName,
  auth_context: fc.option(fc.dictionary(name, fc.integer(), { maxKeys: 3 }), { nil: undefined }),
  credential_scopes: fc.array(name, { maxLength: 3 }),
  environment_fingerprint: maybeName,
}).map(compact);

const intent: fc.Arbitrary<JsonObject> = fc.record({
  tool_name: fc.constantFrom("Tool.Write", "srv/read", "exec"),
  args: fc.dictionary(name, fc.oneof(fc.integer(), name, fc.array(name, { maxLength: 2 })), {
    maxKeys: 4,
  }) as fc.Arbitrary<JsonObject>,
  targets: fc.array(target, { maxLength: 5 }),
  arg_provenance: fc.array(provenance, { maxLength: 4 }),
  skill_provenance: fc.option(skill, { nil: undefined }),
  delegation: fc.option(delegation, { nil: undefined }),
  context,
}).map((record) => compact(record));

function preimage(value: JsonValue): string {
  return intentPreimage(normalizeIntent(value));
}

/** The same object with its members in reverse order, at every level. */
function reversed(value: JsonValue): JsonValue {
  if (Array.isArray(value)) return value.map(reversed);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).reverse().map(([key, inner]) => [key, reversed(inner)]),
  );
}

function list(value: JsonValue | undefined): JsonValue[] {
  return Array.isArray(value) ? value : [];
}

Deno.test("normalizeIntent() gives one digest text whatever the order and repetition", () => {
  fc.assert(
    fc.property(intent, (value) => {
      const wanted = preimage(value);
      assertEquals(preimage(reversed(value)), wanted);
      const targets = list(value.targets);
      const entries = list(value.arg_provenance);
      const repeated = {
        ...value,
        targets: [...targets].reverse().concat(targets),
        arg_provenance: [...entries].reverse().concat(entries),
      };
      assertEquals(preimage(repeated), wanted);
    }),
    RUNS,
  );
});

Deno.test("normalizeIntent() leaves its own canonical form unchanged", () => {
  fc.assert(
    fc.property(intent, (value) => {
      const once = preimage(value);
      assertEquals(preimage(parseJson(once, { source: "property" })), once);
    }),
    RUNS,
  );
});

/** Every path to a leaf of a value. */
function leaves(value: JsonValue, path: readonly (string | number)[] = []): (string | number)[][] {
  if (typeof value !== "object" || value === null) return [[...path]];
  return Object.entries(value).flatMap(([key, inner]) =>
    leaves(inner, [...path, Array.isArray(value) ? Number(key) : key])
  );
}

/** The value with one leaf changed to another of its kind, in normalised spelling. */
function changed(value: JsonValue, path: readonly (string | number)[]): JsonValue {
  const [head, ...rest] = path;
  if (head === undefined) {
    if (typeof value === "string") {
      return /^[0-9a-f]{64}$/.test(value) ? "e".repeat(64) : `${value}q`;
    }
    if (typeof value === "number") return value + 1;
    return !value;
  }
  if (Array.isArray(value)) {
    return value.map((item, i) => i === head ? changed(item, rest) : item);
  }
  const object = value as JsonObject;
  return { ...object, [head]: changed(object[head] as JsonValue, rest) };
}

/** Leaves whose values come from a closed set or a grammar, so that any other text is refused. */
const CLOSED = new Set(["kind", "endpoint_class", "source", "issued_at", "expires_at"]);

Deno.test("normalizeIntent() lets every significant leaf change the digest text", () => {
  fc.assert(
    fc.property(intent, fc.nat(), (value, choice) => {
      // The canonical form holds exactly the significant leaves.
      const canonical = parseJson(preimage(value), { source: "property" });
      const paths = leaves(canonical).filter((path) =>
        !CLOSED.has(String(path.at(-1))) && path.at(-1) !== "destructive"
      );
      const path = paths[choice % paths.length];
      if (path === undefined) return;
      const other = changed(canonical, path);
      if (JSON.stringify(other) === JSON.stringify(canonical)) return;
      assertNotEquals(preimage(other), preimage(canonical), path.join("."));
    }),
    { ...RUNS, numRuns: 600 },
  );
});

const urlPart = fc.constantFrom(
  "http://",
  "https:",
  "//",
  "/",
  "\\",
  "@",
  ":",
  "80",
  "[",
  "]",
  "::1",
  "%",
  "%25",
  "%2f",
  "#",
  "?",
  "good.example",
  "evil.example",
  ".",
  "\t",
  " ",
  "\u3000",
  "é",
  "\u212a",
  "0x7f",
  "1",
  "a-",
);
const urlText = fc.array(urlPart, { maxLength: 8 }).map((parts) => parts.join(""));

Deno.test("strictUrlHost() agrees with the platform's URL wherever it names a host", () => {
  fc.assert(
    fc.property(urlText, (text) => {
      const host = strictUrlHost(text);
      if (host === "") return;
      const url = new URL(text);
      assertEquals(url.hostname.replace(/^\[|\]$/g, "").replace(/\.$/, ""), host, text);
      assertNotEquals(urlHost(text), "", text);
    }),
    { seed: 20260203, numRuns: 5_000 },
  );
});

Deno.test("strictHostTarget() agrees with the platform's URL wherever it names a host", () => {
  fc.assert(
    fc.property(urlText, (text) => {
      const host = strictHostTarget(text);
      if (host === "") return;
      const bare = host.includes(":") && !text.includes("[") ? `[${text}]` : text;
      const url = new URL(/^https?:/.test(text) ? text : `http://${bare}`);
      assertEquals(url.hostname.replace(/^\[|\]$/g, "").replace(/\.$/, ""), host, text);
    }),
    { seed: 20260204, numRuns: 5_000 },
  );
});

const pathText = fc.array(
  fc.constantFrom("/", "\\", ".", "..", "a", "B", " ", ":", "C:", "?", "...", "nul", "\u0301", "e"),
  { maxLength: 9 },
).map((parts) => parts.join(""));

Deno.test("path cleaning changes nothing the second time and leaves no .. inside", () => {
  fc.assert(
    fc.property(pathText, (text) => {
      for (const clean of [cleanPosixPath, cleanWindowsPath]) {
        const once = clean(text);
        assertEquals(clean(once), once, JSON.stringify(text));
        assertEquals(once.slice(4).includes("/./"), false);
      }
      assertEquals(
        hasEscapingDotDot(cleanPosixPath(text.replaceAll("\\", "")), { system: "posix" }),
        false,
      );
      assertEquals(foldCase(foldCase(text)), foldCase(text));
    }),
    { seed: 20260205, numRuns: 5_000 },
  );
});

Deno.test("lower() changes nothing the second time", () => {
  fc.assert(
    fc.property(fc.fullUnicodeString(), (text) => assertEquals(lower(lower(text)), lower(text))),
    RUNS,
  );
});
