import { listed, removable } from './package-manager.ts';
import type { PackageManager } from './package-manager.ts';

/** Debian and Ubuntu. Only the named packages and what they need are touched. A source that does not answer is asked three times and then left out. */
export const apt: PackageManager = {
  script: wanted => `export DEBIAN_FRONTEND=noninteractive \\
 && { apt-get -o Acquire::Retries=3 update || true; } \\
 && apt-get install --yes --only-upgrade --no-install-recommends \\
      -o Dpkg::Options::=--force-confold -o Dpkg::Options::=--force-unsafe-io \\
      ${listed(wanted)} \\
 && apt-get clean \\
 && rm -rf /var/lib/apt/lists/*`,
  // it refuses what another package depends on, and what is essential
  removable: removable('dpkg --simulate --purge "$name" >/dev/null 2>&1', 'dpkg --purge'),
  refusal: /^(?:E: .+|.*apt-get: (?:command )?not found)$/m,
  // apt's own words: apt-pkg/acquire-item.cc, deb/debmetaindex.cc, sourcelist.cc
  unreadable:
    /(?:^|\s)[EW]: ((?:Failed to fetch|The repository|Release file for|Repository '|GPG error|An error occurred during the signature|Conflicting distribution|The method driver|Malformed entry) ?.*)$/,
};
