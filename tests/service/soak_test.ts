/** The short form of the soak; `deno task soak:service` runs the long one. */

import { assert, assertEquals } from "@std/assert";
import { soak } from "../../perf/service_soak.ts";

const options = { permissions: "inherit", sanitizeResources: false, sanitizeOps: false } as const;

Deno.test("mcp serve stays bounded under load with retention on", options, async () => {
  const { requests, broken } = await soak(4);
  assert(requests > 50, `${requests} requests`);
  // A few seconds on a busy machine say nothing about drift; the long form judges it.
  assertEquals(broken.filter((sentence) => !sentence.startsWith("latency")), []);
});
