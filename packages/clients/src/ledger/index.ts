export { openLedger } from './ledger.ts';
export type { Ledger, LedgerDatabase, RequestUsage } from './ledger.ts';
export { uncounted, usageGroups } from './usage.ts';
export type { Usage, UsageGroup, UsageQuestion } from './usage.ts';
export { costGroups, priceOn, withCost } from './cost.ts';
export type { Price, PricedUsage } from './cost.ts';
