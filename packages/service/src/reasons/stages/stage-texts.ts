import { buildTexts } from './build.ts';
import { commonTexts } from './common.ts';
import { deployTexts } from './deploy.ts';
import { loadTestTexts } from './load-test.ts';
import { meshTexts } from './mesh.ts';
import { monitorTexts } from './monitor.ts';
import { optimizeTexts } from './optimize.ts';
import { prepareTexts } from './prepare.ts';
import { pushTexts } from './push.ts';
import { releaseTexts } from './release.ts';
import { remediateTexts } from './remediate.ts';
import { scanTexts } from './scan.ts';

/** Why a stage gave its verdict, a file for each stage. */
export const stageTexts = {
  ...commonTexts,
  ...prepareTexts,
  ...buildTexts,
  ...scanTexts,
  ...remediateTexts,
  ...optimizeTexts,
  ...pushTexts,
  ...deployTexts,
  ...meshTexts,
  ...monitorTexts,
  ...loadTestTexts,
  ...releaseTexts,
} as const;
