import { assertEquals } from "@std/assert";
import { strictHostTarget, strictUrlHost } from "../../../../core/intent/hosts/strict_host.ts";

Deno.test("strictUrlHost() gives one spelling to what every client reads alike", () => {
  const table: [string, string][] = [
    ["https://Example.com/x", "example.com"],
    ["HTTPS://example.com:443", "example.com"],
    ["https://example.com.", "example.com"],
    ["https://u:p@example.com:99/", "example.com"],
    ["https://good.example@evil.example/", "evil.example"],
    ["https://xn--bcher-kva.example/", "xn--bcher-kva.example"],
    ["https://a_b.example/", "a_b.example"],
    ["s3://a.b/c", "a.b"],
    ["http://127.0.0.1:80/", "127.0.0.1"],
    ["http://[2001:DB8:0:0::A]/", "2001:db8::a"],
    ["http://[::1]/", "::1"],
    ["http://h:/", "h"],
  ];
  for (const [value, host] of table) assertEquals(strictUrlHost(value), host, value);
});

Deno.test("strictUrlHost() gives nothing for what clients read differently", () => {
  const bad = [
    "",
    "example.com",
    "//example.com/",
    "https:example.com",
    "https:/example.com",
    "https:///example.com",
    "mailto:a@b.example",
    "https://a\\@b.example/",
    "https://b.example/a\\b",
    "https://b.example/ https://evil.example/",
    "https://b.exa\tmple/",
    "https://b.example/#\n",
    "https://b.example\u00a0/",
    "https://b\u00ad.example/",
    "https://b\u200b.example/x",
    "https://b.example/\ufeff",
    "http://bücher.example/",
    "http://\u212aexample/",
    "http://ｅvil.example/",
    "http://evil。example/",
    "http://a%2eb/",
    "http://a%C3%A9/",
    "http://u%40x@b.example/",
    "http://u@v@b.example/",
    "http://0x7f000001/",
    "http://0x7f.1/",
    "http://2130706433/",
    "http://127.1/",
    "http://010.0.0.1/",
    "http://1.2.3.4.5/",
    "http://256.0.0.1/",
    "http://a.0x/",
    "http://0.0.0.0/",
    "http://[::]/",
    "http://[::ffff:127.0.0.1]/",
    "http://[::7f00:1]/",
    "http://[64:ff9b::1]/",
    "http://[fe80::1%25en0]/",
    "http://[::1]x/",
    "http://a..b/",
    "http://.a/",
    "http://a../",
    "http://-a/",
    "http://a-/",
    "http://a<b/",
    "http://a:65536/",
    "http://a:8a/",
    `http://${"a".repeat(64)}/`,
    `http://${"a.".repeat(130)}a/`,
  ];
  for (const value of bad) assertEquals(strictUrlHost(value), "", JSON.stringify(value));
});

Deno.test("strictUrlHost() is linear on hostile input", () => {
  assertEquals(strictUrlHost(`http://${"a.".repeat(300_000)}/`), "");
  assertEquals(strictUrlHost(`http://${"a-".repeat(300_000)}/`), "");
  assertEquals(strictUrlHost(`http://[${"0:".repeat(300_000)}]/`), "");
});

Deno.test("strictHostTarget() names the host of names, addresses and http URLs", () => {
  const table: [string, string][] = [
    ["EXAMPLE.com:80", "example.com"],
    ["example.com.", "example.com"],
    ["example.com/p", "example.com"],
    ["v-host", "v-host"],
    ["10.0.0.1:22", "10.0.0.1"],
    ["[::1]:80", "::1"],
    ["::1", "::1"],
    ["2001:DB8::1", "2001:db8::1"],
    ["http://x.example/p", "x.example"],
    ["https://y.example:1", "y.example"],
  ];
  for (const [value, host] of table) assertEquals(strictHostTarget(value), host, value);
});

Deno.test("strictHostTarget() gives nothing for what clients read differently", () => {
  const bad = [
    "HTTPS://example.com",
    "http://https://z.example",
    "ftp://x.example",
    "user@example.com",
    "//example.com",
    "a b",
    "a\\b",
    "a:b",
    "a:",
    "https:80",
    "10.0.0.0/8",
    "fe80::1/64",
    "a:1:2",
    "127.1",
    "1",
    "*.example.com",
    "bücher.example",
    "example.com?x",
    "example.com#x",
    "[::1",
    "::1%en0",
    ":80",
    "/",
  ];
  for (const value of bad) assertEquals(strictHostTarget(value), "", value);
});
