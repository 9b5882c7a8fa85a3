import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { todaysBase } from '@fairway/clients/registry/index';
import type { Base } from '@fairway/clients/registry/index';
import { compareVersions } from '@fairway/clients/scanner/index';
import type { LockPrograms } from '@fairway/clients/lock-files/index';
import type { Service } from '@fairway/service';
import { taggedBases, withDigests } from './base-images.ts';
import { findLocks, raisePackage } from './locks.ts';
import type { PlannedFix } from './plan.ts';

/** What was done about one package. */
export interface SourceFix {
  readonly package: string;
  readonly installed: string;
  readonly atLeast: string;
  readonly findings: readonly string[];
  /** One sentence. */
  readonly done: string;
}

export interface FixedSource {
  /** New text of each file that was changed, by its path in the folder of the service. */
  readonly files: Readonly<Record<string, string>>;
  readonly bases: readonly Base[];
  readonly fixes: readonly SourceFix[];
}

export interface FixRequest {
  /** Of the service. */
  readonly folder: string;
  readonly service: Service;
  readonly plan: readonly PlannedFix[];
  readonly programs: LockPrograms;
  /** Folder of Docker's config.json. */
  readonly dockerConfig?: string;
  readonly signal: AbortSignal;
  readonly progress: (message: string) => void;
}

const inLayer = 'The next delivery upgrades it in a layer on the image.';

/**
 * Changes the source of a service where a plan asks for it: raises packages of Python and Node in the locks of uv and npm, and gives the Dockerfile
 * today's digests of its base images, in the place of older ones or of none, when packages of the distribution are to be upgraded. Says of the rest who can do it.
 */
export async function fixSource(request: FixRequest): Promise<FixedSource> {
  const { folder, service, plan, programs, dockerConfig, signal, progress } = request;
  const changed = new Set<string>();
  const dockerfile = service.build.dockerfile;
  const text = await readFile(join(folder, dockerfile), 'utf8');
  const bases: Base[] = [];
  if (plan.some(fix => fix.action === 'patch-layer' && !ofPython(fix) && !ofService(fix)))
    for (const base of taggedBases(text, service.build)) {
      progress(`asking for today's ${base.image}`);
      bases.push(await todaysBase(base, dockerConfig, signal));
    }
  const now = withDigests(text, bases);
  if (now !== text) {
    await writeFile(join(folder, dockerfile), now);
    changed.add(dockerfile);
  }
  const locks = await findLocks(folder);
  const fixes: SourceFix[] = [];
  for (const fix of onceEach(plan)) {
    const { package: name, findings, installed = '', atLeast = '' } = fix;
    const said = (done: string) => fixes.push({ package: name, installed, atLeast, findings, done });
    if ((ofPython(fix) || ofService(fix)) && atLeast !== '') {
      progress(`raising ${name} to ${atLeast}`);
      const ofIts = locks.filter(({ lock }) => lock.ecosystem === fix.ecosystem);
      const { raised, problems } = await raisePackage(programs, folder, ofIts, { package: name, atLeast });
      for (const file of raised) changed.add(file);
      const all = [...raised.map(file => `Raised in ${file}.`), ...problems];
      said(all.join(' ') || `No lock file beside fairway.yaml has it in an older version. ${fix.because ?? inLayer}`);
    } else if (fix.action === 'patch-layer') {
      said(
        changed.has(dockerfile)
          ? `${dockerfile} has today's base; what that lacks the next delivery upgrades in a layer on the image.`
          : `${inLayer} No newer base is known.`,
      );
    } else said(fix.because ?? 'Nothing here knows how to fix it.');
  }
  const files: Record<string, string> = {};
  for (const file of changed) files[file] = await readFile(join(folder, file), 'utf8');
  return { files, bases, fixes };
}

function ofPython({ ecosystem }: PlannedFix): boolean {
  return ecosystem === 'python-pkg';
}

/** Whether the service brings a package of Node that can be upgraded. What lies beside Node itself, npm with its own, is from the base. */
function ofService({ action, ecosystem, environment = '' }: PlannedFix): boolean {
  return (
    action === 'patch-layer' && ecosystem === 'node-pkg' && !/^usr\/(?:local\/)?lib\/node_modules\b/.test(environment)
  );
}

/** A source has one line for a package that lies at several places of an image; of several programs each is rebuilt by itself. */
function onceEach(plan: readonly PlannedFix[]): readonly PlannedFix[] {
  const packages = Map.groupBy(plan, ({ action, ecosystem, package: name, environment }) =>
    [action, ecosystem, name, ...(action === 'rebuild' ? [environment] : [])].join(' '),
  );
  return [...packages.values()].map(places =>
    places.reduce((one, other) => ({
      ...(compareVersions(one.ecosystem ?? '', one.atLeast ?? '', other.atLeast ?? '') < 0 ? other : one),
      findings: [...new Set([...one.findings, ...other.findings])],
    })),
  );
}
