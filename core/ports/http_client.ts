/** Sending to HTTP services of the operator's choice as a port. */

/** What to send. */
export interface HttpPost {
  readonly url: string;
  readonly body: string;
  readonly contentType: string;
  /** Time for the whole exchange, ms. */
  readonly timeoutMs: number;
}

/** Sends requests; redirects are not followed. */
export interface HttpClient {
  /**
   * Posts, and throws the answer's body away.
   *
   * @returns Status of the answer; 0 when there was none.
   */
  post(request: HttpPost): Promise<number>;
}
