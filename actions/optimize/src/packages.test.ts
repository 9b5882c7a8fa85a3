import { leftOut } from './keep.ts';
import { packagesLost } from './packages.ts';

const bom = (...components: readonly (readonly [purl: string, name: string, value: string])[]) =>
  JSON.stringify({
    components: [{}, ...components.map(([purl, name, value]) => ({ purl, properties: [{ name, value }] }))],
  });
const trivy = 'aquasecurity:trivy:FilePath';
const idna = ['pkg:pypi/idna@3.4', trivy, 'opt/venv/lib/python3.12/site-packages/idna-3.4.dist-info/METADATA'] as const;

test.each<[string, string, string, string | undefined]>([
  ['nothing', bom(idna), bom(idna), undefined],
  // uv links its cache and the environment, and Trivy lists what is in both
  [
    "the second place of a package in uv's cache",
    bom(idna, [idna[0], trivy, 'root/.cache/uv/archive-v0/x/idna-3.4.dist-info/METADATA']),
    bom(idna),
    undefined,
  ],
  [
    'what only a cache had',
    bom(idna, ['pkg:pypi/hatchling@1.0', trivy, 'root/.cache/uv/archive-v0/x/hatchling-1.0.dist-info/METADATA']),
    bom(idna),
    undefined,
  ],
  [
    'what a build left in a folder for temporary files, as Syft has it',
    bom(['pkg:npm/a@1', 'syft:location:0:path', '/tmp/build/node_modules/a/package.json']),
    bom(),
    undefined,
  ],
  ['a package of the service', bom(idna), bom(), 'pkg:pypi/idna@3.4'],
  ['another version', bom(idna), bom(['pkg:pypi/idna@3.5', trivy, idna[2]]), 'pkg:pypi/idna@3.4'],
])('%s is lost', (_name, before, after, expected) => {
  expect(packagesLost(before, after, path => leftOut(path, false, { bytecode: false }))).toBe(expected);
});
