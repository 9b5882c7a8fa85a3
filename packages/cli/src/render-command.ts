import { resolve } from 'node:path';
import { ConfigurationError } from '@fairway/service';
import { environmentOf } from '@fairway/stage';
import { openTerminal } from '@fairway/stage/terminal';
import { stageArguments } from './arguments.ts';
import { environmentFile } from './environment-file.ts';
import { localInputs } from './local-inputs.ts';
import { renderService } from './render.ts';
import { loadStage } from './stages.ts';

/** Writes the objects of a service as files. */
export async function renderCommand(argv: readonly string[], signal: AbortSignal): Promise<number> {
  const { values, folder, inputs } = await stageArguments('render', argv, process.env, {
    to: { type: 'string' },
    json: { type: 'boolean' },
  });
  const to = values['to'] as string | undefined;
  if (!to)
    throw new ConfigurationError(
      '--to is missing: the folder that the objects are written to, empty or rendered before.',
    );
  const environment = environmentOf(inputs, { environment: process.env });
  const { service, inputs: ofEnvironment } = await environmentFile(resolve(folder), environment);
  const terminal = openTerminal(process.stderr);
  const given =
    (inputs['context'] ?? ofEnvironment['context'])
      ? inputs
      : await localInputs({ ...ofEnvironment, ...inputs }, signal, terminal.log('platform'));
  const { revision, written, removed, notes } = await renderService(
    given,
    stage => ({
      folder: resolve(folder),
      log: terminal.log(stage),
      signal,
      now: () => new Date(),
      environment: process.env,
      inputName: input => `--${input}`,
    }),
    loadStage,
    resolve(to),
  ).finally(() => terminal.clear());
  for (const note of notes) terminal.line(note);
  if (values['json'])
    process.stdout.write(`${JSON.stringify({ folder: resolve(to), revision, written, removed, notes })}\n`);
  else
    process.stdout.write(
      `${written.length} objects of ${service.name} (version ${revision}) are in ${to}; ${removed.length} files of before went.\n`,
    );
  return 0;
}
