import { GaitError } from "../base/errors.ts";
import { printable } from "../base/printable.ts";
import { lower, trim } from "../base/text_rules.ts";
import { type AdapterName, ADAPTERS } from "./call_request.ts";

/** An adapter as a flag or request names it; one that is not named at all is `mcp`. */
export interface NamedAdapter {
  readonly name: AdapterName;
  /** Lower-cased spelling, for the outcome; "" when none was given (spec 04 §1.2). */
  readonly label: string;
}

/**
 * Reads the name of an adapter: any case, surrounding white space ignored, empty means `mcp`.
 *
 * @throws GaitError `unsupported_value`
 */
export function readAdapter(text: string): NamedAdapter {
  const label = lower(trim(text));
  if (label === "") return { name: "mcp", label };
  const name = ADAPTERS.find((known) => known === label);
  if (name !== undefined) return { name, label };
  throw new GaitError("unsupported_value", `unsupported adapter: ${printable(text)}`, {
    hint: `use one of ${ADAPTERS.join(", ")}`,
  });
}
