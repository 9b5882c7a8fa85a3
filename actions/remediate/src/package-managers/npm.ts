import { nodeUpgrade } from './node-upgrade.ts';
import { quoted } from './package-manager.ts';
import type { PackageManager } from './package-manager.ts';

/** Packages of Node, each in the node_modules in which it lies. */
export const npm: PackageManager = {
  script: wanted => `node /dev/shm/upgrade.cjs \\
      ${wanted.map(each => quoted(`/${each.environment}/${each.package}@${each.atLeast}`)).join(' \\\n      ')}`,
  refusal: /^(?:E: .+|.*: (?:command )?not found)$/m,
  files: { 'upgrade.cjs': nodeUpgrade },
};
