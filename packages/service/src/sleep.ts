import type { Service } from './schema.ts';

/** Whether a version has no pods while nobody asks for it. */
export function sleeps({ scaling }: Pick<Service, 'scaling'>): boolean {
  return scaling?.min === 0;
}
