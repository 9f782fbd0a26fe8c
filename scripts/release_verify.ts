/**
 * Task `release:verify`: checks the files of a release: `release:verify DIR --public-key FILE`. Without a key
 * only damage is found, and the task says so.
 *
 * @module
 */

import { parsePublicKey } from "../core/sign/key_text.ts";
import { releaseFindings } from "./release/files.ts";
import { conclude, warn } from "./terminal.ts";

if (import.meta.main) {
  const [folder = "dist/release", flag, keyPath] = Deno.args;
  if (flag !== undefined && (flag !== "--public-key" || keyPath === undefined)) {
    warn("usage: release:verify DIR [--public-key FILE]");
    Deno.exit(6);
  }
  try {
    const key = keyPath === undefined
      ? undefined
      : parsePublicKey(await Deno.readTextFile(keyPath), { source: keyPath });
    const trust = key === undefined
      ? "checksums only: no key was given"
      : "checksums and signatures";
    conclude(await releaseFindings(folder, key), `${folder} holds (${trust})`);
  } catch (error) {
    warn(error instanceof Error ? error.message : String(error));
    Deno.exit(1);
  }
}
