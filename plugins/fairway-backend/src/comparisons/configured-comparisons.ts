import type { Config } from '@backstage/config';
import { InputError } from '@backstage/errors';
import { type Comparison, comparisonSchema } from '@fairway/backstage-plugin-fairway-common';
import { z } from 'zod';
import { problemText } from '../http/problem-text.ts';

/**
 * Records of `fairway compare` that the configuration includes, newest first.
 * @throws InputError that says which one does not fit
 */
export function configuredComparisons(config: Config): readonly Comparison[] {
  const parsed = z.array(comparisonSchema).safeParse(config.getOptional('fairway.comparisons') ?? []);
  if (!parsed.success) {
    throw new InputError(
      `The configuration fairway.comparisons does not hold records of fairway compare: ${problemText(parsed.error)}. Include the files that the command wrote, each with $include.`,
    );
  }
  return parsed.data.toSorted((one, other) => other.finishedAt.localeCompare(one.finishedAt));
}
