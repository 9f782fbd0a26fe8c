import { GaitError } from "../base/errors.ts";
import { encodeJsonLine } from "../base/json_text.ts";
import { urlAddress } from "../base/listen_address.ts";
import { lower, trim } from "../base/text_rules.ts";
import { otlpHeaderVariables } from "../export/otlp_headers.ts";
import { SESSION_LOCK_VARIABLES } from "../journal/lock_settings.ts";
import type { Settings } from "../config/settings.ts";
import type { RunningService } from "../ports/service.ts";
import type { PermissionNeed } from "../ports/sandbox.ts";
import { loadSettings } from "./flags/config_flags.ts";
import { gateNeeds } from "./flags/gate_needs.ts";
import { serveConfig } from "./flags/serve_config.ts";
import { SERVE_FLAGS } from "./flags/serve_flags.ts";
import { checkServeOutputs } from "./flags/serve_outputs.ts";
import type { Arguments, Command, CommandContext, CommandResult } from "./frame/command.ts";

/** Permissions: those of a decision, and the network. */
function serveNeeds(args: Arguments): readonly PermissionNeed[] {
  const listen = args.text("listen") || "127.0.0.1:8787";
  const endpoint = args.text("export-otlp-endpoint").trim();
  // What is no URL is refused later.
  const hosts = [listen, ...(URL.canParse(endpoint) ? [urlAddress(new URL(endpoint))] : [])]
    .filter((host) => host !== "");
  const { env, others } = split(gateNeeds(args));
  return [
    ...others,
    { kind: "net", values: hosts, why: "listen, export" },
    ...(env?.values === undefined
      ? [{ kind: "env", why: "configuration, keys, tokens" } as const]
      : [{
        ...env,
        values: [
          ...env.values,
          ...SESSION_LOCK_VARIABLES,
          args.text("auth-token-env"),
          ...otlpHeaderVariables(args.all("export-otlp-header")),
        ].filter((name) => name !== ""),
      }]),
  ];
}

/** Takes the need for variables out of the list. */
function split(needs: readonly PermissionNeed[]) {
  return {
    env: needs.find((need) => need.kind === "env"),
    others: needs.filter((need) => need.kind !== "env"),
  };
}

/** Says that the service listens; the first line on standard output (divergence W1). */
async function announce(
  running: RunningService,
  policy: string,
  context: CommandContext,
): Promise<void> {
  const { args, ports } = context;
  const warnings = [...context.warned, ...running.warnings];
  if (!args.flag("json")) {
    ports.terminal.out(`mcp serve: listening=${running.listen} adapter=${running.adapter}\n`);
    for (const { code, message } of warnings) {
      ports.terminal.err(`warning: ${message} [${code}]\n`);
    }
    return;
  }
  ports.terminal.out(encodeJsonLine({
    ok: true,
    adapter: running.adapter,
    listen: running.listen,
    policy,
    policy_digest: running.policyDigest,
    profile: running.profile,
    correlation_id: await context.correlationId,
    invocation_id: context.invocationId,
    ...(warnings.length === 0 ? {} : {
      warnings: warnings.map(({ message }) => message),
      warning_details: warnings,
    }),
  }));
}

/** Tells that bounds of evidence count only once somebody trusts the file that sets them. */
function warnOfIgnored({ ignoredKeys }: Settings, context: CommandContext): void {
  if (ignoredKeys.length === 0) return;
  context.warn({
    code: "project_config_ignored",
    message: `an untrusted project config sets ${ignoredKeys.join(", ")} in vain; ` +
      "inspect it, then run gait config trust",
    severity: "warning",
  });
}

/** `gait mcp serve` (spec 04 §1.3). */
export const command: Command = {
  spec: {
    path: ["mcp", "serve"],
    summary: "decide about tool calls over HTTP",
    explain: "mcp serve answers decisions about tool calls over HTTP and leaves signed evidence",
    usage: "[policy]",
    positionals: { min: 0, max: 1 },
    expected: "expected --policy <policy.yaml>",
    flags: SERVE_FLAGS,
    codeIsCategory: true,
    failureMembers: { executed: false },
    examples: ["gait mcp serve --policy gait.policy.yaml --help"],
    permissions: serveNeeds,
    runtimeFlags: (args) =>
      lower(trim(args.text("isolation"))) === "worker" ? ["--unstable-worker-options"] : [],
  },
  async run(context: CommandContext): Promise<CommandResult> {
    const { args, ports } = context;
    const { settings } = await loadSettings(context);
    const config = serveConfig(args, settings, ports);
    if (ports.services === undefined) {
      throw new GaitError("dependency_missing", "Cannot serve: this build has no service");
    }
    await checkServeOutputs(config, ports);
    warnOfIgnored(settings, context);
    const running = await ports.services.start(config);
    await announce(running, config.policy.path, context);
    await running.ended;
    return { exit: 0, json: { ok: true, executed: false }, text: [], printed: true };
  },
};
