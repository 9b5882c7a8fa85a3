import type { ScoredContender, ScoreName } from '@fairway/backstage-plugin-fairway-common';
import { useFairwayText } from '../translation/use-fairway-text.ts';
import { figureText } from '../view/figures.ts';
import classes from './score-chart.module.css';
import { xOf, yOf } from './score-scale.ts';

interface ScoreLineProps {
  readonly name: ScoreName;
  readonly scored: readonly ScoredContender[];
}

/** Equal scores stand side by side rather than on top of each other. */
const aside: Readonly<Record<ScoreName, number>> = { throughput: -14, latency: 0, efficiency: 14 };

/** One score over the engines; where an engine was not measured the line is broken, never drawn through. */
export function ScoreLine({ name, scored }: ScoreLineProps) {
  const { t } = useFairwayText();
  const points = scored.map(({ title, scores }, index) => {
    const score = scores[name];
    return score === undefined
      ? undefined
      : { title, score, x: xOf(index, scored.length) + aside[name], y: yOf(score.value) };
  });
  const path = points
    .map((point, index) => point && `${points[index - 1] ? 'L' : 'M'} ${point.x} ${point.y}`)
    .filter(Boolean)
    .join(' ');
  return (
    <g>
      <path aria-hidden="true" className={`${classes.line} ${classes[name]}`} d={path} />
      {points.map(point => {
        if (!point) return null;
        const { title, score, x, y } = point;
        const label = t('engines.score', {
          engine: title,
          name: t(`engines.${name}`),
          score: figureText(score.value),
        });
        return (
          <g key={title} role="img" aria-label={label} tabIndex={0} className={classes.point}>
            <title>{`${label} (${figureText(score.low)} – ${figureText(score.high)})`}</title>
            <path
              className={`${classes.interval} ${classes[name]}`}
              d={`M ${x} ${yOf(score.low)} V ${yOf(Math.min(100, score.high))}`}
            />
            <Marker name={name} x={x} y={y} />
          </g>
        );
      })}
    </g>
  );
}

/** A circle, a square or a diamond. */
export function Marker({ name, x, y }: { readonly name: ScoreName; readonly x: number; readonly y: number }) {
  const className = `${classes.marker} ${classes[name]}`;
  if (name === 'throughput') return <circle className={className} cx={x} cy={y} r={5} />;
  const turn = name === 'efficiency' ? `rotate(45 ${x} ${y})` : undefined;
  return <rect className={className} x={x - 4.5} y={y - 4.5} width={9} height={9} transform={turn} />;
}
