/** Sending to HTTP services of the operator's choice as a port. */

import type { Bytes } from "../base/bytes.ts";

/** What to send. */
export interface HttpPost {
  readonly url: string;
  readonly body: Bytes;
  readonly contentType: string;
  /** Encoding of the body (RFC 9110 §8.4); "" for none. */
  readonly contentEncoding: string;
  /** Further headers, by lower-case name; those of the exchange itself come first. */
  readonly headers: Readonly<Record<string, string>>;
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

/** What to ask for. */
export interface HttpGet {
  readonly url: string;
  /** Media type that is wanted. */
  readonly accept: string;
  /** Value of `Authorization`; "" sends none. */
  readonly authorization: string;
  /** Who asks: a product and its version (RFC 9110 §10.1.5). */
  readonly userAgent: string;
  /** Time for the whole exchange, ms. */
  readonly timeoutMs: number;
  /** How much of the answer's body is read, bytes. */
  readonly answerBytes: number;
}

/** Asks questions. */
export interface HttpReader {
  /**
   * Gets. Redirects are not followed: they are answers like others, so that a secret goes to nobody else.
   * Bounded in time and bytes whatever the peer does; never rejects.
   */
  get(request: HttpGet): Promise<HttpAnswer>;
}

/** Sends requests. */
export interface HttpClient {
  /**
   * Posts. Redirects are not followed: they are answers like others. Bounded in time and bytes whatever the
   * peer does; never rejects.
   */
  post(request: HttpPost): Promise<HttpAnswer>;
  /** Whether the runtime lets this program connect to the host of a URL. */
  permits(url: string): boolean;
}
