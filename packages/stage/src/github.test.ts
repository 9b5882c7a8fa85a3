import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runAction } from './github.ts';
import { type StageResult, defineStage, readRecord } from './index.ts';
import type { Stage } from './index.ts';

/** What the runner gives to an action: inputs in INPUT_ variables, files for outputs and the summary, a log on standard output. */
let workspace: string;
let log: string;
const environment = { ...process.env };

/** @actions/core looks up the summary file once a process. */
let summaryFolder: string;

beforeAll(async () => {
  summaryFolder = await mkdtemp(join(tmpdir(), 'fairway-summary-'));
});
afterAll(() => rm(summaryFolder, { recursive: true }));

beforeEach(async () => {
  workspace = await mkdtemp(join(tmpdir(), 'fairway-action-'));
  await writeFile(join(summaryFolder, 'summary'), '');
  for (const file of ['output', 'state']) await writeFile(join(workspace, file), '');
  Object.assign(process.env, {
    GITHUB_WORKSPACE: workspace,
    GITHUB_OUTPUT: join(workspace, 'output'),
    GITHUB_STEP_SUMMARY: join(summaryFolder, 'summary'),
    INPUT_SERVICE: '.',
  });
  log = '';
  jest.spyOn(process.stdout, 'write').mockImplementation(text => {
    log += String(text);
    return true;
  });
  process.exitCode = undefined;
});

afterEach(async () => {
  jest.restoreAllMocks();
  process.env = { ...environment };
  process.exitCode = undefined;
  await rm(workspace, { recursive: true });
});

function stage(run: Stage['run']): Stage {
  return defineStage({
    name: 'scan',
    description: 'Scans.',
    icon: 'shield',
    inputs: {
      image: { type: 'string', description: 'Image.', default: 'none' },
      password: { type: 'secret', description: 'Password.' },
    },
    outputs: { findings: { description: 'Findings.' } },
    connect: () => undefined,
    key: async () => ({}),
    run,
  });
}

const result = (part: Partial<StageResult>): StageResult => ({
  verdict: 'pass',
  reason: 'Nothing found.',
  outputs: {},
  evidence: [],
  ...part,
});

it('takes inputs, gives outputs, a summary and the record, and masks secrets', async () => {
  process.env['INPUT_IMAGE'] = 'hello:1';
  process.env['INPUT_PASSWORD'] = 'p4ssw0rd';
  await runAction(
    stage(async inputs => result({ reason: `${String(inputs['image'])} is clean.`, outputs: { findings: '0' } })),
  );
  const output = await readFile(join(workspace, 'output'), 'utf8');
  expect(output).toMatch(/findings<<.*\n0\n/);
  expect(output).toMatch(/verdict<<.*\npass\n/);
  expect(output).toContain('"reason":"hello:1 is clean."');
  expect(output).not.toContain('p4ssw0rd');
  expect(await readFile(join(summaryFolder, 'summary'), 'utf8')).toContain('## ✅ scan: pass');
  expect(log).toContain('::add-mask::p4ssw0rd');
  expect(process.exitCode ?? 0).toBe(0);
});

it('names the run and whose workflow it is to the stage', async () => {
  const seen: unknown[] = [];
  const look = stage(async (_inputs, context) => {
    seen.push([context.run, context.origin]);
    return result({});
  });
  for (const name of ['RUN_ID', 'REF', 'SHA', 'WORKFLOW_REF']) delete process.env[`GITHUB_${name}`];
  await runAction(look);
  Object.assign(process.env, {
    GITHUB_SERVER_URL: 'https://github.example.com',
    GITHUB_REPOSITORY: 'team/hello',
    GITHUB_RUN_ID: '7',
    GITHUB_REF: 'refs/heads/main',
    GITHUB_SHA: 'c27d339ee6075c1f744c5d4b200f7901aad2c369',
    GITHUB_WORKFLOW_REF: 'team/hello/.github/workflows/deliver.yml@refs/heads/main',
    INPUT_IMAGE: 'hello:2',
  });
  await runAction(look);
  const repository = 'https://github.example.com/team/hello';
  expect(seen).toEqual([
    [undefined, undefined],
    [
      `${repository}/actions/runs/7`,
      {
        repository,
        ref: 'refs/heads/main',
        commit: 'c27d339ee6075c1f744c5d4b200f7901aad2c369',
        workflow: `${repository}/.github/workflows/deliver.yml@refs/heads/main`,
      },
    ],
  ]);
});

it('fails the step when the verdict is fail or inconclusive, with outputs set', async () => {
  await runAction(stage(async () => result({ verdict: 'inconclusive', reason: 'No database.' })));
  expect(process.exitCode).toBe(1);
  expect(log).toContain('::error::scan: inconclusive: No database.');
  expect(await readFile(join(workspace, 'output'), 'utf8')).toMatch(/verdict<<.*\ninconclusive\n/);
});

it('shows ten annotations of a level and logs the rest', async () => {
  await runAction(
    stage(async (_inputs, context) => {
      for (let line = 1; line <= 12; line += 1)
        context.log.annotate('warning', `finding ${line}`, { file: 'Dockerfile', line });
      return result({});
    }),
  );
  expect(log.match(/^::warning file=Dockerfile,line=\d+/gm)).toHaveLength(10);
  expect(log).toContain('warning: Dockerfile:12: finding 12');
});

it('shows an annotation in the file of a service that has a folder of its own', async () => {
  process.env['INPUT_SERVICE'] = 'services/hello';
  await mkdir(join(workspace, 'services/hello'), { recursive: true });
  await runAction(
    stage(async (_inputs, context) => {
      context.log.annotate('warning', 'relative', { file: 'fairway.yaml', line: 3 });
      context.log.annotate('warning', 'absolute', { file: join(context.folder, 'Dockerfile'), line: 4 });
      return result({});
    }),
  );
  expect(log).toContain('::warning file=services/hello/fairway.yaml,line=3::relative');
  expect(log).toContain('::warning file=services/hello/Dockerfile,line=4::absolute');
});

it('takes up the record of an earlier job', async () => {
  await runAction(stage(async () => result({ outputs: { findings: '7' } })));
  const earlier = await readFile(join(workspace, '.fairway/delivery.json'), 'utf8');
  await rm(join(workspace, '.fairway'), { recursive: true });
  process.env['INPUT_RECORD'] = earlier;
  await runAction({ ...stage(async () => result({})), name: 'optimize' });
  const record = await readRecord(workspace);
  expect(record?.stages.scan?.outputs['findings']).toBe('7');
  expect(record?.stages.optimize?.verdict).toBe('pass');
});

it('says a foreign record in one sentence', async () => {
  process.env['INPUT_RECORD'] = 'not json';
  await runAction(stage(async () => result({})));
  expect(process.exitCode).toBe(1);
  expect(log).toMatch(/::error::input record: This is not a delivery record/);
});
