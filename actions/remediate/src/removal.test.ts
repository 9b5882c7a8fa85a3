import { removalLines } from './removal.ts';

test('only lines that name a package and a line of a Dockerfile count', () => {
  const said = [
    'curl RUN dpkg --purge curl',
    'dpkg: warning: failed to open configuration file',
    'exec: "sh": executable file not found in $PATH',
    'RUN ',
  ];
  expect([...removalLines(said)]).toEqual([['curl', 'RUN dpkg --purge curl']]);
});
