import { assertEquals, assertNotEquals, assertThrows } from "@std/assert";
import { toHex } from "../../../core/base/bytes.ts";
import { archive, MemberEncoder, writeZip } from "../../../core/zip/write_zip.ts";
import { readStoredZip } from "../../support/plain_zip.ts";

const data = (text: string) => new TextEncoder().encode(text);

Deno.test("writeZip() writes the container of spec 01 §7.1", () => {
  const zip = writeZip([{ name: "a", data: new Uint8Array() }]);
  const local = "504b0304" + "1400" + "0800" + "0800" + "0000" + "2100" + "00".repeat(12) +
    "0100" + "0900" + "61" + "5554050001" + "00a6ce12";
  const content = "010000ffff" + "504b0708" + "00000000" + "05000000" + "00000000";
  const central = "504b0102" + "1403" + "1400" + "0800" + "0800" + "0000" + "2100" + "00000000" +
    "05000000" + "00000000" + "0100" + "0900" + "0000" + "0000" + "0000" + "0000a481" +
    "00000000" + "61" + "5554050001" + "00a6ce12";
  const end = "504b0506" + "0000" + "0000" + "0100" + "0100" + "38000000" + "3d000000" + "0000";
  assertEquals(toHex(zip), local + content + central + end);
});

Deno.test("writeZip() sorts by the bytes of the names and does not depend on the order given", async () => {
  const contents = ["b", "a/z", "\u{1f600}", "\ufb33", "a"].map((name) => ({
    name,
    data: data(`content of ${name}`),
  }));
  const zip = writeZip(contents);
  assertEquals(toHex(writeZip([...contents].reverse())), toHex(zip));
  const members = await readStoredZip(zip);
  assertEquals([...members.keys()], ["a", "a/z", "b", "\ufb33", "\u{1f600}"]);
  assertEquals(members.get("b"), data("content of b"));
});

Deno.test("writeZip() marks names that are not plain ASCII and files that are executable", () => {
  const flags = (name: string) =>
    new DataView(writeZip([{ name, data: data("") }]).buffer)
      .getUint16(6, true);
  assertEquals(["plain", "é", "a\\b", "a~b", "a\tb"].map(flags), [8, 0x808, 0x808, 0x808, 0x808]);
  const plain = writeZip([{ name: "x", data: data("") }]);
  const executable = writeZip([{ name: "x", data: data(""), executable: true }]);
  assertNotEquals(toHex(executable), toHex(plain));
  assertEquals(toHex(executable).includes("0000ed81"), true);
});

Deno.test("archive() of nothing is nothing", () => {
  assertEquals(archive([]), []);
  assertEquals(writeZip([]).length, 0);
});

Deno.test("archive() refuses names that readers could take for others", () => {
  const empty = { data: data("") };
  for (const names of [[""], ["a", "a"], ["\ud800"], ["x".repeat(70_000)]]) {
    const contents = names.map((name) => ({ name, ...empty }));
    assertThrows(() => writeZip(contents), RangeError, "Cannot write a zip");
  }
  const [member] = [new MemberEncoder().finish("huge")];
  assertThrows(() => archive([{ ...member!, size: 0xffff_ffff }]), RangeError, "4 GiB");
});

Deno.test("MemberEncoder.write() counts and checks what passes through", () => {
  const encoder = new MemberEncoder();
  encoder.write(data("12345"));
  encoder.write(data("6789"));
  assertEquals(encoder.size, 9);
  const member = encoder.finish("n");
  assertEquals([member.size, member.crc, member.executable], [9, 0xcbf43926, false]);
  assertEquals(member.compressedSize, member.chunks.reduce((sum, chunk) => sum + chunk.length, 0));
});
