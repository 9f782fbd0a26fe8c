/**
 * gait as a library: decide whether an AI agent's tool call may run, and sign what was decided.
 *
 * @example Decide about a call
 * ```ts
 * import { compilePolicy, decide, normalizeIntent, parsePolicy } from "@gait/gait";
 * import { assertEquals } from "@std/assert";
 *
 * const { policy } = await parsePolicy(
 *   "default_verdict: block\nrules:\n- {name: reads, effect: allow, match: {tool_names: [file.read]}}\n",
 *   { source: "policy.yaml" },
 * );
 * const compiled = compilePolicy(policy);
 * const intent = normalizeIntent({
 *   tool_name: "file.read",
 *   args: { path: "/srv/data.txt" },
 *   context: { identity: "assistant", workspace: "/srv", risk_class: "low" },
 * });
 *
 * assertEquals(decide(compiled, intent).verdict, "allow");
 * ```
 *
 * @example Sign and verify a trace
 * ```ts
 * import {
 *   buildTrace,
 *   encodeTrace,
 *   intentDigests,
 *   normalizeIntent,
 *   parsePolicy,
 *   policyDigest,
 *   signerFromSeed,
 *   signTrace,
 *   verifyTraceText,
 *   webDigester,
 *   webEd25519,
 * } from "@gait/gait";
 * import { assert } from "@std/assert";
 *
 * const ports = { digester: webDigester, ed25519: webEd25519 };
 * const signer = await signerFromSeed(crypto.getRandomValues(new Uint8Array(32)), ports);
 * const { policy } = await parsePolicy("default_verdict: allow", { source: "policy.yaml" });
 * const intent = normalizeIntent({
 *   tool_name: "file.read",
 *   context: { identity: "assistant", workspace: "/srv", risk_class: "low" },
 * });
 * const digests = await intentDigests(intent, webDigester);
 * const unsigned = await buildTrace({
 *   createdAt: intent.created_at,
 *   observedAt: BigInt(Date.now()) * 1_000_000n,
 *   producerVersion: "example",
 *   toolName: intent.tool_name,
 *   argsDigest: digests.args_digest,
 *   intentDigest: digests.intent_digest,
 *   policyDigest: await policyDigest(policy, webDigester),
 *   verdict: "allow",
 * }, webDigester);
 * const trace = await signTrace(unsigned, { signer, digester: webDigester });
 *
 * const text = encodeTrace(trace); // what a file holds, and all that a verifier needs besides the key
 * assert((await verifyTraceText({ text, publicKey: signer.publicKey }, ports)).ok);
 * ```
 *
 * @module
 */

export {
  ENVIRONMENT_CODES,
  ERROR_CODES,
  type ErrorCategory,
  type ErrorCode,
  type ErrorCodeEntry,
  EVIDENCE_CODES,
  INPUT_CODES,
} from "./core/base/error_codes.ts";
export { ERROR_MAP, type ErrorMapping } from "./core/base/error_map.ts";
export { type ErrorPlace, GaitError, type GaitErrorOptions } from "./core/base/errors.ts";
export type { Bytes } from "./core/base/bytes.ts";
export {
  formatInstant,
  type Instant,
  parseTimestamp,
  type Timestamp,
} from "./core/base/instant.ts";
export { isJsonObject, type JsonObject, type JsonValue } from "./core/base/json_value.ts";
export { LIMITS } from "./core/base/limits.ts";
export { parseJson, type ParseJsonOptions } from "./core/text/json.ts";
export type {
  MapEntry,
  MapNode,
  Position,
  ScalarNode,
  SeqItem,
  SeqNode,
  TextDocument,
  TextNode,
} from "./core/text/node.ts";
export { canonicalize } from "./core/jcs/canonicalize.ts";
export { digestOfJson, sha256Hex } from "./core/digest/digest.ts";
export { webDigester } from "./core/digest/web_digester.ts";
export type { Digester, MaybePromise } from "./core/ports/digest.ts";
export type { Ed25519, Ed25519Key, SignatureCheck, Signer } from "./core/ports/sign.ts";
export { webEd25519 } from "./core/sign/web_ed25519.ts";
export { signerFromSeed, type SignPorts } from "./core/sign/signer.ts";
export type { Signature } from "./core/sign/signature.ts";
export {
  formatPrivateKey,
  formatPublicKey,
  type KeyTextOptions,
  parsePrivateKey,
  parsePublicKey,
  type PrivateKey,
} from "./core/sign/key_text.ts";
export { keyId } from "./core/sign/key_id.ts";
export {
  type ArgProvenance,
  type Delegation,
  type DelegationLink,
  ENDPOINT_CLASSES,
  type EndpointClass,
  type IntentContext,
  type NormalizedIntent,
  type SkillProvenance,
  type Target,
  TARGET_KINDS,
  type TargetKind,
} from "./core/intent/intent.ts";
export { normalizeIntent } from "./core/intent/normalize.ts";
export {
  argsDigest,
  delegationBindingDigest,
  intentDigest,
  type IntentDigests,
  intentDigests,
  type RawCall,
  rawCallDigest,
} from "./core/intent/digests.ts";
export {
  type ApprovalRule,
  type ConstraintAction,
  type DataflowConstraint,
  type EndpointConstraint,
  type FailClosed,
  type Policy,
  type RateLimit,
  type Rule,
  type RuleMatch,
  type Verdict,
  VERDICTS,
} from "./core/policy/policy.ts";
export {
  type ParsedPolicy,
  parsePolicy,
  type ParsePolicyOptions,
  type PolicyFormat,
} from "./core/policy/parse_policy.ts";
export type { PolicyFinding, PolicyWarning } from "./core/policy/finding.ts";
export { policyDigest } from "./core/policy/digest.ts";
export { formatPolicy } from "./core/policy/format.ts";
export { lintPolicy } from "./core/policy/lint.ts";
export {
  loadTemplate,
  type PolicyTemplate,
  type TemplateName,
  templateNames,
} from "./core/policy/templates.ts";
export type { Duration } from "./core/base/duration.ts";
export { type MintOptions, readTokenTerms, type TokenTerms } from "./core/token/token_terms.ts";
export type { TokenFile, TokenTime } from "./core/token/token_file.ts";
export type { VerifyKey } from "./core/token/token_signature.ts";
export {
  type ApprovalKeys,
  type ApproverKey,
  readApproverKeyring,
  verifyKey,
} from "./core/approval/keys.ts";
export {
  type ApprovalClaims,
  type ApprovalToken,
  encodeApprovalToken,
  type MintedApproval,
  parseApprovalToken,
} from "./core/approval/token.ts";
export { type ApprovalRequest, mintApprovalToken } from "./core/approval/mint.ts";
export { APPROVAL_TOKEN_CODES, type ApprovalTokenCode } from "./core/approval/codes.ts";
export {
  type ApprovalCheck,
  type ApprovalExpectation,
  verifyApprovalToken,
} from "./core/approval/verify.ts";
export { type ApprovalTally, countApprovals } from "./core/approval/count.ts";
export {
  type DelegationClaims,
  type DelegationToken,
  encodeDelegationToken,
  type MintedDelegation,
  parseDelegationToken,
} from "./core/delegation/token.ts";
export { type DelegationRequest, mintDelegationToken } from "./core/delegation/mint.ts";
export { DELEGATION_TOKEN_CODES, type DelegationTokenCode } from "./core/delegation/codes.ts";
export {
  type DelegationCheck,
  type DelegationExpectation,
  type ScopeExpectation,
  verifyDelegationToken,
} from "./core/delegation/verify.ts";
export {
  type DelegationCase,
  type DelegationOutcome,
  verifyDelegation,
} from "./core/delegation/decide.ts";
export {
  type CompiledPolicy,
  type CompileOptions,
  compilePolicy,
} from "./core/gate/compile_policy.ts";
export { decide } from "./core/gate/decide.ts";
export type { Decision, Explanation, RuleTrial } from "./core/gate/decision.ts";
export { explain } from "./core/gate/explain.ts";
export { renderExplanation } from "./core/gate/render_explanation.ts";
export { buildTrace, type DelegationFacts, type TraceFacts } from "./core/trace/build_trace.ts";
export { encodeTrace } from "./core/trace/encode_trace.ts";
export { signTrace } from "./core/trace/sign_trace.ts";
export type {
  DelegationRef,
  SkillRef,
  TraceRecord,
  UnsignedTrace,
} from "./core/trace/trace_record.ts";
export { parseTrace, type TraceDocument } from "./core/trace/parse_trace.ts";
export type { TraceFinding, TraceReport } from "./core/trace/trace_report.ts";
export { type TraceRequest, verifyTrace } from "./core/trace/verify_trace.ts";
export { type TraceTextRequest, verifyTraceText } from "./core/trace/verify_trace_text.ts";
