import { type AppLanguageApi, appLanguageApiRef } from '@backstage/frontend-plugin-api';
import { createExtensionTester } from '@backstage/frontend-test-utils';
import { EntityContentBlueprint } from '@backstage/plugin-catalog-react/alpha';
import { deliveryTab, deploymentsTab, logsTab } from './entity-extensions.tsx';

test.each([
  ['en', ['Delivery', 'Deployments', 'Logs']],
  ['zh', ['交付', '部署', '日志']],
  // of which the plugin has no texts
  ['fr', ['Delivery', 'Deployments', 'Logs']],
])('the tabs of a service are named in the language %s that the portal starts in', (language, names) => {
  const languages = { getLanguage: () => ({ language }) } as AppLanguageApi;
  const options = { apis: [[appLanguageApiRef, languages]] as const };
  const titles = [
    createExtensionTester(deliveryTab, options),
    createExtensionTester(deploymentsTab, options),
    createExtensionTester(logsTab, options),
  ].map(tab => tab.get(EntityContentBlueprint.dataRefs.title));
  expect(titles).toEqual(names);
});

test('a title of the configuration goes before', () => {
  const named = createExtensionTester(logsTab, { config: { title: 'Journal' } });
  expect(named.get(EntityContentBlueprint.dataRefs.title)).toBe('Journal');
});
