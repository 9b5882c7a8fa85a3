import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { digestOf } from '../registry/content.ts';

/** The part of a delivery record that says which evidence there is. */
export interface RecordWithEvidence {
  readonly stages: Readonly<
    Record<
      string,
      | {
          readonly stale?: boolean;
          readonly evidence: readonly { readonly mediaType: string; readonly path: string; readonly digest: string }[];
        }
      | undefined
    >
  >;
}

/** Bytes that the evidence takes in the request; the portal takes 10 MiB with the record. */
const budget = 8 * 1024 * 1024;

/** For other tools: the portal draws the findings from Fairway's own format. */
const neverDrawn = new Set(['application/sarif+json', 'application/vnd.in-toto+json']);

/**
 * Content by digest of the evidence that the portal can draw, as far as it is on this machine and fits into a request: the
 * smallest first, so that one huge list of findings leaves out nothing but itself.
 * @param folder the folder that holds the record, `.fairway`
 */
export async function evidenceToSend(folder: string, record: RecordWithEvidence): Promise<Record<string, string>> {
  const pieces = Object.values(record.stages)
    .filter(entry => entry && !entry.stale)
    .flatMap(entry => entry?.evidence ?? [])
    .filter(piece => !neverDrawn.has(piece.mediaType));
  const read = await Promise.all(
    pieces.map(async piece => ({ digest: piece.digest, content: await intact(folder, piece) })),
  );
  const found = read
    .flatMap(({ digest, content }) =>
      content === undefined ? [] : [{ digest, content, size: Buffer.byteLength(JSON.stringify(content)) }],
    )
    .sort((one, other) => one.size - other.size);
  const sent: Record<string, string> = {};
  let left = budget;
  for (const { digest, content, size } of found) {
    if (size > left) break;
    left -= size;
    sent[digest] = content;
  }
  return sent;
}

/** The text of a piece, unless it is on another machine or no longer what its stage wrote. */
async function intact(folder: string, piece: { path: string; digest: string }): Promise<string | undefined> {
  let content: string;
  try {
    content = await readFile(join(folder, piece.path), 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
  return digestOf(content) === piece.digest ? content : undefined;
}
