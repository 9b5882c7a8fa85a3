import { mockServices } from '@backstage/backend-test-utils';
import { deliverCommand } from './deliver-options.ts';
import { serviceFolder } from './service-folder.ts';

const config = (fairway: object) => mockServices.rootConfig({ data: { fairway: fairway as never } });
const command = { command: ['fairway', 'deliver'], directory: '/srv' };

it('delivers to the platform of the machine only when that is said', () => {
  const options = deliverCommand(config({ deliver: { ...command, target: 'local' } }), '/services/one');
  expect(options).toEqual({
    program: 'fairway',
    arguments: ['deliver', '/services/one', '--json'],
    directory: '/srv',
    target: 'the platform of this machine',
  });
});

it.each([
  ['nothing is configured', {}, 'fairway.deliver is not set'],
  ['there is no command', { deliver: { ...command, command: [], target: 'local' } }, 'command'],
  [
    'the folder is relative',
    { deliver: { ...command, directory: 'srv', target: 'local' } },
    'an absolute path; found "srv"',
  ],
  ['a context has no name', { deliver: { ...command, target: 'context' } }, 'Found target "context" without context'],
  [
    'both are said',
    { deliver: { ...command, target: 'local', context: 'x' } },
    'Found target "local" with context "x"',
  ],
])('refuses when %s', (_case, fairway, text) => {
  expect(() => deliverCommand(config(fairway), '/services/one')).toThrow(text);
});

it('keeps services in the configured folder and nowhere else', () => {
  expect(serviceFolder(config({ localServices: { folder: '/services' } }), 'one')).toBe('/services/one');
  expect(() => serviceFolder(config({}), 'one')).toThrow('fairway.localServices.folder is not set');
  expect(() => serviceFolder(config({ localServices: { folder: 'services' } }), 'one')).toThrow('an absolute path');
  expect(() => serviceFolder(config({ localServices: { folder: '/services' } }), '../two')).toThrow(
    'cannot be the name of a service',
  );
});
