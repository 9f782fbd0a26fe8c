/**
 * Whether the folders that commands write to can be written to (spec 05 §1.2, rows 1 to 3).
 *
 * @module
 */

import { toHex, utf8 } from "../base/bytes.ts";
import { readComfort } from "../ports/env.ts";
import { causeOf, type Check, checkOf, failed, finding, passed, pathArgument } from "./check.ts";
import { lookAt } from "./look.ts";
import type { DoctorPorts, Subject } from "./subject.ts";

/** Writes a file and removes it again; the name is new, so that nobody can have put something there. */
async function probe(directory: string, ports: DoctorPorts): Promise<void> {
  const name = `.gait-doctor-writecheck-${toHex(ports.random.bytes(8))}`;
  const path = `${directory}/${name}`;
  await ports.files.create(path, utf8("gait doctor\n"));
  await ports.files.remove(path);
}

/** What a folder is for, and how its findings are worded. */
interface Place {
  readonly name: string;
  readonly path: string;
  readonly label: string;
  /** How a folder counts that is not there. */
  readonly missing: "warn" | "fail";
}

/** Looks at one folder. */
async function examine({ name, path, label, missing }: Place, ports: DoctorPorts): Promise<Check> {
  const make = { fixCommand: `mkdir -p ${pathArgument(path)}` };
  try {
    const info = await lookAt(path, ports.files);
    if (info === undefined) {
      return checkOf(name, [finding(missing, `${label} does not exist: ${path}`, make)]);
    }
    if (info.kind !== "directory") {
      return failed(name, `${label} is not a directory: ${path}`, {
        hint: "name a folder, or move what is in its place",
      });
    }
  } catch (error) {
    return failed(name, `${label} is not accessible: ${causeOf(error)}`, make);
  }
  try {
    await probe(path, ports);
    return passed(name, `${label} is writable`);
  } catch (error) {
    return failed(name, `${label} is not writable: ${causeOf(error)}`, {
      fixCommand: `chmod u+w ${pathArgument(path)}`,
    });
  }
}

/** The folder that is examined. */
export function checkWorkdir({ request }: Subject, ports: DoctorPorts): Promise<Check> {
  const place = {
    name: "workdir",
    path: request.workdir,
    label: "workdir",
    missing: "fail",
  } as const;
  return examine(place, ports);
}

/** The folder of outputs; commands make it when they need it. */
export function checkOutputDir({ outputDir }: Subject, ports: DoctorPorts): Promise<Check> {
  return examine(
    { name: "output_dir", path: outputDir, label: "output directory", missing: "warn" },
    ports,
  );
}

/** Variables that name the folder of temporary files. */
export const TEMP_VARIABLES: readonly string[] = ["TMPDIR", "TEMP", "TMP"];

/** The folder of temporary files. */
export function checkTempDir(_subject: Subject, ports: DoctorPorts): Promise<Check> {
  const named = TEMP_VARIABLES.map((name) => readComfort(ports.env, name) ?? "");
  const path = named.find((value) => value !== "") ?? "/tmp";
  const label = "temporary directory";
  return examine({ name: "temp_dir", path, label, missing: "fail" }, ports);
}
