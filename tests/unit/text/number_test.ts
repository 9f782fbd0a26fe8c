import { assertEquals } from "@std/assert";
import { beginsLikeNumber, integerSurvives, isPlainInteger } from "../../../core/text/number.ts";

Deno.test("integerSurvives() compares the written number with the printed one", () => {
  const survive = [
    "0",
    "-0",
    "0e9",
    "0.000",
    "1",
    "1.0",
    "100",
    "1e21",
    "1e23",
    "9007199254740991",
  ];
  for (const text of [...survive, "9007199254740992", "0.1", "1.5e-7", "12345678.9", "-1E+2"]) {
    assertEquals(integerSurvives(text), true, text);
  }
  for (
    const text of [
      "9007199254740993",
      "-9007199254740993",
      "9007199254740993.0",
      "900719925474099.3e1",
      "90071992547409930e-1",
      "123456789012345678",
      "1180591620717411303424",
      "1e400",
    ]
  ) assertEquals(integerSurvives(text), false, text);
});

Deno.test("isPlainInteger() knows short decimal integers, and nothing else", () => {
  for (const text of ["0", "7", "10", "999999999999999"]) {
    assertEquals(isPlainInteger(text), true, text);
  }
  const others = [
    "",
    "00",
    "007",
    "-1",
    "+1",
    "1.0",
    "1e3",
    "1_0",
    "0x1",
    " 1",
    "1\n",
    "١",
    "1000000000000000",
  ];
  for (const text of others) assertEquals(isPlainInteger(text), false, text);
});

Deno.test("beginsLikeNumber() looks at the first character", () => {
  for (const text of ["0", "-x", "+", ".5", "9a"]) assertEquals(beginsLikeNumber(text), true, text);
  for (const text of ["", "a", "e5", "_1", "~"]) assertEquals(beginsLikeNumber(text), false, text);
});
