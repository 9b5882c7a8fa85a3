import { zypper } from './zypper.ts';

test('only the named packages are updated, and what zypper leaves out is no failure', () => {
  const wanted = ['libzypp', 'libopenssl3'].map(name => ({ package: name, atLeast: '1' }));
  expect(zypper.script(wanted)).toBe(`{ zypper --non-interactive update --no-recommends \\
      libopenssl3 \\
      libzypp \\
    || case $? in 102 | 103 | 106 | 107) ;; *) false ;; esac; } \\
 && zypper clean --all`);
});

// as zypper 1.14.42 of Debian printed it
test.each([
  [
    'Resolving package dependencies...\n\nProblem: nothing provides nobody-has-this needed by beta-2-1.noarch\n Solution 1: do not install beta-2-1.noarch\n Solution 2: break beta-2-1.noarch by ignoring some of its dependencies\n',
    'Problem: nothing provides nobody-has-this needed by beta-2-1.noarch\n Solution 1: do not install beta-2-1.noarch',
  ],
  [
    'Problem: conflicting requests\n Solution 1: Following actions will be done:\n  remove lock to allow installation of alpha-2-1.noarch[here]\n  remove lock to allow removal of alpha-1-1.noarch\n Solution 2: do not ask to install a solvable providing alpha.noarch = 2-1\n',
    'Problem: conflicting requests\n Solution 1: Following actions will be done:\n  remove lock to allow installation of alpha-2-1.noarch[here]',
  ],
  [
    "'nothere' not found in package names. Trying capabilities.\nNo provider of 'nothere' found.\n",
    "No provider of 'nothere' found.",
  ],
  ['/bin/sh: 1: zypper: not found\n', '/bin/sh: 1: zypper: not found'],
])('why it refused: %j', (said, expected) => {
  expect(zypper.refusal.exec(said)?.[0]).toBe(expected);
});

test.each([
  ['[away|http://127.0.0.1:9/] Valid metadata not found at specified URL', true],
  [" - [|] Error trying to read from 'http://127.0.0.1:9/'", false],
  ["Retrieving repository 'here' metadata [.done]", false],
  ['Continue? [y/n/v/...? shows all options] (y): y', false],
])('of a source that was not read: %j', (line, expected) => {
  expect(zypper.unreadable?.test(line)).toBe(expected);
});
