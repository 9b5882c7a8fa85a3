import { loadSize } from '@fairway/indicators';
import type { LoadSize, ObjectiveName } from '@fairway/indicators';
import type { Place, Service, ServiceFile } from '@fairway/service';
import { english, listOf, type Reason, reasonOf } from '@fairway/service/reasons/delivery-reason';
import { enteringPods, withLoadOfPods } from '@fairway/service/release-pods';
import { longestLoad } from '@fairway/service/schema-release';

export interface LoadProblem {
  /** `fail`: the load test cannot pass, whatever the service does. `warning`: it passes by luck only. */
  readonly level: 'fail' | 'warning';
  readonly message: Reason;
  readonly at: Place;
}

/** Whether the load of fairway.yaml can decide its objectives; undefined when it can. */
export function loadProblem(file: ServiceFile): LoadProblem | undefined {
  const { place } = file;
  const { replicas } = file.service.resources;
  const pods = enteringPods(file.service);
  // a candidate begins with a part of its pods, and gets that part of the load
  const service = withLoadOfPods(file.service, pods);
  const size = loadSize(service);
  const rate = service.load.requestsPerSecond;
  const sent = { requests: size.requests, rate, seconds: size.seconds };
  const sends =
    pods < replicas ? reasonOf('prepare.sendsToPart', { ...sent, pods, replicas }) : reasonOf('prepare.sends', sent);
  const { confidence } = service.objectives;
  const impossible = size.needs.filter(need => size.requests < need.least).sort((a, b) => b.least - a.least);
  const dayPasses = size.advisedSeconds > longestLoad;
  // of the whole service, to the next tenth
  const rateOfDay = Math.ceil((10 * file.service.load.requestsPerSecond * size.advisedSeconds) / longestLoad) / 10;
  const at = place('load', dayPasses ? 'requestsPerSecond' : 'maxSeconds');
  if (impossible[0]) {
    const needs = impossible.map(need =>
      reasonOf(faultless[need.name], { objective: promise(service, need.name), requests: need.least }),
    );
    const all = { needs: listOf('list.comma', needs), sends };
    const message = dayPasses
      ? reasonOf('prepare.loadTooSlow', { ...all, rate: rateOfDay })
      : reasonOf('prepare.loadTooSmall', { ...all, confidence, rate, maxSeconds: size.advisedSeconds });
    return { level: 'fail', message, at };
  }
  if (size.seconds >= size.advisedSeconds) return undefined;
  const [tight] = size.needs.toSorted((a, b) => b.advised - a.advised);
  const { name, least } = tight!;
  const advised = { requests: Math.floor(size.advisedSeconds * rate), maxSeconds: size.advisedSeconds };
  const decided = { objective: promise(service, name), least, sends, requests: advised.requests };
  const message = dayPasses
    ? reasonOf('prepare.loadTightForDay', { ...decided, rate: rateOfDay })
    : reasonOf('prepare.loadTight', { ...decided, maxSeconds: advised.maxSeconds });
  return { level: 'warning', message, at };
}

/** What each objective needs, for the summary. */
export function loadText(whole: Service): string {
  const service = withLoadOfPods(whole, enteringPods(whole));
  const size: LoadSize = loadSize(service);
  const needs = size.needs.map(need => `${english(promise(service, need.name))}: ${need.least}`);
  return `at most ${size.requests} requests in ${size.seconds} s; the objectives need at least ${needs.join(', ')} good ones at a confidence of ${service.objectives.confidence} %`;
}

function promise({ objectives }: Service, name: ObjectiveName): Reason {
  switch (name) {
    case 'availability':
      return reasonOf('prepare.availability', { share: objectives.availability });
    case 'goodput':
      return reasonOf('prepare.goodput', { share: objectives.goodput });
    case 'time-to-first-token':
      return reasonOf('prepare.ttft', { percentile: objectives.timeToFirstToken.percentile });
    case 'inter-token-latency':
      return reasonOf('prepare.itl', { percentile: objectives.interTokenLatency.percentile });
  }
}

const faultless = {
  availability: 'prepare.needsNoError',
  goodput: 'prepare.needsNoBad',
  'time-to-first-token': 'prepare.needsNoSlow',
  'inter-token-latency': 'prepare.needsNoSlow',
} as const;
