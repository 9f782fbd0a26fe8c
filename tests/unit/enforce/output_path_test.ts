import { assertEquals, assertRejects } from "@std/assert";
import { GaitError } from "../../../core/base/errors.ts";
import { checkDistinctFiles } from "../../../core/enforce/output_path.ts";
import { denoFiles } from "../../../host/deno_files.ts";

/** Runs a check in a folder with `real/policy.json`, a link `linked` to `real`, and a link to the policy. */
async function inFolder(check: (folder: string) => Promise<void>): Promise<void> {
  const folder = await Deno.realPath(await Deno.makeTempDir({ prefix: "gait-test-" }));
  try {
    await Deno.mkdir(`${folder}/real`);
    await Deno.writeTextFile(`${folder}/real/policy.json`, "{}");
    await Deno.symlink("real", `${folder}/linked`);
    await Deno.symlink("real/policy.json", `${folder}/alias.json`);
    await check(folder);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

const ignore = Deno.build.os === "windows"; // links need a privilege there

Deno.test({
  name: "checkDistinctFiles() finds one file under any of its names",
  ignore,
  fn: () =>
    inFolder(async (folder) => {
      const table: [string, string][] = [
        ["real/policy.json", "real/policy.json"],
        ["real/policy.json", "linked/policy.json"],
        ["real/policy.json", "./real//policy.json"],
        ["alias.json", "real/policy.json"],
        ["alias.json", "linked/../linked/policy.json"],
        ["real/none.json", "linked/none.json"],
        ["none/a/b.lock", "none/a/b.lock"],
        ["linked/x/none.json", "real/x/none.json"],
        ["real/../none/b", "none/b"],
      ];
      for (const [input, output] of table) {
        const others = [`${folder}/none/first`, `${folder}/none/second`, "", "-"];
        const error = await assertRejects(
          () =>
            checkDistinctFiles({ trace: `${folder}/${output}` }, [
              ...others,
              `${folder}/${input}`,
            ], denoFiles),
          GaitError,
        );
        assertEquals(error.code, "path_not_allowed", `${input} ${output}`);
        assertEquals(error.details.in_use_as, `${folder}/${input}`);
      }
    }),
});

Deno.test({
  name: "checkDistinctFiles() lets different files be, missing ones too",
  ignore,
  fn: () =>
    inFolder(async (folder) => {
      const inputs = ["real/policy.json", "none/trace.json", "none/a/trace.json", "alias.json"];
      const outputs = {
        trace: `${folder}/trace.json`,
        audit: `${folder}/real/trace.json`,
        key: "",
      };
      await checkDistinctFiles(outputs, inputs.map((path) => `${folder}/${path}`), denoFiles);
    }),
});

Deno.test({
  name: "checkDistinctFiles() looks no more than once for what is missing",
  ignore,
  fn: () =>
    inFolder(async (folder) => {
      const looked: string[] = [];
      const files = {
        ...denoFiles,
        stat: (path: string) => {
          looked.push(path);
          return denoFiles.stat(path);
        },
      };
      const inputs = ["none/store", "none/store.lock", "none/store.exists"];
      const outputs = { trace: `${folder}/trace.json` };
      await checkDistinctFiles(outputs, inputs.map((path) => `${folder}/${path}`), files);
      assertEquals(looked.filter((path) => path.includes("none")), [`${folder}/none`]);
    }),
});
