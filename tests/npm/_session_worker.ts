/** Program for Node: what tests/support/session_worker.ts does for a session or a log, over the Node ports. */

import fs from "node:fs";
import process from "node:process";
import { GaitError } from "../../core/base/errors.ts";
import { sessionAppender } from "../../core/journal/append_events.ts";
import { logAppender } from "../../core/journal/append_log.ts";
import { nodePorts } from "../../host/node/ports.ts";

const [kind = "", path = "", count = "0", name = ""] = process.argv.slice(2);
const ports = await nodePorts("0.0.0-dev");

function say(text: string): void {
  fs.writeSync(1, `${text}\n`);
}

async function appendEvents(): Promise<void> {
  const appender = sessionAppender(path, ports);
  for (let i = 0; i < Number(count); i++) {
    const began = performance.now();
    try {
      const { event } = await appender.append({ tool_name: `${name}-${i}`, verdict: "allow" });
      say(`${event.sequence} ${(performance.now() - began).toFixed(3)}`);
    } catch (error) {
      if (!(error instanceof GaitError)) throw error;
      say(`${error.category === "state_contention" ? "contention" : error.code} ${error.message}`);
    }
  }
}

async function appendRecords(): Promise<void> {
  const appender = logAppender(path, ports);
  for (let i = 0; i < Number(count); i++) await appender.append({ name, i });
  say("done");
}

say("ready");
if (kind === "session") await appendEvents();
if (kind === "log") await appendRecords();
process.exit(0);
