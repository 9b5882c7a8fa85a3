import { execFile } from 'node:child_process';
import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { pythonUpgrade } from './python-upgrade.ts';

const run = promisify(execFile);

/** Wheels of a package in two versions (packaging.python.org, Binary distribution format), and the older one in the folder of a user. */
const make = `import os, sys, zipfile
root = sys.argv[1]
site = os.path.join(root, "home/.local/lib/python%d.%d/site-packages" % sys.version_info[:2])
for version in "1.0", "1.1":
    path, info = os.path.join(root, "alpha-%s-py3-none-any.whl" % version), "alpha-%s.dist-info" % version
    with zipfile.ZipFile(path, "w") as wheel:
        wheel.writestr("alpha.py", "")
        wheel.writestr(info + "/METADATA", "Metadata-Version: 2.1\\nName: alpha\\nVersion: %s\\n" % version)
        wheel.writestr(info + "/WHEEL", "Wheel-Version: 1.0\\nRoot-Is-Purelib: true\\nTag: py3-none-any\\n")
        wheel.writestr(info + "/RECORD", "".join("%s,,\\n" % name for name in wheel.namelist()) + info + "/RECORD,,\\n")
    if version == "1.0":
        zipfile.ZipFile(path).extractall(site)
print(site)
`;

let root: string;
let site: string;
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'fairway-python-'));
  await writeFile(join(root, 'upgrade.py'), pythonUpgrade);
  site = (await run('python3', ['-c', make, root])).stdout.trim();
});
afterEach(() => rm(root, { recursive: true }));

const upgrade = (wanted: string, more = {}) =>
  run('python3', [join(root, 'upgrade.py'), site, wanted], {
    env: { ...process.env, PIP_NO_INDEX: '1', PIP_FIND_LINKS: root, ...more },
  });
const versions = async () => (await readdir(site)).filter(name => name.endsWith('.dist-info'));

test('the packages of a user are raised where they lie, wherever that is', async () => {
  await upgrade('alpha==1.1');
  expect(await versions()).toEqual(['alpha-1.1.dist-info']);
});

test('a constraint that the image sets is named, and nothing changes', async () => {
  const constraint = join(root, 'constraint.txt');
  await writeFile(constraint, 'alpha==1.0\n');
  await expect(upgrade('alpha==1.1', { PIP_CONSTRAINT: constraint })).rejects.toMatchObject({
    stdout: expect.stringMatching(
      /^E: ERROR: Cannot install alpha==1\.1 .+ The user requested \(constraint\) alpha==1\.0$/m,
    ),
  });
  expect(await versions()).toEqual(['alpha-1.0.dist-info']);
});
