import type { Refresh } from '../view/use-operation.ts';

export const homeRefresh: Refresh = { on: ['alerts', 'deliveries', 'cluster'], every: 30 };
