import type { RandomAccess } from './random-access.ts';

// one range request brings the whole header of most models
const chunk = 1024 * 1024;

/** Reads a file from its beginning, in large pieces, as values of a header that names its own lengths. */
export class SequentialReader {
  readonly #file: RandomAccess;
  readonly #broken: (what: string) => Error;
  #buffer: Buffer = Buffer.alloc(0);
  #bufferStart = 0;
  position = 0;

  /** @param broken makes the error for a length that the file does not have */
  constructor(file: RandomAccess, broken: (what: string) => Error) {
    this.#file = file;
    this.#broken = broken;
  }

  async bytes(length: number): Promise<Buffer> {
    const start = this.position;
    this.#claim(length);
    const end = start + length;
    if (start < this.#bufferStart || end > this.#bufferStart + this.#buffer.length) {
      const wanted = Math.min(Math.max(length, chunk), this.#file.size - start);
      this.#buffer = await this.#file.read(start, wanted);
      this.#bufferStart = start;
    }
    return this.#buffer.subarray(start - this.#bufferStart, end - this.#bufferStart);
  }

  skip(length: number): void {
    this.#claim(length);
  }

  async count(most: number, what: string): Promise<number> {
    const value = (await this.bytes(8)).readBigUInt64LE();
    if (value > BigInt(most)) throw this.#broken(`it claims ${value} ${what}`);
    return Number(value);
  }

  async text(): Promise<string> {
    return (await this.bytes(await this.count(this.#file.size, 'characters'))).toString('utf8');
  }

  async skipText(): Promise<void> {
    this.skip(await this.count(this.#file.size, 'characters'));
  }

  #claim(length: number): void {
    if (this.position + length > this.#file.size) throw this.#broken('it ends in the middle of its header');
    this.position += length;
  }
}
