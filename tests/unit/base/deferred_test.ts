import { assertEquals, assertRejects } from "@std/assert";
import { deferred } from "../../../core/base/deferred.ts";

Deno.test("deferred() fulfils once, with the first value", async () => {
  const { promise, resolve, reject } = deferred<number>();
  resolve(1);
  resolve(2);
  reject(new Error("late"));
  assertEquals(await promise, 1);
});

Deno.test("deferred() rejects with the reason, and follows another promise", async () => {
  const first = deferred<void>();
  first.reject(new TypeError("no"));
  await assertRejects(() => first.promise, TypeError, "no");
  const second = deferred<string>();
  second.resolve(Promise.resolve("later"));
  assertEquals(await second.promise, "later");
});
