/**
 * What a fixture should lead to, written beside it as `<name>.expect.json`.
 *
 * @module
 */

import { GaitError } from "../base/errors.ts";
import { isJsonObject, type JsonValue } from "../base/json_value.ts";
import { LIMITS } from "../base/limits.ts";
import { nearest } from "../base/suggest.ts";
import { sortedSet } from "../base/text_rules.ts";
import type { Files } from "../ports/files.ts";
import { parseJson } from "../text/json.ts";
import type { Evaluation } from "./evaluate_only.ts";
import { EXPECTATION_SUFFIX } from "./fixtures.ts";

/** Members that an expectation may have; absent ones are not compared. */
const MEMBERS = ["verdict", "reason_codes", "violations", "matched_rule"] as const;
type Member = typeof MEMBERS[number];

/** An expectation. */
export type Expectation = Partial<Record<Member, JsonValue>>;

/** Path of the expectation of a fixture. */
function expectationPath(fixture: string): string {
  return fixture.replace(/\.json$/i, EXPECTATION_SUFFIX);
}

/**
 * Reads the expectation of a fixture.
 *
 * @returns `undefined` when there is none.
 * @throws GaitError `schema_violation` for members that do not exist
 */
export async function readExpectation(
  fixture: string,
  files: Files,
): Promise<Expectation | undefined> {
  const path = expectationPath(fixture);
  if (await files.stat(path) === undefined) return undefined;
  const value = parseJson(await files.read(path, { maxBytes: LIMITS.recordBytes }), {
    source: path,
  });
  if (!isJsonObject(value)) {
    throw new GaitError("schema_violation", `Cannot use ${path}: it is not a JSON object`);
  }
  const unknown = Object.keys(value).find((key) => !MEMBERS.some((member) => member === key));
  if (unknown !== undefined) {
    const near = nearest(unknown, MEMBERS);
    throw new GaitError("schema_violation", `Unknown member ${unknown} in an expectation`, {
      place: { source: path, path: unknown },
      hint: near === undefined ? `use ${MEMBERS.join(", ")}` : `did you mean ${near}?`,
    });
  }
  return value;
}

/** The comparable form of what a policy said. */
function observed(evaluation: Evaluation): Record<Member, JsonValue> {
  const { decision } = evaluation;
  return {
    verdict: decision.verdict,
    reason_codes: [...decision.reason_codes],
    violations: [...decision.violations],
    matched_rule: decision.rule?.name ?? null,
  };
}

/** Lists are compared as sets. */
function comparable(value: JsonValue | undefined): string {
  const list = Array.isArray(value) && value.every((item) => typeof item === "string");
  return JSON.stringify(list ? sortedSet(value as string[]) : value ?? null);
}

/** What does not fit: `verdict: expected "block", got "allow"`. */
export function unmetExpectations(expected: Expectation, evaluation: Evaluation): string[] {
  const actual = observed(evaluation);
  return MEMBERS.filter((member) =>
    Object.hasOwn(expected, member) && comparable(expected[member]) !== comparable(actual[member])
  ).map((member) =>
    `${member}: expected ${comparable(expected[member])}, got ${comparable(actual[member])}`
  );
}
