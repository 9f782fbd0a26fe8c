import { assertEquals, assertRejects } from "@std/assert";
import { GaitError } from "../../../core/base/errors.ts";
import { loadPolicy } from "../../../core/enforce/loaded_policy.ts";
import type { DecisionEvent, DecisionSink } from "../../../core/export/decision_event.ts";
import { resolveSigningKey } from "../../../core/keys/resolve_signing_key.ts";
import { type CallRequest, FALLBACK_CONTEXT } from "../../../core/mcp/call_request.ts";
import { evaluateCall } from "../../../core/mcp/evaluate_call.ts";
import { outcomeMembers } from "../../../core/mcp/outcome_members.ts";
import { readCall } from "../../../core/mcp/read_call.ts";
import { type MemoryWorld, memoryWorld } from "../../support/memory_ports.ts";
import { names, POLICY } from "../commands/_run.ts";

const CALL = {
  name: "tool.read",
  context: { identity: "mallory", session_id: "s1", run_id: "own" },
};

/** A request as a service would make it. */
async function requestOf(
  world: MemoryWorld,
  change: Partial<CallRequest> = {},
): Promise<CallRequest> {
  const { ports } = world;
  world.files.put("policy.yaml", POLICY);
  const none = () => Promise.resolve([]);
  return {
    call: readCall(CALL, { adapter: "mcp" }),
    enforcement: {
      policy: await loadPolicy("policy.yaml", ports),
      profile: "standard",
      simulate: false,
      signing: () => resolveSigningKey({ keyMode: "dev" }, ports),
      keyVariables: [],
      approval: { tokens: none, keys: undefined, reference: "", storePath: "" },
      delegation: { tokens: none, keys: undefined },
      broker: {
        kind: "off",
        envPrefix: "",
        reference: "",
        scopes: [],
        command: "",
        commandArgs: [],
      },
      rateLimitState: "state.json",
      outputs: { trace: "", approvalAudit: "", delegationAudit: "", credentialEvidence: "" },
      correlationId: "c".repeat(24),
    },
    traceDirectory: "traces",
    source: "request",
    adapterLabel: "mcp",
    runId: "",
    sessionId: "",
    fallback: FALLBACK_CONTEXT,
    inferTargets: false,
    sinks: [],
    ...change,
  };
}

/** A sink that remembers. */
function memorySink(told: string[]): DecisionSink {
  const note = (what: string) => (event: DecisionEvent) => {
    told.push(`${what} ${event.run_id}`);
    return Promise.resolve();
  };
  return {
    member: "log_export",
    destination: "log",
    tell: note("told"),
    withdraw: note("withdrew"),
  };
}

Deno.test("evaluateCall() lets what the transport proved win over the call's context", async () => {
  const world = memoryWorld();
  const provenContext = { identity: "alice", workspace: "/srv" };
  const { record } = await evaluateCall(await requestOf(world, { provenContext }), world.ports);
  const { identity, workspace, session_id } = record.intent.context;
  assertEquals([identity, workspace, session_id], ["alice", "/srv", "s1"]);
});

Deno.test("evaluateCall() keeps one run id per session", async () => {
  const asked: string[] = [];
  const sessionRunId = (session: string) => {
    asked.push(session);
    return Promise.resolve(session === "known" ? "run_first" : undefined);
  };
  const appendSession = () => Promise.resolve({ path: "journal" });
  const runIdOf = async (change: Partial<CallRequest>) => {
    const world = memoryWorld();
    const call = readCall({ name: "tool.read" }, { adapter: "mcp" });
    const request = await requestOf(world, { call, sessionRunId, appendSession, ...change });
    return (await evaluateCall(request, world.ports)).record.runId;
  };
  assertEquals(await runIdOf({ sessionId: "known" }), "run_first");
  assertEquals(await runIdOf({ sessionId: "known", runId: "mine" }), "run_mine");
  // A call that names a run of its own must not be booked under another one.
  const named = readCall(CALL, { adapter: "mcp" });
  assertEquals(await runIdOf({ sessionId: "known", call: named }), "run_own");
  assertEquals(await runIdOf({ call: named }), "run_own");
  assertEquals(asked, ["known", "known", "known", "s1"]);
});

Deno.test("evaluateCall() takes everything back when the session cannot be written", async () => {
  const world = memoryWorld();
  const told: string[] = [];
  const request = await requestOf(world, {
    sinks: [memorySink(told)],
    recordRunpack: async () => {
      await world.ports.files.create("rp.zip", new Uint8Array([1]));
      return { path: "rp.zip", undo: () => world.ports.files.remove("rp.zip") };
    },
    appendSession: () => Promise.reject(new GaitError("state_contention", "Cannot lock: busy")),
  });
  const before = names(world);
  const error = await assertRejects(() => evaluateCall(request, world.ports), GaitError);
  assertEquals(error.code, "state_contention");
  assertEquals(told, ["told run_own", "withdrew run_own"]);
  assertEquals(names(world), before);
});

Deno.test("evaluateCall() reports the failure, whatever taking back meets", async () => {
  const world = memoryWorld();
  const request = await requestOf(world, {
    recordRunpack: () =>
      Promise.resolve({ path: "rp.zip", undo: () => Promise.reject(new Error("undo failed")) }),
    appendSession: () => Promise.reject(new GaitError("lock_lost", "Cannot go on")),
  });
  const error = await assertRejects(() => evaluateCall(request, world.ports), GaitError);
  assertEquals(error.code, "lock_lost");
});

Deno.test("evaluateCall() answers with the members of the wire, in their order", async () => {
  const world = memoryWorld();
  const outcome = await evaluateCall(await requestOf(world), world.ports);
  const members = outcomeMembers(outcome);
  assertEquals(Object.keys(members).slice(0, 13), [
    "ok",
    "executed",
    "adapter",
    "run_id",
    "session_id",
    "tool_name",
    "verdict",
    "reason_codes",
    "violations",
    "policy_digest",
    "intent_digest",
    "trace_id",
    "trace_path",
  ]);
  assertEquals(String(members.trace_path).startsWith("traces/trace__"), true);
  const trace = JSON.parse(world.files.text(String(members.trace_path)) ?? "");
  assertEquals([trace.correlation_id, trace.latency_ms], [undefined, undefined]);
});
