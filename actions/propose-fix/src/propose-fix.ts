import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join, posix } from 'node:path';
import { keepProposal } from '@fairway/clients/github/index';
import { lockFileOf } from '@fairway/clients/lock-files/index';
import { ConfigurationError, loadServiceFile } from '@fairway/service';
import { requireLeftFile } from '@fairway/stage/left-file';
import * as z from 'zod';
import { proposalText } from './proposal-text.ts';

const fixSchema = z.object({
  files: z.record(z.string(), z.string()),
  bases: z.array(
    z.object({
      image: z.string(),
      from: z.string().optional(),
      to: z.string().optional(),
      problem: z.string().optional(),
    }),
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
  readonly environment?: string;
  /** Folder with fix.json, as `fix-source` writes it. */
  readonly results: string;
  /** Branch into which the fix shall be merged. */
  readonly base: string;
  /** Commit whose source was fixed. */
  readonly commit: string;
  /** Address of the run. */
  readonly run: string;
  readonly access: Parameters<typeof keepProposal>[0];
}

/**
 * Offers the files that `fix-source` changed as a pull request, one a service. The job that left them ran code of others, so nothing
 * is written that `fix-source` never changes: above all no workflow.
 * @returns undefined when nothing was changed, or the repository is a fork
 */
export async function proposeFix(request: ProposeRequest): ReturnType<typeof keepProposal> {
  const { workspace, service, environment, results, base, commit, run, access } = request;
  const fix = await readFix(results);
  if (Object.keys(fix.files).length === 0) return undefined;
  const place = posix.normalize(service).replace(/\/$/, '');
  const folder = join(workspace, place);
  const { dockerfile } = (await loadServiceFile(folder, environment)).service.build;
  const files = new Map<string, string>();
  for (const [file, text] of Object.entries(fix.files)) {
    if (!(await isOfSource(folder, dockerfile, file)))
      throw new ConfigurationError(
        `fix.json changes the file "${file}", which is neither the Dockerfile of the service nor a lock that it raises packages in: fix-source changes no other. Look at what the job before this one ran.`,
      );
    files.set(posix.join(place, file), text);
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

/** Whether fix-source may have changed a file: the Dockerfile, or a lock beside fairway.yaml that is one already. */
async function isOfSource(folder: string, dockerfile: string, file: string): Promise<boolean> {
  if (file === dockerfile) return true;
  if (!/^[^/\\]+$/.test(file)) return false;
  // what cannot be read here is no lock of the service, and is refused
  const text = await readFile(join(folder, file), 'utf8').catch(() => undefined);
  return text !== undefined && lockFileOf(file, text)?.raise !== undefined;
}

function readFix(results: string): Promise<Fix> {
  return requireLeftFile(
    join(results, 'fix.json'),
    fixSchema,
    'fix-source',
    'Bring what fix-source wrote to the folder results.',
  );
}
