/** What the stage `load-test` says, and the objectives as it names them. */
export const loadTestTexts = {
  'indicator.availability': 'answered without an error',
  'indicator.time-to-first-token': 'time to first token',
  'indicator.inter-token-latency': 'inter-token latency',
  'indicator.goodput': 'goodput',
  'indicator.percentile': '{{indicator}}, p{{percentile}}',

  'loadTest.met': '{{requests}} requests meet the objectives: {{checks}}.',
  'loadTest.open': '{{requests}} requests do not decide: {{checks}}.',
  'loadTest.none': 'No request was measured.',
  'loadTest.longer': 'Raise load.maxSeconds.',
  'loadTest.atMost': '{{indicator}} {{measured}}, the objective is at most {{target}} {{unit}}',
  'loadTest.atLeast': '{{indicator}} {{measured}}, the objective is at least {{target}} {{unit}}',
  'loadTest.never': 'never came',
  'loadTest.is': 'is {{value}} {{unit}} ({{low}} to {{high}})',
  'loadTest.byChunks': '{{measured}} by the gaps between chunks',
  'loadTest.limited': '{{indicator}}: {{limitation}}',
  'loadTest.unmeasured': '{{indicator}} could not be measured',
  'loadTest.needed': '{{check}}, about {{requests}} requests would decide',
  'loadTest.near': '{{check}}, it lies so near to the objective that no number of requests would decide',

  'loadTest.errors': 'Errors: {{errors}}; the first: {{words}}.',
  'loadTest.rejected':
    'The gateway rejected {{requests}} requests of this sender, which are not counted: {{words}}. Look at access.requestsPerMinute, access.concurrentRequests and the token.',
  'loadTest.part':
    'That is {{rate}} of {{wholeRate}} requests/s, because the version has {{pods}} of {{replicas}} pods until its release.',
  'loadTest.late':
    'In {{attempts}} attempts {{late}}, so the figures say nothing about the service. Run it on a machine with free cores, or lower load.requestsPerSecond.',
  'loadTest.bottleneck':
    "the load generator was the bottleneck (p99 of its lateness {{lateness}} ms, of its event loop's delay {{delay}} ms, bound {{bound}} ms; busy {{busy}} %)",
  'loadTest.unsent': 'this machine had no connection for {{requests}} requests ({{code}})',
} as const;
