import { listed, removable } from './package-manager.ts';
import type { PackageManager } from './package-manager.ts';

/** Alpine and Wolfi. `apk fix --upgrade` upgrades packages without making them wanted for their own sake (apk-add(8)). */
export const apk: PackageManager = {
  script: wanted => `apk fix --no-cache --upgrade \\
      ${listed(wanted)}`,
  // with one that is needed it says so, and purges nothing
  removable: removable(
    'case "$(apk --no-network --simulate del "$name" 2>/dev/null)" in *"Purging $name ("*) ;; *) false ;; esac',
    'apk del',
  ),
  // what goes against it stands below, a blank further to the right
  refusal: /^(?:ERROR: .+(?:\n +.+)*|.*apk: (?:command )?not found)$/m,
  unreadable: /(?:^|\s)(?:WARNING|ERROR): ((?:ignoring|fetching|updating|opening) .*)$/i,
};
