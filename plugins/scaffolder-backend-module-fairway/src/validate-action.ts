import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { resolveSafeChildPath } from '@backstage/backend-plugin-api';
import { InputError } from '@backstage/errors';
import { createTemplateAction } from '@backstage/plugin-scaffolder-node';
import { checkArguments, checkNodes, mainMemoryProblem } from '@fairway/engines';
import { ConfigurationError, parseServiceFile, type Service, serviceFileName, systemErrorCode } from '@fairway/service';

/** `fairway:validate`: what `prepare` would say of fairway.yaml, before anything is published. */
export function createValidateAction() {
  return createTemplateAction({
    id: 'fairway:validate',
    description: 'Validates fairway.yaml in the workspace and names every problem with its line.',
    supportsDryRun: true,
    schema: {
      input: {
        path: z =>
          z.string().optional().describe('Folder of the workspace that holds fairway.yaml; default: the workspace'),
      },
      output: {
        name: z => z.string().describe('Name of the service'),
        namespace: z => z.string().describe('Kubernetes namespace of the service'),
        engine: z => z.string().describe('The inference engine'),
      },
    },
    async handler(ctx) {
      const path = ctx.input.path ?? '.';
      const service = await serviceIn(resolveSafeChildPath(ctx.workspacePath, path), path);
      ctx.logger.info(
        `${serviceFileName} is valid: ${service.name} serves ${service.model.name} on ${service.engine.name}.`,
      );
      ctx.output('name', service.name);
      ctx.output('namespace', service.namespace);
      ctx.output('engine', service.engine.name);
    },
  });
}

async function serviceIn(folder: string, path: string): Promise<Service> {
  // as the author of the template knows it: the workspace has another place in every task
  const file = join(path, serviceFileName);
  try {
    const read = parseServiceFile(await readFile(join(folder, serviceFileName), 'utf8'), folder, file);
    const memory = mainMemoryProblem(read);
    if (memory) throw new ConfigurationError(memory.message, memory.at);
    checkNodes(read);
    checkArguments(read);
    return read.service;
  } catch (error) {
    if (error instanceof ConfigurationError) throw new InputError(error.message, error);
    const code = systemErrorCode(error);
    if (code === 'ENOENT' || code === 'ENOTDIR') {
      throw new InputError(
        `The workspace has no ${file}. Render the service into the workspace before this step, or name its folder with the input path.`,
      );
    }
    throw error;
  }
}
