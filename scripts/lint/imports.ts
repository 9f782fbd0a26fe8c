/** One visitor for every way a module names another. */

/** Calls `visit` for each static, dynamic and type import, and for re-exports. */
export function visitImports(
  visit: (specifier: string, node: Deno.lint.Node) => void,
): Deno.lint.LintVisitor {
  return {
    ImportDeclaration: (node): void => visit(node.source.value, node),
    ExportAllDeclaration: (node): void => visit(node.source.value, node),
    ExportNamedDeclaration(node): void {
      if (node.source) visit(node.source.value, node);
    },
    ImportExpression(node): void {
      const { source } = node;
      if (source.type === "Literal" && typeof source.value === "string") visit(source.value, node);
    },
    TSImportType(node): void {
      // The declared type of `argument` is a plain type; the parser delivers a literal type.
      const { argument } = node;
      if (argument.type !== "TSLiteralType" || argument.literal.type !== "Literal") return;
      if (typeof argument.literal.value === "string") visit(argument.literal.value, node);
    },
  };
}
