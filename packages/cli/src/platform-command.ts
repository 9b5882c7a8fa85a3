import { ConfigurationError } from '@fairway/service';
import { down, status, up } from '@fairway/platform';
import { openTerminal } from '@fairway/stage/terminal';
import { parse } from './arguments.ts';

export async function platformCommand(argv: readonly string[], signal: AbortSignal): Promise<number> {
  const { values, positionals } = parse(argv, { json: { type: 'boolean' } });
  const [verb] = positionals;
  const terminal = openTerminal(process.stderr);
  const { progress } = terminal.log('platform');
  switch (verb) {
    case 'up': {
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
    default:
      throw new ConfigurationError(
        `fairway platform takes up, down or status; found ${verb === undefined ? 'nothing' : `"${verb}"`}.`,
      );
  }
}
