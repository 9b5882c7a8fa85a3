import { readFile, writeFile } from 'node:fs/promises';
import { existsSync, globSync } from 'node:fs';
import { join } from 'node:path';

/** Milliseconds as the tool reports them. */
export interface Reported {
  readonly ttft: readonly [p50: number, p99: number];
  /** Absent where its name stands for something else. */
  readonly itl: readonly [p50: number, p99: number] | undefined;
}

export interface Trial {
  readonly url: string;
  readonly streams: number;
  readonly requests: number;
  readonly tokens: number;
  /** Empty folder for what it writes. */
  readonly folder: string;
  /** Folder of a tokenizer for tools that need one. */
  readonly tokenizer: string;
}

export interface Peer {
  readonly name: string;
  /** Where it is, below the folder of peers. */
  readonly program: string;
  /** Takes a local tokenizer only where it may also ask the hub. */
  readonly looksUpTokenizer?: boolean;
  command(program: string, trial: Trial): Promise<readonly string[]>;
  reported(trial: Trial): Promise<Reported>;
}

const read = async (file: string) => JSON.parse(await readFile(file, 'utf8'));

/**
 * Those of Python each in an environment of its own: `python3 -m venv DIR/NAME && DIR/NAME/bin/pip install PACKAGE`. k6:
 * `GOBIN=DIR/k6 go install go.k6.io/k6@latest`.
 */
export const peers: readonly Peer[] = [
  {
    name: 'inference-perf',
    program: 'inference-perf/bin/inference-perf',
    async command(program, { url, streams, requests, tokens, folder, tokenizer }) {
      const lengths = (mean: number) => ({ min: mean, max: mean, mean, std_dev: 0, total_count: requests });
      const configuration = {
        load: {
          type: 'concurrent',
          stages: [{ num_requests: requests, concurrency_level: streams }],
          num_workers: 1,
          worker_max_concurrency: Math.max(streams, 100),
        },
        api: { type: 'completion', streaming: true },
        server: { type: 'vllm', model_name: 'tiny', base_url: url, ignore_eos: true },
        tokenizer: { pretrained_model_name_or_path: tokenizer },
        data: { type: 'random', input_distribution: lengths(32), output_distribution: lengths(tokens) },
        report: { request_lifecycle: { summary: true, per_stage: false, per_request: false } },
        storage: { local_storage: { path: join(folder, 'out') } },
      };
      // JSON is YAML
      await writeFile(join(folder, 'config.yml'), JSON.stringify(configuration));
      return [program, '--config_file', join(folder, 'config.yml')];
    },
    async reported({ folder }) {
      const [file] = globSync(join(folder, 'out/**/summary_lifecycle_metrics.json'));
      const { latency } = (await read(file!)).successes;
      const of = (name: string): [number, number] => [latency[name].median * 1000, latency[name].p99 * 1000];
      return { ttft: of('time_to_first_token'), itl: of('inter_token_latency') };
    },
  },
  {
    name: 'aiperf',
    program: 'aiperf/bin/aiperf',
    looksUpTokenizer: true,
    command: async (program, { url, streams, requests, tokens, folder, tokenizer }) => [
      ...[program, 'profile', '--model', 'tiny', '--url', url, '--endpoint-type', 'chat', '--streaming'],
      ...['--concurrency', `${streams}`, '--request-count', `${requests}`, '--tokenizer', tokenizer],
      ...['--synthetic-input-tokens-mean', '32', '--output-tokens-mean', `${tokens}`],
      ...['--extra-inputs', 'ignore_eos:true', '--artifact-dir', join(folder, 'out'), '--ui', 'none'],
    ],
    async reported({ folder }) {
      const result = await read(join(folder, 'out/profile_export_aiperf.json'));
      // its inter_token_latency is one mean a request
      const of = (name: string): [number, number] => [result[name].p50, result[name].p99];
      return { ttft: of('time_to_first_token'), itl: of('inter_chunk_latency') };
    },
  },
  {
    name: 'GuideLLM',
    program: 'guidellm/bin/guidellm',
    command: async (program, { url, streams, requests, tokens, folder, tokenizer }) => [
      ...[program, 'run', '--backend', `kind=openai_http,target=${url},model=tiny`],
      ...['--profile', `kind=concurrent,streams=${streams}`, '--constraint', `kind=max_requests,count=${requests}`],
      ...['--tokenizer', `kind=hf_auto,model=${tokenizer}`],
      ...['--data', `kind=synthetic_text,prompt_tokens=32,output_tokens=${tokens}`],
      ...['--output', `kind=json,path=${join(folder, 'out.json')}`, '--disable-progress'],
    ],
    async reported({ folder }) {
      const { metrics } = (await read(join(folder, 'out.json'))).benchmarks[0];
      const { p50, p99 } = metrics.time_to_first_token_ms.successful.percentiles;
      // its inter_token_latency is one mean a request
      return { ttft: [p50, p99], itl: undefined };
    },
  },
  {
    name: 'vllm bench serve',
    program: 'vllm/bin/vllm',
    command: async (program, { url, streams, requests, tokens, folder, tokenizer }) => [
      ...[program, 'bench', 'serve', '--backend', 'openai-chat', '--base-url', url],
      ...['--endpoint', '/v1/chat/completions', '--model', 'tiny', '--tokenizer', tokenizer],
      ...['--dataset-name', 'random', '--random-input-len', '32', '--random-output-len', `${tokens}`],
      ...['--num-prompts', `${requests}`, '--max-concurrency', `${streams}`, '--ignore-eos', '--disable-tqdm'],
      ...['--percentile-metrics', 'ttft,tpot,itl,e2el', '--metric-percentiles', '50,99'],
      ...['--save-result', '--result-filename', join(folder, 'out.json')],
    ],
    async reported({ folder }) {
      const result = await read(join(folder, 'out.json'));
      const of = (name: string): [number, number] => [result[`p50_${name}_ms`], result[`p99_${name}_ms`]];
      return { ttft: of('ttft'), itl: of('itl') };
    },
  },
  {
    // it reads no events: of a stream it knows when the first byte came, which is the first token where headers wait for it
    name: 'k6',
    program: 'k6/k6',
    async command(program, { url, streams, requests, tokens, folder }) {
      const messages = [{ role: 'user', content: 'the '.repeat(32) }];
      const body = JSON.stringify({ model: 'tiny', stream: true, max_tokens: tokens, messages });
      const load = { executor: 'shared-iterations', vus: streams, iterations: requests, maxDuration: '10m' };
      const options = {
        scenarios: { load },
        discardResponseBodies: true,
        summaryTrendStats: ['med', 'p(99)'],
      };
      const json = JSON.stringify;
      await writeFile(
        join(folder, 'script.js'),
        [
          "import http from 'k6/http';",
          `export const options = ${json(options)};`,
          `const parameters = ${json({ headers: { 'content-type': 'application/json' } })};`,
          `export default () => http.post(${json(`${url}/v1/chat/completions`)}, ${json(body)}, parameters);`,
          `export const handleSummary = data => ({ ${json(join(folder, 'out.json'))}: JSON.stringify(data) });`,
        ].join('\n'),
      );
      return [program, 'run', '--quiet', '--no-usage-report', join(folder, 'script.js')];
    },
    async reported({ folder }) {
      const { values } = (await read(join(folder, 'out.json'))).metrics.http_req_waiting;
      return { ttft: [values.med, values['p(99)']], itl: undefined };
    },
  },
];

/** Those that are in the folder, and the names of those that are not. */
export function peersIn(folder: string | undefined) {
  const there = peers.filter(peer => folder !== undefined && existsSync(join(folder, peer.program)));
  return { there, missing: peers.filter(peer => !there.includes(peer)).map(peer => peer.name) };
}
