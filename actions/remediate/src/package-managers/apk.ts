import { listed } from './package-manager.ts';
import type { PackageManager } from './package-manager.ts';

/** Alpine and Wolfi. `apk fix --upgrade` upgrades packages without making them wanted for their own sake (apk-add(8)). */
export const apk: PackageManager = {
  script: wanted => `apk fix --no-cache --upgrade \\
      ${listed(wanted)}`,
  refusal: /^(?:ERROR: .+|.*apk: not found)$/m,
  unreadable: /(?:^|\s)(?:WARNING|ERROR): ((?:fetching|updating|opening) .*)$/i,
};
