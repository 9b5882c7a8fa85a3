import { createHash } from 'node:crypto';
import { hubFiles, isUnused } from '@fairway/service/model/hub';
import type { Hub } from '@fairway/service/model/hub';
import type { FileHash } from '@fairway/service/model/file-hash';

/** The list of hashes that lies beside a model, as sha256sum of GNU coreutils writes it. */
export const sumsFile = 'SHA256SUMS';

/** A file of a model with what its content must be. */
export interface HashedFile {
  readonly path: string;
  readonly hash: FileHash;
  /** Where the list says it. */
  readonly size?: number;
  /** Whether engines load the model without it. */
  readonly optional: boolean;
}

export interface Hashes {
  /** What has the hashes, as people read it. */
  readonly from: string;
  readonly files: readonly HashedFile[];
}

/**
 * @param hashes `model.weights.hashes` of fairway.yaml: the digest of SHA256SUMS, or `hub` for those of a commit
 * @param reference `model.reference`
 * @param read gives the bytes of SHA256SUMS
 * @throws Error for another list than that of the digest, and for one that cannot be read; ConfigurationError and ToolError of the hub
 */
export async function hashesOf(
  hashes: string,
  reference: string,
  hub: Hub,
  read: () => Promise<Buffer>,
): Promise<Hashes> {
  if (hashes === 'hub') {
    const files = await hubFiles(reference, hub);
    return { from: reference, files: files.map(file => ({ ...file, optional: isUnused(file) })) };
  }
  const bytes = await read();
  const found = `sha256:${createHash('sha256').update(bytes).digest('hex')}`;
  if (found !== hashes)
    throw new Error(
      `${sumsFile} has the digest ${found}, and model.weights.hashes is ${hashes}: somebody changed the list, or it is that of another model. Put the right one there, or name the digest of this one (sha256sum ${sumsFile}), which makes a new version.`,
    );
  return { from: sumsFile, files: parseSums(bytes.toString('utf8')) };
}

function parseSums(text: string): readonly HashedFile[] {
  const files = new Map<string, HashedFile>();
  for (const [at, line] of text.split(/\r?\n/).entries()) {
    if (line === '') continue;
    const [, hex = '', name = ''] = /^([0-9a-f]{64}) [ *](?:\.\/)*(.+)$/.exec(line) ?? [];
    if (name === '')
      throw new Error(
        `Line ${at + 1} of ${sumsFile} is "${line.slice(0, 200)}", and must be the SHA-256 in 64 lower-case digits, two spaces and the path of a file. Make the list with sha256sum, in the folder of the model.`,
      );
    if (name.startsWith('/') || name.split('/').some(part => part === '..' || part === '.' || part === ''))
      throw new Error(
        `Line ${at + 1} of ${sumsFile} names ${name}, which is no path inside of the folder of the model. Make the list with sha256sum there.`,
      );
    if (name === sumsFile) continue;
    files.set(name, { path: name, hash: { kind: 'sha256', hex }, optional: false });
  }
  if (files.size === 0)
    throw new Error(`${sumsFile} names no file. Make the list with sha256sum, in the folder of the model.`);
  return [...files.values()];
}
