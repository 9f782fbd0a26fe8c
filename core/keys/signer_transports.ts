/**
 * The two ways to reach an external signer: a command that is run per request, and the socket of an
 * agent that keeps running.
 *
 * @module
 */

import type { Bytes } from "../base/bytes.ts";
import { GaitError } from "../base/errors.ts";
import { LIMITS } from "../base/limits.ts";
import type { CommandResult, Processes } from "../ports/process.ts";
import type { Sockets } from "../ports/sockets.ts";
import { signerFailed, type SignerTransport } from "./external_signer.ts";

/** Absolute in the sense of POSIX or Windows. */
const ABSOLUTE = /^(\/|[A-Za-z]:[\\/]|\\\\)/;

/** How a run that gave no answer ended. */
function describeEnd(result: CommandResult): string | undefined {
  if (result.ended === "timeout") return `no answer within ${LIMITS.signerTimeoutMs} ms`;
  if (result.ended === "output_limit") {
    return `it answers more than ${LIMITS.signerOutputBytes} bytes`;
  }
  return result.exitCode === 0 ? undefined : `it ends with exit code ${result.exitCode}`;
}

/**
 * A signer command. It is started anew for each request, without a shell.
 *
 * @param command Absolute path, or a bare name that is looked up in `PATH`; a relative path would depend
 *   on the working directory, which others may control.
 * @throws GaitError `key_invalid` for a relative path
 */
export function commandTransport(
  command: { readonly command: string; readonly args: readonly string[] },
  processes: Processes,
): SignerTransport {
  const name = `command:${command.command}`;
  if (/[\\/]/.test(command.command) && !ABSOLUTE.test(command.command)) {
    throw new GaitError(
      "key_invalid",
      `Cannot use signer ${command.command}: it is a relative path`,
      {
        hint: "give an absolute path or the name of a program in PATH",
      },
    );
  }
  return {
    name,
    async exchange(request: Uint8Array): Promise<Bytes> {
      const result = await processes.run({
        ...command,
        stdin: request,
        timeoutMs: LIMITS.signerTimeoutMs,
        maxOutputBytes: LIMITS.signerOutputBytes,
      });
      const failure = describeEnd(result);
      if (failure !== undefined) throw signerFailed(name, failure);
      return result.stdout;
    },
  };
}

/**
 * An agent behind a Unix socket, asked in JSON lines. A connection is opened per request, so that an
 * agent may restart between two.
 *
 * @param path Path of the socket.
 */
export function socketTransport(path: string, sockets: Sockets): SignerTransport {
  return {
    name: `socket:${path}`,
    async exchange(request: Uint8Array): Promise<Bytes> {
      const connection = await sockets.connectUnix(path);
      try {
        return await connection.request(request, {
          timeoutMs: LIMITS.signerTimeoutMs,
          maxBytes: LIMITS.signerOutputBytes,
        });
      } finally {
        connection.close();
      }
    },
  };
}
