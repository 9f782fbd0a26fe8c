/**
 * A signer outside this process. It is asked in one line of JSON and answers in one; nothing that it
 * answers is used before it is proven: a signature must verify with the key that the signer named.
 *
 * @module
 */

import { type Bytes, equalBytes, fromBase64, toHex, utf8 } from "../base/bytes.ts";
import { GaitError } from "../base/errors.ts";
import { isJsonObject, type JsonObject } from "../base/json_value.ts";
import { printable } from "../base/printable.ts";
import type { Signer } from "../ports/sign.ts";
import { keyId } from "../sign/key_id.ts";
import { parsePublicKey } from "../sign/key_text.ts";
import type { SignPorts } from "../sign/signer.ts";
import { parseJson } from "../text/json.ts";

/** A way to reach a signer. */
export interface SignerTransport {
  /** Name for messages and outputs, e.g. `command:<name>`. */
  readonly name: string;
  /** Sends one request and gives the bytes of the answer. @throws GaitError `signer_failed` */
  exchange(request: Uint8Array): Promise<Bytes>;
}

/** A failure of the signer called `name`. */
export function signerFailed(name: string, reason: string, cause?: unknown): GaitError {
  return new GaitError("signer_failed", `Cannot sign with ${name}: ${reason}`, {
    details: { signer: name },
    ...(cause === undefined ? {} : { cause }),
  });
}

/** Parses an answer into an object. */
function parseAnswer(bytes: Uint8Array, name: string): JsonObject {
  try {
    const answer = parseJson(bytes, { source: name });
    if (isJsonObject(answer)) return answer;
  } catch (cause) {
    throw signerFailed(name, "its answer is not JSON", cause);
  }
  throw signerFailed(name, "its answer is not a JSON object");
}

/** A text member of an answer. */
function textMember(answer: JsonObject, member: string, name: string): string {
  const value = Object.hasOwn(answer, member) ? answer[member] : undefined;
  if (typeof value === "string") return value;
  throw signerFailed(name, `its answer has no text member ${member}`);
}

/** Sends a request and refuses an answer that reports an error. */
async function ask(transport: SignerTransport, request: JsonObject): Promise<JsonObject> {
  const line = utf8(`${JSON.stringify({ version: 1, alg: "ed25519", ...request })}\n`);
  const answer = parseAnswer(await transport.exchange(line), transport.name);
  if (Object.hasOwn(answer, "error")) {
    const text = typeof answer.error === "string" ? printable(answer.error, 200) : "no text";
    throw signerFailed(transport.name, `it reports an error: ${text}`);
  }
  return answer;
}

/** The public key that an answer names. */
function publicKeyOf(answer: JsonObject, name: string): Bytes {
  const text = textMember(answer, "public_key", name);
  try {
    return parsePublicKey(text, { source: name });
  } catch (cause) {
    throw signerFailed(name, "its answer holds no valid public key", cause);
  }
}

/** Asks for a signature and proves it. */
async function signExternally(
  message: Uint8Array,
  transport: SignerTransport,
  trusted: { readonly publicKey: Bytes; readonly ports: SignPorts },
): Promise<Bytes> {
  const { name } = transport;
  if (message.length !== 32) throw new RangeError("Cannot sign: an external signer signs digests");
  const answer = await ask(transport, { op: "sign", digest: toHex(message) });
  if (!equalBytes(publicKeyOf(answer, name), trusted.publicKey)) {
    throw signerFailed(name, "it answers with another key than before");
  }
  const signature = fromBase64(textMember(answer, "sig", name));
  if (signature?.length !== 64) throw signerFailed(name, "its signature is not base64 of 64 bytes");
  const { publicKey, ports } = trusted;
  if (!await ports.ed25519.verify({ publicKey, message, signature })) {
    throw signerFailed(name, "its signature does not verify with its key");
  }
  return signature;
}

/**
 * Makes a signer of an external one; asks it for its public key once.
 *
 * @param transport How to reach it.
 * @param ports Hash and signature scheme, to prove its answers.
 * @throws GaitError `signer_failed`
 */
export async function externalSigner(
  transport: SignerTransport,
  ports: SignPorts,
): Promise<Signer> {
  const publicKey = publicKeyOf(await ask(transport, { op: "public_key" }), transport.name);
  return {
    publicKey,
    keyId: await keyId(publicKey, ports.digester),
    sign: (message) => signExternally(message, transport, { publicKey, ports }),
  };
}
