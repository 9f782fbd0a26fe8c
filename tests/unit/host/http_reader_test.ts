/** Asking over HTTP: what is sent, and what is not followed. */

import { assertEquals } from "@std/assert";
import { httpClient } from "../../../host/http_client.ts";

const encoder = new TextEncoder();

/** Answers one request with a text and tells what was asked. */
async function exchange(answer: string, authorization: string) {
  using listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const { port } = listener.addr as Deno.NetAddr;
  const asked = (async () => {
    using connection = await listener.accept();
    const buffer = new Uint8Array(4_096);
    const count = await connection.read(buffer) ?? 0;
    await connection.write(encoder.encode(answer));
    return new TextDecoder().decode(buffer.subarray(0, count));
  })();
  const answered = await httpClient.get({
    url: `http://127.0.0.1:${port}/v1/config/effective`,
    accept: "application/json",
    authorization,
    userAgent: "gait-doctor/1",
    timeoutMs: 2_000,
    answerBytes: 64,
  });
  return { answered, asked: await asked };
}

Deno.test("httpClient.get() sends a request without body, with the secret that it was given", async () => {
  const answer = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}";
  const { answered, asked } = await exchange(answer, "Bearer x");
  assertEquals([answered.status, answered.body], [200, "{}"]);
  const [line, ...headers] = asked.split("\r\n");
  assertEquals(line, "GET /v1/config/effective HTTP/1.1");
  const names = headers.map((header) => header.replace(/:.*$/, "").toLowerCase());
  assertEquals(headers.includes("authorization: Bearer x"), true, asked);
  assertEquals(names.includes("transfer-encoding") || names.includes("content-type"), false, asked);
  const other = await exchange(answer, "");
  assertEquals(/authorization/i.test(other.asked), false);
});

Deno.test("httpClient.get() takes a redirect for the answer", async () => {
  const answer = "HTTP/1.1 302 Found\r\nLocation: http://127.0.0.1:1/\r\nContent-Length: 0\r\n\r\n";
  assertEquals((await exchange(answer, "Bearer x")).answered.status, 302);
});

Deno.test("httpClient.get() sends no header that would be two", async () => {
  const { get } = httpClient;
  const request = { accept: "a", userAgent: "u", timeoutMs: 100, answerBytes: 1 };
  const url = "http://127.0.0.1:1/";
  const answered = await get({ ...request, url, authorization: "Bearer x\r\nX-Evil: 1" });
  assertEquals(answered.status, 0);
});
