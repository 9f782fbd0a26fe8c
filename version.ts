/**
 * Version of this build. A source checkout says `0.0.0-dev`; the release build writes the real one
 * (divergence C6).
 *
 * @module
 */

/** Version of this build. */
export const VERSION = "0.0.0-dev";
