import { utf8 } from "../base/bytes.ts";
import { LIMITS } from "../base/limits.ts";
import { readState } from "../enforce/quota_stage.ts";
import { encodeRateLimitState } from "../quota/state.ts";
import { resetRateLimits, type ResetSelection } from "../quota/status.ts";
import { CONFIG_FLAGS, CONFIG_NEEDS, loadSettings } from "./flags/config_flags.ts";
import { INPUT_NEED, OUTPUT_NEED } from "./flags/needs.ts";
import type { Command, CommandContext, CommandResult } from "./frame/command.ts";
import { STATE_FLAG } from "./rate_limit_status.ts";

/** What the flags select. */
function selection(context: CommandContext): ResetSelection {
  const { args, ports } = context;
  const key = args.text("key");
  return {
    ...(key === "" ? {} : { key }),
    ...(args.flag("future") ? { futureOnly: { now: ports.clock.now() } } : {}),
  };
}

/** `gait rate-limit reset` (divergence G9). */
export const command: Command = {
  spec: {
    path: ["rate-limit", "reset"],
    summary: "drop counters of the rate limits",
    explain: "rate-limit reset drops counters, for example those that a clock jump left behind",
    usage: "",
    positionals: { min: 0, max: 0 },
    flags: [
      STATE_FLAG,
      { name: "key", kind: "string", value: "text", summary: "only counters with this scope key" },
      { name: "future", kind: "boolean", summary: "only counters that lie in the future" },
      ...CONFIG_FLAGS,
    ],
    examples: ["gait rate-limit reset --future"],
    permissions: () => [INPUT_NEED, OUTPUT_NEED, ...CONFIG_NEEDS],
  },
  async run(context: CommandContext): Promise<CommandResult> {
    const { ports } = context;
    const { settings } = await loadSettings(context);
    const path = settings.text("gate.rate_limit_state");
    const lock = { waitMs: LIMITS.lockWaitMs, staleMs: LIMITS.lockStaleMs };
    const removed = await ports.locks.withLock(`${path}.lock`, lock, async () => {
      const result = resetRateLimits(await readState(path, ports), selection(context));
      if (result.removed > 0) {
        await ports.files.replace(path, utf8(encodeRateLimitState(result.state)));
      }
      return result.removed;
    });
    return {
      exit: 0,
      json: { ok: true, path, removed: String(removed) },
      text: [`rate-limit reset ok: path=${path} removed=${removed}`],
      tone: "good",
    };
  },
};
