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

Deno.test("compileEagerly() keeps methods and asynchronous arrow functions what they are", async () => {
  const source =
    "class A{#n=1;inc(){return++this.#n}get n(){return this.#n}static of(){return new A}" +
    "async later(...a){return[this.#n,...a]}*all(){yield this.#n}[`x`](){return 5}#p(){return 6}" +
    "p(){return this.#p()}set n(v){this.#n=v}}" +
    "class B extends A{inc(){return super.inc()+10}}" +
    "const o={async run(f){return await f(1)},get g(){return 7},k:async()=>{return 8}," +
    "w(){return[2].map(async(a)=>{return this.k!==undefined&&a})}};" +
    "const a=A.of();a.inc();a.n=a.n+1;" +
    "export const value=[a.n,new B().inc(),await a.later(1,2),[...a.all()],a.x(),a.p()," +
    "await o.run(async b=>{return b+[3].map(c=>c)[0]}),o.g,await o.k(),await o.w()[0]," +
    "Object.keys(A.prototype),Object.keys(A)];";
  const eager = compileEagerly(source);
  assertStringIncludes(eager, "run:(async function(f){return await f(1)})");
  assertStringIncludes(eager, "(async function(b){return b+[3].map((c=>c))[0]})");
  assertStringIncludes(eager, 'static{Object.defineProperty(this,"of",{configurable:true,');
  assertStringIncludes(eager, "class B extends A{inc(){return super.inc()+10}}");
  for (const text of [source, eager]) {
    const { value } = await import(`data:text/javascript,${encodeURIComponent(text)}`);
    assertEquals(value, [3, 12, [3, 1, 2], [3], 5, 6, 4, 7, 8, 2, [], []]);
  }
});

Deno.test("dispatcher() chooses the bundle by the words of the command", async () => {
  const table: [string[], string][] = [
    ...HOT_COMMANDS.map((path): [string[], string] => [[...path], path.join("_")]),
    [["--json", "-json=true", "gate", "eval", "--policy", "p"], "gate_eval"],
    [["enforce", "--", "gate", "eval"], "enforce"],
    [["gate"], "all"],
    [["gate_eval"], "all"],
    [["gate eval"], "all"],
    [["--jsonx", "gate", "eval"], "all"],
    [["run", "session", "start"], "all"],
    [["--json"], "all"],
    [[], "all"],
  ];
  for (const [args, name] of table) {
    const source = dispatcher().replace("Deno.args", JSON.stringify(args))
      .replace(/try\{await import[^]*$/, "export{file};");
    const { file } = await import(`data:text/javascript,${encodeURIComponent(source)}`);
    assertEquals(file, `./${name}.js`, args.join(" "));
  }
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
