import { loadSize } from '@fairway/indicators';
import type { LoadSize, ObjectiveName } from '@fairway/indicators';
import type { Place, Service, ServiceFile } from '@fairway/service';
import { enteringPods, withLoadOfPods } from '@fairway/service/release-pods';

export interface LoadProblem {
  /** `fail`: the load test cannot pass, whatever the service does. `warning`: it passes by luck only. */
  readonly level: 'fail' | 'warning';
  readonly message: string;
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
  const part = pods < replicas ? `, asked of the ${pods} of ${replicas} pods that release.surge has room for` : '';
  const sends = `load sends ${size.requests} (${service.load.requestsPerSecond} a second for ${size.seconds} s${part})`;
  const proposal = `write \`maxSeconds: ${size.advisedSeconds}\` below \`load\`, or leave it out: the load test ends as soon as every objective is decided`;
  const impossible = size.needs.filter(need => size.requests < need.least).sort((a, b) => b.least - a.least);
  const at = place('load', 'maxSeconds');
  if (impossible[0]) {
    const needs = impossible.map(
      need => `${promise(service, need.name)} needs ${need.least} requests without ${fault(need.name)}`,
    );
    return {
      level: 'fail',
      message: `${needs.join(', ')}; ${sends}. Nothing smaller can pass at a confidence of ${service.objectives.confidence} %. With ${service.load.requestsPerSecond} requests a second, ${proposal}. A higher \`requestsPerSecond\` is quicker.`,
      at,
    };
  }
  const tight = size.needs.filter(need => size.requests < need.advised).sort((a, b) => b.advised - a.advised)[0];
  if (!tight) return undefined;
  return {
    level: 'warning',
    message: `${promise(service, tight.name)} is decided by ${tight.least} requests only when ${tight.least === 1 ? 'it is good' : 'all of them are good'}; ${sends}. A good service passes reliably with ${tight.advised}, of which ${tight.mayFail} may be bad: ${proposal}.`,
    at,
  };
}

/** What each objective needs, for the summary. */
export function loadText(whole: Service): string {
  const service = withLoadOfPods(whole, enteringPods(whole));
  const size: LoadSize = loadSize(service);
  const needs = size.needs.map(need => `${promise(service, need.name)}: ${need.least}`);
  return `at most ${size.requests} requests in ${size.seconds} s; the objectives need at least ${needs.join(', ')} good ones at a confidence of ${service.objectives.confidence} %`;
}

function promise({ objectives }: Service, name: ObjectiveName): string {
  switch (name) {
    case 'availability':
      return `availability ${objectives.availability} %`;
    case 'goodput':
      return `goodput ${objectives.goodput} %`;
    case 'time-to-first-token':
      return `time to first token p${objectives.timeToFirstToken.percentile}`;
    case 'inter-token-latency':
      return `inter-token latency p${objectives.interTokenLatency.percentile}`;
  }
}

function fault(name: ObjectiveName): string {
  return name === 'availability' ? 'an error' : name === 'goodput' ? 'a bad one' : 'a slow one';
}
