import { assert, assertEquals, assertLess, assertStringIncludes } from "@std/assert";
import { GaitError } from "../../../../core/base/errors.ts";
import { LIMITS } from "../../../../core/base/limits.ts";
import type { JsonValue } from "../../../../core/base/json_value.ts";
import type { MapNode, ScalarNode, TextNode } from "../../../../core/text/node.ts";
import { toJsonValue } from "../../../../core/text/value.ts";
import { parseYaml } from "../../../../core/text/yaml/parse_yaml.ts";

function value(text: string): JsonValue | undefined {
  const { root } = parseYaml(text, { source: "p.yaml" });
  return root === undefined ? undefined : toJsonValue(root);
}

function refused(text: string | Uint8Array): GaitError {
  try {
    parseYaml(text, { source: "p.yaml" });
  } catch (error) {
    assert(error instanceof GaitError, String(error));
    return error;
  }
  throw new Error(`accepted ${text}`);
}

function map(node: TextNode | undefined): MapNode {
  assert(node?.kind === "map");
  return node;
}

function scalar(text: string): ScalarNode {
  const node = map(parseYaml(`k: ${text}\n`, { source: "p" }).root).entries[0]?.value;
  assert(node?.kind === "scalar");
  return node;
}

Deno.test("parseYaml() gives no root for a text without content", () => {
  for (const text of ["", "\n", "# c\n", "---\n", "  \n# a\n\n# b"]) {
    assertEquals(value(text), undefined);
  }
  assertEquals(parseYaml("# a\n# b\n", { source: "p" }).trailingComments, ["# a", "# b"]);
});

Deno.test("parseYaml() keeps type and spelling of plain scalars", () => {
  const table: readonly [string, ScalarNode["type"], ScalarNode["value"]][] = [
    ["1.50", "float", 1.5],
    ["007", "int", 7],
    ["0x10", "int", 16],
    ["0o17", "int", 15],
    ["0b11", "int", 3],
    ["1e3", "float", 1000],
    ["+1", "int", 1],
    ["1.", "float", 1],
    ["-3", "int", -3],
    ["True", "bool", true],
    ["~", "null", null],
    ["yes", "string", "yes"],
    ["1.0.0", "string", "1.0.0"],
    ["12:30", "string", "12:30"],
    ["2026-01-01", "string", "2026-01-01"],
    [":8080", "string", ":8080"],
    ["a#b", "string", "a#b"],
    ["https://x.example/**", "string", "https://x.example/**"],
  ];
  for (const [text, type, expected] of table) {
    const node = scalar(text);
    assertEquals([node.type, node.value, node.text], [type, expected, text]);
  }
});

Deno.test("parseYaml() refuses numbers that readers disagree about", () => {
  for (
    const text of [
      "012",
      "08",
      "-07",
      "00.5",
      "1_000",
      "1__0",
      "1e400",
      "-0x10",
      "0X10",
      "0x1_0",
      "0x1p3",
      "-.5",
      ".inf",
      "-.INF",
      ".NaN",
      "99999999999999999999",
      "9007199254740993",
      "0x20000000000001",
    ]
  ) {
    const error = refused(`a: [1, ${text}]`);
    assertEquals(error.code, "yaml_unsupported", text);
    assertEquals([error.place?.line, error.place?.column], [1, 8]);
    assertStringIncludes(error.hint, "quote it");
  }
});

Deno.test("parseYaml() reads an anchored sequence in the column of its key, and no other node there", () => {
  assertEquals(value("k: &a\n- x\nz: *a\n"), { k: ["x"], z: ["x"] });
  for (const text of ["- &a\n- b\n", "- k: &a\n- x\n", "a:\n  k: &a\n- x\n", "k: &a\nz: 1\n"]) {
    assertStringIncludes(refused(text).message, "an anchor must stand before a value");
  }
});

Deno.test("parseYaml() refuses constructs outside the subset with their reason", () => {
  const table: readonly [string, string][] = [
    ["a: 1\n---\nb: 2\n", "second document"],
    ["a: 1\n...\n", "document end marker"],
    ["%YAML 1.2\n---\na: 1\n", "directives"],
    ["a: !!str 1\n", "tags"],
    ["a: !x {b: c}\n", "tags"],
    ["? a\n: b\n", "explicit keys"],
    ["[a]: b\n", "a key must be a scalar"],
    ["{[a]: b}\n", "a key must be a scalar"],
    ["*a : b\n", "there is no anchor"],
    ["&a b: c\n", "second key"],
    ["1: a\n", "the key 1 is not text"],
    ["{null: a}\n", "the key null is not text"],
    ["[a: b]\n", "a key inside [ ]"],
    ["{a}\n", "without ': '"],
    ["{a:1}\n", "without ': '"],
    ["a: &x 1\nb: &x 2\n", "defined twice"],
    ["a: &x [&x 1]\n", "defined inside itself"],
    ["a: 1\rb: 2\n", "U+000D"],
    ["a: \u0085\n", "U+0085"],
    ["a: \u2028b\n", "U+2028"],
    ["a: x\u0000y\n", "U+0000"],
    ["a: b\ufeff\n", "U+FEFF"],
    ["<<: 1\n", "merge key"],
    ["--- a\n", "text behind '---'"],
  ];
  for (const [text, reason] of table) {
    const error = refused(text);
    assert(["yaml_unsupported", "yaml_syntax"].includes(error.code), text);
    assertStringIncludes(error.message, reason);
  }
});

Deno.test("parseYaml() refuses malformed text with line and column", () => {
  const table: readonly [string, number, number][] = [
    ["a:\n b: 1\n  c: 2\n", 3, 3],
    ["a:\n\t- b\n", 2, 1],
    ["a: b: c\n", 1, 5],
    ["a:\n  - b\n c: d\n", 3, 2],
    ["a: 'b\n", 1, 4],
    ["gate: [\n", 1, 7],
    ["gate: {a: 1,\n", 1, 7],
    ["a: - b\n", 1, 4],
    ["a: @b\n", 1, 4],
    ["a: %b\n", 1, 4],
    ['a: "\\q"\n', 1, 5],
    ["a: |x\n  y\n", 1, 5],
    ["a: *nope\n", 1, 4],
    ["a: &x *x\n", 1, 7],
    ["a: [b]c\n", 1, 7],
    ['a: "b"#c\n', 1, 7],
    ["a: 1\nb\n", 2, 1],
    ["- a\nb: c\n", 2, 1],
    ["a: 'b\nc'\n", 2, 1],
    ["a:\tb\n", 1, 3],
  ];
  for (const [text, line, column] of table) {
    const error = refused(text);
    assertEquals(error.code, "yaml_syntax", text);
    assertEquals([error.place?.line, error.place?.column], [line, column], JSON.stringify(text));
  }
});

Deno.test("parseYaml() refuses duplicate keys and names them", () => {
  for (
    const text of [
      "name: a\nname: b\n",
      'x:\n- {name: a, "name": b}\n',
      "x: {'name': 1, name: 2}\n",
      "- &x {name: a}\n- <<: *x\n  name: b\n",
      "- &x {name: a}\n- name: b\n  <<: *x\n",
      "- &x {name: a}\n- <<: *x\n  <<: *x\n",
    ]
  ) {
    const error = refused(text);
    assertEquals(error.code, "yaml_duplicate_key");
    assertStringIncludes(error.message, '"name"');
  }
  assertEquals(refused("__proto__: 1\n__proto__: 2\n").code, "yaml_duplicate_key");
});

Deno.test("parseYaml() merges a mapping that overrides nothing", () => {
  const text = "- &x {a: 1, b: 2}\n- <<: *x\n  c: 3\n";
  assertEquals(value(text), [{ a: 1, b: 2 }, { a: 1, b: 2, c: 3 }]);
  assertEquals(value('"<<": 1\n'), { "<<": 1 });
});

Deno.test("parseYaml() refuses a byte order mark and names the key behind it", () => {
  const error = refused(new TextEncoder().encode("\ufeffdefault_verdict: allow\n"));
  assertEquals(error.code, "text_encoding");
  assertStringIncludes(error.message, "default_verdict");
});

Deno.test("parseYaml() refuses invalid UTF-8 and lone surrogates", () => {
  assertEquals(refused(Uint8Array.of(0x61, 0x3a, 0x20, 0xff)).code, "text_encoding");
  assertEquals(refused('a: "\\ud800"\n').code, "text_encoding");
  assertEquals(refused('a: "\\U00110000"\n').code, "yaml_syntax");
  assertEquals(value('a: "\\ud83d\\ude00\\U0001F600"\n'), { a: "\u{1f600}\u{1f600}" });
});

Deno.test("parseYaml() reads quoted and block scalars", () => {
  assertEquals(value("a: 'it''s\n\n  two'\n"), { a: "it's\ntwo" });
  assertEquals(value('a: "x \\\n  y\\x41\\_\\e"\n'), { a: "x yA\u00a0\u001b" });
  assertEquals(value("a: |\n  b\n   c\n\n  d\n\n"), { a: "b\n c\n\nd\n" });
  assertEquals(value("a: |+\n  b\n\n\nc: 1\n"), { a: "b\n\n\n", c: 1 });
  assertEquals(value("a: >- # c\n  b\n  c\n\n  d\n    e\n  f\n"), { a: "b c\nd\n  e\nf" });
  assertEquals(value("a: |2-\n    b\n"), { a: "  b" });
  assertEquals(value("a:\n- |-\n  b\n- c\n"), { a: ["b", "c"] });
  assertEquals(value("a: b\n  c\n\n  d\n"), { a: "b c\nd" });
});

Deno.test("parseYaml() reads CRLF as LF", () => {
  assertEquals(value("a: 1\r\nb:\r\n- |\r\n  x\r\n"), { a: 1, b: ["x\n"] });
});

Deno.test("parseYaml() keeps comments with their entries", () => {
  const text = `# head
a: 1 # one
# before b
b: # own
  # before item
  - x # item
  - y: 2
# after
c: [1, # in
  2]
# end
`;
  const document = parseYaml(text, { source: "p" });
  const [a, b, c] = map(document.root).entries;
  assertEquals([a?.leadingComments, a?.trailingComment], [["# head"], "# one"]);
  assertEquals([b?.leadingComments, b?.trailingComment], [["# before b"], "# own"]);
  assert(b?.value.kind === "seq" && c?.value.kind === "seq");
  assertEquals(b.value.items[0]?.leadingComments, ["# before item"]);
  assertEquals(b.value.items[0]?.trailingComment, "# item");
  assertEquals(c.leadingComments, ["# after"]);
  assertEquals(c.value.items[1]?.leadingComments, ["# in"]);
  assertEquals(document.trailingComments, ["# end"]);
});

Deno.test("parseYaml() copies aliased nodes without comments and with their own position", () => {
  const document = parseYaml("a: &x [1, 2] # c\nb: *x\n", { source: "p" });
  const [a, b] = map(document.root).entries;
  assertEquals(b?.value.start, { line: 2, column: 4 });
  assert(a?.value !== b?.value);
  assertEquals(toJsonValue(document.root as TextNode), { a: [1, 2], b: [1, 2] });
});

Deno.test("parseYaml() bounds depth", () => {
  const flow = (levels: number) => "[".repeat(levels) + "]".repeat(levels);
  value(flow(LIMITS.textDepth));
  assertEquals(refused(flow(LIMITS.textDepth + 1)).code, "text_too_deep");
  assertEquals(refused("- ".repeat(LIMITS.textDepth + 1) + "a").code, "text_too_deep");
  assertEquals(refused("[".repeat(1_000_000)).code, "text_too_deep");
  assertEquals(refused("{a: ".repeat(100_000)).code, "text_too_deep");
  assertEquals(refused("- ".repeat(100_000)).code, "text_too_deep");
  const half = Math.ceil(LIMITS.textDepth / 2) + 1;
  const nested = `a: &x ${flow(half)}\nb: ${"[".repeat(half)}*x${"]".repeat(half)}\n`;
  assertEquals(refused(nested).code, "text_too_deep");
});

Deno.test("parseYaml() bounds what aliases expand to", () => {
  const lines = ["a0: &a0 [x, x, x, x, x, x, x, x, x]"];
  for (let i = 1; i < 12; i++) {
    const alias = `*a${i - 1}`;
    lines.push(`a${i}: &a${i} [${Array(9).fill(alias).join(", ")}]`);
  }
  const begun = performance.now();
  assertEquals(refused(lines.join("\n")).code, "text_too_deep");
  assertLess(performance.now() - begun, 1_000);
});

Deno.test("parseYaml() takes time linear in hostile input", () => {
  const begun = performance.now();
  const size = 200_000;
  for (
    const text of [
      "a: '" + "'".repeat(size),
      "a: " + "b ".repeat(size),
      "a:\n" + "  b\n".repeat(size),
      "a: |\n" + " \n".repeat(size) + "  x\n",
      "#".repeat(size) + "\n".repeat(size),
      " ".repeat(size) + "a: 1",
      "[" + "1, ".repeat(size) + "1]",
      "- a\n".repeat(size),
      `"${"\\\n".repeat(size)}"`,
      "a: 0" + "0".repeat(size),
      "a: 1" + "0".repeat(size) + "x",
      "- " + "&a ".repeat(size),
      "- |\n".repeat(size),
      "k" + "k".repeat(size) + ": &" + "x".repeat(size),
    ]
  ) {
    try {
      parseYaml(text, { source: "p" });
    } catch (error) {
      assert(error instanceof GaitError, String(error));
    }
  }
  assertLess(performance.now() - begun, 10_000);
});
