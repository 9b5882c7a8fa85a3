import { mockServices, startTestBackend } from '@backstage/backend-test-utils';
import type { JsonObject } from '@backstage/types';
import { NotFoundError } from '@backstage/errors';
import type { Knex } from 'knex';
import { createFairwayPlugin, type Views } from '../plugin.ts';

/** Views of a portal that has neither clusters nor alerts. */
export const noViews: Views = {
  createClusterViews: () => ({
    deployments: () => ({ clusters: [], items: [] }),
    capacity: () => ({ clusters: [], pools: [], saturation: [] }),
    fit: () => ({ memoryFits: false, sentence: 'There is no cluster.', places: [], fits: false }),
  }),
  createAlertViews: () => ({
    list: async () => [],
    firing: () => new Map(),
    silence: async fingerprint => {
      throw new NotFoundError(`There is no alert ${fingerprint}.`);
    },
    acknowledge: async (_fingerprint, user) => ({ by: user, at: '2026-11-25T12:00:00.000Z' }),
  }),
};

export interface TestPortalOptions {
  readonly knex?: Knex;
  readonly config?: JsonObject;
  readonly views?: Partial<Views>;
  readonly features?: Parameters<typeof startTestBackend>[0]['features'];
}

/** A running backend with this plugin alone, which notes its signals, events and audit events. */
export async function startTestPortal({ knex, config, views, features = [] }: TestPortalOptions = {}) {
  const signals = { publish: jest.fn(async () => undefined) };
  const auditor = mockServices.auditor.mock({
    createEvent: jest.fn(async () => ({ success: jest.fn(async () => {}), fail: jest.fn(async () => {}) })),
  });
  const backend = await startTestBackend({
    features: [
      createFairwayPlugin({ ...noViews, ...views }),
      mockServices.database.factory(knex && { knex }),
      mockServices.rootConfig.factory({ data: { backend: { baseUrl: 'http://portal.test' }, ...config } }),
      auditor.factory,
      ...features,
    ],
  });
  return { ...backend, auditor, signals };
}
