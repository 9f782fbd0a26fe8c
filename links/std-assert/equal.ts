type Seen = Map<object, object>;

/** Whether constructors agree; an object without prototype equals a plain one (as in std). */
function sameConstructor(a: object, b: object): boolean {
  return a.constructor === b.constructor ||
    (a.constructor === Object && b.constructor === undefined) ||
    (a.constructor === undefined && b.constructor === Object);
}

function equalMaps(a: ReadonlyMap<unknown, unknown>, b: typeof a, seen: Seen): boolean {
  if (a.size !== b.size) return false;
  return [...a].every(([key, value]) => {
    if (b.has(key)) return same(value, b.get(key), seen);
    return [...b].some(([other, found]) => same(key, other, seen) && same(value, found, seen));
  });
}

function equalSets(a: ReadonlySet<unknown>, b: typeof a, seen: Seen): boolean {
  if (a.size !== b.size) return false;
  return [...a].every((item) => b.has(item) || [...b].some((other) => same(item, other, seen)));
}

function equalBytes(a: ArrayBufferView, b: ArrayBufferView): boolean {
  if (a.byteLength !== b.byteLength) return false;
  const left = new Uint8Array(a.buffer, a.byteOffset, a.byteLength);
  const right = new Uint8Array(b.buffer, b.byteOffset, b.byteLength);
  return left.every((byte, index) => byte === right[index]);
}

function equalMembers(a: object, b: object, seen: Seen): boolean {
  const keys = Reflect.ownKeys(a);
  if (keys.length !== Reflect.ownKeys(b).length) return false;
  return keys.every((key) =>
    Object.hasOwn(b, key) && same(Reflect.get(a, key), Reflect.get(b, key), seen)
  );
}

function same(a: unknown, b: unknown, seen: Seen): boolean {
  if (Object.is(a, b)) return true;
  if (typeof a === "number" && typeof b === "number") return a === b; // 0 equals -0, as in std
  if (typeof a !== "object" || typeof b !== "object" || a === null || b === null) return false;
  if (!sameConstructor(a, b)) return false;
  if (seen.get(a) === b) return true;
  if (a instanceof Date && b instanceof Date) return Object.is(a.getTime(), b.getTime());
  if (a instanceof RegExp && b instanceof RegExp) return String(a) === String(b);
  if (a instanceof URL && b instanceof URL) return a.href === b.href;
  if (a instanceof WeakMap || a instanceof WeakSet || a instanceof WeakRef) return false;
  seen.set(a, b);
  if (a instanceof Map && b instanceof Map) return equalMaps(a, b, seen);
  if (a instanceof Set && b instanceof Set) return equalSets(a, b, seen);
  if (ArrayBuffer.isView(a) && ArrayBuffer.isView(b)) return equalBytes(a, b);
  return equalMembers(a, b, seen);
}

/** Deep equality as `@std/assert` documents it: structure, types and own members. */
export function equal(a: unknown, b: unknown): boolean {
  return same(a, b, new Map());
}
