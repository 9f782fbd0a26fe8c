import { assertEquals, assertStringIncludes } from "@std/assert";

const CONFIG = decodeURIComponent(
  new URL("../../../scripts/purity/deno.json", import.meta.url).pathname,
);

/** Type-checks a source the way core is checked. */
async function checkPure(source: string): Promise<{ success: boolean; text: string }> {
  const folder = await Deno.makeTempDir();
  try {
    await Deno.writeTextFile(`${folder}/probe.ts`, source);
    const { success, stderr } = await new Deno.Command(Deno.execPath(), {
      args: ["check", "--config", CONFIG, `${folder}/probe.ts`],
      env: { NO_COLOR: "1" },
    }).output();
    return { success, text: new TextDecoder().decode(stderr) };
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

Deno.test("the purity check accepts web standards", async () => {
  const source = `export const url: URL = new URL("a:b");
export const bytes: Uint8Array = new TextEncoder().encode("a");
export const signal: AbortSignal = new AbortController().signal;
export const digest: Promise<ArrayBuffer> = crypto.subtle.digest("SHA-256", new Uint8Array(1));
export const sorted: number[] = [2, 1].toSorted((a, b) => a - b);
`;
  const { success, text } = await checkPure(source);
  assertEquals(success, true, text);
});

Deno.test("the purity check refuses what Node 20 lacks", async () => {
  const sources: readonly (readonly [source: string, name: string])[] = [
    ["Promise.withResolvers<void>()", "withResolvers"],
    ["new Set<number>().union(new Set<number>())", "union"],
    ["[1].values().map(String)", "map"],
    ["new Uint8Array(1).toBase64()", "toBase64"],
    ["RegExp.escape('a')", "escape"],
  ];
  for (const [source, name] of sources) {
    const { success, text } = await checkPure(`export const a: unknown = ${source};\n`);
    assertEquals(success, false, source);
    assertStringIncludes(text, `Property '${name}' does not exist`);
  }
});

Deno.test("the purity check refuses Deno, Node's process and Buffer", async () => {
  for (const name of ["Deno", "process", "Buffer"]) {
    const { success, text } = await checkPure(`export const a: unknown = ${name};\n`);
    assertEquals(success, false, name);
    assertStringIncludes(text, `Cannot find name '${name}'`);
  }
});
