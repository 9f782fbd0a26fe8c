/** Reading the recorded gate cases at function level, for the tests of approvals and delegation. */

import type { VerifyKey } from "../../../core/token/token_signature.ts";
import { verifyKey } from "../../../core/approval/keys.ts";
import type { JsonObject, JsonValue } from "../../../core/base/json_value.ts";
import { webDigester } from "../../../core/digest/web_digester.ts";
import { parsePrivateKey, parsePublicKey } from "../../../core/sign/key_text.ts";
import { signerFromSeed, type SignPorts } from "../../../core/sign/signer.ts";
import { webEd25519 } from "../../../core/sign/web_ed25519.ts";
import type { Signer } from "../../../core/ports/sign.ts";

/** Hash and signature scheme of the tests. */
export const PORTS: SignPorts = { digester: webDigester, ed25519: webEd25519 };

/** One run of a case. */
export interface GoldenStep {
  readonly argv: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  readonly expect: {
    readonly exit_code: number;
    readonly stdout: JsonObject | null;
    readonly files_out: Readonly<Record<string, JsonObject>>;
  };
}

/** A case; several runs when it has steps. */
export interface GoldenCase extends GoldenStep {
  readonly id: string;
  readonly steps?: readonly GoldenStep[];
  readonly divergence: JsonValue;
}

const ROOT = new URL("../../golden/data/gate/", import.meta.url);

/** Text of a file of a group. */
export function goldenText(group: string, name: string): string {
  return Deno.readTextFileSync(new URL(`${group}/${name}`, ROOT));
}

/** All cases of a group. */
export function goldenCases(group: string): GoldenCase[] {
  return JSON.parse(goldenText(group, "cases.json"));
}

/** Value of a flag; `undefined` when absent. */
export function flag(step: GoldenStep, name: string): string | undefined {
  const index = step.argv.lastIndexOf(name);
  return index < 0 ? undefined : step.argv[index + 1];
}

/** Paths of a single and a chain flag as the command collects them: trimmed, once, sorted. */
export function tokenPaths(step: GoldenStep, name: string): string[] {
  const chain = (flag(step, `${name}-chain`) ?? "").split(",");
  const paths = [flag(step, name) ?? "", ...chain].map((path) => path.trim());
  return [...new Set(paths.filter((path) => path !== ""))].sort((a, b) => (a < b ? -1 : 1));
}

/** A public key of a group. */
export function goldenKey(group: string, name: "a" | "b" | "c"): Promise<VerifyKey> {
  const text = goldenText(group, `keys/test-only-${name}.public.key`);
  return verifyKey(parsePublicKey(text), webDigester);
}

/** A signer of a group. */
export async function goldenSigner(group: string, name: "a" | "b" | "c"): Promise<Signer> {
  const text = goldenText(group, `keys/test-only-${name}.private.key`);
  const { seed } = await parsePrivateKey(text, { ed25519: webEd25519 });
  return await signerFromSeed(seed, PORTS);
}

/** The key that a run verifies tokens with. */
export async function verifyKeyOf(
  step: GoldenStep,
  group: string,
  prefixes: readonly string[],
): Promise<VerifyKey> {
  for (const prefix of prefixes) {
    const path = flag(step, `${prefix}-public-key`);
    if (path !== undefined) {
      return await verifyKey(parsePublicKey(goldenText(group, path)), webDigester);
    }
    const variable = flag(step, `${prefix}-public-key-env`);
    if (variable !== undefined) {
      return await verifyKey(parsePublicKey(step.env?.[variable] ?? ""), webDigester);
    }
    const secret = flag(step, `${prefix}-private-key`);
    if (secret !== undefined) {
      const { publicKey } = await parsePrivateKey(goldenText(group, secret), PORTS);
      return await verifyKey(publicKey, webDigester);
    }
  }
  return await goldenKey(group, "a");
}

/** Reason codes of a run that start with a prefix, sorted. */
export function codesOf(step: GoldenStep, prefix: string): string[] {
  const codes = step.expect.stdout?.["reason_codes"];
  const list = Array.isArray(codes) ? codes : [];
  return list.filter((code) => typeof code === "string").filter((code) => code.startsWith(prefix));
}

/** A text of the run's output; "" when absent. */
export function outText(step: GoldenStep, name: string): string {
  const value = step.expect.stdout?.[name];
  return typeof value === "string" ? value : "";
}

/** A number of the run's output; 0 when absent. */
export function outNumber(step: GoldenStep, name: string): number {
  const value = step.expect.stdout?.[name];
  return typeof value === "number" ? value : 0;
}
