/** Program for Node: what tests/support/session_worker.ts does for a session or a log, over the Node ports. */

import fs from "node:fs";
import process from "node:process";
import { logAppender } from "../../core/journal/append_log.ts";
import { nodePorts } from "../../host/node/ports.ts";
import { appendEvents } from "../support/append_events.ts";

const [kind = "", path = "", count = "0", name = ""] = process.argv.slice(2);
const ports = await nodePorts("0.0.0-dev");

function say(text: string): void {
  fs.writeSync(1, `${text}\n`);
}

async function appendRecords(): Promise<void> {
  const appender = logAppender(path, ports);
  for (let i = 0; i < Number(count); i++) await appender.append({ name, i });
  say("done");
}

say("ready");
if (kind === "session") await appendEvents({ path, count: Number(count), name }, say, ports);
if (kind === "log") await appendRecords();
process.exit(0);
