import { assert, assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { runCli } from "../../../core/commands/frame/run_cli.ts";
import { isJsonObject, type JsonObject, type JsonValue } from "../../../core/base/json_value.ts";
import { memoryWorld } from "../../support/memory_ports.ts";

/** The parts of a vector that this test reads. */
interface Case {
  readonly id: string;
  readonly argv: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  readonly files: readonly string[] | Readonly<Record<string, string>>;
  readonly expect: {
    readonly exit_code: number;
    readonly stdout: JsonObject | null;
  };
  readonly divergence: unknown;
}

/** Hand-signed vectors whose ids are made up; divergence E10 outranks their recorded exit code 0. */
const IDS_MADE_UP = ["trace-verify-005", "trace-verify-012"];
/** Members that vectors compare; the rest is wording, or says more than the reference does. */
const COMPARED = [
  ...["ok", "path", "trace_id", "verdict", "signature_status", "key_id", "error_category"],
  ...["public_key_source", "private_key_source"],
];

/** Loads the cases of one collection that run these commands and agree with the reference. */
function load(root: string): Case[] {
  const cases: Case[] = JSON.parse(Deno.readTextFileSync(`${root}/cases.json`));
  const wanted = /^(trace|keys) verify /;
  return cases.filter(({ id, argv, divergence }) =>
    wanted.test(argv.join(" ")) && divergence === null && !IDS_MADE_UP.includes(id)
  );
}

/** Runs a command line over files on disk, copied into memory. */
async function run(root: string, test: Pick<Case, "argv" | "env" | "files">) {
  const world = memoryWorld();
  const files: readonly [string, string][] = Array.isArray(test.files)
    ? test.files.map((name: string) => [name, name])
    : Object.entries(test.files);
  for (const [name, source] of files) {
    world.files.put(name, await Deno.readFile(`${root}/${source}`));
  }
  for (const [name, value] of Object.entries(test.env ?? {})) world.env.set(name, value);
  const exit = await runCli(test.argv, world.ports);
  const stdout = world.stdout.join("");
  let json: JsonObject | undefined;
  if (stdout.startsWith("{")) {
    const value: JsonValue = JSON.parse(stdout);
    assert(isJsonObject(value));
    json = value;
  }
  return { exit, json, stdout, stderr: world.stderr.join("") };
}

const GATE = "tests/golden/data/gate/trace-verify";
const RUNPACK = "tests/golden/data/runpack";

for (const root of [GATE, RUNPACK]) {
  Deno.test(`the commands answer as the vectors of ${root}`, async () => {
    const cases = load(root);
    assert(cases.length > 20);
    for (const test of cases) {
      const { exit, json, stdout } = await run(root, test);
      assertEquals(exit, test.expect.exit_code, `${test.id}: ${stdout}`);
      const recorded = test.expect.stdout;
      if (recorded === null) continue;
      assert(json !== undefined, test.id);
      for (const name of COMPARED) assertEquals(json[name], recorded[name], `${test.id} ${name}`);
      assertEquals("error" in json, "error" in recorded, test.id);
      assertEquals("hint" in json, "hint" in recorded, test.id);
    }
  });
}

const KEY = "keys/test-only-a.public.key";

/** Runs `trace verify` with further arguments. */
async function verify(trace: string, ...more: string[]) {
  return await run(GATE, { argv: ["trace", "verify", trace, ...more], files: [trace, KEY] });
}

Deno.test("trace verify asks for a signature unless it is waived", async () => {
  const trace = "traces/t00-nosig.json";
  const refused = await verify(trace, "--public-key", KEY, "--json");
  assertEquals([refused.exit, refused.json?.error_code], [2, "signature_missing"]);
  assertEquals(refused.json?.error, "trace signature missing");
  const waived = await verify(trace, "--public-key", KEY, "--allow-unsigned", "--json");
  assertEquals([waived.exit, waived.json?.signature_status], [0, "unsigned"]);
  const details = waived.json?.warning_details;
  assert(Array.isArray(details) && isJsonObject(details[0]));
  assertEquals(details[0].code, "trace_unsigned");
  const keyless = await verify(trace, "--allow-unsigned", "--json");
  assertEquals([keyless.exit, keyless.json?.signature_status], [0, "unsigned"]);
});

Deno.test("trace verify does not waive a signature that is there", async () => {
  const keyless = await verify("traces/t00.json", "--allow-unsigned", "--json");
  assertEquals([keyless.exit, keyless.json?.error], [6, "public key not configured"]);
  const bad = await verify("variants/sig-bit.json", "--public-key", KEY, "--allow-unsigned");
  assertEquals(bad.exit, 2);
});

Deno.test("trace verify names its findings, codes and trust anchor", async () => {
  const edited = await verify("traces/t00-verdict.json", "--public-key", KEY, "--json");
  assertEquals(edited.json?.error_code, "digest_mismatch");
  assertEquals(edited.json?.error, "signed_digest mismatch");
  assertEquals(edited.json?.verify_key_source, `path:${KEY}`);
  const added = await verify("traces/t00-unknown.json", "--public-key", KEY, "--json");
  assertEquals([added.exit, added.json?.error_code], [2, "unsigned_member"]);
  const people = await verify("traces/t00-verdict.json", "--public-key", KEY);
  assertMatch(
    people.stdout,
    /^trace verify failed: traces\/t00-verdict.json\nsignature status: failed\n/,
  );
  assertStringIncludes(people.stdout, "finding: signed_digest mismatch");
});

Deno.test("trace verify --profile strict refuses unknown members under the signature", async () => {
  const trace = "variants/unknown-signed.json";
  const tolerant = await verify(trace, "--public-key", KEY, "--json");
  assertEquals([tolerant.exit, tolerant.json?.unknown_signed_members], [0, ["zzz"]]);
  const strict = await verify(trace, "--public-key", KEY, "--profile", " Strict ", "--json");
  assertEquals([strict.exit, strict.json?.ok], [2, false]);
  const unknown = await verify(trace, "--public-key", KEY, "--profile", "lax", "--json");
  assertEquals([unknown.exit, unknown.json?.error_code], [6, "unsupported_value"]);
});
