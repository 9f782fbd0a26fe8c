/**
 * The compiled form of a JSON Schema, which the generated files hold as data, and what validation
 * reports. `schemas/v1` is the source of truth; `scripts/generate_schemas.ts` compiles it.
 *
 * @module
 */

/** Types of JSON Schema 2020-12 that our schemas use. */
export type JsonType = "array" | "boolean" | "integer" | "null" | "number" | "object" | "string";

/**
 * One compiled schema. Members carry the meaning of the JSON Schema keyword of the same name and, as
 * there, bind only values of the type they speak about.
 */
export interface SchemaNode {
  /** Type, or types, of which the value must have one. */
  readonly type: JsonType | readonly JsonType[];
  /** The only value that is accepted. */
  readonly const?: string | boolean;
  /** The strings that are accepted. */
  readonly enum?: readonly string[];
  /** Least length, code points. */
  readonly minLength?: number;
  /** Greatest length, code points. */
  readonly maxLength?: number;
  /** Expression that must match; the generator refuses any that could backtrack without bound. */
  readonly pattern?: RegExp;
  /** `date-time`: a timestamp as `core/base/instant.ts` reads it (spec 02 §1.5). */
  readonly format?: "date-time";
  /** Least number. */
  readonly minimum?: number;
  /** Greatest number. */
  readonly maximum?: number;
  /** Least number of items. */
  readonly minItems?: number;
  /** Schema of every item. */
  readonly items?: SchemaNode;
  /** Members that must be there. */
  readonly required?: readonly string[];
  /** Schemas of known members. */
  readonly properties?: Readonly<Record<string, SchemaNode>>;
  /** Whether unknown members are accepted. */
  readonly additionalProperties?: boolean;
}

/** What is wrong, stable across versions. */
export type FindingCode =
  | "type_mismatch"
  | "const_mismatch"
  | "enum_mismatch"
  | "too_short"
  | "too_long"
  | "pattern_mismatch"
  | "format_mismatch"
  | "too_small"
  | "too_large"
  | "too_few_items"
  | "missing_member"
  | "unknown_member";

/** One reason why a value does not have the shape its schema asks for. */
export interface Finding {
  /**
   * Place in the document, as in `rules[2].match.tool_names`; empty for the document itself. A member
   * whose name is not a plain word is written as `["its name"]`, escaped and cut.
   */
  readonly path: string;
  /** What is wrong. */
  readonly code: FindingCode;
  /** The same for people. It never repeats a value of the document. */
  readonly message: string;
  /** What would be right. */
  readonly expected: string;
}
