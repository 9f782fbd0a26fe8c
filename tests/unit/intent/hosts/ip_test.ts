import { assert, assertEquals, assertFalse } from "@std/assert";
import {
  canonicalIpv6,
  isIpv4Literal,
  isIpv6Literal,
  parseIpv6,
} from "../../../../core/intent/hosts/ip.ts";

Deno.test("isIpv4Literal() takes four decimals without leading zeros", () => {
  for (const good of ["0.0.0.0", "127.0.0.1", "255.255.255.255", "10.99.100.249"]) {
    assert(isIpv4Literal(good), good);
  }
  for (
    const bad of [
      "",
      "1",
      "1.2.3",
      "1.2.3.4.",
      "1.2.3.4.5",
      "01.2.3.4",
      "256.1.1.1",
      "1..2.3",
      "1.2.3.4\n",
      "a.1.1.1",
    ]
  ) {
    assertFalse(isIpv4Literal(bad), bad);
  }
});

Deno.test("parseIpv6() follows RFC 4291 §2.2", () => {
  assertEquals(parseIpv6("::"), [0, 0, 0, 0, 0, 0, 0, 0]);
  assertEquals(parseIpv6("1::8"), [1, 0, 0, 0, 0, 0, 0, 8]);
  assertEquals(parseIpv6("1:2:3:4:5:6:7::"), [1, 2, 3, 4, 5, 6, 7, 0]);
  assertEquals(parseIpv6("::ffff:1.2.3.4"), [0, 0, 0, 0, 0, 0xffff, 0x102, 0x304]);
  assertEquals(parseIpv6("1:2:3:4:5:6:1.2.3.4"), [1, 2, 3, 4, 5, 6, 0x102, 0x304]);
  const bad = [
    "",
    ":",
    ":::",
    "1::2::3",
    "1:2:3:4:5:6:7",
    "1:2:3:4:5:6:7:8:9",
    "1:2:3:4:5:6:7:8::",
    "12345::",
    "g::",
    "1.2.3.4",
    "1.2.3.4::",
    "::1.2.3",
    "::1%a",
    ":1::",
    "1::2:",
  ];
  for (const text of bad) assertEquals(parseIpv6(text), undefined, text);
  assert(isIpv6Literal("::1"));
});

Deno.test("canonicalIpv6() writes the form of RFC 5952 §4", () => {
  const table: [string, string][] = [
    ["2001:0DB8:0:0:0:0:2:1", "2001:db8::2:1"],
    ["2001:db8:0:1:1:1:1:1", "2001:db8:0:1:1:1:1:1"],
    ["2001:0:0:1:0:0:0:1", "2001:0:0:1::1"],
    ["2001:db8:0:0:1:0:0:1", "2001:db8::1:0:0:1"],
    ["::", "::"],
    ["0:0:0:0:0:0:0:1", "::1"],
    ["1:0:0:0:0:0:0:0", "1::"],
  ];
  for (const [text, wanted] of table) assertEquals(canonicalIpv6(parseIpv6(text) ?? []), wanted);
});
