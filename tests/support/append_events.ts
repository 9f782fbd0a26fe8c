/** What workers of either runtime do on a session: append, and say how it went. */

import { GaitError } from "../../core/base/errors.ts";
import { sessionAppender } from "../../core/journal/append_events.ts";
import type { SessionPorts } from "../../core/journal/open_session.ts";

/** Appends events one after the other; each is told by its sequence and its time, ms, or by its failure. */
export async function appendEvents(
  work: { readonly path: string; readonly count: number; readonly name: string },
  say: (line: string) => void,
  ports: SessionPorts,
): Promise<void> {
  const appender = sessionAppender(work.path, ports);
  for (let i = 0; i < work.count; i++) {
    const began = performance.now();
    try {
      const { event } = await appender.append({ tool_name: `${work.name}-${i}`, verdict: "allow" });
      say(`${event.sequence} ${(performance.now() - began).toFixed(3)}`);
    } catch (error) {
      if (!(error instanceof GaitError)) throw error;
      say(`${error.category === "state_contention" ? "contention" : error.code} ${error.message}`);
    }
  }
}
