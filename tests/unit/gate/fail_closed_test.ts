import { assertEquals } from "@std/assert";
import {
  blockDecision,
  decideUnevaluable,
  failClosedDecision,
} from "../../../core/gate/fail_closed.ts";
import { from, intent, policy, target } from "../../support/gate_factories.ts";

const GUARDED = policy({
  default_verdict: "allow",
  fail_closed: { enabled: true, risk_classes: ["critical", "high"], required_fields: [] },
});
const HIGH = { risk_class: "high" };

Deno.test("failClosedDecision() reports every missing field", () => {
  const strict = policy({
    fail_closed: {
      ...GUARDED.fail_closed,
      required_fields: ["arg_provenance", "delegation", "endpoint_class", "targets"],
    },
  });
  const decision = failClosedDecision(strict, intent({ context: HIGH }));
  assertEquals(decision?.verdict, "block");
  assertEquals(decision?.reason_codes, [
    "fail_closed_missing_arg_provenance",
    "fail_closed_missing_delegation",
    "fail_closed_missing_targets",
  ]);
  assertEquals(decision?.violations, [
    "missing_arg_provenance",
    "missing_delegation",
    "missing_targets",
  ]);
});

Deno.test("failClosedDecision() refuses an unknown class whether or not it is required", () => {
  const targets = [target({ kind: "repo", value: "r" })];
  const given = intent({ context: HIGH, targets });
  assertEquals(failClosedDecision(GUARDED, given)?.reason_codes, [
    "fail_closed_endpoint_class_unknown",
  ]);
  const required = policy({
    fail_closed: { ...GUARDED.fail_closed, required_fields: ["endpoint_class"] },
  });
  assertEquals(failClosedDecision(required, given)?.reason_codes, [
    "fail_closed_endpoint_class_unknown",
    "fail_closed_missing_endpoint_class",
  ]);
});

Deno.test("failClosedDecision() leaves complete intents and other risk classes alone", () => {
  const complete = intent({
    context: HIGH,
    targets: [target({ kind: "path", value: "/x", operation: "read" })],
    arg_provenance: [from("user")],
  });
  assertEquals(failClosedDecision(GUARDED, complete), undefined);
  assertEquals(failClosedDecision(GUARDED, intent()), undefined);
  const off = policy({ fail_closed: { ...GUARDED.fail_closed, enabled: false } });
  assertEquals(failClosedDecision(off, intent({ context: HIGH })), undefined);
});

Deno.test("failClosedDecision() takes a required field that it does not know for missing", () => {
  const odd = policy({
    fail_closed: { ...GUARDED.fail_closed, required_fields: ["constructor"] },
  });
  assertEquals(failClosedDecision(odd, intent({ context: HIGH }))?.verdict, "block");
});

Deno.test("decideUnevaluable() blocks guarded risk classes in any spelling", () => {
  assertEquals(decideUnevaluable(GUARDED, "  HIGH "), {
    verdict: "block",
    reason_codes: ["fail_closed_intent_invalid"],
    violations: ["intent_not_evaluable"],
    rule: undefined,
    min_approvals: 0,
  });
  assertEquals(decideUnevaluable(GUARDED, "low"), undefined);
  assertEquals(decideUnevaluable(policy(), "high"), undefined);
});

Deno.test("blockDecision() blocks with the reason and violation it is given", () => {
  const decision = blockDecision("driver_failed", "not_evaluated");
  assertEquals([decision.verdict, decision.reason_codes, decision.violations], [
    "block",
    ["driver_failed"],
    ["not_evaluated"],
  ]);
});
