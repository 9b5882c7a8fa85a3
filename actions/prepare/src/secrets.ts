import type { SecretFound } from '@fairway/service';
import { listOf, type Reason, reasonOf } from '@fairway/service/reasons/delivery-reason';

const named = 5;

/** The places, never the values. */
export function secretsReason(secrets: readonly SecretFound[]): Reason {
  const { length: number } = secrets;
  const first = secrets
    .slice(0, named)
    .map(({ file, line, column, kind }) => reasonOf('prepare.looksLike', { place: `${file}:${line}:${column}`, kind }));
  const list = listOf('list.comma', first);
  const places = number > named ? reasonOf('prepare.morePlaces', { places: list, number: number - named }) : list;
  return number === 1 ? reasonOf('prepare.secret', { places }) : reasonOf('prepare.secrets', { number, places });
}
