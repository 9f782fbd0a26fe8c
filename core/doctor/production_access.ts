/**
 * Whether the service would find the token that guards it (divergence O1).
 *
 * @module
 */

import { lower, trim } from "../base/text_rules.ts";
import { type Check, failed, passed, warned } from "./check.ts";
import { hasService } from "./production_settings.ts";
import { type DoctorPorts, projectValue, type Subject } from "./subject.ts";

/** Characters below which a token can be guessed. */
const SHORT_TOKEN = 16;

/** How to make a token. */
function makeToken(name: string): { readonly fixCommand?: string; readonly hint: string } {
  const hint = "set the variable where the service runs";
  if (!/^[A-Za-z_][A-Za-z0-9_]*$/.test(name)) return { hint };
  return { hint, fixCommand: `export ${name}="$(head -c 32 /dev/urandom | base64)"` };
}

/** The bearer token of the service. */
export function checkServiceToken(subject: Subject, { env }: DoctorPorts): Promise<Check> {
  const name = "production_service_token";
  const variable = projectValue(subject, "mcp_serve.auth_token_env");
  const mode = lower(trim(projectValue(subject, "mcp_serve.auth_mode")));
  if (!hasService(subject) || mode !== "token" || variable === "") {
    return Promise.resolve(passed(name, "no token is configured"));
  }
  // Names with these characters cannot exist; the runtime throws when asked for one.
  const exists = !/[=\0]/.test(variable);
  const token = trim((exists ? env.get(variable) : undefined) ?? "");
  const remedy = makeToken(variable);
  if (token === "") {
    const message = `mcp_serve.auth_token_env: the variable ${variable} is not set`;
    return Promise.resolve(failed(name, message, remedy));
  }
  if (token.length < SHORT_TOKEN) {
    const message = `the token in ${variable} is shorter than ${SHORT_TOKEN} characters`;
    return Promise.resolve(warned(name, message, remedy));
  }
  return Promise.resolve(passed(name, "the token of the service is set"));
}
