/** docs/openapi.json describes the service as it runs. */

import { assert, assertEquals } from "@std/assert";
import Ajv2020 from "ajv/dist/2020.js";
import addFormats from "ajv-formats";
import { ROUTE_METHODS } from "../../core/service/handler.ts";
import { type Answer, inProcess } from "./_in_process.ts";
import { READ } from "../support/serve_program.ts";

const DOCUMENT = JSON.parse(
  await Deno.readTextFile(new URL("../../docs/openapi.json", import.meta.url)),
);

// deno-lint-ignore no-explicit-any -- the package's types do not fit its module form
const ajv = new (Ajv2020 as any)({ strict: false, allErrors: true });
// deno-lint-ignore no-explicit-any -- as above
(addFormats as any)(ajv);
ajv.addSchema({ $id: "doc", ...DOCUMENT });

/** Checks an answer against what the document says about its route and status. */
function check(path: string, method: string, answer: Answer): void {
  const responses = DOCUMENT.paths[path][method.toLowerCase()].responses;
  const described = responses[String(answer.status)];
  assert(described !== undefined, `${method} ${path} answers ${answer.status}`);
  const type = (answer.headers.get("content-type") ?? "").split(";")[0] ?? "";
  assert(described.content[type] !== undefined, `${path} ${answer.status} is ${type}`);
  const at = [path, method.toLowerCase(), "responses", answer.status, "content", type, "schema"]
    .map((part) => String(part).replaceAll("~", "~0").replaceAll("/", "~1")).join("/");
  const value = type === "application/x-ndjson" || type === "application/json"
    ? JSON.parse(answer.text)
    : answer.text;
  const validate = ajv.compile({ $ref: `doc#/paths/${at}` });
  assert(validate(value), `${path} ${answer.status}: ${JSON.stringify(validate.errors)}`);
}

Deno.test("openapi.json names exactly the routes of the service", () => {
  const described = Object.entries(DOCUMENT.paths).flatMap(([path, item]) =>
    Object.keys(item as object).map((method) => `${method.toUpperCase()} ${path}`)
  );
  assertEquals(
    described.toSorted(),
    ROUTE_METHODS.map(([path, method]) => `${method} ${path}`).toSorted(),
  );
});

Deno.test("openapi.json describes the answers of the service", async () => {
  await using service = await inProcess([
    ...["--http-verdict-status", "strict", "--runpack-dir", "runpacks", "--export-log-out"],
    ...[
      "log.jsonl",
      "--max-request-bytes",
      "4000",
      "--auth-mode",
      "token",
      "--auth-token-env",
      "TK",
    ],
  ], (_root, world) => void world.env.set("TK", "t"));
  const authorization = "Bearer t";
  for (const [path, method] of ROUTE_METHODS) {
    if (method === "GET") {
      check(path, method, await service.ask(path, { headers: { authorization } }));
      check(path, method, await service.ask(path, { headers: { host: "evil", authorization } }));
      continue;
    }
    const post = (body: string, headers: Record<string, string> = {}) =>
      service.ask(path, {
        method,
        body,
        headers: { "content-type": "application/json", authorization, ...headers },
      });
    const call = (name: string, more: object = {}) =>
      JSON.stringify({ call: { name, context: { session_id: "s" } }, run_id: "r", ...more });
    check(path, method, await post(READ));
    check(path, method, await post(call("tool.read", { emit_runpack: true })));
    check(path, method, await post(call("tool.write")));
    check(path, method, await post(call("tool.unknown")));
    check(path, method, await post("{}"));
    check(path, method, await post(READ, { authorization: "x" }));
    check(path, method, await post(READ, { host: "evil" }));
    check(path, method, await post(READ, { "content-type": "text/plain" }));
    check(path, method, await post("x".repeat(5000)));
  }
});

Deno.test("openapi.json takes the requests that the service takes", () => {
  const validate = ajv.compile({ $ref: "doc#/components/schemas/EvaluateRequest" });
  assert(validate(JSON.parse(READ)));
  assert(!validate({}));
  assert(!validate({ call: {} }));
  assert(!validate({ call: { name: "x" }, approval_tokens: ["/etc/passwd"] }));
  assert(!validate({ call: { name: "x" }, bogus: 1 }));
});
