/**
 * No secret leaves: broker secrets and private keys are searched for in every file, stream and process listing,
 * as they are, as base64 at any alignment, as base64url and as hex.
 */

import { assert, assertEquals, assertThrows } from "@std/assert";
import { intentText, POLICY } from "../unit/commands/_run.ts";
import { filesBelow, type Finished, gait, inFolder, put } from "./_process.ts";

const LINUX = Deno.build.os === "linux";
const SECRET = "s3cr3t-of-the-broker-/+=~0123456789";
const KEYS = "gait-out/keys";

/** Binary text of bytes. */
function binary(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => String.fromCharCode(byte)).join("");
}

/** Forms in which bytes may be hidden in text. */
function forms(bytes: Uint8Array): string[] {
  const hex = Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
  const base64 = [0, 1, 2].map((pad) => {
    const text = btoa("\u0000".repeat(pad) + binary(bytes));
    // Characters that mix with neighbours at either end are left out.
    return text.slice(pad === 0 ? 0 : 4, Math.floor((pad + bytes.length) * 4 / 3) - 4);
  });
  const url = base64.map((text) => text.replaceAll("+", "-").replaceAll("/", "_"));
  return [hex, hex.toUpperCase(), ...base64, ...url];
}

/** Everything that must not appear for a text secret. */
function needlesOfText(text: string): string[] {
  return [text, JSON.stringify(text).slice(1, -1), ...forms(new TextEncoder().encode(text))];
}

/** Everything that must not appear for a private key: the text of its file and its seed in any form. */
function needlesOfKey(text: string): string[] {
  const bytes = Uint8Array.from(atob(text.trim()), (char) => char.charCodeAt(0));
  return [text.trim(), text.trim().slice(0, 40), ...forms(bytes.subarray(0, 32))];
}

/** Fails when any needle is in any text. */
function assertHidden(texts: ReadonlyMap<string, string>, needles: readonly string[]): void {
  for (const [name, text] of texts) {
    for (const needle of needles) {
      assert(needle.length >= 16);
      assert(!text.includes(needle), `a secret is in ${name}`);
    }
  }
}

/** Files of both folders but the private keys, and what the processes printed. */
async function everything(
  dir: string,
  printed: readonly Finished[],
): Promise<Map<string, string>> {
  const files = [...await filesBelow(dir)].filter(([name]) =>
    !/_private\.key$|^work\/in\//.test(name)
  );
  const streams = printed.flatMap(({ stdout, stderr }, i) => [
    [`stdout of ${i}`, stdout] as const,
    [`stderr of ${i}`, stderr] as const,
  ]);
  return new Map([...files, ...streams]);
}

/** A script that notes every command line on the machine that mentions this folder. */
const LISTING =
  'for p in /proc/[0-9]*; do tr "\\0" " " < $p/cmdline; echo; done >> cmdlines.txt 2>/dev/null\n';

/** Answers of the broker program, by name. */
const BROKERS: Readonly<Record<string, string>> = {
  good: `echo '{"credential_ref":"lease-1","token":"${SECRET}"}'`,
  noisy: `echo '${SECRET}' >&2\necho '{"credential_ref":"lease-1"}'`,
  failing: `echo '${SECRET}'\nexit 3`,
  wordy: `echo 'here it is: ${SECRET}'`,
  twisted: `echo '{"credential_ref":"a\\n${SECRET}"}'`,
  nested: `echo '{"credential_ref":{"token":"${SECRET}"}}'`,
};

/** Keys, policies and intents. */
async function prepare(dir: string): Promise<string> {
  const rule = POLICY.replace(
    "effect: allow\n",
    "effect: allow\n    require_broker_credential: true\n",
  );
  await put(dir, "policy.yaml", rule);
  await put(dir, "intent.json", intentText("tool.read"));
  assertEquals((await gait(dir, ["keys", "init"])).code, 0);
  return await Deno.readTextFile(`${dir}/work/${KEYS}/gait_private.key`);
}

const EVAL = ["gate", "eval", "--policy", "policy.yaml", "--intent", "intent.json", "--no-config"];
const BY_FILE = ["--key-mode", "prod", "--private-key", `${KEYS}/gait_private.key`];
const BY_ENV = ["--key-mode", "prod", "--private-key-env", "SIGNING_KEY"];

Deno.test("the search finds a secret at any alignment of base64, and in hex", () => {
  const bytes = (text: string) => new TextEncoder().encode(text);
  const hidden = [
    ...["", "x", "xy", "xyz"].map((before) => btoa(binary(bytes(`${before}${SECRET} and more`)))),
    Array.from(bytes(`..${SECRET}`), (byte) => byte.toString(16).padStart(2, "0")).join(""),
  ];
  for (const text of hidden) {
    assertThrows(() => assertHidden(new Map([["x", text]]), needlesOfText(SECRET)));
  }
});

Deno.test({
  name: "the env broker's secret and the signing key stay hidden",
  ignore: !LINUX,
  fn: () =>
    inFolder(async (dir) => {
      const key = await prepare(dir);
      const env = { GAIT_BROKER_TOKEN_TOOL_READ: SECRET, SIGNING_KEY: key };
      const printed: Finished[] = [];
      for (const source of [BY_FILE, BY_ENV]) {
        for (
          const flags of [["--json"], [], ["--explain", "--json"], ["--credential-ref", "none"]]
        ) {
          const line = [...EVAL, ...source, "--credential-broker", "env", ...flags];
          printed.push(await gait(dir, line, { env }));
        }
      }
      assertEquals(printed.map(({ code }) => code), [0, 0, 0, 3, 0, 0, 0, 3]);
      assertHidden(await everything(dir, printed), [
        ...needlesOfText(SECRET),
        ...needlesOfKey(key),
      ]);
    }),
});

Deno.test({
  name: "whatever a broker program prints stays hidden, in process listings too",
  ignore: !LINUX,
  fn: () =>
    inFolder(async (dir) => {
      const key = await prepare(dir);
      const printed: Finished[] = [];
      for (const [name, script] of Object.entries(BROKERS)) {
        await put(dir, `in/${name}.sh`, `${LISTING}cat > /dev/null\n${script}\n`);
        const broker = [
          "--credential-broker",
          "command",
          "--credential-command",
          "sh",
          "--credential-command-args",
          `in/${name}.sh`,
        ];
        for (const flags of [["--json"], []]) {
          const line = [...EVAL, ...BY_ENV, ...broker, ...flags];
          printed.push(await gait(dir, line, { env: { SIGNING_KEY: key } }));
        }
      }
      const allowed = printed.map(({ code }) => code === 0);
      assertEquals(allowed.slice(0, 4), [true, true, true, true]);
      assert(allowed.slice(4).every((allow) => !allow));
      const texts = await everything(dir, printed);
      assert(texts.get("work/cmdlines.txt")?.includes("gate eval"), "the listing saw the process");
      assertHidden(texts, [...needlesOfText(SECRET), ...needlesOfKey(key)]);
    }),
});

Deno.test({
  name: "an enforced command sees neither keys nor broker secrets",
  ignore: !LINUX,
  fn: () =>
    inFolder(async (dir) => {
      const key = await prepare(dir);
      await put(
        dir,
        "in/show.sh",
        `${LISTING}env > environment.txt\ncat /proc/$PPID/cmdline > parent.txt\n`,
      );
      const env = { GAIT_BROKER_TOKEN_X: SECRET, SIGNING_KEY: key, KEPT: "kept" };
      const line = [
        "enforce",
        "--policy",
        "policy.yaml",
        ...BY_ENV,
        "--json",
        "--",
        "sh",
        "in/show.sh",
      ];
      const ran = await gait(dir, line, { env });
      assertEquals([ran.code, ran.json.verdict], [0, "allow"], ran.stdout);
      const texts = await everything(dir, [ran]);
      assert(texts.get("work/environment.txt")?.includes("KEPT=kept"));
      assertHidden(texts, [...needlesOfText(SECRET), ...needlesOfKey(key)]);
    }),
});

Deno.test({
  name: "no command that makes, shows or uses a key prints its private half, not even in errors",
  ignore: !LINUX,
  fn: () =>
    inFolder(async (dir) => {
      const key = await prepare(dir);
      const bytes = key.trim();
      const env = {
        SIGNING_KEY: key,
        CUT: bytes.slice(0, -8),
        LONG: `${bytes}AAAA`,
        TWISTED: bytes.slice(0, 44) + bytes.slice(0, 44),
        JSON_KEY: JSON.stringify({ key: bytes }),
      };
      const printed: Finished[] = [];
      const lines = [
        ["keys", "show", "--private-key", `${KEYS}/gait_private.key`],
        ["keys", "verify", "--private-key", `${KEYS}/gait_private.key`],
        ["keys", "rotate"],
        ["gate", "eval", "--policy", `${KEYS}/gait_private.key`, "--intent", "intent.json"],
        ["gate", "eval", "--policy", "policy.yaml", "--intent", `${KEYS}/gait_private.key`],
        ["policy", "validate", `${KEYS}/gait_private.key`],
        ["config", "validate", `${KEYS}/gait_private.key`],
        ["trace", "verify", `${KEYS}/gait_private.key`, "--public-key", `${KEYS}/gait_public.key`],
        ["keys", "show", "--public-key", `${KEYS}/gait_private.key`],
        [
          "delegate",
          "verify",
          "--token",
          `${KEYS}/gait_private.key`,
          "--public-key",
          `${KEYS}/gait_public.key`,
        ],
        ...Object.keys(env).flatMap((name) => [
          ["keys", "verify", "--private-key-env", name],
          ["keys", "show", "--public-key-env", name],
          [...EVAL, "--key-mode", "prod", "--private-key-env", name],
          [
            "approve",
            "--policy",
            "policy.yaml",
            "--intent",
            "intent.json",
            "--ttl",
            "1h",
            "--approver",
            "a",
            "--reason-code",
            "r",
            "--key-mode",
            "prod",
            "--private-key-env",
            name,
          ],
        ]),
      ];
      for (const line of lines) {
        for (const flags of [[], ["--json"]]) {
          printed.push(await gait(dir, [...line, ...flags], { env }));
        }
      }
      assertHidden(await everything(dir, printed), needlesOfKey(key));
    }),
});
