import { createHash } from 'node:crypto';
import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { runCommand } from '@fairway/platform/command';
import type { Part } from '@fairway/platform/parts';

export const grypePart: Part = {
  kind: 'go-module',
  name: 'grype',
  module: 'github.com/anchore/grype',
  version: 'v0.121.3',
  sum: 'h1:SBH6qbXbcNVR+1TATH4M4eOxxxKivl+cX1eSHurBgrY=',
  main: './cmd/grype',
  ldflags: '-X main.version=0.121.3',
  packages: 2100,
};

interface Fact {
  readonly version: string;
  readonly severity: string;
  readonly title: string;
  readonly url: string;
  /** As in `5.0 <6`, of packages of languages. */
  readonly vulnerable?: string;
}

/** By package and identifier. */
export type Facts = Readonly<Record<string, Readonly<Record<string, Fact>>>>;

/** What the platform's program vulnerability-database takes, as far as it is the same for Grype. */
export interface FactsDocument {
  /** Such as "debian 12". */
  readonly platform: string;
  readonly updatedAt: string;
  readonly fixes: Facts;
  readonly python?: Facts;
  readonly node?: Facts;
}

/**
 * Makes a database of Grype from facts. Grype itself makes the tables, and says of a database that it imports what is in it.
 * @param folder where vulnerability.db ends; also a cache folder of Grype
 * @param ended when the distribution ceases to get security updates
 */
export async function grypeDatabase(grype: string, document: FactsDocument, folder: string, ended?: string) {
  await mkdir(folder);
  const { signal } = new AbortController();
  const file = join(folder, 'made.db');
  const load = () =>
    runCommand(grype, ['db', 'import', file], {
      signal,
      environment: { ...process.env, GRYPE_DB_CACHE_DIR: folder, GRYPE_DB_VALIDATE_AGE: 'false' },
    });
  const empty = new DatabaseSync(file);
  empty.exec(
    'CREATE TABLE db_metadata (build_timestamp datetime NOT NULL, model integer NOT NULL, revision integer NOT NULL, addition integer NOT NULL)',
  );
  empty.prepare('INSERT INTO db_metadata VALUES (?, 6, 1, 10)').run(document.updatedAt);
  empty.close();
  await load();
  const database = new DatabaseSync(join(folder, '6', 'vulnerability.db'));
  fill(database, document, ended);
  database.exec(`VACUUM INTO '${file}.full'`);
  database.close();
  await rename(`${file}.full`, file);
  await load();
}

/** The tables and documents of grype/db/v6 (models.go, blobs.go), filled as its build/transformers do it. */
function fill(database: DatabaseSync, document: FactsDocument, ended: string | undefined): void {
  const add = (table: string, row: Readonly<Record<string, string | number | null>>) => {
    const columns = Object.keys(row);
    const values = columns.map(() => '?').join(', ');
    return Number(
      database.prepare(`INSERT INTO ${table} (${columns.join(', ')}) VALUES (${values})`).run(...Object.values(row))
        .lastInsertRowid,
    );
  };
  const blob = (value: object) => add('blobs', { value: JSON.stringify(value) });
  for (const id of ['debian', 'github']) add('providers', { id, version: '1', processor: 'test' });
  const [name = '', major = '', minor = ''] = document.platform.split(/[ .]/);
  const system = add('operating_systems', {
    ...{ name, release_id: name, major_version: major, minor_version: minor, label_version: '', channel: '' },
    eol_date: ended ?? null,
  });
  const advise = (facts: Facts | undefined, provider: string, ecosystem: string, system: number | null) => {
    for (const [of, known] of Object.entries(facts ?? {})) {
      const packageId = add('packages', { ecosystem, name: of });
      for (const [id, { version, severity, title, url, vulnerable }] of Object.entries(known)) {
        const vulnerability = {
          id: id.toLowerCase(),
          description: title,
          refs: [{ url }],
          severities: [{ scheme: 'CHML', value: severity.toLowerCase(), rank: 1 }],
        };
        const range = {
          version: { type: system === null ? ecosystem : 'dpkg', constraint: vulnerable ?? `< ${version}` },
          fix: { version, state: 'fixed' },
        };
        add('affected_package_handles', {
          vulnerability_id: add('vulnerability_handles', {
            ...{ name: id, status: 'active', provider_id: provider },
            blob_id: blob(vulnerability),
          }),
          operating_system_id: system,
          package_id: packageId,
          blob_id: blob({ cves: id.startsWith('CVE-') ? [id] : [], ranges: [range] }),
        });
      }
    }
  };
  advise(document.fixes, 'debian', 'deb', system);
  advise(document.python, 'github', 'python', null);
  advise(document.node, 'github', 'npm', null);
}

/** Writes what Grype's project publishes beside a database that was made: its archive, and which is the newest. */
export async function publishDatabase(folder: string, built: string): Promise<void> {
  const { signal } = new AbortController();
  const archive = 'vulnerability-db.tar.gz';
  await runCommand('tar', ['-C', join(folder, '6'), '-czf', join(folder, archive), 'vulnerability.db'], { signal });
  const sum = createHash('sha256')
    .update(await readFile(join(folder, archive)))
    .digest('hex');
  const latest = { status: 'active', schemaVersion: 'v6.1.10', built, path: archive, checksum: `sha256:${sum}` };
  await writeFile(join(folder, 'latest.json'), JSON.stringify(latest));
}
