import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { policyDigest } from "../../../core/policy/digest.ts";
import { formatPolicy } from "../../../core/policy/format.ts";
import { parsePolicy } from "../../../core/policy/parse_policy.ts";
import { digester } from "./_vectors.ts";

async function format(text: string, source = "p.yaml"): Promise<string> {
  const { policy, document } = await parsePolicy(text, { source });
  return formatPolicy(policy, document);
}

/** Formats, and checks that digest and layout survive another round. */
async function formatStable(text: string, source = "p.yaml"): Promise<string> {
  const first = await parsePolicy(text, { source });
  const formatted = formatPolicy(first.policy, first.document);
  const second = await parsePolicy(formatted, { source: "formatted" });
  assertEquals(formatPolicy(second.policy, second.document), formatted);
  assertEquals(
    await policyDigest(second.policy, digester),
    await policyDigest(first.policy, digester),
  );
  return formatted;
}

/** How one text is written as a list item. */
async function itemOf(text: string): Promise<string> {
  const policy = { rules: [{ name: "a", effect: "block", reason_codes: [text] }] };
  const formatted = await formatStable(JSON.stringify(policy), "p.json");
  const [, item = ""] = /\n {2}reason_codes:\n {2}- ([^]*?)\n {2}violations:/.exec(formatted) ?? [];
  return item;
}

Deno.test("formatPolicy() leaves texts plain where the reference does", async () => {
  const plain = [
    "a'b",
    'a"b',
    "/x/**",
    "a:b",
    "1e3",
    "é",
    "http://x/y",
    "-x",
    "a-b",
    "a,b",
    "x{y}",
  ];
  for (
    const text of [
      ...plain,
      "12:60",
      "24:00",
      "2026-13-01",
      "1.2.3",
      "=",
      "a?",
      "~x",
      "...x",
      "----",
    ]
  ) {
    assertEquals(await itemOf(text), text);
  }
});

Deno.test("formatPolicy() quotes what would read back as something else", async () => {
  const words = "null ~ Null true True false yes No on off y n Y N OFF".split(" ");
  const numbers = "1 1.5 0x1f 0o7 0b1 07 1_000 +1 1. -2 .5 08 1e400 99999999999999999999 0b2".split(
    " ",
  );
  const starts = [
    "*a",
    "&a",
    "[a",
    "{a",
    "}a",
    "]a",
    ",a",
    "!a",
    "|a",
    ">a",
    "%a",
    "'a",
    "@a",
    "`a",
  ];
  const times = ["2026-01-01", "12:30", "1:5", "2026-01-01T10:00:00Z", "2026-01-01t10:00:00Z"];
  const others = ["-", "a:", "a#b", "a: b", "a- b", "- a", "2026-01-01 10:00:00"];
  const hazards = ["---", "...", ".inf", "-.INF", ".nan", "? x", "?", "<<", "--- a"];
  for (const text of [...words, ...numbers, ...starts, ...times, ...others, ...hazards]) {
    assertEquals(await itemOf(text), JSON.stringify(text));
  }
});

Deno.test("formatPolicy() escapes quotes, backslashes and control characters", async () => {
  assertEquals(await itemOf('"a"'), '"\\"a\\""');
  assertEquals(await itemOf("a\\b"), '"a\\\\b"');
  assertEquals(await itemOf("a\tb"), '"a\\tb"');
  assertEquals(await itemOf("a\u0000b\u001b"), '"a\\x00b\\x1b"');
  assertEquals(await itemOf("\uFEFFa"), '"\\ufeffa"');
  assertEquals(await itemOf("#\u{E0001}"), '"#\\U000e0001"');
  assertEquals(await itemOf("a\rb"), '"a\\rb"');
});

Deno.test("formatPolicy() writes texts of several lines as blocks", async () => {
  assertEquals(await itemOf("one\ntwo"), "|-\n    one\n    two");
  assertEquals(await itemOf("one\n\n  two\n# three"), "|-\n    one\n\n      two\n    # three");
  assertEquals(await itemOf("a\n\u0007"), '"a\\n\\a"');
  const named = await formatStable(JSON.stringify({ rules: [{ name: "a\nb", effect: "allow" }] }));
  assertStringIncludes(named, "rules:\n- name: |-\n    a\n    b\n  priority: 0\n");
});

Deno.test("formatPolicy() writes approval only when it is set", async () => {
  const rule = (fields: string) => `rules:\n- {name: a, effect: block${fields}}\n`;
  assert(!(await formatStable(rule(", approval: {single_use: false}"))).includes("approval:"));
  const set = await formatStable(rule(", approval: {max_ttl: 1h}"));
  assertStringIncludes(
    set,
    "  approval:\n    single_use: false\n    reusable: false\n    max_ttl: 1h\n",
  );
});

Deno.test("formatPolicy() keeps settings of disabled blocks", async () => {
  const formatted = await formatStable(
    "rules:\n- {name: a, effect: block, rate_limit: {window: DAY, scope: Galaxy}, " +
      "endpoint: {action: Odd, reason_code: rc}, dataflow: {action: block}}\n",
  );
  assertStringIncludes(formatted, "    window: day\n    scope: galaxy\n");
  assertStringIncludes(formatted, "    action: odd\n");
  assertStringIncludes(formatted, "    reason_code: rc\n");
});

const COMMENTED = `# about the policy
default_verdict: block # why
fail_closed: # about fail-closed
  # about enabled
  enabled: true
rules: # the rules
# about b
- effect: allow # effect of b
  # name of b
  name: b
  match:
    tool_names:
    # item z
    - Z # z is last
    # item a
    - a
  # about codes
  reason_codes: [r] # codes
# about a
- name: a
  effect: block
# the end
`;

Deno.test("formatPolicy() keeps comments with their keys, rules and items", async () => {
  const formatted = await formatStable(COMMENTED);
  for (
    const part of [
      "# about the policy\ndefault_verdict: block # why\n",
      "fail_closed: # about fail-closed\n  # about enabled\n  enabled: true\n",
      "rules: # the rules\n# about a\n- name: a\n",
      "# about b\n# name of b\n- name: b\n  priority: 0\n  effect: allow # effect of b\n",
      "    tool_names:\n    # item a\n    - a\n    # item z\n    - z # z is last\n",
      "  # about codes\n  reason_codes: # codes\n  - r\n",
    ]
  ) assertStringIncludes(formatted, part);
  assert(formatted.endsWith('    violation: ""\n# the end\n'));
});

Deno.test("formatPolicy() changes nothing but comments when there are some", async () => {
  const bare = COMMENTED.replace(/ *#.*$/gm, "").replace(/^\n/gm, "");
  const stripped = (await format(COMMENTED)).replace(/ *#.*$/gm, "").replace(/^\n/gm, "");
  assertEquals(stripped, await format(bare));
});

Deno.test("formatPolicy() loses no comment of dropped or merged parts", async () => {
  const formatted = await formatStable(
    "rules:\n- name: a\n  effect: block\n  approval:\n    # c1\n    single_use: false # c2\n" +
      "  reason_codes:\n  # c3\n  - x # c4\n  # c5\n  - ' x ' # c6\n  # c7\n  - '' # c8\n  # c9\n  - null\n",
  );
  for (let i = 1; i <= 9; i++) {
    assertEquals(formatted.split(`# c${i}`).length, 2, `comment c${i}`);
  }
});

Deno.test("formatPolicy() keeps comments of an otherwise empty text", async () => {
  const formatted = await formatStable("# nothing\n# here\n");
  assert(formatted.endsWith("rules: []\n# nothing\n# here\n"));
});

Deno.test("formatPolicy() turns JSONC comments into YAML comments", async () => {
  const formatted = await formatStable(
    `{
      // about rules
      "rules": [
        /* about
         * rule a */
        {"name": "a", "effect": "block"} // behind
      ]
      // last
    }`,
    "p.jsonc",
  );
  assertStringIncludes(
    formatted,
    "# about rules\nrules:\n# about\n# rule a\n# behind\n- name: a\n",
  );
  assertEquals(formatted.split("# last").length, 2);
});

Deno.test("formatPolicy() writes comments of shared nodes once", async () => {
  const formatted = await formatStable(
    "rules:\n- name: a\n  effect: block\n  reason_codes: &rc\n    # shared\n    - x\n" +
      "- {name: b, effect: block, reason_codes: *rc}\n",
  );
  assertEquals(formatted.split("# shared").length, 2);
});

Deno.test("formatPolicy() needs no document", async () => {
  const { policy } = await parsePolicy(COMMENTED, { source: "p.yaml" });
  assert(!formatPolicy(policy).includes("#"));
});
