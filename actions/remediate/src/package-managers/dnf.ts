import { listed, rpmRemovable } from './package-manager.ts';
import type { PackageManager } from './package-manager.ts';

/** Distributions with RPM: dnf, or what small and old images have in its place. A source that does not answer is left out; dnf
 * may pass over what lacks something in silence, and `--best` makes it say so. */
export const dnf: PackageManager = {
  script:
    wanted => `if command -v dnf >/dev/null; then set -- dnf --best --setopt=install_weak_deps=False --setopt=*.skip_if_unavailable=True; \\
    elif command -v microdnf >/dev/null; then set -- microdnf --setopt=install_weak_deps=0; \\
    elif command -v tdnf >/dev/null; then set -- tdnf; \\
    else set -- yum; fi \\
 && "$@" -y upgrade \\
      ${listed(wanted)} \\
 && "$@" clean all \\
 && rm -rf /var/cache/dnf /var/cache/yum /var/cache/libdnf5`,
  removable: rpmRemovable,
  // tdnf has a number behind the word, and a sentence may end with a colon
  refusal:
    /^(?: *Problem(?: \d+)?: .+(?:\n +- .+)?|[Ee]rror(?:\(\d+\) )?: (?!Failed to download metadata)(?:.*:\s*\n)?.+|.*yum: (?:command )?not found)$/m,
  unreadable:
    /((?:Failed to download metadata(?: \(.*?\))? for repo|Errors during downloading metadata for repository|Error: Failed to synchronize cache for repo|[Ee]rror: cannot update repo|Cannot find a valid baseurl for repo:?|failure: repodata\/repomd\.xml from) ?.*)$/,
};
