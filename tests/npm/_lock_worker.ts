/** Program for Node: adds to a counter file under a lock, and says so after each time. */

import fs from "node:fs";
import process from "node:process";
import { nodeLocks } from "../../host/node/locks.ts";

const [dir = ".", rounds = "0"] = process.argv.slice(2);
const counter = `${dir}/counter`;
const options = { waitMs: 20_000, staleMs: 60_000, style: "session" as const };

for (let i = 0; i < Number(rounds); i++) {
  await nodeLocks.withLock(`${dir}/l.lock`, options, async (lock) => {
    const value = Number(fs.readFileSync(counter, "utf8"));
    // Others run meanwhile: without the lock this loses updates.
    await new Promise((resolve) => setTimeout(resolve, 1));
    await lock.confirm();
    // In one step, so that a kill leaves the old number or the new one.
    fs.writeFileSync(`${counter}.${process.pid}`, String(value + 1));
    fs.renameSync(`${counter}.${process.pid}`, counter);
    fs.writeSync(1, "+");
  });
}
