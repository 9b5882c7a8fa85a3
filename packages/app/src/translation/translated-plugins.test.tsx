import { renderTestApp } from '@backstage/frontend-test-utils';
import { screen } from '@testing-library/react';
import { translationModule } from './module.tsx';
import { translatedPlugins } from './translated-plugins.ts';

function renderSettings(language: string, extensions: object[] = []) {
  localStorage.setItem('language', language);
  renderTestApp({
    features: [...translatedPlugins, translationModule],
    initialRouteEntries: ['/settings'],
    config: {
      app: {
        extensions: [{ 'api:app/app-language': { config: { availableLanguages: ['en', 'zh'] } } }, ...extensions],
      },
    },
  });
}

test.each([
  ['zh', '设置', '登录方式'],
  ['en', 'Settings', 'Authentication Providers'],
])('in %s a page of Backstage is called %s', async (language, title, tab) => {
  renderSettings(language);
  expect((await screen.findAllByText(title))[0]).toBeInTheDocument();
  expect((await screen.findAllByText(tab))[0]).toBeInTheDocument();
});

test('a title of the configuration stays in any language', async () => {
  renderSettings('zh', [{ 'page:user-settings': { config: { title: 'Ours' } } }]);
  expect((await screen.findAllByText('Ours'))[0]).toBeInTheDocument();
  expect(screen.queryByText('设置')).not.toBeInTheDocument();
});
