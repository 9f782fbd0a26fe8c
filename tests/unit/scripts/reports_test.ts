import { assertEquals, assertStringIncludes } from "@std/assert";
import { compileEagerly } from "../../../scripts/bundle/eager.ts";
import { dispatcher, HOT_COMMANDS } from "../../../scripts/bundle/entries.ts";
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

Deno.test("compileEagerly() keeps what a module does", async () => {
  const source = "const a=f(2),o={m(){return 1},get p(){return 2}};class C{k(){return 3}}" +
    "function f(n){return [n].map(x=>g(x)+1)[0]}function g(n){return 2*n}" +
    "export const value=a+o.m()-1+o.p-2+new C().k()-3;";
  const eager = compileEagerly(source);
  assertStringIncludes(eager, "var f=(function f(n){return [n].map((x=>g(x)+1))[0]});");
  assertEquals(compileEagerly(source, () => false), source);
  const url = `data:text/javascript,${encodeURIComponent(eager)}`;
  assertEquals((await import(url)).value, 5);
});

Deno.test("dispatcher() chooses the bundle by the words of the command", () => {
  const text = dispatcher();
  for (const path of HOT_COMMANDS) assertStringIncludes(text, JSON.stringify(path.join(" ")));
  assertStringIncludes(text, '"all"');
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
