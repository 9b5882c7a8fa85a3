import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { stageOrder } from '@fairway/stage';
import { percentile } from './percentile.ts';

/** Prints the milliseconds from the start of the process to its first look at an input, and ends it. */
const watchInputs = `
const env = process.env;
process.env = new Proxy(env, {
  get(target, name) {
    if (typeof name === 'string' && name.startsWith('INPUT_')) {
      require('node:fs').writeSync(1, String(performance.now()));
      process.exit(0);
    }
    return target[name];
  },
});`;

const runs = 5;

/** Milliseconds from process start to the first input read, the median of five runs, for the slowest action. */
export async function actionStartMilliseconds(dist: string): Promise<number> {
  const preload = `data:text/javascript,${encodeURIComponent(`import { createRequire } from 'node:module'; const require = createRequire('/');${watchInputs}`)}`;
  const medians = [];
  for (const stage of stageOrder) {
    const times = [];
    for (let run = 0; run < runs; run += 1) {
      const { stdout } = await promisify(execFile)('node', ['--import', preload, join(dist, `${stage}.js`)]);
      times.push(Number(stdout));
    }
    medians.push(percentile(times, 50));
  }
  return Math.max(...medians);
}
