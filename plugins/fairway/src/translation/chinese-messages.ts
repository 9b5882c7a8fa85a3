import { answerReasonsChinese } from './answer-reasons-chinese.ts';
import { chinese } from './chinese.ts';
import { clusterReasonsChinese } from './cluster-reasons-chinese.ts';
import { deliveryChinese } from './delivery-chinese.ts';
import { failureChinese } from './failure-chinese.ts';
import { errorReasonsChinese } from './error-reasons-chinese.ts';
import { fileReasonsChinese } from './file-reasons-chinese.ts';
import { modelReasonsChinese } from './model-reasons-chinese.ts';
import { engineReasonsChinese } from './engine-reasons-chinese.ts';
import { inputReasonsChinese } from './input-reasons-chinese.ts';
import { alertReasonsChinese } from './alert-reasons-chinese.ts';
import { fixPlanReasonsChinese } from './fix-plan-reasons-chinese.ts';
import { probeReasonsChinese } from './probe-reasons-chinese.ts';
import { keyReasonsChinese } from './key-reasons-chinese.ts';
import { storeReasonsChinese } from './store-reasons-chinese.ts';
import { toolReasonsChinese } from './tool-reasons-chinese.ts';
import { ruleReasonsChinese } from './rule-reasons-chinese.ts';
import { filterChinese } from './filter-chinese.ts';
import { fitReasonsChinese } from './fit-reasons-chinese.ts';
import { fleetChinese } from './fleet-chinese.ts';
import { gatewayReasonsChinese } from './gateway-reasons-chinese.ts';
import { homeChinese } from './home-chinese.ts';
import { podReasonsChinese } from './pod-reasons-chinese.ts';
import { podsChinese } from './pods-chinese.ts';
import { portalReasonsChinese } from './portal-reasons-chinese.ts';
import { queueReasonsChinese } from './queue-reasons-chinese.ts';
import { queuesChinese } from './queues-chinese.ts';
import { releaseChinese } from './release-chinese.ts';
import { serviceChinese } from './service-chinese.ts';
import { stagesChinese } from './stages/stages-chinese.ts';
import { usageChinese } from './usage-chinese.ts';

/** What the translation API loads when the portal is shown in Chinese. */
export default {
  ...answerReasonsChinese,
  ...chinese,
  ...clusterReasonsChinese,
  ...deliveryChinese,
  ...failureChinese,
  ...errorReasonsChinese,
  ...fileReasonsChinese,
  ...modelReasonsChinese,
  ...engineReasonsChinese,
  ...inputReasonsChinese,
  ...alertReasonsChinese,
  ...fixPlanReasonsChinese,
  ...probeReasonsChinese,
  ...keyReasonsChinese,
  ...storeReasonsChinese,
  ...toolReasonsChinese,
  ...ruleReasonsChinese,
  ...filterChinese,
  ...fitReasonsChinese,
  ...fleetChinese,
  ...gatewayReasonsChinese,
  ...homeChinese,
  ...podReasonsChinese,
  ...podsChinese,
  ...portalReasonsChinese,
  ...queueReasonsChinese,
  ...queuesChinese,
  ...releaseChinese,
  ...serviceChinese,
  ...stagesChinese,
  ...usageChinese,
};
