import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { english, type Reason, reasonOf } from '@fairway/service/reasons/delivery-reason';
import { checkConfig, checkRules, testRules } from '@fairway/clients/prometheus/index';

export interface Contents {
  /** YAML texts. */
  readonly rules: string;
  readonly scrape: string;
  /** Gives the test files for rules that lie at a path. */
  tests(rulesFile: string): readonly string[];
}

export interface CheckResult {
  readonly problem: Reason | undefined;
  /** All that promtool wrote. */
  readonly output: string;
}

/** Lets promtool judge everything in a folder of its own, before Prometheus sees any of it. */
export async function check(promtool: string, contents: Contents, signal: AbortSignal): Promise<CheckResult> {
  const folder = await mkdtemp(join(tmpdir(), 'fairway-monitor-'));
  const path = (name: string) => join(folder, name);
  try {
    await writeFile(path('rules.yml'), contents.rules);
    // a scrape file is a configuration that only scrapes; every version of promtool reads it so
    await writeFile(path('prometheus.yml'), contents.scrape);
    const tests = contents.tests(path('rules.yml')).map((text, at) => ({ text, file: path(`tests-${at + 1}.yml`) }));
    for (const { text, file } of tests) await writeFile(file, text);
    const testFiles = tests.map(({ file }) => file);
    const results = [
      { what: reasonOf('monitor.rules'), ...(await checkRules(promtool, path('rules.yml'), signal)) },
      { what: reasonOf('monitor.scrape'), ...(await checkConfig(promtool, path('prometheus.yml'), signal)) },
      { what: reasonOf('monitor.tests'), ...(await testRules(promtool, testFiles, signal)) },
    ];
    const refused = results.find(result => !result.ok);
    return {
      problem: refused && reasonOf('monitor.promtool', { what: refused.what, words: lastLines(refused.output) }),
      output: results
        .map(result => `# ${english(result.what)}\n${result.output}`)
        .join('\n\n')
        .replaceAll(folder, '.'),
    };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

function lastLines(text: string): string {
  return text.split('\n').slice(-6).join(' / ');
}
