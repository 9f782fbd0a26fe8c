import { assertEquals } from "@std/assert";
import { hostTargetDomain, urlHost } from "../../../../core/intent/hosts/url_host.ts";

function check(table: readonly (readonly [string, string])[]): void {
  for (const [value, host] of table) assertEquals(urlHost(value), host, JSON.stringify(value));
}

Deno.test("urlHost() finds the host as the table of spec 02 §2.3 says", () => {
  check([
    ["https://u:p@example.com:99/", "example.com"],
    ["//example.com/x", "example.com"],
    ["http://[::1]:80/", "::1"],
    ["http://[fe80::1%25en0]/", "fe80::1%en0"],
    ["http://0x7f000001/", "0x7f000001"],
    ["http://bücher.example/", "bücher.example"],
    ["s3://a.b/c", "a.b"],
    ["https:example.com", ""],
    ["example.com", ""],
    ["mailto:a@b", ""],
    ["https:///x", ""],
    ["https://exa mple.com", ""],
    ["https://x.org\\@evil.com/", ""],
    ["https://example.com:abc/", ""],
    ["https://example.com%2f/", ""],
    ["https://[", ""],
  ]);
});

Deno.test("urlHost() reads schemes by the grammar of RFC 3986 §3.1", () => {
  check([
    ["HTTPS://UPPER.example/", "upper.example"],
    ["git+ssh://h/x", "h"],
    ["a1.b-c://h", "h"],
    ["1http://h", ""],
    ["+x://h", ""],
    ["://h", ""],
    ["ht_tp://h", ""],
    ["htt p://h", ""],
    ["é://h", ""],
    ["a:b://h", ""],
    ["", ""],
    ["*", ""],
    [":", ""],
    ["//", ""],
    ["///h/x", ""],
    ["/p", ""],
    ["http:", ""],
    ["http:/h", ""],
    ["http://", ""],
    ["http:////h", ""],
  ]);
});

Deno.test("urlHost() ends the authority at slash, question mark and hash", () => {
  check([
    ["http://a.example?@b.example/", "a.example"],
    ["http://a.example#@b.example/", "a.example"],
    ["http://a.example/@b.example", "a.example"],
    ["http://a.example?", "a.example"],
    ["http://a.example#", "a.example"],
    ["http://?x", ""],
    ["http://#x", ""],
    ["http://a.example?x=%zz", "a.example"],
    ["http://a.example/%zz", ""],
    ["http://a.example/%4", ""],
    ["http://a.example/%41", "a.example"],
    ["http://a.example/#%zz", ""],
    ["http://a.example/x y", "a.example"],
    ["http://a.example/é\\", "a.example"],
  ]);
});

Deno.test("urlHost() refuses control characters before the fragment", () => {
  for (const char of ["\u0000", "\t", "\n", "\r", "\u001f", "\u007f"]) {
    assertEquals(urlHost(`http://a.example/${char}x`), "");
    assertEquals(urlHost(`http://a.ex${char}ample/`), "");
    assertEquals(urlHost(`http://a.example/?${char}`), "");
    assertEquals(urlHost(`ht${char}tp://a.example/`), "");
    assertEquals(urlHost(`http://a.example/#${char}`), "a.example");
  }
});

Deno.test("urlHost() reads userinfo up to the last at sign", () => {
  check([
    ["https://good.example@evil.example/", "evil.example"],
    ["https://a:b:c@h.example:1/", "h.example"],
    ["https://a@b@h.example/", "h.example"],
    ["https://@h.example/", "h.example"],
    ["https://a%20b@h.example/", "h.example"],
    ["https://a%2@h.example/", ""],
    ["https://a b@h.example/", ""],
    ["https://é@h.example/", ""],
    ["https://a\\b@h.example/", ""],
    ["https://a[b@h.example/", ""],
    ["https://a@", ""],
  ]);
});

Deno.test("urlHost() takes only digits as a port", () => {
  check([
    ["http://h:", "h"],
    ["http://h:0/", "h"],
    ["http://h:99999999999999999999/", "h"],
    ["http://h:8o/", ""],
    ["http://h:-1/", ""],
    ["http://h: 80/", ""],
    ["http://h:80:80/", ""],
    ["http://::1/", ""],
    ["http://:80/", ""],
    ["http://h:%38/", ""],
  ]);
});

Deno.test("urlHost() takes only IPv6 addresses in brackets", () => {
  check([
    ["http://[2001:DB8::A]/x", "2001:db8::a"],
    ["http://[::ffff:1.2.3.4]/", "::ffff:1.2.3.4"],
    ["http://[1:2:3:4:5:6:7:8]", "1:2:3:4:5:6:7:8"],
    ["http://u@[::1]/", "::1"],
    ["http://[::1]:", "::1"],
    ["http://[::1]x/", ""],
    ["http://[::1]:x/", ""],
    ["http://[::1", ""],
    ["http://[]/", ""],
    ["http://[1.2.3.4]/", ""],
    ["http://[h]/", ""],
    ["http://x[::1]/", ""],
    ["http://[::1]]/", ""],
    ["http://[fe80::1%en0]/", ""],
    ["http://[fe80::1%25]/", ""],
    ["http://[fe80::1%25en%200]/", "fe80::1%en 0"],
    ["http://[fe80::1%25en%2F0]/", ""],
    ["http://[fe80::1%25en%0]/", ""],
    ["http://[fe80::1%25a%C3%A9]/", "fe80::1%aé"],
  ]);
});

Deno.test("urlHost() decodes escapes beyond ASCII in names", () => {
  check([
    ["http://b%C3%BCcher.example/", "bücher.example"],
    ["http://a%25b/", "a%b"],
    ["http://a%62/", ""],
    ["http://a%FF/", "a\ufffd"],
    ["http://%E2%82x/", "\ufffd\ufffdx"],
    ["http://%F0%9F%98%80/", "😀"],
    ["http://%EF%BB%BFx/", "\ufeffx"],
    ["http://a%zz/", ""],
    ["http://a%/", ""],
    ["http://İ.example/", "i.example"],
    ['http://a<b>"c/', 'a<b>"c'],
    ["http://a!$&'()*+,;=~_-./", "a!$&'()*+,;=~_-."],
    ["http://a^b/", ""],
    ["http://a|b/", ""],
    ["http://a{b}/", ""],
    ["http://a`b/", ""],
  ]);
});

Deno.test("urlHost() is linear on hostile input", () => {
  const long = "a".repeat(500_000);
  assertEquals(urlHost(`http://${long}`), long);
  assertEquals(urlHost(`http://${"@".repeat(500_000)}h`), "h");
  assertEquals(urlHost(`http://[${":".repeat(500_000)}]`), "");
  assertEquals(urlHost(`${"a".repeat(500_000)}`), "");
});

Deno.test("hostTargetDomain() cuts text as spec 02 §2.3 says", () => {
  const table: [string, string][] = [
    ["EXAMPLE.com:80", "example.com"],
    ["[::1]:80", "["],
    ["::1", ""],
    ["user@example.com", "user@example.com"],
    ["HTTPS://example.com", "https"],
    ["http://x.example/p", "x.example"],
    ["http://https://z.example", "z.example"],
    ["https://http://z.example", "http"],
    ["https://https://z.example", "https"],
    ["example.com.", "example.com."],
    ["a\\b", "a\\b"],
  ];
  for (const [value, host] of table) assertEquals(hostTargetDomain(value), host, value);
});
