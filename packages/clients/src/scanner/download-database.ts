import { ToolError } from '../tool-error.ts';
import { findDatabase } from './database.ts';
import type { ScannerDatabase } from './database.ts';

/** Where Trivy's project publishes its database: the second is the origin of the first. */
const published = ['mirror.gcr.io/aquasec/trivy-db:2', 'ghcr.io/aquasecurity/trivy-db:2'];

/**
 * Brings the newest database into a cache folder from the first mirror that answers. Trivy itself asks the next one only when a mirror
 * answers that it is busy, and not when it cannot be reached.
 * @param fetch runs Trivy, which asks nobody while its data is new enough
 * @returns the database, or why there is none, as a paragraph
 */
export async function downloadDatabase(
  cache: string,
  mirrors: readonly string[],
  fetch: (parameters: readonly string[]) => Promise<unknown>,
): Promise<ScannerDatabase | string> {
  const failures: string[] = [];
  for (const mirror of mirrors.length > 0 ? mirrors : published) {
    try {
      await fetch(['image', '--download-db-only', '--no-progress', '--db-repository', mirror, '--cache-dir', cache]);
      const database = await findDatabase(cache);
      if (database) return database;
      failures.push(`${mirror} gave none.`);
    } catch (error) {
      if (!(error instanceof ToolError)) throw error;
      failures.push(`${mirror}: ${cause(error.output)}.`);
    }
  }
  const old = await findDatabase(cache);
  return [
    'No mirror gave the vulnerability database.',
    ...failures,
    'Name mirrors that this machine reaches with the input `database-mirrors`, or a folder that has the database with `database`.',
    ...(old ? [`${cache} has data of ${old.date?.slice(0, 10)}, which counts only if \`database\` names it.`] : []),
  ].join(' ');
}

/** What Trivy says last, without the steps in which it happened. */
function cause(output: string): string {
  const last = output.split('\n').at(-1)!;
  return last.replace(/^.*failed to download artifact from \S+: |^\s*\* |^.*Fatal error\s+/, '').trim();
}
