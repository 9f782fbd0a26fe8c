/**
 * One single-use approval and many processes that want it: exactly one gets it, also when processes are
 * killed at any moment. `deno task soak:approvals` runs the long form.
 */

import { assert, assertEquals } from "@std/assert";
import { intentText, POLICY } from "../unit/commands/_run.ts";
import { gait, inFolder, put } from "./_process.ts";
import { type Answer, startWorker, type Worker } from "./_workers.ts";

const ROUNDS = Number(Deno.env.get("GAIT_SOAK_ROUNDS") ?? "20");
const WORKERS = 32;
const SUBJECT = ["--policy", "policy.yaml", "--intent", "pay.json"];
const SIGNED = ["--key-mode", "prod", "--private-key", "gait-out/keys/gait_private.key"];
const POSIX = Deno.build.os !== "windows";

/** Keys, a policy and a call that needs one single-use approval. */
async function prepare(dir: string): Promise<void> {
  await put(dir, "policy.yaml", POLICY);
  await put(dir, "pay.json", intentText("tool.pay"));
  assertEquals((await gait(dir, ["keys", "init"])).code, 0);
  assertEquals((await gait(dir, ["keys", "init", "--prefix", "alice"])).code, 0);
}

/** Mints the approval of a round and returns the path of its file. */
async function mint(worker: Worker, name: string): Promise<string> {
  const answer = await worker.run([
    "approve",
    ...SUBJECT,
    "--ttl",
    "1h",
    "--approver",
    "alice",
    "--reason-code",
    name,
    "--out",
    `tokens/${name}.json`,
    "--key-mode",
    "prod",
    "--private-key",
    "gait-out/keys/alice_private.key",
  ]);
  assertEquals(answer?.exit, 0, answer?.stderr);
  return `tokens/${name}.json`;
}

/** The command line that presents a token. */
function evaluate(token: string): string[] {
  return [
    "gate",
    "eval",
    ...SUBJECT,
    ...SIGNED,
    "--no-config",
    "--approval-token",
    token,
    "--approval-public-key",
    "gait-out/keys/alice_public.key",
    "--json",
  ];
}

/** How often each verdict was given. */
function count(answers: readonly (Answer | undefined)[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const answer of answers) {
    const verdict = `${answer?.json?.verdict ?? "none"}/${answer?.exit ?? "dead"}`;
    counts[verdict] = (counts[verdict] ?? 0) + 1;
  }
  return counts;
}

Deno.test({
  name: `${WORKERS} processes and one single-use approval: one allow, ${ROUNDS} rounds`,
  ignore: !POSIX,
  fn: () =>
    inFolder(async (dir) => {
      await prepare(dir);
      const workers = await Promise.all(Array.from({ length: WORKERS }, () => startWorker(dir)));
      try {
        for (let round = 0; round < ROUNDS; round++) {
          const token = await mint(workers[0] as Worker, `r${round}`);
          const at = Date.now() + 50;
          const answers = await Promise.all(workers.map((one) => one.run(evaluate(token), at)));
          assertEquals(count(answers), { "allow/0": 1, "require_approval/4": WORKERS - 1 });
          for (const answer of answers) {
            if (answer?.exit === 0) continue;
            assert(answer?.json.reason_codes.includes("approval_token_consumed"));
          }
        }
      } finally {
        await Promise.all(workers.map((one) => one.stop()));
      }
    }),
});

Deno.test({
  name: "killing the winner at any moment never gives a second allow",
  ignore: !POSIX,
  fn: () =>
    inFolder(async (dir) => {
      await prepare(dir);
      const steady = await startWorker(dir);
      const rounds = Math.max(12, Math.floor(ROUNDS / 2));
      let wholeMs = 0;
      try {
        await steady.run(evaluate(await mint(steady, "warm")));
        for (let round = 0; round < rounds; round++) {
          const token = await mint(steady, `k${round}`);
          const victim = await startWorker(dir);
          await victim.run(["version"]);
          const began = performance.now();
          const first = victim.run(evaluate(token));
          // The first round measures a whole decision; the others end it ever later, up to its end.
          const delay = round === 0 ? 600_000 : wholeMs * 1.2 * round / rounds;
          const timer = setTimeout(() => victim.kill(), delay);
          const answer = await first;
          clearTimeout(timer);
          if (round === 0) wholeMs = performance.now() - began;
          if (answer !== undefined) victim.kill();
          await victim.stop();
          const second = await steady.run(evaluate(token));
          const allows = [answer, second].filter((each) => each?.json?.verdict === "allow").length;
          assert(allows <= 1, `round ${round}: two allows`);
          assert(second !== undefined && [0, 4].includes(second.exit), second?.stdout);
        }
      } finally {
        await steady.stop();
      }
    }),
});
