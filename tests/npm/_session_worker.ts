/** Program for Node: what tests/support/session_worker.ts does for a session, over the Node ports. */

import fs from "node:fs";
import process from "node:process";
import { GaitError } from "../../core/base/errors.ts";
import { sessionAppender } from "../../core/journal/append_events.ts";
import { nodePorts } from "../../host/node/ports.ts";

const [path = "", count = "0", name = ""] = process.argv.slice(2);
const appender = sessionAppender(path, await nodePorts("0.0.0-dev"));

function say(text: string): void {
  fs.writeSync(1, `${text}\n`);
}

say("ready");
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
process.exit(0);
