import { assertEquals, assertStringIncludes } from "@std/assert";
import { bundleFindings, chunkImports, loadedAtStart } from "../../../scripts/chunks.ts";
import { lineRate, parseLcov, unloaded } from "../../../scripts/lcov.ts";
import { ROOT } from "../../../scripts/sources.ts";

Deno.test("parseLcov() counts lines per file", () => {
  const report = "SF:/r/core/a.ts\nDA:1,2\nDA:2,0\nend_of_record\nSF:/r/core/b.ts\nend_of_record\n";
  const files = parseLcov(report, "/r/");
  assertEquals(files, [
    { path: "core/a.ts", lines: 2, hit: 1 },
    { path: "core/b.ts", lines: 0, hit: 0 },
  ]);
  assertEquals(lineRate(files), 0.5);
  assertEquals(lineRate([]), 1);
});

Deno.test("unloaded() counts files with code that no test loads", () => {
  const sources = new Map([
    ["core/a.ts", "function f() {}"],
    ["core/types.ts", "export interface A {}"],
    ["core/b.ts", "/** doc\n * more\n */\nexport async function f() {\n  // why\n\n  g();\n}\n"],
  ]);
  assertEquals(unloaded(sources, [{ path: "core/a.ts", lines: 1, hit: 1 }]), [
    { path: "core/b.ts", lines: 3, hit: 0 },
  ]);
});

/** A bundle of an entry, a shared chunk and two commands. */
const CHUNKS = new Map([
  [
    "cli.js",
    `import{a as o}from"./chunk-1.js";var m=[()=>import("./a-1.js"),()=>import("./b-1.js")];`,
  ],
  ["chunk-1.js", `import"./chunk-2.js";export{r as a};`],
  ["chunk-2.js", ""],
  ["a-1.js", `import{a}from"./chunk-2.js";`],
  ["b-1.js", ""],
]);

Deno.test("chunkImports() tells eager from lazy", () => {
  assertEquals(chunkImports(CHUNKS.get("cli.js") ?? ""), {
    eager: ["chunk-1.js"],
    lazy: ["a-1.js", "b-1.js"],
  });
  assertEquals(loadedAtStart(CHUNKS, "cli.js"), ["cli.js", "chunk-1.js", "chunk-2.js"]);
});

Deno.test("bundleFindings() reports commands that load at start", () => {
  assertEquals(bundleFindings(CHUNKS, ["a", "b"]), []);
  const eager = new Map(CHUNKS).set("chunk-2.js", `import"./b-1.js";`);
  assertEquals(bundleFindings(eager, ["a", "b"]), ["b is no chunk of its own that loads lazily"]);
});

Deno.test({
  name: ".ci/run counts the summary lines of test runs",
  ignore: Deno.build.os === "windows", // the script is for a POSIX shell
  async fn() {
    const script = await Deno.readTextFile(`${ROOT}.ci/run`);
    const pattern = /sed -nE '([^']+)'/.exec(script)?.[1] ?? "";
    const child = new Deno.Command("sed", {
      args: ["-nE", pattern],
      stdin: "piped",
      stdout: "piped",
    })
      .spawn();
    const writer = child.stdin.getWriter();
    const lines =
      "ok | 12 passed (3 steps) | 0 failed (2s)\nFAILED | 5 passed | 2 failed | 1 ignored (1s)\n" +
      "some test ... ok (1ms)\n";
    await writer.write(new TextEncoder().encode(lines));
    await writer.close();
    const { stdout } = await child.output();
    assertEquals(new TextDecoder().decode(stdout), "12 0\n5 2\n");
    assertStringIncludes(script, "deno@2.9.6");
  },
});
