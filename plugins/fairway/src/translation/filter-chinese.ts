import type { FilterTexts } from './filter-english.ts';

export const filterChinese: FilterTexts = {
  'filter.all': '全部',
  'filter.owner': '团队',
  'filter.environment': '环境',
  'filter.cluster': '集群',
  'filter.state': '状态',
  'filter.serving': '提供服务',
  'filter.not-serving': '未提供服务',
  'filter.decommissioned': '已停用',
  'filter.unknown': '不在任何被监视的集群中',
  'filter.none': '没有匹配的服务',
  'filter.noneHint': '将团队、环境、集群和状态都设为“全部”即可查看所有服务。',
};
