import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { utf8 } from "../../../core/base/bytes.ts";
import { runCli } from "../../../core/commands/frame/run_cli.ts";
import { formatPublicKey } from "../../../core/sign/key_text.ts";
import { memoryWorld } from "../../support/memory_ports.ts";
import {
  contentMembers,
  manifestOf,
  type Members,
  packOf,
  signedPack,
  testKey,
} from "../../support/runpack_build.ts";

const key = await testKey();
const publicKey = formatPublicKey(key.publicKey);
const OTHER_KEY = "11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo=";

/** A world with a signed pack and its key. */
async function worldWithPack() {
  const world = memoryWorld("/work");
  world.env.set("HOME", "/home/user");
  world.files.put("p.zip", await signedPack(3));
  world.files.put("pub.key", `${publicKey}\n`);
  world.files.put("other.key", `${OTHER_KEY}\n`);
  return world;
}

type World = Awaited<ReturnType<typeof worldWithPack>>;

async function json(world: World, ...argv: string[]): Promise<Record<string, unknown>> {
  world.stdout.length = 0;
  const exit = await runCli([...argv, "--json"], world.ports);
  return { exit, ...JSON.parse(world.stdout.join("")) };
}

async function textOf(world: World, ...argv: string[]): Promise<string> {
  world.stdout.length = 0;
  await runCli(argv, world.ports);
  return world.stdout.join("");
}

function trustEntry(more: Record<string, unknown> = {}): string {
  const entry = { schema_id: "gait.trust.key", schema_version: "1.0.0", public_key: publicKey };
  return JSON.stringify({ ...entry, identity: "build@example.org", ...more });
}

Deno.test("gait verify accepts one of several named keys and prints where trust came from", async () => {
  const world = await worldWithPack();
  const out = await json(
    world,
    "verify",
    "p.zip",
    "--public-key",
    "other.key",
    "--public-key",
    "pub.key",
  );
  assertEquals(out.exit, 0);
  assertEquals(out.signature_status, "verified");
  const anchors = out.trust_anchors as { source: string }[];
  assertEquals(anchors.map(({ source }) => source), ["path:other.key", "path:pub.key"]);
  const text = await textOf(world, "verify", "p.zip", "--public-key", "pub.key");
  assertStringIncludes(text, `trusted key: ${key.keyId} (path:pub.key)`);
});

Deno.test("gait verify lists signers that nobody trusts and refuses a pack signed only by them", async () => {
  const world = await worldWithPack();
  const out = await json(world, "verify", "p.zip", "--public-key", "other.key");
  assertEquals(out.exit, 2);
  assertEquals(out.error_code, "signature_invalid");
  assertEquals(out.unknown_signers, [key.keyId]);
});

Deno.test("gait verify reads identity, validity and revocation from a trust directory", async () => {
  const world = await worldWithPack();
  world.files.put("trust/build.json", trustEntry());
  world.files.put("trust/other.key", OTHER_KEY);
  world.files.put("trust/README.md", "not a key");
  const good = await json(world, "verify", "p.zip", "--profile", "strict", "--trust", "trust");
  assertEquals(good.exit, 0);
  assertEquals(good.signers, [{ key_id: key.keyId, identity: "build@example.org" }]);
  for (
    const terms of [
      { revoked: true },
      { not_before: "2026-01-02T00:00:00Z" },
      { not_after: "2025-12-31T00:00:00Z" },
    ]
  ) {
    world.files.put("trust/build.json", trustEntry(terms));
    // Naming the key besides must not lift the directory's terms.
    const out = await json(world, "verify", "p.zip", "--trust", "trust", "--public-key", "pub.key");
    assertEquals([out.exit, out.error_code], [2, "key_not_trusted"], JSON.stringify(terms));
  }
});

Deno.test("gait verify refuses trust directories that cannot be meant", async () => {
  const entries: Record<string, string>[] = [
    {},
    { "a.json": trustEntry({ revokd: true }) },
    { "a.json": trustEntry({ revoked: "yes" }) },
    { "a.json": trustEntry({ not_after: "tomorrow" }) },
    {
      "a.json": trustEntry({
        not_before: "2026-01-02T00:00:00Z",
        not_after: "2026-01-01T00:00:00Z",
      }),
    },
    { "a.json": trustEntry({ schema_version: "2.0.0" }) },
    { "a.json": trustEntry({ public_key: "AAAA" }) },
    { "a.json": trustEntry(), "a.key": publicKey },
    { "a.json": "[]" },
    { "a.key": "no key" },
  ];
  for (const files of entries) {
    const world = await worldWithPack();
    world.files.put("trust/.keep", "");
    for (const [name, text] of Object.entries(files)) world.files.put(`trust/${name}`, text);
    const out = await json(world, "verify", "p.zip", "--trust", "trust");
    assertEquals(out.exit, 6, JSON.stringify(files));
  }
});

Deno.test("gait verify takes no key from a project's configuration", async () => {
  const world = await worldWithPack();
  world.files.put(".gait/config.yaml", "gate:\n  public_key: pub.key\n");
  const out = await json(world, "verify", "p.zip");
  assertEquals([out.exit, out.signature_status], [0, "unverified"]);
  assertEquals((out.warning_details as { code: string }[])[0]?.code, "signature_unverified");
});

Deno.test("gait verify tells damaged, unsafe and changed archives apart", async () => {
  const world = await worldWithPack();
  const members = await contentMembers(1);
  const manifest = await manifestOf(members);
  const more: Members = { ...members, "../evil.sh": utf8("x") };
  world.files.put("cut.zip", (await signedPack(1)).slice(0, 300));
  world.files.put("evil.zip", await packOf(more, manifest));
  world.files.put("extra.zip", await packOf({ ...members, "a.txt": utf8("x") }, manifest));
  world.files.put("changed.zip", await packOf({ ...members, "refs.json": utf8("{}") }, manifest));
  const codes: Record<string, unknown> = {};
  for (const name of ["cut", "evil", "extra", "changed"]) {
    const out = await json(world, "verify", `${name}.zip`);
    codes[name] = [out.exit, out.error_code];
  }
  assertEquals(codes, {
    cut: [6, "archive_corrupt"],
    evil: [2, "archive_unsafe"],
    extra: [2, "member_mismatch"],
    changed: [2, "digest_mismatch"],
  });
  const inspect = await json(world, "run", "inspect", "changed.zip");
  assertEquals([inspect.exit, inspect.error_code], [6, "digest_mismatch"]);
});

Deno.test("gait verify finds runs by id in the work directory first and at home then", async () => {
  const world = await worldWithPack();
  world.files.put("/home/user/.gait/runpacks/runpack_run_test.zip", await signedPack(1));
  const home = await json(world, "verify", "run_test");
  assertEquals(home.path, "/home/user/.gait/runpacks/runpack_run_test.zip");
  world.files.put("gait-out/runpack_run_test.zip", await signedPack(1));
  assertEquals((await json(world, "verify", "run_test")).path, "gait-out/runpack_run_test.zip");
  assertEquals((await json(world, "verify", "run_absent")).error_code, "run_not_found");
});

Deno.test("gait run diff shows what changed, intent by intent", async () => {
  const world = await worldWithPack();
  const members = await contentMembers(3);
  const intents = new TextDecoder().decode(members["intents.jsonl"]);
  members["intents.jsonl"] = utf8(intents.replace("file_1.ts", "file_9.ts"));
  members["results.jsonl"] = utf8(
    new TextDecoder().decode(members["results.jsonl"]).split("\n").slice(1).join("\n"),
  );
  world.files.put("q.zip", await packOf(members, await manifestOf(members)));
  const text = await textOf(world, "run", "diff", "p.zip", "q.zip");
  assertStringIncludes(text, "diff changed: p.zip vs q.zip\n");
  assertStringIncludes(text, "intent intent_1: intent.args.path\n");
  const unified = await textOf(world, "run", "diff", "p.zip", "q.zip", "--unified");
  assertStringIncludes(
    unified,
    '@@ intent intent_1 @@\n- intent.args.path: "/work/src/file_1.ts"\n',
  );
  assertStringIncludes(unified, '+ intent.args.path: "/work/src/file_9.ts"\n');
  const out = await json(world, "run", "diff", "p.zip", "q.zip", "--privacy", "metadata");
  assertEquals(out.exit, 2);
  assert(!JSON.stringify(out).includes("file_9"));
  assertEquals((out.summary as Record<string, unknown>).left_only_results, ["intent_0"]);
});

Deno.test("gait run inspect shows hostile names without their control characters", async () => {
  const world = await worldWithPack();
  const members = await contentMembers(1);
  const intents = new TextDecoder().decode(members["intents.jsonl"]);
  members["intents.jsonl"] = utf8(intents.replace("tool.read", "tool\\u001b[2J"));
  world.files.put("q.zip", await packOf(members, await manifestOf(members)));
  const text = await textOf(world, "run", "inspect", "q.zip");
  assertStringIncludes(text, "tool=tool?[2J status=ok");
  assert(!text.includes("\u001b"));
});
