import type { Service } from './schema.ts';

/** An adapter as `model.adapters` has it. */
export type Adapter = NonNullable<Service['model']['adapters']>[number];

/** The names under which clients ask a service: that of its model, then those of its adapters. */
export function modelNames({ model }: Pick<Service, 'model'>): readonly [string, ...string[]] {
  return [model.name, ...(model.adapters ?? []).map(({ name }) => name)];
}
