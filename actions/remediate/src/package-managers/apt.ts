import { listed } from './package-manager.ts';
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
  refusal: /^(?:E: .+|.*apt-get: not found)$/m,
  unreadable: /(?:^|\s)[EW]: ((?:Failed to fetch|The repository) .*)$/,
};
