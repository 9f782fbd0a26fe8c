/**
 * Finding the key to sign with (spec 01 §6.2, spec 02 §12.1).
 *
 * @module
 */

import { GaitError } from "../base/errors.ts";
import type { Ports } from "../ports/ports.ts";
import type { Signer } from "../ports/sign.ts";
import type { Sockets } from "../ports/sockets.ts";
import { importPrivateKey } from "../sign/key_text.ts";
import { signerFromKey, signerFromSeed } from "../sign/signer.ts";
import { externalSigner, type SignerTransport } from "./external_signer.ts";
import {
  isGiven,
  type KeySource,
  permissionWarnings,
  readKeyText,
  sourceName,
} from "./key_source.ts";
import type { KeyWarning } from "./key_warning.ts";
import { checkPinned, keySources, type VerifyKeyOptions } from "./resolve_verify_key.ts";
import { commandTransport, socketTransport } from "./signer_transports.ts";

/** What every dev signature is worth. */
const DEV_WARNING: KeyWarning = {
  code: "dev_signing_key",
  message: "dev mode: ephemeral keypair generated; signatures will not verify across machines",
  severity: "warning",
};

/** How to sign. A public source pins the key: whatever signs must have it. */
export interface SigningKeyOptions extends VerifyKeyOptions {
  /** `dev` or `prod`. */
  readonly keyMode: string;
  /** Command of an external signer. */
  readonly signerCommand?: string;
  /** Its arguments. */
  readonly signerArgs?: readonly string[];
  /** Unix socket of a signing agent. */
  readonly signerSocket?: string;
}

/** A key to sign with. */
export interface SigningKey {
  readonly signer: Signer;
  /** `dev`, `path:<path>`, `env:<NAME>`, `command:<name>` or `socket:<path>`. */
  readonly source: string;
  /** Whether the key dies with this process. */
  readonly ephemeral: boolean;
  readonly warnings: readonly KeyWarning[];
}

/** What finding a signing key needs. */
export type SigningKeyPorts =
  & Pick<Ports, "digester" | "ed25519" | "env" | "files" | "processes" | "random">
  & { readonly sockets?: Sockets };

/** A fresh key that nobody keeps. */
async function devKey(ports: SigningKeyPorts): Promise<SigningKey> {
  const seed = ports.random.bytes(32);
  try {
    const signer = await signerFromSeed(seed, ports);
    return { signer, source: "dev", ephemeral: true, warnings: [DEV_WARNING] };
  } finally {
    seed.fill(0);
  }
}

/** A key from a file or variable. */
async function storedKey(source: KeySource, ports: SigningKeyPorts): Promise<SigningKey> {
  const name = sourceName(source);
  const text = await readKeyText(source, "private", ports);
  const { seed, key } = await importPrivateKey(text, { ed25519: ports.ed25519, source: name });
  seed.fill(0);
  const signer = await signerFromKey(key, ports.digester);
  const warnings = await permissionWarnings(source, ports.files);
  return { signer, source: name, ephemeral: false, warnings };
}

/** The transport of an external signer; `undefined` when none is named. */
function transportOf(
  options: Partial<SigningKeyOptions>,
  ports: SigningKeyPorts,
): SignerTransport | undefined {
  const { signerCommand = "", signerArgs = [], signerSocket = "" } = options;
  if (signerArgs.length > 0 && signerCommand === "") {
    throw new GaitError("key_invalid", "signer arguments need a signer command");
  }
  if (signerCommand !== "" && signerSocket !== "") {
    throw new GaitError("key_invalid", "signer source: set either command or socket");
  }
  if (signerCommand !== "") {
    return commandTransport({ command: signerCommand, args: signerArgs }, ports.processes);
  }
  if (signerSocket === "") return undefined;
  if (ports.sockets === undefined) {
    throw new GaitError("dependency_missing", "Cannot reach a signing agent: no Unix sockets here");
  }
  return socketTransport(signerSocket, ports.sockets);
}

/**
 * Finds a key that outlives this process: a private key or an external signer, pinned by a public
 * source if there is one.
 *
 * @param options Sources of the key; the mode plays no part.
 * @param ports Files, environment, processes, crypto.
 * @returns `undefined` when no source is given.
 * @throws GaitError `key_invalid`, `signer_failed` and codes of reading
 */
export async function resolveStoredKey(
  options: Omit<SigningKeyOptions, "keyMode">,
  ports: SigningKeyPorts,
): Promise<SigningKey | undefined> {
  const { publicSource, privateSource } = keySources(options);
  const transport = transportOf(options, ports);
  if (transport !== undefined && isGiven(privateSource)) {
    throw new GaitError("key_invalid", "signing key source: set either a private key or a signer");
  }
  if (transport === undefined && !isGiven(privateSource)) return undefined;
  const key: SigningKey = transport === undefined ? await storedKey(privateSource, ports) : {
    signer: await externalSigner(transport, ports),
    source: transport.name,
    ephemeral: false,
    warnings: [],
  };
  await checkPinned(key.signer.publicKey, publicSource, ports);
  return key;
}

/** Whether any source is named. */
function namesSource(options: SigningKeyOptions): boolean {
  const { publicKey, publicKeyEnv, privateKey, privateKeyEnv, signerCommand, signerSocket } =
    options;
  return [publicKey, publicKeyEnv, privateKey, privateKeyEnv, signerCommand, signerSocket]
    .some((value) => value !== undefined && value !== "");
}

/**
 * Finds the key to sign with. In `dev` mode it is made anew and dies with the process; in `prod` mode it
 * comes from a private key source or an external signer.
 *
 * @param options Mode and sources.
 * @param ports Files, environment, processes, randomness, crypto.
 * @throws GaitError `unsupported_value` for another mode, `key_invalid`, `signer_failed`, codes of reading
 */
export async function resolveSigningKey(
  options: SigningKeyOptions,
  ports: SigningKeyPorts,
): Promise<SigningKey> {
  switch (options.keyMode) {
    case "dev":
      if (namesSource(options)) {
        throw new GaitError("key_invalid", "dev mode does not accept explicit key sources", {
          hint: "add --key-mode prod, or leave the key sources out",
        });
      }
      return await devKey(ports);
    case "prod": {
      const key = await resolveStoredKey(options, ports);
      if (key !== undefined) return key;
      throw new GaitError("key_invalid", "prod mode requires a private key source");
    }
    default:
      throw new GaitError(
        "unsupported_value",
        `unsupported key mode: ${JSON.stringify(options.keyMode)}`,
        {
          hint: "use dev or prod",
        },
      );
  }
}
