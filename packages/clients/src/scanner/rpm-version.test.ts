import { compareRpmVersions } from './rpm-version.ts';

// of rpm's own tests/rpmvercmp.at, and of its documentation of versions (rpm-version(7)) for the caret
test.each([
  ['2.0.1a', '2.0.1', 1],
  ['5.5p1', '5.5p10', -1],
  ['10xyz', '10.1xyz', -1],
  ['xyz10', 'xyz10.1', -1],
  ['xyz.4', '8', -1],
  ['6.0.rc1', '6.0', 1],
  ['10b2', '10a1', 1],
  ['1.0a', '1.0aa', -1],
  ['10.0001', '10.1', 0],
  ['10.0001', '10.0039', -1],
  ['20101121', '20101122', -1],
  ['2.0', '2_0', 0],
  ['a+', 'a_', 0],
  ['1.0~rc1', '1.0', -1],
  ['1.0~rc1~git123', '1.0~rc1', -1],
  ['1.0^', '1.0', 1],
  ['1.0^git1', '1.0.1', -1],
  // the kernel of RHEL 9.4 and its first update (access.redhat.com, RHSA-2024:2394 and RHSA-2024:2758)
  ['5.14.0-427.el9', '5.14.0-427.13.1.el9_4', -1],
  ['2.34-100.el9', '2.34-100.el9_4.2', -1],
  ['0:3.0.7-27.el9', '3.0.7-27.el9', 0],
  ['1:1.0-1', '2.0-1', 1],
])('%s against %s gives %d', (a, b, expected) => {
  expect(Math.sign(compareRpmVersions(a, b))).toBe(expected);
  expect(Math.sign(compareRpmVersions(b, a))).toBe(expected === 0 ? 0 : -expected);
});
