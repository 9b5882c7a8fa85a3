import { chooseMirrors } from './mirrors.ts';

const targets = [
  'nodistro|Node|main|https://deb.example/node',
  'Debian|Debian Backports|main|http://mirror.example/debian/',
  'Debian|Debian|contrib|http://other.example/debian/',
  'Debian|Debian|main|http://mirror.example/debian/',
  'Debian|Debian-Security|main|http://mirror.example/security/',
];

test("the machine's own mirrors are taken", () => {
  expect(chooseMirrors(targets.join('\n'))).toEqual({
    main: 'http://mirror.example/debian',
    security: 'http://mirror.example/security',
  });
});

test.each([
  ['no Debian at all', 'Ubuntu|Ubuntu|main|http://mirror.example/ubuntu/|\n', /no Debian mirror \(found: Ubuntu\)/],
  ['no security mirror', targets[3] ?? '', /no Debian mirror for security updates/],
  ['no sources', '', /found: none/],
])('%s is said', (_case, text, message) => {
  expect(() => chooseMirrors(text)).toThrow(message);
});
