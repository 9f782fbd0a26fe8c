/** The installer against a release in a folder: what it verifies, and that it runs nothing before. */

import { assert, assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { toBase64 } from "../../core/base/bytes.ts";
import { webDigester } from "../../core/digest/web_digester.ts";
import type { Signer } from "../../core/ports/sign.ts";
import { signerFromSeed } from "../../core/sign/signer.ts";
import { webEd25519 } from "../../core/sign/web_ed25519.ts";
import {
  artifactOf,
  PROVENANCE,
  releaseFindings,
  SIGNATURE,
  signText,
  SUMS,
  sumsText,
} from "../../scripts/release/files.ts";
import { seal } from "../../scripts/release/dsse.ts";
import { filled } from "../../scripts/release/installers.ts";
import { provenance } from "../../scripts/release/statements.ts";
import { readText } from "../../scripts/sources.ts";
import { makeCertificate } from "../support/certificate.ts";

const VERSION = "1.2.3";
const PORTS = { digester: webDigester, ed25519: webEd25519 };
const NAMES = ["linux-x64", "linux-arm64", "macos-x64", "macos-arm64"].map((name) =>
  `gait-${VERSION}-${name}`
);

/** Whether the tools of the installer are here. */
async function hasTools(): Promise<boolean> {
  if (Deno.build.os === "windows") return false;
  try {
    const { code } = await new Deno.Command("/bin/sh", {
      args: [
        "-c",
        "command -v openssl && command -v curl && openssl version | grep -q '^OpenSSL 3'",
      ],
      stdout: "null",
    }).output();
    return code === 0;
  } catch {
    return false;
  }
}

/** A signed release whose programs are scripts that leave a mark when they run. */
async function makeRelease(dir: string, signer: Signer): Promise<void> {
  for (const name of NAMES) {
    const script = `#!/bin/sh\ntouch '${dir}/ran'\necho gait ${VERSION}\n`;
    await Deno.writeTextFile(`${dir}/${name}`, script);
  }
  const artifacts = await Promise.all(NAMES.toSorted().map((name) => artifactOf(dir, name)));
  const text = sumsText(artifacts);
  await Deno.writeTextFile(`${dir}/${SUMS}`, text);
  await Deno.writeTextFile(`${dir}/${SIGNATURE}`, await signText(text, signer));
  const source = { version: VERSION, commit: "", time: "", repository: "", runtime: "" };
  const statement = new TextEncoder().encode(JSON.stringify(provenance(source, artifacts)));
  await Deno.writeTextFile(`${dir}/${PROVENANCE}`, JSON.stringify(await seal(statement, signer)));
}

/** What an attempt to install did. */
interface Attempt {
  readonly code: number;
  readonly stderr: string;
  readonly ran: boolean;
  readonly installed: boolean;
}

/** Runs an installer. */
async function install(
  dir: string,
  script: string,
  env: Record<string, string> = {},
): Promise<Attempt> {
  await Deno.writeTextFile(`${dir}/installer.sh`, script);
  const { code, stderr } = await new Deno.Command("/bin/sh", {
    args: [`${dir}/installer.sh`],
    clearEnv: true,
    env: {
      PATH: "/usr/bin:/bin",
      HOME: dir,
      GAIT_BASE_URL: `file://${dir}`,
      GAIT_INSTALL_DIR: `${dir}/bin`,
      ...env,
    },
    stdout: "null",
  }).output();
  const has = (path: string) => Deno.stat(path).then(() => true, () => false);
  return {
    code,
    stderr: new TextDecoder().decode(stderr),
    ran: await has(`${dir}/ran`),
    installed: await has(`${dir}/bin/gait`),
  };
}

/** Runs work with a release and the installer for it. */
async function withRelease(
  work: (dir: string, script: string, signer: Signer) => Promise<void>,
): Promise<void> {
  const dir = await Deno.makeTempDir({ prefix: "gait-install-" });
  try {
    const signer = await signerFromSeed(new Uint8Array(32).fill(7), PORTS);
    await makeRelease(dir, signer);
    const facts = { version: VERSION, key: toBase64(signer.publicKey), baseUrl: "" };
    await work(dir, filled(readText("packaging/install/install.sh"), facts), signer);
  } finally {
    await Deno.remove(dir, { recursive: true });
  }
}

const options = { ignore: !await hasTools() };

Deno.test("install.sh installs a release that is whole", options, async () => {
  await withRelease(async (dir, script) => {
    const { code, stderr, ran, installed } = await install(dir, script);
    assertEquals([code, stderr, ran, installed], [0, "", true, true]);
    assertEquals((await install(dir, script)).code, 0);
    const names = await Array.fromAsync(Deno.readDir(`${dir}/bin`));
    assertEquals(names.map(({ name }) => name), ["gait"]);
  });
});

/** Damages, and what is said about each. */
const DAMAGES: readonly (readonly [string, (dir: string) => Promise<void>, RegExp])[] = [
  ["a damaged program", async (dir) => {
    for (const name of NAMES) await Deno.writeTextFile(`${dir}/${name}`, "#!/bin/sh\n");
  }, /is damaged: its checksum/],
  ["edited checksums", async (dir) => {
    const text = await Deno.readTextFile(`${dir}/${SUMS}`);
    await Deno.writeTextFile(`${dir}/${SUMS}`, text.replace(/^./, (c) => c === "0" ? "1" : "0"));
  }, /not signed by the release key/],
  ["a damaged signature", async (dir) => {
    await Deno.writeTextFile(`${dir}/${SIGNATURE}`, "AAAA\n");
  }, /not signed by the release key/],
  ["a signature of somebody else", async (dir) => {
    await makeRelease(dir, await signerFromSeed(new Uint8Array(32).fill(9), PORTS));
  }, /not signed by the release key/],
  ["no signature", (dir) => Deno.remove(`${dir}/${SIGNATURE}`), /cannot download SHA256SUMS\.sig/],
  ["no program", async (dir) => {
    for (const name of NAMES) await Deno.remove(`${dir}/${name}`);
  }, /cannot download gait-/],
];

for (const [name, damage, words] of DAMAGES) {
  Deno.test(`install.sh refuses ${name} and runs nothing`, options, async () => {
    await withRelease(async (dir, script, signer) => {
      await damage(dir);
      const { code, stderr, ran, installed } = await install(dir, script);
      assertEquals([code, ran, installed], [1, false, false]);
      assertMatch(stderr, words);
      assert((await releaseFindings(dir, signer.publicKey)).length > 0);
    });
  });
}

Deno.test(
  "install.sh refuses other systems, addresses, and to go without a key",
  options,
  async () => {
    await withRelease(async (dir, script) => {
      await Deno.mkdir(`${dir}/fake`);
      const fake = "#!/bin/sh\necho SunOS\n";
      await Deno.writeTextFile(`${dir}/fake/uname`, fake, { mode: 0o755 });
      const cases: [string, Record<string, string>, number, string][] = [
        [script, { PATH: `${dir}/fake:/usr/bin:/bin` }, 7, "no binary for SunOS"],
        [script, { GAIT_BASE_URL: "http://forge.example" }, 6, "https://"],
        [script.replace(/release_key='.*'/, "release_key=''"), {}, 1, "no release key"],
        [script.slice(0, -10), {}, 0, ""],
        [script, { GAIT_INSTALL_DIR: `${dir}/${SUMS}/x` }, 1, ""],
      ];
      for (const [text, env, code, words] of cases) {
        const attempt = await install(dir, text, env);
        assertEquals([attempt.code, attempt.ran, attempt.installed], [code, false, false], words);
        assertStringIncludes(attempt.stderr, words);
      }
    });
  },
);

const made = await makeCertificate();

/** A server of a release whose answers can be changed. */
type Answer = (path: string, data: Uint8Array<ArrayBuffer>) => Response | undefined;

/** Serves a folder over TLS while work runs; `answer` may say something else. */
async function withServer(
  dir: string,
  answer: Answer,
  work: (url: string, trust: Record<string, string>) => Promise<void>,
): Promise<void> {
  await Deno.writeTextFile(`${dir}/ca.pem`, made?.cert ?? "");
  const tls = { hostname: "127.0.0.1", port: 0, cert: made?.cert ?? "", key: made?.key ?? "" };
  await using server = Deno.serve({ ...tls, onListen: () => {} }, async (request) => {
    const path = new URL(request.url).pathname;
    const data = await Deno.readFile(dir + path).catch(() => undefined);
    if (data === undefined) return new Response("not here", { status: 404 });
    return answer(path, data) ?? new Response(data);
  });
  await work(`https://127.0.0.1:${server.addr.port}`, { CURL_CA_BUNDLE: `${dir}/ca.pem` });
}

Deno.test({
  name: "install.sh over the network takes a whole release from whom it trusts, and nothing else",
  ignore: options.ignore || made === undefined,
  permissions: "inherit",
  async fn() {
    await withRelease(async (dir, script) => {
      await using plain = Deno.serve(
        { hostname: "127.0.0.1", port: 0, onListen: () => {} },
        async (request) => new Response(await Deno.readFile(dir + new URL(request.url).pathname)),
      );
      const clear = `http://127.0.0.1:${plain.addr.port}`;
      const isProgram = (path: string) => path.startsWith("/gait-");
      const evil = "#!/bin/sh\ntouch ran\n";
      const cases: [string, Answer, number, RegExp][] = [
        [
          "another program",
          (path) => isProgram(path) ? new Response(evil) : undefined,
          1,
          /damaged/,
        ],
        [
          "a broken-off program",
          (path, data) => isProgram(path) ? new Response(data.slice(0, 10)) : undefined,
          1,
          /damaged/,
        ],
        [
          "an error page",
          (path) => isProgram(path) ? new Response(evil, { status: 500 }) : undefined,
          1,
          /cannot download/,
        ],
        [
          "a way to plain HTTP",
          (path) => Response.redirect(`${clear}${path}`),
          1,
          /cannot download SHA256SUMS$/m,
        ],
        [
          "a way to a file",
          (path) =>
            new Response(null, { status: 302, headers: { location: `file://${dir}${path}` } }),
          1,
          /cannot download SHA256SUMS$/m,
        ],
        ["nothing wrong", () => undefined, 0, /^$/],
      ];
      for (const [name, answer, code, words] of cases) {
        await withServer(dir, answer, async (url, trust) => {
          if (code === 0) {
            const stranger = await install(dir, script, { GAIT_BASE_URL: url });
            assertEquals([stranger.code, stranger.ran, stranger.installed], [1, false, false]);
          }
          const attempt = await install(dir, script, { GAIT_BASE_URL: url, ...trust });
          const done = code === 0;
          assertEquals([attempt.code, attempt.ran, attempt.installed], [code, done, done], name);
          assertMatch(attempt.stderr, words, name);
        });
      }
    });
  },
});

/** The command that verifies a release while an image is built, with its results in a folder. */
function imageCommand(dir: string): string {
  const lines = readText("packaging/docker/Dockerfile").replaceAll("\\\n", "").split("\n");
  const command = lines.find((line) => line.startsWith("RUN set -eu;")) ?? "";
  return command.replace("RUN ", "").replaceAll(/ (\/gait|\/owned\/work)\b/g, ` '${dir}/image'$1`);
}

/** Builds the part of the image that matters. */
async function buildImage(dir: string, key: string, env: Record<string, string> = {}) {
  await Deno.mkdir(`${dir}/image`, { recursive: true });
  const { code } = await new Deno.Command("/bin/sh", {
    args: ["-c", imageCommand(dir)],
    cwd: dir,
    clearEnv: true,
    env: { PATH: "/usr/bin:/bin", VERSION, RELEASE_KEY: key, TARGETARCH: "amd64", ...env },
    stdout: "null",
    stderr: "null",
  }).output();
  const has = (name: string) => Deno.stat(`${dir}/image/${name}`).then(() => true, () => false);
  return { code, built: await has("gait"), ran: await has("../ran") };
}

Deno.test(
  "an image is built from a release that is whole, and from no other",
  options,
  async () => {
    await withRelease(async (dir, _script, signer) => {
      const built = await buildImage(dir, toBase64(signer.publicKey));
      assertEquals(built, { code: 0, built: true, ran: false });
    });
    for (const [name, damage] of DAMAGES) {
      await withRelease(async (dir, _script, signer) => {
        await damage(dir);
        const { code, built, ran } = await buildImage(dir, toBase64(signer.publicKey));
        assertEquals([code === 0, built, ran], [false, false, false], name);
      });
    }
    await withRelease(async (dir, _script, signer) => {
      const key = toBase64(signer.publicKey);
      const cases = [{ TARGETARCH: "riscv64" }, { VERSION: "" }, { RELEASE_KEY: "" }, {
        VERSION: "1",
      }];
      for (const env of cases) {
        const { code, built } = await buildImage(dir, key, env);
        assertEquals([code === 0, built], [false, false], JSON.stringify(env));
      }
    });
  },
);

Deno.test("releaseFindings() finds nothing in a whole release and every damage", async () => {
  await withRelease(async (dir, _script, signer) => {
    assertEquals(await releaseFindings(dir, signer.publicKey), []);
    assertEquals(await releaseFindings(dir, undefined), []);
    const statement = await Deno.readTextFile(`${dir}/${PROVENANCE}`);
    await Deno.writeTextFile(`${dir}/${PROVENANCE}`, statement.replace('"sig":"', '"sig":"A'));
    assertEquals((await releaseFindings(dir, signer.publicKey)).length, 1);
    await Deno.writeTextFile(`${dir}/${SUMS}`, `${"0".repeat(64)}  ../escape\n`);
    assertEquals(await releaseFindings(dir, undefined), [`${SUMS}: a line is damaged`]);
    await Deno.remove(`${dir}/${SUMS}`);
    assertEquals(await releaseFindings(dir, undefined), [`${SUMS}: it names no file`]);
  });
});
