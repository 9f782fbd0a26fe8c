import { isGenerated, isProduct, repoPath } from "../files.ts";

const FILE_LINES = 300;
const TABLE_LINES = 400;
const FUNCTION_LINES = 60;
/** Marker of a file that has a reason to be long, such as a table. */
const LONG_FILE = /^\/\/ gait-lint: long-file \S.{9,}$/m;

/** Lines of a text between two offsets. */
function linesOf(text: string): number {
  return text.replace(/\n$/, "").split("\n").length;
}

function isMeasured(path: string): boolean {
  return (isProduct(path) || path.startsWith("scripts/")) && !isGenerated(path);
}

/** A file has at most 300 lines; 400 with `// gait-lint: long-file <reason>`. */
export const fileLength: Deno.lint.Rule = {
  create(context) {
    if (!isMeasured(repoPath(context.filename))) return {};
    return {
      Program(node): void {
        const { text } = context.sourceCode;
        const limit = LONG_FILE.test(text) ? TABLE_LINES : FILE_LINES;
        const lines = linesOf(text);
        if (lines <= limit) return;
        context.report({ node, message: `The file has ${lines} lines, more than ${limit}` });
      },
    };
  },
};

type FunctionNode =
  | Deno.lint.FunctionDeclaration
  | Deno.lint.FunctionExpression
  | Deno.lint.ArrowFunctionExpression;

/** A function has at most 60 lines. */
export const functionLength: Deno.lint.Rule = {
  create(context) {
    if (!isMeasured(repoPath(context.filename))) return {};
    const check = (node: FunctionNode): void => {
      const lines = linesOf(context.sourceCode.getText(node));
      if (lines <= FUNCTION_LINES) return;
      const message = `The function has ${lines} lines, more than ${FUNCTION_LINES}`;
      context.report({ node, message });
    };
    return {
      FunctionDeclaration: check,
      FunctionExpression: check,
      ArrowFunctionExpression: check,
    };
  },
};
