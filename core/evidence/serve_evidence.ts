/**
 * The evidence thread's half: it does what the service asks for, and says how it went.
 *
 * @module
 */

import { type PlainError, toPlainError } from "../base/plain_error.ts";
import type { SessionPorts } from "../journal/open_session.ts";
import type { EvidenceThread } from "../ports/evidence_thread.ts";
import type { DirectoryGroup } from "../wal/directory_group.ts";
import { type GroupedPorts, LocalGroup } from "../wal/local_group.ts";
import type { SegmentRecord } from "../wal/segment_record.ts";
import { Journals } from "./journals.ts";
import type { Done, EvidenceTask, FromEvidence, ToEvidence } from "./messages.ts";
import { WorkInHand } from "./work_in_hand.ts";

/** What the thread needs of the world. */
export type EvidencePorts = GroupedPorts & SessionPorts;

/** Runs steps at the same time, so that they share a sync, and collects what failed. */
async function runAll(steps: readonly (() => Promise<void>)[]): Promise<Done> {
  const failures: [number, PlainError][] = [];
  await Promise.all(steps.map((step, at) =>
    step().catch((error) => {
      failures.push([at, toPlainError(error)]);
    })
  ));
  return { failures, sequences: [] };
}

/** What one record asks for. */
function stepOf(record: SegmentRecord, group: DirectoryGroup): () => Promise<void> {
  return record.kind === "create"
    ? () => group.create(record.name, record.text)
    : () => group.remove(record.name);
}

/** Does one task. */
async function perform(
  task: EvidenceTask,
  group: LocalGroup,
  journals: Journals,
): Promise<Done> {
  switch (task.kind) {
    case "write":
      return await runAll(task.records.map((record) => stepOf(record, group)));
    case "append":
      return await journals.append(task.journal, task.events, group);
    case "check":
      return await runAll([() => group.check(task)]);
    case "maintain":
      return await runAll([() => group.maintain()]);
    case "close":
      return await runAll([() => group.close(), () => journals.idle()]);
  }
}

/**
 * Works until the service ends the thread.
 *
 * @param inHand Counts what is under way, for ports that want to know.
 */
export function serveEvidence(
  service: Pick<EvidenceThread, "send" | "listen">,
  ports: EvidencePorts,
  inHand: WorkInHand = new WorkInHand(),
): void {
  let group: LocalGroup | undefined;
  const journals = new Journals(ports);
  async function hear(message: ToEvidence): Promise<void> {
    if (message.kind === "open") {
      group = new LocalGroup(message.directory, ports);
      return;
    }
    // Without a directory the service has a bug; the thread breaks down, and nothing is acknowledged.
    if (group === undefined) throw new TypeError("Cannot write evidence: no directory was opened");
    const { task } = message;
    const opened = group;
    const done = await inHand.during(task.kind, () => perform(task, opened, journals));
    const answer: FromEvidence = { id: message.id, ...done, segments: group.segments };
    service.send(answer);
  }
  service.listen((message) => void hear(message as ToEvidence), () => {});
}
