import { created, notFound } from './answer.ts';
import type { Operations } from './answer.ts';

export interface Run {
  readonly id: number;
  attempt: number;
}

/** @param runs those that are there, all of them ended */
export function runOperations(runs: Run[]): Operations {
  return {
    'actions/re-run-workflow'({ path }) {
      const run = runs.find(({ id }) => id === Number(path['run_id']));
      if (!run) return notFound;
      run.attempt += 1;
      return created({});
    },
  };
}
