import { utf8 } from "../base/bytes.ts";
import { GaitError } from "../base/errors.ts";
import { nearest } from "../base/suggest.ts";
import { trim } from "../base/text_rules.ts";
import { loadTemplate, resolveTemplate, templateNames } from "../policy/templates.ts";
import { OUTPUT_NEED } from "./flags/needs.ts";
import type { Command, CommandContext, CommandResult } from "./frame/command.ts";

/** Default output (spec 02 §15.1). */
const DEFAULT_OUT = "gait.policy.yaml";

/** Canonical name of a template. @throws GaitError `unsupported_value` */
function templateName(word: string): typeof templateNames[number] {
  const name = resolveTemplate(word);
  if (name !== undefined) return name;
  const near = nearest(trim(word), templateNames);
  throw new GaitError("unsupported_value", `Unknown template: ${trim(word)}`, {
    hint: near === undefined ? `use one of ${templateNames.join(", ")}` : `did you mean ${near}?`,
  });
}

/** Writes the template. */
async function write(path: string, text: string, context: CommandContext): Promise<void> {
  const { files } = context.ports;
  if (context.args.flag("force")) return await files.replace(path, utf8(text));
  try {
    await files.create(path, utf8(text));
  } catch (error) {
    if (!(error instanceof GaitError) || error.code !== "already_exists") throw error;
    throw new GaitError(
      "already_exists",
      `Output path already exists (use --force to overwrite): ${path}`,
      { cause: error, hint: "choose another --out, or add --force" },
    );
  }
}

/** `gait policy init` (spec 02 §15.1). */
export const command: Command = {
  spec: {
    path: ["policy", "init"],
    summary: "write a commented starter policy",
    explain: "policy init writes one of the starter policies, ready to be adapted",
    usage: "<template>",
    positionals: { min: 1, max: 1 },
    expected: `Expected <template>, one of: ${templateNames.join(", ")}`,
    flags: [
      { name: "out", kind: "string", value: "path", summary: `output, ${DEFAULT_OUT} by default` },
      { name: "force", kind: "boolean", summary: "overwrite an existing file" },
    ],
    examples: ["gait policy init coding-agent"],
    permissions: () => [
      { kind: "read", why: "whether the output exists" },
      OUTPUT_NEED,
    ],
  },
  async run(context: CommandContext): Promise<CommandResult> {
    const { args } = context;
    const name = templateName(args.positionals[0] as string);
    const path = args.given("out") ? trim(args.text("out")) : DEFAULT_OUT;
    if (path === "") {
      throw new GaitError("path_not_allowed", "Output path must not be empty");
    }
    const template = await loadTemplate(name);
    await write(path, template.text, context);
    const next = [
      `gait policy validate ${path}`,
      `gait policy fmt ${path} --write`,
      `gait policy test ${path} intent.json`,
      `gait policy explain ${path} intent.json`,
      `gait gate eval --policy ${path} --intent intent.json`,
    ];
    return {
      exit: 0,
      json: { ok: true, template: name, policy_path: path, next_commands: next },
      text: [`policy init ok: template=${name} output=${path}`, `next: ${next.join(" | ")}`],
      tone: "good",
    };
  },
};
