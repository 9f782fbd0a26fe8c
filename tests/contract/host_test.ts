/** The host cases over the Deno ports, and over the Node ports under Deno's Node compatibility. */

import type { Ports } from "../../core/ports/ports.ts";
import { denoPorts } from "../../host/deno_ports.ts";
import { nodePorts } from "../../host/node/ports.ts";
import { HOST_CASES } from "./host_cases.ts";

const IS_WINDOWS = Deno.build.os === "windows";
const HOSTS: readonly (readonly [string, Ports])[] = [
  ["Deno", denoPorts("test")],
  ["Node", await nodePorts("test")],
];
const { state } = await Deno.permissions.query({ name: "net" });

for (const [host, ports] of HOSTS) {
  for (const { name, everywhere = false, run } of HOST_CASES) {
    const ignore = (IS_WINDOWS && !everywhere) || (name.includes("socket") && state !== "granted");
    Deno.test({
      name: `${host}: ${name}`,
      ignore,
      async fn() {
        const dir = await Deno.makeTempDir({ prefix: "gait-host-" });
        try {
          await run({ ports, dir, link: (target, path) => Deno.symlinkSync(target, path) });
        } finally {
          await Deno.remove(dir, { recursive: true });
        }
      },
    });
  }
}
