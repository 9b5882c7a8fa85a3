import { pythonRemovable } from './python-removable.ts';
import { pythonUpgrade } from './python-upgrade.ts';
import { quoted } from './package-manager.ts';
import type { PackageManager } from './package-manager.ts';

/**
 * Python packages of one environment: of the image's own Python, a virtual one, or a folder that has none of its own, as `pip install --user` makes it.
 * @param environment folder of its packages, without a leading slash; Python without its global lock has a name of its own, python3.13t
 */
export function pip(environment: string): PackageManager {
  const [, prefix, version] = /^(.*?)\/?lib(?:64)?\/(python3\.\d+t?)\/[^/]+$/.exec(environment) ?? [];
  const own = `/${prefix ? `${prefix}/` : ''}bin`;
  // pip of Debian's Python installs below /usr/local; the packages of a user are for whatever Python the image has
  const others = environment.endsWith('/site-packages') ? [`/usr/local/bin/${version}`] : [];
  const candidates = [`${own}/${version}`, `${own}/python3`, ...others, `/usr/bin/${version}`].map(quoted).join(' ');
  const find = `for python in ${candidates}; do [ -x "$python" ] && break; done`;
  return {
    script: wanted => `${find} \\
 && "$python" /dev/shm/upgrade.py ${quoted(`/${environment}`)} \\
      ${wanted.map(each => quoted(`${each.package}==${each.atLeast}`)).join(' \\\n      ')}`,
    removable: `${find} && "$python" -c ${quoted(pythonRemovable)} ${quoted(`/${environment}`)} "$@"`,
    refusal: /^(?:E: .+|.*: (?:command )?not found|.*\/python3[\d.]*t?: No such file or directory)$/m,
    files: { 'upgrade.py': pythonUpgrade },
  };
}
