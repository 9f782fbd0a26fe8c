/**
 * The store of spent approvals: where it cannot be read, every approval that works once is refused
 * (divergence G13).
 *
 * @module
 */

import { readConsumptionStore, storeMarker } from "../approval/consumption.ts";
import { LIMITS } from "../base/limits.ts";
import { userApprovalStore } from "../config/user_paths.ts";
import { causeOf, type Check, checkOf, failed, passed, pathArgument, warned } from "./check.ts";
import { lockFindings } from "./lock_files.ts";
import { lookAt, mayOthers, needRegular } from "./look.ts";
import { type DoctorPorts, settingPath, type Subject } from "./subject.ts";

const NAME = "approval_store";

/** A store that is not there: there never was one, or it was lost. */
async function whenMissing(path: string, ports: DoctorPorts): Promise<Check> {
  if (await ports.files.stat(storeMarker(path)) === undefined) {
    return passed(NAME, "no approval was spent yet");
  }
  const message = `approval store was lost: tokens minted before its next use are refused: ${path}`;
  return warned(NAME, message, {
    hint: "restore the file from a backup, or mint new tokens",
  });
}

/** Reads the store that commands would use. */
export async function checkApprovalStore(subject: Subject, ports: DoctorPorts): Promise<Check> {
  const path = settingPath(subject, "gate.approval_store") || userApprovalStore(ports.env);
  if (path === "") {
    const hint = "set HOME, or gate.approval_store";
    return warned(NAME, "no place for the store of spent approvals", { hint });
  }
  try {
    if (await lookAt(path, ports.files) === undefined) return await whenMissing(path, ports);
    const info = await needRegular(path, ports.files);
    const data = await ports.files.read(path, { maxBytes: LIMITS.stateBytes });
    const { spent } = readConsumptionStore(data, { source: path });
    if (mayOthers(info, 0o022)) {
      return warned(NAME, `approval store is writable by others: ${path}`, {
        fixCommand: `chmod go-w ${pathArgument(path)}`,
      });
    }
    const locks = await lockFindings(`${path}.lock`, "approval store lock", ports);
    return checkOf(NAME, locks, `${spent.size} spent approvals are remembered`);
  } catch (error) {
    return failed(NAME, `approvals that work once are refused: ${causeOf(error)}`, {
      hint: "restore the file from a backup; without it spent approvals are forgotten",
    });
  }
}
