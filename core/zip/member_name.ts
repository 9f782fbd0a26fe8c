/**
 * Names of archive members. Nothing here extracts files, but whoever does after a successful
 * verification must not be led out of the target directory.
 *
 * @module
 */

/** Names that Windows gives to devices, with or without an extension. */
const DEVICE = /^(con|prn|aux|nul|com[0-9]|lpt[0-9])(\.|$)/i;

/**
 * Why a member name is unsafe on some file system.
 *
 * @param name Decoded name.
 * @returns A short reason, or `undefined` for a plain relative path with forward slashes.
 */
export function unsafeNameReason(name: string): string | undefined {
  if (name === "") return "it is empty";
  if (/[\p{C}\ufffd]/u.test(name)) return "it holds control, invisible or undecodable characters";
  if (name.includes("\\")) return "it holds a backslash";
  if (name.startsWith("/") || /^[A-Za-z]:/.test(name)) return "it is absolute";
  if (/[<>:"|?*]/.test(name)) return "it holds a character that file systems treat specially";
  for (const part of name.split("/")) {
    if (part === "") return name.endsWith("/") ? "it names a directory" : "it has an empty part";
    if (part === "." || part === "..") return "it leaves its directory";
    if (/[. ]$/.test(part)) return "a part ends in a dot or a space";
    if (DEVICE.test(part)) return "it names a device";
  }
  return undefined;
}

/**
 * The form under which two names are one file on a case-insensitive file system.
 *
 * @param name Decoded name.
 */
export function foldedName(name: string): string {
  return name.normalize("NFC").toUpperCase().toLowerCase();
}
