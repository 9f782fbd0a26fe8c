import { assertEquals, assertNotEquals } from "@std/assert";
import { foldCase } from "../../../../core/intent/paths/fold.ts";

Deno.test("foldCase() makes spellings of one name equal", () => {
  const pairs: [string, string][] = [
    ["/Etc/PASSWD", "/etc/passwd"],
    ["/e\u0301", "/É"],
    ["/K", "/\u212a"],
    ["/straße", "/STRAẞE"],
    ["/σ", "/ς"],
    ["/Σ", "/ς"],
    ["/s", "/\u017f"],
    ["/\u00b5", "/\u03bc"],
    ["/.git", "/.g\u200cit"],
    ["/\u1e9b", "/\u1e60"],
    ["/\u{10400}", "/\u{10428}"],
  ];
  for (const [a, b] of pairs) assertEquals(foldCase(a), foldCase(b), `${a} ${b}`);
});

Deno.test("foldCase() keeps different names apart", () => {
  assertNotEquals(foldCase("/a"), foldCase("/á"));
  assertNotEquals(foldCase("/ß"), foldCase("/ss"));
  assertNotEquals(foldCase("/ı"), foldCase("/i"));
});

Deno.test("foldCase() is not slowed down by runs of combining marks", () => {
  // Composing this as one text takes minutes.
  const long = `/a${"\u0301".repeat(200_000)}${"\u0323".repeat(200_000)}`;
  assertEquals(foldCase(long), long);
  const many = `/a${"\u0301".repeat(100)}${"\u0323".repeat(100)}`.repeat(2_000);
  assertEquals(foldCase(many).split("/").length, 2_001);
});

Deno.test("foldCase() changes nothing the second time", () => {
  for (const text of ["/ΑΙΣ", "/İ", "/e\u0323\u0302", "/\u1fb3\u0345", "/ǅ"]) {
    assertEquals(foldCase(foldCase(text)), foldCase(text), text);
  }
});
