import { useId } from 'react';
import { scoreComparison, scoreNames, withoutScore } from '@fairway/backstage-plugin-fairway-common';
import type { Comparison } from '@fairway/backstage-plugin-fairway-common';
import { useFairwayText } from '../translation/use-fairway-text.ts';
import classes from './score-chart.module.css';
import { Marker, ScoreLine } from './score-line.tsx';
import { chart, xOf, yOf } from './score-scale.ts';

/** Three lines over the engines, 0 to 100; each line has its own dashes and marks, so that nobody needs its colour. */
export function ScoreChart({ comparison }: { readonly comparison: Comparison }) {
  const { t } = useFairwayText();
  const titleId = useId();
  const scored = scoreComparison(comparison);
  const named = { model: comparison.model.name, hardware: comparison.machine.label };
  return (
    <figure className={classes.figure}>
      <figcaption id={titleId}>{t('engines.chartOf', named)}</figcaption>
      <svg
        role="group"
        aria-labelledby={titleId}
        viewBox={`0 0 ${chart.width} ${chart.height}`}
        className={classes.chart}
      >
        <g aria-hidden="true">
          {[0, 25, 50, 75, 100].map(score => (
            <g key={score}>
              <path className={classes.grid} d={`M ${chart.left} ${yOf(score)} H ${chart.width - chart.right}`} />
              <text className={classes.tick} x={chart.left - 8} y={yOf(score) + 4} textAnchor="end">
                {score}
              </text>
            </g>
          ))}
          {scored.map((one, index) => {
            const state = withoutScore(one);
            const x = xOf(index, scored.length);
            return (
              <g key={one.title} className={classes.engine}>
                <text x={x} y={chart.height - 10}>
                  {one.title}
                </text>
                {state && (
                  <text x={x} y={yOf(50) - 6}>
                    {t(state === 'did not run' ? 'engines.didNotRun' : 'engines.noScore')}
                  </text>
                )}
              </g>
            );
          })}
        </g>
        {scoreNames.map(name => (
          <ScoreLine key={name} name={name} scored={scored} />
        ))}
      </svg>
      <ul className={classes.legend} aria-hidden="true">
        {scoreNames.map(name => (
          <li key={name}>
            <svg viewBox="0 0 36 14" className={classes.sample}>
              <path className={`${classes.line} ${classes[name]}`} d="M 0 7 H 36" />
              <Marker name={name} x={18} y={7} />
            </svg>
            {t(`engines.${name}`)}
          </li>
        ))}
      </ul>
    </figure>
  );
}
