/** Names in scope: enough of it to tell a global from a local binding of the same name. */

type Node = Deno.lint.Node;

/** Names that a binding pattern introduces. */
function patternNames(node: Node | null | undefined): string[] {
  switch (node?.type) {
    case "Identifier":
      return [node.name];
    case "ObjectPattern":
      return node.properties.flatMap((part) =>
        patternNames(part.type === "RestElement" ? part.argument : part.value)
      );
    case "ArrayPattern":
      return node.elements.flatMap((part) => patternNames(part));
    case "AssignmentPattern":
      return patternNames(node.left);
    case "RestElement":
      return patternNames(node.argument);
    default:
      return [];
  }
}

/** Names that a statement declares in its block. */
function declaredBy(statement: Node | null | undefined): string[] {
  switch (statement?.type) {
    case "VariableDeclaration":
      return statement.declarations.flatMap(({ id }) => patternNames(id));
    case "FunctionDeclaration":
    case "ClassDeclaration":
      return patternNames(statement.id);
    case "ImportDeclaration":
      return statement.specifiers.map(({ local }) => local.name);
    case "ExportNamedDeclaration":
      return declaredBy(statement.declaration);
    default:
      return [];
  }
}

/** Names that an ancestor node brings into scope for everything below it. */
function namesOf(node: Node): string[] {
  switch (node.type) {
    case "Program":
    case "BlockStatement":
      return node.body.flatMap((statement) => declaredBy(statement));
    case "FunctionDeclaration":
    case "FunctionExpression":
    case "ArrowFunctionExpression":
      return node.params.flatMap((param) =>
        param.type === "TSParameterProperty" ? patternNames(param.parameter) : patternNames(param)
      );
    case "ForStatement":
      return declaredBy(node.init);
    case "ForOfStatement":
    case "ForInStatement":
      return declaredBy(node.left);
    case "CatchClause":
      return patternNames(node.param);
    default:
      return [];
  }
}

/** Whether an identifier is only a key, a label of a type or the name after a dot. */
function isMereName(node: Deno.lint.Identifier, parent: Node | undefined): boolean {
  switch (parent?.type) {
    case "MemberExpression":
      return parent.property === node && !parent.computed;
    case "Property":
      return parent.key === node && !parent.computed && !parent.shorthand;
    case "MethodDefinition":
    case "PropertyDefinition":
      return parent.key === node && !parent.computed;
    case "ImportSpecifier":
    case "ExportSpecifier":
      return true;
    default:
      return parent?.type.startsWith("TS") === true &&
        !/^TS(As|NonNull|Satisfies)/.test(parent.type);
  }
}

/** Whether an identifier reads a global of that name. */
export function isGlobalReference(
  node: Deno.lint.Identifier,
  source: Deno.lint.SourceCode,
): boolean {
  const ancestors = source.getAncestors(node);
  if (isMereName(node, ancestors.at(-1))) return false;
  return !ancestors.some((ancestor) => namesOf(ancestor).includes(node.name));
}
