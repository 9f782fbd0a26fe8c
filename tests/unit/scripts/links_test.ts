import { assertEquals } from "@std/assert";
import { importsOf } from "../../../scripts/graph/import_graph.ts";
import {
  exportedNames,
  linkedPackages,
  missingSymbols,
  packageProblems,
  stdImports,
} from "../../../scripts/links_check.ts";
import { readText } from "../../../scripts/sources.ts";
import { releaseConfig } from "../../../scripts/release_config.ts";

Deno.test("exportedNames() reads lists and declarations", () => {
  const source = `export { a, b as c, type D } from "./x.ts";
export async function e() {}
export class F {}
export const g = 1;
export type H = 1;`;
  assertEquals(exportedNames(source), ["a", "c", "D", "e", "F", "g", "H"]);
});

Deno.test("missingSymbols() reports a symbol and a module that links/ lacks", () => {
  const packages = [{
    name: "@std/assert",
    version: "1.0.0",
    exports: new Map([[".", ["assert"]]]),
  }];
  const lines = [
    `import { assert, assertAlmostEquals } from "@std/assert";`,
    `import { join } from "@std/path/posix";`,
    `import { assert as b } from "@std/assert/deep";`,
  ];
  const imports = importsOf("a.ts", lines.join("\n")).map((found) => ["a.ts", found] as const);
  assertEquals(missingSymbols(imports, packages), [
    "a.ts: links/ has no assertAlmostEquals in @std/assert",
    "a.ts: nothing under links/ offers @std/path/posix",
    "a.ts: nothing under links/ offers @std/assert/deep",
  ]);
});

Deno.test("links/ offers every std symbol that the repository imports", () => {
  assertEquals(missingSymbols(stdImports(), linkedPackages()), []);
});

Deno.test("links/ packages carry the name and breaking version of the import map", () => {
  assertEquals(packageProblems(linkedPackages()), []);
});

Deno.test("releaseConfig() drops links and rebases paths", () => {
  const config = releaseConfig({
    name: "@gait/gait",
    exports: { ".": "./mod.ts" },
    imports: { "@std/assert": "jsr:@std/assert@^1" },
    links: ["./links/std-assert"],
    lock: { frozen: true },
    exclude: ["links"],
    publish: { include: ["mod.ts"] },
  }, "../");
  assertEquals(config, {
    name: "@gait/gait",
    exports: { ".": "../mod.ts" },
    imports: { "@std/assert": "jsr:@std/assert@^1" },
    exclude: ["../links"],
    publish: { include: ["../mod.ts"] },
  });
});

Deno.test("deno.lock names no host", () => {
  assertEquals(
    readText("deno.lock").match(/https?:|\b[a-z-]+\.(?:org|io|com|dev)\b/g),
    null,
  );
});
