/**
 * Error codes of input that the caller must change.
 *
 * @module
 */

import type { ErrorCodeEntry } from "./entry.ts";

/** By code, sorted by topic. */
export const INPUT_CODES = {
  invalid_input: {
    category: "invalid_input",
    summary: "The input is not acceptable and no more specific code applies.",
    hint: "check command usage and input schema",
  },
  body_too_large: {
    category: "invalid_input",
    summary: "The body of an HTTP request is longer than the service takes; status 413.",
    hint: "shorten the request, or raise --max-request-bytes",
  },
  request_incomplete: {
    category: "invalid_input",
    summary: "The body of an HTTP request ended early or came too slowly; status 408.",
    hint: "send the whole body within the time limit",
  },
  unauthenticated: {
    category: "invalid_input",
    summary: "An HTTP request carries no valid bearer token; status 401.",
    hint: "send Authorization: Bearer <token>",
  },
  method_not_allowed: {
    category: "invalid_input",
    summary: "A route does not take this HTTP method; status 405.",
    hint: "see the Allow header",
  },
  media_type_unsupported: {
    category: "invalid_input",
    summary: "An HTTP request is not declared as application/json; status 415.",
    hint: "send Content-Type: application/json",
  },
  host_not_allowed: {
    category: "invalid_input",
    summary: "An HTTP request is addressed to a host that is not this service; status 403.",
    hint: "use the listen address, or start the service with --allowed-host",
  },
  origin_not_allowed: {
    category: "invalid_input",
    summary: "An HTTP request comes from a web page of another origin; status 403.",
    hint: "call the service from a program, not from a web page",
  },
  usage: {
    category: "invalid_input",
    summary: "The command line is wrong: unknown flag, missing value, unexpected argument.",
    hint: "run the command with --help to see its flags",
  },
  unknown_command: {
    category: "invalid_input",
    summary: "There is no such command.",
    hint: "run gait --help to see the commands",
  },
  file_not_found: {
    category: "invalid_input",
    summary: "A file that was named as input does not exist.",
    hint: "check the path",
  },
  file_unreadable: {
    category: "invalid_input",
    summary: "A file that was named as input exists but cannot be read.",
    hint: "check permissions and that the path names a regular file",
  },
  input_too_large: {
    category: "invalid_input",
    summary: "An input exceeds its documented size limit.",
    hint: "split or shorten the input; docs/limits.md lists the limits",
  },
  path_not_allowed: {
    category: "invalid_input",
    summary: "A path is empty, escapes its directory, or is not a regular file.",
    hint: "name a regular file inside the working directory or use an absolute path",
  },
  path_is_symlink: {
    category: "invalid_input",
    summary: "An output path is a symbolic link, which is never followed.",
    hint: "remove the link or name the real file",
  },
  already_exists: {
    category: "invalid_input",
    summary: "An output exists and the contract does not allow replacing it.",
    hint: "choose another path or use --force where the command offers it",
  },
  json_syntax: {
    category: "invalid_input",
    summary: "A JSON text is malformed.",
    hint: "fix the text at the given line and column",
  },
  json_duplicate_key: {
    category: "invalid_input",
    summary: "A JSON object names the same key twice.",
    hint: "remove one of the two members",
  },
  json_unsafe_number: {
    category: "invalid_input",
    summary: "A JSON number does not survive conversion to a double.",
    hint: "pass the number as a string",
  },
  json_unsupported: {
    category: "invalid_input",
    summary: "A value has no JSON spelling: not finite, undefined, a function, not a plain object.",
    hint: "pass plain objects, arrays, strings, finite numbers, booleans and null only",
  },
  text_encoding: {
    category: "invalid_input",
    summary: "A text is not well-formed UTF-8 or contains a lone surrogate or a byte order mark.",
    hint: "save the file as UTF-8 without byte order mark",
  },
  text_too_deep: {
    category: "invalid_input",
    summary: "A text nests deeper, or holds more nodes, than the documented limit.",
    hint: "flatten the document; docs/limits.md lists the limits",
  },
  yaml_syntax: {
    category: "invalid_input",
    summary: "A YAML text is malformed.",
    hint: "fix the text at the given line and column",
  },
  yaml_unsupported: {
    category: "invalid_input",
    summary: "A YAML text uses a construct outside the documented subset.",
    hint: "docs/policy-yaml.md lists what is accepted and how to rewrite the rest",
  },
  yaml_duplicate_key: {
    category: "invalid_input",
    summary: "A YAML mapping names the same key twice.",
    hint: "remove one of the two entries",
  },
  schema_violation: {
    category: "invalid_input",
    summary: "A document does not have the shape its schema asks for.",
    hint: "compare the document with its schema under schemas/v1",
  },
  intent_invalid: {
    category: "invalid_input",
    summary: "An intent cannot be normalised.",
    hint: "see docs/intent.md for the fields of an intent",
  },
  call_invalid: {
    category: "invalid_input",
    summary: "A tool call's envelope cannot be read by the chosen adapter.",
    hint: "see docs/adapters.md for the envelopes and choose the adapter that fits",
  },
  intent_mismatch: {
    category: "policy_blocked",
    summary: "A given intent does not describe the command that would run.",
    hint: "leave --intent out, or describe exactly what will run",
  },
  policy_invalid: {
    category: "invalid_input",
    summary: "A policy is well-formed text but not a valid policy.",
    hint: "see docs/policy.md for the keys of a policy",
  },
  config_invalid: {
    category: "invalid_input",
    summary: "A configuration file is missing, malformed or has an unknown key.",
    hint: "run gait config validate to see every finding",
  },
  config_untrusted: {
    category: "invalid_input",
    summary: "A project configuration sets something that only a trusted one may set.",
    hint: "inspect the file, then run gait config trust, or name it with --config",
  },
  key_invalid: {
    category: "invalid_input",
    summary: "A key source is missing, ambiguous or malformed.",
    hint: "run gait keys init to create a key pair",
  },
  state_corrupt: {
    category: "invalid_input",
    summary: "A state file (counted calls, spent approvals) is malformed; the call is blocked.",
    hint: "inspect the file; the reset command of its kind starts it anew",
  },
  journal_invalid: {
    category: "invalid_input",
    summary: "A session's journal is damaged before its tail, or is no journal.",
    hint: "inspect it with gait run session repair --dry-run",
  },
  session_mismatch: {
    category: "invalid_input",
    summary: "A journal belongs to another session or run.",
    hint: "choose another --journal, or pass the ids that the session was started with",
  },
  no_new_events: {
    category: "invalid_input",
    summary: "There is nothing to checkpoint since the last checkpoint.",
    hint: "append events first",
  },
  profile_refused: {
    category: "invalid_input",
    summary: "The selected profile refuses this setup.",
    hint: "fix the named setting or use another profile deliberately",
  },
  unsupported_value: {
    category: "invalid_input",
    summary: "A flag or field has a value outside its closed set.",
    hint: "use one of the listed values",
  },
  signatures_lost: {
    category: "invalid_input",
    summary: "A command would write a signed artifact again without its signatures.",
    hint: "keep the original, or pass --drop-signatures deliberately",
  },
  archive_corrupt: {
    category: "invalid_input",
    summary: "An archive is damaged, no zip file, or built in a way that the reader refuses.",
    hint: "obtain the original archive; it was damaged or rewritten by another program",
  },
  run_not_found: {
    category: "invalid_input",
    summary: "No runpack exists for a run id or path.",
    hint: "name the file, or a run id with a runpack in gait-out or ~/.gait/runpacks",
  },
  records_ambiguous: {
    category: "invalid_input",
    summary: "A runpack holds several records for one intent where only one can be meant.",
    hint: "inspect the pack; gait run inspect shows every record",
  },
  trust_invalid: {
    category: "invalid_input",
    summary: "A trust directory is missing, malformed or names a key twice.",
    hint: "see docs/verify.md for the form of a trust directory",
  },
} as const satisfies Record<string, ErrorCodeEntry>;
