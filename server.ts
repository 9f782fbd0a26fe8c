/**
 * The service program. Its routes come with the service boundary; until then it says so and refuses to start,
 * because a half-built boundary would fail open.
 *
 * @module
 */

import { denoTerminal } from "./host/deno_terminal.ts";

if (import.meta.main) {
  denoTerminal.err(
    "gait server: this build has no service yet; use gait gate eval or the library\n",
  );
  Deno.exit(7);
}
