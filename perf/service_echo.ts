/**
 * The baseline of the service's throughput: a bare server that parses a JSON body and sends it back, nothing
 * else. Prints its port.
 *
 * @module
 */

const server = Deno.serve({
  hostname: "127.0.0.1",
  port: 0,
  onListen: () => {},
}, async (request) => Response.json(await request.json()));
// deno-lint-ignore no-console -- the port is the result of this program
console.log(JSON.stringify({ listen: `127.0.0.1:${server.addr.port}` }));
