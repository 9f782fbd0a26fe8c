/**
 * A long-lived process that appends to a session or a log. It prints one line for each acknowledgement:
 * `<sequence> <wait in ms>`, and `contention` for each refusal.
 *
 * Arguments: `session|log|hold` path count.
 */

import { logAppender } from "../../core/journal/append_log.ts";
import { denoPorts } from "../../host/deno_ports.ts";
import { appendEvents } from "./append_events.ts";

const [kind = "", path = "", count = "0", name = ""] = Deno.args;
const ports = denoPorts("0.0.0-dev");
const encoder = new TextEncoder();

function say(text: string): void {
  Deno.stdout.writeSync(encoder.encode(`${text}\n`));
}

async function appendRecords(): Promise<void> {
  const appender = logAppender(path, ports);
  // Two at a time, so that group commit is part of it.
  for (let i = 0; i < Number(count); i += 2) {
    const records = [i, i + 1].filter((each) => each < Number(count));
    await Promise.all(records.map((each) => appender.append({ name, i: each })));
  }
  say("done");
}

/** Takes the lock and keeps it until it is killed. */
async function hold(): Promise<void> {
  const options = { waitMs: 10_000, staleMs: 300_000, style: "session" } as const;
  await ports.locks.withLock(`${path}.lock`, options, async (lock) => {
    say("held");
    for (;;) {
      await ports.clock.sleep(20);
      await lock.confirm();
    }
  });
}

say("ready");
if (kind === "session") await appendEvents({ path, count: Number(count), name }, say, ports);
if (kind === "log") await appendRecords();
if (kind === "hold") await hold();
