import { assert, assertEquals, assertFalse, assertThrows } from "@std/assert";
import { utf8 } from "../../../core/base/bytes.ts";
import { GaitError } from "../../../core/base/errors.ts";
import { checkBrokerCommand, readBrokerAnswer } from "../../../core/credential/command.ts";

function answer(stdout: string | Uint8Array, exitCode = 0) {
  const bytes = typeof stdout === "string" ? utf8(stdout) : stdout;
  return readBrokerAnswer({ exitCode, ended: "itself", stdout: bytes });
}

Deno.test("checkBrokerCommand() admits anything where there is no allowlist", () => {
  for (const allowlist of [undefined, "", " ", " , ,"]) {
    assertEquals(checkBrokerCommand(" sh ", { allowlist }), "sh");
    assertEquals(checkBrokerCommand("./x", { allowlist }), "./x");
  }
});

Deno.test("checkBrokerCommand() admits a listed absolute path only", () => {
  const allowlist = "sh, /usr/bin/broker ,C:\\tools\\b.exe";
  for (const path of ["/usr/bin/broker", "/usr/./bin/broker", "//usr//bin/broker"]) {
    assertEquals(checkBrokerCommand(path, { allowlist }), "/usr/bin/broker");
  }
  assertEquals(checkBrokerCommand("C:\\tools\\b.exe", { allowlist }), "C:\\tools\\b.exe");
  const refused = ["sh", "broker", "/evil/sh", "./sh", "/usr/bin/brokers"];
  refused.push(
    "usr/bin/broker",
    "/usr/bin/Broker",
    "/usr/bin/broker/../x",
    "/usr/bin/../bin/broker",
    "/usr\\bin\\broker",
    "D:\\tools\\b.exe",
  );
  refused.push("/C:/tools/b.exe", "C:tools\\b.exe", "\\\\C:\\tools\\b.exe");
  for (const path of refused) {
    const error = assertThrows(() => checkBrokerCommand(path, { allowlist }), GaitError);
    assertEquals(
      error.message,
      "command broker command is not in allowlist GAIT_CREDENTIAL_COMMAND_ALLOWLIST",
    );
    assertEquals(error.code, "invalid_input");
  }
});

Deno.test("checkBrokerCommand() wants a command without white space", () => {
  const error = assertThrows(() => checkBrokerCommand(" ", { allowlist: undefined }), GaitError);
  assertEquals(error.message, "command broker requires --credential-command");
  for (const command of ["sh x", "sh\tx", "a\u00a0b", "a\nb"]) {
    assertEquals(checkBrokerCommand(command, { allowlist: undefined }), undefined);
  }
});

Deno.test("readBrokerAnswer() reads reference and issuer", () => {
  assertEquals(answer('{"issued_by":" vault ","credential_ref":" cred-1 ","token":"secret"}\n'), {
    kind: "issued",
    credential: { issuer: "vault", credential_ref: "cred-1", credential_ref_hmac: "" },
  });
  for (const text of ['{"credential_ref":"r"}', '{"issued_by":null,"credential_ref":"r"}']) {
    const result = answer(text);
    assert(result.kind === "issued");
    assertEquals(result.credential.issuer, "command");
  }
  assertEquals(answer(`{"credential_ref":"${"r".repeat(256)}"}`).kind, "issued");
  assertEquals(answer(`{"credential_ref":"${"\u00e9".repeat(128)}"}`).kind, "issued");
});

Deno.test("readBrokerAnswer() fails on every other answer and quotes none of it", () => {
  const bad: (string | Uint8Array)[] = [
    "",
    "secret-cred",
    "[]",
    '"secret"',
    "null",
    "{",
    '{"issued_by":"secret"}',
    '{"credential_ref":""}',
    '{"credential_ref":" "}',
    '{"credential_ref":1}',
    '{"credential_ref":["secret"]}',
    '{"credential_ref":"secret","issued_by":1}',
    '{"credential_ref":"a\\nb"}',
    '{"credential_ref":"a\\tb"}',
    '{"credential_ref":"a\\rb"}',
    '{"credential_ref":"a\\u0000b"}',
    '{"credential_ref":"a\\u001b[2J"}',
    '{"credential_ref":"r","issued_by":"a\\nb"}',
    '{"credential_ref":"a"}{"credential_ref":"b"}',
    '{"credential_ref":"a","credential_ref":"b"}',
    '{"Credential_Ref":"secret"}',
    '{"__proto__":{"credential_ref":"secret"}}',
    `{"credential_ref":"${"r".repeat(257)}"}`,
    `{"credential_ref":"${"\u00e9".repeat(129)}"}`,
    `{"credential_ref":"r","issued_by":"${"i".repeat(257)}"}`,
    `{"credential_ref":"r","pad":"${"x".repeat(16_384)}"}`,
    new Uint8Array([0x7b, 0xff, 0x7d]),
    "\ufeff{}",
    "[".repeat(8_000),
  ];
  for (const output of bad) {
    const result = answer(output);
    assert(result.kind === "failed", String(output).slice(0, 60));
    assertFalse(result.reason.includes("secret"));
  }
});

Deno.test("readBrokerAnswer() does not read the output of a failed command", () => {
  const stdout = utf8('{"credential_ref":"secret"}');
  const runs = [
    { exitCode: 1, ended: "itself" },
    { exitCode: 137, ended: "timeout" },
    { exitCode: 0, ended: "timeout" },
    { exitCode: 0, ended: "output_limit" },
  ] as const;
  for (const run of runs) {
    const result = readBrokerAnswer({ ...run, stdout });
    assert(result.kind === "failed");
    assertFalse(result.reason.includes("secret"));
  }
});
