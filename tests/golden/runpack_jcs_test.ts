/** The canonicalisation vectors, each recorded as an argument the way the reference recorded them. */

import { assertEquals, assertThrows } from "@std/assert";
import { GaitError } from "../../core/base/errors.ts";
import { fromHex, toHex, utf8 } from "../../core/base/bytes.ts";
import { canonicalize } from "../../core/jcs/canonicalize.ts";
import type { JsonObject } from "../../core/base/json_value.ts";
import { documentItems } from "../../core/runs/document_items.ts";

interface JcsVectors {
  readonly accept: readonly { id: string; input_hex: string; canonical_hex: string }[];
  readonly reject: readonly {
    id: string;
    input_hex?: string;
    input_generator?: { repeat_open: string; repeat_close: string; depth: number };
  }[];
}

const VECTORS: JcsVectors = JSON.parse(
  await Deno.readTextFile(new URL("./data/runpack/jcs.json", import.meta.url)),
);

/** Row P1 and P5 of docs/divergences.md: duplicate names, malformed UTF-8, lone surrogates. */
const REFUSED: Readonly<Record<string, string>> = {
  "jcs-076": "text_encoding",
  "jcs-077": "text_encoding",
  "jcs-078": "text_encoding",
  "jcs-097": "json_duplicate_key",
  "jcs-098": "json_duplicate_key",
  "jcs-099": "text_encoding",
  "jcs-100": "text_encoding",
  "jcs-101": "text_encoding",
  "jcs-102": "text_encoding",
  "jcs-103": "text_encoding",
};

/** The canonical form of a value that was handed in as an argument. */
function recorded(input: Uint8Array): string {
  const head = utf8('{"run":{"run_id":"run_j"},"intents":[{"args":{"v":');
  const data = Uint8Array.of(...head, ...input, ...utf8("}}]}"));
  const items = documentItems(data, { source: "in.json", report: () => {} });
  const intent = items.find(({ kind }) => kind === "intent")?.value as JsonObject;
  return canonicalize((intent.args as JsonObject).v ?? null);
}

Deno.test(`run record canonicalises the ${VECTORS.accept.length} accepted values of jcs.json`, () => {
  for (const { id, input_hex, canonical_hex } of VECTORS.accept) {
    const work = () => recorded(fromHex(input_hex) ?? new Uint8Array());
    const code = REFUSED[id];
    if (code === undefined) assertEquals(toHex(utf8(work())), canonical_hex, id);
    else assertEquals(assertThrows(work, GaitError).code, code, id);
  }
});

Deno.test(`run record refuses the ${VECTORS.reject.length} rejected values of jcs.json`, () => {
  for (const { id, input_hex, input_generator } of VECTORS.reject) {
    const { repeat_open = "", repeat_close = "", depth = 0 } = input_generator ?? {};
    const generated = utf8(repeat_open.repeat(depth) + repeat_close.repeat(depth));
    const input = input_hex === undefined ? generated : fromHex(input_hex) ?? new Uint8Array();
    assertEquals(assertThrows(() => recorded(input), GaitError, undefined, id) !== undefined, true);
  }
});
