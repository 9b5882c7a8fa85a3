/**
 * npm run bench -- gates: how often each gate's verdict is wrong, by simulation from known distributions. A service has one
 * objective at 0.5 to 4 times its limit; the rest of it is far better. The last line is one JSON object:
 * `false_pass_most`, the largest share of passes at the limit (over all gates and settings), and `false_fail_half_most`, of fails at half of it.
 */
import { loadSize, ObjectiveJudge, overall, RequestTally } from '@fairway/indicators';
import type { Service } from '@fairway/service';
import { tinyService } from '../../fixtures/service.ts';
import { Draw } from './draw.ts';
import { traffic } from './traffic.ts';
import type { Fault, Shape } from './traffic.ts';

const factors = [0.5, 1, 1.5, 2, 4] as const;
/** Simulated runs by how many times the limit: most where an error is a figure that is promised. */
const runs = (factor: number) => (factor === 1 ? 10_000 : factor < 1 ? 2000 : 200);
/** Looks in one run, spread evenly. */
const looks = 40;

interface Gate {
  readonly name: string;
  readonly objectives: Service['objectives'];
  readonly objective: Fault['objective'];
  readonly shape: Shape;
}

interface Rates {
  readonly pass: number;
  readonly fail: number;
  /** Median requests to a decision; undefined when most runs end without one. */
  readonly median: number | undefined;
}

export function gates(): void {
  const rows = settings().map(gate => ({ gate, rates: factors.map(factor => simulate(gate, factor)) }));
  const head = ['gate', ...factors.map(factor => `${factor} ×`)];
  const cell = ({ pass, fail, median }: Rates) => `${percent(pass)} / ${percent(fail)} / ${median ?? '–'}`;
  const lines = rows.map(({ gate, rates }) => [gate.name, ...rates.map(cell)]);
  process.stdout.write('pass / fail / median requests to a decision, by times the limit of the objective\n\n');
  for (const line of [head, head.map(() => '---'), ...lines]) process.stdout.write(`| ${line.join(' | ')} |\n`);
  const most = (index: number, of: keyof Pick<Rates, 'pass' | 'fail'>) =>
    Math.max(...rows.map(({ rates }) => rates[index]![of]));
  process.stdout.write(
    `${JSON.stringify({ runs: runs(1), false_pass_most: most(factors.indexOf(1), 'pass'), false_fail_half_most: most(factors.indexOf(0.5), 'fail') })}\n`,
  );
}

function settings(): readonly Gate[] {
  const short: Shape = { correlation: 0.5, tokens: 'two' };
  const gate = (
    name: string,
    objective: Fault['objective'],
    changed: Record<string, unknown>,
    shape = short,
  ): Gate => ({ name, objective, shape, objectives: objectives(changed) });
  return [
    ...[50, 90, 99, 99.5, 99.9].map(availability =>
      gate(`availability ${availability} %`, 'availability', { availability }),
    ),
    ...[50, 90, 95, 99].map(percentile =>
      gate(`TTFT p${percentile}`, 'time-to-first-token', { timeToFirstToken: { percentile, milliseconds: 500 } }),
    ),
    // decided early, and judged on for as long as the other one needs requests
    gate('TTFT p95 beside availability 99 %', 'time-to-first-token', {
      timeToFirstToken: { percentile: 95, milliseconds: 500 },
      availability: 99,
    }),
    ...[50, 95, 99].flatMap(percentile =>
      [
        { correlation: 0, tokens: 'fixed' as const },
        { correlation: 0.9, tokens: 'fixed' as const },
        { correlation: 0.9, tokens: 'lognormal' as const },
      ].map(shape =>
        gate(
          `ITL p${percentile}, correlation ${shape.correlation}, ${shape.tokens} length`,
          'inter-token-latency',
          { interTokenLatency: { percentile, milliseconds: 50 } },
          shape,
        ),
      ),
    ),
    ...[50, 90, 95, 99].map(goodput => gate(`goodput ${goodput} %`, 'goodput', { goodput })),
    gate('availability 99 %, confidence 99 %', 'availability', { availability: 99, confidence: 99 }),
  ];
}

/** Objectives of which only the one that is changed is demanding. */
function objectives(changed: Record<string, unknown>): Service['objectives'] {
  return tinyService({
    objectives: {
      availability: 50,
      timeToFirstToken: { percentile: 50, milliseconds: 500 },
      interTokenLatency: { percentile: 50, milliseconds: 50 },
      goodput: 20,
      ...changed,
    },
  }).objectives;
}

function simulate(gate: Gate, factor: number): Rates {
  const horizon = loadSize({
    objectives: gate.objectives,
    load: { requestsPerSecond: 1, maxSeconds: undefined, promptTokens: 1, outputTokens: 16 },
  }).requests;
  const draw = new Draw(20261126);
  const count = runs(factor);
  let pass = 0;
  let fail = 0;
  const decided: number[] = [];
  for (let run = 0; run < count; run++) {
    const next = traffic(gate.objectives, { objective: gate.objective, factor }, gate.shape, draw);
    const judge = new ObjectiveJudge(gate.objectives, horizon);
    const tally = new RequestTally(gate.objectives);
    for (let look = 1, sent = 0; look <= looks; look++) {
      const until = Math.ceil((look * horizon) / looks);
      tally.add(Array.from({ length: until - sent }, next));
      sent = until;
      const verdict = overall(judge.look(tally.counts()));
      if (verdict === 'inconclusive') continue;
      if (verdict === 'pass') pass++;
      else fail++;
      decided.push(sent);
      break;
    }
  }
  const half = Math.ceil(count / 2);
  return { pass: pass / count, fail: fail / count, median: decided.sort((a, b) => a - b)[half - 1] };
}

function percent(share: number): string {
  return `${(100 * share).toFixed(1)} %`;
}
