import type { Command } from "./frame/command.ts";
import { proxyCommand } from "./mcp_proxy.ts";

/** `gait mcp bridge`: another name of `gait mcp proxy` (spec 04 §0). */
export const command: Command = proxyCommand("bridge");
