/**
 * The line that goes into a ticket (spec 01 §9).
 *
 * @module
 */

const CONTRACT =
  /^GAIT run_id=([A-Za-z0-9_-]+) manifest=sha256:([a-f0-9]{64}) verify="gait verify ([A-Za-z0-9_-]+)"$/;

/** What a footer names. */
export interface TicketFooter {
  readonly runId: string;
  /** 64 lower-case hex digits. */
  readonly manifestDigest: string;
}

/** Writes the footer of a runpack. */
export function formatTicketFooter(footer: TicketFooter): string {
  const { runId, manifestDigest } = footer;
  return `GAIT run_id=${runId} manifest=sha256:${manifestDigest} verify="gait verify ${runId}"`;
}

/**
 * Reads a footer.
 *
 * @returns `undefined` when the line does not keep the contract of spec 01 §9.
 */
export function parseTicketFooter(line: string): TicketFooter | undefined {
  const match = CONTRACT.exec(line);
  const [, runId, manifestDigest, verifyId] = match ?? [];
  if (runId === undefined || manifestDigest === undefined || runId !== verifyId) return undefined;
  return { runId, manifestDigest };
}
