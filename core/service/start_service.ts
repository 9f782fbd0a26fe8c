/**
 * Starts a service: checks, opens, binds, and only then says that it listens (divergence W1); ends it by
 * letting requests finish (divergence W7).
 *
 * @module
 */

import { deferred } from "../base/deferred.ts";
import { toGaitError } from "../base/errors.ts";
import type { HttpServer } from "../ports/http.ts";
import type { RunningService, ServiceConfig } from "../ports/service.ts";
import { type OpenedService, openService } from "./open_service.ts";
import type { PolicyTrigger } from "./policy/policy_change.ts";
import type { ServicePorts } from "../ports/service_ports.ts";
import { within } from "../journal/within.ts";

/** Binds the socket. */
async function bind(
  config: ServiceConfig,
  service: OpenedService,
  ports: ServicePorts,
): Promise<HttpServer> {
  const { connections, checked: { address: { hostname, port } } } = service;
  const maxBytes = 1024 * 1024;
  const text = async (path: string) =>
    new TextDecoder().decode(await ports.files.read(path, { maxBytes }));
  const tls = config.tlsCert === ""
    ? {}
    : { tls: { cert: await text(config.tlsCert), key: await text(config.tlsKey) } };
  return await ports.http.listen({ hostname, port, connections, ...tls }, service.handler);
}

/** `host:port` with brackets around IPv6 addresses. */
function hostPort(hostname: string, port: number): string {
  return hostname.includes(":") ? `[${hostname}]:${port}` : `${hostname}:${port}`;
}

/** Reacts to signals; returns how to stop that. */
function listenToSignals(
  config: ServiceConfig,
  reactions: { stop(): void; reload(trigger: PolicyTrigger): void },
  ports: ServicePorts,
): () => void {
  const offs = [
    ports.signals.on("SIGTERM", reactions.stop),
    ports.signals.on("SIGINT", reactions.stop),
    ports.signals.on("SIGHUP", () => reactions.reload("sighup")),
    ...(config.policy.watch
      ? [ports.watches.watch(config.policy.path, () => reactions.reload("watch"))]
      : []),
  ];
  return () => {
    for (const off of offs) off();
  };
}

/** Ends a service: requests in hand are finished, new ones on open connections are answered 503. */
async function end(
  parts: {
    readonly config: ServiceConfig;
    readonly service: OpenedService;
    readonly server: HttpServer;
    readonly ports: ServicePorts;
  },
  off: () => void,
): Promise<void> {
  const { config, service, server, ports } = parts;
  off();
  const { active, waiting } = service.turns;
  service.logs.log.event("stopping", { active, waiting });
  service.turns.close();
  const until = ports.clock.monotonic() + config.drainMs;
  await within(server.shutdown(), config.drainMs, ports.clock);
  server.close();
  await service.close(until);
}

/**
 * Starts a service.
 *
 * @returns Once it listens.
 * @throws GaitError for every reason not to start
 */
export async function startService(
  config: ServiceConfig,
  ports: ServicePorts,
  options: { readonly isolation?: string } = {},
): Promise<RunningService> {
  const service = await openService(config, ports, options);
  const server = await bind(config, service, ports).catch(async (error) => {
    await service.close();
    throw error;
  });
  const listen = hostPort(service.checked.address.hostname, server.port);
  service.bound(listen);
  const { log } = service.logs;
  const ended = deferred<void>();
  let stopping: Promise<void> | undefined;
  let off = () => {};
  const stop = () =>
    stopping ??= end({ config, service, server, ports }, off).then(ended.resolve, ended.reject);
  off = listenToSignals(config, {
    stop: () => void stop(),
    reload: (trigger) =>
      void service.reload(trigger).catch((error) => {
        log.event("failure", { error_code: toGaitError(error).code });
      }),
  }, ports);
  log.event("listening", { listen, profile: service.checked.profile });
  return {
    listen,
    adapter: service.checked.adapter,
    profile: service.checked.profile,
    policyDigest: service.opened.policy.digest,
    warnings: service.warnings,
    ended: ended.promise,
    stop,
  };
}
