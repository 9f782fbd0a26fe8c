/**
 * The installers of a release: templates from `packaging/` that get the version and the release key.
 *
 * @module
 */

import { readText } from "../sources.ts";

/** Templates by the name of the finished file. */
const TEMPLATES: readonly (readonly [name: string, template: string])[] = [
  ["install.sh", "packaging/install/install.sh"],
  ["install.ps1", "packaging/install/install.ps1"],
];

/** What is put in. */
export interface InstallerFacts {
  readonly version: string;
  /** Release key, base64; "" leaves installers that refuse to install. */
  readonly key: string;
  /** Where the files of the release will be; "" leaves it to who installs. */
  readonly baseUrl: string;
}

/** A template with the facts in their places. */
export function filled(template: string, facts: InstallerFacts): string {
  const { version, key, baseUrl } = facts;
  if (!/^(https:\/\/[\w.~:/%-]+)?$/.test(baseUrl)) {
    throw new Error(
      `Cannot use ${JSON.stringify(baseUrl)} in installers: it is no https:// address`,
    );
  }
  return template.replaceAll("@VERSION@", version).replaceAll("@RELEASE_KEY@", key)
    .replaceAll("@BASE_URL@", baseUrl);
}

/** Writes the installers; gives their names. */
export async function writeInstallers(folder: string, facts: InstallerFacts): Promise<string[]> {
  for (const [name, template] of TEMPLATES) {
    await Deno.writeTextFile(`${folder}/${name}`, filled(readText(template), facts), {
      mode: name.endsWith(".sh") ? 0o755 : 0o644,
    });
  }
  return TEMPLATES.map(([name]) => name);
}

/** Placeholders of checksums in the formula, as `@SHA256_LINUX_X64@`. */
const CHECKSUM = /@SHA256_([A-Z0-9]+)_([A-Z0-9]+)@/g;

/**
 * The formula with everything in its place.
 *
 * @param checksums Hex digests of the programs by file name.
 * @returns `undefined` when a program or the address is missing: half a formula helps nobody.
 */
export function filledFormula(
  template: string,
  facts: InstallerFacts,
  checksums: ReadonlyMap<string, string>,
): string | undefined {
  let isWhole = facts.baseUrl !== "";
  const text = template.replace(CHECKSUM, (_, system: string, arch: string) => {
    const name = `gait-${facts.version}-${system.toLowerCase()}-${arch.toLowerCase()}`;
    const sum = checksums.get(name);
    isWhole &&= sum !== undefined;
    return sum ?? "";
  });
  if (!isWhole) return undefined;
  const homepage = facts.baseUrl.replace(/\/releases\/.*$/, "");
  return filled(text, facts).replaceAll("@HOMEPAGE@", homepage);
}
