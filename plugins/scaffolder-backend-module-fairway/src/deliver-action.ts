import { stat } from 'node:fs/promises';
import type { LoggerService, PermissionsService, RootConfigService } from '@backstage/backend-plugin-api';
import { resolveSafeChildPath } from '@backstage/backend-plugin-api';
import { InputError, NotAllowedError } from '@backstage/errors';
import { AuthorizeResult } from '@backstage/plugin-permission-common';
import { createTemplateAction } from '@backstage/plugin-scaffolder-node';
import { fairwayDeliveryStartPermission, serviceResourceRef } from '@fairway/backstage-plugin-fairway-common';
import { systemErrorCode } from '@fairway/service';
import { withoutCounting } from '@fairway/service/counting-lines';
import { type DeliverCommand, deliverCommand } from './deliver-options.ts';
import { describedService } from './described-service.ts';
import { deliveryResult } from './delivery-result.ts';
import { runCommand } from './run-command.ts';
import { serviceFolder, serviceNamePattern } from './service-folder.ts';

export interface DeliverActionOptions {
  readonly config: RootConfigService;
  readonly permissions: PermissionsService;
  /** Aborts when the portal ends. */
  readonly shutdown: AbortSignal;
}

/** `fairway:deliver`: the same delivery as `fairway deliver`, its stages told in the log of the task while they run. */
export function createDeliverAction({ config, permissions, shutdown }: DeliverActionOptions) {
  return createTemplateAction({
    id: 'fairway:deliver',
    description: 'Delivers a service that fairway:publish-folder published, and fails when its delivery does not pass.',
    supportsDryRun: true,
    schema: {
      input: {
        name: z => z.string().regex(serviceNamePattern).describe('Name of the service'),
        scripts: z =>
          z
            .array(z.string().regex(/^[\w-]+\.py$/))
            .optional()
            .describe('Python scripts of the service folder that run first, such as one that makes the model'),
      },
      output: {
        url: z => z.string().optional().describe('Base address of the service at the gateway'),
        reason: z => z.string().describe('What the last stage said'),
      },
    },
    async handler(ctx) {
      const { name, scripts = [] } = ctx.input;
      const folder = serviceFolder(config, name);
      const command = deliverCommand(config, folder);
      if (ctx.isDryRun) {
        ctx.logger.info(`Would deliver ${folder} to ${command.target}: ${words(command)}`);
        ctx.output('reason', 'A dry run delivers nothing.');
        return;
      }
      const resourceRef = serviceResourceRef(await describedService(folder, name));
      const [decision] = await permissions.authorize([{ permission: fairwayDeliveryStartPermission, resourceRef }], {
        credentials: await ctx.getInitiatorCredentials(),
      });
      if (decision?.result !== AuthorizeResult.ALLOW) {
        throw new NotAllowedError(
          `You may not start deliveries of ${name} from this portal (permission ${fairwayDeliveryStartPermission.name}). ${folder} is published; ask somebody who may, or deliver it from the command line.`,
        );
      }
      await requireFolder(folder);
      const signal = AbortSignal.any([shutdown, ...(ctx.signal ? [ctx.signal] : [])]);
      const onLine = withoutCounting(line => tell(ctx.logger, line), 2000);
      const run = async (one: Omit<DeliverCommand, 'target'>) => {
        const end = await runCommand({ ...one, signal, onLine });
        if (signal.aborted) {
          throw new Error(
            `The delivery of ${name} was cancelled. What was finished is kept; \`fairway deliver\` in ${folder} goes on from there.`,
          );
        }
        return end;
      };
      for (const script of scripts) {
        const path = resolveSafeChildPath(folder, script);
        const { status, lastLines } = await run({ program: 'python3', arguments: [path], directory: folder });
        if (status !== 0) throw new Error(`${script} ended with ${status}: ${lastLines.join('\n')}`);
      }
      ctx.logger.info(`Delivering ${folder} to ${command.target}: ${words(command)}`);
      const result = deliveryResult(name, await run(command));
      ctx.output('url', result.url);
      ctx.output('reason', result.reason);
    },
  });
}

function words(command: DeliverCommand): string {
  return [command.program, ...command.arguments].join(' ');
}

function tell(logger: LoggerService, line: string): void {
  if (/^✘|: error: /.test(line)) logger.error(line);
  else if (/^\?|: warning: /.test(line)) logger.warn(line);
  else logger.info(line);
}

async function requireFolder(folder: string): Promise<void> {
  const found = await stat(folder).catch((error: unknown) => {
    if (['ENOENT', 'ENOTDIR'].includes(systemErrorCode(error) ?? '')) return undefined;
    throw error;
  });
  if (!found?.isDirectory()) {
    throw new InputError(`There is no folder ${folder}. Publish the service with fairway:publish-folder first.`);
  }
}
