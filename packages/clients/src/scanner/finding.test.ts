import { findingsBeside } from './finding.ts';
import type { Finding } from './finding.ts';

const finding = (id: string, more: Partial<Finding> = {}): Finding => ({
  id,
  severity: 'high',
  package: 'libssl3',
  ecosystem: 'debian',
  installed: '1',
  title: '',
  ...more,
});

test('findings are beside others when no identifier, package and place is the same, whatever the version', () => {
  const found = [finding('A'), finding('B'), finding('C', { path: 'a' }), finding('C', { path: 'b' })];
  const others = [finding('GHSA-A', { aliases: ['A'], installed: '2' }), finding('C', { path: 'b' })];
  expect(findingsBeside(found, others)).toEqual([found[1], found[2]]);
});

// where Trivy and Grype find packages of Python, Java and Node
test.each([
  ['opt/venv/lib/python3.12/site-packages/urllib3-2.0.1.dist-info/METADATA', '2.0.1', '2.0.7'],
  ['usr/lib/python3/dist-packages/zope.interface-6.0rc1.egg-info/PKG-INFO', '6.0-rc.1', '6.1'],
  ['usr/lib/python3/dist-packages/six-1.16.0.egg-info', '1.16.0', '1.17.0'],
  ['app/app.jar/BOOT-INF/lib/jackson-databind-2.15.2.jar', '2.15.2', '2.15.4'],
  ['srv/node_modules/.pnpm/ws@8.13.0_bufferutil@4.0.7/node_modules/ws/package.json', '8.13.0', '8.17.1'],
])('a package that was raised is where it was: %s', (path, installed, raised) => {
  const before = finding('A', { path, installed });
  const after = finding('A', { path: path.replace(/(?<=[-@])[\d.]+(?:rc1)?(?=[._])/, raised), installed: raised });
  expect(findingsBeside([before], [after])).toEqual([]);
  const elsewhere = finding('A', { path: path.replace(/^\w+/, 'other'), installed });
  expect(findingsBeside([before], [elsewhere])).toEqual([before]);
});

test('a version in the name of a folder is none of the package', () => {
  const found = finding('A', { path: 'usr/lib/python3.11/site-packages/x-3.11.dist-info', installed: '3.11' });
  const other = finding('A', { path: 'usr/lib/python3.12/site-packages/x-3.11.dist-info', installed: '3.11' });
  expect(findingsBeside([found], [other])).toEqual([found]);
});
