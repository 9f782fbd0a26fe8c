import { assertEquals, assertThrows } from "@std/assert";
import { GaitError } from "../../../core/base/errors.ts";
import { ERROR_CODES, type ErrorCode } from "../../../core/base/error_codes.ts";
import { verdictStatus } from "../../../core/service/answer/decision_body.ts";
import { faultOf } from "../../../core/service/answer/fault.ts";
import { PolicyHolder } from "../../../core/service/policy/policy_holder.ts";
import {
  cleanRequestPath,
  requestPath,
  requestQuery,
} from "../../../core/service/request/request_path.ts";
import { redirectResponse } from "../../../core/service/answer/respond.ts";
import { isLoopback, parseListen } from "../../../core/base/listen_address.ts";
import type { LoadedPolicy } from "../../../core/enforce/loaded_policy.ts";

Deno.test("verdictStatus() answers 2xx in strict mode for an allow alone", () => {
  const strict = ["allow", "block", "require_approval", "dry_run"]
    .map((verdict) => verdictStatus(verdict, "strict"));
  assertEquals(strict, [200, 403, 409, 409]);
  for (const mode of ["strict", "compat"] as const) {
    for (const unknown of ["", "Allow", "allowed", "__proto__", "toString"]) {
      assertThrows(() => verdictStatus(unknown, mode), GaitError);
    }
  }
});

Deno.test("faultOf() answers every code of the catalogue with 4xx or 5xx and without paths", () => {
  for (const code of Object.keys(ERROR_CODES) as ErrorCode[]) {
    const fault = faultOf(new GaitError(code, "Cannot read /secret/place: gone"));
    assertEquals(fault.status >= 400 && fault.status <= 599, true, code);
    assertEquals("verdict" in fault, false);
    if (fault.status >= 500) assertEquals(fault.error.includes("/secret"), false, code);
  }
  assertEquals(faultOf(new Error("/secret")).status, 500);
  assertEquals(faultOf(new Error("/secret")).error.includes("secret"), false);
  assertEquals(faultOf("x").status, 500);
  const missing = faultOf(new GaitError("file_not_found", "x"));
  assertEquals([missing.status, missing.error_category], [500, "internal_failure"]);
});

Deno.test("faultOf() tells clients what they can do", () => {
  const hints = (["state_contention", "service_busy", "io_failure"] as const)
    .map((code) => faultOf(new GaitError(code, "Cannot lock /srv/x")).hint);
  assertEquals(hints, ["try again later", "try again later", "see the service's log"]);
});

Deno.test("PolicyHolder.reload() swaps, keeps or blocks", async () => {
  const policy = (digest: string) => ({ digest }) as LoadedPolicy;
  const queue: (() => Promise<LoadedPolicy>)[] = [];
  const load = () => (queue.shift() ?? (() => Promise.resolve(policy("a"))))();
  const broken = () => Promise.reject(new GaitError("policy_invalid", "typo"));
  const record = () => Promise.resolve();
  for (const onError of ["block", "keep"] as const) {
    const holder = await PolicyHolder.open({ load, onError, pinned: "" });
    assertEquals((await holder.reload(record)).result, "unchanged");
    queue.push(broken);
    const failed = await holder.reload(record);
    assertEquals([failed.result, failed.error_code], ["failed", "policy_invalid"]);
    assertEquals(holder.healthy, false);
    if (onError === "block") assertThrows(() => holder.current(), GaitError, "cannot be used");
    else assertEquals(holder.current().digest, "a");
    queue.push(() => Promise.resolve(policy("b")));
    assertEquals((await holder.reload(record)).result, "loaded");
    assertEquals(holder.current().digest, "b");
  }
});

Deno.test("PolicyHolder.open() refuses a policy that is not the pinned one", async () => {
  const load = () => Promise.resolve({ digest: "a".repeat(64) } as LoadedPolicy);
  await PolicyHolder.open({ load, onError: "keep", pinned: `sha256:${"A".repeat(64)}` });
  const other = PolicyHolder.open({ load, onError: "keep", pinned: "b".repeat(64) });
  assertEquals(await other.then(() => "opened", (error) => error.code), "digest_mismatch");
});

Deno.test("requestPath() and cleanRequestPath() take paths as they were sent", () => {
  assertEquals(requestPath("http://h/a/../b?x#y"), "/a/../b");
  assertEquals(requestPath("/a?u=http://h/b"), "/a");
  assertEquals(requestPath("http://h"), "/");
  assertEquals(requestPath("*"), "*");
  assertEquals(requestPath("http://h?u=/v1/evaluate"), "/");
  assertEquals(requestPath("http://h#/v1/evaluate"), "/");
  assertEquals(requestPath("/?u=x://y/v1/evaluate"), "/");
  assertEquals(cleanRequestPath("/a/../b"), "/b");
  assertEquals(cleanRequestPath("//a//b"), "/a/b");
  assertEquals(cleanRequestPath("/../.."), "/");
  assertEquals(cleanRequestPath("/a/./"), "/a/");
  assertEquals(cleanRequestPath("/a/"), "/a/");
  assertEquals(cleanRequestPath("/a/b/.."), "/a");
  assertEquals(cleanRequestPath("/a/."), "/a");
  assertEquals(cleanRequestPath("/..a/b..c"), "/..a/b..c");
});

Deno.test("requestQuery() keeps what a header can carry", () => {
  assertEquals(requestQuery("//a?b=1&c=/../d#e"), "?b=1&c=/../d");
  assertEquals(requestQuery("http://h//a?x?y"), "?x?y");
  assertEquals(requestQuery("//a#?x"), "");
  assertEquals(requestQuery("//a"), "");
  assertEquals(requestQuery("//a?x\r\ny:\u00e4 z"), "?xy:z");
});

Deno.test("parseListen() and isLoopback() tell this machine from all others", () => {
  assertEquals(parseListen("[::1]:80"), { hostname: "::1", port: 80 });
  assertEquals(parseListen(":80"), { hostname: "", port: 80 });
  for (const bad of ["", "host", "::1:80", "h:99999", "h:-1", "h:1x", "[x]:1"]) {
    assertThrows(() => parseListen(bad), GaitError);
  }
  for (const yes of ["localhost", "LocalHost", "127.0.0.1", "127.255.0.9", "::1"]) {
    assertEquals(isLoopback(yes), true, yes);
  }
  for (
    const no of ["", "0.0.0.0", "::", "127.0.0.256", "127.1", "128.0.0.1", "localhost.x", "::2"]
  ) {
    assertEquals(isLoopback(no), false, no);
  }
});

Deno.test("redirectResponse() never names another host", () => {
  for (const path of ["//\\evil.example/", "/x/..//\\evil.example", "//evil.example"]) {
    const { location = "" } = redirectResponse(cleanRequestPath(path)).headers;
    assertEquals(new URL(location, "http://localhost:1/").host, "localhost:1", path);
  }
});
