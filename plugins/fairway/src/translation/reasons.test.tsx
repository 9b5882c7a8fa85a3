import { screen } from '@testing-library/react';
import { ResponseError } from '@backstage/errors';
import { renderTestApp } from '@backstage/frontend-test-utils';
import type { CodedReason } from '@fairway/backstage-plugin-fairway-common';
import { english, reasonOf, type Reason } from '@fairway/service/reasons/reason';
import { fairwayApiRef } from '../client/fairway-api.ts';
import fairwayPlugin from '../index.ts';
import { type Answers, FakeFairway } from '../testing/fake-fairway.ts';

// holes, nesting and markup of the translation are words like any other
const words = '0/2 nodes are available: {{pod}} <b>$t(state.loading)</b> $1.';
const coded = reasonOf('pod.noGpuNor', {
  gpus: reasonOf('gpus.many', { number: 2 }),
  resource: 'nvidia.com/gpu',
  others: reasonOf('list.and', { first: reasonOf('resource.cpu'), second: 'example.com/fast' }),
  words,
});
const sentence = `No node has 2 free GPUs of the class asked for (nvidia.com/gpu), and some lack CPU and example.com/fast: ${words}`;

/** A page of a portal in that language with these answers. */
function open(language: string, deployments: Answers['deployments']) {
  localStorage.setItem('language', language);
  renderTestApp({
    features: [fairwayPlugin],
    initialRouteEntries: ['/fairway/deployments'],
    apis: [[fairwayApiRef, new FakeFairway({ deployments })]],
    config: {
      app: { extensions: [{ 'api:app/app-language': { config: { availableLanguages: ['en', 'zh'] } } }] },
    },
  });
}

/** The backend says this of a cluster. */
function show(language: string, reason: CodedReason | undefined) {
  const cluster = { name: 'east', state: 'unreachable' as const, message: sentence, coded: reason };
  open(language, () => ({ clusters: [cluster], items: [] }));
}

const part = (code: string): Reason => ({ code, parameters: {} }) as unknown as Reason;

test.each<[string, string, CodedReason | undefined, string]>([
  ['in English, as the command line has it', 'en', coded, sentence],
  [
    'in Chinese',
    'zh',
    coded,
    `没有节点具有 2 个空闲的 GPU（所申请类别的 nvidia.com/gpu），且部分节点还缺少以下资源：CPU、example.com/fast。调度器的消息：“${words}”。`,
  ],
  ['in the words of the backend, where there is no code', 'zh', undefined, sentence],
  ['where the code is not known here', 'zh', { code: 'pod.newer', parameters: {} }, sentence],
  [
    'where that of a part is not known here',
    'zh',
    { ...coded, parameters: { ...coded.parameters, gpus: part('gpus.newer') } },
    sentence,
  ],
  ['where a parameter is missing', 'zh', { code: coded.code, parameters: { words } }, sentence],
])('a reason %s', async (_where, language, reason, shown) => {
  expect(english(coded)).toBe(sentence);
  show(language, reason);
  expect(await screen.findByText(shown)).toBeInTheDocument();
});

// the library of the translation has a meaning of its own for a parameter of the name context
test('an error of an outside system is in Chinese but for its own words', async () => {
  const reason = reasonOf('list.then', {
    first: reasonOf('tool.endedSo', {
      ...{ tool: 'kubernetes', status: 403, request: reasonOf('kubernetes.checking', { context: 'prod' }) },
      sentence: reasonOf('kubernetes.mayNot', { missing: 'create pods' }),
    }),
    second: reasonOf('kubernetes.forbidden'),
  });
  expect(english(reason)).toBe(
    'kubernetes: checking permissions in context "prod" ended with 403: the login may not create pods. Ask an administrator of the cluster for this permission.',
  );
  show('zh', reason);
  expect(
    await screen.findByText(
      'kubernetes：检查上下文“prod”中的权限 失败（403）：该登录账号没有以下权限：create pods。请向集群管理员申请此权限。',
    ),
  ).toBeInTheDocument();
});

test.each([
  ['en', 'The portal watches no cluster of the name "north".'],
  ['zh', '门户没有监视名为“north”的集群。'],
])('what is said in place of an answer is in the language of the reader, %s', async (language, shown) => {
  const reason = reasonOf('answer.noCluster', { cluster: 'north' });
  const error = { name: 'NotFoundError', message: english(reason), coded: reason };
  const response = Response.json({ error, response: { statusCode: 404 } }, { status: 404 });
  open(language, () => ResponseError.fromResponse(response).then(failure => Promise.reject(failure)));
  expect(await screen.findByText(shown)).toBeInTheDocument();
});
