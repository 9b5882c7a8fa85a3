export { comparisonSchema, type Comparison, type MeasuredFigure } from '@fairway/stage/comparison/record';
export {
  contenderTitle,
  scoreComparison,
  scoreNames,
  withoutScore,
  type ScoredContender,
  type ScoreName,
} from '@fairway/stage/comparison/scores';
