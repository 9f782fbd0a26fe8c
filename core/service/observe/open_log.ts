/**
 * Opens the log: events go to standard error, requests where the operator wants them.
 *
 * @module
 */

import { utf8 } from "../../base/bytes.ts";
import { trim } from "../../base/text_rules.ts";
import type { AppendFile } from "../../ports/append.ts";
import { type ServiceLog, serviceLog } from "./access_log.ts";
import type { ServicePorts } from "../../ports/service_ports.ts";

/** A log with the way to close it. */
export interface OpenedLog {
  readonly log: ServiceLog;
  close(): void;
}

/** Appends lines in order; a line that cannot be written is lost, never a decision. */
function appender(file: AppendFile): (line: string) => void {
  let last: Promise<void> = Promise.resolve();
  return (line) => {
    last = last.then(() => file.append(utf8(line))).catch(() => {});
  };
}

/**
 * Opens it.
 *
 * @param target `off`, `stderr`, or a path.
 * @throws GaitError what opening the file throws
 */
export async function openLog(target: string, ports: ServicePorts): Promise<OpenedLog> {
  const events = (line: string) => ports.terminal.err(line);
  const plain = trim(target);
  if (plain === "" || plain === "off" || plain === "stderr") {
    const access = plain === "stderr" ? events : undefined;
    return { log: serviceLog({ events, access }, ports.clock), close: () => {} };
  }
  const file = await ports.appends.open(plain, { create: true });
  const log = serviceLog({ events, access: appender(file) }, ports.clock);
  return { log, close: () => file.close() };
}
