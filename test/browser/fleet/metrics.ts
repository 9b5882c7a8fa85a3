import { execFile } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { answerBucketRecord, badShareRecord, requestRateRecord } from '@fairway/indicators';
import { idlePods, podObjects } from '../../../plugins/fairway-backend/src/cluster/simulated-fleet.ts';
import { namespace, released } from './services.ts';

const minute = 60;
const day = 24 * 60;

/** A value at each minute, by its place in the day, 0 to 1. */
type Course = (part: number, index: number) => number | undefined;

interface Drawn {
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly at: Course;
  readonly counter?: boolean;
}

const edges = [0.05, 0.1, 0.25, 0.5, 0.75, 1, 2.5, 5];

/** Users come by day; from 70 % of the day on first tokens are late, and for ten minutes nobody is scraped. */
function seriesOf(service: string): readonly Drawn[] {
  const of = { service, namespace };
  const users = (part: number) => 4 + 6 * Math.sin(Math.PI * part) ** 2;
  const late = (part: number) => (part > 0.7 && part < 0.85 ? 0.12 : 0.01) * (1 + Math.sin(200 * part) / 4);
  const lost = (index: number) => index % day > 600 && index % day < 611;
  const record = (window: '5m' | '1h' | '3d', objective: string, at: Course): Drawn => ({
    name: badShareRecord(window),
    labels: { ...of, objective },
    at: (part, index) => (lost(index) ? undefined : at(part, index)),
  });
  const engine = { job: `fairway/${namespace}/${service}`, users: 'true', revision: released, pod: `${service}-0` };
  /** Counters of a histogram: the share of events up to each edge, added up. */
  const histogram = (metric: string, quick: number): readonly Drawn[] =>
    [...edges, Infinity].map(edge => {
      let sum = 0;
      return {
        name: `${metric}_bucket`,
        labels: { ...engine, le: edge === Infinity ? '+Inf' : String(edge) },
        counter: true,
        at: part => {
          const middle = quick * (1 + 8 * (late(part) - 0.01));
          const share = edge === Infinity ? 1 : 1 / (1 + Math.exp(-(Math.log(edge) - Math.log(middle)) * 3));
          return (sum += Math.round(minute * users(part) * share));
        },
      };
    });
  let tokens = 0;
  return [
    ...(['5m', '1h'] as const).flatMap(window => [
      record(window, 'availability', part => 0.0008 + 0.0006 * Math.sin(9 * part) ** 2),
      record(window, 'time-to-first-token', late),
      record(window, 'inter-token-latency', part => 0.02 + 0.01 * Math.sin(30 * part)),
    ]),
    record('3d', 'availability', part => 0.0012 + 0.0006 * part),
    record('3d', 'time-to-first-token', part => 0.012 + (part > 0.7 ? 0.05 * (part - 0.7) : 0)),
    record('3d', 'inter-token-latency', () => 0.02),
    { name: requestRateRecord, labels: of, at: users },
    ...[...edges, Infinity].map(edge => ({
      name: answerBucketRecord,
      labels: { ...of, le: edge === Infinity ? '+Inf' : String(edge * 8000) },
      at: (part: number) => users(part) * (edge === Infinity ? 1 : 1 / (1 + Math.exp(-4 * Math.log(edge / 0.4)))),
    })),
    ...histogram('vllm:time_to_first_token_seconds', 0.18),
    ...histogram('vllm:inter_token_latency_seconds', 0.04),
    {
      name: 'gen_ai_client_inference_usage_output_tokens_total',
      labels: { ...of, revision: released, pod: `${service}-0`, gen_ai_token_modality: 'unknown' },
      counter: true,
      at: part => (tokens += Math.round(minute * users(part) * 140)),
    },
  ];
}

/** DCGM's figure of each pod that holds GPUs, as its exporter labels it. */
function devices(): readonly Drawn[] {
  return podObjects().map(({ metadata: { name } }, index) => ({
    name: 'DCGM_FI_DEV_GPU_UTIL',
    labels: { exported_namespace: namespace, exported_pod: name, gpu: '0', modelName: 'NVIDIA H100 80GB HBM3' },
    at: () => (idlePods.has(name) ? 0 : 60 + (index % 35)),
  }));
}

/** Blocks of a Prometheus with the last day, and half an hour that is still to come, so that the present has a value. */
export async function writeMetrics(promtool: string, folder: string, services: readonly string[]): Promise<string> {
  const now = Math.floor(Date.now() / 1000 / minute) * minute;
  const [first, last] = [now - day * minute, now + 30 * minute];
  const lines: string[] = [];
  const drawn = [...services.flatMap(seriesOf), ...devices()].toSorted((a, b) => a.name.localeCompare(b.name));
  let before = '';
  for (const { name, labels, at, counter } of drawn) {
    // OpenMetrics wants the samples of a family together, and names of counters end in _total: their type is left open
    if (name !== before) lines.push(`# TYPE ${name} ${counter ? 'unknown' : 'gauge'}`);
    before = name;
    const matcher = Object.entries(labels).map(([key, value]) => `${key}="${value}"`);
    for (let time = first, index = 0; time <= last; time += minute, index++) {
      const value = at(Math.min(1, (time - first) / (now - first)), index);
      if (value !== undefined) lines.push(`${name}{${matcher.join(',')}} ${value} ${time}`);
    }
  }
  const [file, data] = [join(folder, 'metrics.txt'), join(folder, 'prometheus')];
  await writeFile(file, `${lines.join('\n')}\n# EOF\n`);
  await promisify(execFile)(promtool, ['tsdb', 'create-blocks-from', 'openmetrics', '--quiet', file, data]);
  return data;
}
