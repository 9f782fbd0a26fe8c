/**
 * Names in generated code, and where a reference leads.
 *
 * @module
 */

import type { Reference, SchemaFile, SchemaUse, Shape } from "./model.ts";

/** All schema files by `$id`. */
export type Catalogue = ReadonlyMap<string, SchemaFile>;

/** A definition together with its place. */
export interface Target {
  readonly file: SchemaFile;
  /** Name under `$defs`, or "" for the whole file. */
  readonly def: string;
  readonly shape: Shape;
}

/** `gate_eval_output` as `GateEvalOutput`. */
export function pascal(name: string): string {
  return name.split("_").map((word) => word.slice(0, 1).toUpperCase() + word.slice(1)).join("");
}

/** Parts of a name in generated code; shared definitions go without the name of their file. */
function parts({ file, def }: Pick<Target, "file" | "def">): string[] {
  return [file.area === "common" ? "" : file.name, def].filter((part) => part !== "");
}

/** Name of the type of a definition: `WireTraceDelegationRef`. */
export function typeNameOf(target: Pick<Target, "file" | "def">): string {
  return `Wire${parts(target).map(pascal).join("")}`;
}

/** Name of the compiled schema of a definition: `TRACE_DELEGATION_REF`. */
export function constNameOf(target: Pick<Target, "file" | "def">): string {
  return parts(target).map((part) => part.toUpperCase()).join("_");
}

/**
 * Follows a reference.
 *
 * @throws {TypeError} When it leads nowhere.
 */
export function resolve(ref: Reference, from: SchemaFile, catalogue: Catalogue): Target {
  const file = ref.file === "" ? from : catalogue.get(ref.file);
  const shape = ref.def === "" ? file?.root : file?.defs.get(ref.def);
  if (file === undefined || shape === undefined) {
    throw new TypeError(`Cannot compile schema ${from.path}: no ${ref.file}#${ref.def}`);
  }
  return { file, def: ref.def, shape };
}

/** Schemas directly inside a shape. */
function inner(shape: Shape): SchemaUse[] {
  return [...shape.properties.values(), ...(shape.items === undefined ? [] : [shape.items])];
}

/** All references inside a shape, also those of shapes written in place. */
export function referencesOf(shape: Shape): Reference[] {
  return inner(shape).flatMap((use) => use.kind === "ref" ? [use] : referencesOf(use));
}

/**
 * Definitions of a file, each after those it refers to, the whole document last.
 *
 * @throws {TypeError} When definitions refer to each other in a circle: depth would have no bound.
 */
export function inOrder(file: SchemaFile, catalogue: Catalogue): Target[] {
  const done = new Map<string, Target>();
  const open = new Set<string>();
  function visit(target: Target): void {
    const key = constNameOf(target);
    if (done.has(key)) return;
    if (open.has(key)) {
      throw new TypeError(`Cannot compile schema ${file.path}: ${key} is circular`);
    }
    open.add(key);
    for (const ref of referencesOf(target.shape)) visit(resolve(ref, target.file, catalogue));
    done.set(key, target);
  }
  for (const [def, shape] of file.defs) visit({ file, def, shape });
  if (file.root !== undefined) visit({ file, def: "", shape: file.root });
  return [...done.values()].filter((target) => target.file === file);
}
