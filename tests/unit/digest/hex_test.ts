import { assert, assertFalse } from "@std/assert";
import { equalHex, isSha256Hex, isSha256HexAnyCase } from "../../../core/digest/hex.ts";

const DIGEST = "0123456789abcdef".repeat(4);

Deno.test("isSha256Hex() accepts 64 lower-case hex digits only", () => {
  assert(isSha256Hex(DIGEST));
  for (const bad of ["", DIGEST.slice(1), `${DIGEST}0`, DIGEST.toUpperCase(), `${DIGEST}\n`]) {
    assertFalse(isSha256Hex(bad), bad);
  }
  assertFalse(isSha256Hex(DIGEST.replace("f", "g")));
  assertFalse(isSha256Hex(DIGEST.replace("0", "０")));
});

Deno.test("isSha256HexAnyCase() accepts either case", () => {
  assert(isSha256HexAnyCase(DIGEST.toUpperCase()));
  assertFalse(isSha256HexAnyCase(` ${DIGEST.slice(1)}`));
});

Deno.test("equalHex() compares every unit and the length", () => {
  assert(equalHex(DIGEST, DIGEST));
  assert(equalHex("", ""));
  assertFalse(equalHex(DIGEST, DIGEST.slice(1)));
  assertFalse(equalHex(DIGEST, DIGEST.toUpperCase()));
  for (let i = 0; i < DIGEST.length; i++) {
    assertFalse(equalHex(DIGEST, `${DIGEST.slice(0, i)}x${DIGEST.slice(i + 1)}`), String(i));
  }
});
