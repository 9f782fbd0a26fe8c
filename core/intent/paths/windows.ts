/**
 * Lexical path rules of Windows (Win32 name resolution). One file has many spellings there:
 *
 * | written | cleaned | rule |
 * |---|---|---|
 * | `c:\a\.\b\..\x` | `C:/a/x` | either slash separates; drive letters have no case |
 * | `\\?\C:\x`, `\\.\C:\x`, `\??\C:\x` | `C:/x` | prefixes for the same drive |
 * | `\\srv\share\..\x`, `\\?\UNC\srv\share\x` | `//srv/share/x` | server and share are the root |
 * | `a.txt.`, `a.txt `, `a. \b` | `a.txt`, `a.txt`, `a/b` | trailing dots and spaces do not count |
 * | `a.txt:s`, `a.txt::$DATA` | `a.txt` | a stream belongs to its file |
 * | `C:x` | `C:x` | relative to the drive's own directory: stays apart from `C:/x` |
 * | `\\.\pipe\p`, `\\?\Volume{…}\x` | `//./pipe/p`, `//./Volume{…}/x` | devices |
 *
 * Case is left alone (see `foldCase`). What a name cannot tell is a hazard: `windowsPathHazards`.
 *
 * @module
 */

import { compareCodePoints } from "../../base/text_rules.ts";
import { resolveDots } from "./posix.ts";

/** Why a Windows path may reach something else than its name says. */
export type WindowsHazard =
  | "device_path"
  | "drive_relative"
  | "reserved_name"
  | "short_name"
  | "stream"
  | "trailing_dot_or_space";

/** A path taken apart. */
interface Split {
  /** `""`, `/`, `C:`, `C:/`, `//srv/share/` or `//./`. */
  readonly root: string;
  /** Everything behind the root, slashes forward. */
  readonly rest: string;
}

const DEVICE_PREFIX = /^(?:\/{2,}[?.]\/+|\/+\?\?\/+)+/;
/** A path that needs more passes than this names nothing that exists. */
const MAX_PASSES = 16;
/** Root of the device namespace in cleaned paths. */
const DEVICES = "//./";
const DRIVE = /^([A-Za-z]):(\/*)/;
/** Server and share; a name of dots and spaces only is neither. */
const UNC = /^\/\/(?![. ]*[:/])([^/]+)\/+(?![. ]*(?:[:/]|$))([^/]+)(?:\/|$)/;
const RESERVED =
  /^(?:con|prn|aux|nul|clock\$|conin\$|conout\$|(?:com|lpt)[0-9\u00b9\u00b2\u00b3])[ ]*(?:[.:]|$)/i;
/** A generated 8.3 name (`PROGRA~1.TXT`), which stands for a longer one. */
const SHORT_NAME = /^(?=[^.]{3,8}(?:\.|$))[^.]+~[0-9]+(?:\.[^.]{0,3})?$/;

/** Splits off the root, reading device prefixes away where a drive or share follows. */
function split(path: string): Split {
  let text = path.replaceAll("\\", "/");
  const prefix = DEVICE_PREFIX.exec(text)?.[0] ?? "";
  if (prefix !== "") {
    text = text.slice(prefix.length).replace(/^\/+/, "");
    if (/^unc\//i.test(text)) text = `//${text.slice(4).replace(/^\/+/, "")}`;
    else if (!DRIVE.test(text)) return { root: DEVICES, rest: text };
  }
  const drive = DRIVE.exec(text);
  if (drive !== null) {
    const slash = drive[2] === "" ? "" : "/";
    return {
      root: `${(drive[1] ?? "").toUpperCase()}:${slash}`,
      rest: text.slice(drive[0].length),
    };
  }
  const unc = UNC.exec(text);
  if (unc !== null) return { root: `//${unc[1]}/${unc[2]}/`, rest: text.slice(unc[0].length) };
  return text.startsWith("/") ? { root: "/", rest: text } : { root: "", rest: text };
}

/** Name of a segment as Windows looks it up: no stream, no trailing dots and spaces. */
function lookupName(segment: string): string {
  const colon = segment.indexOf(":");
  const name = colon < 0 ? segment : segment.slice(0, colon);
  let end = name.length;
  while (end > 0 && (name[end - 1] === "." || name[end - 1] === " ")) end--;
  if (end > 0) return name.slice(0, end);
  // Nothing but dots and spaces: `..` may be hidden in `.. ` or `...`, so it counts as `..`.
  return name.includes(".") && name.indexOf(".") !== name.lastIndexOf(".") ? ".." : "";
}

/** Segments behind the root as Windows looks them up. */
function lookupNames(rest: string): string[] {
  return rest.split("/").map(lookupName).filter((name) => name !== "");
}

/** One pass of cleaning. */
function cleanOnce(path: string): string {
  const { root, rest } = split(path);
  const body = resolveDots(lookupNames(rest), { rooted: root.endsWith("/") }).join("/");
  if (root === "") return body || ".";
  const whole = `${root}${body}`;
  const isShare = root.startsWith("//") && root !== DEVICES;
  return body === "" && isShare ? whole.slice(0, -1) : whole;
}

/**
 * Cleans a Windows path lexically and writes it with forward slashes, as the table above shows.
 *
 * @param path Any path.
 * @returns `.` for an empty relative result.
 */
export function cleanWindowsPath(path: string): string {
  let cleaned = cleanOnce(path);
  // What stands behind dots or a prefix may read as a prefix itself: `/./??/C:/x`.
  for (let passes = 1; passes < MAX_PASSES && cleaned.startsWith("/"); passes++) {
    const again = cleanOnce(cleaned);
    if (again === cleaned) break;
    cleaned = again;
  }
  return cleaned;
}

/** Whether a segment is `..` once Windows looks it up. */
export function isWindowsDotDot(segment: string): boolean {
  return lookupName(segment) === "..";
}

/**
 * Names every way in which a path may reach something else than it says. A path with a hazard should never
 * satisfy an allow list.
 *
 * @param path Any path.
 * @returns Sorted, without duplicates.
 */
export function windowsPathHazards(path: string): readonly WindowsHazard[] {
  const { root, rest } = split(path);
  const found = new Set<WindowsHazard>();
  if (root === DEVICES || rest.includes("?")) found.add("device_path");
  if (/^[A-Z]:$/.test(root)) found.add("drive_relative");
  for (const segment of rest.split("/")) {
    if (RESERVED.test(segment)) found.add("reserved_name");
    if (SHORT_NAME.test(segment)) found.add("short_name");
    if (segment.includes(":")) found.add("stream");
    if (/[. ]$/.test(segment) && segment !== "." && segment !== "..") {
      found.add("trailing_dot_or_space");
    }
  }
  return [...found].sort(compareCodePoints);
}

/** A share of a whole drive. */
const DRIVE_SHARE = /^\/\/[^/]+\/[A-Za-z]\$(?:\/|$)/;

/**
 * Whether the file behind a path may have another name that nobody can tell from this one: a device path, a
 * short name, a path relative to a drive's own directory, or one through the share of a whole drive. A deny
 * list cannot be compared with it.
 *
 * @param path Any path.
 */
export function isOpaqueWindowsPath(path: string): boolean {
  const hazards = windowsPathHazards(path);
  return hazards.includes("device_path") || hazards.includes("short_name") ||
    hazards.includes("drive_relative") || DRIVE_SHARE.test(cleanWindowsPath(path));
}
