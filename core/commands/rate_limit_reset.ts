import { utf8 } from "../base/bytes.ts";
import { LIMITS } from "../base/limits.ts";
import { GaitError } from "../base/errors.ts";
import { readState } from "../enforce/quota_stage.ts";
import { EMPTY_RATE_LIMIT_STATE, encodeRateLimitState } from "../quota/state.ts";
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

/** What became of a state file. */
interface Reset {
  readonly removed: number;
  /** Whether the file was unusable and was started anew. */
  readonly corrupt: boolean;
}

/** Drops the selected counters; only a reset of everything may start a corrupt file anew. */
async function reset(path: string, context: CommandContext): Promise<Reset> {
  const { files } = context.ports;
  const selected = selection(context);
  try {
    const { state, removed } = resetRateLimits(await readState(path, context.ports), selected);
    if (removed > 0) await files.replace(path, utf8(encodeRateLimitState(state)));
    return { removed, corrupt: false };
  } catch (error) {
    const corrupt = error instanceof GaitError && error.code === "state_corrupt";
    if (!corrupt || Object.keys(selected).length > 0) throw error;
    await files.replace(path, utf8(encodeRateLimitState(EMPTY_RATE_LIMIT_STATE)));
    return { removed: 0, corrupt: true };
  }
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
    const { removed, corrupt } = await ports.locks.withLock(
      `${path}.lock`,
      lock,
      () => reset(path, context),
    );
    return {
      exit: 0,
      json: { ok: true, path, removed: String(removed), replaced_corrupt: corrupt },
      text: [
        corrupt
          ? `rate-limit reset ok: path=${path} was corrupt and was started anew`
          : `rate-limit reset ok: path=${path} removed=${removed}`,
      ],
      tone: "good",
    };
  },
};
