import { assertEquals, assertStringIncludes, assertThrows } from "@std/assert";
import { missingOutput, parseCommands, scenariosOf } from "../../../scripts/docs/commands.ts";
import { errorsDocument } from "../../../scripts/docs/errors.ts";
import { commandReference } from "../../../scripts/docs/cli.ts";
import { configTable } from "../../../scripts/docs/config.ts";
import { divergenceFindings } from "../../../scripts/docs/divergences.ts";
import { driftFindings, replacePart } from "../../../scripts/docs/generated.ts";
import { barredWords } from "../../../scripts/docs/hygiene.ts";
import { limitsDocument, memberComments, showLimit } from "../../../scripts/docs/limits.ts";
import { fencedBlocks, proseOf, table } from "../../../scripts/docs/markdown.ts";
import {
  anchorsOf,
  brokenLinks,
  slugOf,
  unlistedPages,
  unraisedCodes,
} from "../../../scripts/docs/references.ts";
import { runScenario } from "../../../scripts/docs/run_scenario.ts";
import { ERROR_CODES } from "../../../core/base/error_codes.ts";
import { COMMANDS } from "../../../core/commands/frame/table.ts";
import { CONFIG_KEYS } from "../../../core/config/config_keys.ts";
import { LIMITS } from "../../../core/base/limits.ts";

const FENCE = "```";

Deno.test("table() pads columns and escapes bars", () => {
  assertEquals(
    table(["A", "Long head"], [["a|b", "…"], ["x", "y"]]),
    "| A    | Long head |\n| ---- | --------- |\n| a\\|b | …         |\n| x    | y         |",
  );
});

Deno.test("fencedBlocks() keeps info, lines and position", () => {
  const text = `# A\n${FENCE}yaml file=a.yaml\nx: 1\n${FENCE}\ntext\n${FENCE}\ny\n${FENCE}\n`;
  assertEquals(fencedBlocks(text), [
    { info: "yaml file=a.yaml", lines: ["x: 1"], line: 2 },
    { info: "", lines: ["y"], line: 6 },
  ]);
  assertEquals(proseOf(text), "# A\n\n\n\ntext\n\n\n\n");
});

Deno.test("errorsDocument() has every code once", () => {
  const text = errorsDocument();
  for (const code of Object.keys(ERROR_CODES)) {
    assertEquals(text.split(`\n| \`${code}\` `).length > 1, true, code);
  }
});

Deno.test("limitsDocument() describes every limit", () => {
  const text = limitsDocument();
  for (const name of Object.keys(LIMITS)) assertStringIncludes(text, `\`${name}\``);
  assertEquals(/\|\s*\|$/m.test(text), false, "a limit has no comment");
});

Deno.test("memberComments() joins the lines of a comment", () => {
  const source = `/** x */\nexport const LIMITS = {\n  /** One\n   * two. */\n  a: 1,\n  b: 2,\n};`;
  assertEquals(memberComments(source), new Map([["a", "One two."]]));
});

Deno.test("showLimit() uses the unit of the name", () => {
  assertEquals(showLimit("aBytes", 2 * 1024 * 1024), "2 MiB");
  assertEquals(showLimit("aBytes", 3 * 1024), "3 KiB");
  assertEquals(showLimit("aBytes", 1000), "1,000 bytes");
  assertEquals(showLimit("aMs", 5000), "5 s");
  assertEquals(showLimit("aMs", 250), "250 ms");
  assertEquals(showLimit("rules", 2_000_000), "2,000,000");
});

Deno.test("replacePart() replaces between marks and refuses a document without them", () => {
  const text = "a\n<!-- x:begin -->\nold\n<!-- x:end -->\nb";
  assertEquals(replacePart(text, "x", "new"), "a\n<!-- x:begin -->\n\nnew\n\n<!-- x:end -->\nb");
  assertThrows(() => replacePart("a", "x", "new"), RangeError, "marks of x");
});

Deno.test("generated documents are current", async () => {
  assertEquals(await driftFindings(), []);
});

Deno.test("slugOf() and anchorsOf() name headings as code hosts do", () => {
  assertEquals(slugOf("Exit codes: `0`–8"), "exit-codes-08");
  assertEquals(anchorsOf(`# A b\n${FENCE}\n# not\n${FENCE}\n## C`), ["a-b", "c"]);
});

Deno.test("brokenLinks() reports files and headings that do not exist", () => {
  const files = new Map([
    ["docs/a.md", "[b](b.md#there) [up](../README.md) [x](x.md) [h](#no) [w](https://a.b/c)"],
    ["docs/b.md", "# There"],
    ["README.md", ""],
  ]);
  const repository = {
    has: (path: string) => files.has(path),
    read: (path: string) => files.get(path) ?? "",
  };
  assertEquals(brokenLinks("docs/a.md", repository), [
    "docs/a.md: links to x.md, which does not exist",
    "docs/a.md: links to #no, which has no such heading",
  ]);
});

Deno.test("unraisedCodes() reports unused codes and stale exceptions", () => {
  const all = Object.keys(ERROR_CODES).map((code) => `f("${code}")`).join("\n");
  assertEquals(unraisedCodes(new Map([["core/a.ts", all]]), {}), []);
  assertEquals(
    unraisedCodes(new Map([["core/a.ts", all.replace('"usage"', "x")]]), {}),
    ["Nothing raises error code usage"],
  );
  assertEquals(unraisedCodes(new Map([["core/a.ts", all]]), { usage: "later" }).length, 1);
  assertEquals(unraisedCodes(new Map([["core/base/error_codes.ts", all]]), {}).length > 10, true);
});

Deno.test("barredWords() finds places of a machine", () => {
  const place = ["/root", ".npm"].join("/");
  assertEquals(barredWords([["a.md", `see ${place}`], ["b.md", "clean"]]), [
    `a.md: mentions ${place}`,
  ]);
  assertEquals(barredWords([["tests/golden/data/x.json", place]]), []);
});

Deno.test("parseCommands() reads exit codes, continuation lines and output", () => {
  const lines = ["$ gait a \\", "    --b", "out …", "", "$ gait c  # exit 3", "$ gait d"];
  assertEquals(parseCommands(lines), [
    { line: "gait a \\\n    --b", exit: 0, output: ["out …"] },
    { line: "gait c  # exit 3", exit: 3, output: [] },
    { line: "gait d", exit: 0, output: [] },
  ]);
});

Deno.test("scenariosOf() starts fresh, continues, and writes shown files", () => {
  const block = (info: string, text: string): string => `${FENCE}${info}\n${text}\n${FENCE}\n`;
  const document = block("yaml file=p.yaml", "a: 1") + block("console", "$ one") +
    block("json file=q.json", "{}") + block("console continue", "$ two") +
    block("sh", "three") + block("console", "$ four");
  const shape = scenariosOf(document).map(({ line, steps }) => [
    line,
    ...steps.map((step) => step.kind === "write" ? step.name : step.command.line),
  ]);
  assertEquals(shape, [
    [4, "p.yaml", "one", "q.json", "two"],
    [16, "p.yaml", "q.json", "four"],
  ]);
});

Deno.test("missingOutput() wants lines in order and knows the wildcard", () => {
  assertEquals(missingOutput(["a", "c"], "a\nb\nc\n"), []);
  assertEquals(missingOutput(["c", "a"], "a\nb\nc\n"), ["a"]);
  assertEquals(missingOutput(["id …, done", "…", "x…y…z"], "id 5, done\nxAyBz"), []);
  assertEquals(missingOutput(["ab…ba"], "aba"), ["ab…ba"]);
  assertEquals(missingOutput(["x…y…z"], "xz"), ["x…y…z"]);
});

Deno.test({
  name: "runScenario() reports a wrong exit code and missing output",
  ignore: Deno.build.os === "windows", // the lines of a document are for a POSIX shell
  async fn() {
    const run = (line: string, output: string[] = [], exit = 0) =>
      runScenario({
        line: 1,
        steps: [
          { kind: "write", name: "sub/a.txt", text: "hello\n" },
          { kind: "run", command: { line, exit, output } },
        ],
      });
    assertEquals(await run("cat sub/a.txt", ["hel…"]), []);
    assertEquals(await run("exit 3", [], 3), []);
    assertStringIncludes((await run("exit 3"))[0] ?? "", "exit 3, expected 0");
    assertStringIncludes((await run("cat sub/a.txt", ["bye"]))[0] ?? "", "missing: bye");
  },
});

Deno.test("divergenceFindings() wants one existing test for every row", () => {
  const table = "| Row | Ours | Held by |\n| --- | --- | --- |\n";
  const judge = (rows: string) =>
    divergenceFindings(table + rows, { has: (path) => path === "tests/a_test.ts" });
  assertEquals(judge("| C1  | x | `tests/a_test.ts` |\n"), []);
  assertEquals(judge("| +1  | x | `tests/a_test.ts` |\n"), []);
  assertEquals(judge(""), ["docs/divergences.md: has no rows"]);
  assertEquals(judge("| C1  | `tests/a_test.ts` | later |\n"), [
    "docs/divergences.md: row C1 names no test",
  ]);
  assertEquals(judge("| C1  | x | `tests/b_test.ts` |\n"), [
    "docs/divergences.md: row C1 names tests/b_test.ts, which does not exist",
  ]);
  assertEquals(judge("| C1  | x | `tests/a_test.ts` |\n".repeat(2)), [
    "docs/divergences.md: row C1 stands twice",
  ]);
});

Deno.test("commandReference() has a section for every command, configTable() a row for every key", async () => {
  const reference = await commandReference();
  for (const { path } of COMMANDS) assertStringIncludes(reference, `### gait ${path.join(" ")}\n`);
  const keys = configTable();
  for (const { path } of CONFIG_KEYS) assertStringIncludes(keys, `| \`${path}\` `);
});

Deno.test("unlistedPages() reports pages that the index does not link to", () => {
  const pages = ["docs/README.md", "docs/a.md", "docs/b.md"];
  assertEquals(unlistedPages(pages, "docs/README.md", "[a](a.md)\n"), [
    "docs/README.md: does not list docs/b.md",
  ]);
  assertEquals(unlistedPages(pages, "docs/README.md", "[a](a.md) [b](b.md)"), []);
});
