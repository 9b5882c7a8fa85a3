import { readFile } from 'node:fs/promises';
import { reasonOf } from '@fairway/service/reasons/delivery-reason';
import { requireRegularFile } from '@fairway/service/regular-file';
import { ToolError } from '../tool-error.ts';
import type { Trust } from './verify.ts';

/** Whose signature counts, by the inputs; undefined when they name nobody. */
export async function trustOf(inputs: {
  readonly 'signer-key'?: string;
  readonly 'signer-repository'?: string;
  readonly 'trusted-root'?: string;
}): Promise<Trust | undefined> {
  if (inputs['signer-key']) return { publicKey: inputs['signer-key'] };
  const repository = inputs['signer-repository']?.replace(/\/+$/, '');
  if (!repository) return undefined;
  if (!/^https:\/\/[^/]+\/[^/]+\/[^/]+$/.test(repository))
    throw new ToolError(
      'sigstore',
      reasonOf('sigstore.readRepository', { repository }),
      undefined,
      reasonOf('sigstore.repositoryForm'),
    );
  const { publicRoot, readRoot } = await import('./trusted-root.ts');
  const file = inputs['trusted-root'];
  if (file) await requireRegularFile(file);
  return { repository, root: file ? readRoot(await readFile(file, 'utf8'), file) : await publicRoot() };
}
