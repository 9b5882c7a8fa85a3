import type { BackendFeature } from '@backstage/backend-plugin-api';
import { TestDatabases, mockServices, startTestBackend } from '@backstage/backend-test-utils';
import type { Entity } from '@backstage/catalog-model';
import { catalogServiceMock } from '@backstage/plugin-catalog-node/testUtils';
import type { JsonObject } from '@backstage/types';
import request from 'supertest';
import scaffolderModuleFairway from '../index.ts';

export interface TaskEvent {
  readonly type: string;
  readonly createdAt: string;
  readonly body: { readonly message: string; readonly stepId?: string; readonly status?: string };
}

export interface FinishedTask {
  readonly status: string;
  readonly events: readonly TaskEvent[];
  readonly output: JsonObject;
}

export interface Scaffolder {
  dryRun(
    template: JsonObject,
    values: JsonObject,
    files: readonly { path: string; base64Content: string }[],
  ): Promise<{
    readonly status: number;
    readonly body: {
      readonly directoryContents: readonly { path: string; base64Content: string }[];
      readonly log: readonly { body: { message: string } }[];
      readonly errors?: readonly { message?: string; stack?: string }[];
    };
  }>;
  /** Starts a task; its events are there as soon as they are written. */
  start(template: string, values: JsonObject): Promise<string>;
  events(id: string): Promise<readonly TaskEvent[]>;
  cancel(id: string): Promise<void>;
  finished(id: string): Promise<FinishedTask>;
}

// The test tools stop the backend before this. It asks once a second whether a task was cancelled, also one that has just
// ended; a database that is gone by then would end the process.
afterAll(async () => {
  await new Promise(resolve => setTimeout(resolve, 1500));
});
const databases = TestDatabases.create({ ids: ['SQLITE_3'] });

/** A scaffolder backend with the actions of Fairway, and a catalog that has the templates. */
export async function startScaffolder(
  config: JsonObject,
  templates: readonly Entity[] = [],
  permissions: BackendFeature = mockServices.permissions.factory(),
): Promise<Scaffolder> {
  const { server } = await startTestBackend({
    features: [
      // the types have CommonJS's default one level deeper than startTestBackend's; it takes both
      import('@backstage/plugin-scaffolder-backend') as unknown as Promise<{ default: BackendFeature }>,
      scaffolderModuleFairway,
      catalogServiceMock.factory({ entities: [...templates] }),
      permissions,
      mockServices.database.factory({ knex: await databases.init('SQLITE_3') }),
      mockServices.rootConfig.factory({ data: config }),
    ],
  });
  const tasks = '/api/scaffolder/v2/tasks';
  const events = async (id: string): Promise<readonly TaskEvent[]> =>
    (await request(server).get(`${tasks}/${id}/events`)).body;
  return {
    events,
    dryRun: async (template, values, directoryContents) =>
      await request(server).post('/api/scaffolder/v2/dry-run').send({ template, values, directoryContents }),
    async start(template, values) {
      const answer = await request(server)
        .post(tasks)
        .send({ templateRef: `template:default/${template}`, values });
      if (answer.status !== 201) throw new Error(`the task was refused: ${answer.status} ${answer.text}`);
      return answer.body.id;
    },
    async cancel(id) {
      await request(server).post(`${tasks}/${id}/cancel`).send({});
    },
    async finished(id) {
      for (;;) {
        const { body } = await request(server).get(`${tasks}/${id}`);
        if (body.status !== 'open' && body.status !== 'processing') {
          const all = await events(id);
          const end = all.find(event => event.type === 'completion') as { body?: { output?: JsonObject } } | undefined;
          return { status: body.status, events: all, output: end?.body?.output ?? {} };
        }
        await new Promise(resolve => setTimeout(resolve, 50));
      }
    },
  };
}

/** A template of one step, as the catalog has it. */
export function templateOfStep(name: string, action: string, input: JsonObject): Entity {
  return {
    apiVersion: 'scaffolder.backstage.io/v1beta3',
    kind: 'Template',
    metadata: { name, namespace: 'default' },
    spec: { type: 'service', parameters: [], steps: [{ id: 'step', name: action, action, input }], output: {} },
  };
}

export function messages(events: readonly TaskEvent[]): string {
  return events.map(event => event.body.message).join('\n');
}
