/**
 * The tools of the quickstart's assistant. They act on a scratch directory, and only when told to.
 *
 * @module
 */

/** A tool call that the assistant wants to make. */
export interface ToolCall {
  /** What the assistant says it wants. */
  readonly wish: string;
  /** Intent file. */
  readonly intent: string;
  /** Does it for real, and says what was done. */
  execute(): string;
  /** What the world looks like when it was not done. */
  untouched(): string;
}

/** Whether a path exists. */
function exists(path: string): boolean {
  try {
    Deno.statSync(path);
    return true;
  } catch {
    return false;
  }
}

/**
 * The three calls of the demo.
 *
 * @param scratch Directory that stands for the assistant's machine.
 * @param intents Directory with the intent files.
 */
export function toolCalls(scratch: string, intents: string): ToolCall[] {
  const [report, customers, ledger] = ["q3.md", "customers.db", "ledger.txt"]
    .map((name) => `${scratch}/${name}`) as [string, string, string];
  Deno.writeTextFileSync(customers, "alice,bob\n");
  return [
    {
      wish: "write the report reports/q3.md",
      intent: `${intents}/write_report.json`,
      execute(): string {
        Deno.writeTextFileSync(report, "# Q3\n\nRevenue is up.\n");
        return `executed, ${Deno.statSync(report).size} bytes written`;
      },
      untouched: () => exists(report) ? "the report exists" : "no report was written",
    },
    {
      wish: "delete customers.db",
      intent: `${intents}/delete_customers.json`,
      execute(): string {
        Deno.removeSync(customers);
        return "executed, the file is gone";
      },
      untouched: () =>
        exists(customers) ? "not executed, the file is still there" : "the file is gone",
    },
    {
      wish: "pay 250.00 EUR to ACME GmbH",
      intent: `${intents}/pay_invoice.json`,
      execute(): string {
        Deno.writeTextFileSync(ledger, "250.00 EUR to ACME GmbH\n");
        return "executed, 1 line in the ledger";
      },
      untouched: () =>
        exists(ledger) ? "the ledger has a line" : "not executed, the ledger is empty",
    },
  ];
}
