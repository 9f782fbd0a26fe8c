/**
 * The runtime's permission layer under Node: there is none, and nothing pretends otherwise (design: second
 * layer).
 *
 * @module
 */

import type { Sandbox } from "../../core/ports/sandbox.ts";

/** Permission layer of the host. */
export const nodeSandbox: Sandbox = {
  enforced: false,
  query: () => Promise.resolve("unknown"),
  drop: () => Promise.resolve(),
};
