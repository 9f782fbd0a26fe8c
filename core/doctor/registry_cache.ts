/**
 * Whether every pin of the registry cache leads to a pack (spec 05 §1.2, row 6).
 *
 * @module
 */

import { trim } from "../base/text_rules.ts";
import { readSha256 } from "../digest/hex.ts";
import type { Files } from "../ports/files.ts";
import { causeOf, type Check, failed, passed, warned } from "./check.ts";
import { lookAt, needRegular } from "./look.ts";
import type { DoctorPorts, Subject } from "./subject.ts";

const NAME = "registry_cache";
/** Pins and folders that are looked at, at most. */
const MOST = 2_000;
/** A pin file: a digest and little else. */
const PIN_BYTES = 256;

/** Folders below a folder; none when there is no such folder. */
async function foldersOf(path: string, files: Files): Promise<string[]> {
  if ((await lookAt(path, files))?.kind !== "directory") return [];
  const entries = await files.list(path);
  return entries.filter(({ kind }) => kind === "directory").map(({ name }) => `${path}/${name}`);
}

/** Digests that have a pack: `<publisher>/<pack>/<digest>/registry_pack.json`. */
async function packDigests(cache: string, files: Files): Promise<Set<string>> {
  let level = [cache];
  for (let depth = 0; depth < 3; depth++) {
    const next: string[] = [];
    for (const folder of level) {
      if (next.length < MOST) next.push(...await foldersOf(folder, files));
    }
    level = next.slice(0, MOST);
  }
  const out = new Set<string>();
  for (const folder of level) {
    const info = await lookAt(`${folder}/registry_pack.json`, files);
    if (info?.kind === "file") out.add(folder.slice(folder.lastIndexOf("/") + 1));
  }
  return out;
}

/** The digest of a pin; "" when it holds none. */
async function pinnedDigest(path: string, files: Files): Promise<string> {
  try {
    await needRegular(path, files);
    const text = new TextDecoder().decode(await files.read(path, { maxBytes: PIN_BYTES }));
    return readSha256(text) ?? "";
  } catch (error) {
    causeOf(error);
    return "";
  }
}

/** Counts pins, and those that lead nowhere. */
async function countPins(cache: string, files: Files): Promise<{ all: number; bad: number }> {
  const folder = `${cache}/pins`;
  if ((await lookAt(folder, files))?.kind !== "directory") return { all: 0, bad: 0 };
  const pins = (await files.list(folder)).filter(({ name }) => name.endsWith(".pin")).slice(
    0,
    MOST,
  );
  if (pins.length === 0) return { all: 0, bad: 0 };
  const digests = await packDigests(cache, files);
  let bad = 0;
  for (const { name } of pins) {
    if (!digests.has(await pinnedDigest(`${folder}/${name}`, files))) bad++;
  }
  return { all: pins.length, bad };
}

/** The cache of signed packs in the user's home. */
export async function checkRegistryCache(_subject: Subject, ports: DoctorPorts): Promise<Check> {
  const home = trim(ports.env.get("HOME") ?? "") || trim(ports.env.get("USERPROFILE") ?? "");
  if (home === "") return warned(NAME, "unable to resolve user home for registry cache");
  const cache = `${home.replace(/(?<=.)[\\/]+$/, "")}/.gait/registry`;
  try {
    const info = await lookAt(cache, ports.files);
    if (info === undefined) {
      const fixCommand = "mkdir -p ~/.gait/registry";
      return warned(NAME, "registry cache is not initialized", { fixCommand });
    }
    if (info.kind !== "directory") {
      const hint = "move what is in the place of the folder";
      return failed(NAME, `registry cache is not a directory: ${cache}`, { hint });
    }
    const { all, bad } = await countPins(cache, ports.files);
    if (bad > 0) {
      const hint = `install the packs again, or remove their pins from ${cache}/pins`;
      return warned(NAME, `registry cache has ${bad} inconsistent pin entries`, { hint });
    }
    return passed(
      NAME,
      all === 0 ? "registry cache is accessible" : `registry cache healthy (${all} pinned pack(s))`,
    );
  } catch (error) {
    return warned(NAME, `registry cache cannot be examined: ${causeOf(error)}`);
  }
}
