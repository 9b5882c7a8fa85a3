import { mkdir, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { DatabaseSync } from 'node:sqlite';
import { runCommand } from '../command.ts';
import type { Facts, FactsDocument } from './facts.ts';

export interface Release {
  readonly codename?: string;
  /** RFC 3339 */
  readonly ended?: string;
}

/**
 * Makes a database of Grype from facts. Grype itself makes the tables, and says of a database that it imports what is in it.
 * @param folder a cache folder of Grype, which is made; the database ends in its folder 6, for the sixth schema
 * @param release what is known of the distribution's release beside the document: its code name, without which Grype does not take the
 * release of an image that says one, and when it ceases to get security updates
 */
export async function grypeDatabase(
  grype: string,
  document: FactsDocument,
  folder: string,
  signal: AbortSignal,
  release: Release = {},
): Promise<void> {
  // Node warns of it whenever it is loaded
  const { DatabaseSync } = await import('node:sqlite');
  await mkdir(folder);
  const file = join(folder, 'made.db');
  const load = () => runCommand(grype, ['db', 'import', file], { signal, environment: grypeEnvironment(folder) });
  const empty = new DatabaseSync(file);
  empty.exec(
    'CREATE TABLE db_metadata (build_timestamp datetime NOT NULL, model integer NOT NULL, revision integer NOT NULL, addition integer NOT NULL)',
  );
  empty.prepare('INSERT INTO db_metadata VALUES (?, 6, 1, 10)').run(document.updatedAt);
  empty.close();
  await load();
  const database = new DatabaseSync(join(folder, '6', 'vulnerability.db'));
  database.exec('BEGIN');
  fill(database, document, release);
  database.exec('COMMIT');
  database.exec(`VACUUM INTO '${file}.full'`);
  database.close();
  await rename(`${file}.full`, file);
  await load();
  await rm(file);
}

/** Data counts however old it is: what is made of it says of which day it is. */
export function grypeEnvironment(cache: string): NodeJS.ProcessEnv {
  return {
    ...process.env,
    GRYPE_DB_CACHE_DIR: cache,
    GRYPE_DB_VALIDATE_AGE: 'false',
    GRYPE_CHECK_FOR_APP_UPDATE: 'false',
  };
}

/** The tables and documents of grype/db/v6 (models.go, blobs.go), filled as its build/transformers do it. */
function fill(database: DatabaseSync, document: FactsDocument, { codename = '', ended }: Release): void {
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
    ...{ name, release_id: name, major_version: major, minor_version: minor, label_version: '', codename, channel: '' },
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
