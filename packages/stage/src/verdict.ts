/** What a stage says of its work. `skipped` is given with a reason; a comparison that could not be made is `inconclusive`, never `pass`. */
export type Verdict = 'pass' | 'fail' | 'inconclusive' | 'skipped';

/** The eleven stages in the order of a delivery. */
export const stageOrder = [
  'prepare',
  'build',
  'scan',
  'remediate',
  'optimize',
  'push',
  'deploy',
  'mesh',
  'monitor',
  'load-test',
  'release',
] as const;

export type StageName = (typeof stageOrder)[number];
