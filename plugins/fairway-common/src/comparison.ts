export { firstLine } from '@fairway/stage/comparison/first-line';
export { comparisonNotes, comparisonReasons } from '@fairway/stage/comparison/notes';
export {
  comparisonSchema,
  contenderSchema,
  type Comparison,
  type Contender,
  type MeasuredFigure,
} from '@fairway/stage/comparison/record';
export {
  contenderTitle,
  scoreComparison,
  scoreNames,
  startedBy,
  withoutScore,
  type Figures,
  type ScoredContender,
  type ScoreName,
} from '@fairway/stage/comparison/scores';
