import { apk } from './apk.ts';
import { apt } from './apt.ts';
import { dnf } from './dnf.ts';
import { pip } from './pip.ts';
import type { PackageManager } from './package-manager.ts';

// each as the program's own source has it: apt (apt-pkg), apk-tools (src/app_*.c), dnf 4 and 5, microdnf, yum 3, tdnf, bash
test.each<[string, PackageManager, string, string]>([
  ['bash', apt, '/bin/sh: line 1: apt-get: command not found', '/bin/sh: line 1: apt-get: command not found'],
  ['bash', dnf, '/bin/sh: yum: command not found\n', '/bin/sh: yum: command not found'],
  [
    'bash',
    pip('a'),
    'bash: line 1: /opt/venv/bin/python3: No such file or directory',
    'bash: line 1: /opt/venv/bin/python3: No such file or directory',
  ],
  [
    'apk',
    apk,
    'ERROR: unable to select packages:\n  musl-1.2.5-r9:\n    breaks: world[musl=1.2.4-r2]\nOK\n',
    'ERROR: unable to select packages:\n  musl-1.2.5-r9:\n    breaks: world[musl=1.2.4-r2]',
  ],
  ['tdnf', dnf, 'Error(1032) : No match for argument: x\n', 'Error(1032) : No match for argument: x'],
  [
    'dnf',
    dnf,
    'Error: Transaction test error:\n  installing package a-1-1 needs 12MB more space on the / filesystem\n',
    'Error: Transaction test error:\n  installing package a-1-1 needs 12MB more space on the / filesystem',
  ],
  ['dnf', dnf, 'Error: GPG check FAILED', 'Error: GPG check FAILED'],
])('why %s refused', (_program, manager, said, expected) => {
  expect(manager.refusal.exec(said)?.[0]).toBe(expected);
});

test.each<[PackageManager, string, boolean]>([
  [
    apt,
    'E: Release file for http://snapshot.debian.org/archive/InRelease is expired (invalid since 3d). Updates for this repository will not be applied.',
    true,
  ],
  [apt, 'W: GPG error: http://x InRelease: The following signatures were invalid: EXPKEYSIG 1', true],
  [apt, "E: Repository 'http://x stable InRelease' changed its 'Suite' value from 'stable' to 'oldstable'", true],
  [apt, 'E: The method driver /usr/lib/apt/methods/https could not be found.', true],
  [apt, 'W: Some index files failed to download. They have been ignored, or old ones used instead.', false],
  [apk, 'WARNING: Ignoring https://dl-cdn.alpinelinux.org/alpine/v3.12/main: No such file or directory', true],
  [apk, 'WARNING: updating and opening https://x: temporary error (try again later)', true],
  [apk, '(1/2) Upgrading musl (1.2.4-r1 -> 1.2.4-r2)', false],
  [dnf, 'Cannot find a valid baseurl for repo: base/7/x86_64', true],
  [dnf, "error: cannot update repo 'ubi-9-baseos-rpms': Cannot download repomd.xml", true],
  [
    dnf,
    'Failed to download metadata (metalink: "https://mirrors.fedoraproject.org/metalink") for repository "updates"',
    true,
  ],
  [dnf, 'Error: Unable to find a match: x', false],
])('a source that was not read', (manager, line, expected) => {
  expect(manager.unreadable?.test(line)).toBe(expected);
});
