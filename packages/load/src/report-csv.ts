import type { LoadResult } from './result.ts';

const columns = [
  'index',
  'turn',
  'scheduled_ms',
  'sent_ms',
  'first_token_ms',
  'last_token_ms',
  'ended_ms',
  'tokens',
  'tokens_by',
  'gaps_are_tokens',
  'prompt_tokens',
  'cached_tokens',
  'status',
  'error',
  'error_detail',
  'cancelled',
  'revision',
  'finish_reason',
  'hidden_tokens',
];

/** A line a request; times are milliseconds after the begin of the measured part (RFC 4180). */
export function csvReport({ samples, from }: LoadResult): string {
  const time = (at: number | undefined) => (at === undefined ? '' : (at - from).toFixed(3));
  const rows = samples.map(one => [
    one.index,
    one.turn,
    time(one.scheduledAt),
    time(one.sentAt),
    time(one.firstTokenAt),
    time(one.lastTokenAt),
    time(one.endedAt),
    one.tokens,
    one.tokensBy,
    one.gapsAreTokens,
    one.promptTokens,
    one.cachedTokens,
    one.status,
    one.error,
    one.errorDetail,
    one.cancelled ?? false,
    one.revision,
    one.finishReason,
    one.hiddenTokens,
  ]);
  return [columns, ...rows].map(row => `${row.map(quoted).join(',')}\r\n`).join('');
}

function quoted(value: unknown): string {
  const text = String(value ?? '');
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
