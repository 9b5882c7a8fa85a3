import { spawn } from 'node:child_process';
import { cp, glob, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { copyWorkflows } from '../self-references.ts';
import { workflowTool } from '../workflow-tools.ts';
import { copyExample, giveHostname } from './example-copy.ts';

const root = join(import.meta.dirname, '../..');

/** A repository of a user, whose workflows act runs on this machine. */
export interface WorkflowRepository {
  readonly folder: string;
  /** What GitHub would store: caches and artifacts. */
  readonly store: string;
  /** Runs a workflow of `.github/workflows`. @returns what it printed. @throws Error with the last lines when it fails */
  run(event: string, workflow: string, options?: RunOptions): Promise<string>;
  remove(): Promise<void>;
}

export interface RunOptions {
  /** The event, as GitHub would send it. */
  readonly payload?: object;
  readonly environment?: Readonly<Record<string, string>>;
  /** By name; their values stand on no command line. */
  readonly secrets?: Readonly<Record<string, string>>;
}

/** What stands below `with:` of a job that calls a workflow. */
export function inputLines(inputs: Readonly<Record<string, unknown>>): string {
  return Object.entries(inputs)
    .map(([key, value]) => `      ${key}: ${JSON.stringify(value)}`)
    .join('\n');
}

/**
 * Makes a repository with the committed bundles and nothing else of the actions, as a runner would see it, and a service in `service`.
 * @param service name for a copy of the example, or the folder of a service
 * @param callers workflows that call those of the project, by file name
 */
export async function workflowRepository(
  service: string | { readonly folder: string },
  callers: Readonly<Record<string, string>>,
): Promise<WorkflowRepository> {
  const folder = await mkdtemp(join(tmpdir(), 'fairway-workflow-'));
  await copyWorkflows(root, folder);
  // a job that checks nothing out has no ./ where act would look for the action
  const comment = join(folder, '.github/workflows/pull-request-comment.yml');
  await writeFile(
    comment,
    (await readFile(comment, 'utf8'))
      .replace('uses: ./actions/', 'uses: fairway/fairway/actions/')
      .replace('actions/comment', 'actions/comment@v0'),
  );
  await cp(join(root, 'actions/dist'), join(folder, 'actions/dist'), { recursive: true });
  for await (const action of glob('actions/*/action.yml', { cwd: root })) {
    await mkdir(dirname(join(folder, action)), { recursive: true });
    await cp(join(root, action), join(folder, action));
  }
  if (typeof service === 'string') await takeExample(service, join(folder, 'service'));
  else await cp(service.folder, join(folder, 'service'), { recursive: true });
  for (const [file, text] of Object.entries(callers)) await writeFile(join(folder, '.github/workflows', file), text);
  await writeFile(join(folder, '.gitignore'), 'report\nstore\nevent.json\n');
  const git = (...args: readonly string[]) => run(folder, 'git', args, {});
  await git('init', '--quiet', '--initial-branch=main');
  await git('add', '.');
  await git('-c', 'user.name=test', '-c', 'user.email=test@example.com', 'commit', '--quiet', '--message=test');
  const store = join(folder, 'store');
  const standIns = await standInActions(folder);
  return {
    folder,
    store,
    async run(event, workflow, { payload = {}, environment = {}, secrets = {} } = {}) {
      await writeFile(join(folder, 'event.json'), JSON.stringify(payload));
      const variables = { ...environment, GITHUB_STORE: store };
      const { code, output } = await run(
        folder,
        await workflowTool('act'),
        [
          event,
          ...['--workflows', join('.github/workflows', workflow), '--eventpath', 'event.json'],
          // act takes the values from its environment
          ...Object.keys(secrets).flatMap(key => ['--secret', key]),
          ...Object.entries(variables).flatMap(([key, value]) => ['--env', `${key}=${value}`]),
          ...standIns.flatMap(text => ['--local-repository', text]),
          ...['--local-repository', `fairway/fairway@v0=${folder}`],
          ...['--platform', 'ubuntu-24.04=-self-hosted', '--container-daemon-socket', '-', '--action-offline-mode'],
        ],
        secrets,
      );
      // the log says why it did not end well
      if (code !== 0) throw new Error(output.split('\n').slice(-300).join('\n'));
      return output;
    },
    remove: () => rm(folder, { recursive: true }),
  };
}

async function takeExample(name: string, target: string): Promise<void> {
  const example = await copyExample(name);
  await giveHostname(example, `${name}.test`);
  // act copies what git would keep; the sources of the engine stay, the model is made by the input `before`
  await writeFile(join(example, '.gitignore'), 'model/\n');
  await cp(example, target, { recursive: true });
  await rm(example, { recursive: true });
  await rm(join(target, 'model'), { recursive: true });
}

/** Actions that need GitHub or a cloud, each with the stand-in for it, at the commits that the workflows and `cluster-login` name. */
async function standInActions(folder: string): Promise<readonly string[]> {
  const workflows = join(folder, '.github/workflows');
  const texts = await Promise.all((await readdir(workflows)).map(file => readFile(join(workflows, file), 'utf8')));
  const storing = texts.flatMap(text => [
    ...text.matchAll(
      /uses: ((?:actions|github)\/(cache|upload-artifact|download-artifact|codeql-action))[\w/-]*@(\w+)/g,
    ),
  ]);
  // act brings every action of a step before it looks at its `if`
  const login = await readFile(join(root, 'actions/cluster-login/action.yml'), 'utf8');
  const clouds = [...login.matchAll(/uses: ([\w-]+\/[\w-]+)@(\w+)/g)];
  const fixtures = join(import.meta.dirname, '../fixtures/github-actions');
  return [
    ...new Set([
      ...storing.map(([, repository, name = '', commit]) => `${repository}@${commit}=${join(fixtures, name)}`),
      ...clouds.map(([, repository, commit]) => `${repository}@${commit}=${join(fixtures, 'cloud')}`),
    ]),
  ];
}

/** Output and errors together. */
function run(
  folder: string,
  program: string,
  args: readonly string[],
  environment: Readonly<Record<string, string>>,
): Promise<{ code: number | null; output: string }> {
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, {
      cwd: folder,
      // act runs node24 actions with the first Node on the PATH
      env: { ...process.env, ...environment, PATH: `${dirname(process.execPath)}:${process.env['PATH']}` },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let output = '';
    child.stdout.on('data', chunk => (output += chunk));
    child.stderr.on('data', chunk => (output += chunk));
    child.on('error', reject);
    child.on('close', code => resolve({ code, output }));
  });
}
