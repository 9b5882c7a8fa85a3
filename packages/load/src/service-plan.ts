import { randomBytes } from 'node:crypto';
import { engineProfile } from '@fairway/engines/profile';
import type { Service } from '@fairway/service';
import { longestStreamSeconds } from '@fairway/service/longest-stream';
import type { LoadPlan } from './load-plan.ts';

/**
 * The load of fairway.yaml: arrivals of independent users, at most for so many seconds. The times and lengths follow from
 * the seed, so that two versions get the same load; the salt makes the prompts those of one run alone.
 */
export function servicePlan(service: Service, seconds: number, seed: number, warmUp: LoadPlan['warmUp']): LoadPlan {
  const { load, model, engine } = service;
  const endsWithDone = engineProfile(engine.name).endsStreamWithDone;
  return {
    arrivals: {
      kind: 'open',
      burstiness: 1,
      segments: [{ from: load.requestsPerSecond, to: load.requestsPerSecond, seconds }],
    },
    promptTokens: { kind: 'fixed', tokens: load.promptTokens },
    outputTokens: { kind: 'fixed', tokens: load.outputTokens },
    turns: 1,
    thinkSeconds: 0,
    seed,
    salt: randomBytes(6).toString('hex'),
    // common short English words are about one token each in the vocabularies in use
    wordsPerToken: 1,
    request: {
      api: 'chat',
      model: model.name,
      stream: true,
      usage: endsWithDone,
      end: endsWithDone ? 'done' : 'finish',
      extra: {},
    },
    warmUp,
    timeout: longestStreamSeconds(service) * 1000,
  };
}
