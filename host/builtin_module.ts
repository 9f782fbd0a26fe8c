/**
 * Modules of the runtime's own library without an import. The runtime loads whatever a program's graph imports,
 * even lazily, in commands that never ask for it; 20 ms of start-up would be everybody's.
 *
 * @module
 */

import type * as NodeBuffer from "node:buffer";
import type * as NodeCrypto from "node:crypto";
import type * as NodeHttp from "node:http";
import type * as NodeHttps from "node:https";
import type * as NodeNet from "node:net";
import type * as NodeTimers from "node:timers";
import type * as NodeTls from "node:tls";

/** The modules that gait takes this way. */
interface BuiltinModules {
  readonly "node:buffer": typeof NodeBuffer;
  readonly "node:crypto": typeof NodeCrypto;
  readonly "node:http": typeof NodeHttp;
  readonly "node:https": typeof NodeHttps;
  readonly "node:net": typeof NodeNet;
  readonly "node:timers": typeof NodeTimers;
  readonly "node:tls": typeof NodeTls;
}

/** Where Deno and Node (22.3 and later) hand them out. */
interface Handout {
  readonly process?: { getBuiltinModule?(name: string): unknown };
}

/**
 * One module of the runtime's library.
 *
 * @throws {TypeError} when the runtime does not offer it.
 */
export function builtinModule<Name extends keyof BuiltinModules>(name: Name): BuiltinModules[Name] {
  const module = (globalThis as Handout).process?.getBuiltinModule?.(name);
  if (module === undefined) {
    throw new TypeError(`Cannot load ${name}: this runtime does not offer it`);
  }
  return module as BuiltinModules[Name];
}
