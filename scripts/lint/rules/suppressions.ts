const SUPPRESSION = /^\s*deno-lint-ignore(?:-file)?\b(.*)$/;
const REASONED = /^\s+[\w/-]+(?:[\s,]+[\w/-]+)*\s+--\s+\S.{7,}$/;

/** A suppression names its rules and gives a reason: `deno-lint-ignore rule -- reason`. */
export const suppressions: Deno.lint.Rule = {
  create(context) {
    return {
      Program(): void {
        for (const comment of context.sourceCode.getAllComments()) {
          const rest = SUPPRESSION.exec(comment.value)?.[1];
          if (rest === undefined || REASONED.test(rest)) continue;
          context.report({
            range: comment.range,
            message: "Write `deno-lint-ignore <rule> -- <reason>`",
          });
        }
      },
    };
  },
};
