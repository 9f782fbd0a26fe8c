import { isProduct, repoPath } from "../files.ts";

/** One module wraps WebCrypto, so that one module has to be reviewed for it. */
export const subtleCrypto: Deno.lint.Rule = {
  create(context) {
    const path = repoPath(context.filename);
    if (!isProduct(path) || path === "core/base/webcrypto.ts") return {};
    return {
      "Identifier[name='subtle']"(node: Deno.lint.Identifier): void {
        context.report({ node, message: "Only core/base/webcrypto.ts may use crypto.subtle" });
      },
    };
  },
};
