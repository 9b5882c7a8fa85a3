import { join } from 'node:path';
import type { Part } from '../parts.ts';

/** The other scanner, for who asks for it. */
export const grypePart: Part = {
  kind: 'go-module',
  name: 'grype',
  module: 'github.com/anchore/grype',
  version: 'v0.121.3',
  sum: 'h1:SBH6qbXbcNVR+1TATH4M4eOxxxKivl+cX1eSHurBgrY=',
  main: './cmd/grype',
  ldflags: '-X main.version=0.121.3',
  packages: 2100,
};

/** What the security scan needs: the program that writes a database where none can be downloaded, and the scanner, which compiles meanwhile. */
export const vulnerabilityParts: readonly Part[] = [
  {
    kind: 'go',
    name: 'vulnerability-database',
    source: join(import.meta.dirname, '..', '..', 'parts', 'vulnerability-database'),
  },
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
];
