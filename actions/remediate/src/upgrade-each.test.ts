import { english } from '@fairway/service/reasons/delivery-reason';
import { hopeless } from './upgrade-each.ts';

test.each([
  // runc and crun of an image without a shell, as Google's distroless images are
  [
    'runc run failed: unable to start container process: error during container init: exec: "/bin/sh": stat /bin/sh: no such file or directory',
    'the image has no /bin/sh, so that nothing can be upgraded in it: build on a newer base, or copy what it has from one',
  ],
  [
    'executable file `/bin/sh` not found: No such file or directory',
    expect.stringMatching(/^the image has no \/bin\/sh,/),
  ],
  // dash, BusyBox and bash
  [
    '/bin/sh: 1: apt-get: not found\nprocess "/bin/sh -c a" did not complete',
    expect.stringMatching(/^the image has no apt-get,/),
  ],
  ['/bin/sh: apk: not found', expect.stringMatching(/^the image has no apk,/)],
  ['/bin/sh: line 1: yum: command not found', expect.stringMatching(/^the image has no yum,/)],
  ['tar: ./usr: Cannot write: No space left on device', 'tar: ./usr: Cannot write: No space left on device'],
  ['E: Held packages were changed and -y was used without --allow-change-held-packages.', undefined],
  ['exec: "x": executable file not found in $PATH', undefined],
])('%s', (output, expected) => {
  const said = hopeless(output);
  expect(said && english(said)).toEqual(expected);
});
