import type { JsonObject, JsonValue } from "../../base/json_value.ts";
import { nearest } from "../../base/suggest.ts";
import { trim } from "../../base/text_rules.ts";
import { callError, given, givenObject, givenText, shownName } from "../_members.ts";
import { readArgs, requiredName } from "./envelope.ts";

const MEMBERS: readonly string[] = [
  "name",
  "args",
  "target",
  "targets",
  "arg_provenance",
  "skill_provenance",
  "delegation",
  "context",
  "created_at",
];

/** What the native envelope says. */
export interface NativeCall {
  readonly name: string;
  readonly args: JsonObject;
  readonly context: JsonObject;
  readonly targets: JsonValue | undefined;
  readonly argProvenance: JsonValue | undefined;
  readonly skillProvenance: JsonValue | undefined;
  readonly delegation: JsonValue | undefined;
  readonly createdAt: JsonValue | undefined;
}

/** Refuses members that no rule knows: arguments under a foreign name would be judged as none (P2, G11). */
function checkMembers(envelope: JsonObject): void {
  for (const name of Object.keys(envelope)) {
    if (MEMBERS.includes(name)) continue;
    const meant = nearest(name, MEMBERS);
    throw callError(
      `unknown member ${shownName(name)}`,
      shownName(name),
      meant === undefined
        ? "choose the adapter of this envelope, or remove the member"
        : `did you mean ${meant}? Names match exactly`,
    );
  }
}

/** The shorthand for one target (spec 04 §2.3). */
function shorthand(envelope: JsonObject): JsonValue | undefined {
  const value = trim(givenText(envelope, "target"));
  if (value === "") return undefined;
  if (value.includes("://")) return [{ kind: "url", value }];
  return [{ kind: value.includes("/") ? "path" : "host", value }];
}

/** Whether there are any targets; wrong types count, so that they are refused with the intent. */
function isFilled(value: JsonValue | undefined): boolean {
  return value !== undefined && !(Array.isArray(value) && value.length === 0);
}

/**
 * Reads the native envelope (spec 04 §2.1).
 *
 * @throws GaitError `call_invalid`
 */
export function readNative(envelope: JsonObject): NativeCall {
  checkMembers(envelope);
  const targets = given(envelope, "targets");
  const short = shorthand(envelope);
  return {
    name: requiredName(envelope, "name"),
    args: readArgs(given(envelope, "args"), { path: "args", text: false }),
    context: givenObject(envelope, "context") ?? {},
    targets: isFilled(targets) ? targets : short,
    argProvenance: given(envelope, "arg_provenance"),
    skillProvenance: given(envelope, "skill_provenance"),
    delegation: given(envelope, "delegation"),
    createdAt: given(envelope, "created_at"),
  };
}
