/**
 * A service that somebody took over, beside a confined evidence thread: it asks for files outside of the two
 * directories that the thread may write. Prints what became of each request, by its id.
 *
 * @module
 */

import { spawnServiceWorker } from "../../host/deno_worker.ts";

const [root = ""] = Deno.args;
const tasks = [
  { kind: "write", records: [{ kind: "create", name: "inside.json", text: "a" }] },
  { kind: "write", records: [{ kind: "create", name: "../outside.json", text: "a" }] },
  { kind: "append", journal: `${root}/outside.jsonl`, events: [{ event: {}, files: [] }] },
  { kind: "append", journal: `${root}/t/none.jsonl`, events: [{ event: {}, files: [] }] },
];

/** The code of the service. */
function takenOver(): void {
  const scope = globalThis as unknown as Worker;
  const given: { tasks: unknown[]; directory: string } = JSON.parse("GIVEN");
  scope.addEventListener("message", ({ data }) => {
    const port: MessagePort = data.port;
    const told: Record<string, string> = {};
    port.onmessage = ({ data: answer }) => {
      told[answer.id] = answer.failures[0]?.[1].code ?? "done";
      if (Object.keys(told).length === given.tasks.length) scope.postMessage(told);
    };
    port.postMessage({ kind: "open", directory: given.directory });
    given.tasks.forEach((task, id) => port.postMessage({ kind: "task", id, task }));
  });
}

const given = JSON.stringify(JSON.stringify({ tasks, directory: `${root}/t` }));
const code = `(${takenOver.toString().replace('"GIVEN"', () => given)})()`;
const nothing = { read: [], write: [], net: [], env: [] };
const own = [`${root}/t`, `${root}/s`];
const worker = spawnServiceWorker<never, Record<string, string>>(
  { module: new URL(`data:text/javascript,${encodeURIComponent(code)}`), needs: nothing },
  {
    module: new URL("../../evidence_worker.ts", import.meta.url),
    needs: { ...nothing, read: own, write: own, env: ["GAIT_SESSION_LOCK_PROFILE"] },
  },
);
worker.listen((told) => {
  // deno-lint-ignore no-console -- the result of this program
  console.log(JSON.stringify(told));
  worker.terminate();
}, (reason) => {
  throw new Error(reason);
});
