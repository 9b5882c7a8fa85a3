import { type Coded, type Filling, sentenceOf } from './coded.ts';
import { clusterTexts } from './cluster.ts';
import { errorTexts } from './errors.ts';
import { fileTexts } from './files.ts';
import { gatewayTexts } from './gateways.ts';
import { modelTexts } from './models.ts';
import { engineTexts } from './engines.ts';
import { inputTexts } from './inputs.ts';
import { alertTexts } from './alerts.ts';
import { fixTexts } from './fix-plan.ts';
import { keyTexts } from './keys.ts';
import { probeTexts } from './probes.ts';
import { storeTexts } from './stores.ts';
import { toolTexts } from './tools.ts';
import { ruleTexts } from './rules.ts';
import { fitTexts } from './gpu-fit.ts';
import { podTexts } from './pods.ts';
import { queueTexts } from './queues.ts';
import { stageTexts } from './stages/stage-texts.ts';

/** The English of what deliveries say: stages, and what they ask clusters and engines. */
export const deliveryTexts = {
  ...clusterTexts,
  ...errorTexts,
  ...fileTexts,
  ...gatewayTexts,
  ...modelTexts,
  ...engineTexts,
  ...inputTexts,
  ...alertTexts,
  ...fixTexts,
  ...keyTexts,
  ...probeTexts,
  ...storeTexts,
  ...toolTexts,
  ...ruleTexts,
  ...fitTexts,
  ...podTexts,
  ...queueTexts,
  ...stageTexts,
} as const;

type Texts = typeof deliveryTexts;
export type Reason = Coded<keyof Texts>;

export function reasonOf<Code extends keyof Texts>(code: Code, ...[parameters]: Filling<Texts, Code>): Reason {
  return { code, parameters: parameters ?? {} };
}

export function listOf(
  code: 'list.and' | 'list.also' | 'list.plus' | 'list.comma' | 'list.then' | 'list.no' | 'list.or' | 'list.lines',
  parts: readonly (Reason | string)[],
): Reason | string {
  const [head = '', ...rest] = parts;
  return rest.reduce((first, second) => reasonOf(code, { first, second }), head);
}

export function podCount(number: number): Reason {
  return number === 1 ? reasonOf('podCount.one') : reasonOf('podCount.many', { number });
}

/** What an error says, with its code where it has one. */
export function errorReason(error: Error & { readonly coded?: Reason }): Reason | string {
  return error.coded ?? error.message;
}

/** The sentence as the command line and records have it; words without a code as they are. */
export function english(reason: Reason | string): string {
  return sentenceOf(deliveryTexts, reason);
}
