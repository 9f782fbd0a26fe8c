import { assert, assertEquals } from "@std/assert";
import { compileDomainList, deniesDomain, matchesDomain } from "../../../core/gate/domain_list.ts";

function match(pattern: string, domain: string): boolean {
  const list = compileDomainList([pattern]);
  return list !== undefined && matchesDomain(list, domain);
}

Deno.test("matchesDomain() follows the domain rules", () => {
  const cases: readonly (readonly [string, string, boolean])[] = [
    ["*.x.example", "a.x.example", true],
    ["*.x.example", "x.example", false],
    ["*.x.example", "a.b.x.example", true],
    ["*.x.example", "ax.example", false],
    ["*x.example", "evilx.example", true],
    ["x.*", "x.example", true],
    ["x.example", "x.example.", false],
    ["?.x.example", "a.x.example", true],
    ["*.*.x.example", "a.b.x.example", true],
    ["*.*.x.example", "b.x.example", false],
    ["[a-c].x.example", "b.x.example", true],
    ["*", "anything.example", true],
  ];
  for (const [pattern, domain, wanted] of cases) {
    assertEquals(match(pattern, domain), wanted, `${pattern} on ${domain}`);
  }
});

Deno.test("compileDomainList() gives nothing for an empty list", () => {
  assertEquals(compileDomainList([]), undefined);
});

Deno.test("deniesDomain() is not fooled by the dot of a fully qualified name", () => {
  const list = compileDomainList(["evil.example", "*.bad.example"]);
  assert(list !== undefined);
  assert(deniesDomain(list, "evil.example."));
  assert(deniesDomain(list, "x.bad.example."));
  assertEquals(deniesDomain(list, "good.example."), false);
});

Deno.test("matchesDomain() finds one of many globs and suffixes", () => {
  const patterns = Array.from({ length: 500 }, (_, n) => `a*${n}.g.example`);
  const list = compileDomainList([...patterns, "*.s.example"]);
  assert(list !== undefined);
  assert(matchesDomain(list, "axx499.g.example"));
  assert(matchesDomain(list, "q.s.example"));
  assertEquals(matchesDomain(list, "bxx499.g.example"), false);
});

Deno.test("matchesDomain() stays fast on a domain of a million dots", () => {
  const list = compileDomainList(["*.x.example"]);
  assert(list !== undefined);
  const start = performance.now();
  assertEquals(matchesDomain(list, "a.".repeat(1_000_000)), false);
  assert(performance.now() - start < 1_000);
});
