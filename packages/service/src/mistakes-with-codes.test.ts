import { ConfigurationError } from './configuration-error.ts';
import { english, type Reason } from './reasons/delivery-reason.ts';
import { parseServiceFile } from './service-file.ts';

const head = 'apiVersion: fairway.dev/v1alpha1\nkind: InferenceService\nname: hello\nowner: team-a\n';
const right = `${head}engine:\n  name: llamacpp\nmodel:\n  name: hello\n  path: model.gguf\n`;

function mistake(content: string): ConfigurationError {
  try {
    parseServiceFile(content, '/service', 'fairway.yaml');
  } catch (error) {
    if (error instanceof ConfigurationError) return error;
    throw error;
  }
  throw new Error('it was taken');
}

/** The codes of a reason and of its parts, the outermost first. */
function codes({ code, parameters }: Reason): readonly string[] {
  return [code, ...Object.values(parameters).flatMap(part => (typeof part === 'object' ? codes(part) : []))];
}

test('the file of this test is right', () => {
  expect(parseServiceFile(right, '/service', 'fairway.yaml').service.name).toBe('hello');
});

test.each<[string, string, RegExp, readonly string[]]>([
  [
    'a name that is none',
    right.replace('name: hello\nowner', 'name: Hello_1\nowner'),
    /^fairway\.yaml:3:7: `name` must be a DNS label: at most 48 lower-case letters.*; found the text "Hello_1"\.$/,
    ['stage.at', 'field.rule', 'rule.dnsLabel', 'found.text'],
  ],
  [
    'a number that is too large',
    `${right}serving:\n  port: 70000\n`,
    /`serving\.port` must be at most 65535; found the number 70000\.$/,
    ['stage.at', 'field.mustBe', 'allowed.most', 'found.number'],
  ],
  [
    'a key that nobody knows',
    `${right}servin:\n  port: 8080\n`,
    /`servin` is not a key of fairway\.yaml\. Did you mean `serving`\?$/,
    ['stage.at', 'field.unknown', 'field.near'],
  ],
  [
    'a key that is missing',
    right.replace('owner: team-a\n', ''),
    /`owner` is missing; it is required \(the team that answers for the service\)\.$/,
    ['stage.at', 'field.missingSaid'],
  ],
  [
    'values that do not go together',
    right.replace('  path: model.gguf\n', ''),
    /`model` must have either `path` or `reference`; neither is there\.$/,
    ['stage.at', 'field.ruleAlone', 'conflict.noModel'],
  ],
  [
    'values of which one counts for the other',
    `${right}resources:\n  cpu: 0\n`,
    /`resources\.cpu` must be a Kubernetes CPU quantity over zero and below 10000 such as 500m or 2; found the number 0\.$/,
    ['stage.at', 'field.rule', 'rule.cpu', 'found.number'],
  ],
  [
    'what is no YAML',
    `${right}a: [1\n`,
    /^fairway\.yaml:\d+:\d+: this is not valid YAML: /,
    ['stage.at', 'yaml.invalid'],
  ],
  ['an empty file', '', /^fairway\.yaml:1:1: the file is empty\./, ['stage.at', 'yaml.empty']],
])('%s is said with codes down to the rule', (_what, content, sentence, expected) => {
  const { message, coded } = mistake(content);
  expect(message).toMatch(sentence);
  expect(coded && codes(coded)).toEqual(expected);
  expect(coded && english(coded)).toBe(message);
});

test('several mistakes are lines, each with its place', () => {
  const { message, coded } = mistake(`${right.replace('team-a', 'a b')}serving:\n  port: 1\n`);
  expect(message.split('\n').map(line => line.replace(/`.*/, ''))).toEqual([
    'fairway.yaml:4:8: ',
    'fairway.yaml:11:9: ',
  ]);
  expect(coded?.code).toBe('list.lines');
});
