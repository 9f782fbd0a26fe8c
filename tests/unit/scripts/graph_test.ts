import { assertEquals } from "@std/assert";
import { productGraph, rankFindings, startFindings } from "../../../scripts/graph/check.ts";
import { findCycles } from "../../../scripts/graph/cycles.ts";
import { importGraph, importsOf } from "../../../scripts/graph/import_graph.ts";
import { startPath } from "../../../scripts/graph/start_path.ts";

/** Lines as an array, so that a scan of this file does not take them for its own imports. */
const SOURCE = [
  `/**`,
  ` * import { no } from "./comment.ts";`,
  ` */`,
  `import "./effect.ts";`,
  `import { a, type B, c as d } from "./a.ts";`,
  `import type { T } from "../b/t.ts";`,
  `import { type U } from "../b/u.ts";`,
  `import * as all from "@std/path/posix";`,
  `export { e } from "./e.ts";`,
  `import {`,
  `  f,`,
  `  g,`,
  `} from "./multi.ts";`,
  `// import { no } from "./line.ts";`,
  `const glob = "src/**";`,
  `const load = () => import("./lazy.ts");`,
  `const other = "*/";`,
  `  // import("./no.ts")`,
].join("\n");

Deno.test("importsOf() finds every form and no comment", () => {
  const found = importsOf("core/a/x.ts", SOURCE);
  assertEquals(
    found.map(({ target, specifier, isLazy, isTypeOnly, names }) =>
      [target ?? specifier, isLazy, isTypeOnly, names.join(" ")] as unknown[]
    ),
    [
      ["core/a/effect.ts", false, false, ""],
      ["core/a/a.ts", false, false, "a B c"],
      ["core/b/t.ts", false, true, "T"],
      ["core/b/u.ts", false, true, "U"],
      ["@std/path/posix", false, false, ""],
      ["core/a/e.ts", false, false, "e"],
      ["core/a/multi.ts", false, false, "f g"],
      ["core/a/lazy.ts", true, false, ""],
    ],
  );
});

Deno.test("findCycles() names each cycle once", () => {
  const edges = new Map([
    ["a", new Set(["b", "d"])],
    ["b", new Set(["c"])],
    ["c", new Set(["a"])],
    ["d", new Set<string>()],
  ]);
  assertEquals(findCycles(edges), ["a -> b -> c -> a"]);
  assertEquals(findCycles(new Map([["a", new Set(["b"])], ["b", new Set<string>()]])), []);
});

Deno.test("rankFindings() reports direction, cycles and unranked folders", () => {
  const graph = importGraph(
    new Map([
      ["core/mcp/a.ts", `import { b } from "../export/b.ts";`],
      ["core/export/b.ts", `import type { A } from "../mcp/a.ts";`],
      ["core/base/c.ts", `import { d } from "../mcp/a.ts";`],
      ["core/nowhere/e.ts", ""],
    ]),
  );
  assertEquals(rankFindings(graph), [
    "core/base/c.ts: core/base (rank 0) must not import core/mcp (rank 3)",
    "core/nowhere/e.ts: its folder has no rank in scripts/ranks.ts",
    "Cycle: core/mcp -> core/export -> core/mcp",
  ]);
});

Deno.test("startPath() follows eager imports only", () => {
  const graph = importGraph(
    new Map([
      ["cli.ts", `import { a } from "./core/a.ts";\nconst f = () => import("./core/lazy.ts");`],
      ["core/a.ts", `import type { T } from "./t.ts";\nimport "node:fs";`],
      ["core/lazy.ts", `import "node:net";`],
    ]),
  );
  assertEquals(startPath(graph, "cli.ts").files, ["cli.ts", "core/a.ts"]);
  assertEquals(startFindings(graph, "cli.ts"), ["cli.ts loads node:fs (from core/a.ts) at start"]);
});

Deno.test("the repository follows its rank table", () => {
  assertEquals(rankFindings(productGraph()), []);
});
