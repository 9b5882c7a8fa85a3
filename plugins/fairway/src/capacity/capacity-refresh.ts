import type { Refresh } from '../view/use-operation.ts';

/** Requests that wait and DCGM's figures change without a signal. */
export const capacityRefresh: Refresh = { on: ['cluster'], every: 30 };
