/**
 * Recognises events that differ from an earlier one in nothing but the piece of text, without parsing their JSON: engines
 * send the same identifier, model and fields with each token. What differs elsewhere, or holds an escape, is not
 * recognised and is parsed.
 */
export class PieceTemplate {
  #data: Around | undefined;
  #event: Around | undefined;

  /**
   * @param data an event that was parsed
   * @param piece the one piece of text in it
   * @returns whether it was learned
   */
  learn(data: string, piece: string): boolean {
    const quoted = JSON.stringify(piece);
    const at = data.indexOf(quoted);
    // the same text in two places could be either, and data of several lines does not stand in an event as it is
    if (at < 0 || data.indexOf(quoted, at + 1) >= 0 || data.includes('\n')) return false;
    const before = data.slice(0, at + 1);
    const after = data.slice(at + quoted.length - 1);
    this.#data = { before, after };
    this.#event = { before: `data: ${before}`, after: `${after}\n\n` };
    return true;
  }

  /** The piece of data that are like those learned; undefined where they are not, or the piece is not as plain as it looks. */
  piece(data: string): string | undefined {
    return this.#data && between(data, this.#data);
  }

  /** The same of a whole event as most engines frame it, `data: `, the data, and two line breaks; undefined for any other. */
  pieceOfEvent(bytes: string): string | undefined {
    return this.#event && between(bytes, this.#event);
  }
}

interface Around {
  readonly before: string;
  readonly after: string;
}

function between(text: string, { before, after }: Around): string | undefined {
  const end = text.length - after.length;
  if (end <= before.length) return undefined;
  // comparing slices is six times as quick as startsWith and endsWith
  if (text.slice(0, before.length) !== before || text.slice(end) !== after) return undefined;
  const piece = text.slice(before.length, end);
  return plain.test(piece) ? piece : undefined;
}

/** What stands for itself between the quotation marks of a JSON string (RFC 8259 §7). */
const plain = /^[^"\\\u0000-\u001f]+$/;
