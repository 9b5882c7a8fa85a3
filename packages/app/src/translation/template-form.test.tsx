import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { discoveryApiRef, fetchApiRef } from '@backstage/frontend-plugin-api';
import { mockApis, renderTestApp } from '@backstage/frontend-test-utils';
import { screen } from '@testing-library/react';
import { parse } from 'yaml';
import { translationModule } from './module.tsx';
import { translatedPlugins } from './translated-plugins.ts';

const file = join(__dirname, '../../../../templates/inference-service/template.yaml');
const { metadata, spec } = parse(readFileSync(file, 'utf8'), { merge: true }) as {
  metadata: object;
  spec: { parameters: { title: string }[] };
};
/** As the backend of the scaffolder gives a form; of its pages the first one, whose fields are Backstage's own. */
const form = {
  ...metadata,
  steps: spec.parameters.slice(0, 1).map(({ title, ...schema }) => ({ title, schema: { type: 'object', ...schema } })),
};

/** Answers as the backend would that has this template alone. */
async function answer(input: string | URL | Request): Promise<Response> {
  const { pathname } = new URL(input instanceof Request ? input.url : input);
  const known = pathname.endsWith('/parameter-schema');
  return { ok: known, status: known ? 200 : 404, json: async () => form } as Response;
}

test.each([
  ['zh', '模型和引擎', '引擎', 'llama.cpp 和一个很小的模型，任何机器都能运行'],
  ['en', 'Model and engine', 'Engine', 'llama.cpp with a tiny model, for any machine'],
])('in %s the form of a service asks for %s', async (language, page, field, choice) => {
  localStorage.setItem('language', language);
  renderTestApp({
    features: [...translatedPlugins, translationModule],
    initialRouteEntries: ['/create/templates/default/inference-service'],
    apis: [
      [discoveryApiRef, mockApis.discovery({ baseUrl: 'http://portal.test' })],
      [fetchApiRef, { fetch: answer }],
    ],
    config: {
      app: { extensions: [{ 'api:app/app-language': { config: { availableLanguages: ['en', 'zh'] } } }] },
    },
  });
  expect((await screen.findAllByText(page, {}, { timeout: 20_000 }))[0]).toBeInTheDocument();
  expect((await screen.findAllByText(field))[0]).toBeInTheDocument();
  expect(screen.getAllByText(choice)[0]).toBeInTheDocument();
});
