import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { grypePart, vulnerabilityParts } from '@fairway/platform/vulnerabilities/parts';

test.each(['deliver.yml', 'pull-request.yml', 'rescan.yml'])('%s builds the scanners that are tested', workflow => {
  const text = readFileSync(join(import.meta.dirname, '../../workflows', workflow), 'utf8');
  for (const part of [grypePart, ...vulnerabilityParts])
    if (part.kind === 'go-module')
      expect(text).toContain(`${part.name}) module=${part.module} version=${part.version.slice(1)} `);
});
