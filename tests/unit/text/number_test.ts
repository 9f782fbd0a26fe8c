import { assertEquals } from "@std/assert";
import { integerSurvives } from "../../../core/text/number.ts";

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
