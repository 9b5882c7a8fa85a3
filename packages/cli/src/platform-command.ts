import { ConfigurationError } from '@fairway/service';
import { down, optionalParts, platformFolders, pushImages, status, up, writeWithout } from '@fairway/platform';
import type { OptionalPart } from '@fairway/platform';
import { openTerminal } from '@fairway/stage/terminal';
import { parse } from './parse.ts';

export async function platformCommand(argv: readonly string[], signal: AbortSignal): Promise<number> {
  const { values, positionals } = parse(
    argv,
    {
      json: { type: 'boolean' },
      with: { type: 'string', multiple: true },
      without: { type: 'string', multiple: true },
      registry: { type: 'string' },
      username: { type: 'string' },
    },
    1,
  );
  const [verb] = positionals;
  const change = { with: partsIn('--with', values['with']), without: partsIn('--without', values['without']) };
  if (verb !== 'up' && (values['with'] || values['without']))
    throw new ConfigurationError('Parts of the platform are switched with fairway platform up --with or --without.');
  const terminal = openTerminal(process.stderr);
  const { progress } = terminal.log('platform');
  switch (verb) {
    case 'up': {
      await writeWithout(platformFolders().state, change);
      const state = await up({ signal, progress });
      terminal.clear();
      process.stdout.write(
        values['json']
          ? `${JSON.stringify(state)}\n`
          : 'The platform is up; fairway platform status lists its parts.\n',
      );
      return 0;
    }
    case 'down':
      await down({ progress });
      terminal.clear();
      process.stdout.write('The platform is down.\n');
      return 0;
    case 'status': {
      const components = await status();
      if (values['json']) process.stdout.write(`${JSON.stringify({ components })}\n`);
      else if (components.length === 0) process.stdout.write('The platform is down; fairway platform up starts it.\n');
      for (const component of values['json'] ? [] : components) {
        process.stdout.write(
          `${component.running ? 'up  ' : 'down'}  ${component.name.padEnd(14)} ${component.detail}\n`,
        );
      }
      return components.length > 0 && components.every(component => component.running) ? 0 : 1;
    }
    case 'images': {
      const { registry, username } = values as { readonly registry?: string; readonly username?: string };
      if (!registry)
        throw new ConfigurationError(
          'fairway platform images takes --registry with a registry and a path, such as registry.example.com/fairway; found none.',
        );
      const password = process.env['FAIRWAY_PASSWORD'];
      const pushed = await pushImages({ login: { registry, username, password }, signal, progress });
      terminal.clear();
      const lines = [...pushed].map(([name, reference]) => `kustomize edit set image ${name}=${reference}\n`);
      process.stdout.write(values['json'] ? `${JSON.stringify(Object.fromEntries(pushed))}\n` : lines.join(''));
      return 0;
    }
    default:
      throw new ConfigurationError(
        `fairway platform takes up, down, status or images; found ${verb === undefined ? 'nothing' : `"${verb}"`}.`,
      );
  }
}

function partsIn(flag: string, given: unknown): readonly OptionalPart[] {
  return ((given ?? []) as readonly string[]).map(text => {
    const part = optionalParts.find(name => name === text);
    if (part) return part;
    throw new ConfigurationError(
      `${flag} takes a part that the platform can do without (${optionalParts.join(', ')}); found "${text}".`,
    );
  });
}
