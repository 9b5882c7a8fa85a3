import { changelogFixes } from './changelog.ts';

const changelog = `openssl (3.0.22-1~deb12u2) bookworm-security; urgency=high

  * CVE-2026-1111 (Denial of service in a
    parser)
  * Fix CVE-2026-2222 and CVE-2026-3333.
  * CVE-2026-4444: not affected, the code is not built.

 -- A Maintainer <a@example.org>  Mon, 01 Jun 2026 10:00:00 +0000

openssl (3.0.20-1) bookworm; urgency=medium

  * New upstream release: CVE-2026-1111, CVE-2025-9999

 -- A Maintainer <a@example.org>  Mon, 01 Jun 2025 10:00:00 +0000
`;

test('every identifier gets the newest version that names it', () => {
  expect(Object.fromEntries(changelogFixes(changelog))).toEqual({
    'CVE-2026-1111': {
      version: '3.0.22-1~deb12u2',
      urgency: 'high',
      text: 'CVE-2026-1111 (Denial of service in a parser)',
    },
    'CVE-2026-2222': { version: '3.0.22-1~deb12u2', urgency: 'high', text: 'Fix CVE-2026-2222 and CVE-2026-3333.' },
    'CVE-2026-3333': { version: '3.0.22-1~deb12u2', urgency: 'high', text: 'Fix CVE-2026-2222 and CVE-2026-3333.' },
    'CVE-2025-9999': {
      version: '3.0.20-1',
      urgency: 'medium',
      text: 'New upstream release: CVE-2026-1111, CVE-2025-9999',
    },
  });
});

test('a text that is no changelog names nothing', () => {
  expect(changelogFixes('CVE-2026-1111 fixed').size).toBe(0);
});

test('a rebuild for a release holds what the version it was made from fixed', () => {
  const rebuilt = `a (1.0-4~deb12u1) bookworm; urgency=medium

  * Rebuild for bookworm.

 -- A Maintainer <a@example.org>  Mon, 01 Jun 2026 10:00:00 +0000

a (1.0-4) unstable; urgency=high

  * CVE-2026-1111

 -- A Maintainer <a@example.org>  Mon, 01 Jun 2025 10:00:00 +0000
`;
  expect(changelogFixes(rebuilt).get('CVE-2026-1111')?.version).toBe('1.0-4~deb12u1');
});
