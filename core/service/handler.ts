/**
 * From a request to its answer: routes, checks in a fixed order, limits, and the one place where failures
 * become answers. It never throws, and what it cannot decide it does not allow (divergence W5).
 *
 * @module
 */

import { GaitError, toGaitError } from "../base/errors.ts";
import type { Profile } from "../enforce/request.ts";
import type { CallWarning } from "../mcp/call_request.ts";
import type { Clock } from "../ports/clock.ts";
import type { Digester } from "../ports/digest.ts";
import type { HttpHandler, HttpReply, HttpRequest } from "../ports/http.ts";
import type { ServiceLog } from "./observe/access_log.ts";
import { authenticate, type AuthRule, type Caller } from "./access/auth.ts";
import { checkContentType } from "./request/content_type.ts";
import { type DecidedRequest, type Decider, decideRequest } from "./decide/decide_request.ts";
import { decisionBody, type VerdictStatus, verdictStatus } from "./answer/decision_body.ts";
import { decodeEvaluateBody } from "./request/evaluate_body.ts";
import { faultOf } from "./answer/fault.ts";
import { checkHost, type HostRule } from "./access/host_rule.ts";
import type { Metrics } from "./observe/metrics.ts";
import { readBody } from "./request/read_body.ts";
import { cleanRequestPath, requestPath, requestQuery } from "./request/request_path.ts";
import {
  decisionResponse,
  faultResponse,
  type Framing,
  jsonResponse,
  notFoundResponse,
  redirectResponse,
  textResponse,
} from "./answer/respond.ts";
import type { Turns } from "./decide/turns.ts";

/** What the handler works with. */
export interface HandlerSetup {
  readonly hosts: HostRule;
  readonly auth: AuthRule;
  readonly maxRequestBytes: number;
  readonly verdictStatus: VerdictStatus;
  readonly profile: Profile;
  readonly decider: Decider;
  readonly turns: Turns;
  readonly metrics: Metrics;
  readonly log: ServiceLog;
  readonly clock: Clock;
  readonly digester: Digester;
  /** Warnings of every answer (divergence W8). */
  readonly warnings: readonly CallWarning[];
  /** Retention; its warnings go into the answer. */
  afterDecision(): Promise<readonly CallWarning[]>;
  /** Why the service is not ready; empty when it is. */
  notReady(): readonly string[];
  /** Effective settings, without secrets. */
  effectiveConfig(): Readonly<Record<string, unknown>>;
}

/** A request on its way. */
interface Exchange {
  readonly request: HttpRequest;
  /** Path as it was sent. */
  readonly path: string;
  readonly setup: HandlerSetup;
  /** Facts for the log, filled on the way. */
  readonly facts: Record<string, string | number | boolean>;
}

/** One route. */
interface Route {
  readonly method: "GET" | "POST";
  /** Whether a token is needed in token mode. */
  readonly guarded: boolean;
  answer(exchange: Exchange, caller: Caller): Promise<HttpReply>;
}

/** Route of a framing. */
function evaluateRoute(framing: Framing): Route {
  return {
    method: "POST",
    guarded: true,
    answer: (exchange, caller) => evaluate(exchange, caller, framing),
  };
}

const ROUTES: ReadonlyMap<string, Route> = new Map<string, Route>([
  ["/healthz", {
    method: "GET",
    guarded: false,
    answer: () => Promise.resolve(jsonResponse(200, { ok: true, service: "gait.mcp.serve" })),
  }],
  ["/readyz", { method: "GET", guarded: false, answer: readiness }],
  ["/metrics", {
    method: "GET",
    guarded: true,
    answer: ({ setup }) => Promise.resolve(textResponse(setup.metrics.render())),
  }],
  ["/v1/config/effective", {
    method: "GET",
    guarded: true,
    answer: ({ setup }) =>
      Promise.resolve(jsonResponse(200, { ok: true, ...setup.effectiveConfig() })),
  }],
  ["/v1/evaluate", evaluateRoute("json")],
  ["/v1/evaluate/sse", evaluateRoute("sse")],
  ["/v1/evaluate/stream", evaluateRoute("ndjson")],
]);

/** Paths and methods, for the check of the OpenAPI document. */
export const ROUTE_METHODS: readonly (readonly [path: string, method: string])[] = [...ROUTES]
  .map(([path, { method }]) => [path, method] as const);

/** Says whether the service can decide. */
function readiness({ setup }: Exchange): Promise<HttpReply> {
  const reasons = setup.notReady();
  const ok = reasons.length === 0;
  return Promise.resolve(jsonResponse(ok ? 200 : 503, { ok, reasons }));
}

/** Decides within a turn. */
async function decide(
  exchange: Exchange,
  caller: Caller,
): Promise<{ readonly decided: DecidedRequest; readonly afterwards: readonly CallWarning[] }> {
  const { request, setup, facts } = exchange;
  const data = await readBody(request, setup.maxRequestBytes);
  facts.bytes = data.length;
  const body = decodeEvaluateBody(data);
  return await setup.turns.take(async () => {
    const began = setup.clock.monotonic();
    const decided = await decideRequest(body, caller, setup.decider);
    setup.metrics.observe(setup.clock.monotonic() - began);
    const { record } = decided.outcome;
    setup.metrics.add("gait_decisions_total", record.outcome.verdict);
    facts.verdict = record.outcome.verdict;
    facts.trace_id = record.outcome.trace.trace_id;
    facts.event_id = record.event.event_id;
    facts.run_id = record.runId;
    facts.tool_name = record.intent.tool_name;
    facts.identity = record.intent.context.identity;
    return { decided, afterwards: await setup.afterDecision() };
  });
}

/** Answers an evaluate request. */
async function evaluate(exchange: Exchange, caller: Caller, framing: Framing): Promise<HttpReply> {
  const { request, setup } = exchange;
  checkContentType(request.headers);
  const { decided, afterwards } = await decide(exchange, caller);
  const { verdict } = decided.outcome.record.outcome;
  const status = verdictStatus(verdict, setup.verdictStatus);
  const body = decisionBody(decided.outcome, {
    profile: setup.profile,
    spelledTrace: decided.spelledTrace,
    spelledRunpack: decided.spelledRunpack,
    standing: setup.warnings,
    afterwards,
  });
  return decisionResponse(status, body, framing);
}

/** Runs a route's checks and the route. Method, host, authentication, then the rest (spec 04 §3). */
async function runRoute(route: Route, exchange: Exchange): Promise<HttpReply> {
  const { request, setup } = exchange;
  if (request.method !== route.method) {
    throw new GaitError("method_not_allowed", `expected ${route.method}`);
  }
  checkHost(request, setup.hosts);
  const caller = route.guarded
    ? await authenticate(request.headers, setup.auth, setup.digester)
    : {};
  return await route.answer(exchange, caller);
}

/** The answer to a failure. */
function failed(thrown: unknown, route: Route, exchange: Exchange): HttpReply {
  const { setup, facts } = exchange;
  const fault = faultOf(thrown);
  facts.error_code = fault.error_code;
  setup.metrics.add("gait_failures_total", fault.error_code);
  if (fault.status >= 500 && fault.error_code !== "service_busy") {
    const error = toGaitError(thrown);
    setup.log.event("failure", { error_code: error.code, error: error.located });
  }
  return faultResponse(fault, fault.status === 405 ? { allow: route.method } : {});
}

/** Finds and runs the route. */
async function answer(exchange: Exchange): Promise<HttpReply> {
  const { path } = exchange;
  const clean = cleanRequestPath(path);
  if (clean !== path) return redirectResponse(`${clean}${requestQuery(exchange.request.target)}`);
  const route = ROUTES.get(path);
  if (route === undefined) return notFoundResponse();
  try {
    return await runRoute(route, exchange);
  } catch (thrown) {
    return failed(thrown, route, exchange);
  }
}

/** Makes the handler. */
export function createHandler(setup: HandlerSetup): HttpHandler {
  return async (request) => {
    const began = setup.clock.monotonic();
    const facts: Exchange["facts"] = {};
    const path = requestPath(request.target);
    const reply = await answer({ request, path, setup, facts });
    setup.metrics.add("gait_http_responses_total", String(reply.status));
    setup.log.access({
      peer: request.peer,
      method: request.method,
      path,
      status: reply.status,
      ms: Math.round((setup.clock.monotonic() - began) * 1000) / 1000,
      ...facts,
    });
    return reply;
  };
}
