import { repoPath } from "../files.ts";
import { isGlobalReference } from "../scope.ts";

const ALLOWED = /^(host|scripts|tests|perf|links|examples)\/|^(cli|server)\.ts$/;

/** `Deno` is named in `host/`, the composition roots and what never ships. */
export const denoNamespace: Deno.lint.Rule = {
  create(context) {
    if (ALLOWED.test(repoPath(context.filename))) return {};
    return {
      "Identifier[name='Deno']"(node: Deno.lint.Identifier): void {
        if (!isGlobalReference(node, context.sourceCode)) return;
        context.report({ node, message: "Only host/, cli.ts and server.ts may name Deno" });
      },
    };
  },
};
