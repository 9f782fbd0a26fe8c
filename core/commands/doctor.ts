import { EXIT } from "../base/error_map.ts";
import { urlAddress } from "../base/listen_address.ts";
import type { Check } from "../doctor/check.ts";
import { diagnose, type Diagnosis } from "../doctor/diagnose.ts";
import { TEMP_VARIABLES } from "../doctor/directories.ts";
import { readServiceUrl } from "../doctor/service_answer.ts";
import type { DoctorRequest } from "../doctor/subject.ts";
import type { PermissionNeed } from "../ports/sandbox.ts";
import { TELEMETRY_VARIABLES } from "../telemetry/wanted.ts";
import { CONFIG_NEEDS, CONFIG_VARIABLES } from "./flags/config_flags.ts";
import { privateKeyFlagsFor, publicKeyFlagsFor, verifyKeyOptions } from "./flags/key_flags.ts";
import { INPUT_NEED, OUTPUT_NEED } from "./flags/needs.ts";
import type {
  Arguments,
  Command,
  CommandContext,
  CommandResult,
  FlagSpec,
} from "./frame/command.ts";

const SIGNING = { prefix: "", purpose: "signing" };

const FLAGS: readonly FlagSpec[] = [
  { name: "workdir", kind: "string", value: "path", summary: "root of the project (.)" },
  { name: "output-dir", kind: "string", value: "path", summary: "folder of outputs (./gait-out)" },
  {
    name: "key-mode",
    kind: "string",
    value: "mode",
    summary: "key mode to examine (dev)",
    choices: ["dev", "prod"],
  },
  ...privateKeyFlagsFor(SIGNING),
  ...publicKeyFlagsFor(SIGNING),
  {
    name: "production-readiness",
    kind: "boolean",
    summary: "examine what production needs: policy, keys, tokens, broker, service",
  },
  {
    name: "trace-dir",
    kind: "string",
    value: "path",
    summary: "further folder of traces",
    repeatable: true,
  },
  {
    name: "session-dir",
    kind: "string",
    value: "path",
    summary: "further folder of sessions",
    repeatable: true,
  },
  { name: "service", kind: "string", value: "url", summary: "running service to ask" },
  {
    name: "service-token-env",
    kind: "string",
    value: "VAR",
    summary: "variable with the token for that service",
  },
];

/** Variables that a diagnosis reads whatever is asked for. */
const VARIABLES: readonly string[] = [
  ...CONFIG_VARIABLES,
  ...TEMP_VARIABLES,
  ...Object.values(TELEMETRY_VARIABLES),
];

/** Permissions. The configuration may name any variable; programs are never run. */
function doctorNeeds(args: Arguments): readonly PermissionNeed[] {
  const named = ["private-key-env", "public-key-env", "service-token-env"]
    .map((flag) => args.text(flag)).filter((name) => name !== "");
  const wholeEnvironment = args.flag("production-readiness") || args.given("service");
  const why = "configuration, keys, event logs";
  const service = args.text("service");
  return [
    INPUT_NEED,
    OUTPUT_NEED,
    ...CONFIG_NEEDS,
    wholeEnvironment
      ? { kind: "env", why }
      : { kind: "env", values: [...VARIABLES, ...named], why },
    ...(URL.canParse(service)
      ? [{ kind: "net", values: [urlAddress(new URL(service))], why: "ask the service" } as const]
      : []),
  ];
}

/** What the flags ask for. @throws GaitError `usage` */
function requestOf(args: Arguments): DoctorRequest {
  const keys = verifyKeyOptions(args);
  return {
    workdir: args.text("workdir") || ".",
    outputDir: args.text("output-dir") || "./gait-out",
    keyMode: args.given("key-mode") ? args.text("key-mode") : "dev",
    keys: {
      publicKey: keys.publicKey ?? "",
      publicKeyEnv: keys.publicKeyEnv ?? "",
      privateKey: keys.privateKey ?? "",
      privateKeyEnv: keys.privateKeyEnv ?? "",
    },
    production: args.flag("production-readiness"),
    traceDirs: args.all("trace-dir").filter((path) => path !== ""),
    sessionDirs: args.all("session-dir").filter((path) => path !== ""),
    ...(args.given("service") && {
      service: {
        url: readServiceUrl(args.text("service")),
        tokenEnv: args.text("service-token-env"),
      },
    }),
  };
}

/** A check as JSON. */
function checkMembers(check: Check): Record<string, unknown> {
  const { name, status, message, fixCommand, hint, severity, nonFixable, details } = check;
  return {
    name,
    status,
    message,
    ...(fixCommand !== undefined && { fix_command: fixCommand }),
    ...(hint !== undefined && { hint }),
    ...(severity !== undefined && { severity }),
    ...(nonFixable && { non_fixable: true }),
    ...(details !== undefined && { details }),
  };
}

/** A check for people. */
function checkLines(check: Check): string[] {
  const { name, status, message, fixCommand, hint, severity, details = [] } = check;
  const mark = severity === undefined ? "" : ` [${severity}]`;
  return [
    `- ${name}: ${status}${mark} (${message})`,
    ...details.map((detail) => `  * ${detail}`),
    ...(fixCommand === undefined ? [] : [`  fix: ${fixCommand}`]),
    ...(hint === undefined ? [] : [`  hint: ${hint}`]),
  ];
}

/** Exit code: a diagnosis that fails is no success in either mode (divergence O1). */
function exitOf({ status, nonFixable }: Diagnosis, production: boolean): number {
  if (nonFixable && !production) return EXIT.dependency;
  return status === "fail" ? EXIT.verification : EXIT.ok;
}

const TONES = { pass: "good", warn: "attention", fail: "bad" } as const;

/** `gait doctor` (spec 05 §1; divergence O1). */
export const command: Command = {
  spec: {
    path: ["doctor"],
    summary: "examine this installation and project",
    explain: "doctor examines folders, keys, configuration and what was left over; it runs nothing",
    usage: "",
    positionals: { min: 0, max: 0 },
    expected: "unexpected positional arguments",
    flags: FLAGS,
    codeIsCategory: true,
    examples: ["gait doctor"],
    permissions: doctorNeeds,
  },
  async run(context: CommandContext): Promise<CommandResult> {
    const { args, ports } = context;
    const request = requestOf(args);
    const found = await diagnose(request, ports);
    for (const { name, message, severity } of found.checks) {
      if (severity !== undefined) context.warn({ code: name, message, severity });
    }
    return {
      exit: exitOf(found, request.production),
      json: {
        ok: found.ok,
        schema_id: "gait.doctor.result",
        schema_version: "1.0.0",
        created_at: found.createdAt,
        producer_version: ports.version,
        status: found.status,
        non_fixable: found.nonFixable,
        summary: found.summary,
        fix_commands: found.fixCommands,
        checks: found.checks.map(checkMembers),
      },
      text: [found.summary, ...found.checks.flatMap(checkLines)],
      tone: TONES[found.status],
    };
  },
};
