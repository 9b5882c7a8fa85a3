import { uncounted } from '@fairway/clients/ledger/index';
import type { PricedUsage, Usage, UsageGroup } from '@fairway/clients/ledger/index';

export interface UsageReport {
  readonly from: string;
  readonly to: string;
  readonly by: readonly UsageGroup[];
  readonly rows: readonly (Usage | PricedUsage)[];
  /** Of the price table; absent without one. */
  readonly currency: string | undefined;
}

interface Column {
  readonly name: string;
  readonly title: string;
  readonly value: (row: Usage | PricedUsage) => string | number;
  /** Whether the last line of the table has its sum. */
  readonly summed: boolean;
}

function columns({ by, currency }: UsageReport): readonly Column[] {
  const numbers: readonly (readonly [keyof Usage, string])[] = [
    ['requests', 'requests'],
    ['failed', 'failed'],
    ['cached', 'cached'],
    ['promptTokens', 'prompt tokens'],
    ['completionTokens', 'completion tokens'],
  ];
  return [
    ...by.map(name => ({ name, title: name, value: (row: Usage) => row.group[name] ?? '', summed: false })),
    ...numbers.map(([name, title]) => ({ name, title, value: (row: Usage) => Number(row[name]), summed: true })),
    { name: 'uncounted', title: 'without count', value: uncounted, summed: true },
    ...(currency === undefined
      ? []
      : [{ name: 'cost', title: currency, value: (row: Usage) => costOf(row as PricedUsage), summed: true }]),
  ];
}

/** Nothing where nothing of it has a price: that is not free. */
function costOf({ cost, unpriced }: PricedUsage): number | '' {
  return cost === 0 && unpriced > 0 ? '' : cost;
}

/** A table for people, with a sum below it and what the figures leave out. */
export function usageText(report: UsageReport): string {
  const shown = columns(report);
  const cell = ({ name }: Column, value: string | number) =>
    typeof value === 'string' ? value || '-' : name === 'cost' ? value.toFixed(4) : String(value);
  const total = (column: Column) => {
    const values = report.rows.map(column.value);
    return values.every(value => value === '') ? '' : values.reduce<number>((sum, value) => sum + Number(value), 0);
  };
  const lines = [
    shown.map(({ title }) => title),
    ...report.rows.map(row => shown.map(column => cell(column, column.value(row)))),
    ...(report.rows.length > 1
      ? [shown.map((column, index) => (column.summed ? cell(column, total(column)) : index === 0 ? 'all' : ''))]
      : []),
  ];
  const widths = shown.map((_, index) => Math.max(...lines.map(line => line[index]!.length)));
  const pad = (text: string, index: number) =>
    shown[index]!.summed ? text.padStart(widths[index]!) : text.padEnd(widths[index]!);
  const notes = [];
  const without = report.rows.reduce((sum, row) => sum + uncounted(row), 0);
  if (without > 0)
    notes.push(
      `${without} requests are without the engine's count of tokens: their answers are counted by the events of the stream, or not at all.`,
    );
  const unpriced = report.rows.reduce((sum, row) => sum + ('unpriced' in row ? row.unpriced : 0), 0);
  if (unpriced > 0)
    notes.push(
      `${unpriced} requests are in the cost in part or not at all: the engine counted no tokens, or the model has no price.`,
    );
  return [
    `Usage from ${report.from} to ${report.to} (UTC)`,
    ...lines.map(line => line.map(pad).join('  ').trimEnd()),
    ...notes,
  ]
    .join('\n')
    .concat('\n');
}

/** A line a row; times in milliseconds (RFC 4180). */
export function usageCsv(report: UsageReport): string {
  const shown = columns(report);
  const lines = [
    shown.map(({ name }) => (name === 'cost' ? `cost_${report.currency}` : name)),
    ...report.rows.map(row => shown.map(column => column.value(row))),
  ];
  return lines.map(line => `${line.map(quoted).join(',')}\r\n`).join('');
}

function quoted(value: string | number): string {
  const text = String(value);
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
