/**
 * Permission needs that several commands share.
 *
 * @module
 */

import type { PermissionNeed } from "../../ports/sandbox.ts";

/** Reading what the caller names. */
export const INPUT_NEED: PermissionNeed = { kind: "read", why: "input files" };

/** Writing what the command produces. */
export const OUTPUT_NEED: PermissionNeed = { kind: "write", why: "output files" };

/** Variables that decide about colours. */
export const COLOUR_NEED: PermissionNeed = {
  kind: "env",
  values: ["NO_COLOR", "TERM"],
  why: "colours",
};

/** Variables that locate runpacks by their run id, and decide about colours. */
export const RUNPACK_NEED: PermissionNeed = {
  kind: "env",
  values: ["HOME", "USERPROFILE", "NO_COLOR", "TERM"],
  why: "runpacks by run id, colours",
};
