import { tinyService } from '../../../test/fixtures/service.ts';
import { drained, openRequests } from './drained.ts';

/** A Prometheus that has a value or, while it scrapes no proxy, none. */
const having = (...values: readonly number[]) =>
  openRequests({ query: async () => values.map(value => ({ metric: {}, value })) }, 'sum(active)');

const wait = (open: ReturnType<typeof having>, lines: string[] = []) =>
  drained(tinyService({}), {
    stable: 'old',
    open,
    signal: AbortSignal.timeout(17_000),
    progress: line => lines.push(line),
  });

test('a version is empty when three scrapes say so, and not while nobody does', async () => {
  const lines: string[] = [];
  const [empty, unknown, busy] = await Promise.allSettled([wait(having(0)), wait(having(), lines), wait(having(2))]);
  expect(empty).toEqual({ status: 'fulfilled', value: true });
  expect([unknown.status, busy.status]).toEqual(['rejected', 'rejected']);
  expect(lines[0]).toBe('Prometheus does not know how many requests old is still answering');
}, 30_000);
