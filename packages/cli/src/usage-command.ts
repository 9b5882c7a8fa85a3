import { readFile } from 'node:fs/promises';
import { ConfigurationError } from '@fairway/service';
import { costGroups, openLedger, usageGroups, withCost } from '@fairway/clients/ledger/index';
import type { Ledger, LedgerDatabase, UsageGroup } from '@fairway/clients/ledger/index';
import { readState } from '@fairway/platform';
import { parse } from './parse.ts';
import { readPrices } from './prices.ts';
import { usageCsv, usageText } from './usage-report.ts';
import type { UsageReport } from './usage-report.ts';

const dayForm = /^\d{4}-\d\d-\d\d$/;
const presetDays = 30;
const variable = 'FAIRWAY_LEDGER_URL';

/** `fairway usage`: who used how many tokens, from the ledger. */
export async function usageCommand(argv: readonly string[], signal: AbortSignal): Promise<number> {
  const { values } = parse(
    argv,
    {
      by: { type: 'string', default: 'team,service,model' },
      from: { type: 'string' },
      to: { type: 'string' },
      prices: { type: 'string' },
      json: { type: 'boolean' },
      csv: { type: 'boolean' },
    },
    0,
  );
  if (values['json'] && values['csv']) throw new ConfigurationError('fairway usage takes one of --json and --csv.');
  const by = groups(String(values['by']));
  const to = dayOf('--to', values['to']) ?? daysAgo(0);
  const from = dayOf('--from', values['from']) ?? daysBefore(to, presetDays - 1);
  if (from > to) throw new ConfigurationError(`--from ${from} is after --to ${to}; give the earlier day first.`);
  const table = typeof values['prices'] === 'string' ? await readPrices(values['prices']) : undefined;
  const ledger = openLedger(await database(), signal);
  try {
    const wanted = table ? [...new Set([...by, ...costGroups])] : by;
    const usage = await ledger.usage({ from, to, by: wanted });
    const rows = table ? withCost(usage, by, table.prices ?? []) : usage;
    const report: UsageReport = { from, to, by, rows, currency: table?.currency };
    if (values['json'])
      process.stdout.write(`${JSON.stringify({ from, to, currency: table?.currency, usage: rows })}\n`);
    else if (values['csv']) process.stdout.write(usageCsv(report));
    else process.stdout.write(rows.length > 0 ? usageText(report) : await nothing(ledger, from, to));
    return 0;
  } finally {
    await ledger.close();
  }
}

/** What an empty answer means. */
async function nothing(ledger: Ledger, from: string, to: string): Promise<string> {
  const days = await ledger.days();
  return days
    ? `Nothing was used from ${from} to ${to}. The ledger has usage from ${days.first} to ${days.last}; choose days with --from and --to.\n`
    : 'The ledger is empty. A request of a service through the gateway is in it seconds after it ended; requests from before mesh was run by this version are not counted.\n';
}

/** The one that the environment names, or that of the local platform. */
async function database(): Promise<LedgerDatabase> {
  const url = process.env[variable];
  if (url) {
    if (!/^postgres(ql)?:\/\//.test(url))
      throw new ConfigurationError(`${variable} takes postgres://user:password@host/database; it has another form.`);
    return { url };
  }
  const state = await readState();
  if (!state)
    throw new ConfigurationError(
      `The local platform is down, so there is no ledger to read: start it with fairway platform up, or name the database of your own in ${variable}.`,
    );
  if (!state.ledger)
    throw new ConfigurationError(
      'The local platform was brought up before it had a ledger: run fairway platform up, which adds it.',
    );
  const { passwordFile, ...place } = state.ledger;
  return { ...place, password: (await readFile(passwordFile, 'utf8')).trim() };
}

function groups(text: string): readonly UsageGroup[] {
  const names = text.split(',').map(name => name.trim());
  for (const name of names)
    if (!usageGroups.some(group => group === name))
      throw new ConfigurationError(`--by takes ${usageGroups.join(', ')}, with commas between; found "${name}".`);
  return [...new Set(names)] as readonly UsageGroup[];
}

function dayOf(flag: string, value: unknown): string | undefined {
  if (value === undefined) return undefined;
  const text = String(value);
  const day = Date.parse(text);
  // what is parsed of February 30 is March 2
  if (!dayForm.test(text) || Number.isNaN(day) || new Date(day).toISOString().slice(0, 10) !== text)
    throw new ConfigurationError(`${flag} takes a day such as 2026-11-26; found "${text}".`);
  return text;
}

function daysAgo(days: number): string {
  return daysBefore(new Date().toISOString().slice(0, 10), days);
}

function daysBefore(day: string, days: number): string {
  return new Date(Date.parse(day) - days * 86_400_000).toISOString().slice(0, 10);
}
