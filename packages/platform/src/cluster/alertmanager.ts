import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { stringify } from 'yaml';
import { parseAlertReceivers } from '@fairway/service/alert-receivers';
import { alertmanagerConfiguration } from '@fairway/targets/metrics/alert-routes';
import { awaitCondition } from '../await-condition.ts';
import { receiversFile } from '../folders.ts';
import { hasCode } from '../has-code.ts';
import { lastLines } from '../last-lines.ts';
import { Sandbox, sandboxName } from '../sandbox.ts';

export interface StartAlertmanager {
  /** Of its sandbox. */
  readonly folder: string;
  /** Its configuration and its silences. */
  readonly monitoring: string;
  readonly parts: { readonly sandbox: string; readonly monitoring: string };
  readonly port: number;
  readonly signal: AbortSignal;
}

/**
 * Starts Alertmanager, or takes the one that runs, with the receivers as they are now. It shares the host's network, unlike the cluster: what it
 * calls is outside.
 */
export async function startAlertmanager({ folder, monitoring, parts, port, signal }: StartAlertmanager): Promise<void> {
  const configuration = join(monitoring, 'alertmanager.yml');
  const storage = join(monitoring, 'alertmanager');
  await mkdir(storage, { recursive: true, mode: 0o755 });
  // 0600: the addresses of webhooks may be credentials
  await writeFile(configuration, stringify(await routes()), { mode: 0o600 });
  const url = `http://127.0.0.1:${port}`;
  const started = await new Sandbox(folder).start(
    join(parts.sandbox, 'sandbox'),
    {
      name: sandboxName('alertmanager', folder),
      state: folder,
      // Debian's looks for its pages and templates there and nowhere else
      merge: { '/usr/share': join(parts.monitoring, 'usr/share') },
      processes: [
        {
          name: 'alertmanager',
          grace: 5,
          command: [
            join(parts.monitoring, 'usr/bin/prometheus-alertmanager'),
            `--config.file=${configuration}`,
            `--storage.path=${storage}`,
            `--web.listen-address=127.0.0.1:${port}`,
            `--web.external-url=${url}/`,
            // there is only one
            '--cluster.listen-address=',
          ],
        },
      ],
    },
    signal,
    async () => {},
  );
  await awaitCondition({
    tool: 'alertmanager',
    what: `alertmanager at 127.0.0.1:${port}`,
    seconds: 60,
    signal,
    check: async within => {
      const { status, ok } = started
        ? await fetch(`${url}/-/ready`, { signal: within })
        : await fetch(`${url}/-/reload`, { method: 'POST', signal: within });
      return ok || `it answers ${status}`;
    },
    said: () => lastLines(join(folder, 'log/alertmanager.log')),
  });
}

/** Who is told of alerts beside the portal: nobody, unless this user has a file of receivers. */
async function routes(): Promise<object> {
  const file = receiversFile();
  const text = await textOf(file);
  if (text === undefined) return { route: { receiver: 'nobody' }, receivers: [{ name: 'nobody' }] };
  return alertmanagerConfiguration(parseAlertReceivers(text, file));
}

async function textOf(file: string): Promise<string | undefined> {
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    if (hasCode(error, 'ENOENT')) return undefined;
    throw error;
  }
}
