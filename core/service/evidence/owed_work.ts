/**
 * Work that is owed: each piece is tried again and again until it is done, and never twice at the same time.
 *
 * @module
 */

/** How pieces are done. */
export interface OwedSetup<Piece> {
  /** Does one. */
  perform(piece: Piece): Promise<unknown>;
  /** Hears why one could not be done; whether it is given up. */
  failed(error: unknown): boolean;
}

/** Pieces of work. */
export class OwedWork<Piece> {
  readonly #setup: OwedSetup<Piece>;
  readonly #owed = new Set<Piece>();
  /** Those of them that are being done. */
  readonly #running = new Set<Piece>();

  constructor(setup: OwedSetup<Piece>) {
    this.#setup = setup;
  }

  /** Whether there is none. */
  get isEmpty(): boolean {
    return this.#owed.size === 0;
  }

  /** Whether a piece is owed. */
  has(piece: Piece): boolean {
    return this.#owed.has(piece);
  }

  /** Owes a piece; it is tried when others are tried again. */
  add(piece: Piece): void {
    this.#owed.add(piece);
  }

  /** Owes a piece and tries it at once. */
  begin(piece: Piece): void {
    this.add(piece);
    void this.#try(piece);
  }

  /** Tries those that are not being done. */
  retry(): void {
    for (const piece of this.#owed) if (!this.#running.has(piece)) void this.#try(piece);
  }

  async #try(piece: Piece): Promise<void> {
    this.#running.add(piece);
    try {
      await this.#setup.perform(piece);
      this.#owed.delete(piece);
    } catch (error) {
      if (this.#setup.failed(error)) this.#owed.delete(piece);
    } finally {
      this.#running.delete(piece);
    }
  }
}
