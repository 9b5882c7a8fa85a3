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
  'filter.noneHint': '清空搜索，并将团队、环境、集群和状态都设为“全部”即可查看所有服务。',
  'filter.text': '搜索',
  'filter.ready': '就绪',
  'filter.starting': '正在启动',
  'filter.failing': '出现故障',
  'filter.noDeployment': '没有匹配的部署',
  'filter.noDeploymentHint': '清空搜索，并将团队、环境、集群和状态都设为“全部”即可查看所有部署。',
  'page.shown': '第 {{first, number}} 至 {{last, number}} 个，共 {{all, number}} 个',
  'page.previous': '上一页',
  'page.next': '下一页',
};
