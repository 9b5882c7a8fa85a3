import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ConfigurationError, loadService, loadServiceFile, parseServiceFile, sourceDigest } from './index.ts';

const smallest = `apiVersion: fairway.dev/v1alpha1
kind: InferenceService
name: hello-llm
owner: team-hello
engine:
  name: llamacpp
model:
  name: hello-tiny
  path: model/hello-tiny.gguf
`;

function complaint(content: string): string {
  try {
    parseServiceFile(content, '.', 'fairway.yaml');
  } catch (error) {
    if (error instanceof ConfigurationError) return error.message;
    throw error;
  }
  return 'no complaint';
}

test('fills in every default', () => {
  const { service } = parseServiceFile(smallest, '.', 'fairway.yaml');
  expect(service).toEqual({
    apiVersion: 'fairway.dev/v1alpha1',
    kind: 'InferenceService',
    name: 'hello-llm',
    owner: 'team-hello',
    namespace: 'hello-llm',
    engine: { name: 'llamacpp', arguments: [] },
    model: { name: 'hello-tiny', path: 'model/hello-tiny.gguf' },
    build: { dockerfile: 'Dockerfile', context: '.', arguments: {} },
    image: { compression: 'gzip' },
    resources: { replicas: 1, cpu: '500m', memory: '512Mi' },
    startup: { schedulingSeconds: 600, pullSeconds: 1800 },
    workload: { kind: 'Deployment', nodes: 1, pullSecrets: [], nodeSelector: {}, tolerations: [], patches: [] },
    serving: { contextLength: 2048, sequences: 4, port: 8080 },
    access: {
      chatScope: 'llm:chat',
      modelsScope: 'llm:read',
      roles: [],
      limitsUnavailable: 'allow',
      claims: [],
      requestsPerMinute: 600,
      maxRequestBytes: 1048576,
    },
    scan: { failOn: 'high', exceptions: [], vex: [], unknownPackages: [] },
    objectives: {
      availability: 99.5,
      timeToFirstToken: { percentile: 95, milliseconds: 1500 },
      interTokenLatency: { percentile: 95, milliseconds: 250 },
      goodput: 95,
      confidence: 95,
    },
    load: { requestsPerSecond: 2, maxSeconds: undefined, promptTokens: 32, outputTokens: 16 },
    release: {
      steps: [
        { weight: 25, seconds: 5, maxSeconds: 600 },
        { weight: 100, seconds: 5, maxSeconds: 600 },
      ],
      undecided: 'back',
      slowdown: 2,
      surge: 1,
      keep: 15,
      brokenOff: 'back',
      freeze: [],
    },
  });
});

test('a release without room for as many pods again keeps no version before', () => {
  const release = (written: string) =>
    parseServiceFile(`${smallest}resources: { replicas: 2 }\nrelease: { ${written} }\n`, '.', 'fairway.yaml').service
      .release;
  expect(release('')).toMatchObject({ surge: 2, keep: 15 });
  expect(release('surge: 1')).toMatchObject({ surge: 1, keep: 0 });
  expect(release('surge: 1, keep: 5')).toMatchObject({ surge: 1, keep: 5 });
});

test.each([
  ['cpu: 2', { cpu: '2' }],
  ['cpu: 0.5', { cpu: '0.5' }],
  ['memory: 1.5Gi', { memory: '1.5Gi' }],
  ['memory: 536870912', { memory: '536870912' }],
  ['gpu: { class: nvidia-l4-24gb }', { gpu: { class: 'nvidia-l4-24gb', count: 1 } }],
])('takes resources %s', (written, read) => {
  expect(
    parseServiceFile(`${smallest}resources: { ${written} }\n`, '.', 'fairway.yaml').service.resources,
  ).toMatchObject(read);
});

test.each([
  [
    'a release of one pod that has nowhere to go',
    'release: { surge: 0 }',
    '10:19: `release.surge` must be 1 or more with 1 replica: its only pod would have to stop before the pod of the new version starts, and nobody would answer in between; found the number 0.',
  ],
  [
    'a key with a slip',
    'replica: 2',
    '10:1: `replica` is not a key of fairway.yaml. It belongs to `resources.replicas`.',
  ],
  [
    'a key in the wrong case',
    'serving: { contextlength: 512 }',
    '10:12: `serving.contextlength` is not a key of fairway.yaml. Did you mean `contextLength`?',
  ],
  [
    'a key that belongs elsewhere',
    'replicas: 2',
    '10:1: `replicas` is not a key of fairway.yaml. It belongs to `resources.replicas`.',
  ],
  [
    'a key from nowhere',
    'release: { colour: red }',
    '10:12: `release.colour` is not a key of fairway.yaml. Allowed here: steps, undecided, slowdown, surge, keep, brokenOff, provenance, freeze.',
  ],
  ['a wrong type', 'serving: { port: "8080" }', '10:18: `serving.port` must be a number; found the text "8080".'],
  [
    'a fraction',
    'resources: { replicas: 1.5 }',
    '10:24: `resources.replicas` must be a whole number; found the number 1.5.',
  ],
  ['a privileged port', 'serving: { port: 80 }', '10:18: `serving.port` must be at least 1024; found the number 80.'],
  ['a list for a mapping', 'scan: []', '10:7: `scan` must be a mapping; found a list.'],
  ['nothing where a mapping belongs', 'build:', '`build` must be a mapping; found nothing.'],
  [
    'a number among build arguments',
    'build: { arguments: { A: 1.10 } }',
    '10:26: `build.arguments.A` must be text; found the number 1.1.',
  ],
  [
    'CPU that is none',
    'resources: { cpu: lots }',
    '10:19: `resources.cpu` must be a Kubernetes CPU quantity over zero and below 10000 such as 500m or 2; found the text "lots".',
  ],
  [
    'no CPU at all',
    'resources: { cpu: 0m }',
    '10:19: `resources.cpu` must be a Kubernetes CPU quantity over zero and below 10000 such as 500m or 2; found the text "0m".',
  ],
  [
    'memory in a unit nobody knows',
    'resources: { memory: 2GB }',
    '10:22: `resources.memory` must be a Kubernetes memory quantity of 1Mi or more such as 512Mi or 16Gi; found the text "2GB".',
  ],
  [
    'millions of CPUs, where thousandths were meant',
    'resources: { cpu: 500M }',
    '10:19: `resources.cpu` must be a Kubernetes CPU quantity over zero and below 10000 such as 500m or 2; found the text "500M".',
  ],
  [
    'memory without a unit, which is bytes',
    'resources: { memory: 64 }',
    '10:22: `resources.memory` must be a Kubernetes memory quantity of 1Mi or more such as 512Mi or 16Gi; found the number 64.',
  ],
  [
    'a queue that is no name of an object',
    'workload: { queue: Team_A }',
    '10:20: `workload.queue` must be the name of a Kubernetes object, such as team-a; found the text "Team_A".',
  ],
  [
    'an unknown severity',
    'scan: { failOn: hgh }',
    '10:17: `scan.failOn` must be one of critical, high, medium, low; found the text "hgh". Did you mean high?',
  ],
  [
    'an exception without a reason',
    'scan: { exceptions: [{ id: CVE-1, until: 2027-01-31 }] }',
    '`scan.exceptions[0].reason` is missing; it is required (why it is accepted).',
  ],
  [
    'an exception without an end',
    'scan: { exceptions: [{ id: CVE-1, reason: x }] }',
    '`scan.exceptions[0].until` is missing; it is required (the last day of the exception).',
  ],
  [
    'a day that does not exist',
    'scan: { exceptions: [{ id: CVE-1, reason: x, until: 2027-02-30 }] }',
    '`scan.exceptions[0].until` must be a date that exists, written as year-month-day such as 2027-01-31; found the text "2027-02-30".',
  ],
  [
    'a percentile of 100',
    'objectives: { timeToFirstToken: { percentile: 100 } }',
    '`objectives.timeToFirstToken.percentile` must be at most 99.99; found the number 100.',
  ],
  [
    'an availability without error budget',
    'objectives: { availability: 100 }',
    '`objectives.availability` must be at most 99.999; found the number 100.',
  ],
  ['no release steps', 'release: { steps: [] }', '`release.steps` must be a list of at least 1; found a list.'],
  [
    'a release that does not end at 100',
    'release: { steps: [{ weight: 50, seconds: 1 }] }',
    '`release.steps[0].weight` must be 100 in the last step, so that the release ends with all traffic; found the number 50.',
  ],
  [
    'release steps that fall',
    'release: { steps: [{ weight: 50, seconds: 1 }, { weight: 50, seconds: 1 }, { weight: 100, seconds: 1 }] }',
    '`release.steps[1].weight` must be more than the 50 of the step before; found the number 50.',
  ],
  [
    'a path out of the folder',
    'build: { context: ../other }',
    '`build.context` must be a path inside the service folder, with forward slashes and without ".."; found the text "../other".',
  ],
  [
    'a scope with a space',
    'access: { chatScope: "a b" }',
    '`access.chatScope` must be one OAuth scope: printable characters without spaces, quotes and backslashes; found the text "a b".',
  ],
  // https://auth0.com/docs/secure/tokens/json-web-tokens/create-custom-claims
  [
    'a claim whose name is an address',
    'access: { claims: [https://example.com/roles] }',
    'one whose name is an address (https://example.com/roles) cannot be read: have the issuer write it under a plain name; found the text "https://example.com/roles".',
  ],
  // https://zitadel.com/docs/apis/openidoauth/claims
  [
    'the roles of Zitadel',
    "access: { claims: ['urn:zitadel:iam:org:project:123:roles'] }",
    '`access.claims[0]` must be a claim whose value is a text or a list; Zitadel writes roles as an object',
  ],
  // https://istio.io/latest/docs/reference/config/security/authorization-policy/: prefix and suffix matches
  [
    'a right that is a pattern at Istio',
    "access: { claims: [repository], roles: [{ name: 'octo-org/*' }] }",
    '`access.roles[0].name` must not begin or end with *, which is any text at Istio: name each value; found the text "octo-org/*".',
  ],
  [
    'a role that no scope can be, without a claim',
    'access: { roles: [{ name: LLM Users }] }',
    '`access.roles[0].name` is no OAuth scope, which has no spaces, quotes and letters other than those of ASCII: name the claim that holds it in `access.claims`',
  ],
  [
    'a role that is a number',
    'access: { claims: [roles], roles: [{ name: 7 }] }',
    '`access.roles[0].name` must be text; found the number 7.',
  ],
  // https://kubernetes.io/docs/reference/access-authn-authz/service-accounts-admin/#bound-service-account-tokens
  [
    "the claims of Kubernetes' tokens",
    'access: { claims: [kubernetes.io.namespace] }',
    'of a token of Kubernetes name sub, which is system:serviceaccount:<namespace>:<name>; found the text "kubernetes.io.namespace".',
  ],
  [
    'a MIG profile that the GPU has not',
    'resources: { gpu: { class: nvidia-h100-80gb, mig: { profile: 1g.5gb } } }',
    '`resources.gpu.mig.profile` must be a profile of nvidia-h100-80gb: 1g.10gb, 1g.20gb, 2g.20gb, 3g.40gb, 4g.40gb, 7g.80gb; found the text "1g.5gb".',
  ],
  [
    'several MIG instances for one pod',
    'resources: { gpu: { class: nvidia-h100-80gb, count: 2, mig: { profile: 3g.40gb } } }',
    '`resources.gpu.count` must be 1 with `mig`: a program sees one MIG instance, however many the pod gets',
  ],
  [
    'a part of a GPU that MIG does not divide',
    'resources: { gpu: { class: nvidia-l4-24gb, mig: { profile: 1g.5gb } } }',
    '`resources.gpu.mig` asks for a part of nvidia-l4-24gb, of which no MIG profile is known here: remove it',
  ],
  [
    'a load that the context cannot hold',
    'load: { promptTokens: 3000 }',
    '10:7: `load` must fit into the context: promptTokens 3000 + outputTokens 16 = 3016 is more than serving.contextLength 2048.',
  ],
  [
    'an unknown GPU class',
    'resources: { gpu: { class: nvidia-h100 } }',
    '`resources.gpu.class` must be one of nvidia-t4-16gb, ',
  ],
  [
    'an accelerator that no engine here has images for',
    'resources: { gpu: { class: intel-gaudi-3 } }',
    '`resources.gpu.class` is the text "intel-gaudi-3". Intel Gaudi is not supported: ',
  ],
  [
    'an accelerator of Google',
    'resources: { gpu: { class: tpu-v5e } }',
    '`resources.gpu.class` is the text "tpu-v5e". Google\'s TPU is not supported: ',
  ],
  ['a duplicate key', 'name: other', '10:1: the key name is there twice in one mapping; keep one of them.'],
  ['broken YAML', 'scan: [', '11:1: this is not valid YAML: '],
  [
    'a provenance of no repository',
    'release: { provenance: { repository: team/service } }',
    '10:38: `release.provenance.repository` must be the address of a repository, such as https://github.com/team/service',
  ],
  [
    'a branch by its short name',
    'release: { provenance: { repository: https://github.com/team/service, refs: [main] } }',
    '10:78: `release.provenance.refs[0]` must be the full name of a branch or a tag, such as refs/heads/main',
  ],
  [
    'a freeze at no time',
    'release: { freeze: [{ schedule: 0 16 * * fry, hours: 64, reason: weekends }] }',
    '10:33: `release.freeze[0].schedule` cannot be read',
  ],
  [
    'a freeze nowhere',
    'release: { freeze: [{ schedule: 0 16 * * 5, hours: 64, timeZone: Europe/Bernin, reason: weekends }] }',
    'Bernin',
  ],
  [
    'an alias to nothing',
    'system: *other',
    '10:9: this is not valid YAML: *other stands for an anchor &other, which is not before it. A text that begins with * needs quotes.',
  ],
  ['aliases without end', 'system: &a [*a, *a]', '10:12: `system` must be text; found a list.'],
  [
    'a second document',
    '---\nsystem: a',
    '10:1: a second YAML document begins here, and the file describes one service.',
  ],
  ['tabs', 'scan:\n\tfailOn: high\n\tvex: a', '11:1: this is not valid YAML: Tabs are not allowed as indentation'],
  ['tabs, once', 'scan:\n\tfailOn: high\n\tvex: a', /^fairway.yaml:11:1: .*$/],
  [
    'a conflict of a merge',
    '<<<<<<< HEAD\nsystem: a\n=======\nsystem: b\n>>>>>>> other',
    /^fairway.yaml:10:1: a merge left a conflict here\. .*$/,
  ],
  ['a text with a colon', 'system: a: b', 'A text that holds a colon and a blank needs quotes.'],
  [
    'a template that nobody filled in',
    'system: {{ team }}',
    /^fairway.yaml:10:10: a key must be text; found a mapping\. A text that begins with \{ or \[ needs quotes,.*$/,
  ],
  ['a list as a key', '? [a]\n: b', '10:3: a key must be text; found a list.'],
  ['a merge of no keys', 'load: { <<: 5 }', '10:9: the merge key << takes a mapping,'],
  [
    'a merge of an alias of nothing',
    'load: { <<: *none }',
    '10:13: this is not valid YAML: *none stands for an anchor',
  ],
  ['a merge of a list of no mappings', 'load: { <<: [1] }', '10:9: the merge key << takes a mapping,'],
  [
    'a label that is none',
    'monitoring: { labels: { bad-label: x } }',
    '10:25: The key of `monitoring.labels.bad-label` must be ',
  ],
  [
    'a number over all limits',
    'resources: { replicas: 99999999999999999999 }',
    /^fairway.yaml:10:24: `resources.replicas` must be at most 1000; .*$/,
  ],
  [
    'a slip, and not what follows from the default',
    'load: { requestsPerSecond: 20 }\naccess: { requestPerMinute: 9000 }',
    /^fairway.yaml:11:11: `access.requestPerMinute` is not a key of fairway.yaml\. Did you mean `requestsPerMinute`\?$/,
  ],
  ['a key without a name', '"": 1', '10:1: `""` is not a key of fairway.yaml.'],
  [
    'a key with a blank that is none',
    'scan:\n\u00a0failOn: high',
    '`\\u00a0failOn` is not a key of fairway.yaml. It belongs to',
  ],
  ['a text with a mark that nobody sees', 'system: a\u200bb', 'found the text "a\\u200bb".'],
  [
    'a merge of keys that belong elsewhere',
    'scan: &a { failOn: high }\nload: { <<: *a }',
    '`load.failOn` is not a key',
  ],
])('refuses %s', (_name: string, line: string, expected: string | RegExp) => {
  expect(complaint(`${smallest}${line}\n`)).toEqual(
    typeof expected === 'string' ? expect.stringContaining(expected) : expect.stringMatching(expected),
  );
});

test.each([
  [
    'a floating model revision',
    'path: model/hello-tiny.gguf',
    'reference: hf://meta/llama@main',
    'fairway.yaml:9:14: `model.reference` must be hf://organization/name@revision with the 40 hexadecimal digits of a commit, because a branch or a tag may point elsewhere tomorrow, and /path behind it for one file or folder; found the text "hf://meta/llama@main".',
  ],
  [
    'a model without a revision',
    'path: model/hello-tiny.gguf',
    'reference: hf://meta/llama',
    'found the text "hf://meta/llama".',
  ],
  [
    'no model',
    '  path: model/hello-tiny.gguf\n',
    '',
    'fairway.yaml:8:3: `model` must have either `path` or `reference`; neither is there.',
  ],
  [
    'an engine with a slip',
    'llamacpp',
    'lamacpp',
    'fairway.yaml:6:9: `engine.name` must be one of vllm, tgi, fastchat, transformers, llamacpp, sglang; found the text "lamacpp". Did you mean llamacpp?',
  ],
  [
    'a name that is no DNS label',
    'name: hello-llm',
    'name: Hello_LLM',
    'fairway.yaml:3:7: `name` must be a DNS label: at most 48 lower-case letters, digits and hyphens, first a letter, last no hyphen; found the text "Hello_LLM".',
  ],
  [
    'a missing version',
    'apiVersion: fairway.dev/v1alpha1\n',
    '',
    '`apiVersion` is missing; it is required (the version of this format): fairway.dev/v1alpha1.',
  ],
  [
    'a missing owner',
    'owner: team-hello\n',
    '',
    'fairway.yaml:1:1: `owner` is missing; it is required (the team that answers for the service).',
  ],
])('refuses %s at its line', (_name, written, instead, expected) => {
  expect(complaint(smallest.replace(written, instead))).toContain(expected);
});

// https://yaml.org/type/merge.html; GitHub, GitLab and Compose take it
test('anchors, merge keys, a byte order mark and line ends of Windows are read', () => {
  const text = `\ufeff---\n${smallest}namespace: &n llm\nsystem: *n\nobjectives: &o { availability: 99 }\nload: { <<: { promptTokens: 60, outputTokens: 8 }, promptTokens: 90 }\n...\n`;
  const { service } = parseServiceFile(text.replaceAll('\n', '\r\n'), '/services/hello', 'fairway.yaml');
  expect(service).toMatchObject({ namespace: 'llm', system: 'llm', load: { promptTokens: 90, outputTokens: 8 } });
  // YAML 1.2.2, 5.4: a carriage return alone is a line break
  expect(parseServiceFile(text.replaceAll('\n', '\r'), '/services/hello', 'fairway.yaml').service).toEqual(service);
  expect(() =>
    parseServiceFile(`\ufeff${smallest.replace('v1alpha1', 'v2')}`, '/services/hello', 'fairway.yaml'),
  ).toThrow('fairway.yaml:1:13: `apiVersion` must be');
});

test.each([
  'roles',
  'cognito:groups',
  'custom:role',
  'realm_access.roles',
  'resource_access.3f2a-b.roles',
  'urn:a:roles',
])('rights may be in the claim %s', claim => {
  expect(complaint(`${smallest}access: { claims: ['${claim}'] }\n`)).toBe('no complaint');
});

test.each(['LLM Users', 'ACME\\\\LLM Nutzer', 'Vertrieb-Zürich', '部门/推理', 'CN=LLM,OU=Gruppen,DC=acme', "O'Neil"])(
  'a role may be called %s where a claim holds it',
  name => {
    const text = `${smallest}access: { claims: [groups], roles: [{ name: "${name}" }] }\n`;
    expect(complaint(text)).toBe('no complaint');
  },
);

// https://kubernetes.io/docs/concepts/configuration/manage-resources-containers/#meaning-of-memory and #meaning-of-cpu:
// the same memory in five ways, and no CPU finer than 1m
test('takes quantities as Kubernetes does', () => {
  const resources = (cpu: string, memory: string) =>
    parseServiceFile(`${smallest}resources: { cpu: '${cpu}', memory: '${memory}' }\n`, '/s', 'fairway.yaml').service
      .resources;
  for (const memory of ['128974848', '129e6', '129M', '128974848000m', '123Mi', '0.5Gi', '1Ti', '+1Gi', '.5Gi'])
    expect(resources('1', memory).memory).toBe(memory);
  for (const cpu of ['0.5', '500m', '1e3', '.5', '1000u', '1k', '0.001', '1m'])
    expect(resources(cpu, '1Gi').cpu).toBe(cpu);
  for (const cpu of ['0.0005', '0.5m', '1n', '-1', '0', '1e', '1 m', ''])
    expect(() => resources(cpu, '1Gi')).toThrow('must be a Kubernetes CPU quantity over zero');
  for (const memory of ['400m', '0Mi', '-1Gi', '16gi', '16GB', '16K', '1e3Mi', '1.2.3', ''])
    expect(() => resources('1', memory)).toThrow('must be a Kubernetes memory quantity of 1Mi or more');
});

test('does not report thousands of errors', () => {
  const lines = complaint(`${smallest}${Array.from({ length: 500 }, (_, n) => `k${n}: 1\n`).join('')}`).split('\n');
  expect(lines).toHaveLength(100);
});

test('reports every error of a file, the first on top', () => {
  const message = complaint(
    `${smallest.replace('owner: team-hello', 'owner: [1]')}serving: { port: 1 }\nreplicas: 3\n`,
  );
  expect(message.split('\n').map(line => line.split(' ')[0])).toEqual([
    'fairway.yaml:4:8:',
    'fairway.yaml:10:18:',
    'fairway.yaml:11:1:',
  ]);
});

test.each([
  [
    'an empty file',
    '',
    'fairway.yaml:1:1: the file is empty. Describe the service: apiVersion, kind, name, owner, engine and model are required.',
  ],
  ['a list', '- 1\n', 'fairway.yaml:1:1: The file must be a mapping; found a list.'],
])('refuses %s', (_name, content, expected) => {
  expect(complaint(content)).toBe(expected);
});

describe('a folder', () => {
  let folder: string;
  beforeEach(async () => void (folder = await mkdtemp(join(tmpdir(), 'fairway-service-'))));
  afterEach(() => rm(folder, { recursive: true }));

  test('is loaded', async () => {
    await writeFile(join(folder, 'fairway.yaml'), smallest);
    expect((await loadService(folder)).name).toBe('hello-llm');
  });

  test.each([
    [
      'as Windows PowerShell writes it',
      Buffer.from(`\ufeff${smallest}`, 'utf16le'),
      'is UTF-16, as Windows PowerShell',
    ],
    ['in Latin-1', Buffer.from(`${smallest}# Zürich\n`, 'latin1'), 'is no UTF-8 text. Save it as UTF-8.'],
  ])('is not read %s, nor are its environments', async (_name, bytes, expected) => {
    await writeFile(join(folder, 'fairway.yaml'), bytes);
    await expect(loadService(folder)).rejects.toThrow(`${folder}/fairway.yaml ${expected}`);
    await writeFile(join(folder, 'fairway.yaml'), smallest);
    await mkdir(join(folder, 'environments'));
    await writeFile(join(folder, 'environments/staging.yaml'), bytes);
    await expect(loadService(folder, 'staging')).rejects.toThrow(`${folder}/environments/staging.yaml ${expected}`);
  });

  test.each([
    ['that is not there', 'gone', 'There is no folder FOLDER/gone. Name the folder that holds fairway.yaml.'],
    ['that is a file', 'file', 'FOLDER/file is a file; name the folder that holds fairway.yaml.'],
    ['without the file', '.', 'The folder FOLDER has no fairway.yaml, so it is not a service.'],
    [
      'with a folder in its place',
      'odd',
      'FOLDER/odd/fairway.yaml is a folder; it must be the file that describes the service.',
    ],
  ])('%s is refused', async (_name, below, expected) => {
    await writeFile(join(folder, 'file'), '');
    await mkdir(join(folder, 'odd', 'fairway.yaml'), { recursive: true });
    await expect(loadService(join(folder, below))).rejects.toThrow(expected.replaceAll('FOLDER', folder));
  });
});

test.each(['0', '1.5', 'many'])('%s is no number of requests that may run', given => {
  expect(complaint(`${smallest}access: { concurrentRequests: ${given} }\n`)).toMatch(
    /`access\.concurrentRequests` must be/,
  );
});

test.each([
  ['cache: {}', 'cache'],
  ['network: { from: gateway }', 'network'],
  ['access: { hostname: llm.example.com }', 'access.hostname'],
  ['access: { roles: [{ name: a }] }', 'access.roles'],
  ['access: { concurrentRequests: 4 }', 'access.concurrentRequests'],
])('a gateway of the team does what `mesh` would: %s', (given, key) => {
  expect(complaint(`${smallest}gateway: { own: Kong checks tokens }\n${given}\n`)).toMatch(
    new RegExp(`\`${key.replace('.', '\\.')}\` is done by the gateway that \`mesh\` puts before the pods`),
  );
});

test.each([
  ['mesh: { mtls: istio }\nnetwork: { from: gateway }', '`network` is a NetworkPolicy, and `mesh` brings one'],
  ['network: { from: everybody }', '`network.from`'],
  ['network: { from: gateway, addresses: [10.0.0.1] }', '`network.addresses[0]` must be addresses in CIDR notation'],
])('who reaches the pods: %s', (given, expected) => {
  expect(complaint(`${smallest}${given}\n`)).toContain(expected);
});

test.each([
  ['folder: deployments', 'apply.folder` must be outside of the service folder'],
  ['folder: ../deployments, repository: team/deployments', '`apply.folder` must be a path in team/deployments'],
  ['folder: a/../b, repository: team/deployments', '`apply.folder` must be a path in team/deployments'],
  ['folder: .github/a, repository: team/deployments', '`apply.folder` must be a path in team/deployments'],
  ['folder: a, repository: deployments', '`apply.repository` must be a repository at GitHub as owner/name'],
  ['folder: ../deployments, as: commit', '`apply.as` is about `apply.repository`, which is missing'],
  ['folder: ../deployments, branch: main', '`apply.branch` is about `apply.repository`, which is missing'],
  ['folder: ../deployments }\nrelease: { surge: 0', '`release.surge` makes a release change how many pods'],
  ['folder: ../deployments }\ngateway: { own: Kong', '`gateway` makes a release change how many pods'],
])('objects that somebody else applies: %s', (given, expected) => {
  const two = `${smallest}resources: { replicas: 2 }\n`;
  expect(complaint(`${two}apply: { by: gitops, ${given} }\n`)).toContain(expected);
});

describe('an environment', () => {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'fairway-environments-'));
    await mkdir(join(folder, 'environments'));
    await writeFile(
      join(folder, 'fairway.yaml'),
      `${smallest}resources: { replicas: 2, memory: 1Gi }\naccess: { roles: [{ name: a }], hostname: llm.example.com }\n`,
    );
  });
  afterEach(() => rm(folder, { recursive: true }));
  const overlay = (text: string) => writeFile(join(folder, 'environments/staging.yaml'), text);

  test('changes keys of mappings, replaces lists, and takes keys away', async () => {
    await overlay(
      'resources: { replicas: 1 }\naccess: { roles: [{ name: b }], hostname: null }\nnamespace: llm-staging\ninputs: { context: staging-eu, clients: [a, b] }\n',
    );
    const { service, inputs } = await loadServiceFile(folder, 'staging');
    expect(service).toMatchObject({ namespace: 'llm-staging', resources: { replicas: 1, memory: '1Gi' } });
    expect(service.access.roles.map(({ name }) => name)).toEqual(['b']);
    expect(service.access.hostname).toBeUndefined();
    expect(inputs).toEqual({ context: 'staging-eu', clients: ['a', 'b'] });
    expect(await loadService(folder)).toMatchObject({ namespace: 'hello-llm', resources: { replicas: 2 } });
  });

  test.each([
    ['resources:\n  replicas: 0\n', 'FOLDER/environments/staging.yaml:2:13: `resources.replicas` must be at least 1'],
    ['scaling: { min: 1 }\n', 'FOLDER/environments/staging.yaml:1:10: `scaling.max` is missing'],
    ['resource: {}\n', 'FOLDER/environments/staging.yaml:1:1: `resource` is not a key of fairway.yaml'],
    ['model: { name: other }\n', 'FOLDER/environments/staging.yaml:1:1: `model` is the same in every environment'],
    ['engine: { name: vllm }\n', 'FOLDER/environments/staging.yaml:1:11: `engine.name` is the same in every'],
    ['inputs: [a]\n', 'FOLDER/environments/staging.yaml:1:9: `inputs` must be a mapping of inputs'],
    ['inputs: { clients: { a: b } }\n', 'FOLDER/environments/staging.yaml:1:20: `inputs.clients` must be a text or'],
    ['- a\n', 'FOLDER/environments/staging.yaml:1:1: the file must be a mapping'],
    [
      'release: { surge: 0 }\nresources: { replicas: 1 }\n',
      'FOLDER/environments/staging.yaml:1:19: `release.surge` must',
    ],
    ['namespace: null\nload: { promptTokens: 90000 }\n', 'FOLDER/environments/staging.yaml:2:7: `load` must fit'],
  ])('is reported where it is wrong: %s', async (text, expected) => {
    await overlay(text);
    await expect(loadService(folder, 'staging')).rejects.toThrow(expected.replaceAll('FOLDER', folder));
  });

  test('is reported in fairway.yaml where that is wrong', async () => {
    await overlay('release: { keep: 5 }\n');
    await writeFile(join(folder, 'fairway.yaml'), `${smallest}resources: { replicas: 0 }\n`);
    await expect(loadService(folder, 'staging')).rejects.toThrow(`${folder}/fairway.yaml:`);
  });

  test('must have a file as soon as one has, except production', async () => {
    await expect(loadService(folder, 'anything')).resolves.toBeDefined();
    await overlay('namespace: other\n');
    await expect(loadService(folder, 'stagin')).rejects.toThrow(
      `There is no environment "stagin": ${folder}/environments has staging.yaml, and production needs no file.`,
    );
    expect((await loadService(folder, 'production')).namespace).toBe('hello-llm');
    await writeFile(join(folder, 'environments/Production.yaml'), 'namespace: other\n');
    await expect(loadService(folder, 'production')).rejects.toThrow(
      'Production.yaml would not be read for the environment "production": upper and lower case differ.',
    );
    await rm(join(folder, 'environments/Production.yaml'));
    await writeFile(join(folder, 'environments/production.yml'), 'namespace: other\n');
    await expect(loadService(folder, 'production')).rejects.toThrow('production.yml would not be read');
  });

  test('does not change what is built', async () => {
    const before = await sourceDigest(folder);
    await overlay('namespace: other\n');
    expect(await sourceDigest(folder)).toBe(before);
    await writeFile(join(folder, 'environments/model.bin'), '');
    expect(await sourceDigest(folder)).not.toBe(before);
  });
});

const large =
  smallest.replace(/engine:[^]*$/, '') +
  `engine: { name: vllm }
model: { name: large, reference: 'hf://a/b@${'0'.repeat(40)}' }
`;
const gpus = 'resources: { replicas: 2, gpu: { class: nvidia-h100-80gb, count: 8 } }\n';

// what the API server would say of the pods (ValidateLabels and ValidateTolerations of kubernetes/kubernetes), before anything is built
test.each([
  ['nodeSelector: { pool: "two words" }', '`workload.nodeSelector.pool` must be the value of a label of Kubernetes'],
  ['nodeSelector: { "a b": c }', 'must be the key of a label of Kubernetes'],
  ['tolerations: [{ key: gpu, operator: Exists, value: x }]', '`workload.tolerations[0].value` must be absent with'],
  ['tolerations: [{ key: gpu, value: x, tolerationSeconds: 9 }]', 'tolerationSeconds` needs `effect: NoExecute`'],
  ['tolerations: [{ key: "/gpu", operator: Exists }]', '`workload.tolerations[0].key` must be the key of a label'],
])('pods that Kubernetes would not take are rejected: %s', (more, expected) => {
  expect(complaint(`${large}workload: { ${more} }\n`)).toContain(expected);
  const fine =
    'nodeSelector: { cloud.google.com/gke-nodepool: a_b.C-1, empty: "" }, tolerations: [{ key: gpu, value: x, effect: NoExecute, tolerationSeconds: 9 }]';
  expect(() => parseServiceFile(`${large}workload: { ${fine} }\n`, '.', 'fairway.yaml')).not.toThrow();
});

// a StatefulSet `<name>-<revision>-<index>` may have 52 characters: kubernetes-sigs/lws#410
test.each([
  [41, 10, undefined],
  [42, 10, /^fairway\.yaml:3:7: `name` has 42 characters, and in a LeaderWorkerSet it may have 41: each group/],
  [41, 11, /`name` has 41 characters, and in a LeaderWorkerSet it may have 40/],
])('a name of %i characters for %i groups of nodes', (length, replicas, expected) => {
  const named = large.replace(/^name: .*$/m, `name: ${'n'.repeat(length)}`);
  const groups = `resources: { replicas: ${replicas}, gpu: { class: nvidia-h100-80gb, count: 8 } }\n`;
  const text = `${named}${groups}workload: { kind: LeaderWorkerSet, nodes: 2 }\n`;
  if (expected) expect(complaint(text)).toMatch(expected);
  else expect(() => parseServiceFile(text, '.', 'fairway.yaml')).not.toThrow();
});

test.each([
  [`${gpus}workload: { nodes: 2 }`, '`workload.nodes` is 2, and the pods of a Deployment do not know each other'],
  [`${gpus}workload: { kind: LeaderWorkerSet }`, '`workload.kind` is for a model that several nodes serve together'],
  ['workload: { kind: LeaderWorkerSet, nodes: 2 }', '`resources.gpu` is missing'],
  [
    `${gpus}workload: { kind: LeaderWorkerSet, nodes: 2 }\nmesh: { mtls: istio }`,
    '`mesh` lets the gateway alone to the pods',
  ],
  [
    `${gpus}workload: { kind: LeaderWorkerSet, nodes: 2 }\nrelease: { surge: 1 }`,
    '`release.surge` makes a release take pods from a version one by one',
  ],
  [
    `${gpus}workload: { kind: LeaderWorkerSet, nodes: 2 }\ngateway: { own: Kong }`,
    '`gateway` makes a release take pods from a version one by one',
  ],
  [
    `${gpus}workload: { kind: LLMInferenceService, nodes: 2 }`,
    '`workload.nodes` is 2, and the pods of an LLMInferenceService do not know each other',
  ],
  [
    `${gpus}workload: { kind: LLMInferenceService }\nrelease: { surge: 1 }`,
    '`release.surge` makes a release take pods from a version one by one',
  ],
  [
    `${gpus}workload: { kind: LLMInferenceService }\nscaling: { min: 1, max: 4, prometheus: 'http://prometheus:9090' }`,
    '`scaling` has an autoscaler set how many pods a version has',
  ],
  [`${gpus}workload: { kind: Rollout, queue: llm }`, '`workload.queue` holds the pods of Deployments'],
  [
    `${gpus}workload: { kind: Rollout, patches: [{ kind: Deployment }] }`,
    '`workload.patches[0].kind` is Deployment, and the pods of this service are run by a Rollout',
  ],
])('what runs the pods and what it cannot do are not taken together: %s', (more, expected) => {
  expect(complaint(`${large}${more}\n`)).toContain(expected);
});

test('a GPU by the name that people give it leads to its classes', () => {
  expect(complaint(`${smallest}resources: { gpu: { class: H100 } }\n`)).toMatch(
    /found the text "H100"\. Did you mean nvidia-h100-80gb or nvidia-h100-94gb\?$/,
  );
});
