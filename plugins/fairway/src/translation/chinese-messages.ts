import { answerReasonsChinese } from './answer-reasons-chinese.ts';
import { chinese } from './chinese.ts';
import { deliveryChinese } from './delivery-chinese.ts';
import { errorReasonsChinese } from './error-reasons-chinese.ts';
import { filterChinese } from './filter-chinese.ts';
import { fitReasonsChinese } from './fit-reasons-chinese.ts';
import { fleetChinese } from './fleet-chinese.ts';
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
  ...deliveryChinese,
  ...errorReasonsChinese,
  ...filterChinese,
  ...fitReasonsChinese,
  ...fleetChinese,
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
