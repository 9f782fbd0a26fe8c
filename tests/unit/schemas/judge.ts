/**
 * Ajv as an independent judge of the schema files.
 *
 * @module
 */

import { Ajv2020 } from "ajv/dist/2020.js";
import addFormats from "ajv-formats";
import { parseTimestamp } from "../../../core/base/instant.ts";

const ROOT = new URL("../../../schemas/v1/", import.meta.url);

/** A parsed schema file. */
export interface SchemaDocument {
  /** Path below `schemas/v1`, without `.schema.json`. */
  readonly name: string;
  readonly schema: Record<string, unknown>;
}

/** Reads every schema file. */
export async function readSchemas(): Promise<SchemaDocument[]> {
  const out: SchemaDocument[] = [];
  for await (const area of Deno.readDir(ROOT)) {
    for await (const file of Deno.readDir(new URL(`${area.name}/`, ROOT))) {
      const path = `${area.name}/${file.name}`;
      const schema = JSON.parse(await Deno.readTextFile(new URL(path, ROOT)));
      out.push({ name: path.replace(".schema.json", ""), schema });
    }
  }
  return out.sort((a, b) => a.name < b.name ? -1 : 1);
}

/**
 * Where ajv-formats and spec 02 §1.5 differ on purpose. Ajv takes a lower-case or blank separator, a
 * lower-case zone and a leap second, which we refuse; we take a comma before the fraction. Zones without
 * colon or minutes are refused by us and taken by ajv.
 */
export function isDisputedTime(text: string): boolean {
  return /[tz,\s]|:60|[+-]\d\d(?:\d\d)?$/.test(text);
}

/**
 * Compiles all schemas with Ajv.
 *
 * @returns Judges by schema name: whether a value conforms.
 */
export async function makeJudges(): Promise<Map<string, (value: unknown) => boolean>> {
  const ajv = new Ajv2020({
    strict: true,
    strictRequired: true,
    ownProperties: true,
    allowUnionTypes: true,
  });
  addFormats.default(ajv);
  const standard = ajv.formats["date-time"];
  ajv.addFormat("date-time", (text: string) => {
    if (isDisputedTime(text)) return parseTimestamp(text) !== undefined;
    if (typeof standard !== "object" || standard instanceof RegExp) {
      throw new TypeError("no format");
    }
    return (standard.validate as (text: string) => boolean)(text);
  });
  const schemas = await readSchemas();
  for (const { schema } of schemas) ajv.addSchema(schema);
  return new Map(schemas.map(({ name, schema }) => {
    const check = ajv.getSchema(String(schema.$id));
    if (check === undefined) throw new TypeError(`no schema ${name}`);
    return [name, (value: unknown) => check(value) === true];
  }));
}
