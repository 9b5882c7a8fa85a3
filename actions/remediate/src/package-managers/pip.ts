import { pythonUpgrade } from './python-upgrade.ts';
import { quoted } from './package-manager.ts';
import type { PackageManager } from './package-manager.ts';

/**
 * Python packages of one environment: of the image's own Python, or a virtual one.
 * @param environment folder of its packages, without a leading slash; Python without its global lock has a name of its own, python3.13t
 */
export function pip(environment: string): PackageManager {
  const [, prefix, version] = /^(.*?)\/?lib(?:64)?\/(python3\.\d+t?)\/[^/]+$/.exec(environment) ?? [];
  const own = `/${prefix ? `${prefix}/` : ''}bin`;
  // pip of Debian's Python installs below /usr/local
  const candidates = [`${own}/${version}`, `${own}/python3`, `/usr/bin/${version}`].map(quoted).join(' ');
  return {
    script: wanted => `for python in ${candidates}; do [ -x "$python" ] && break; done \\
 && "$python" /dev/shm/upgrade.py \\
      ${wanted.map(each => quoted(`${each.package}==${each.atLeast}`)).join(' \\\n      ')}`,
    refusal: /^(?:E: .+|.*: not found)$/m,
    files: { 'upgrade.py': pythonUpgrade },
  };
}
