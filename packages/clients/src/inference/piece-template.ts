/**
 * Recognises events that differ from an earlier one in nothing but the piece of text, without parsing their JSON: engines
 * send the same identifier, model and fields with each token. What differs elsewhere, or holds an escape, is not
 * recognised and is parsed.
 */
export class PieceTemplate {
  #before: string | undefined;
  #after = '';

  /**
   * @param data an event that was parsed
   * @param piece the one piece of text in it
   * @returns whether it was learned
   */
  learn(data: string, piece: string): boolean {
    const quoted = JSON.stringify(piece);
    const at = data.indexOf(quoted);
    // the same text in two places could be either
    if (at < 0 || data.indexOf(quoted, at + 1) >= 0) return false;
    this.#before = data.slice(0, at + 1);
    this.#after = data.slice(at + quoted.length - 1);
    return true;
  }

  /** The piece of an event that is like the one learned; undefined where it is not, or its piece is not as plain as it looks. */
  piece(data: string): string | undefined {
    const before = this.#before;
    if (before === undefined || data.length <= before.length + this.#after.length) return undefined;
    const end = data.length - this.#after.length;
    // comparing slices is six times as quick as startsWith and endsWith
    if (data.slice(0, before.length) !== before || data.slice(end) !== this.#after) return undefined;
    const piece = data.slice(before.length, end);
    return plain.test(piece) ? piece : undefined;
  }
}

/** What stands for itself between the quotation marks of a JSON string (RFC 8259 §7). */
const plain = /^[^"\\\u0000-\u001f]+$/;
