import { english, type Reason, reasonOf } from '@fairway/service/reasons/delivery-reason';
import type { StageName } from '@fairway/stage/verdict';
import { released } from './services.ts';

/** What the load test measured of every service, in percent. */
export const goodput = '97.4';

/** What stages say of a delivery, as they say it, of what nobody measured. */
export function stageReasons(revision: string): Partial<Record<StageName, Reason>> {
  const measured = reasonOf('loadTest.is', { value: goodput, unit: '%', low: '96.3', high: '98.2' });
  const indicator = reasonOf('indicator.goodput');
  return {
    scan: reasonOf('scan.none', { severity: 'critical', others: reasonOf('scan.others', { number: 2 }) }),
    'load-test': reasonOf('loadTest.met', {
      requests: 1200,
      checks: reasonOf('loadTest.atLeast', { indicator, measured, target: 95, unit: '%' }),
    }),
    release: reasonOf('release.passed', { revision }),
  };
}

/** Why a release went back to what serves. */
export const missed = reasonOf('release.stepped', {
  weight: 25,
  objection: reasonOf('release.slow', {
    objective: reasonOf('objective.time-to-first-token'),
    ...{ share: '9.1 %', answers: 640, limit: 500, allowed: '5 %' },
  }),
  then: reasonOf('traffic.back', { revision: released }),
});

/** A reason as a record has it. */
export function said(coded: Reason): { readonly reason: string; readonly coded: Reason } {
  return { reason: english(coded), coded };
}
