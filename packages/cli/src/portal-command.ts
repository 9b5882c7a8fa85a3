import { ConfigurationError } from '@fairway/service';
import { startPortal, stopPortal } from '@fairway/platform';
import { openTerminal } from '@fairway/stage/terminal';
import { parse } from './parse.ts';

/** `npm run portal`: the portal alone, for whatever platform is up. */
export async function portalCommand(argv: readonly string[], signal: AbortSignal): Promise<number> {
  const { positionals } = parse(argv, {}, 1);
  const [verb = 'start'] = positionals;
  const terminal = openTerminal(process.stderr);
  switch (verb) {
    case 'start': {
      const { url } = await startPortal({ signal, progress: terminal.log('portal').progress });
      terminal.clear();
      process.stdout.write(`The portal is at ${url}; fairway portal stop ends it.\n`);
      return 0;
    }
    case 'stop':
      await stopPortal();
      process.stdout.write('The portal is down.\n');
      return 0;
    default:
      throw new ConfigurationError(`fairway portal takes start or stop; found "${verb}".`);
  }
}
