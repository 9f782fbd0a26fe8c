/**
 * From the schema files to the text of every generated file. Reads, never writes.
 *
 * @module
 */

import type { JsonValue } from "../../core/base/json_value.ts";
import { withTable } from "./docs.ts";
import { emitFile } from "./emit.ts";
import { readSchemaFile, type SchemaFile } from "./model.ts";

/** Paths of all schema files below `schemas/v1`, sorted. */
async function listSchemas(root: URL): Promise<string[]> {
  const paths: string[] = [];
  for await (const area of Deno.readDir(new URL("schemas/v1/", root))) {
    if (!area.isDirectory) continue;
    for await (const file of Deno.readDir(new URL(`schemas/v1/${area.name}/`, root))) {
      paths.push(`${area.name}/${file.name}`);
    }
  }
  return paths.sort();
}

/**
 * Reads and checks every schema file.
 *
 * @param root The repository.
 * @throws {TypeError} When a schema uses what the validator does not implement.
 */
export async function loadSchemas(root: URL): Promise<SchemaFile[]> {
  const files: SchemaFile[] = [];
  const names = new Set<string>();
  for (const path of await listSchemas(root)) {
    const value: JsonValue = JSON.parse(
      await Deno.readTextFile(new URL(`schemas/v1/${path}`, root)),
    );
    const file = readSchemaFile(path, value);
    if (names.has(file.name)) throw new TypeError(`Cannot compile schema ${path}: name is taken`);
    names.add(file.name);
    files.push(file);
  }
  return files;
}

/** Formats a text the way the repository does. */
async function format(text: string, extension: "ts" | "md"): Promise<string> {
  const child = new Deno.Command(Deno.execPath(), {
    args: ["fmt", "--no-config", "--line-width=100", `--ext=${extension}`, "-"],
    stdin: "piped",
    stdout: "piped",
    stderr: "piped",
  }).spawn();
  const writer = child.stdin.getWriter();
  await writer.write(new TextEncoder().encode(text));
  await writer.close();
  const { success, stdout, stderr } = await child.output();
  const decoder = new TextDecoder();
  if (!success) throw new TypeError(`Cannot format generated code: ${decoder.decode(stderr)}`);
  return decoder.decode(stdout);
}

/**
 * Computes every generated file.
 *
 * @param root The repository.
 * @returns Path from the repository root to text.
 */
export async function generate(root: URL): Promise<Map<string, string>> {
  const files = await loadSchemas(root);
  const catalogue = new Map(files.map((file) => [file.id, file]));
  const out = new Map<string, string>();
  for (const file of files) {
    const text = emitFile(file, catalogue);
    out.set(`schemas/generated/${file.name}.ts`, await format(text, "ts"));
  }
  const page = await Deno.readTextFile(new URL("docs/schemas.md", root));
  out.set("docs/schemas.md", await format(withTable(page, files), "md"));
  return out;
}

/**
 * Compares the generated files with what is on disk.
 *
 * @returns One sentence for each difference, sorted.
 */
export async function findDrift(root: URL, wanted: ReadonlyMap<string, string>): Promise<string[]> {
  const drift: string[] = [];
  for (const [path, text] of wanted) {
    const found = await Deno.readTextFile(new URL(path, root)).catch(() => undefined);
    if (found === undefined) drift.push(`${path} is missing`);
    else if (found !== text) drift.push(`${path} differs from its schema`);
  }
  for await (const { name } of Deno.readDir(new URL("schemas/generated/", root))) {
    if (!wanted.has(`schemas/generated/${name}`)) {
      drift.push(`schemas/generated/${name} has no schema`);
    }
  }
  return drift.sort();
}
