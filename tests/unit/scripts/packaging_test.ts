/** What can be said about packaging without the tools that use it: they are asked where they are there. */

import { assert, assertEquals, assertMatch } from "@std/assert";
import { load } from "js-yaml";
import { filled, filledFormula } from "../../../scripts/release/installers.ts";
import { TARGETS } from "../../../scripts/release/targets.ts";
import { readText } from "../../../scripts/sources.ts";

/** What a check program says about a text; `undefined` where there is no such program. */
async function check(line: readonly string[], text: string): Promise<string | undefined> {
  const path = await Deno.makeTempFile({ prefix: "gait-packaging-" });
  try {
    await Deno.writeTextFile(path, text);
    const [command = "", ...args] = line;
    const { code, stdout, stderr } = await new Deno.Command(command, {
      args: args.map((arg) => arg.replaceAll("FILE", path)),
    }).output();
    const decoder = new TextDecoder();
    return code === 0 ? "" : decoder.decode(stdout) + decoder.decode(stderr);
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return undefined;
    throw error;
  } finally {
    await Deno.remove(path);
  }
}

/** Positions of some texts in another, which must be there once, and come in this order. */
function assertOrder(text: string, parts: readonly string[]): void {
  const positions = parts.map((part) => {
    assertEquals(text.split(part).length, 2, part);
    return text.indexOf(part);
  });
  assertEquals(positions, positions.toSorted((a, b) => a - b));
}

const FACTS = { version: "1.2.3", key: "A".repeat(43) + "=", baseUrl: "https://forge.example/d" };

Deno.test("install.sh is plain sh, and runs the program after all checks", async () => {
  const text = filled(readText("packaging/install/install.sh"), FACTS);
  assertEquals(text.match(/@[A-Z_]+@/), null);
  assertEquals(/\beval\b|\bsudo\b|\|\s*(?:ba)?sh\b/.test(text), false);
  assertOrder(text.slice(text.indexOf("main() {")), [
    'download "$name"',
    "verify_signature\n",
    'download "$file"',
    'verify_checksum "$file"',
    "chmod 755",
    '"$install_dir/gait" version',
  ]);
  for (const line of [["sh", "-n", "FILE"], ["shellcheck", "--shell=sh", "FILE"]]) {
    assertEquals(await check(line, text) ?? "", "", line[0]);
  }
});

Deno.test("install.ps1 runs the program after all checks, and nothing that it downloaded before", async () => {
  const text = filled(readText("packaging/install/install.ps1"), FACTS);
  assertEquals(text.match(/@[A-Z_]+@/), null);
  assertEquals(/Invoke-Expression|\biex\b|Start-Process|DownloadString/i.test(text), false);
  assertOrder(text, [
    "foreach ($Name in",
    "if (-not (Test-Signature $Work))",
    "Get-ReleaseFile $File $Work",
    "Get-FileHash -Algorithm SHA256",
    "Move-Item -Force",
    "& $Program version",
  ]);
  // What is run is openssl and, at the end, the program.
  const runs = [...text.matchAll(/& \$(\w+)/g)].map(([, name]) => name);
  assertEquals(runs, ["OpenSsl", "Program"]);
  for (const pair of ["{}", "()", "[]"]) {
    const [opened = "", closed = ""] = pair;
    assertEquals(text.split(opened).length, text.split(closed).length, pair);
  }
  const parse = "$e = $null; [void][System.Management.Automation.Language.Parser]::ParseFile(" +
    "'FILE', [ref]$null, [ref]$e); if ($e) { $e | Out-String; exit 1 }";
  assertEquals(await check(["pwsh", "-NoProfile", "-Command", parse], text) ?? "", "");
});

Deno.test("the formula has an address and a checksum for each system, and is Ruby", async () => {
  const names = TARGETS.map(({ name }) => name).filter((name) => !name.startsWith("windows"));
  const sums = new Map(names.map((name, i) => [`gait-1.2.3-${name}`, String(i).repeat(64)]));
  const text = filledFormula(readText("packaging/homebrew/gait.rb"), FACTS, sums) ?? "";
  for (const [name, sum] of sums) {
    assert(text.includes(`url "https://forge.example/d/${name}"\n      sha256 "${sum}"`), name);
  }
  assertEquals(text.split(/\bsha256\b/).length - 1, names.length);
  assertEquals(text.split(/\bdo\b|\bdef\b|^class\b/m).length, text.split(/^\s*end$/m).length);
  assertEquals(await check(["ruby", "-wc", "FILE"], text) ?? "", "");
});

/** Instructions of a Dockerfile, continued lines joined. */
function instructions(text: string): string[] {
  return text.replaceAll("\\\n", "").split("\n").filter((line) => /^[A-Z]/.test(line));
}

Deno.test("the image has no shell, no root user, and needs no place to write to", () => {
  const all = instructions(readText("packaging/docker/Dockerfile"));
  const last = all.slice(all.findLastIndex((line) => line.startsWith("FROM")));
  assertEquals(last, [
    "FROM ${RUNTIME_IMAGE}",
    "COPY --from=verify /gait /usr/local/bin/gait",
    "COPY --from=verify --chown=65532:65532 /owned/ /",
    "WORKDIR /work",
    "USER 65532:65532",
    'ENTRYPOINT ["/usr/local/bin/gait"]',
  ]);
  // Each image can be named by its digest.
  assert(all.includes("ARG RUNTIME_IMAGE=gcr.io/distroless/cc-debian12:nonroot"));
  assertEquals(all.filter((line) => line.startsWith("FROM") && !line.includes("_IMAGE}")), []);
  assertEquals(all.filter((line) => /^(ADD|ENV|CMD|VOLUME|EXPOSE|SHELL)\b/.test(line)), []);
  const verify = all.find((line) => line.startsWith("RUN set -eu;")) ?? "";
  assertOrder(verify, ["openssl pkeyutl -verify", "sha256sum --check --strict", "install -m 0555"]);
});

/** The part of a compose file that matters. */
interface Compose {
  readonly services: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
}

Deno.test("the composed service has a read-only root, no rights and no secret in the file", () => {
  const { services } = load(readText("packaging/docker/compose.yaml")) as Compose;
  const gait = services["gait"] ?? {};
  assertEquals([gait.read_only, gait.user, gait.cap_drop], [true, "65532:65532", ["ALL"]]);
  assertEquals(gait.security_opt, ["no-new-privileges:true"]);
  assertMatch(JSON.stringify(gait.environment), /^\{"GAIT_TOKEN":"\$\{GAIT_TOKEN:\?[^"]+"\}$/);
  assertEquals(gait.privileged ?? gait.ports ?? gait.network_mode, undefined);
});

/** The parts of a workflow that matter. */
interface Workflow {
  readonly permissions: unknown;
  readonly env: Readonly<Record<string, string>>;
  readonly jobs: Readonly<Record<string, Job>>;
}
interface Job {
  readonly needs?: string | readonly string[];
  readonly permissions?: unknown;
  readonly strategy?: {
    readonly matrix: {
      readonly os?: readonly string[];
      readonly include?: readonly { readonly os: string; readonly target: string }[];
    };
  };
  readonly steps: readonly Step[];
}
interface Step {
  readonly uses?: string;
  readonly run?: string;
  readonly with?: Readonly<Record<string, unknown>>;
}

/** A workflow by its name. */
function workflow(name: string): Workflow {
  return load(readText(`.github/workflows/${name}.yml`)) as Workflow;
}

Deno.test("workflows run tasks that exist, with the least rights and the pinned runtime", () => {
  const { tasks } = JSON.parse(readText("deno.json"));
  for (const name of ["ci", "release"]) {
    const { permissions, env, jobs } = workflow(name);
    assertEquals(permissions, { contents: "read" });
    assertEquals(env["DENO_VERSION"], Deno.version.deno);
    for (const step of Object.values(jobs).flatMap(({ steps }) => steps)) {
      if (step.uses?.startsWith("actions/checkout@")) {
        assertEquals(step.with?.["persist-credentials"], false);
      }
      for (const [, task = ""] of (step.run ?? "").matchAll(/deno task ([\w:-]+)/g)) {
        assert(task in tasks, task);
      }
      // What others can name, such as a branch, comes in by the environment and never as program text.
      assertEquals(/\$\{\{/.test(step.run ?? ""), false, step.run);
    }
  }
});

Deno.test("workflows test three systems, run each binary, and publish what was built twice", () => {
  const { tests } = workflow("ci").jobs;
  assertEquals(tests?.strategy?.matrix.os, ["ubuntu-latest", "macos-latest", "windows-latest"]);
  const { build, reproduce, run, publish } = workflow("release").jobs;
  assertEquals(
    run?.strategy?.matrix.include?.map(({ target }) => target),
    TARGETS.map(({ name, suffix }) => name + suffix),
  );
  assertEquals(publish?.needs, ["build", "reproduce", "run"]);
  for (const job of [build, reproduce]) {
    const builds = job?.steps.find(({ run }) => run?.includes("release:build"))?.run ?? "";
    for (const flag of ['--version "$TAG"', '--base-url "$BASE_URL"', "--require-all"]) {
      assert(builds.includes(flag), `${flag}: ${builds}`);
    }
  }
});

Deno.test("the action takes its inputs by the environment and verifies before it runs", () => {
  const action = load(readText("action.yml")) as { readonly runs: { readonly steps: Step[] } };
  const scripts = action.runs.steps.map(({ run = "" }) => run);
  for (const script of scripts) assertEquals(/\$\{\{/.test(script), false);
  const [verify = "", decide = ""] = scripts;
  assert(verify.includes("packaging/install/install.sh") && decide.includes("--exit-mode strict"));
  assert(decide.trimEnd().endsWith('[ "$verdict" = allow ]'));
});
