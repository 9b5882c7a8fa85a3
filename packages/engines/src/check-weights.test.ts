import { parseServiceFile } from '@fairway/service/service-file';
import { checkArguments } from './check-arguments.ts';
import { checkWeights } from './check-weights.ts';
import { engineProfile, engineProfiles } from './profile.ts';

const commit = '0123456789abcdef0123456789abcdef01234567';
const file = (engine: string, argument = '') =>
  parseServiceFile(
    `apiVersion: fairway.dev/v1alpha1
kind: InferenceService
name: hello
owner: team
engine: { name: ${engine}, arguments: [${argument}] }
model:
  name: hello
  reference: hf://team/model@${commit}
  weights: { from: hub, secret: hub-token }
`,
    '.',
    'fairway.yaml',
  );

test.each(engineProfiles.filter(({ loadsFromHub }) => loadsFromHub).map(({ name }) => name))(
  '%s loads the commit and nothing newer',
  name => {
    const given = file(name);
    expect(() => checkWeights(given)).not.toThrow();
    const words = engineProfile(name).arguments(given.service).join(' ').replaceAll("'", '');
    expect(words).toContain('team/model');
    expect(words).toContain(`--revision ${commit}`);
    expect(() => checkArguments(file(name, '--revision=main'))).toThrow('which Fairway gives itself');
  },
);

test('an engine that cannot keep to a commit is reported, with what can', () => {
  expect(() => checkWeights(file('llamacpp'))).toThrow(
    /^fairway\.yaml:9:12: `model\.weights\.from` is hub, and llamacpp cannot load a given commit from there \(vllm, tgi, fastchat, sglang can\)/,
  );
});
