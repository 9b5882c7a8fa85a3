import { ConfigurationError, loadServiceFile } from '@fairway/service';
import type { ServiceFile } from '@fairway/service';
import { allInputs } from './arguments.ts';

/**
 * The service of a folder in an environment, with the inputs that its file names.
 * @throws ConfigurationError for an input that no stage has
 */
export async function environmentFile(folder: string, environment: string | undefined): Promise<ServiceFile> {
  const file = await loadServiceFile(folder, environment);
  const known = Object.keys(await allInputs());
  const unknown = Object.keys(file.inputs).find(name => !known.includes(name));
  if (unknown === undefined) return file;
  throw new ConfigurationError(
    `\`inputs.${unknown}\` is no input of a stage. docs/actions.md lists them; \`context\`, \`gateway\` and \`gateway-url\` are some.`,
    file.place('inputs', unknown),
  );
}
