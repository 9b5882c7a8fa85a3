import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { mkdir, rename, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { type Reason, reasonOf } from '@fairway/service/reasons/delivery-reason';
import type { Evidence } from './record.ts';
import { recordFolder } from './record-file.ts';
import type { StageName } from './verdict.ts';

/** Absolute path of a piece of evidence of the service in `folder`. */
export function evidencePath(folder: string, evidence: Evidence): string {
  return join(folder, recordFolder, evidence.path);
}

/** Stores one piece of evidence of a stage whole or not at all. */
export async function writeEvidence(
  folder: string,
  stage: StageName,
  name: string,
  mediaType: string,
  content: string | Uint8Array,
): Promise<Evidence> {
  const evidence: Evidence = {
    mediaType,
    path: `evidence/${stage}/${name}`,
    digest: `sha256:${createHash('sha256').update(content).digest('hex')}`,
  };
  const path = evidencePath(folder, evidence);
  await mkdir(dirname(path), { recursive: true });
  await writeFile(`${path}.new`, content);
  await rename(`${path}.new`, path);
  return evidence;
}

/** Says what is wrong with stored evidence ("evidence/scan/findings.json is missing"), or nothing when it is intact. */
export async function evidenceDamage(folder: string, evidence: readonly Evidence[]): Promise<Reason | undefined> {
  for (const piece of evidence) {
    const digest = await fileDigest(evidencePath(folder, piece));
    if (digest === undefined) return reasonOf('evidence.missing', { path: piece.path });
    if (digest !== piece.digest) return reasonOf('evidence.changed', { path: piece.path });
  }
  return undefined;
}

async function fileDigest(path: string): Promise<string | undefined> {
  const hash = createHash('sha256');
  try {
    for await (const chunk of createReadStream(path)) hash.update(chunk as Buffer);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
  return `sha256:${hash.digest('hex')}`;
}
