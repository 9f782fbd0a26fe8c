/**
 * The runtime's permission layer over Deno. It queries and drops; it never prompts.
 *
 * @module
 */

import type { PermissionNeed, Sandbox } from "../core/ports/sandbox.ts";

/** Descriptor of a need for one value. */
function descriptor(kind: PermissionNeed["kind"], value?: string): Deno.PermissionDescriptor {
  if (value === undefined) return { name: kind };
  switch (kind) {
    case "read":
    case "write":
      return { name: kind, path: value };
    case "env":
      return { name: kind, variable: value };
    case "run":
      return { name: kind, command: value };
    case "net":
      return { name: kind, host: value };
    case "sys":
      return { name: kind };
  }
}

/** State of a permission: granted when every value is. */
function query(need: PermissionNeed): Promise<"granted" | "denied" | "unknown"> {
  const values = need.values ?? [undefined];
  const all = values.every((value) =>
    Deno.permissions.querySync(descriptor(need.kind, value)).state === "granted"
  );
  return Promise.resolve(all ? "granted" : "denied");
}

/** Gives up a whole kind. */
function drop(kind: PermissionNeed["kind"]): Promise<void> {
  Deno.permissions.revokeSync({ name: kind });
  return Promise.resolve();
}

/** Permission layer of the host. */
export const denoSandbox: Sandbox = { enforced: true, query, drop };
