import { ToolError } from '../tool-error.ts';
import type { ScannerDatabase } from './database.ts';

/**
 * Asks mirrors in turn until one has it. Trivy itself asks the next one only when a mirror answers that it is busy, and not when it cannot
 * be reached; Grype knows one address.
 * @param ask runs the scanner; undefined when the mirror gave nothing
 * @returns what the first that answered gave, or what each said, as sentences
 */
export async function firstOf<Given>(
  mirrors: readonly string[],
  ask: (mirror: string) => Promise<Given | undefined>,
): Promise<{ readonly given: Given } | { readonly failures: readonly string[] }> {
  const failures: string[] = [];
  for (const mirror of mirrors) {
    try {
      const given = await ask(mirror);
      if (given !== undefined) return { given };
      failures.push(`${mirror} gave none.`);
    } catch (error) {
      if (!(error instanceof ToolError)) throw error;
      failures.push(`${mirror}: ${cause(error.output)}.`);
    }
  }
  return { failures };
}

/**
 * Brings the newest database into a cache folder from the first mirror that has it.
 * @param fetch runs the scanner, which asks nobody while its data is new enough
 * @param find looks for the database in the cache folder
 * @returns the database, or why there is none, as a paragraph
 */
export async function downloadDatabase(
  cache: string,
  mirrors: readonly string[],
  fetch: (mirror: string) => Promise<unknown>,
  find: () => Promise<ScannerDatabase | undefined>,
): Promise<ScannerDatabase | string> {
  const asked = await firstOf(mirrors, async mirror => {
    await fetch(mirror);
    return find();
  });
  if ('given' in asked) return asked.given;
  const old = await find();
  return [
    'No mirror gave the vulnerability database.',
    ...asked.failures,
    'Name mirrors that this machine reaches with the input `database-mirrors`, or a folder that has the database with `database`.',
    ...(old
      ? [
          `${cache} has older data${old.date === undefined ? '' : ` of ${old.date.slice(0, 10)}`}, which counts only if \`database\` names it.`,
        ]
      : []),
  ].join(' ');
}

/** What a scanner says last, without the steps in which it happened. */
export function cause(output: string): string {
  const last = output.split('\n').at(-1)!;
  return last
    .replace(/^.*failed to download artifact from \S+: |^\s*\* |^.*Fatal error\s+|^\[\d+\]\s+ERROR\s+/, '')
    .replace(/^unable to update vulnerability database: (check for vulnerability database update failed: )?/, '')
    .trim();
}
