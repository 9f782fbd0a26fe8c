/**
 * The schema files as checked values. Anything that the validator does not implement is refused here,
 * so that a schema never promises what nobody checks.
 *
 * @module
 */

import { isJsonObject, type JsonObject, type JsonValue } from "../../core/base/json_value.ts";
import type { JsonType } from "../../schemas/schema_node.ts";
import { assertLinearPattern } from "./pattern.ts";

/** A schema that is written in place. */
export interface Shape {
  readonly kind: "shape";
  readonly description: string;
  readonly types: readonly JsonType[];
  /** Validation keywords that are copied into the compiled form as they are. */
  readonly keywords: Readonly<Record<string, string | number | boolean | readonly string[]>>;
  readonly items?: SchemaUse;
  readonly required: readonly string[];
  readonly properties: ReadonlyMap<string, SchemaUse>;
  /** Whether unknown members are accepted. */
  readonly open: boolean;
}

/** A schema that is named by `$ref`. */
export interface Reference {
  readonly kind: "ref";
  readonly description: string;
  /** `$id` of the file, or "" for the same file. */
  readonly file: string;
  /** Name under `$defs`, or "" for the whole file. */
  readonly def: string;
}

/** A schema where it is used. */
export type SchemaUse = Shape | Reference;

/** One schema file. */
export interface SchemaFile {
  /** Path below `schemas/v1`, for example `gate/trace.schema.json`. */
  readonly path: string;
  readonly area: string;
  readonly name: string;
  readonly id: string;
  readonly title: string;
  readonly description: string;
  /** The document; `undefined` for a file of shared definitions. */
  readonly root: Shape | undefined;
  readonly defs: ReadonlyMap<string, Shape>;
}

const TYPES: readonly string[] = [
  "array",
  "boolean",
  "integer",
  "null",
  "number",
  "object",
  "string",
];
const COPIED = [
  "const",
  "enum",
  "minLength",
  "maxLength",
  "pattern",
  "format",
  "minimum",
  "maximum",
  "minItems",
] as const;
const SHAPE_KEYS: readonly string[] = [
  ...COPIED,
  "type",
  "description",
  "required",
  "properties",
  "additionalProperties",
  "items",
];
const FILE_KEYS: readonly string[] = ["$schema", "$id", "title", "$defs"];
const MEMBER_NAME = /^[a-z][a-z0-9_]*$/;
const DRAFT = "https://json-schema.org/draft/2020-12/schema";

/** Stops the generator with the place of a mistake. */
function fail(place: string, problem: string): never {
  throw new TypeError(`Cannot compile schema ${place}: ${problem}`);
}

/** An object, or a failure. */
function object(value: JsonValue | undefined, place: string): JsonObject {
  return isJsonObject(value) ? value : fail(place, "expected an object");
}

/** A non-empty text, or a failure. */
function text(value: JsonValue | undefined, place: string): string {
  return typeof value === "string" && value !== "" ? value : fail(place, "expected a text");
}

/** A list of texts, or a failure. */
function texts(value: JsonValue | undefined, place: string): string[] {
  if (!Array.isArray(value)) return fail(place, "expected a list");
  return value.map((item, index) =>
    typeof item === "string" ? item : fail(`${place}/${index}`, "expected a text")
  );
}

/** Refuses keywords outside a list. */
function onlyKeys(source: JsonObject, allowed: readonly string[], place: string): void {
  for (const key of Object.keys(source)) {
    if (!allowed.includes(key)) fail(place, `keyword ${key} is not supported`);
  }
}

/** Reads `type`, which every schema must have. */
function readTypes(source: JsonObject, place: string): JsonType[] {
  const list = typeof source.type === "string" ? [source.type] : texts(source.type, place);
  if (list.length === 0 || !list.every((type) => TYPES.includes(type))) {
    fail(place, "type is missing or unknown");
  }
  return list as JsonType[];
}

/** Reads the keywords that are copied, each only beside the type it speaks about. */
function readKeywords(source: JsonObject, place: string): Shape["keywords"] {
  const out: Record<string, string | number | boolean | readonly string[]> = {};
  for (const key of COPIED) {
    const value = source[key];
    if (value === undefined) continue;
    if (key === "enum") out[key] = texts(value, `${place}/enum`);
    else if (typeof value === "string" || typeof value === "number") out[key] = value;
    else if (key === "const" && typeof value === "boolean") out[key] = value;
    else fail(place, `${key} has an unsupported value`);
  }
  if (out.pattern !== undefined) assertLinearPattern(String(out.pattern), place);
  if (out.format !== undefined && out.format !== "date-time") fail(place, "format is unknown");
  if ((out.const ?? out.enum) !== undefined && Array.isArray(source.type)) {
    fail(place, "const and enum need a single type");
  }
  return out;
}

/** Reads the members of an object schema; each has a name that is safe in source text. */
function readProperties(source: JsonObject, place: string): Map<string, SchemaUse> {
  const out = new Map<string, SchemaUse>();
  if (source.properties === undefined) return out;
  for (const [name, value] of Object.entries(object(source.properties, place))) {
    if (!MEMBER_NAME.test(name)) fail(place, `member name ${name} is not snake_case`);
    const use = readUse(value, `${place}/${name}`);
    if (use.description === "") fail(`${place}/${name}`, "description is missing");
    out.set(name, use);
  }
  return out;
}

/** Reads a schema that is written in place. */
function readShape(source: JsonObject, place: string): Shape {
  const types = readTypes(source, place);
  const isObject = types.includes("object");
  if (isObject && typeof source.additionalProperties !== "boolean") {
    fail(place, "additionalProperties must be written out");
  }
  if (types.includes("array") && source.items === undefined) fail(place, "items is missing");
  const properties = readProperties(source, place);
  const required = source.required === undefined ? [] : texts(source.required, place);
  for (const name of required) {
    if (!properties.has(name)) fail(place, `required member ${name} is not described`);
  }
  return {
    kind: "shape",
    description: typeof source.description === "string" ? source.description : "",
    types,
    keywords: readKeywords(source, place),
    ...(source.items === undefined ? {} : { items: readUse(source.items, `${place}/items`) }),
    required,
    properties,
    open: source.additionalProperties !== false,
  };
}

/** Reads `$ref`: another file by `$id`, a definition of it, or a local definition. */
function readReference(source: JsonObject, place: string): Reference {
  onlyKeys(source, ["$ref", "description"], place);
  const match = /^([^#]*)(?:#\/\$defs\/([a-z0-9_]+))?$/.exec(text(source.$ref, place));
  if (match === null) return fail(place, "$ref has an unsupported form");
  const description = typeof source.description === "string" ? source.description : "";
  return { kind: "ref", description, file: match[1] ?? "", def: match[2] ?? "" };
}

/** Reads a schema where it is used. */
function readUse(value: JsonValue, place: string): SchemaUse {
  const source = object(value, place);
  if (source.$ref !== undefined) return readReference(source, place);
  onlyKeys(source, SHAPE_KEYS, place);
  return readShape(source, place);
}

/**
 * Reads one schema file.
 *
 * @param path Path below `schemas/v1`, for example `gate/trace.schema.json`.
 * @param value The parsed file.
 * @throws {TypeError} For anything the validator does not implement.
 */
export function readSchemaFile(path: string, value: JsonValue): SchemaFile {
  const source = object(value, path);
  onlyKeys(source, [...FILE_KEYS, ...SHAPE_KEYS], path);
  const [, area = "", name = ""] = /^([a-z]+)\/([a-z_]+)\.schema\.json$/.exec(path) ??
    fail(path, "file name is not <area>/<name>.schema.json");
  const id = `urn:gait:schema:v1:${area}:${name}`;
  if (source.$schema !== DRAFT) fail(path, "$schema is not draft 2020-12");
  if (source.$id !== id) fail(path, `$id is not ${id}`);
  const defs = new Map<string, Shape>();
  for (const [def, body] of Object.entries(object(source.$defs ?? {}, path))) {
    const use = readUse(body, `${path}#/$defs/${def}`);
    if (use.kind === "ref" || use.description === "") {
      fail(path, `definition ${def} is not a shape`);
    } else defs.set(def, use);
  }
  return {
    path,
    area,
    name,
    id,
    title: text(source.title, path),
    description: text(source.description, path),
    root: source.type === undefined ? undefined : readShape(source, path),
    defs,
  };
}
