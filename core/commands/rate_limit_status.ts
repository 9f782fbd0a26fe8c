import { readState } from "../enforce/quota_stage.ts";
import { rateLimitStatus } from "../quota/status.ts";
import { CONFIG_FLAGS, CONFIG_NEEDS, loadSettings } from "./flags/config_flags.ts";
import { INPUT_NEED } from "./flags/needs.ts";
import type { Command, CommandContext, CommandResult } from "./frame/command.ts";

/** Where the state lies. */
export const STATE_FLAG = {
  name: "rate-limit-state",
  kind: "string",
  value: "path",
  summary: "state of the rate limits",
} as const;

/** `gait rate-limit status` (divergence G9). */
export const command: Command = {
  spec: {
    path: ["rate-limit", "status"],
    summary: "show the counters of the rate limits",
    explain: "rate-limit status shows what has been counted, and counters of the future",
    usage: "",
    positionals: { min: 0, max: 0 },
    flags: [STATE_FLAG, ...CONFIG_FLAGS],
    examples: ["gait rate-limit status"],
    permissions: () => [INPUT_NEED, ...CONFIG_NEEDS],
  },
  async run(context: CommandContext): Promise<CommandResult> {
    const { settings } = await loadSettings(context);
    const path = settings.text("gate.rate_limit_state");
    const state = await readState(path, context.ports);
    const counters = rateLimitStatus(state, { now: context.ports.clock.now() });
    const suspects = counters.filter((counter) => counter.phase === "future").length;
    if (suspects > 0) {
      context.warn({
        code: "rate_limit_clock_suspect",
        message: `${suspects} counters lie in the future: the clock jumped; see rate-limit reset`,
        severity: "warning",
      });
    }
    return {
      exit: 0,
      json: { ok: true, path, counters },
      text: counters.length === 0
        ? [`no counters in ${path}`]
        : counters.map((counter) =>
          `${counter.window} ${counter.scope} ${counter.bucket} ${counter.key} ` +
          `count=${counter.count} (${counter.phase})`
        ),
    };
  },
};
