import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { readAccessLine } from '@fairway/ledger/access-line';

// What docs/collecting.md says of volumes at 100 requests a second, reckoned again from what one request takes.
const page = readFileSync(join(import.meta.dirname, '../../docs/collecting.md'), 'utf8');
const perDay = 100 * 86_400;
const gigabytes = (bytes: number) => (bytes * perDay) / 1e9;

function numbers(pattern: RegExp): readonly number[] {
  const found = pattern.exec(page);
  if (!found) throw new Error(`docs/collecting.md has nothing like ${pattern.source}`);
  return found.slice(1).map(Number);
}

test('usage in PostgreSQL, and how many days fit a disk', () => {
  const [bytes, day, days, all] = numbers(/(\d+) bytes \(measured.*?\| (\S+) GB \| (\d+) days: (\d+) GB/);
  expect(day).toBeCloseTo(gigabytes(bytes!), 1);
  expect(all).toBeCloseTo(days! * gigabytes(bytes!), 0);
  for (const [days, disk] of [numbers(/: (\d+) days in (\d+) GB/), numbers(/GB, (\d+) in (\d+) GB/)]) {
    expect(days! * gigabytes(bytes!)).toBeLessThan(disk!);
    expect(days! * gigabytes(bytes!)).toBeGreaterThan(0.9 * disk!);
  }
});

test('rows that wait on the disk of a node while PostgreSQL is down', () => {
  const [limit, bytes, hours] = numbers(/up to (\d+) GiB.*?some (\d+) bytes there, so that is (\d+) hours/s);
  // names as long as those of real teams and models, and the subject that Keycloak gives
  const line = {
    ...{ time: '2025-11-26T09:58:38.200123Z', id: '16725e51-b210-42a0-994d-5987fb05d9f5', status: 200 },
    ...{ request_id: 'a53e67bb-cf7d-432a-8fdc-ad67d6394bbf', subject: '6f0d3a3e-1c9a-4d9b-9a86-0d6a2e9e6b0c' },
    route: [{ namespace: 'team-hello', annotations: { service: 'hello-llm', owner: 'team-hello' } }],
    ...{ path: '/v1/chat/completions', version: '1a2b3c4d', model: 'llama-3.1-8b-instruct', duration_ms: 1230 },
    usage: { total_tokens: 46, prompt_tokens: 12, completion_tokens: 34, counted_by: 'usage' },
    first_token: '1764151118250000',
  };
  const row = JSON.stringify(readAccessLine(JSON.stringify(line))).length;
  expect(Math.abs(row - bytes!)).toBeLessThan(0.1 * bytes!);
  expect(hours).toBe(Math.floor((limit! * 2 ** 30) / bytes! / 100 / 3600));
});

test('the access log, and how long the kubelet has it', () => {
  const [bytes, day, mebibytes] = numbers(/about (\d+) bytes \| (\S+) GB \| by the kubelet: (\d+) MiB/);
  expect(day).toBeCloseTo(gigabytes(bytes!), 1);
  expect(page).toContain('five files of 10 MiB are ten minutes');
  expect((mebibytes! * 2 ** 20) / bytes! / 100 / 60).toBeCloseTo(10, 0);
});

test('documents of the log store, and how many days fit a disk', () => {
  const [kilobytes] = numbers(/takes (\S+) kB on the store/);
  const day = gigabytes(kilobytes! * 1000);
  const [access, fortnight] = numbers(/\| access log \| \S+ million \| (\S+) GB \| (\d+) GB/);
  const [both, more] = numbers(/one engine line a request \| \S+ million \| (\S+) GB \| (\d+) GB/);
  expect(access).toBeCloseTo(day, 1);
  expect(both).toBeCloseTo(2 * day, 1);
  expect(Math.abs(fortnight! - 14 * day)).toBeLessThan(1);
  expect(Math.abs(more! - 28 * day)).toBeLessThan(1);
  const [disk, days, half] = numbers(/(\d+) GB of disk hold (\d+) days of access lines, or (\d+) with/);
  expect(days).toBe(Math.floor(disk! / day));
  expect(half).toBe(Math.floor(disk! / day / 2));
});
