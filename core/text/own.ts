/**
 * Writing members of plain objects without running code that a key names.
 *
 * @module
 */

/**
 * Adds a member as an own property, whatever it is called: `__proto__` and names that
 * `Object.prototype` also has become data.
 *
 * @param target Object without a member of that name.
 * @param entry Name and value.
 */
export function setOwn<Value>(
  target: { [key: string]: Value },
  entry: { readonly key: string; readonly value: Value },
): void {
  // Names that nothing inherits are data by themselves, and far cheaper to write.
  if (!(entry.key in target)) {
    target[entry.key] = entry.value;
    return;
  }
  Object.defineProperty(target, entry.key, {
    value: entry.value,
    enumerable: true,
    configurable: true,
    writable: true,
  });
}
