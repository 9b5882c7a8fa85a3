import { chinese } from './chinese.ts';
import { deliveryChinese } from './delivery-chinese.ts';
import { failureChinese } from './failure-chinese.ts';
import { filterChinese } from './filter-chinese.ts';
import { fleetChinese } from './fleet-chinese.ts';
import { homeChinese } from './home-chinese.ts';
import { podsChinese } from './pods-chinese.ts';
import { queuesChinese } from './queues-chinese.ts';
import { releaseChinese } from './release-chinese.ts';
import { serviceChinese } from './service-chinese.ts';
import { titlesChinese } from './titles-chinese.ts';
import { usageChinese } from './usage-chinese.ts';
import { wordsChinese } from './words-chinese.ts';

/** The texts of the pages that the translation API loads when the portal is shown in Chinese. */
export default {
  ...chinese,
  ...deliveryChinese,
  ...failureChinese,
  ...filterChinese,
  ...fleetChinese,
  ...homeChinese,
  ...podsChinese,
  ...queuesChinese,
  ...releaseChinese,
  ...serviceChinese,
  ...titlesChinese,
  ...usageChinese,
  ...wordsChinese,
};
