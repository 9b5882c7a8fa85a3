import { compareDebianVersions } from './debian-version.ts';

test.each([
  ['1.0-1', '1.0-1', 0],
  ['1.0-1', '1.0-2', -1],
  ['1.9', '1.10', -1],
  ['2:1.0', '1:9.9', 1],
  ['1.0~rc1', '1.0', -1],
  ['1.0', '1.0+b1', -1],
  ['3.0.20-1~deb12u2', '3.0.22-1~deb12u2', -1],
  ['5.36.0-7+deb12u3', '5.36.0-7+deb12u4', -1],
  ['10.42-1', '10.42-1+deb12u2', -1],
  ['1.0-1~deb12u1', '1.0-1', -1],
  ['1.0a', '1.0+', -1],
  ['2026b-0+deb12u1', '2026f-0+deb12u1', -1],
  ['1.00', '1.0', 0],
])('%s against %s gives %d', (a, b, expected) => {
  expect(Math.sign(compareDebianVersions(a, b))).toBe(expected);
  expect(Math.sign(compareDebianVersions(b, a))).toBe(expected === 0 ? 0 : -expected);
});
