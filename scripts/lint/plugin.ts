/**
 * The project's own lint rules, wired in `deno.json`. Each rule is a small file under `rules/` with its
 * reason in one sentence; `tests/unit/scripts/lint_test.ts` has a passing and a failing case for each.
 *
 * @module
 */

import { ambientAuthority } from "./rules/ambient_authority.ts";
import { arity } from "./rules/arity.ts";
import { denoNamespace } from "./rules/deno_namespace.ts";
import { errorGrammar } from "./rules/error_grammar.ts";
import { importDirection } from "./rules/import_direction.ts";
import { fileLength, functionLength } from "./rules/length.ts";
import { node20 } from "./rules/node_20.ts";
import { defaultExports, enums } from "./rules/plain_modules.ts";
import { privateFiles } from "./rules/private_files.ts";
import { stableOrder } from "./rules/stable_order.ts";
import { subtleCrypto } from "./rules/subtle_crypto.ts";
import { suppressions } from "./rules/suppressions.ts";
import { topLevelArrows } from "./rules/top_level_arrows.ts";

const plugin: Deno.lint.Plugin = {
  name: "gait",
  rules: {
    "ambient-authority": ambientAuthority,
    "arity": arity,
    "default-exports": defaultExports,
    "deno-namespace": denoNamespace,
    "enums": enums,
    "error-grammar": errorGrammar,
    "file-length": fileLength,
    "function-length": functionLength,
    "import-direction": importDirection,
    "node-20": node20,
    "private-files": privateFiles,
    "stable-order": stableOrder,
    "subtle-crypto": subtleCrypto,
    "suppressions": suppressions,
    "top-level-arrows": topLevelArrows,
  },
};

export default plugin;
