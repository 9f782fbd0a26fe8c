/**
 * Credential references of the brokers that need no command (spec 02 §11; divergence E13). A reference
 * names a credential in the evidence; the credential itself never passes through these values.
 *
 * @module
 */

import { type Bytes, toHex, utf8 } from "../base/bytes.ts";
import { lower, trim } from "../base/text_rules.ts";
import type { Digester } from "../ports/digest.ts";
import type { Signer } from "../ports/sign.ts";
import { hmacSha256 } from "./hmac.ts";
import type { CredentialRequest } from "./request.ts";

/** What a broker hands out. */
export interface IssuedCredential {
  /** Who issued it: `stub`, `env`, or what a command says. */
  readonly issuer: string;
  /** Name of the credential in the evidence; 1 to 256 bytes. */
  readonly credential_ref: string;
  /** Keyed reference (divergence E13); "" when there is no key or no secret. */
  readonly credential_ref_hmac: string;
}

/** Prefix of the variables that the env broker reads, by default. */
export const DEFAULT_CREDENTIAL_ENV_PREFIX = "GAIT_BROKER_TOKEN_";

/** Separates the use of the gate key here from every other use. */
const HMAC_LABEL = "gait.credential_ref.v1";

/** Scopes as the stub hashes them: lower-cased and de-duplicated in the order of the request. */
function stubScope(scope: readonly string[]): string {
  return [...new Set(scope.map(lower))].join(",");
}

/**
 * Issues the stub credential: a digest of the request, for trying things out.
 *
 * @param request The request.
 * @param digester Computes SHA-256.
 */
export async function stubCredential(
  request: CredentialRequest,
  digester: Digester,
): Promise<IssuedCredential> {
  const text = [
    request.tool_name,
    request.identity,
    request.workspace,
    request.session_id,
    request.request_id,
    request.reference,
    stubScope(request.scope),
  ].join("|");
  const digest = await digester.sha256(utf8(text));
  const credential_ref = `stub:${toHex(digest.subarray(0, 12))}`;
  return { issuer: "stub", credential_ref, credential_ref_hmac: "" };
}

/** Upper-cases code point by code point with simple mappings, as {@linkcode lower} does downwards. */
function upper(text: string): string {
  let out = "";
  for (const char of text) {
    const mapped = char.toUpperCase();
    out += [...mapped].length === 1 ? mapped : char;
  }
  return out;
}

/**
 * Name of the variable that holds a credential: prefix, then the reference (or the tool name) in upper
 * case with everything but letters and digits turned into single underscores (spec 02 §11).
 *
 * @param request The request.
 * @param prefix Prefix of all such variables; the default when blank.
 */
export function envCredentialKey(
  request: Pick<CredentialRequest, "reference" | "tool_name">,
  prefix: string,
): string {
  const name = request.reference === "" ? request.tool_name : request.reference;
  // `.` and `-` become one underscore each, runs of anything else become one together.
  const key = upper(name)
    .replace(/[.-]/g, "_")
    .replace(/[^A-Z0-9_]+/g, "_")
    .replace(/^_+|_+$/g, "");
  const start = trim(prefix) === "" ? DEFAULT_CREDENTIAL_ENV_PREFIX : trim(prefix);
  return `${start}${key === "" ? "DEFAULT" : key}`;
}

/** A value from the environment, and how to refer to it. */
export interface EnvCredential {
  /** Name of the variable. */
  readonly key: string;
  /** Value of the variable; `undefined` when it is not set. */
  readonly value: string | undefined;
  /** Key for the keyed reference; from {@linkcode credentialHmacKey}. */
  readonly hmacKey?: Uint8Array;
  /** Leave the bare hash of the secret out (`oss-prod`). */
  readonly keyedOnly?: boolean;
}

/**
 * Issues the credential of the env broker. The value itself is not kept.
 *
 * @param digester Computes SHA-256.
 * @param source Variable, value and key.
 * @returns `undefined` when the variable is unset or blank.
 * @throws TypeError when `keyedOnly` is asked for without a key
 */
export async function envCredential(
  digester: Digester,
  source: EnvCredential,
): Promise<IssuedCredential | undefined> {
  const secret = trim(source.value ?? "");
  if (secret === "") return undefined;
  const keyed = source.hmacKey === undefined
    ? ""
    : await credentialHmac(digester, { key: source.hmacKey, name: source.key, secret });
  if (source.keyedOnly === true) {
    if (keyed === "") throw new TypeError("Cannot make a keyed reference: no key given");
    const credential_ref = `env:${source.key}:hmac-${keyed.slice(0, 32)}`;
    return { issuer: "env", credential_ref, credential_ref_hmac: keyed };
  }
  const digest = await digester.sha256(utf8(secret));
  const credential_ref = `env:${source.key}:${toHex(digest.subarray(0, 8))}`;
  return { issuer: "env", credential_ref, credential_ref_hmac: keyed };
}

/** HMAC over label, variable name and secret; the zero bytes keep the parts apart. */
async function credentialHmac(
  digester: Digester,
  input: { readonly key: Uint8Array; readonly name: string; readonly secret: string },
): Promise<string> {
  const message = utf8(`${HMAC_LABEL}\0${input.name}\0${input.secret}`);
  const mac = toHex(await hmacSha256(digester, { key: input.key, message }));
  message.fill(0);
  return mac;
}

/**
 * Derives the key for keyed references from the gate key, without access to its secret: Ed25519
 * signatures are deterministic (RFC 8032 §5.1.6), so the signature of a fixed label serves as secret
 * key material. The label is no 32-byte digest, so it cannot be mistaken for a record's signature.
 *
 * @param signer The gate key.
 * @param digester Computes SHA-256.
 * @returns 32 bytes; treat them as a secret.
 * @throws GaitError `signer_failed`
 */
export async function credentialHmacKey(signer: Signer, digester: Digester): Promise<Bytes> {
  const signature = await signer.sign(utf8(HMAC_LABEL));
  return await digester.sha256(signature);
}
