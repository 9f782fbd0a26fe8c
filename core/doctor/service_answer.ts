/**
 * Asking a running service for the settings that it really has (divergence O1). Whoever answers may be
 * anybody: the answer is bounded, and nothing in it is believed further than it is shown.
 *
 * @module
 */

import { GaitError } from "../base/errors.ts";
import { isJsonObject, type JsonObject } from "../base/json_value.ts";
import { LIMITS } from "../base/limits.ts";
import { isLoopback, urlAddress } from "../base/listen_address.ts";
import { parseJson } from "../text/json.ts";
import { told } from "./check.ts";
import type { DoctorPorts } from "./subject.ts";

/** Which service, and how to be let in. */
export interface ServiceQuestion {
  /** Base of the service, without path; from {@linkcode readServiceUrl}. */
  readonly url: URL;
  /** Bearer token; "" asks without one. */
  readonly token: string;
}

/** What came back. */
export type ServiceAnswer =
  | { readonly kind: "settings"; readonly settings: JsonObject }
  | { readonly kind: "unauthenticated"; readonly cause: string }
  | { readonly kind: "unusable"; readonly cause: string };

/** Route of the settings in force. */
const ROUTE = "/v1/config/effective";

/** A refusal of an address. */
function refuse(state: string): GaitError {
  return new GaitError("usage", `Cannot ask the service: ${state}`, {
    hint: "pass --service http://127.0.0.1:8787, or an https URL",
  });
}

/**
 * Reads the address of a service. Plain HTTP is for this machine only: the token would be seen by others.
 *
 * @param text `http://127.0.0.1:8787`, `https://gate.example:443`, …
 * @throws GaitError `usage`
 */
export function readServiceUrl(text: string): URL {
  if (!URL.canParse(text)) throw refuse("its address is no URL");
  const url = new URL(text);
  if (url.protocol !== "http:" && url.protocol !== "https:") {
    throw refuse("its address is no http URL");
  }
  if (url.username !== "" || url.password !== "") {
    throw refuse("its address holds a name or password");
  }
  if (url.pathname !== "/" || url.search !== "" || url.hash !== "") {
    throw refuse("its address has more than scheme, host and port");
  }
  const host = url.hostname.replace(/^\[|\]$/g, "");
  if (url.protocol === "http:" && !isLoopback(host)) {
    throw refuse("plain http off loopback would show the token to others");
  }
  return url;
}

/** Makes sure that the runtime lets us ask. @throws GaitError `permission_missing` */
async function needNetwork(url: URL, { sandbox }: DoctorPorts): Promise<void> {
  const host = urlAddress(url);
  const state = await sandbox.query({ kind: "net", values: [host], why: "ask the service" });
  if (!sandbox.enforced || state === "granted") return;
  throw new GaitError("permission_missing", `Cannot ask ${host}: not permitted`, {
    hint: `run with --allow-net=${host}`,
  });
}

/** Reads the body of a good answer. */
function readSettings(body: string | undefined): ServiceAnswer {
  if (body === undefined) {
    return { kind: "unusable", cause: "its answer is too long, broke off, or is no text" };
  }
  try {
    const settings = parseJson(body, { source: "answer", maxBytes: LIMITS.doctorAnswerBytes });
    if (isJsonObject(settings) && settings.service === "gait.mcp.serve") {
      return { kind: "settings", settings };
    }
  } catch {
    // Told below: the answer is quoted nowhere.
  }
  return { kind: "unusable", cause: "what answers is no gait service" };
}

/**
 * Asks.
 *
 * @throws GaitError `permission_missing`, `dependency_missing`
 */
export async function askService(
  { url, token }: ServiceQuestion,
  ports: DoctorPorts,
): Promise<ServiceAnswer> {
  const { httpReader, version } = ports;
  if (/[^\x21-\x7e]/.test(token)) {
    return { kind: "unauthenticated", cause: "the token has characters that no header takes" };
  }
  if (httpReader === undefined) {
    throw new GaitError("dependency_missing", "Cannot ask the service: this build has no network");
  }
  await needNetwork(url, ports);
  const { status, body } = await httpReader.get({
    url: `${url.origin}${ROUTE}`,
    accept: "application/json",
    authorization: token === "" ? "" : `Bearer ${token}`,
    userAgent: `gait-doctor/${version}`,
    timeoutMs: LIMITS.doctorAskMs,
    answerBytes: LIMITS.doctorAnswerBytes,
  });
  if (status === 200) return readSettings(body);
  if (status === 0) return { kind: "unusable", cause: "it does not answer" };
  if (status === 401) {
    const cause = token === "" ? "it wants a token" : "it does not take the token";
    return { kind: "unauthenticated", cause };
  }
  return { kind: "unusable", cause: told(`it answers with status ${status}`) };
}
