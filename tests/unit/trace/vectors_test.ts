import { assert, assertEquals } from "@std/assert";
import { GaitError } from "../../../core/base/errors.ts";
import { webDigester } from "../../../core/digest/web_digester.ts";
import { parsePrivateKey, parsePublicKey } from "../../../core/sign/key_text.ts";
import { webEd25519 } from "../../../core/sign/web_ed25519.ts";
import { verifyTraceText } from "../../../core/trace/verify_trace_text.ts";

/** The parts of a vector that these tests read. */
interface Case {
  readonly id: string;
  readonly feature: string;
  readonly argv: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  readonly files: readonly string[] | Readonly<Record<string, string>>;
  readonly expect: {
    readonly exit_code: number;
    readonly stdout: Readonly<Record<string, unknown>> | null;
  };
  readonly divergence: { readonly wanted?: Wanted | null } | null;
}

/** What a case with a divergence wants. */
interface Wanted {
  readonly exit_code?: number;
  readonly exit_codes?: readonly number[];
}

const ports = { digester: webDigester, ed25519: webEd25519 };
/** Hand-signed vectors whose ids are made up; divergence E10 outranks their recorded exit code 0. */
const IDS_MADE_UP = ["trace-verify-005", "trace-verify-012"];

/** Reads the verify-trace cases of one collection. */
function load(root: string): Case[] {
  const cases: Case[] = JSON.parse(Deno.readTextFileSync(`${root}/cases.json`));
  return cases.filter(({ argv }) => argv[0] === "trace" && argv[1] === "verify");
}

/** Value behind a flag. */
function flag(argv: readonly string[], name: string): string | undefined {
  const at = argv.indexOf(`--${name}`);
  return at < 0 ? undefined : argv[at + 1];
}

/** Path of a file of the case below its collection. */
function pathOf(test: Case, name: string): string {
  if (Array.isArray(test.files)) return name;
  return (test.files as Record<string, string>)[name.replace("./", "")] ?? name;
}

/** Reads a file of a case. */
function read(root: string, test: Case, name: string): string {
  return Deno.readTextFileSync(`${root}/${pathOf(test, name)}`);
}

/** The trusted key of a case; `undefined` when the command line names none or too many. */
async function keyOf(root: string, test: Case): Promise<Uint8Array | undefined> {
  const publicPath = flag(test.argv, "public-key");
  const publicEnv = flag(test.argv, "public-key-env");
  const privatePath = flag(test.argv, "private-key");
  if (publicPath && publicEnv) return undefined;
  if (publicPath) return parsePublicKey(read(root, test, publicPath));
  if (publicEnv) return parsePublicKey(test.env?.[publicEnv] ?? "");
  if (!privatePath) return undefined;
  return (await parsePrivateKey(read(root, test, privatePath), ports)).publicKey;
}

/** Runs a case as the command does and gives exit code and members. */
async function run(
  root: string,
  test: Case,
): Promise<{ exit: number; out: Record<string, unknown> }> {
  const path = flag(test.argv, "path") ?? test.argv[2] as string;
  const publicKey = await keyOf(root, test);
  let text: string;
  try {
    text = read(root, test, path);
  } catch {
    return { exit: 6, out: {} };
  }
  try {
    const report = await verifyTraceText({ text, publicKey }, ports);
    return {
      exit: report.ok ? 0 : 2,
      out: {
        ok: report.ok,
        signature_status: report.signatureStatus,
        trace_id: report.traceId,
        verdict: report.verdict,
        key_id: report.keyId,
        plain: report.findings.length === 1 &&
          report.findings[0]?.message === "signature verification failed",
      },
    };
  } catch (error) {
    assert(error instanceof GaitError, String(error));
    assertEquals(error.category, "invalid_input");
    return { exit: 6, out: {} };
  }
}

/** Exit codes that a case accepts. */
function accepted(test: Case): readonly number[] {
  if (IDS_MADE_UP.includes(test.id)) return [2];
  const wanted = test.divergence?.wanted;
  if (wanted?.exit_codes !== undefined) return wanted.exit_codes;
  if (wanted?.exit_code !== undefined) return [wanted.exit_code];
  return test.divergence === null ? [test.expect.exit_code] : [test.expect.exit_code, 2, 0];
}

const USAGE = /no-path|path twice|034/;

for (const root of ["tests/golden/data/gate/trace-verify", "tests/golden/data/runpack"]) {
  for (const test of load(root).filter(({ id }) => !USAGE.test(id))) {
    Deno.test(`verifyTraceText() answers as vector ${test.id}`, async () => {
      const { exit, out } = await run(root, test);
      assert(accepted(test).includes(exit), `exit ${exit}, accepted ${accepted(test)}`);
      const recorded = test.expect.stdout;
      const compared = test.divergence === null && exit === test.expect.exit_code && exit !== 6;
      if (recorded === null || !compared) return;
      assertEquals(out.ok, recorded.ok);
      assertEquals(out.signature_status, recorded.signature_status);
      assertEquals(out.trace_id, recorded.trace_id ?? "");
      assertEquals(out.verdict, recorded.verdict ?? "");
      assertEquals(out.key_id, recorded.key_id ?? "");
      assertEquals(exit === 2 && recorded.error === undefined, out.plain);
    });
  }
}
