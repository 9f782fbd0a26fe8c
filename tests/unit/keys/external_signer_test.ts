import { assert, assertEquals, assertRejects, assertStringIncludes } from "@std/assert";
import { fromHex, toBase64, utf8 } from "../../../core/base/bytes.ts";
import { GaitError } from "../../../core/base/errors.ts";
import { isJsonObject, type JsonValue } from "../../../core/base/json_value.ts";
import { LIMITS } from "../../../core/base/limits.ts";
import { resolveSigningKey } from "../../../core/keys/resolve_signing_key.ts";
import type { CommandResult } from "../../../core/ports/process.ts";
import type { Signer } from "../../../core/ports/sign.ts";
import type { SocketConnection } from "../../../core/ports/sockets.ts";
import { signDigest } from "../../../core/sign/signature.ts";
import { signerFromSeed } from "../../../core/sign/signer.ts";
import { verifySignature } from "../../../core/sign/verify_signature.ts";
import { type MemoryWorld, memoryWorld } from "../../support/memory_ports.ts";

const { ports: base } = memoryWorld();
const held = await signerFromSeed(new Uint8Array(32).fill(5), base);
const other = await signerFromSeed(new Uint8Array(32).fill(6), base);
const digest = new Uint8Array(32).fill(9);
const SIGNER = { keyMode: "prod", signerCommand: "/opt/signer", signerArgs: ["--slot", "9"] };

/** A request as the signer sees it. */
interface Request {
  readonly op: string;
  readonly digest: string;
}

/** Parses a request and checks what every request has. */
function parseRequest(bytes: Uint8Array | undefined): Request {
  const text = new TextDecoder().decode(bytes);
  assert(text.endsWith("\n") && !text.slice(0, -1).includes("\n"), "one line");
  const value: JsonValue = JSON.parse(text);
  assert(isJsonObject(value));
  assertEquals([value.version, value.alg], [1, "ed25519"]);
  return { op: String(value.op), digest: String(value.digest ?? "") };
}

/** Answers that an honest signer gives for a digest, made before the test needs them. */
async function honest(signer: Signer): Promise<(request: Request) => Record<string, unknown>> {
  const sig = toBase64(await signer.sign(digest));
  const public_key = toBase64(signer.publicKey);
  return ({ op, digest: hex }) => {
    if (op === "public_key") return { public_key };
    assertEquals(fromHex(hex), digest);
    return { public_key, sig };
  };
}

const answer = await honest(held);

/** A world whose signer command answers with what `respond` gives. */
function worldWith(respond: (request: Request) => Partial<CommandResult>): MemoryWorld {
  const world = memoryWorld();
  world.onCommand = (request) => respond(parseRequest(request.stdin));
  return world;
}

/** Standard output of an answer. */
function out(value: unknown): Partial<CommandResult> {
  return { stdout: utf8(typeof value === "string" ? value : JSON.stringify(value)) };
}

/** A world whose signer is honest about its key and signs with `respond`. */
function signingWith(respond: () => Partial<CommandResult>): MemoryWorld {
  return worldWith((request) => request.op === "sign" ? respond() : out(answer(request)));
}

Deno.test("externalSigner() signs through a command, without a shell and within limits", async () => {
  const world = worldWith((request) => out(answer(request)));
  const { signer, source, ephemeral } = await resolveSigningKey(SIGNER, world.ports);
  assertEquals([source, ephemeral, signer.keyId], ["command:/opt/signer", false, held.keyId]);
  const signature = await signDigest(digest, signer);
  const request = { signature, digest, publicKey: held.publicKey };
  assertEquals((await verifySignature(request, base)).ok, true);
  assertEquals(world.commands.length, 2);
  for (const { command, args, timeoutMs, maxOutputBytes } of world.commands) {
    assertEquals([command, ...args], ["/opt/signer", "--slot", "9"]);
    assertEquals([timeoutMs, maxOutputBytes], [LIMITS.signerTimeoutMs, LIMITS.signerOutputBytes]);
  }
});

Deno.test("externalSigner() refuses an unusable answer about its key", async () => {
  const cases: readonly [Partial<CommandResult>, string][] = [
    [{ exitCode: 3 }, "it ends with exit code 3"],
    [{ exitCode: 137, ended: "timeout" }, "no answer within 10000 ms"],
    [{ exitCode: 137, ended: "output_limit" }, "it answers more than 16384 bytes"],
    [out(""), "its answer is not JSON"],
    [out("not json"), "its answer is not JSON"],
    [out('{"public_key":"a"}{}'), "its answer is not JSON"],
    [out('{"public_key":"a","public_key":"b"}'), "its answer is not JSON"],
    [{ stdout: new Uint8Array([0xff, 0xfe]) }, "its answer is not JSON"],
    [out("[".repeat(10_000)), "its answer is not JSON"],
    [out([]), "its answer is not a JSON object"],
    [out({}), "no text member public_key"],
    [out('{"__proto__":{"public_key":"x"}}'), "no text member public_key"],
    [out({ public_key: 5 }), "no text member public_key"],
    [out({ public_key: "AAAA" }), "no valid public key"],
    [out({ public_key: toBase64(new Uint8Array(32)) }), "no valid public key"],
    [out({ error: "locked\u001b[2J" }), "it reports an error: locked?[2J"],
    [out({ error: { x: 1 } }), "it reports an error: no text"],
  ];
  for (const [result, expected] of cases) {
    const { ports } = worldWith(() => result);
    const error = await assertRejects(() => resolveSigningKey(SIGNER, ports), GaitError);
    assertEquals(error.code, "signer_failed");
    assertStringIncludes(error.message, expected);
    assertStringIncludes(error.message, "command:/opt/signer");
  }
});

Deno.test("externalSigner() proves every signature before it is used", async () => {
  const foreign = toBase64(await other.sign(digest));
  const public_key = toBase64(held.publicKey);
  const cases: readonly [Partial<CommandResult>, string][] = [
    [{ ended: "timeout", exitCode: 137 }, "no answer within"],
    [{ ended: "output_limit", exitCode: 137 }, "it answers more than"],
    [{ exitCode: 1 }, "exit code 1"],
    [out({ public_key }), "no text member sig"],
    [out({ public_key, sig: "AAAA" }), "not base64 of 64 bytes"],
    [out({ public_key, sig: "*" }), "not base64 of 64 bytes"],
    [out({ public_key, sig: foreign }), "does not verify with its key"],
    [out({ public_key: toBase64(other.publicKey), sig: foreign }), "another key than before"],
    [out({ sig: foreign }), "no text member public_key"],
  ];
  for (const [result, expected] of cases) {
    const { signer } = await resolveSigningKey(SIGNER, signingWith(() => result).ports);
    const error = await assertRejects(() => signDigest(digest, signer), GaitError);
    assertEquals(error.code, "signer_failed");
    assertStringIncludes(error.message, expected);
  }
});

Deno.test("externalSigner() signs digests only", async () => {
  const world = worldWith((request) => out(answer(request)));
  const { signer } = await resolveSigningKey(SIGNER, world.ports);
  await assertRejects(async () => await signer.sign(new Uint8Array(33)), RangeError);
});

Deno.test("resolveSigningKey() pins the key of an external signer", async () => {
  const world = worldWith((request) => out(answer(request)));
  world.files.put("held.key", toBase64(held.publicKey));
  world.files.put("other.key", toBase64(other.publicKey));
  await resolveSigningKey({ ...SIGNER, publicKey: "held.key" }, world.ports);
  const work = () => resolveSigningKey({ ...SIGNER, publicKey: "other.key" }, world.ports);
  assertEquals((await assertRejects(work, GaitError)).code, "key_invalid");
});

Deno.test("resolveSigningKey() refuses a signer at a relative path", async () => {
  for (const signerCommand of ["./signer", "bin/signer", "..\\signer", "../signer"]) {
    const world = memoryWorld();
    const work = () => resolveSigningKey({ keyMode: "prod", signerCommand }, world.ports);
    assertEquals((await assertRejects(work, GaitError)).code, "key_invalid");
    assertEquals(world.commands, []);
  }
  for (const signerCommand of ["signer", "C:\\bin\\signer.exe", "/bin/signer"]) {
    const world = worldWith((request) => out(answer(request)));
    const key = await resolveSigningKey({ keyMode: "prod", signerCommand }, world.ports);
    assertEquals(key.source, `command:${signerCommand}`);
  }
});

Deno.test("resolveSigningKey() signs through the socket of an agent, one connection per request", async () => {
  const log: string[] = [];
  function connection(): SocketConnection {
    return {
      request(line, { timeoutMs, maxBytes }) {
        log.push(`request ${timeoutMs} ${maxBytes}`);
        return Promise.resolve(utf8(JSON.stringify(answer(parseRequest(line)))));
      },
      close: () => void log.push("close"),
    };
  }
  const sockets = { connectUnix: () => Promise.resolve(connection()) };
  const options = { keyMode: "prod", signerSocket: "/run/signer" };
  const key = await resolveSigningKey(options, { ...base, sockets });
  assertEquals(key.source, "socket:/run/signer");
  assertEquals((await signDigest(digest, key.signer)).key_id, held.keyId);
  assertEquals(log, ["request 10000 16384", "close", "request 10000 16384", "close"]);
  const failing = {
    ...connection(),
    request: () => Promise.reject(new GaitError("signer_failed", "Cannot reach it")),
  };
  const broken = { connectUnix: () => Promise.resolve(failing) };
  await assertRejects(() => resolveSigningKey(options, { ...base, sockets: broken }), GaitError);
  assertEquals(log.at(-1), "close");
  const none = await assertRejects(() => resolveSigningKey(options, base), GaitError);
  assertEquals(none.code, "dependency_missing");
});
