/**
 * Tools that coding agents ship with, and which of their arguments name what the call touches. Names are
 * those of Claude Code, Codex, Gemini CLI, Copilot, Cursor, Cline, opencode, Anthropic's text editor, the MCP
 * filesystem and fetch servers, and LangChain's file tools.
 *
 * @module
 */

/** What an argument holds. */
export type ArgumentKind = "path" | "url" | "command" | "patch";

/** How one tool is read. */
export interface KnownTool {
  readonly kind: ArgumentKind;
  /** Operation of the targets. */
  readonly operation: string;
  /** Arguments that are read; every one that is there counts. */
  readonly args: readonly string[];
  /** Argument that selects the operation, with its values. */
  readonly operations?: { readonly arg: string; readonly by: Readonly<Record<string, string>> };
}

/** Arguments that name one file or folder, whichever agent asks. */
const PATHS: readonly string[] = [
  "path",
  "paths",
  "file_path",
  "file_paths",
  "filePath",
  "filepath",
  "absolute_path",
  "target_file",
  "notebook_path",
  "dir_path",
  "directory",
  "filename",
];
const URLS: readonly string[] = ["url", "urls", "uri"];
const COMMANDS: readonly string[] = ["command", "commands", "cmd"];

/** One row: names, and how tools of that name are read. */
type Row = readonly [names: readonly string[], tool: KnownTool];

function paths(operation: string, args: readonly string[] = PATHS): KnownTool {
  return { kind: "path", operation, args };
}

/** Editors that take their operation from an argument. */
const EDITOR: KnownTool = {
  ...paths("write"),
  operations: {
    arg: "command",
    by: { view: "read", create: "create", str_replace: "update", insert: "update" },
  },
};

/** The table; docs/adapters.md shows it. */
export const KNOWN_TOOLS: readonly Row[] = [
  [[
    "bash",
    "exec",
    "exec_command",
    "execute_command",
    "local_shell",
    "powershell",
    "run_in_terminal",
    "run_shell_command",
    "run_terminal_cmd",
    "shell",
    "shell_command",
    "terminal",
    "bash_code_execution",
  ], { kind: "command", operation: "exec", args: COMMANDS }],
  [[
    "read",
    "read_file",
    "read_text_file",
    "read_media_file",
    "read_multiple_files",
    "read_many_files",
    "notebookread",
    "view",
    "view_image",
    "get_file_info",
    "readfile",
  ], paths("read")],
  [[
    "glob",
    "grep",
    "grep_files",
    "grep_search",
    "list",
    "list_dir",
    "list_directory",
    "list_directory_with_sizes",
    "list_files",
    "ls",
    "directory_tree",
    "search_file_content",
    "search_files",
  ], paths("list")],
  [[
    "write",
    "write_file",
    "write_to_file",
    "create_file",
    "create_directory",
    "createfile",
    "savefile",
  ], paths("write")],
  [[
    "edit",
    "edit_file",
    "edit_notebook",
    "multiedit",
    "notebookedit",
    "replace",
    "replace_in_file",
    "apply_diff",
    "insert_edit_into_file",
    "replace_string_in_file",
    "search_replace",
  ], paths("update")],
  [["delete_file", "file_delete", "remove_file"], paths("delete")],
  [["move_file", "rename_file"], paths("move", ["source", "source_path", "from"])],
  [["copy_file"], paths("read", ["source", "source_path", "from"])],
  [["move_file", "rename_file", "copy_file"], {
    ...paths("write", ["destination", "destination_path", "to"]),
  }],
  [["str_replace_based_edit_tool", "str_replace_editor", "text_editor_code_execution"], EDITOR],
  [["apply_patch", "patch"], {
    kind: "patch",
    operation: "update",
    args: ["input", "patch", "patchText", "diff"],
  }],
  [[
    "fetch",
    "fetch_webpage",
    "web_fetch",
    "webfetch",
    "http_request",
    "browser_action",
    "browser_navigate",
    "requests_get",
  ], { kind: "url", operation: "get", args: URLS }],
  [["requests_delete"], { kind: "url", operation: "delete", args: URLS }],
  [["requests_post", "requests_put", "requests_patch"], {
    kind: "url",
    operation: "post",
    args: URLS,
  }],
];

/** Searches of the web: they reach a network that their arguments do not name. */
export const WEB_SEARCHES: readonly string[] = [
  "google_web_search",
  "search_web",
  "web_search",
  "websearch",
];
