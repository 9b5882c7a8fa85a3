import { join } from 'node:path';
import { openRegistry } from '@fairway/clients/registry/index';
import { platformFolders } from '@fairway/platform/folders';
import { ConfigurationError } from '@fairway/service/configuration-error';
import { loadServiceFile } from '@fairway/service/service-file';
import { openTerminal } from '@fairway/stage/terminal';
import { parse } from '../parse.ts';
import { gigabytes, pushWeights } from './push-weights.ts';
import type { PushedWeights } from './push-weights.ts';
import { sourceOf } from './source.ts';

/** `fairway weights push`: puts the model of a service into a registry, for `model.weights.from: artifact`. */
export async function weightsCommand(argv: readonly string[], signal: AbortSignal): Promise<number> {
  const { values, positionals } = parse(
    argv,
    {
      registry: { type: 'string' },
      username: { type: 'string' },
      hub: { type: 'string' },
      environment: { type: 'string' },
      'dry-run': { type: 'boolean' },
      json: { type: 'boolean' },
    },
    2,
  );
  const given = values as Readonly<Record<string, string | undefined>>;
  const [verb, folder = '.'] = positionals;
  if (verb !== 'push')
    throw new ConfigurationError(
      `fairway weights takes push and a service folder; found ${verb === undefined ? 'nothing' : `"${verb}"`}.`,
    );
  const file = await loadServiceFile(folder, given['environment']);
  const registry = given['registry'] ?? inFile(file.inputs['registry']);
  if (!registry)
    throw new ConfigurationError(
      'fairway weights push takes --registry with a registry and a path, such as registry.example.com/models; found none. An environment names it with `inputs.registry` (docs/environments.md).',
    );
  const terminal = openTerminal(process.stderr);
  const { progress } = terminal.log('weights');
  const hub = {
    url: (given['hub'] ?? process.env['HF_ENDPOINT'] ?? 'https://huggingface.co').replace(/\/+$/, ''),
    token: process.env['HF_TOKEN'] || undefined,
  };
  let bytes = 0;
  const source = await sourceOf(file.service, folder, hub, join(platformFolders().cache, 'weights'), {
    signal,
    passed: (_doing, part) => progress(`reading ${file.service.model.path}: ${gigabytes((bytes += part))} GB`),
  });
  const place = `${registry.replace(/\/+$/, '')}/${source.repository}`;
  const slash = place.lastIndexOf('/');
  const login = {
    registry: place.slice(0, slash),
    username: given['username'],
    password: process.env['FAIRWAY_PASSWORD'],
  };
  const { client } = await openRegistry(login, place.slice(slash + 1), signal);
  const pushed = await pushWeights(client, source, { dryRun: values['dry-run'] === true, signal, progress });
  terminal.clear();
  const image = pushed.digest && `${place}:${source.tag}@${pushed.digest}`;
  process.stdout.write(
    values['json']
      ? `${JSON.stringify({ repository: place, tag: source.tag, revision: source.revision, image, ...pushed })}\n`
      : `${sentence(`${place}:${source.tag}`, pushed)}\n${image ? lines(image) : ''}`,
  );
  return 0;
}

function inFile(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}

function sentence(
  place: string,
  { digest, there, files = 0, bytes = 0, left = [], layers, sent }: PushedWeights,
): string {
  if (there) return `${place} is in the registry already: nothing was sent.`;
  const model = `${files} files with ${gigabytes(bytes)} GB in ${layers} layers`;
  const without =
    left.length === 0
      ? ''
      : ` ${left.length} files that no engine loads are left out: ${left.slice(0, 5).join(', ')}${left.length > 5 ? ' and more' : ''}.`;
  const parts = `${sent.layers} layers with ${gigabytes(sent.bytes)} GB`;
  if (digest === undefined) return `${place} would get ${model}, of which ${parts} would be sent at most.${without}`;
  return `${place} has ${model}, of which ${parts} were sent.${without}`;
}

/** What makes pods take it from there. */
function lines(image: string): string {
  return `\nUnder \`model\` of fairway.yaml:\n\n  weights:\n    from: artifact\n    image: ${image}\n`;
}
