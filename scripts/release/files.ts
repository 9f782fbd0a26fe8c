/**
 * Checksums, signatures and their verification.
 *
 * @module
 */

import { fromBase64, toBase64, toHex, utf8 } from "../../core/base/bytes.ts";
import { webDigester } from "../../core/digest/web_digester.ts";
import type { Signer } from "../../core/ports/sign.ts";
import { parsePrivateKey } from "../../core/sign/key_text.ts";
import { signerFromSeed } from "../../core/sign/signer.ts";
import { webEd25519 } from "../../core/sign/web_ed25519.ts";
import { type Envelope, open } from "./dsse.ts";
import type { Artifact } from "./statements.ts";

/** Names of the files beside the artifacts. */
export const SUMS = "SHA256SUMS";
export const SIGNATURE = "SHA256SUMS.sig";
export const PROVENANCE = "provenance.intoto.json";

/** Digest of a file. */
export async function artifactOf(folder: string, name: string): Promise<Artifact> {
  const data = await Deno.readFile(`${folder}/${name}`);
  return { name, sha256: toHex(await webDigester.sha256(data)) };
}

/** Text of the checksum file, as `sha256sum -c` reads it. */
export function sumsText(artifacts: readonly Artifact[]): string {
  return artifacts.map(({ name, sha256 }) => `${sha256}  ${name}\n`).join("");
}

/** The signer of the release, from a key file. */
export async function releaseSigner(path: string): Promise<Signer> {
  const text = await Deno.readTextFile(path);
  const { seed } = await parsePrivateKey(text, { ed25519: webEd25519, source: path });
  const signer = await signerFromSeed(seed, { digester: webDigester, ed25519: webEd25519 });
  seed.fill(0);
  return signer;
}

/** Signature over the bytes of a text, base64 with a line end. */
export async function signText(text: string, signer: Signer): Promise<string> {
  return `${toBase64(await signer.sign(utf8(text)))}\n`;
}

/** Artifacts that a checksum file names. */
function parseSums(text: string): Artifact[] {
  return text.split("\n").filter((line) => line !== "").map((line) => {
    const [, sha256 = "", name = ""] = /^([0-9a-f]{64}) {2}([^/\\]+)$/.exec(line) ?? [];
    return { name, sha256 };
  });
}

/** Text of a file, or "" when it is not there. */
async function textOf(path: string): Promise<string> {
  return await Deno.readTextFile(path).catch(() => "");
}

/** Whether the statement is signed and about these very artifacts. */
async function statementFindings(
  folder: string,
  artifacts: readonly Artifact[],
  publicKey: Uint8Array,
): Promise<string[]> {
  try {
    const envelope: Envelope = JSON.parse(await textOf(`${folder}/${PROVENANCE}`));
    const payload = await open(envelope, publicKey);
    if (payload === undefined) return [`${PROVENANCE}: the signature is not the release key's`];
    const { subject } = JSON.parse(new TextDecoder().decode(payload));
    const named = subject.map((s: { name: string; digest: { sha256: string } }) =>
      `${s.digest.sha256}  ${s.name}`
    );
    const wanted = artifacts.map(({ name, sha256 }) => `${sha256}  ${name}`);
    return JSON.stringify(named) === JSON.stringify(wanted)
      ? []
      : [`${PROVENANCE}: it is about other files`];
  } catch {
    return [`${PROVENANCE}: it cannot be read`];
  }
}

/**
 * What is wrong with the files of a release, one line each.
 *
 * @param folder Where they are.
 * @param publicKey Raw key of the release; without one only the checksums are compared.
 */
export async function releaseFindings(
  folder: string,
  publicKey: Uint8Array | undefined,
): Promise<string[]> {
  const text = await textOf(`${folder}/${SUMS}`);
  const artifacts = parseSums(text);
  if (artifacts.length === 0) return [`${SUMS}: it names no file`];
  const findings: string[] = [];
  for (const { name, sha256 } of artifacts) {
    if (name === "") findings.push(`${SUMS}: a line is damaged`);
    else {
      const actual = await artifactOf(folder, name).catch(() => undefined);
      if (actual === undefined) findings.push(`${name}: it is missing`);
      else if (actual.sha256 !== sha256) findings.push(`${name}: it is damaged`);
    }
  }
  if (publicKey === undefined) return findings;
  const signature = fromBase64((await textOf(`${folder}/${SIGNATURE}`)).trim());
  const isSigned = signature !== undefined &&
    await webEd25519.verify({ publicKey, message: utf8(text), signature });
  if (!isSigned) findings.push(`${SIGNATURE}: the signature is not the release key's`);
  return [...findings, ...await statementFindings(folder, artifacts, publicKey)];
}
