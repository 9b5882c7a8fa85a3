import { join } from 'node:path';
import { bringParts } from '../bring-parts.ts';
import type { Part } from '@fairway/platform/parts';

const part = { kind: 'debian', name: 'cosign', suite: 'trixie', packages: ['cosign'] } as const satisfies Part;

/** Brings cosign, 2.5.0 as Debian 13 has it, into the user's cache if it is not there. @returns the path of its program */
export async function cosignProgram(): Promise<string> {
  const made = await bringParts([], [part]);
  return join(made.get('cosign') ?? '', 'usr/bin/cosign');
}
