import { isCore, repoPath } from "../files.ts";
import { isGlobalReference } from "../scope.ts";

/** Globals that reach the world, the clock, randomness or other globals, and the way around them. */
const BANNED: ReadonlyMap<string, string> = new Map([
  ...["console", "alert", "prompt", "confirm"].map((name) => [name, "the terminal port"] as const),
  ...["fetch", "WebSocket", "EventSource", "XMLHttpRequest", "navigator"].map((name) =>
    [name, "a port"] as const
  ),
  ...["setTimeout", "setInterval", "setImmediate", "performance"].map((name) =>
    [name, "the clock port"] as const
  ),
  ...["process", "require", "Buffer"].map((name) => [name, "a web standard"] as const),
  ...["globalThis", "window", "self", "global"].map((name) =>
    [name, "what the caller passes in"] as const
  ),
  ...["localStorage", "sessionStorage", "indexedDB", "caches"].map((name) =>
    [name, "the files port"] as const
  ),
  ...["Worker", "BroadcastChannel"].map((name) => [name, "a port"] as const),
  ...["eval", "Function"].map((name) => [name, "code that a reader can see"] as const),
  ["crypto", "the digester, ed25519 or random port"],
]);

/** Members of otherwise harmless globals. */
const BANNED_MEMBERS: ReadonlyMap<string, string> = new Map([
  ["Date.now", "the clock port"],
  ["Math.random", "the random port"],
  ["Temporal.Now", "the clock port"],
  ["AbortSignal.timeout", "the clock port"],
]);

/** Globals of which only members and instances are used, so that the bans above cannot be renamed away. */
const NOT_A_VALUE = /^(Date|Math|Temporal)$/;

/** The one file that may touch WebCrypto. */
const WEBCRYPTO = "core/base/webcrypto.ts";

/** Core has no ambient authority: what it needs comes in as an argument or a port. */
export const ambientAuthority: Deno.lint.Rule = {
  create(context) {
    const path = repoPath(context.filename);
    if (!isCore(path)) return {};
    const source = context.sourceCode;
    const report = (node: Deno.lint.Node, name: string, instead: string): void =>
      context.report({ node, message: `Core must not use ${name}: use ${instead}` });
    return {
      Identifier(node): void {
        if (NOT_A_VALUE.test(node.name) && isPassedAround(node, source)) {
          report(node, `${node.name} as a value`, "its members");
        }
        const instead = BANNED.get(node.name);
        if (instead === undefined || (node.name === "crypto" && path === WEBCRYPTO)) return;
        if (isGlobalReference(node, source)) report(node, node.name, instead);
      },
      MemberExpression(node): void {
        const name = memberName(node);
        const instead = name === undefined ? undefined : BANNED_MEMBERS.get(name);
        if (name !== undefined && instead !== undefined) report(node, name, instead);
      },
      "NewExpression[callee.name='Date']"(node: Deno.lint.NewExpression): void {
        if (node.arguments.length === 0) report(node, "new Date()", "the clock port");
      },
      "CallExpression[callee.name='Date']"(node: Deno.lint.CallExpression): void {
        report(node, "Date()", "the clock port");
      },
    };
  },
};

/** `Object.member` of a member expression on a plain name, also when written with brackets. */
function memberName(node: Deno.lint.MemberExpression): string | undefined {
  if (node.object.type !== "Identifier") return undefined;
  const { property } = node;
  if (!node.computed && property.type === "Identifier") {
    return `${node.object.name}.${property.name}`;
  }
  return property.type === "Literal" ? `${node.object.name}.${property.value}` : undefined;
}

/** Whether a global is used other than by `X.member`, `new X(…)`, `X(…)` or `instanceof X`. */
function isPassedAround(node: Deno.lint.Identifier, source: Deno.lint.SourceCode): boolean {
  if (!isGlobalReference(node, source)) return false;
  const parent = source.getAncestors(node).at(-1);
  switch (parent?.type) {
    case "MemberExpression":
      return parent.computed && parent.property.type !== "Literal";
    case "NewExpression":
    case "CallExpression":
      return parent.callee !== node;
    case "BinaryExpression":
      return parent.operator !== "instanceof";
    default:
      return true;
  }
}
