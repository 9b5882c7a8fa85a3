import { execFile } from 'node:child_process';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);
const createApp = '@backstage/create-app';

export type Frontend = 'new' | 'legacy';

interface Manifest {
  dependencies?: Record<string, string>;
  devDependencies?: Record<string, string>;
  resolutions?: Record<string, string>;
}

/** The newest release of Backstage and the one a year before it, as versions of @backstage/create-app. */
export async function newestAndYearBefore(): Promise<readonly string[]> {
  const { stdout } = await run('npm', ['view', createApp, '--json', 'dist-tags', 'time']);
  const { 'dist-tags': tags, time } = JSON.parse(stdout) as {
    'dist-tags': { latest: string };
    time: Readonly<Record<string, string>>;
  };
  const published = (version: string) => Date.parse(time[version]!);
  const yearBefore = published(tags.latest) - 365 * 24 * 60 * 60 * 1000;
  const before = Object.keys(time)
    .filter(version => /^\d+\.\d+\.\d+$/.test(version) && published(version) <= yearBefore)
    .sort((a, b) => published(b) - published(a))[0];
  return before ? [tags.latest, before] : [tags.latest];
}

/** A portal as @backstage/create-app makes it. */
export class FreshApp {
  readonly folder: string;
  private readonly tools: string;

  constructor(scratch: string) {
    this.folder = join(scratch, 'portal');
    this.tools = join(scratch, 'tools');
  }

  async create(release: string, frontend: Frontend): Promise<void> {
    await mkdir(this.tools, { recursive: true });
    await writeFile(join(this.tools, 'package.json'), '{}');
    // this Yarn only starts the one that the portal brings
    const packages = [`${createApp}@${release}`, 'yarn@1'];
    await run('npm', ['install', '--ignore-scripts', '--no-audit', '--no-fund', ...packages], { cwd: this.tools });
    const { stdout: help } = await this.run('backstage-create-app', ['--help'], this.tools);
    // which of them is the default has changed
    const flag = { new: '--next', legacy: '--legacy' }[frontend];
    const flags = help.includes(flag) ? [flag] : [];
    await this.run('backstage-create-app', ['--skip-install', '--path', this.folder, ...flags], this.tools);
    await this.change('package.json', manifest => {
      // its compiled part comes from GitHub, that of this version with the package
      manifest.resolutions = { ...manifest.resolutions, 'better-sqlite3': '13.2.0' };
    });
    await this.keepRelease('packages/backend');
  }

  /**
   * Later releases of a backend plugin satisfy the ranges too, and can ask for a newer backend than the portal's. The frontend stays
   * as it is: there, a package in two versions does not find its other half.
   */
  private async keepRelease(workspace: string): Promise<void> {
    await this.change(join(workspace, 'package.json'), manifest => {
      for (const ranges of [manifest.dependencies ?? {}, manifest.devDependencies ?? {}])
        for (const [name, range] of Object.entries(ranges))
          if (name.startsWith('@backstage/')) ranges[name] = range.replace(/^\^/, '');
    });
  }

  /** Adds packages to a workspace; those that are not in the registry come from files. */
  async add(workspace: string, name: string, files: Readonly<Record<string, string>>): Promise<void> {
    await this.change(join(workspace, 'package.json'), manifest => {
      manifest.dependencies = { ...manifest.dependencies, [name]: files[name] ? `file:${files[name]}` : '*' };
    });
    await this.change('package.json', manifest => {
      const resolutions = Object.entries(files).map(([file, path]) => [file, `file:${path}`]);
      manifest.resolutions = {
        ...manifest.resolutions,
        ...(Object.fromEntries(resolutions) as Record<string, string>),
      };
    });
  }

  async install(): Promise<void> {
    // no package of a portal needs what its scripts compile or fetch
    await this.yarn('install', '--mode=skip-build');
  }

  async yarn(...args: readonly string[]): Promise<void> {
    await this.run('yarn', args, this.folder);
  }

  private async run(program: string, args: readonly string[], cwd: string): Promise<{ stdout: string }> {
    const path = [join(this.tools, 'node_modules/.bin'), process.env['PATH']].join(delimiter);
    const env = {
      ...process.env,
      ...{ PATH: path, NODE_ENV: undefined, JEST_WORKER_ID: undefined, BACKSTAGE_APP_NAME: 'portal' },
      ...{ YARN_ENABLE_TELEMETRY: '0', YARN_ENABLE_IMMUTABLE_INSTALLS: 'false' },
    };
    return run(program, [...args], { cwd, env, maxBuffer: 64 * 2 ** 20 }).catch(
      (error: { readonly stdout?: string; readonly stderr?: string }) => {
        const last = `${error.stdout ?? ''}${error.stderr ?? ''}`.trim().split('\n').slice(-40).join('\n');
        throw new Error(`${program} ${args.join(' ')} failed in ${cwd}:\n${last}`);
      },
    );
  }

  private async change(path: string, edit: (manifest: Manifest) => void): Promise<void> {
    const file = join(this.folder, path);
    const manifest = JSON.parse(await readFile(file, 'utf8')) as Manifest;
    edit(manifest);
    await writeFile(file, JSON.stringify(manifest, null, 2));
  }
}
