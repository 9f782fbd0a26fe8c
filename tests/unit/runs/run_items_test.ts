import { assertEquals, assertRejects, assertThrows } from "@std/assert";
import { GaitError } from "../../../core/base/errors.ts";
import { documentItems } from "../../../core/runs/document_items.ts";
import { lineItems } from "../../../core/runs/line_items.ts";
import type { RunItem } from "../../../core/runs/run_items.ts";

const encoder = new TextEncoder();

/** Bytes in pieces of a size. */
async function* pieces(data: Uint8Array, size: number): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < data.length; at += size) yield data.slice(at, at + size);
}

/** Items of lines. */
async function linesOf(text: string | Uint8Array, size = 1 << 16): Promise<RunItem[]> {
  const data = typeof text === "string" ? encoder.encode(text) : text;
  return await Array.fromAsync(lineItems(pieces(data, size), "-"));
}

/** Items of a document, and the paths of its findings. */
function documentOf(text: string) {
  const paths: string[] = [];
  const report = ({ path }: { path: string }) => void paths.push(path);
  return { items: documentItems(encoder.encode(text), { source: "in.json", report }), paths };
}

Deno.test("lineItems() reads every kind, wherever the bytes are cut", async () => {
  const text = '{"type":"run","run_id":"run_x"}\r\n\n  {"type":"call","tool_name":"é😀"}  \n' +
    '{"type":"result"}\n{"type":"receipt"}\n{"type":"event"}';
  for (const size of [1, 2, 3, 7, 1000]) {
    const items = await linesOf(text, size);
    assertEquals(items.map(({ kind }) => kind), ["run", "intent", "result", "receipt", "event"]);
    assertEquals(items[1]?.value, { type: "call", tool_name: "é😀" });
    assertEquals(items.map(({ path }) => path), ["-:1", "-:3", "-:4", "-:5", "-:6"]);
  }
  assertEquals(await linesOf(""), []);
});

Deno.test("lineItems() refuses what is no listed line", async () => {
  const bad: Record<string, string> = {
    "[]": "schema_violation",
    "null": "schema_violation",
    "{}": "schema_violation",
    '{"type":"other"}': "schema_violation",
    '{"type":["call"]}': "schema_violation",
    '{"__proto__":{"type":"call"}}': "schema_violation",
    '{"type":"call","type":"call"}': "json_duplicate_key",
    '{"type":"call"': "json_syntax",
    '{"type":"call"}{"type":"call"}': "json_syntax",
    '\ufeff{"type":"call"}': "text_encoding",
    '{"type":"call","x":"\\ud800"}': "text_encoding",
    '{"type":"call","x":1e400}': "json_unsafe_number",
  };
  for (const [text, code] of Object.entries(bad)) {
    const error = await assertRejects(() => linesOf(`{"type":"run"}\n${text}\n`), GaitError);
    assertEquals(error.code, code, text);
  }
  const invalid = Uint8Array.of(0x7b, 0xff, 0x7d);
  assertEquals((await assertRejects(() => linesOf(invalid), GaitError)).code, "text_encoding");
});

Deno.test("lineItems() bounds a line that never ends", async () => {
  async function* endless(): AsyncGenerator<Uint8Array> {
    for (let i = 0; i < 100; i++) yield new Uint8Array(1 << 20).fill(0x20);
    throw new Error("read too far");
  }
  const error = await assertRejects(() => Array.fromAsync(lineItems(endless(), "-")), GaitError);
  assertEquals(error.code, "input_too_large");
});

Deno.test("documentItems() puts the run first and keeps the order of lists", () => {
  const { items, paths } = documentOf(
    '{"intents":[{"n":1},null],"results":[{}],"refs":{"run_id":"r","receipts":[{"k":1}]},' +
      '"run":{"run_id":"run_x"},"capture_mode":"raw","other":1}',
  );
  assertEquals(items.map(({ kind, path }) => [kind, path]), [
    ["run", "run"],
    ["refs", "refs"],
    ["receipt", "refs.receipts[0]"],
    ["intent", "intents[0]"],
    ["intent", "intents[1]"],
    ["result", "results[0]"],
  ]);
  assertEquals(items[0]?.value, { run_id: "run_x", capture_mode: "raw" });
  assertEquals(paths, ["other"]);
});

Deno.test("documentItems() reads null as absent and refuses other types", () => {
  const { items } = documentOf('{"run":null,"intents":null,"results":null,"refs":null}');
  assertEquals(items.map(({ kind }) => kind), ["run"]);
  const bad = ['{"run":[]}', '{"intents":{}}', '{"refs":7}', '{"refs":{"receipts":{}}}', "[]", "1"];
  for (const text of bad) {
    assertEquals(assertThrows(() => documentOf(text), GaitError).code, "schema_violation", text);
  }
});
