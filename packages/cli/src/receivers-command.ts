import { readFile } from 'node:fs/promises';
import { stringify } from 'yaml';
import { ConfigurationError } from '@fairway/service';
import { parseAlertReceivers } from '@fairway/service/alert-receivers';
import { requireRegularFile } from '@fairway/service/regular-file';
import { alertmanagerConfiguration } from '@fairway/targets/metrics/alert-routes';
import { parse } from './parse.ts';

/** `fairway receivers`: Alertmanager's configuration for a file that says who is notified of what. */
export async function receiversCommand(argv: readonly string[]): Promise<number> {
  const { positionals } = parse(argv, {});
  const [file, ...more] = positionals;
  if (file === undefined || more.length > 0)
    throw new ConfigurationError(
      `fairway receivers takes one file of receivers; found ${positionals.length === 0 ? 'none' : positionals.join(', ')}. docs/alerts.md shows one.`,
    );
  await requireRegularFile(file);
  const text = await readFile(file, 'utf8').catch((error: Error) => {
    throw new ConfigurationError(`The file of receivers cannot be read: ${error.message}.`, { file });
  });
  process.stdout.write(stringify(alertmanagerConfiguration(parseAlertReceivers(text, file))));
  return 0;
}
