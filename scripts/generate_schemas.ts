/**
 * Makes `schemas/generated` and the table in `docs/schemas.md` from `schemas/v1`.
 *
 * ```sh
 * deno run --allow-read --allow-write --allow-run scripts/generate_schemas.ts
 * deno run --allow-read --allow-run scripts/generate_schemas.ts --check
 * ```
 *
 * With `--check` nothing is written; the exit code is 1 when a file differs.
 *
 * @module
 */

import { findDrift, generate } from "./schema_gen/generate.ts";

/** Writes all files and removes those without a schema. */
async function write(root: URL, wanted: ReadonlyMap<string, string>): Promise<void> {
  await Deno.mkdir(new URL("schemas/generated/", root), { recursive: true });
  for (const [path, text] of wanted) await Deno.writeTextFile(new URL(path, root), text);
  for await (const { name } of Deno.readDir(new URL("schemas/generated/", root))) {
    const path = `schemas/generated/${name}`;
    if (!wanted.has(path)) await Deno.remove(new URL(path, root));
  }
}

if (import.meta.main) {
  const root = new URL("../", import.meta.url);
  const wanted = await generate(root);
  if (Deno.args.includes("--check")) {
    const drift = await findDrift(root, wanted);
    if (drift.length > 0) {
      // deno-lint-ignore no-console -- a developer's tool reports on stderr.
      console.error([...drift, "run scripts/generate_schemas.ts and commit the result"].join("\n"));
      Deno.exit(1);
    }
  } else await write(root, wanted);
}
