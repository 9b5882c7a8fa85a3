import type { Container } from 'dockerode';

/** What a container without a terminal wrote, both streams, in order. */
export async function containerLogs(container: Container): Promise<readonly string[]> {
  const bytes = (await container.logs({ stdout: true, stderr: true, tail: 1000 })) as unknown as Buffer;
  return demultiplex(bytes)
    .split('\n')
    .map(line => line.trimEnd())
    .filter(line => line !== '');
}

/** The daemon puts eight bytes before each piece: the stream's number, three zeros, and the length of the piece. */
export function demultiplex(bytes: Buffer): string {
  const pieces: Buffer[] = [];
  for (let at = 0; at + 8 <= bytes.length;) {
    const length = bytes.readUInt32BE(at + 4);
    pieces.push(bytes.subarray(at + 8, at + 8 + length));
    at += 8 + length;
  }
  return Buffer.concat(pieces).toString('utf8');
}
