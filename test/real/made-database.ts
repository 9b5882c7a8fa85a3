import { execFile } from 'node:child_process';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { platformFolders } from '@fairway/platform';
import { ensureParts } from '@fairway/platform/build/ensure-parts';
import { partsFolder } from '@fairway/platform/folders';
import { vulnerabilityParts } from '@fairway/platform/vulnerabilities/index';

interface Advisory {
  readonly version: string;
  readonly vulnerable: string;
  readonly severity: string;
  readonly title: string;
  readonly url: string;
}

/** Of the GitHub Advisory Database: https://github.com/advisories/<id> */
export function advisory(id: string, vulnerable: string, version: string): Advisory {
  return { version, vulnerable, severity: 'MEDIUM', title: id, url: `https://github.com/advisories/${id}` };
}

type Advisories = Readonly<Record<string, Readonly<Record<string, Advisory>>>>;

/** Makes a vulnerability database that knows packages of languages. @returns its folder, in the one that is given */
export async function madeDatabase(
  root: string,
  languages: { readonly python?: Advisories; readonly node?: Advisories },
): Promise<string> {
  const parts = await ensureParts(vulnerabilityParts, {
    folder: partsFolder(platformFolders()),
    signal: new AbortController().signal,
    progress: () => undefined,
  });
  const document = {
    ...{ platform: 'debian 12', source: 'Debian', url: 'https://security-tracker.debian.org' },
    ...{ updatedAt: '2026-11-20T10:00:00Z', nextUpdate: '2126-11-20T10:00:00Z' },
    // https://security-tracker.debian.org/tracker/CVE-2024-2961
    fixes: { glibc: { 'CVE-2024-2961': { version: '2.36-9+deb12u6', severity: 'HIGH', title: 'iconv', url: '' } } },
    ...languages,
  };
  const folder = join(root, 'database');
  await mkdir(folder);
  await writeFile(join(root, 'document.json'), JSON.stringify(document));
  const program = join(parts.get('vulnerability-database')!, 'vulnerability-database');
  await promisify(execFile)(program, [join(root, 'document.json'), folder]);
  return folder;
}
