import { isCore, repoPath } from "../files.ts";

const LOCALE = /^(localeCompare|toLocale\w*)$/;
const SORTS = /^(sort|toSorted)$/;

/** Order in core never depends on a locale, and every sort says by what it sorts. */
export const stableOrder: Deno.lint.Rule = {
  create(context) {
    const path = repoPath(context.filename);
    if (!isCore(path)) return {};
    // RFC 8785 sorts by UTF-16 code units, which is what a sort without comparator does.
    const isCanonicalJson = path.startsWith("core/jcs/");
    return {
      MemberExpression(node): void {
        const { object, property } = node;
        if (property.type === "Identifier" && LOCALE.test(property.name)) {
          context.report({ node, message: `Core must not use ${property.name}: it has a locale` });
        }
        if (object.type === "Identifier" && object.name === "Intl") {
          context.report({ node, message: "Core must not use Intl: it has a locale" });
        }
      },
      CallExpression(node): void {
        const { callee } = node;
        if (callee.type !== "MemberExpression" || node.arguments.length > 0) return;
        if (isCanonicalJson) return;
        if (callee.property.type !== "Identifier" || !SORTS.test(callee.property.name)) return;
        context.report({ node, message: "Pass a comparator: say by what to sort" });
      },
    };
  },
};
