import { repoPath } from "../files.ts";

/** No default exports: every symbol has one name everywhere. The lint plugin's own API needs one. */
export const defaultExports: Deno.lint.Rule = {
  create(context) {
    if (repoPath(context.filename) === "scripts/lint/plugin.ts") return {};
    return {
      ExportDefaultDeclaration(node): void {
        context.report({ node, message: "Export by name" });
      },
      "ExportSpecifier[exported.name='default']"(node: Deno.lint.ExportSpecifier): void {
        context.report({ node, message: "Export by name" });
      },
    };
  },
};

/** No enums and namespaces: types must be erasable. */
export const enums: Deno.lint.Rule = {
  create(context) {
    return {
      TSEnumDeclaration(node): void {
        context.report({ node, message: "Use a union of literals instead of an enum" });
      },
      TSModuleDeclaration(node): void {
        if (context.sourceCode.getText(node).startsWith("namespace")) {
          context.report({ node, message: "Use a module instead of a namespace" });
        }
      },
    };
  },
};
