import { GaitError } from "../../base/errors.ts";
import { lower, trim } from "../../base/text_rules.ts";
import type { Arguments } from "../frame/command.ts";

/**
 * Whether `--profile` of a verify command is strict; case and surrounding blanks do not count (spec 01 §11.2).
 *
 * @throws GaitError `unsupported_value`
 */
export function isStrict(args: Arguments): boolean {
  const profile = lower(trim(args.text("profile"))) || "standard";
  if (profile === "standard" || profile === "strict") return profile === "strict";
  throw new GaitError(
    "unsupported_value",
    `unsupported --profile value ${JSON.stringify(args.text("profile"))} ` +
      "(expected standard or strict)",
  );
}
