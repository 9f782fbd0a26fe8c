/** Access to the golden policy vectors and a digester, for the tests of this folder. */

export { webDigester as digester } from "../../../core/digest/web_digester.ts";

const root = new URL("../../golden/data/gate/", import.meta.url);

/** Stdout fields that the tests of this folder look at. */
export interface Stdout {
  readonly policy_digest?: string;
  readonly default_verdict?: string;
  readonly rule_count?: number;
  readonly formatted?: string;
}

/** What a run is expected to give. */
export interface Expected {
  readonly exit_code: number;
  readonly stdout: Stdout | null;
  readonly error_contains?: readonly string[];
  readonly files_out?: Readonly<Record<string, { readonly $text?: string }>>;
}

/** One recorded case, reduced to what the tests of this folder look at. */
export interface VectorCase {
  readonly id: string;
  readonly argv?: readonly string[];
  readonly files?: readonly string[];
  readonly expect?: Expected;
  readonly steps?: readonly { readonly expect?: Expected }[];
  readonly divergence: { readonly wanted: { readonly exit_code: number } | null } | null;
}

export function readVector(group: string, name: string): Uint8Array {
  return Deno.readFileSync(new URL(`${group}/${name}`, root));
}

export function readCases(group: string): VectorCase[] {
  return JSON.parse(new TextDecoder().decode(readVector(group, "cases.json")));
}
