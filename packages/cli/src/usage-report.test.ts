import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readPrices } from './prices.ts';
import { usageCsv, usageText } from './usage-report.ts';
import type { UsageReport } from './usage-report.ts';

const row = {
  requests: 3,
  failed: 1,
  counted: 1,
  cached: 0,
  promptTokens: 5,
  completionTokens: 7,
  streams: 1,
  ttftMilliseconds: 50,
  durationMilliseconds: 300,
};
const report: UsageReport = {
  from: '2026-11-01',
  to: '2026-11-26',
  by: ['team', 'model'],
  currency: 'EUR',
  rows: [
    { ...row, group: { team: 'a, "b"', model: 'tiny' }, cost: 0.25, unpriced: 1 },
    { ...row, group: { team: 'c', model: '' }, cost: 0.5, unpriced: 0 },
  ],
};

test('a table with its sum, and what it leaves out', () => {
  const lines = usageText(report).split('\n');
  expect(lines[0]).toBe('Usage from 2026-11-01 to 2026-11-26 (UTC)');
  expect(lines.slice(1, 5).map(line => line.trim().split(/ {2,}/))).toEqual([
    ['team', 'model', 'requests', 'failed', 'cached', 'prompt tokens', 'completion tokens', 'without count', 'EUR'],
    ['a, "b"', 'tiny', '3', '1', '0', '5', '7', '1', '0.2500'],
    ['c', '-', '3', '1', '0', '5', '7', '1', '0.5000'],
    ['all', '6', '2', '0', '10', '14', '2', '0.7500'],
  ]);
  expect(lines[5]).toContain("2 requests are without the engine's count of tokens");
  expect(lines[6]).toContain('1 requests are in the cost in part or not at all');
});

test('what has no price at all is not free', () => {
  const rows = [{ ...row, group: { team: 'a', model: 'tiny' }, cost: 0, unpriced: 2 }];
  const last = (of: UsageReport) =>
    usageText(of)
      .split('\n')
      .filter(line => / {2}/.test(line))
      .at(-1)
      ?.split(/ {2,}/)
      .at(-1);
  expect(last({ ...report, rows })).toBe('-');
  expect(last({ ...report, rows: [...rows, ...rows] })).toBe('-');
  // what the cache answered cost nothing
  expect(last({ ...report, rows: [{ ...rows[0]!, unpriced: 0 }] })).toBe('0.0000');
  expect(usageCsv({ ...report, rows })).toMatch(/,1,\r\n$/);
});

test('CSV quotes what RFC 4180 says', () => {
  expect(usageCsv(report).split('\r\n').slice(0, 2)).toEqual([
    'team,model,requests,failed,cached,promptTokens,completionTokens,uncounted,cost_EUR',
    '"a, ""b""",tiny,3,1,0,5,7,1,0.25',
  ]);
});

describe('the price table', () => {
  let folder = '';
  beforeAll(async () => (folder = await mkdtemp(join(tmpdir(), 'prices-'))));
  afterAll(() => rm(folder, { recursive: true }));
  const table = async (text: string) => {
    const file = join(folder, 'prices.yaml');
    await writeFile(file, text);
    return readPrices(file);
  };
  const valid =
    'currency: EUR\nprices:\n  - { model: a, promptPerMillion: 0.1, completionPerMillion: 1, from: 2026-11-26 }\n';

  it('is read', async () => {
    expect(await table(valid)).toEqual({
      currency: 'EUR',
      prices: [{ model: 'a', promptPerMillion: 0.1, completionPerMillion: 1, from: '2026-11-26' }],
    });
  });

  it.each([
    ['a negative price', valid.replace('0.1', '-1'), 'prices.0.promptPerMillion'],
    ['a word that it does not have', `${valid}free: true\n`, 'free'],
    [
      'a second price from the same day',
      `${valid}${valid.split('\n')[2]}\n`,
      'prices.1: is a second price of a from 2026-11-26 on',
    ],
    ['no YAML', 'currency: [', 'not YAML'],
  ])('%s is said with its place', async (_, text, expected) => {
    await expect(table(text)).rejects.toThrow(expected);
    await expect(table(text)).rejects.toThrow('prices.yaml');
  });

  it('says that there is no file', async () => {
    await expect(readPrices(join(folder, 'none.yaml'))).rejects.toThrow('ENOENT');
  });
});
