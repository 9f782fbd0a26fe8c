/**
 * From declared needs to the runtime's flags.
 *
 * @module
 */

import { sortedSet } from "../../base/text_rules.ts";
import type { PermissionNeed } from "../../ports/sandbox.ts";

/**
 * Merges needs of the same kind: named values are united, a need for the whole kind wins.
 *
 * @returns One need for each kind, sorted by kind.
 */
export function unionOfNeeds(needs: readonly PermissionNeed[]): PermissionNeed[] {
  const kinds = sortedSet(needs.map((need) => need.kind)) as PermissionNeed["kind"][];
  return kinds.map((kind) => {
    const same = needs.filter((need) => need.kind === kind);
    const why = sortedSet(same.map((need) => need.why)).join("; ");
    if (same.some((need) => need.values === undefined)) return { kind, why };
    return { kind, values: sortedSet(same.flatMap((need) => need.values ?? [])), why };
  });
}

/** Flags for the runtime, in the order of the needs. */
export function permissionFlags(needs: readonly PermissionNeed[]): string[] {
  return needs.map(({ kind, values }) =>
    values === undefined ? `--allow-${kind}` : `--allow-${kind}=${values.join(",")}`
  );
}
