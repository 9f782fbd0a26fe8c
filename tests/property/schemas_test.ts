import { assert, assertEquals } from "@std/assert";
import fc from "fast-check";
import { isJsonObject } from "../../core/base/json_value.ts";
import { readCorpus, type Sample, VALIDATORS } from "../unit/schemas/corpus.ts";
import { makeJudges } from "../unit/schemas/judge.ts";
import { EXTRA, OURS } from "../unit/schemas/samples.ts";

const SEED = 20260206;
/** Samples of one schema whose every leaf is mutated. */
const PER_SCHEMA = 12;

/** A way to change one value inside its parent. */
type Change = (parent: Record<string, unknown> | unknown[], key: string | number) => void;

/** Sets a member, also one named `__proto__`. */
function put(parent: object, key: string | number, value: unknown): void {
  const flags = { enumerable: true, configurable: true, writable: true };
  Object.defineProperty(parent, key, { value, ...flags });
}

/** Replaces a value. */
function replaceBy(value: unknown): Change {
  return (parent, key) => put(parent, key, structuredClone(value));
}

/** Changes a text; leaves anything else alone. */
function edit(change: (text: string) => string): Change {
  return (parent, key) => {
    const value = Reflect.get(parent, key);
    if (typeof value === "string") put(parent, key, change(value));
  };
}

/** Drops a value. */
function drop(parent: Record<string, unknown> | unknown[], key: string | number): void {
  if (Array.isArray(parent)) parent.splice(Number(key), 1);
  else delete parent[key];
}

/** Renames a member. */
function rename(change: (name: string) => string): Change {
  return (parent, key) => {
    if (Array.isArray(parent)) return;
    const value = parent[key];
    delete parent[key];
    put(parent, change(String(key)), value);
  };
}

/** Adds a member or an item beside a value. */
function add(name: string, value: unknown): Change {
  return (parent) => Array.isArray(parent) ? parent.push(value) : put(parent, name, value);
}

const CHANGES: readonly Change[] = [
  drop,
  rename((name) => name.toUpperCase()),
  rename((name) => `${name}_`),
  rename(() => "__proto__"),
  add("zzz", 1),
  add("__proto__", {}),
  add("constructor", "x"),
  ...[null, true, false, 0, -1, 1.5, 1e300, 9007199254740992, "", " ", "x", [], [1], {}, { a: 1 }]
    .map(replaceBy),
  replaceBy(NaN),
  edit((text) => text.toUpperCase()),
  edit((text) => `${text}\n`),
  edit((text) => text.slice(1)),
  edit((text) => `${text.slice(0, -1)}\u{1f600}`),
  edit((text) => text.replace("T", "t")),
  edit((text) => text.replace("Z", "+24:00")),
  edit((text) => text.replace("Z", ",5Z")),
  edit((text) => text.replace(/\d\d:\d\dZ$/, "59:60Z")),
];

/** Places of all values inside a document, outermost first. */
function places(value: unknown, prefix: readonly (string | number)[] = []): (string | number)[][] {
  const keys: (string | number)[] = Array.isArray(value)
    ? [...value.keys()]
    : isJsonObject(value)
    ? Object.keys(value)
    : [];
  return keys.flatMap((key) => {
    const place = [...prefix, key];
    return [place, ...places(Reflect.get(Object(value), key), place)];
  });
}

/** A copy of a document with one change at one place; unchanged when the place is gone. */
function mutate(document: unknown, place: readonly (string | number)[], change: Change): unknown {
  const copy = structuredClone(document);
  let parent: unknown = copy;
  for (const key of place.slice(0, -1)) {
    if (typeof parent !== "object" || parent === null || !Object.hasOwn(parent, key)) return copy;
    parent = Reflect.get(parent, key);
  }
  const last = place.at(-1);
  if (typeof parent !== "object" || parent === null || last === undefined) return copy;
  if (Object.hasOwn(parent, last)) change(parent as Record<string, unknown> | unknown[], last);
  return copy;
}

/** Keys of a document at every depth, to tell documents of different shape apart. */
function shapeOf(value: unknown): string {
  return places(value).map((place) =>
    place.map((key) => typeof key === "number" ? "#" : key).join("/")
  )
    .filter((text, index, all) => all.indexOf(text) === index).join(" ");
}

/** The largest samples of different shape of every schema. */
async function richSamples(): Promise<Sample[]> {
  const bySchema = new Map<string, Map<string, Sample>>();
  for (const sample of [...EXTRA, ...OURS, ...await readCorpus()]) {
    const shapes = bySchema.get(sample.schema) ?? new Map<string, Sample>();
    shapes.set(shapeOf(sample.value), sample);
    bySchema.set(sample.schema, shapes);
  }
  return [...bySchema.values()].flatMap((shapes) =>
    [...shapes].sort(([a], [b]) => b.length - a.length).slice(0, PER_SCHEMA).map(([, sample]) =>
      sample
    )
  );
}

/** Both judgements on one document. */
type Judges = ReadonlyMap<string, (value: unknown) => boolean>;

/** Fails when our validator and ajv disagree. */
function assertAgreement(judges: Judges, { schema, origin }: Sample, value: unknown): boolean {
  const findings = VALIDATORS[schema]?.(value) ?? [];
  const accepted = judges.get(schema)?.(value);
  assertEquals(
    findings.length === 0,
    accepted,
    `${schema} ${origin}: ${JSON.stringify(value)} ${JSON.stringify(findings)}`,
  );
  return findings.length === 0;
}

Deno.test("validators accept hand-made documents with every member", () => {
  for (const { schema, value } of [...EXTRA, ...OURS]) {
    assertEquals(VALIDATORS[schema]?.(value), [], schema);
  }
});

Deno.test("validators agree with ajv when any one value of a document is changed", async () => {
  const judges = await makeJudges();
  const samples = await richSamples();
  assertEquals(new Set(samples.map(({ schema }) => schema)).size, Object.keys(VALIDATORS).length);
  let accepted = 0;
  let refused = 0;
  for (const sample of samples) {
    for (const place of places(sample.value)) {
      for (const change of CHANGES) {
        if (assertAgreement(judges, sample, mutate(sample.value, place, change))) accepted++;
        else refused++;
      }
    }
  }
  assert(accepted > 5_000 && refused > 20_000, `${accepted} accepted, ${refused} refused`);
});

Deno.test("validators agree with ajv when several values of a document are changed", async () => {
  const judges = await makeJudges();
  const samples = await richSamples();
  const step = fc.tuple(fc.nat(), fc.nat(CHANGES.length - 1));
  fc.assert(
    fc.property(fc.nat(samples.length - 1), fc.array(step, { maxLength: 5 }), (index, steps) => {
      const sample = samples[index] as Sample;
      let value = sample.value;
      for (const [where, which] of steps) {
        const all = places(value);
        const place = all[where % all.length];
        if (place !== undefined) value = mutate(value, place, CHANGES[which] as Change);
      }
      assertAgreement(judges, sample, value);
    }),
    { seed: SEED, numRuns: 3_000 },
  );
});

Deno.test("validators never throw and stay small on any JSON value", () => {
  const validators = Object.values(VALIDATORS);
  fc.assert(
    fc.property(fc.anything(), fc.nat(validators.length - 1), (value, index) => {
      const findings = validators[index]?.(value) ?? [];
      assert(findings.length <= 100);
      for (const { path, message } of findings) assert(path.length + message.length < 2_000);
    }),
    { seed: SEED, numRuns: 2_000 },
  );
});

Deno.test("findings do not depend on the order of members", async () => {
  for (const sample of await richSamples()) {
    const reversed = JSON.parse(
      JSON.stringify(sample.value),
      (_key, value) =>
        isJsonObject(value) ? Object.fromEntries(Object.entries(value).reverse()) : value,
    );
    assertEquals(
      VALIDATORS[sample.schema]?.(reversed),
      VALIDATORS[sample.schema]?.(JSON.parse(JSON.stringify(sample.value))),
    );
  }
});
