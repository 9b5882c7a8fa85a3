import { defineStage } from '@fairway/stage';
import { actionDescription, origin } from '../../actions/action-description.ts';
import { withApi } from '../../actions/readme-api.ts';

const stage = defineStage({
  name: 'scan',
  description: "Judges the image's findings.",
  icon: 'search',
  inputs: {
    image: { type: 'string', required: true, from: ['remediate.image', 'build.image'], description: 'The image.' },
    context: { type: 'string', required: true, description: 'A context.' },
    'docker-host': { type: 'string', environment: 'DOCKER_HOST', description: 'The daemon.' },
    attempts: { type: 'number', default: 3, description: 'How often | at most.' },
    flags: { type: 'list', default: ['a', 'b'], description: 'Flags.' },
    password: { type: 'secret', description: 'A password.' },
  },
  outputs: { findings: { description: 'How many.' } },
  connect: () => undefined,
  key: () => Promise.resolve({}),
  run: () => Promise.resolve({ verdict: 'pass', reason: '', outputs: {}, evidence: [] }),
});

const readme =
  'before\n<!-- api-start: generated from src/stage.ts by actions/generate.ts -->\nstale row\n<!-- api-end -->\nafter\n';

const text = actionDescription(stage);

describe('action.yml', () => {
  test.each([
    ['quotes what YAML would read otherwise', "description: 'Judges the image''s findings.'"],
    ['requires what nothing else can give', "  context:\n    description: 'A context.'\n    required: true"],
    [
      'does not require what an earlier stage gives',
      "'The image. When empty: the output `image` of remediate, else the output `image` of build.'\n    required: false",
    ],
    ['names the environment variable', 'When empty: the environment variable `DOCKER_HOST`.'],
    ['says a default', "'How often | at most. Default: `3`.'\n    required: false\n  flags:"],
    ['asks for a list one a line', "'Flags. One a line. Default: `a b`.'"],
    ['has GitHub fill in what the runner itself reads', "fairway.yaml.'\n    required: false\n    default: '.'"],
    ['gives a secret no default', "'A password.'\n    required: false\n  service:"],
    ['has the outputs of the runner too', "  findings:\n    description: 'How many.'\n  verdict:"],
    ['runs the bundle', 'using: node24\n  main: ../dist/scan.js\n'],
  ])('%s', (_what, part) => expect(text).toContain(part));
});

test('nothing that GitHub fills in hides what an earlier stage, a variable or the file of an environment has', () => {
  const inputs = text.split('outputs:')[0]!.split(/^  (?=[a-z-]+:$)/m);
  const filled = inputs.filter(one => one.includes('    default:')).map(one => one.split(':')[0]);
  expect(filled).toEqual(['service']);
});

test('an input without another source says none', () => {
  expect(origin(stage.inputs.context)).toBe('');
});

describe('the API part of a README', () => {
  test('replaces what stands between the markers', () => {
    const text = withApi(readme, 'README.md', stage);
    expect(text).toMatch(/^before\n<!-- api-start[^\n]*\n\n\| input/);
    expect(text).toMatch(/\n\n<!-- api-end -->\nafter\n$/);
    expect(text).not.toContain('stale row');
  });

  test('keeps a table cell one cell', () => {
    expect(withApi(readme, 'README.md', stage)).toContain('| `attempts` | number | `3` | How often \\| at most. |');
  });

  test('is the same when it is written again', () => {
    const once = withApi(readme, 'README.md', stage);
    expect(withApi(once, 'README.md', stage)).toBe(once);
  });

  test('needs its markers', () => {
    expect(() => withApi('nothing', 'actions/scan/README.md', stage)).toThrow(/actions\/scan\/README\.md must hold/);
  });
});
