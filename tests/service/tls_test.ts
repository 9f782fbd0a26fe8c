/** The service over TLS: a certificate that is made for each run, and nothing in the clear. */

import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { makeCertificate } from "../support/certificate.ts";
import { READ, startProgram } from "../support/serve_program.ts";

const options = { permissions: "inherit", sanitizeResources: false, sanitizeOps: false } as const;

const made = await makeCertificate();
const FLAGS = ["--tls-cert", "cert.pem", "--tls-key", "key.pem"];
const withCertificate = { ...options, ignore: made === undefined };
const files = { "cert.pem": made?.cert ?? "", "key.pem": made?.key ?? "" };

Deno.test(
  "mcp serve decides over TLS, for clients that trust its certificate",
  withCertificate,
  async () => {
    await using program = await startProgram({ flags: FLAGS, files });
    assertEquals(program.started.ok, true, program.log());
    const url = `https://localhost:${program.port}/v1/evaluate`;
    const init = { method: "POST", body: READ, headers: { "content-type": "application/json" } };
    using client = Deno.createHttpClient({ caCerts: [files["cert.pem"]] });
    const response = await fetch(url, { ...init, client });
    assertEquals(response.status, 200);
    assertEquals((await response.json()).verdict, "allow");
    const before = program.traces().length;
    const distrusted = await fetch(url, init).then(() => "answered", () => "refused");
    assertEquals(distrusted, "refused");
    assertEquals(program.traces().length, before);
  },
);

Deno.test(
  "mcp serve with TLS gives no decision to a client that speaks plainly",
  withCertificate,
  async () => {
    await using program = await startProgram({ flags: FLAGS, files });
    const text = await program.raw(
      "POST /v1/evaluate HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n" +
        `Content-Length: ${READ.length}\r\nConnection: close\r\n\r\n${READ}`,
    );
    assert(!text.includes("verdict"), text);
    assert(!text.startsWith("HTTP/1.1 200"), text);
    assertEquals(program.traces().filter((name) => name.startsWith("trace_")), []);
  },
);

/** How long a peer is let be, ms; more than 12 s counts as for ever. */
async function heldFor(conn: Deno.Conn): Promise<number> {
  const began = performance.now();
  const timer = setTimeout(() => conn.close(), 12_000);
  await conn.read(new Uint8Array(64)).catch(() => {});
  clearTimeout(timer);
  return performance.now() - began;
}

Deno.test(
  "mcp serve with TLS closes connections that do not come to a request",
  withCertificate,
  async () => {
    await using program = await startProgram({ flags: FLAGS, files });
    const { port } = program;
    const silent = await Deno.connect({ hostname: "127.0.0.1", port });
    const half = await Deno.connect({ hostname: "127.0.0.1", port });
    await half.write(new Uint8Array([0x16, 3, 1, 2, 0, 1, 0, 1, 0xfc]));
    const caCerts = [files["cert.pem"]];
    const shaken = await Deno.connectTls({ hostname: "localhost", port, caCerts });
    await shaken.handshake();
    const held = await Promise.all([silent, half, shaken].map(heldFor));
    for (const ms of held) assert(ms < 11_000, held.join(" "));
  },
);

Deno.test(
  "mcp serve refuses to start with a certificate or key it cannot use",
  options,
  async () => {
    const nonsense = "not PEM\n";
    const other = await makeCertificate();
    for (
      const broken of [
        { "cert.pem": "", "key.pem": "" },
        { "cert.pem": nonsense, "key.pem": nonsense },
        ...(other === undefined ? [] : [
          { ...files, "key.pem": nonsense },
          { ...files, "cert.pem": nonsense },
          { ...files, "key.pem": other.key },
        ]),
      ]
    ) {
      await using program = await startProgram({ flags: FLAGS, files: broken });
      assertEquals(program.started.ok, false);
      assertStringIncludes(String(program.started.error), "Cannot serve over TLS");
      assertEquals((await program.child.status).code, 6);
    }
  },
);
