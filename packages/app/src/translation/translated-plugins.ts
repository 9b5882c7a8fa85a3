import { ApiBlueprint, appLanguageApiRef } from '@backstage/frontend-plugin-api';
import type { ApiHolder, OverridableExtensionDefinition } from '@backstage/frontend-plugin-api';
import catalogPlugin from '@backstage/plugin-catalog/alpha';
import notificationsPlugin from '@backstage/plugin-notifications/alpha';
import scaffolderPlugin from '@backstage/plugin-scaffolder/alpha';
import userSettingsPlugin from '@backstage/plugin-user-settings/alpha';
import { templateInChinese } from './template-in-chinese.ts';

/** The plugins of Backstage whose pages and tabs have fixed English titles. */
export const translatedPlugins = [
  catalogPlugin.withOverrides({
    extensions: [
      titled(catalogPlugin.getExtension('page:catalog'), '目录'),
      titled(catalogPlugin.getExtension('page:catalog/entity'), '目录'),
      titled(catalogPlugin.getExtension('entity-content:catalog/overview'), '概览'),
    ],
  }),
  notificationsPlugin.withOverrides({
    extensions: [titled(notificationsPlugin.getExtension('page:notifications'), '通知')],
  }),
  scaffolderPlugin.withOverrides({
    extensions: [
      titled(scaffolderPlugin.getExtension('page:scaffolder'), '创建'),
      titled(scaffolderPlugin.getExtension('sub-page:scaffolder/templates'), '模板'),
      titled(scaffolderPlugin.getExtension('sub-page:scaffolder/tasks'), '任务'),
      titled(scaffolderPlugin.getExtension('sub-page:scaffolder/actions'), '操作'),
      titled(scaffolderPlugin.getExtension('sub-page:scaffolder/editor'), '模板编辑器'),
      titled(scaffolderPlugin.getExtension('sub-page:scaffolder/templating-extensions'), '模板扩展'),
      withTranslatedTemplates(),
    ],
  }),
  userSettingsPlugin.withOverrides({
    extensions: [
      titled(userSettingsPlugin.getExtension('page:user-settings'), '设置'),
      titled(userSettingsPlugin.getExtension('sub-page:user-settings/general'), '常规'),
      titled(userSettingsPlugin.getExtension('sub-page:user-settings/auth-providers'), '登录方式'),
      titled(userSettingsPlugin.getExtension('sub-page:user-settings/feature-flags'), '功能开关'),
    ],
  }),
];

function readsChinese(apis: ApiHolder): boolean {
  return apis.get(appLanguageApiRef)?.getLanguage().language === 'zh';
}

/** With this title for who reads Chinese, unless the configuration names another. */
function titled(extension: OverridableExtensionDefinition, chinese: string): OverridableExtensionDefinition {
  return extension.override({
    factory: (originalFactory, { apis, config }) =>
      originalFactory({
        config: { ...config, title: config['title'] ?? (readsChinese(apis) ? chinese : undefined) },
      }),
  });
}

interface Templates {
  getTemplateParameterSchema(...request: unknown[]): Promise<unknown>;
  getTask(...request: unknown[]): Promise<{ readonly spec: { readonly steps: readonly object[] } }>;
}

/** What templates ask, and the names of their steps, as the client of the scaffolder reads them. */
function withTranslatedTemplates() {
  return scaffolderPlugin.getExtension('api:scaffolder').override({
    factory: originalFactory => {
      const original = originalFactory().get(ApiBlueprint.dataRefs.factory);
      // the holder that an extension of an API gets knows no APIs yet
      const deps = { ...original.deps, appLanguage: appLanguageApiRef };
      const factory: typeof original.factory = given => {
        const client = original.factory(given) as Templates;
        const { language } = (given['appLanguage'] as typeof appLanguageApiRef.T).getLanguage();
        const ask = client.getTemplateParameterSchema.bind(client);
        const look = client.getTask.bind(client);
        return language === 'zh'
          ? Object.assign(client, {
              getTemplateParameterSchema: async (...of: unknown[]) => templateInChinese(await ask(...of)),
              // what somebody typed stays as it is
              getTask: async (...of: unknown[]) => {
                const task = await look(...of);
                return { ...task, spec: { ...task.spec, steps: templateInChinese(task.spec.steps) } };
              },
            })
          : client;
      };
      return [ApiBlueprint.dataRefs.factory({ ...original, deps, factory })];
    },
  });
}
