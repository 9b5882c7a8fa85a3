import { spawn } from 'node:child_process';
import { chmod, mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';

interface Container {
  readonly env?: readonly {
    readonly name: string;
    readonly value?: string;
    readonly valueFrom?: {
      readonly secretKeyRef: { readonly name: string; readonly key: string; readonly optional?: boolean };
    };
  }[];
  readonly volumeMounts: readonly { readonly name: string; readonly mountPath: string; readonly subPath?: string }[];
  readonly securityContext?: { readonly runAsUser?: number; readonly runAsGroup?: number };
}

export interface RenderedPod {
  /** The fields of a pod's specification. */
  readonly spec: Readonly<Record<string, unknown>>;
  /** Values of Secrets of the namespace by their name and key. */
  readonly secrets?: Readonly<Record<string, Readonly<Record<string, string>>>>;
  /** Variables that are no part of the pod. */
  readonly besides?: Readonly<Record<string, string>>;
}

/** Where the files of this repository and of Node lie in a container. */
const repository = resolve(import.meta.dirname, '..');
/** Of this machine, read-only, as an image has them. */
const system = ['/usr', '/etc', ...['/bin', '/lib', '/lib64']];

/**
 * Runs containers of a rendered pod without a cluster: as processes in a root of their own that cannot be written, with the user, the environment and the
 * volumes of the pod, each of which begins as an emptyDir. Needs root.
 */
export async function renderedPod({ spec, secrets = {}, besides = {} }: RenderedPod) {
  const folder = await mkdtemp(join(tmpdir(), 'fairway-pod-'));
  await chmod(folder, 0o755);

  const run = async (container: Container, user: number, command: readonly string[]) => {
    const environment = environmentOf(container, secrets);
    const mounts: string[] = [];
    for (const { name, mountPath, subPath } of container.volumeMounts) {
      const volume = join(folder, name);
      await mkdir(volume, { recursive: true });
      await chmod(volume, 0o777);
      const at = JSON.stringify(`$root${mountPath}`);
      mounts.push(`mkdir -p ${at} && mount --bind ${JSON.stringify(join(volume, subPath ?? ''))} ${at}`);
    }
    const own = [dirname(dirname(process.execPath)), repository];
    const script = `set -e
root=$(mktemp -d)
mount -t tmpfs tmpfs "$root"
for path in ${[...system, ...own].join(' ')}; do mkdir -p "$root$path"; mount --rbind "$path" "$root$path"; mount -o remount,bind,ro "$root$path"; done
mkdir "$root/proc" "$root/dev" && mount --rbind /proc "$root/proc" && mount --rbind /dev "$root/dev"
${mounts.join('\n')}
mount -o remount,ro "$root"
exec chroot "$root" setpriv --reuid ${user} --regid ${container.securityContext?.runAsGroup ?? user} --clear-groups --no-new-privs --bounding-set=-all "$@"`;
    const child = spawn('unshare', ['--mount', 'sh', '-c', script, 'sh', ...command], {
      env: { PATH: '/usr/sbin:/usr/bin:/sbin:/bin', HOME: '/', ...environment, ...besides },
    });
    let said = '';
    for (const stream of [child.stdout, child.stderr]) stream.on('data', chunk => (said += chunk));
    const code = await new Promise<number | null>((done, failed) => child.on('error', failed).on('close', done));
    return { code, said };
  };

  return {
    /** Runs the program of services/weights in an init container. */
    async before(name: string): Promise<{ readonly code: number | null; readonly said: string }> {
      const found = (spec['initContainers'] as (Container & { readonly name: string })[]).find(
        one => one.name === name,
      );
      if (!found) throw new Error(`The pod has no init container ${name}.`);
      const main = join(repository, 'services/weights/src/main.ts');
      return run(found, found.securityContext?.runAsUser ?? 0, [process.execPath, main]);
    },
    /** Runs a command in the container of the engine, as a user that no init container has. */
    async engine(command: readonly string[]): Promise<{ readonly code: number | null; readonly said: string }> {
      return run((spec['containers'] as Container[])[0]!, 1000, command);
    },
    remove: () => rm(folder, { recursive: true }),
  };
}

function environmentOf(
  { env = [] }: Container,
  secrets: Readonly<Record<string, Readonly<Record<string, string>>>>,
): Readonly<Record<string, string>> {
  return Object.fromEntries(
    env.flatMap(({ name, value, valueFrom }) => {
      const { name: secret = '', key = '', optional } = valueFrom?.secretKeyRef ?? {};
      const found = valueFrom ? secrets[secret]?.[key] : (value ?? '');
      if (found !== undefined) return [[name, found]];
      if (optional) return [];
      throw new Error(`The pod waits for the key ${key} of the Secret ${secret}.`);
    }),
  );
}
