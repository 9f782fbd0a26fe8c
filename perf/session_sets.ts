/**
 * Sessions of any length for benches, written at once.
 *
 * @module
 */

import { RunningSha256, sha256HexOfText } from "../core/digest/running_sha256.ts";
import { sessionAppender } from "../core/journal/append_events.ts";
import { startSession } from "../core/journal/start_session.ts";
import { encodeJournalLine, orderedEvent } from "../core/session/records.ts";
import { Replay } from "../core/session/replay.ts";
import { encodeState } from "../core/session/state.ts";
import { denoPorts } from "../host/deno_ports.ts";

/** Ports of the host. */
export const hostPorts = denoPorts("0.0.0-dev");

/** A typical event. */
export const EVENT = {
  intent_id: "intent_1",
  tool_name: "file.write",
  intent_digest: "8e35c2cd3bf6641bdb0e2050b76932cbb2e6034a0ddacc1d9bea82a6ba57f7cf",
  policy_digest: "50e721e49c013f00c62cf59f2163542a9d8df02464efeb615d31051b0fddc326",
  trace_id: "trace_1",
  verdict: "allow",
  reason_codes: ["matched_rule_allow"],
} as const;

/** Writes a session of `count` events with its state. */
export async function writeSession(journal: string, count: number): Promise<void> {
  await startSession(journal, { session_id: "bench", run_id: "run_bench" }, hostPorts);
  const head = await Deno.readTextFile(journal);
  const replay = new Replay();
  replay.takeLine(head.trimEnd());
  const hash = new RunningSha256();
  let lines: string[] = [];
  // In pieces, because a million events do not fit into one string.
  const flush = async () => {
    const data = new TextEncoder().encode(lines.join(""));
    lines = [];
    hash.update(data);
    await Deno.writeFile(journal, data, { append: true });
  };
  hash.update(new TextEncoder().encode(head));
  for (let sequence = 1; sequence <= count; sequence++) {
    const event = orderedEvent({
      ...EVENT,
      // Digests and ids differ from call to call, as they do in a real session.
      intent_id: `intent_${sequence}`,
      intent_digest: sha256HexOfText(`intent ${sequence}`),
      trace_id: `trace_${sha256HexOfText(`trace ${sequence}`).slice(0, 24)}`,
      schema_id: "gait.runpack.session_event",
      schema_version: "1.0.0",
      created_at: "2026-11-23T01:49:02.872651617Z",
      producer_version: "0.0.0-dev",
      session_id: "bench",
      run_id: "run_bench",
      sequence,
    });
    replay.take({ kind: "event", event });
    lines.push(encodeJournalLine({ kind: "event", event }));
    if (lines.length === 10_000) await flush();
  }
  await flush();
  await Deno.writeTextFile(
    `${journal}.state.json`,
    encodeState({
      tip: replay.tip(),
      hash,
      updatedAt: "2026-11-23T01:49:02Z",
      producerVersion: "0.0.0-dev",
    }),
  );
}

/** Appends to a journal, one event per call. */
export function appendCase(journal: string): () => Promise<unknown> {
  const appender = sessionAppender(journal, hostPorts);
  return () => appender.append(EVENT);
}
