import type { Stage, StageName } from '@fairway/stage';

export type StageLoaders = Readonly<Record<StageName, () => Promise<Stage>>>;

/** Loads a stage when its turn comes, so that a command waits only for the clients it uses. */
export const loadStage: StageLoaders = {
  prepare: async () => (await import('@fairway/prepare')).prepare,
  build: async () => (await import('@fairway/build')).build,
  scan: async () => (await import('@fairway/scan')).scan,
  remediate: async () => (await import('@fairway/remediate')).remediate,
  optimize: async () => (await import('@fairway/optimize')).optimize,
  push: async () => (await import('@fairway/push')).push,
  deploy: async () => (await import('@fairway/deploy')).deploy,
  mesh: async () => (await import('@fairway/mesh')).mesh,
  monitor: async () => (await import('@fairway/monitor')).monitor,
  'load-test': async () => (await import('@fairway/load-test')).loadTest,
  release: async () => (await import('@fairway/release')).release,
};
