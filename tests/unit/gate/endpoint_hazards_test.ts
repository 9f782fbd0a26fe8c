import { assertEquals } from "@std/assert";
import { compilePolicy } from "../../../core/gate/compile_policy.ts";
import { decide } from "../../../core/gate/decide.ts";
import { normalizeIntent } from "../../../core/intent/normalize.ts";
import { parsePolicy } from "../../../core/policy/parse_policy.ts";
import { parseJson } from "../../../core/text/json.ts";

const GROUP = new URL("../../golden/data/gate/endpoint-hazards/", import.meta.url);

/** Cases where a row of the divergence table wins over the recorded verdict. */
const ROW_WINS: Readonly<Record<string, string>> = {
  // G4: destructive_action has its own say when the policy sets no action.
  "endpoint-hazards/pt-destr-default": "require_approval",
  // G2: a target of a network class without a domain.
  "endpoint-hazards/pt-bucket": "block",
};

interface Case {
  readonly id: string;
  readonly argv: readonly string[];
  readonly expect: { readonly stdout: { readonly verdict?: string } | null };
  readonly divergence: { readonly wanted: { readonly verdict?: string } | null } | null;
}

/** Text of a file of the group. */
function text(name: string): string {
  return Deno.readTextFileSync(new URL(name, GROUP));
}

Deno.test("decide() gives the wanted verdict on every recorded endpoint hazard", async () => {
  const cases: readonly Case[] = JSON.parse(text("cases.json"));
  const tests = cases.filter(({ argv }) => argv[0] === "policy" && argv[1] === "test");
  assertEquals(tests.length > 30, true);
  for (const { id, argv, expect, divergence } of tests) {
    const [, , policyFile = "", intentFile = ""] = argv;
    const { policy } = await parsePolicy(text(policyFile), { source: policyFile });
    const intent = normalizeIntent(
      parseJson(text(intentFile), { source: intentFile, maxBytes: 1e6 }),
    );
    const wanted = ROW_WINS[id] ?? divergence?.wanted?.verdict ?? expect.stdout?.verdict;
    assertEquals(decide(compilePolicy(policy), intent).verdict, wanted, id);
  }
});
