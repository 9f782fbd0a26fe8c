/**
 * Random policies and intents with few distinct values, so that rules overlap heavily.
 *
 * @module
 */

import fc from "fast-check";
import {
  type EndpointClass,
  type NormalizedIntent,
  type Target,
  TARGET_KINDS,
} from "../../core/intent/intent.ts";
import { compareCodePoints } from "../../core/base/text_rules.ts";
import { type Policy, type Rule, type RuleMatch, VERDICTS } from "../../core/policy/policy.ts";
import { from, intent, policy, rule, target } from "./gate_factories.ts";

const CLASSES: readonly EndpointClass[] = ["fs.read", "fs.write", "proc.exec", "net.http", "other"];
const PATHS = [
  "/a",
  "/a/",
  "/a/b",
  "/a/./b",
  "/a//b",
  "/a/../b",
  "/b",
  "/a/b/../../c",
  "a/b",
  "./a/b",
  "../a",
  "a",
  "/",
  ".",
];
const VALUES = [...PATHS, "https://a.example/x", "https://b.a.example/", "a.example", "evil", "b"];
const PATTERNS = [
  ...PATHS,
  "/a/**",
  "/a/*",
  "/**",
  "*",
  "**",
  "/?/b",
  "/a/[b",
  "./**",
  "/[a-b]/*",
  "/a/*/**",
  "*b",
  "/a/./**",
  "/a/b/../**",
  "\\/a",
];
const DOMAINS = ["a.example", "*.a.example", "*example", "b.*", "?.a.example", "a.example.", "x"];

/** A sorted subset of some values, often empty. */
function listOf<T extends string>(values: readonly T[], emptyWeight = 3): fc.Arbitrary<T[]> {
  return fc.oneof(
    { weight: emptyWeight, arbitrary: fc.constant<T[]>([]) },
    {
      weight: 2,
      arbitrary: fc.uniqueArray(fc.constantFrom(...values), { minLength: 1, maxLength: 3 })
        .map((list) => list.sort(compareCodePoints)),
    },
  );
}

const NAMES = ["a", "b", "c", "d"];

/** A match block. */
export const anyMatch: fc.Arbitrary<Partial<RuleMatch>> = fc.record({
  tool_names: listOf(NAMES),
  risk_classes: listOf(["low", "high"], 6),
  target_kinds: listOf(["path", "url", "bucket"], 6),
  target_values: listOf(VALUES, 4),
  endpoint_classes: listOf(CLASSES, 6),
  skill_publishers: listOf(["acme", "b"], 12),
  skill_sources: listOf(["registry", "git"], 12),
  data_classes: listOf(["pii", "secret"], 12),
  destination_kinds: listOf(["path", "url", "bucket"], 10),
  destination_values: listOf(VALUES, 8),
  destination_operations: listOf(["read", "write"], 8),
  provenance_sources: listOf(["user", "external"], 10),
  identities: listOf(NAMES, 6),
  workspace_prefixes: listOf(["/", "/w", "/w/", "/w/x", "/w/./x", "w", ".", "/w/../v"], 5),
  require_delegation: fc.oneof({ weight: 12, arbitrary: fc.constant(false) }, fc.boolean()),
  allowed_delegator_identities: listOf(NAMES, 14),
  allowed_delegate_identities: listOf(NAMES, 14),
  delegation_scopes: listOf(["read", "write"], 14),
  max_delegation_depth: fc.oneof(
    { weight: 14, arbitrary: fc.constant(undefined) },
    { weight: 1, arbitrary: fc.nat(2) },
  ),
});

const action = fc.constantFrom("block" as const, "require_approval" as const);

const anyEndpoint = fc.option(
  fc.record({
    path_allowlist: listOf(PATTERNS),
    path_denylist: listOf(PATTERNS, 4),
    domain_allowlist: listOf(DOMAINS),
    domain_denylist: listOf(DOMAINS, 4),
    egress_classes: listOf(["net.http", "net.dns"] as const, 5),
    action,
    actionIsExplicit: fc.boolean(),
    destructive_action: fc.constantFrom("" as const, "block" as const, "require_approval" as const),
  }),
  { nil: undefined, freq: 1 },
);

const anyDataflow = fc.option(
  fc.record({
    destination_kinds: listOf(["path", "url"]),
    destination_values: listOf(VALUES, 5),
    destination_operations: listOf(["read", "write"], 5),
    action,
  }),
  { nil: undefined, freq: 1 },
);

/** A rule without a name of its own. */
const anyRule = fc.record({
  priority: fc.nat(2),
  effect: fc.constantFrom(...VERDICTS),
  match: anyMatch,
  endpoint: anyEndpoint,
  dataflow: anyDataflow,
  min_approvals: fc.nat(2),
});

/** Rules with distinct names. */
export function someRules(maxLength: number, minLength = 0): fc.Arbitrary<Rule[]> {
  return fc.array(anyRule, { minLength, maxLength }).map((list) =>
    list.map(({ endpoint, dataflow, ...rest }, i) =>
      rule({
        ...rest,
        name: `r${String(i).padStart(3, "0")}`,
        ...(endpoint === undefined ? {} : { endpoint }),
        ...(dataflow === undefined ? {} : { dataflow }),
      })
    )
  );
}

/** A policy. */
export function anyPolicy(maxRules: number, minRules = 0): fc.Arbitrary<Policy> {
  return fc.record({
    rules: someRules(maxRules, minRules),
    default_verdict: fc.constantFrom(...VERDICTS),
    fail_closed: fc.record({
      enabled: fc.oneof({ weight: 4, arbitrary: fc.constant(false) }, fc.constant(true)),
      risk_classes: fc.constant(["high"]),
      required_fields: listOf(["targets", "arg_provenance", "endpoint_class", "delegation"]),
    }),
  }).map((given) => policy(given));
}

const anyTarget: fc.Arbitrary<Target> = fc.record({
  kind: fc.constantFrom(...TARGET_KINDS),
  value: fc.constantFrom(...VALUES),
  operation: fc.constantFrom("", "read", "write", "delete"),
  sensitivity: fc.constantFrom("", "pii", "secret"),
  declared: fc.option(fc.constantFrom(...CLASSES), { nil: undefined }),
  domain: fc.option(fc.constantFrom("a.example", "b.a.example", "a.example."), { nil: undefined }),
}).map(({ declared, domain, ...rest }) =>
  target({
    ...rest,
    ...(declared === undefined ? {} : { endpoint_class: declared }),
    ...(domain === undefined ? {} : { endpoint_domain: domain }),
  })
);

const anyDelegation = fc.record({
  requester_identity: fc.constantFrom(...NAMES),
  scope_class: fc.constantFrom("", "read", "write"),
  token_refs: fc.constant([]),
  chain: fc.array(
    fc.record({
      delegator_identity: fc.constantFrom(...NAMES),
      delegate_identity: fc.constantFrom(...NAMES),
      scope_class: fc.constantFrom("", "read", "write"),
      token_ref: fc.constant(""),
      issued_at: fc.constant("0001-01-01T00:00:00Z"),
      expires_at: fc.constant("0001-01-01T00:00:00Z"),
    }),
    { maxLength: 3 },
  ),
  issued_at: fc.constant("0001-01-01T00:00:00Z"),
  expires_at: fc.constant("0001-01-01T00:00:00Z"),
});

const anySkill = fc.record({
  skill_name: fc.constant("s"),
  skill_version: fc.constant(""),
  source: fc.constantFrom("registry", "git"),
  publisher: fc.constantFrom("Acme", "b"),
  digest: fc.constant(""),
  signature_key_id: fc.constant(""),
});

/** An intent. */
export const anyIntent: fc.Arbitrary<NormalizedIntent> = fc.record({
  tool_name: fc.constantFrom(...NAMES),
  targets: fc.array(anyTarget, { maxLength: 4 }),
  sources: listOf(["user", "external", "system"] as const),
  skill_provenance: fc.option(anySkill, { nil: undefined }),
  delegation: fc.option(anyDelegation, { nil: undefined }),
  identity: fc.constantFrom(...NAMES),
  workspace: fc.constantFrom("/w", "/w/x", "/wx", "/w/./x", "/w//x", "/v/../w", "w/x", "./w", "/"),
  risk_class: fc.constantFrom("low", "high"),
}).map(({ sources, identity, workspace, risk_class, ...rest }) =>
  intent({
    ...rest,
    arg_provenance: sources.map(from),
    context: { identity, workspace, risk_class },
  })
);
