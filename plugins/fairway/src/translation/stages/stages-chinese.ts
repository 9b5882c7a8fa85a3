import { buildChinese } from './build-chinese.ts';
import { commonChinese } from './common-chinese.ts';
import { deployChinese } from './deploy-chinese.ts';
import { loadTestChinese } from './load-test-chinese.ts';
import { meshChinese } from './mesh-chinese.ts';
import { monitorChinese } from './monitor-chinese.ts';
import { optimizeChinese } from './optimize-chinese.ts';
import { prepareChinese } from './prepare-chinese.ts';
import { pushChinese } from './push-chinese.ts';
import { releaseChinese } from './release-chinese.ts';
import { remediateChinese } from './remediate-chinese.ts';
import { scanChinese } from './scan-chinese.ts';

/** Why a stage gave its verdict, in Simplified Chinese: a file for each stage, in the order of the English texts. */
export const stagesChinese = {
  ...commonChinese,
  ...prepareChinese,
  ...buildChinese,
  ...scanChinese,
  ...remediateChinese,
  ...optimizeChinese,
  ...pushChinese,
  ...deployChinese,
  ...meshChinese,
  ...monitorChinese,
  ...loadTestChinese,
  ...releaseChinese,
};
