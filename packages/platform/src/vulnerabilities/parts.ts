import { join } from 'node:path';
import type { Part } from '../parts.ts';

/** What the security scan needs: the scanner, and the program that writes a database for it where none can be downloaded. */
export const vulnerabilityParts: readonly Part[] = [
  {
    kind: 'go-module',
    name: 'trivy',
    module: 'github.com/aquasecurity/trivy',
    version: 'v0.58.1',
    sum: 'h1:O9JWiQbGToqI2J05k1Zgjn8kYct2iTqsoXMsym+qL5E=',
    main: './cmd/trivy',
    ldflags: '-X github.com/aquasecurity/trivy/pkg/version/app.ver=0.58.1',
    packages: 1900,
  },
  {
    kind: 'go',
    name: 'vulnerability-database',
    source: join(import.meta.dirname, '..', '..', 'parts', 'vulnerability-database'),
  },
];
