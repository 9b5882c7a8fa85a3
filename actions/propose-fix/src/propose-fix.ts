import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join, posix } from 'node:path';
import { keepProposal } from '@fairway/clients/github/index';
import { ConfigurationError } from '@fairway/service';
import { requireLeftFile } from '@fairway/stage/left-file';
import * as z from 'zod';
import { proposalText } from './proposal-text.ts';

const fixSchema = z.object({
  changed: z.array(z.string()),
  bases: z.array(
    z.object({ image: z.string(), from: z.string(), to: z.string().optional(), problem: z.string().optional() }),
  ),
  fixes: z.array(
    z.object({
      package: z.string(),
      installed: z.string(),
      atLeast: z.string(),
      findings: z.array(z.string()),
      done: z.string(),
    }),
  ),
});

export type Fix = z.output<typeof fixSchema>;

export interface ProposeRequest {
  /** Root of the checkout. */
  readonly workspace: string;
  /** Folder of the service in the repository. */
  readonly service: string;
  /** Folder with fix.json, as `fix-source` writes it. */
  readonly results: string;
  /** Branch into which the fix shall be merged. */
  readonly base: string;
  /** Commit that is checked out. */
  readonly commit: string;
  /** Address of the run. */
  readonly run: string;
  readonly access: Parameters<typeof keepProposal>[0];
}

/**
 * Offers the files that `fix-source` changed as a pull request, one a service.
 * @returns undefined when nothing was changed, or the repository is a fork
 */
export async function proposeFix(request: ProposeRequest): ReturnType<typeof keepProposal> {
  const { workspace, service, results, base, commit, run, access } = request;
  const fix = await readFix(results);
  if (fix.changed.length === 0) return undefined;
  const place = posix.normalize(service).replace(/\/$/, '');
  const files = new Map<string, string>();
  for (const file of fix.changed) {
    const path = posix.join(place, file);
    if (posix.isAbsolute(file) || file.split('/').includes('..') || path.startsWith('.git'))
      throw new ConfigurationError(
        `fix.json names the file "${file}", which is not one of the service. Run the action fix-source in the same job.`,
      );
    files.set(path, await readFile(join(workspace, path), 'utf8'));
  }
  const hash = createHash('sha256').update(place).digest('hex').slice(0, 8);
  const name = place === '.' ? 'service' : posix.basename(place).replace(/[^A-Za-z0-9-]/g, '-');
  const subject = `Fix vulnerable packages of ${name}`;
  return keepProposal(access, {
    branch: `fairway/fix-${name}-${hash}`,
    base,
    parent: commit,
    files,
    message: `${subject}\n\nFound in images that answer users, by ${run}.\n`,
    title: subject,
    body: proposalText(fix, { service: place, run }),
  });
}

function readFix(results: string): Promise<Fix> {
  return requireLeftFile(
    join(results, 'fix.json'),
    fixSchema,
    'fix-source',
    'Give both actions the same folder as results.',
  );
}
