/**
 * The clock port over Node: the platform's clocks are the web's.
 *
 * @module
 */

export { denoClock as nodeClock } from "../deno_clock.ts";
