/**
 * Outgoing HTTP over the platform's `fetch`.
 *
 * @module
 */

import { concatBytes } from "../core/base/bytes.ts";
import type { HttpAnswer, HttpClient, HttpPost } from "../core/ports/http_client.ts";

/** What stands for an answer that did not come. */
const NO_ANSWER: HttpAnswer = { status: 0, retryAfter: "", body: undefined };

/** Stands for the status of a redirect where the platform hides it. */
const HIDDEN_REDIRECT = 302;

/** Reads a body up to a limit. @throws whatever the stream and the decoder throw */
async function readBody(response: Response, limit: number): Promise<string | undefined> {
  const parts: Uint8Array[] = [];
  let size = 0;
  // Leaving the loop early cancels the stream, and with it the connection.
  for await (const part of response.body ?? []) {
    size += part.length;
    if (size > limit) return undefined;
    parts.push(part);
  }
  return new TextDecoder("utf-8", { fatal: true }).decode(concatBytes(parts));
}

/** One exchange. @throws whatever `fetch` throws */
async function exchange(request: HttpPost, signal: AbortSignal): Promise<HttpAnswer> {
  const { url, body, contentType, answerBytes } = request;
  const headers = { "content-type": contentType, accept: contentType };
  const response = await fetch(url, { method: "POST", body, headers, redirect: "manual", signal });
  return {
    status: response.type === "opaqueredirect" ? HIDDEN_REDIRECT : response.status,
    retryAfter: response.headers.get("retry-after") ?? "",
    // What goes wrong from here on does not take the status back.
    body: await readBody(response, answerBytes).catch(() => undefined),
  };
}

/** HTTP client of the host. */
export const fetchClient: HttpClient = {
  async post(request) {
    const { signal, timeoutMs } = request;
    if (signal.aborted) return NO_ANSWER;
    const exchanging = new AbortController();
    const end = () => exchanging.abort();
    const timer = setTimeout(end, timeoutMs);
    signal.addEventListener("abort", end, { once: true });
    try {
      return await exchange(request, exchanging.signal);
    } catch {
      return NO_ANSWER;
    } finally {
      clearTimeout(timer);
      signal.removeEventListener("abort", end);
    }
  },
};
