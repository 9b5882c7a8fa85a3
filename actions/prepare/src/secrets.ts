import type { SecretFound } from '@fairway/service';

const named = 5;

/** The places, never the values. */
export function secretsReason(secrets: readonly SecretFound[]): string {
  const places = secrets
    .slice(0, named)
    .map(({ file, line, column, kind }) => `${file}:${line}:${column} looks like ${kind}`);
  const more = secrets.length > named ? `, and ${secrets.length - named} more` : '';
  return (
    `The source holds what looks like ${secrets.length === 1 ? 'a secret' : `${secrets.length} secrets`}: ${places.join(', ')}${more}. ` +
    'Take it out of the folder and revoke it, since it may be in the history and in images already; if it is none, write "fairway:allow-secret <reason>" on that line or the line before.'
  );
}
