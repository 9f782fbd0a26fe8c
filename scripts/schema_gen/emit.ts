/**
 * Writes the TypeScript file of one schema: wire types, compiled schemas, validator.
 *
 * @module
 */

import type { SchemaFile, SchemaUse, Shape } from "./model.ts";
import {
  type Catalogue,
  constNameOf,
  inOrder,
  pascal,
  referencesOf,
  resolve,
  type Target,
  typeNameOf,
} from "./names.ts";

/** What writing one file needs. */
interface Context {
  readonly file: SchemaFile;
  readonly catalogue: Catalogue;
}

/** A JSDoc comment. */
function comment(description: string): string {
  return `/** ${description.replaceAll("*/", "*\\/").replaceAll("@", "\\@")} */`;
}

/** Whether a shape has a type with a name of its own. */
function isNamed(shape: Shape): boolean {
  return shape.properties.size > 0 || shape.keywords.enum !== undefined;
}

/** TypeScript type of values of one JSON type. */
function typeOf(type: string, shape: Shape, context: Context): string {
  if (type === "integer") return "number";
  if (type === "array") {
    return shape.items === undefined ? "never" : `readonly ${listItem(shape.items, context)}[]`;
  }
  if (type !== "object") return type;
  if (shape.properties.size === 0) return "JsonObject";
  throw new TypeError(`Cannot compile schema ${context.file.path}: objects belong under $defs`);
}

/** Type of an item, in parentheses when it is a union. */
function listItem(items: SchemaUse, context: Context): string {
  const type = useType(items, context);
  return type.includes("|") ? `(${type})` : type;
}

/** TypeScript type of a shape that is written in place. */
function shapeType(shape: Shape, context: Context): string {
  if (shape.keywords.const !== undefined) return JSON.stringify(shape.keywords.const);
  if (Array.isArray(shape.keywords.enum)) {
    return shape.keywords.enum.map((choice) => JSON.stringify(choice)).join(" | ");
  }
  return shape.types.map((type) => typeOf(type, shape, context)).join(" | ");
}

/** TypeScript type of a schema where it is used. */
function useType(use: SchemaUse, context: Context): string {
  if (use.kind === "shape") return shapeType(use, context);
  const target = resolve(use, context.file, context.catalogue);
  if (!isNamed(target.shape)) return shapeType(target.shape, context);
  const nullable = target.shape.types.includes("null") ? " | null" : "";
  return typeNameOf(target) + nullable;
}

/** Declaration of the type of a definition, or nothing when it is a plain scalar. */
function declareType(target: Target, context: Context): string {
  const { shape } = target;
  if (!isNamed(shape)) return "";
  const description = target.def === "" ? target.file.description : shape.description;
  const head = `${comment(description)}\nexport `;
  const name = typeNameOf(target);
  if (shape.properties.size === 0) return `${head}type ${name} = ${shapeType(shape, context)};\n`;
  const members = [...shape.properties].map(([member, use]) => {
    const mark = shape.required.includes(member) ? "" : "?";
    return `${comment(use.description)}\nreadonly ${member}${mark}: ${useType(use, context)};\n`;
  });
  return `${head}interface ${name} {\n${members.join("")}}\n`;
}

/** A regular expression literal; characters outside ASCII are escaped. */
function regExp(pattern: string): string {
  const ascii = pattern.replaceAll(
    /[^\x20-\x7e]/g,
    (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
  return `/${ascii.replaceAll("/", "\\/")}/u`;
}

/** Compiled form of a schema where it is used. */
function useNode(use: SchemaUse, context: Context): string {
  if (use.kind === "shape") return shapeNode(use, context);
  return constNameOf(resolve(use, context.file, context.catalogue));
}

/** Compiled form of a shape. */
function shapeNode(shape: Shape, context: Context): string {
  const [first] = shape.types;
  const out = [`type: ${JSON.stringify(shape.types.length === 1 ? first : shape.types)}`];
  for (const [key, value] of Object.entries(shape.keywords)) {
    out.push(`${key}: ${key === "pattern" ? regExp(String(value)) : JSON.stringify(value)}`);
  }
  if (shape.items !== undefined) out.push(`items: ${useNode(shape.items, context)}`);
  if (shape.required.length > 0) out.push(`required: ${JSON.stringify(shape.required)}`);
  if (shape.properties.size > 0) {
    const members = [...shape.properties].map(([name, use]) => `${name}: ${useNode(use, context)}`);
    out.push(`properties: {\n${members.join(",\n")}\n}`);
  }
  if (shape.types.includes("object")) out.push(`additionalProperties: ${shape.open}`);
  return `{ ${out.join(", ")} }`;
}

/** Declaration of the compiled form of a definition. */
function declareNode(target: Target, context: Context): string {
  const of = target.def === "" ? target.file.title : `\`${target.def}\``;
  return `${comment(`Compiled schema: ${of}.`)}\nexport const ${
    constNameOf(target)
  }: SchemaNode = ${shapeNode(target.shape, context)};\n`;
}

/** Import lines for what lives in other files. */
function imports(targets: readonly Target[], body: string, context: Context): string {
  const lines = [];
  if (/\bJsonObject\b/.test(body)) {
    lines.push('import type { JsonObject } from "../../core/base/json_value.ts";');
  }
  lines.push(
    context.file.root === undefined
      ? 'import type { SchemaNode } from "../schema_node.ts";'
      : 'import type { Finding, SchemaNode } from "../schema_node.ts";',
  );
  if (context.file.root !== undefined) lines.push('import { validate } from "../validator.ts";');
  const foreign = new Map<string, Set<string>>();
  for (const ref of targets.flatMap((target) => referencesOf(target.shape))) {
    const target = resolve(ref, context.file, context.catalogue);
    if (target.file === context.file) continue;
    const names = foreign.get(target.file.name) ?? new Set<string>();
    names.add(constNameOf(target));
    if (isNamed(target.shape)) names.add(`type ${typeNameOf(target)}`);
    foreign.set(target.file.name, names);
  }
  for (const [name, names] of [...foreign].sort(([a], [b]) => a < b ? -1 : 1)) {
    lines.push(`import { ${[...names].sort().join(", ")} } from "./${name}.ts";`);
  }
  return lines.join("\n");
}

/** The validator of a document. */
function declareValidator(file: SchemaFile): string {
  if (file.root === undefined) return "";
  const about = `Checks a parsed document against \`schemas/v1/${file.path}\`.`;
  return `
/**
 * ${about}
 *
 * @returns All findings, sorted, at most \`LIMITS.findings\`; empty when the document conforms.
 */
export function validate${pascal(file.name)}(value: unknown): Finding[] {
  return validate(${constNameOf({ file, def: "" })}, value);
}
`;
}

/**
 * Writes the TypeScript file of one schema, not yet formatted.
 *
 * @throws {TypeError} When the schema cannot be expressed.
 */
export function emitFile(file: SchemaFile, catalogue: Catalogue): string {
  const context = { file, catalogue };
  const targets = inOrder(file, catalogue);
  const types = targets.map((target) => declareType(target, context)).join("\n");
  const nodes = targets.map((target) => declareNode(target, context)).join("\n");
  const body = `${types}\n${nodes}\n${declareValidator(file)}`;
  return `/**
 * ${file.title}. Generated from \`schemas/v1/${file.path}\` by \`scripts/generate_schemas.ts\`; do not edit.
 *
 * @module
 */

${imports(targets, body, context)}

${body}`;
}
