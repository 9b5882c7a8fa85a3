import { useId } from 'react';
import { Text } from '@backstage/ui';
import { useFairwayText } from '../../translation/use-fairway-text.ts';
import { figureText } from '../../view/figures.ts';
import { binsOf } from './bins.ts';
import classes from './histogram.module.css';

interface HistogramProps {
  readonly title: string;
  /** Milliseconds. */
  readonly values: readonly number[];
  /** The objective; drawn where it lies within reach of the values. */
  readonly target: number | undefined;
}

const width = 480;
const height = 160;
const left = 34;
const bottom = 22;

/** How often which latency was measured. */
export function Histogram({ title, values, target }: HistogramProps) {
  const { t } = useFairwayText();
  const titleId = useId();
  const bins = binsOf(values);
  const [first, last] = [bins[0], bins.at(-1)];
  if (!first || !last) return <Text color="secondary">{`${title}: ${t('load.noValues')}`}</Text>;
  // an objective far beyond would press all bars together
  const beyond = target !== undefined && target > 2 * last.to;
  const end = target === undefined || beyond ? last.to : Math.max(last.to, target * 1.05);
  const most = bins.reduce((top, bin) => Math.max(top, bin.count), 0);
  const x = (value: number) => left + ((value - first.from) / (end - first.from)) * (width - left - 8);
  const y = (count: number) => 10 + (1 - count / most) * (height - bottom - 10);
  const objective = target === undefined ? undefined : String(target);
  return (
    <figure className={classes.figure}>
      <figcaption id={titleId}>{title}</figcaption>
      <svg role="img" aria-labelledby={titleId} viewBox={`0 0 ${width} ${height}`} className={classes.plot}>
        {bins.map(({ from, to, count }) => (
          <rect
            key={from}
            className={classes.bar}
            x={x(from) + 0.5}
            y={y(count)}
            width={Math.max(1, x(to) - x(from) - 1)}
            height={y(0) - y(count)}
          >
            <title>{t('load.bar', { amount: String(count), from: figureText(from), to: figureText(to) })}</title>
          </rect>
        ))}
        <path className={classes.axis} d={`M ${left} 10 V ${y(0)} H ${width - 8}`} />
        <text className={classes.tick} x={left - 4} y={y(most) + 4} textAnchor="end">
          {most}
        </text>
        <text className={classes.tick} x={left - 4} y={y(0)} textAnchor="end">
          0
        </text>
        {[first.from, (first.from + end) / 2, end].map(value => (
          <text
            key={value}
            className={classes.tick}
            x={x(value)}
            y={height - 6}
            textAnchor={anchor(value, first.from, end)}
          >
            {figureText(value)}
          </text>
        ))}
        {target !== undefined && !beyond && target >= first.from && (
          <path className={classes.target} d={`M ${x(target)} 4 V ${y(0)}`} />
        )}
      </svg>
      {objective && (
        <Text variant="body-small" color="secondary">
          {!beyond && <span aria-hidden="true">┆ </span>}
          {t(beyond ? 'load.beyond' : 'load.objective', { target: objective })}
        </Text>
      )}
    </figure>
  );
}

function anchor(value: number, first: number, end: number): 'start' | 'middle' | 'end' {
  if (value === first) return 'start';
  return value === end ? 'end' : 'middle';
}
