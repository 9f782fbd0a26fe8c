/** Sending to HTTP services of the operator's choice as a port. */

import type { Bytes } from "../base/bytes.ts";

/** What to send. */
export interface HttpPost {
  readonly url: string;
  readonly body: Bytes;
  readonly contentType: string;
  /** Who asks: a product and its version (RFC 9110 §10.1.5). */
  readonly userAgent: string;
  /** Time for the whole exchange, ms. */
  readonly timeoutMs: number;
  /** How much of the answer's body is read, bytes. */
  readonly answerBytes: number;
  /** Ends the exchange early. */
  readonly signal: AbortSignal;
}

/** What came back. */
export interface HttpAnswer {
  /** Status; 0 when there was no answer in time. */
  readonly status: number;
  /** Header `Retry-After`; "" without one. */
  readonly retryAfter: string;
  /** The body; `undefined` when it is longer than wanted, broke off, or is not UTF-8. */
  readonly body: string | undefined;
}

/** Sends requests. */
export interface HttpClient {
  /**
   * Posts. Redirects are not followed: they are answers like others. Bounded in time and bytes whatever the
   * peer does; never rejects.
   */
  post(request: HttpPost): Promise<HttpAnswer>;
}
