import { alertsChinese } from '@fairway/service/reasons/alerts-chinese';
import { answerReasonsChinese } from './answer-reasons-chinese.ts';
import { clusterReasonsChinese } from './cluster-reasons-chinese.ts';
import { comparisonReasonsChinese } from './comparison-reasons-chinese.ts';
import { engineReasonsChinese } from './engine-reasons-chinese.ts';
import { errorReasonsChinese } from './error-reasons-chinese.ts';
import { fileReasonsChinese } from './file-reasons-chinese.ts';
import { fitReasonsChinese } from './fit-reasons-chinese.ts';
import { fixPlanReasonsChinese } from './fix-plan-reasons-chinese.ts';
import { gatewayReasonsChinese } from './gateway-reasons-chinese.ts';
import { inputReasonsChinese } from './input-reasons-chinese.ts';
import { keyReasonsChinese } from './key-reasons-chinese.ts';
import { modelReasonsChinese } from './model-reasons-chinese.ts';
import { podReasonsChinese } from './pod-reasons-chinese.ts';
import { portalReasonsChinese } from './portal-reasons-chinese.ts';
import { probeReasonsChinese } from './probe-reasons-chinese.ts';
import { queueReasonsChinese } from './queue-reasons-chinese.ts';
import { ruleReasonsChinese } from './rule-reasons-chinese.ts';
import { stagesChinese } from './stages/stages-chinese.ts';
import { storeReasonsChinese } from './store-reasons-chinese.ts';
import { toolReasonsChinese } from './tool-reasons-chinese.ts';

/** What the backend and the stages say, as the translation API loads it when the portal is shown in Chinese. */
export default {
  ...alertsChinese,
  ...answerReasonsChinese,
  ...clusterReasonsChinese,
  ...comparisonReasonsChinese,
  ...engineReasonsChinese,
  ...errorReasonsChinese,
  ...fileReasonsChinese,
  ...fitReasonsChinese,
  ...fixPlanReasonsChinese,
  ...gatewayReasonsChinese,
  ...inputReasonsChinese,
  ...keyReasonsChinese,
  ...modelReasonsChinese,
  ...podReasonsChinese,
  ...portalReasonsChinese,
  ...probeReasonsChinese,
  ...queueReasonsChinese,
  ...ruleReasonsChinese,
  ...stagesChinese,
  ...storeReasonsChinese,
  ...toolReasonsChinese,
};
