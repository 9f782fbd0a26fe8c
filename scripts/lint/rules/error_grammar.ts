import { isProduct, repoPath } from "../files.ts";

const ERRORS = /^(GaitError|Error|TypeError|RangeError|SyntaxError)$/;
const CONTRACTION = /\b\w+n't\b|\b(?:it|that|there|what|who|let)'s\b|\b\w+'(?:re|ll|ve)\b/i;

/** First and last literal text of a message, and all of it. */
function literalText(
  node: Deno.lint.Node | undefined,
): { all: string; end: string } | undefined {
  if (node?.type === "Literal" && typeof node.value === "string") {
    return { all: node.value, end: node.value };
  }
  if (node?.type !== "TemplateLiteral") return undefined;
  const texts = node.quasis.map(({ cooked }) => cooked);
  return { all: texts.join("…"), end: texts.at(-1) ?? "" };
}

function problemOf(message: { all: string; end: string }): string | undefined {
  if (/(?:^|[^.])\.\s*$/.test(message.end)) return "An error message has no full stop at its end";
  if (CONTRACTION.test(message.all)) return "An error message has no contraction";
  if (/^\s|\s$/.test(message.all)) return "An error message has no space around it";
  if (message.all === "") return "An error message is not empty";
  return undefined;
}

/** Messages read "Cannot <action> <thing>: <state>", without full stop and contraction. */
export const errorGrammar: Deno.lint.Rule = {
  create(context) {
    if (!isProduct(repoPath(context.filename))) return {};
    return {
      NewExpression(node): void {
        if (node.callee.type !== "Identifier" || !ERRORS.test(node.callee.name)) return;
        const argument = node.arguments[node.callee.name === "GaitError" ? 1 : 0];
        const message = literalText(argument);
        const problem = message === undefined ? undefined : problemOf(message);
        if (problem !== undefined) context.report({ node, message: problem });
      },
    };
  },
};
