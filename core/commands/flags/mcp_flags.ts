/**
 * Flags of `mcp proxy` and `mcp bridge` (spec 04 §1.2), and what they say.
 *
 * @module
 */

import { GaitError } from "../../base/errors.ts";
import { lower, trim } from "../../base/text_rules.ts";
import { withoutDetours } from "../../enforce/output_path.ts";
import { ADAPTERS } from "../../mcp/call_request.ts";
import { infersByDefault } from "../../mcp/infer_targets.ts";
import { type NamedAdapter, readAdapter } from "../../mcp/read_adapter.ts";
import { CAPTURE_MODES, type CaptureMode } from "../../runpack/model.ts";
import type { Arguments, FlagSpec } from "../frame/command.ts";
import { GATE_FLAGS } from "./gate_flags.ts";

/** A flag with a value. */
function text(name: string, value: string, summary: string): FlagSpec {
  return { name, kind: "string", value, summary };
}

/** Flags of the call itself and of what it leaves behind. */
const CALL_FLAGS: readonly FlagSpec[] = [
  text("call", "path", "tool call, - for stdin"),
  {
    ...text("adapter", "name", "envelope that the call comes in; mcp by default"),
    choices: ADAPTERS,
  },
  text("context", "path", "context, targets, provenance and delegation beside the call"),
  {
    ...text("infer-targets", "when", "read targets of known tools from their arguments"),
    choices: ["on", "off"],
  },
  text("run-id", "id", "run that the call belongs to"),
  text("runpack-out", "path", "runpack of the call"),
  {
    ...text("capture-mode", "mode", "digest-only drops the arguments from the runpack"),
    choices: CAPTURE_MODES,
  },
  { name: "sign-runpack", kind: "boolean", summary: "sign the runpack with the gate's key" },
  text("export-log-out", "path", "log that gets one JSON line"),
  text("export-otel-out", "path", "log that gets one OpenTelemetry-style JSON line"),
];

/** Every flag. */
export const MCP_FLAGS: readonly FlagSpec[] = [
  ...CALL_FLAGS,
  // A simulation could be taken for a decision by a caller that reads the exit code alone.
  ...GATE_FLAGS.filter((flag) => flag.name !== "simulate"),
];

/** What the flags say about the call. */
export interface McpOptions {
  readonly policy: string;
  readonly call: string;
  readonly adapter: NamedAdapter;
  readonly contextPath: string;
  readonly inferTargets: boolean;
  readonly runId: string;
  /** "" leaves the name of the trace to its default, or to the configuration. */
  readonly tracePath: string;
  readonly runpackPath: string;
  /** `undefined` leaves it to the profile. */
  readonly captureMode: CaptureMode | undefined;
  readonly signRunpack: boolean;
  readonly exportLog: string;
  readonly exportOtel: string;
  /** Spelling of the paths that are opened under another one, by member of the outcome. */
  readonly spelled: Readonly<Record<string, string>>;
}

/** Reads whether targets are inferred. @throws GaitError `unsupported_value` */
function readInference(args: Arguments, adapter: NamedAdapter): boolean {
  const word = lower(trim(args.text("infer-targets")));
  if (word === "") return infersByDefault(adapter.name);
  if (word === "on" || word === "off") return word === "on";
  throw new GaitError("unsupported_value", "unsupported --infer-targets value", {
    hint: "use on or off",
  });
}

/** Reads the capture mode. @throws GaitError `unsupported_value` */
function readCapture(args: Arguments): CaptureMode | undefined {
  const word = lower(trim(args.text("capture-mode")));
  if (word === "") return undefined;
  const mode = CAPTURE_MODES.find((known) => known === word);
  if (mode !== undefined) return mode;
  throw new GaitError("unsupported_value", "unsupported --capture-mode value", {
    hint: `use one of ${CAPTURE_MODES.join(", ")}`,
  });
}

/** What the commands want. */
export const EXPECTED = "expected --policy <policy.yaml> and --call <tool_call.json|->";

/** Policy and call, by flag or position. @throws GaitError `usage` */
function readInputs(args: Arguments): { readonly policy: string; readonly call: string } {
  const positionals = [...args.positionals];
  const policy = args.text("policy").trim() === ""
    ? positionals.shift() ?? ""
    : args.text("policy");
  const call = args.text("call").trim() === "" ? positionals.shift() ?? "" : args.text("call");
  if (call !== "" && positionals.length === 0) return { policy, call };
  throw new GaitError("usage", EXPECTED, {
    hint: "name the call with --call, or - for standard input",
  });
}

/** Refuses standard input for two things. */
function checkStandardInput(paths: readonly string[]): void {
  if (paths.filter((path) => path === "-").length < 2) return;
  throw new GaitError("usage", "Cannot read two inputs from standard input");
}

/** Flags that name outputs, by the member of the outcome that tells them. */
const OUTPUTS = {
  trace_path: "trace-out",
  runpack_path: "runpack-out",
  log_export: "export-log-out",
  otel_export: "export-otel-out",
} as const;

/** Reads where evidence goes. */
function readOutputs(args: Arguments) {
  const opened: Record<string, string> = {};
  const spelled: Record<string, string> = {};
  for (const [member, flag] of Object.entries(OUTPUTS)) {
    const text = trim(args.text(flag));
    const path = withoutDetours(text);
    opened[member] = path;
    if (path !== text) spelled[member] = text;
  }
  return {
    tracePath: opened.trace_path ?? "",
    runpackPath: opened.runpack_path ?? "",
    exportLog: opened.log_export ?? "",
    exportOtel: opened.otel_export ?? "",
    spelled,
  };
}

/** Reads the flags. @throws GaitError `usage`, `unsupported_value` */
export function readMcpOptions(args: Arguments): McpOptions {
  const inputs = readInputs(args);
  const adapter = readAdapter(args.given("adapter") ? args.text("adapter") : "mcp");
  const contextPath = trim(args.text("context"));
  checkStandardInput([inputs.policy, inputs.call, contextPath]);
  return {
    ...inputs,
    adapter,
    contextPath,
    inferTargets: readInference(args, adapter),
    runId: args.text("run-id"),
    captureMode: readCapture(args),
    signRunpack: args.flag("sign-runpack"),
    ...readOutputs(args),
  };
}
