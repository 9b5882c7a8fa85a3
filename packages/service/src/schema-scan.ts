import * as z from 'zod';
import { date, insideFolder, text } from './schema-values.ts';

export const severities = ['critical', 'high', 'medium', 'low'] as const;

export const scanSchema = z
  .strictObject({
    failOn: z
      .enum(severities)
      .default('high')
      .describe('fixable findings of this severity and above stop the delivery'),
    exceptions: z
      .array(
        z.strictObject({
          id: text.describe('the identifier of the finding, such as CVE-2026-1234'),
          aliases: z.array(text).optional().describe('other identifiers of it, such as GHSA-…'),
          package: text.optional().describe('the one package that is meant; default: every package with the finding'),
          owner: text.optional().describe('who answers for it'),
          reason: text.describe('why it is accepted'),
          until: date.describe('the last day of the exception'),
        }),
      )
      .default([])
      .describe('findings accepted for a time'),
    vex: z
      .array(insideFolder)
      .default([])
      .describe(
        'OpenVEX documents, relative to the service folder: what they say of the image or of a package is `not_affected` or `fixed` stops nothing',
      ),
    unknownPackages: z
      .array(
        z.strictObject({
          kind: text.describe('the kind of packages as the scan names it, such as python-pkg'),
          owner: text.optional().describe('who answers for it'),
          reason: text.describe('why it is accepted, such as where else they are scanned'),
          until: date.describe('the last day of the exception'),
        }),
      )
      .default([])
      .describe('kinds of packages about which the vulnerability database holds nothing, accepted for a time'),
  })
  .prefault({})
  .describe('what the security scan lets through');
