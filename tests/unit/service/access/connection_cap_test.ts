import { assertEquals } from "@std/assert";
import { connectionCap } from "../../../../core/service/access/connection_cap.ts";

Deno.test("connectionCap() gives connections and evidence half each where files are few", () => {
  const cap = (free: number) => connectionCap((wanted) => Math.min(wanted, free)).connections;
  assertEquals([0, 1, 2, 100, 1023, 1024, 1100, 1535, 1536, 9999].map(cap), [
    1,
    1,
    1,
    50,
    511,
    512,
    588,
    1023,
    1024,
    1024,
  ]);
  assertEquals(connectionCap().connections, 1024);
});

Deno.test("connectionCap() warns exactly when connections are fewer", () => {
  assertEquals(connectionCap(() => 1536).warnings, []);
  assertEquals(connectionCap(() => 1535).warnings.map(({ code }) => code), ["few_open_files"]);
});
