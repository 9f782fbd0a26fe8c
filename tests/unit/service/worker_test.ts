import { assertEquals, assertThrows } from "@std/assert";
import { GaitError } from "../../../core/base/errors.ts";
import { LIMITS } from "../../../core/base/limits.ts";
import { fixedCommand } from "../../../core/service/worker_protocol.ts";
import { fromPlainError, toPlainError } from "../../../core/base/plain_error.ts";
import { evidenceNeeds, workerNeeds } from "../../../core/service/worker_needs.ts";
import { serveConfigOf } from "../../support/serve_config.ts";

Deno.test("fixedCommand() lets nothing pass but the configured commands", () => {
  const config = serveConfigOf([
    ...["--credential-broker", "command", "--credential-command", "/bin/broker"],
    ...["--credential-command-args", "a,b"],
  ]);
  const request = { command: "/bin/broker", args: ["a", "b"], timeoutMs: 1, maxOutputBytes: 1 };
  fixedCommand(request, config);
  for (
    const other of [
      { ...request, command: "/bin/sh" },
      { ...request, args: ["a"] },
      { ...request, args: ["a", "b", "c"] },
      { ...request, command: "" },
    ]
  ) assertThrows(() => fixedCommand(other, config), GaitError, "not configured");
  assertThrows(() => fixedCommand({ ...request, command: "", args: [] }, serveConfigOf([])));
});

Deno.test("fixedCommand() takes input from the worker, and neither variables nor limits", () => {
  const config = serveConfigOf([
    ...["--credential-broker", "command", "--credential-command", "/bin/broker"],
    ...["--auth-mode", "token", "--auth-token-env", "TOKEN", "--export-otlp-endpoint"],
    ...["http://127.0.0.1:4318", "--export-otlp-header", "authorization=OTLP_AUTH"],
  ]);
  const stdin = Uint8Array.of(1, 2);
  const asked = {
    command: "/bin/broker",
    args: [],
    stdin,
    env: { LD_PRELOAD: "/traces/own.so" },
    blankVariables: ["PATH"],
    timeoutMs: 1e9,
    maxOutputBytes: 1e9,
  };
  assertEquals(fixedCommand(asked, config), {
    command: "/bin/broker",
    args: [],
    stdin,
    blankVariables: ["TOKEN", "OTLP_AUTH"],
    timeoutMs: LIMITS.brokerTimeoutMs,
    maxOutputBytes: LIMITS.brokerOutputBytes,
  });
  const signing = { ...config.signing, signerCommand: "/bin/signer", signerArgs: ["x"] };
  const { stdin: _none, ...silent } = { ...asked, command: "/bin/signer", args: ["x"] };
  assertEquals(fixedCommand(silent, { ...config, signing }), {
    command: "/bin/signer",
    args: ["x"],
    timeoutMs: LIMITS.signerTimeoutMs,
    maxOutputBytes: LIMITS.signerOutputBytes,
  });
});

Deno.test("workerNeeds() names the port of a collector, also when its URL does not", () => {
  const net = (endpoint: string) =>
    workerNeeds(serveConfigOf(["--export-otlp-endpoint", endpoint])).net.slice(1);
  assertEquals(net("http://127.0.0.1"), ["127.0.0.1:80"]);
  assertEquals(net("https://collector.example/v1"), ["collector.example:443"]);
  assertEquals(net("https://[::1]:4318"), ["[::1]:4318"]);
});

Deno.test("workerNeeds() names directories, files, address and variables, and nothing wider", () => {
  const needs = workerNeeds(serveConfigOf([
    ...["--policy", "p/pol.yaml", "--trace-dir", "t", "--session-dir", "s", "--listen"],
    ...["[::1]:9", "--private-key-env", "KEY", "--key-mode", "prod", "--rate-limit-state", "q/r"],
    ...["--export-otlp-endpoint", "http://127.0.0.1:4318", "--approval-store", "store/a.json"],
    ...["--export-otlp-header", "authorization=OTLP_AUTH"],
  ]));
  assertEquals(needs.write.toSorted(), ["q", "s", "store", "t"]);
  assertEquals(needs.read.toSorted(), ["p/pol.yaml", "q", "s", "store", "t"]);
  assertEquals(needs.net, ["[::1]:9", "127.0.0.1:4318"]);
  assertEquals(["KEY", "OTLP_AUTH"].filter((name) => !needs.env.includes(name)), []);
});

Deno.test("workerNeeds() names the variables of the env broker by a prefix that is never blank", () => {
  const env = (...flags: string[]) =>
    workerNeeds(serveConfigOf(flags)).env.filter((name) => name.endsWith("*"));
  assertEquals(env(), []);
  assertEquals(env("--credential-broker", "env"), ["GAIT_BROKER_TOKEN_*"]);
  assertEquals(env("--credential-broker", "env", "--credential-env-prefix", "P_"), ["P_*"]);
  assertEquals(env("--credential-broker", "env", "--credential-env-prefix", " "), [
    "GAIT_BROKER_TOKEN_*",
  ]);
});

Deno.test("fromPlainError() keeps code, message, hint and place", () => {
  const error = new GaitError("policy_invalid", "m", { hint: "h", place: { line: 3 } });
  const back = fromPlainError(structuredClone(toPlainError(error)));
  assertEquals([back.code, back.message, back.hint, back.place], [
    "policy_invalid",
    "m",
    "h",
    { line: 3 },
  ]);
});

Deno.test("evidenceNeeds() names the directories of traces and sessions, and no key", () => {
  const flags = ["--trace-dir", "t", "--session-dir", " ", "--private-key", "k", "--runpack-dir"];
  const needs = evidenceNeeds(serveConfigOf([...flags, "r", "--key-mode", "prod"]));
  assertEquals([needs.read, needs.write, needs.net], [["t", "."], ["t", "."], []]);
  assertEquals(needs.env.filter((name) => !name.startsWith("GAIT_SESSION_LOCK_")), []);
});
