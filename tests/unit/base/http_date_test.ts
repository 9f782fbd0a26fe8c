import { assertEquals } from "@std/assert";
import { parseHttpDate } from "../../../core/base/http_date.ts";

const NOW = Date.UTC(2026, 1, 6);

Deno.test("parseHttpDate() reads the three forms of RFC 9110", () => {
  const expected = Date.UTC(1994, 10, 6, 8, 49, 37);
  assertEquals(parseHttpDate("Sun, 06 Nov 1994 08:49:37 GMT", NOW), expected);
  assertEquals(parseHttpDate("Sunday, 06-Nov-94 08:49:37 GMT", NOW), expected);
  assertEquals(parseHttpDate("Sun Nov  6 08:49:37 1994", NOW), expected);
  assertEquals(parseHttpDate("Wed Nov 16 08:49:37 1994", NOW), Date.UTC(1994, 10, 16, 8, 49, 37));
  assertEquals(parseHttpDate("Thu, 29 Feb 2024 23:59:60 GMT", NOW), Date.UTC(2024, 2, 1));
});

Deno.test("parseHttpDate() takes two digits for a year at most 50 years ahead", () => {
  const year = (two: string, now: number) =>
    new Date(parseHttpDate(`Sunday, 06-Nov-${two} 08:49:37 GMT`, now) ?? 0).getUTCFullYear();
  assertEquals(["26", "76", "77", "99", "00"].map((two) => year(two, NOW)), [
    2026,
    2076,
    1977,
    1999,
    2000,
  ]);
});

Deno.test("parseHttpDate() refuses what is no such date", () => {
  const texts = [
    "",
    "Sun, 06 Nov 1994 08:49:37",
    "Sun, 06 Nov 1994 08:49:37 UTC",
    "Sun, 6 Nov 1994 08:49:37 GMT",
    "sun, 06 nov 1994 08:49:37 gmt",
    "Sun, 31 Nov 1994 08:49:37 GMT",
    "Wed, 29 Feb 2023 08:49:37 GMT",
    "Sun, 00 Nov 1994 08:49:37 GMT",
    "Sun, 06 Nov 1994 24:00:00 GMT",
    "Sun, 06 Nov 1994 08:60:00 GMT",
    "Sun, 06 Nov 1994 08:49:61 GMT",
    "Sun Nov 6 08:49:37 1994",
    "Sun Foo  6 08:49:37 1994",
    " Sun, 06 Nov 1994 08:49:37 GMT",
    "1994-11-06",
    "784111777",
  ];
  for (const text of texts) assertEquals(parseHttpDate(text, NOW), undefined, text);
});
