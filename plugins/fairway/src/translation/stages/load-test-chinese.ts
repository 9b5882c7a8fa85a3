import type { loadTestTexts } from '@fairway/service/reasons/stages/load-test';

/** What the stage `load-test` says, in Simplified Chinese. */
export const loadTestChinese: Record<keyof typeof loadTestTexts, string> = {
  'indicator.availability': '无错误应答的比例',
  'indicator.time-to-first-token': '首词元时间',
  'indicator.inter-token-latency': '词元间延迟',
  'indicator.goodput': '有效吞吐（goodput）',
  'indicator.percentile': '{{indicator}}（p{{percentile}}）',

  'loadTest.met': '{{requests}} 个请求达到目标：{{checks}}。',
  'loadTest.open': '{{requests}} 个请求不足以判定：{{checks}}。',
  'loadTest.none': '没有测量到任何请求。',
  'loadTest.longer': '请提高 load.maxSeconds。',
  'loadTest.atMost': '{{indicator}}{{measured}}，目标为至多 {{target}} {{unit}}',
  'loadTest.atLeast': '{{indicator}}{{measured}}，目标为至少 {{target}} {{unit}}',
  'loadTest.never': '始终没有出现',
  'loadTest.is': '为 {{value}} {{unit}}（{{low}} 到 {{high}}）',
  'loadTest.byChunks': '{{measured}}（按数据块之间的间隔计算）',
  'loadTest.limited': '{{indicator}}：“{{limitation}}”',
  'loadTest.unmeasured': '无法测量{{indicator}}',
  'loadTest.needed': '{{check}}，大约 {{requests}} 个请求才能判定',
  'loadTest.near': '{{check}}，它离目标太近，再多的请求也无法判定',

  'loadTest.errors': '错误：{{errors}}；第一个：“{{words}}”。',
  'loadTest.rejected':
    '网关拒绝了此发送方的 {{requests}} 个请求，这些请求不计入：“{{words}}”。请检查 access.requestsPerMinute、access.concurrentRequests 和令牌。',
  'loadTest.part':
    '这相当于每秒 {{wholeRate}} 个请求中的 {{rate}} 个，因为该版本在发布之前只有 {{replicas}} 个 Pod 中的 {{pods}} 个。',
  'loadTest.late':
    '在 {{attempts}} 次尝试中{{late}}，因此这些数据不能说明服务的情况。请在有空闲处理器核心的机器上运行，或降低 load.requestsPerSecond。',
  'loadTest.bottleneck':
    '负载生成器成为瓶颈（其发送延迟的 p99 为 {{lateness}} ms，事件循环延迟的 p99 为 {{delay}} ms，上限为 {{bound}} ms；繁忙程度 {{busy}} %）',
  'loadTest.unsent': '这台机器没有可用于 {{requests}} 个请求的连接（{{code}}）',
};
