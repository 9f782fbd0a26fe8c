/**
 * The YAML reader against js-yaml as an independent judge: what we accept means the same there.
 */
import { assert, assertEquals, fail } from "@std/assert";
import fc from "fast-check";
import yaml from "js-yaml";
import { GaitError } from "../../core/base/errors.ts";
import type { JsonValue } from "../../core/base/json_value.ts";
import { parseJsonDocument } from "../../core/text/json_document.ts";
import type { TextDocument, TextNode } from "../../core/text/node.ts";
import { toJsonValue } from "../../core/text/value.ts";
import { parseYaml } from "../../core/text/yaml/parse_yaml.ts";

const SEED = 20260202;
const RUNS = Number(Deno.env.get("PROPERTY_RUNS") ?? 2000);
/** js-yaml's YAML 1.2 core schema plus the merge key, which the reference honours. */
const SCHEMA = yaml.CORE_SCHEMA.extend({ implicit: [yaml.types.merge] });
const GOLDEN = new URL("../golden/data/", import.meta.url);

function read(text: string): { value: JsonValue } | { refused: GaitError } {
  try {
    const { root } = parseYaml(text, { source: "t.yaml" });
    return { value: root === undefined ? null : toJsonValue(root) };
  } catch (error) {
    if (error instanceof GaitError) return { refused: error };
    throw error;
  }
}

/** Our value equals js-yaml's, or we refuse with a place. */
function sameOrRefused(text: string): boolean {
  const ours = read(text);
  if ("refused" in ours) {
    assertEquals(ours.refused.category, "invalid_input");
    return false;
  }
  let theirs: unknown;
  try {
    theirs = yaml.load(text, { schema: SCHEMA }) ?? null;
  } catch (error) {
    fail(`accepted ${JSON.stringify(text)}, js-yaml: ${error}`);
  }
  assertEquals(ours.value, theirs as JsonValue, JSON.stringify(text));
  return true;
}

function* yamlFiles(folder: URL): Generator<URL> {
  for (const entry of Deno.readDirSync(folder)) {
    const url = new URL(entry.isDirectory ? `${entry.name}/` : entry.name, folder);
    if (entry.isDirectory) yield* yamlFiles(url);
    else if (entry.name.endsWith(".yaml")) yield url;
  }
}

/** Small texts with every construct, as material for mutations. */
const MATERIAL = [
  "a: 1\nb:\n  - x\n  - y: 2\n    z: [1, 'q', \"w\\n\", {k: v}]\n# c\nc: |\n  l1\n   l2\n\nd: >-\n  f1\n  f2\n",
  "- - a\n  - b\n-\n  c: &x {d: 1}\n  e: *x\n- f: *x # t\n",
  "---\na: &a\n  b: c\n  d: e\nf:\n  <<: *a\n  g: h\n",
  "k: plain text\n  goes on\n\n  here\nl: 'it''s\n  folded'\nm: \"x \\\n  y\\u00e9\"\n",
  "{a: 1, 'b': [ , ], \"c\": {d: , e: null}}\n",
  "rules:\n- name: a\n  match: {tool_names: [1.50, 007, 0x10, true, 1e3, null]}\n- name: b # x\n  c: |+\n    t\n\n\n- d: >2\n    u\n     v\n",
  'url: https://a.example/b#c\nt: 12:30\nv: 1.0.0\ne:\nf: ""\n"g h" : i\n? j\n: k\n',
  "a: [\n  b, # c\n  d\n]\ne: {\n  f: g\n}\n",
];

const FRAGMENTS = [
  ..." \n\t:-#,[]{}&*!|>'\"%@`?~01.e+_<\\x\r",
  ": ",
  "- ",
  "\n  ",
  "\n- ",
  " #c",
  "---\n",
  "...\n",
  "&x ",
  "*x",
  "<<: *x",
  "|\n  ",
  ">-\n ",
  "? ",
  "\\\n",
  "''",
  "null",
  "0o7",
  "-.5",
  "é",
  "\u{1f600}",
  "__proto__: ",
];

interface Edit {
  at: number;
  drop: number;
  add: string;
}

const edits = fc.array(
  fc.record({
    at: fc.nat(400),
    drop: fc.nat(3),
    add: fc.constantFrom("", "", ...FRAGMENTS),
  }),
  { minLength: 1, maxLength: 4 },
);

function applyEdits(text: string, list: readonly Edit[]): string {
  let out = text;
  for (const { at, drop, add } of list) {
    const from = at % (out.length + 1);
    out = out.slice(0, from) + add + out.slice(from + drop);
  }
  return out;
}

Deno.test("parseYaml() reads every golden YAML file as js-yaml does or refuses it", () => {
  let accepted = 0;
  for (const url of yamlFiles(GOLDEN)) if (sameOrRefused(Deno.readTextFileSync(url))) accepted++;
  assert(accepted > 150);
});

Deno.test("parseYaml() agrees with js-yaml on mutated documents", () => {
  const texts = [...MATERIAL];
  for (const url of yamlFiles(GOLDEN)) {
    const text = Deno.readTextFileSync(url);
    if (text.length < 600) texts.push(text);
  }
  let accepted = 0;
  fc.assert(
    fc.property(
      fc.oneof(fc.constantFrom(...MATERIAL), fc.constantFrom(...texts)),
      edits,
      (text, list) => {
        if (sameOrRefused(applyEdits(text, list))) accepted++;
      },
    ),
    { seed: SEED, numRuns: RUNS * 4 },
  );
  assert(accepted > RUNS / 4, "mutations leave too few documents readable to compare");
});

Deno.test("parseYaml() agrees with js-yaml on random character soup", () => {
  const soup = fc.array(fc.constantFrom(...FRAGMENTS, "a", "b", "c"), { maxLength: 14 })
    .map((parts) => parts.join(""));
  fc.assert(fc.property(soup, (text) => void sameOrRefused(text)), {
    seed: SEED,
    numRuns: RUNS * 4,
  });
});

const scalarText = fc.oneof(
  fc.constantFrom(
    "",
    "a",
    "null",
    "~",
    "yes",
    "007",
    "1e3",
    "0x1F",
    "- x",
    "a: b",
    "#h",
    " lead",
    "<<",
  ),
  fc.string({ maxLength: 12 }),
  fc.fullUnicodeString({ maxLength: 6 }).filter((text) => text.isWellFormed()),
);

const document: fc.Arbitrary<JsonValue> = fc.letrec<{ node: JsonValue }>((tie) => ({
  node: fc.oneof(
    { depthSize: "small" },
    scalarText,
    fc.integer(),
    fc.boolean(),
    fc.constant(null),
    fc.double({ noNaN: true, noDefaultInfinity: true }).filter((n) => /^-?[\d.]+$/.test(String(n))),
    fc.array(tie("node"), { maxLength: 4 }),
    fc.dictionary(scalarText, tie("node"), { maxKeys: 4 }),
  ),
})).node;

Deno.test("parseYaml() reads back what js-yaml prints in any style", () => {
  const options = fc.record({
    indent: fc.integer({ min: 2, max: 4 }),
    flowLevel: fc.integer({ min: -1, max: 3 }),
    noArrayIndent: fc.boolean(),
    forceQuotes: fc.boolean(),
    quotingType: fc.constantFrom<"'" | '"'>("'", '"'),
    lineWidth: fc.constantFrom(-1, 20, 80),
  });
  let accepted = 0;
  fc.assert(
    fc.property(document, options, (value, style) => {
      if (sameOrRefused(yaml.dump(value, { ...style, schema: SCHEMA, noRefs: true }))) accepted++;
    }),
    { seed: SEED, numRuns: RUNS },
  );
  assert(accepted > RUNS * 0.8, `only ${accepted} of ${RUNS} printed documents were accepted`);
});

Deno.test("parseYaml() and parseJsonDocument() give equal trees for JSON", () => {
  fc.assert(
    fc.property(document, fc.constantFrom(0, 1, 2), (value, indent) => {
      const text = JSON.stringify(value, null, indent);
      const json = parseJsonDocument(text, { source: "t" });
      let tree: TextDocument;
      try {
        tree = parseYaml(text, { source: "t" });
      } catch (error) {
        // Raw characters that YAML forbids are the only difference.
        assert(error instanceof GaitError && error.code === "yaml_unsupported", String(error));
        assert(/[\x7f-\x9f\u2028\u2029\ufeff\ufffe\uffff]/.test(text), text);
        return;
      }
      assertEquals(tree.root, json.root);
      assertEquals(json.root && toJsonValue(json.root), JSON.parse(text));
    }),
    { seed: SEED, numRuns: RUNS },
  );
});

function countComments(node: TextNode): number {
  if (node.kind === "scalar") return 0;
  const parts = node.kind === "seq" ? node.items : node.entries;
  let count = 0;
  for (const part of parts) {
    count += part.leadingComments.length + (part.trailingComment === undefined ? 0 : 1);
    count += countComments(part.value);
  }
  return count;
}

Deno.test("parseYaml() keeps every comment exactly once", () => {
  const line = fc.constantFrom("a", "b", "- ", "x:", "y: 1", "- z: 2", "[1, 2]");
  const body = fc.array(fc.tuple(line, fc.nat(2), fc.boolean(), fc.boolean()), { maxLength: 8 });
  let compared = 0;
  fc.assert(
    fc.property(body, (rows) => {
      let expected = 0;
      const text = rows.map(([content, depth, before, behind]) => {
        expected += (before ? 1 : 0) + (behind ? 1 : 0);
        return `${before ? "# own\n" : ""}${"  ".repeat(depth)}${content}${behind ? " # c" : ""}\n`;
      }).join("");
      const ours = read(text);
      if ("refused" in ours) return;
      const { root, trailingComments } = parseYaml(text, { source: "t" });
      const found = (root === undefined ? 0 : countComments(root)) + trailingComments.length;
      assertEquals(found, expected, text);
      compared++;
    }),
    { seed: SEED, numRuns: RUNS * 2 },
  );
  assert(compared > 50);
});
