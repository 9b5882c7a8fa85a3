import type { TitlesTexts } from './titles-english.ts';

export const titlesChinese: TitlesTexts = {
  'delivery.title': '交付',
  'deployments.title': '部署',
  'logs.title': '日志',
};
