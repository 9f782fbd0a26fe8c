import { assertEquals } from "@std/assert";
import plugin from "../../../scripts/lint/plugin.ts";

/** One rule, where it applies, what passes and what fails. */
interface Case {
  readonly rule: string;
  readonly file: string;
  readonly good?: readonly string[];
  readonly bad?: readonly string[];
}

const LONG_BODY = "  f();\n".repeat(60);

const CASES: readonly Case[] = [
  {
    rule: "import-direction",
    file: "core/gate/decide.ts",
    good: [
      `import { a } from "../policy/policy.ts";`,
      `import { a } from "./other.ts";`,
      `import type { Digester } from "../ports/digest.ts";`,
      `import type { Ed25519 } from "../ports/sign.ts";`,
      `import { join } from "@std/path/posix";`,
    ],
    bad: [
      `import { a } from "../trace/trace.ts";`,
      `import type { A } from "../runpack/record.ts";`,
      `import { a } from "../enforce/enforce.ts";`,
      `import type { Files } from "../ports/files.ts";`,
      `import type { Ports } from "../ports/ports.ts";`,
      `export { a } from "../commands/a.ts";`,
      `export * from "../commands/a.ts";`,
      `const a = await import("../service/a.ts");`,
      `type A = import("../sdk/a.ts").A;`,
      `import { a } from "../../host/files.ts";`,
      `import { a } from "../../scripts/ranks.ts";`,
      `import fs from "node:fs";`,
      `import Ajv from "ajv";`,
      `import { a } from "npm:x@1";`,
      "await import(name);",
      "await import(`../${name}.ts`);",
    ],
  },
  {
    rule: "import-direction",
    file: "core/runpack/record.ts",
    good: [`import { a } from "../trace/a.ts";`],
    bad: [`import { a } from "../policy/policy.ts";`, `import { a } from "../session/a.ts";`],
  },
  {
    rule: "import-direction",
    file: "core/commands/verify.ts",
    good: [
      `import { a } from "../enforce/a.ts";`,
      `import type { Ports } from "../ports/ports.ts";`,
      `import { a } from "./frame/command.ts";`,
    ],
    bad: [`import { a } from "../service/a.ts";`, `import { a } from "../sdk/a.ts";`],
  },
  {
    rule: "import-direction",
    file: "host/files.ts",
    good: [`import type { Files } from "../core/ports/files.ts";`, `import "node:crypto";`],
    bad: [`import { a } from "../core/gate/decide.ts";`],
  },
  {
    rule: "import-direction",
    file: "core/unranked/a.ts",
    bad: [`import { a } from "../base/bytes.ts";`],
  },
  {
    rule: "import-direction",
    file: "cli.ts",
    good: [`import { a } from "./host/files.ts";`, `import("./core/commands/a.ts");`],
    bad: [`import "node:fs";`],
  },
  {
    rule: "private-files",
    file: "core/gate/decide.ts",
    good: [`import { a } from "./_helper.ts";`],
    bad: [`import { a } from "../policy/_helper.ts";`, `import("../_helper.ts/../policy/_x.ts");`],
  },
  {
    rule: "private-files",
    file: "tests/unit/policy/helper_test.ts",
    good: [`import { a } from "../../../core/policy/_helper.ts";`],
  },
  {
    rule: "deno-namespace",
    file: "core/commands/a.ts",
    good: ["const x = { Deno: 1 }; x.Deno;", "/** Deno */ const a = 1;"],
    bad: ["Deno.exit(1);", "const { env } = Deno;", "f(Deno);"],
  },
  { rule: "deno-namespace", file: "host/a.ts", good: ["Deno.exit(1);"] },
  { rule: "deno-namespace", file: "mod.ts", bad: ["Deno.exit(1);"] },
  {
    rule: "ambient-authority",
    file: "core/gate/decide.ts",
    good: [
      "new Date(5); Date.UTC(1970, 1); x instanceof Date; Math.max(1, 2);",
      "const a: Date = f(); type B = Function; const c = { Date: 1 };",
      "function f(fetch: () => void) { fetch(); }",
      "function f({ crypto }: { crypto: { x(): void } }) { crypto.x(); }",
      "const x = { process: 1, fetch() {} }; x.process; x.fetch();",
      "for (const self of []) { f(self); }",
      "try { f(); } catch (console) { f(console); }",
      "interface A { fetch: string; process(): void }",
      "import { fetch } from './fetch.ts'; fetch();",
      "new TextEncoder().encode('a'); structuredClone(a); new URL('a:b');",
    ],
    bad: [
      "Date.now();",
      `Date["now"]();`,
      "new Date();",
      "Date();",
      "Math.random();",
      "performance.now();",
      "console.log(1);",
      "fetch('x');",
      "const a = { fetch };",
      "const a = x ?? fetch;",
      "function f(now = performance) {}",
      "setTimeout(f, 1);",
      "globalThis.Deno;",
      "self.x;",
      "process.env;",
      "crypto.randomUUID();",
      "crypto.subtle.digest('SHA-256', x);",
      "{ const fetch = 1; } fetch('x');",
      "(fetch as F)('x');",
      "AbortSignal.timeout(5);",
      "Temporal.Now.instant();",
      "localStorage.x;",
      "const { now } = Date;",
      "const clock = Date;",
      "Date[name]();",
      "f(Math);",
      "eval('1');",
      "new Function('return 1');",
    ],
  },
  {
    rule: "ambient-authority",
    file: "core/base/webcrypto.ts",
    good: ["crypto.subtle.digest('SHA-256', x);"],
    bad: ["fetch('x');"],
  },
  { rule: "ambient-authority", file: "host/clock.ts", good: ["Date.now();"] },
  { rule: "ambient-authority", file: "schemas/v1/a.ts", bad: ["Date.now();"] },
  {
    rule: "subtle-crypto",
    file: "host/digest.ts",
    good: ["crypto.getRandomValues(x);"],
    bad: ["crypto.subtle.digest('SHA-256', x);", "const { subtle } = crypto;"],
  },
  {
    rule: "subtle-crypto",
    file: "core/base/webcrypto.ts",
    good: ["crypto.subtle.digest('SHA-256', x);"],
  },
  {
    rule: "node-20",
    file: "host/node/a.ts",
    good: [
      "URL.canParse(x);",
      "deferred();",
      "Promise.all(x);",
      "Bytes.fromHex?.(x);",
      "toHex(x);",
    ],
    bad: [
      "URL.parse(x);",
      "const { promise } = Promise.withResolvers();",
      "const f = Array.fromAsync;",
      "Promise.try(f);",
      "a.union(b);",
      "bytes.toHex();",
    ],
  },
  { rule: "node-20", file: "tests/a_test.ts", good: ["Promise.withResolvers();"] },
  {
    rule: "file-length",
    file: "core/a/a.ts",
    good: [
      "f();\n".repeat(300),
      "// gait-lint: long-file a table of all codes\n" + "f();\n".repeat(399),
    ],
    bad: [
      "f();\n".repeat(301),
      "// gait-lint: long-file \n" + "f();\n".repeat(310),
      "// gait-lint: long-file a table of all codes\n" + "f();\n".repeat(400),
    ],
  },
  { rule: "file-length", file: "tests/a_test.ts", good: ["f();\n".repeat(500)] },
  {
    rule: "file-length",
    file: "schemas/v1/generated/a.ts",
    good: ["f();\n".repeat(500)],
  },
  {
    rule: "function-length",
    file: "core/a/a.ts",
    good: [`function f() {\n${"  f();\n".repeat(58)}}`],
    bad: [
      `function f() {\n${LONG_BODY}}`,
      `f(() => {\n${LONG_BODY}});`,
      `class A { b() {\n${LONG_BODY}} }`,
    ],
  },
  {
    rule: "top-level-arrows",
    file: "core/a/a.ts",
    good: ["function f() { const g = () => 1; return g; }", "const a = f(() => 1);"],
    bad: ["const f = () => 1;", "export const f = () => 1;", "const f = function () {};"],
  },
  {
    rule: "arity",
    file: "core/a/a.ts",
    good: [
      "export function f(a: string, b: string, options: { c?: boolean } = {}) {}",
      "export function f(a: boolean) {}",
      "function f(a: 1, b: 2, c: 3, d: 4) {}",
    ],
    bad: [
      "export function f(a: 1, b: 2, c: 3, d: 4) {}",
      "export function f(a: string, b: boolean) {}",
      "export function f(a: string, b = true) {}",
    ],
  },
  {
    rule: "default-exports",
    file: "core/a/a.ts",
    good: ["export const a = 1;"],
    bad: [
      "export default 1;",
      "export default function f() {}",
      "const a = 1; export { a as default };",
    ],
  },
  {
    rule: "enums",
    file: "core/a/a.ts",
    good: ["type A = 'a' | 'b';"],
    bad: ["enum A { B }", "const enum A { B }", "namespace A { export const b = 1; }"],
  },
  {
    rule: "error-grammar",
    file: "core/a/a.ts",
    good: [
      "new GaitError('usage', 'Cannot read policy: it is empty');",
      "new GaitError('usage', `Cannot read ${path}`);",
      "new GaitError('usage', 'Cannot read a, b, …');",
      "new GaitError('usage', message);",
    ],
    bad: [
      "new GaitError('usage', 'Cannot read policy.');",
      "new GaitError('usage', `Cannot read ${path}.`);",
      `new GaitError('usage', "Policy isn't valid");`,
      `new GaitError('usage', "It's empty");`,
      "new GaitError('usage', ' Cannot read');",
      "new GaitError('usage', '');",
      "new TypeError('Cannot read policy.');",
    ],
  },
  {
    rule: "stable-order",
    file: "core/a/a.ts",
    good: ["list.toSorted(compare); list.sort((a, b) => a - b);"],
    bad: [
      "list.sort();",
      "list.toSorted();",
      "list.sort((a, b) => a.localeCompare(b));",
      "(5).toLocaleString();",
      "new Intl.Collator();",
    ],
  },
  {
    rule: "stable-order",
    file: "core/jcs/a.ts",
    good: ["keys.sort();"],
    bad: ["keys.sort((a, b) => a.localeCompare(b));"],
  },
  {
    rule: "suppressions",
    file: "core/a/a.ts",
    good: ["// deno-lint-ignore no-explicit-any -- the library has no type\nf();", "// text\nf();"],
    bad: [
      "// deno-lint-ignore no-explicit-any\nf();",
      "// deno-lint-ignore\nf();",
      "// deno-lint-ignore-file no-explicit-any\nf();",
      "// deno-lint-ignore -- because I say so\nf();",
    ],
  },
];

/** Ids of the project rules that report on a source. */
function reported(file: string, source: string): string[] {
  return Deno.lint.runPlugin(plugin, file, source).map(({ id }) => id.replace("gait/", ""));
}

for (const { rule, file, good = [], bad = [] } of CASES) {
  Deno.test(`lint rule ${rule} judges ${file}`, () => {
    for (const source of good) {
      assertEquals(reported(file, source).filter((id) => id === rule), [], source.slice(0, 200));
    }
    for (const source of bad) {
      assertEquals(reported(file, source).includes(rule), true, source.slice(0, 200));
    }
  });
}

Deno.test("lint rules each have a passing and a failing case", () => {
  for (const rule of Object.keys(plugin.rules)) {
    const cases = CASES.filter((entry) => entry.rule === rule);
    assertEquals(cases.some(({ good }) => good !== undefined), true, `${rule}: good`);
    assertEquals(cases.some(({ bad }) => bad !== undefined), true, `${rule}: bad`);
  }
});

Deno.test("lint plugin sees repository paths behind absolute file names", () => {
  const file = new URL("../../../core/a/a.ts", import.meta.url).pathname;
  assertEquals(reported(file, "Date.now();"), ["ambient-authority"]);
});
