import { isJsonObject, type JsonObject, type JsonValue } from "../base/json_value.ts";
import { nearest } from "../base/suggest.ts";
import { callError, given, shownName } from "./_members.ts";
import { type CallSupplement, SUPPLEMENT_MEMBERS } from "./call_request.ts";

/** Whether a name is that of a supplement. */
function isSupplementMember(name: string): name is typeof SUPPLEMENT_MEMBERS[number] {
  return (SUPPLEMENT_MEMBERS as readonly string[]).includes(name);
}

/** The supplement in an object that may hold other members too, such as an HTTP request. */
function pickSupplement(object: JsonObject): CallSupplement {
  const out: { -readonly [Name in keyof CallSupplement]: CallSupplement[Name] } = {};
  for (const name of SUPPLEMENT_MEMBERS) {
    const value = given(object, name);
    if (value !== undefined) out[name] = value;
  }
  return out;
}

/**
 * Reads a document that holds nothing but a supplement.
 *
 * @throws GaitError `call_invalid`
 */
export function readSupplement(value: JsonValue): CallSupplement {
  if (!isJsonObject(value)) throw callError("what stands beside the call must be an object", "");
  const unknown = Object.keys(value).find((name) => !isSupplementMember(name));
  if (unknown !== undefined) {
    const meant = nearest(unknown, SUPPLEMENT_MEMBERS);
    throw callError(
      `unknown member ${shownName(unknown)} beside the call`,
      shownName(unknown),
      meant === undefined ? `use ${SUPPLEMENT_MEMBERS.join(", ")}` : `did you mean ${meant}?`,
    );
  }
  return pickSupplement(value);
}
