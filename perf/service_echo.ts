/**
 * The baseline of the service's throughput: parses a JSON body and sends a small JSON answer, nothing else.
 * Prints its port.
 *
 * @module
 */

const server = Deno.serve({
  hostname: "127.0.0.1",
  port: 0,
  onListen: () => {},
}, async (request) => {
  await request.json();
  return Response.json({ ok: true, verdict: "allow" });
});
// deno-lint-ignore no-console -- the port is the result of this program
console.log(JSON.stringify({ listen: `127.0.0.1:${server.addr.port}` }));
