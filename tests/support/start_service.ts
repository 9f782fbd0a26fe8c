/** A service that was started by its command line, without a socket. */

import { runCli } from "../../core/commands/frame/run_cli.ts";
import type { ServiceConfig } from "../../core/ports/service.ts";
import { type OpenedService, openService } from "../../core/service/open_service.ts";
import type { RootedWorld } from "./rooted_ports.ts";
import { type WebHandler, webHandler } from "./web_handler.ts";

/** What starting led to. */
export interface StartedService {
  /** Exit code of the command. */
  readonly exit: number;
  /** `undefined` when it refused to start. */
  readonly service: OpenedService | undefined;
  /** Answers a request. */
  readonly handler: WebHandler;
}

/** Starts a service below a root. */
export async function startWithoutSocket(
  world: RootedWorld,
  argv: readonly string[],
): Promise<StartedService> {
  let service: OpenedService | undefined;
  const services = {
    async start(config: ServiceConfig) {
      const opened = await openService(config, world.ports);
      service = opened;
      return {
        listen: config.listen,
        adapter: opened.checked.adapter,
        profile: opened.checked.profile,
        policyDigest: opened.opened.policy.digest,
        warnings: opened.warnings,
        ended: Promise.resolve(),
        stop: () => Promise.resolve(),
      };
    },
  };
  const exit = await runCli(argv, { ...world.ports, services });
  const started: OpenedService | undefined = service;
  return {
    exit,
    service: started,
    handler: started === undefined
      ? () => Promise.reject(new Error("not started"))
      : webHandler(started.handler),
  };
}
