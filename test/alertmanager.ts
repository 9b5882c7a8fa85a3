import { spawn } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { freePort } from '@fairway/clients/docker/free-port';
import { answers, ended } from './bare-api-server.ts';

/**
 * Debian's Alertmanager, alone.
 * @param part folder of the built part `monitoring`
 * @param configuration text of alertmanager.yml
 */
export async function startAlertmanager(
  part: string,
  folder: string,
  configuration: string,
): Promise<{ readonly url: string; stop(): Promise<void> }> {
  await writeFile(join(folder, 'alertmanager.yml'), configuration);
  const port = await freePort();
  // Debian's looks for its templates there and nowhere else; only this process sees them there
  const shown = [
    '--mount',
    'sh',
    '-c',
    'mount --bind "$1" /usr/share && shift && exec "$@"',
    'sh',
    `${part}/usr/share`,
  ];
  const child = spawn(
    'unshare',
    [
      ...[...shown, join(part, 'usr/bin/prometheus-alertmanager'), `--config.file=${folder}/alertmanager.yml`],
      ...[`--storage.path=${folder}/data`, `--web.listen-address=127.0.0.1:${port}`, '--cluster.listen-address='],
    ],
    { stdio: 'ignore', cwd: folder },
  );
  const url = `http://127.0.0.1:${port}`;
  await answers(child, `${url}/-/ready`);
  return { url, stop: () => ended(child) };
}
