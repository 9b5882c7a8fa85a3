export { answered, timePerOutputToken, timeToFirstToken, type Answered, type RequestSample } from './request-sample.ts';
export { percentile } from './percentile.ts';
export { percentileInterval, shareInterval, type Interval } from './intervals.ts';
export { budget, riskOf, shareObjectives, type ObjectiveName, type ShareObjective } from './objectives.ts';
export { requestsToDecide, riskOfObjective, sampleSize, type SampleSize } from './sample-size.ts';
export { SequentialShare, type SequentialOptions } from './sequential-share.ts';
export { eventsNeeded, ObjectiveJudge, overall, type Decision } from './judge.ts';
export { RequestTally, together, type Count, type Counts, type Figure } from './tally.ts';
export { loadSize, type LoadSize } from './load-size.ts';
export { histogramCount, histogramLimit, type HistogramLimit } from './histogram.ts';
export { ClusterSeries, seriesInCluster, storedSeries, type ClusterLabels } from './cluster-series.ts';
export {
  answerBucketRecord,
  badEventsRecord,
  badShareRecord,
  countedWindows,
  jobName,
  podsOfUsers,
  podsOfVersion,
  recordedOf,
  recordedWindows,
  requestRateRecord,
  streamObjective,
  type CountedWindow,
  type RecordedWindow,
  type WatchedObjective,
} from './recorded.ts';
