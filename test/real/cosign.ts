import { homedir } from 'node:os';
import { join } from 'node:path';
import { ensureParts } from '@fairway/platform/build/ensure-parts';
import type { Part } from '@fairway/platform/parts';

const part = { kind: 'debian', name: 'cosign', suite: 'trixie', packages: ['cosign'] } as const satisfies Part;

/** Brings cosign, 2.5.0 as Debian 13 has it, into the user's cache if it is not there. @returns the path of its program */
export async function cosignProgram(): Promise<string> {
  const folder = join(process.env['XDG_CACHE_HOME'] || join(homedir(), '.cache'), 'fairway/parts');
  const { signal } = new AbortController();
  const made = await ensureParts([part], { folder, signal, progress: () => {} });
  return join(made.get('cosign') ?? '', 'usr/bin/cosign');
}
