/**
 * Outgoing HTTP over the platform's `fetch`.
 *
 * @module
 */

import type { HttpClient } from "../core/ports/http_client.ts";

/** HTTP client of the host. */
export const fetchClient: HttpClient = {
  async post({ url, body, contentType, timeoutMs }) {
    try {
      const response = await fetch(url, {
        method: "POST",
        body,
        headers: { "content-type": contentType },
        redirect: "manual",
        signal: AbortSignal.timeout(timeoutMs),
      });
      await response.body?.cancel();
      return response.status;
    } catch {
      return 0;
    }
  },
};
