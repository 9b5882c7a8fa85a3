import type { Service } from '@fairway/service';
import { longestLoad } from '@fairway/service/schema-release';
import { riskOf, shareObjectives } from './objectives.ts';
import type { ObjectiveName } from './objectives.ts';
import { sampleSize } from './sample-size.ts';
import type { SampleSize } from './sample-size.ts';

export interface LoadSize {
  /** Longest measured part of the load test in seconds. */
  readonly seconds: number;
  /** Requests that are due in it, on average. */
  readonly requests: number;
  readonly needs: readonly (SampleSize & { readonly name: ObjectiveName })[];
  /** Seconds in which all objectives can be decided at this rate: at least, and as advised for a load test, which looks all the time. */
  readonly leastSeconds: number;
  readonly advisedSeconds: number;
}

/**
 * Each look costs a part of the risk. With so many times the requests that one look at the end needs, a service passes as often; the
 * tests compute it exactly.
 */
const forLooks = 4 / 3;

/** How much load the objectives of a service need, and how much there will be. */
export function loadSize(service: Pick<Service, 'load' | 'objectives'>): LoadSize {
  const { requestsPerSecond, maxSeconds } = service.load;
  const risk = riskOf(service.objectives);
  const needs = shareObjectives(service.objectives).map(objective => ({
    name: objective.name,
    ...sampleSize(objective, risk),
  }));
  const secondsFor = (requests: number) => Math.ceil(requests / requestsPerSecond);
  const advisedSeconds = secondsFor(forLooks * Math.max(...needs.map(need => need.advised)));
  const seconds = maxSeconds ?? Math.min(longestLoad, advisedSeconds);
  return {
    seconds,
    requests: Math.floor(seconds * requestsPerSecond),
    needs,
    leastSeconds: secondsFor(Math.max(...needs.map(need => need.least))),
    advisedSeconds,
  };
}
