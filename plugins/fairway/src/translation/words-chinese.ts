import type { WordsTexts } from './words-english.ts';

export const wordsChinese: WordsTexts = {
  'word.prepare': '准备',
  'word.build': '构建',
  'word.scan': '扫描',
  'word.remediate': '修复',
  'word.optimize': '优化',
  'word.push': '推送',
  'word.deploy': '部署',
  'word.mesh': '网格',
  'word.monitor': '监控',
  'word.load-test': '负载测试',
  'word.release': '发布',

  'word.page': '呼叫值班',
  'word.ticket': '工单',
  'word.critical': '严重',
  'word.error': '错误',
  'word.warning': '警告',
  'word.info': '信息',
  'word.none': '无',
  'word.high': '高',
  'word.medium': '中',
  'word.low': '低',
  'word.negligible': '可忽略',
  'word.unknown': '未知',
};
