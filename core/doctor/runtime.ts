/**
 * Whether this program is whole: it needs no source checkout, and its cryptography computes what the standard
 * says (divergence O1).
 *
 * @module
 */

import { fromHex, toHex } from "../base/bytes.ts";
import { sha256Hex } from "../digest/digest.ts";
import { type Check, failed, passed } from "./check.ts";
import type { DoctorPorts, Subject } from "./subject.ts";

/** The schemas are part of the program; nothing is looked for in the work directory. */
export function checkSchemas(_subject: Subject, { version }: DoctorPorts): Promise<Check> {
  const message = `schemas are part of this program (version ${version})`;
  return Promise.resolve(passed("schema_files", message));
}

/** RFC 8032 §7.1, test 1: the empty message. */
const SEED = "9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60";
const PUBLIC = "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a";
const SIGNATURE = "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555" +
  "fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b";
/** SHA-256 of the empty text (FIPS 180-4). */
const EMPTY = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";

/** Whether hashing, signing and verifying give the known results. */
async function isRight({ digester, ed25519 }: DoctorPorts): Promise<boolean> {
  const message = new Uint8Array();
  const key = await ed25519.fromSeed(fromHex(SEED) ?? message);
  const signature = await key.sign(message);
  const other = { publicKey: key.publicKey, message: Uint8Array.of(1), signature };
  return await sha256Hex(digester, message) === EMPTY && toHex(key.publicKey) === PUBLIC &&
    toHex(signature) === SIGNATURE &&
    await ed25519.verify({ ...other, message }) && !await ed25519.verify(other);
}

/** Known answers of SHA-256 and Ed25519. Nothing that a user can change here mends a wrong one. */
export async function checkRuntime(_subject: Subject, ports: DoctorPorts): Promise<Check> {
  const right = await isRight(ports).catch(() => false);
  if (right) return passed("runtime", "SHA-256 and Ed25519 give the known answers");
  const hint = "install the program again, or use a runtime with Ed25519";
  const message = "SHA-256 or Ed25519 of this runtime give wrong answers";
  return { ...failed("runtime", message, { hint }), nonFixable: true };
}
