/** Task `docs`: writes the generated documents. */

import { ROOT } from "../sources.ts";
import { say } from "../terminal.ts";
import { generatedDocuments } from "./generated.ts";

for (const { path, text } of await generatedDocuments()) {
  await Deno.writeTextFile(ROOT + path, text);
  say(`Wrote ${path}`);
}
