import { listed, rpmRemovable } from './package-manager.ts';
import type { PackageManager } from './package-manager.ts';

/**
 * openSUSE and SUSE Linux Enterprise. Codes from 100 on are no errors (zypper(8), EXIT CODES): 102 and 103 ask for a restart, 106 says that a source
 * was left out, 107 that a script of a package failed after its installation, which dnf and microdnf pass over too. 104, a package that no source
 * has, is one to us.
 */
export const zypper: PackageManager = {
  script: wanted => `{ zypper --non-interactive update --no-recommends \\
      ${listed(wanted)} \\
    || case $? in 102 | 103 | 106 | 107) ;; *) false ;; esac; } \\
 && zypper clean --all`,
  removable: rpmRemovable,
  refusal:
    /^(?:Problem: .+(?:\n +Solution 1: .+(?:\n {2,}(?! *Solution).+)?)?|No provider of .+ found\.|.*zypper: (?:command )?not found)$/m,
  unreadable: /(\[[^\]|]+\|[^\]]+\] .+)$/,
};
