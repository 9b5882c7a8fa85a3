import type { RootConfigService } from '@backstage/backend-plugin-api';
import { createTemplateAction } from '@backstage/plugin-scaffolder-node';
import { publishFolder } from './publish-folder.ts';
import { serviceFolder, serviceNamePattern } from './service-folder.ts';

/** `fairway:publish-folder`: the workspace as a Git repository on the machine of the portal. */
export function createPublishFolderAction({ config }: { config: RootConfigService }) {
  return createTemplateAction({
    id: 'fairway:publish-folder',
    description:
      'Makes the workspace a Git repository with one commit in the folder fairway.localServices.folder of the machine of the portal.',
    supportsDryRun: true,
    schema: {
      input: {
        name: z => z.string().regex(serviceNamePattern).describe('Name of the service, and of its folder'),
        description: z => z.string().optional().describe('Goes into the message of the commit'),
        branch: z => z.string().optional().describe('Name of the branch; default: main'),
      },
      output: {
        folder: z => z.string().describe('Absolute path of the folder'),
        commit: z => z.string().describe('Identifier of the commit; absent in a dry run'),
      },
    },
    async handler(ctx) {
      const { name, description, branch = 'main' } = ctx.input;
      const folder = serviceFolder(config, name);
      ctx.output('folder', folder);
      if (ctx.isDryRun) {
        ctx.logger.info(`Would make the Git repository ${folder} with one commit on the branch ${branch}.`);
        return;
      }
      const profile = ctx.user?.entity?.spec.profile;
      const commit = await publishFolder({
        from: ctx.workspacePath,
        to: folder,
        branch,
        message: description ? `Start ${name}\n\n${description}\n` : `Start ${name}\n`,
        author: {
          name: profile?.displayName ?? ctx.user?.ref ?? config.getOptionalString('scaffolder.defaultAuthor.name'),
          email: profile?.email ?? config.getOptionalString('scaffolder.defaultAuthor.email'),
        },
      });
      ctx.logger.info(`${folder} is a Git repository with the commit ${commit} on the branch ${branch}.`);
      ctx.output('commit', commit);
    },
  });
}
