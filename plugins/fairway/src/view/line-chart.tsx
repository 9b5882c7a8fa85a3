import { type KeyboardEvent, type PointerEvent, useId, useState } from 'react';
import { Text } from '@backstage/ui';
import { useFairwayText } from '../translation/use-fairway-text.ts';
import classes from './line-chart.module.css';
import { linePath, scaleOf } from './line-chart-scale.ts';
import { useLanguage } from './use-language.ts';

export interface ChartLine {
  readonly name: string;
  /** One for each moment; null where there is none. */
  readonly values: readonly (number | null)[];
}

interface LineChartProps {
  readonly title: string;
  /** What the chart counts and what it leaves out. */
  readonly hint?: string;
  /** First moment, in seconds since 1970, and the seconds between two. */
  readonly from: number;
  readonly step: number;
  readonly lines: readonly ChartLine[];
  /** The objective. */
  readonly limit?: { readonly name: string; readonly value: number };
  readonly text: (value: number) => string;
  readonly bounds?: Parameters<typeof scaleOf>[1];
  /** Shown when no line has a value. */
  readonly empty: string;
}

/** Colours and dashes for so many lines; more are not distinguished. */
const styles = [classes.first, classes.second, classes.third, classes.fourth, classes.fifth];

/**
 * Values over time. What they are at a moment stands beside the names of the lines: the last one, or that under the pointer, or the
 * one that the arrow keys chose.
 */
export function LineChart(props: LineChartProps) {
  const { title, hint, lines, limit, text, empty, from, step } = props;
  const { t } = useFairwayText();
  const titleId = useId();
  const [chosen, setChosen] = useState<number>();
  const moments = useMoments(from, step, Math.max(0, ...lines.map(({ values }) => values.length)));
  const drawn = lines.filter(({ values }) => values.some(value => value !== null)).slice(0, styles.length);
  const place = chosen ?? lastWithValue(drawn);
  const valueOf = ({ values }: ChartLine) => {
    const value = values[place];
    return value === null || value === undefined ? t('chart.none') : text(value);
  };
  return (
    <figure className={classes.figure} aria-labelledby={titleId}>
      <figcaption>
        <Text as="h3" weight="bold" id={titleId}>
          {title}
        </Text>
        {hint && (
          <Text as="p" variant="body-small" color="secondary">
            {hint}
          </Text>
        )}
      </figcaption>
      {drawn.length === 0 ? (
        <p className={classes.empty}>{empty}</p>
      ) : (
        <>
          <Plot
            {...props}
            lines={drawn}
            moments={moments}
            place={place}
            chosen={chosen !== undefined}
            said={`${moments.text(place)}: ${drawn.map(line => `${line.name} ${valueOf(line)}`).join(', ')}`}
            onChoose={setChosen}
          />
          <ul className={classes.legend}>
            <li className={classes.moment}>{moments.text(place)}</li>
            {drawn.map((line, index) => (
              <li key={line.name}>
                <Sample className={styles[index]} /> {line.name} <b>{valueOf(line)}</b>
              </li>
            ))}
            {limit && (
              <li>
                <Sample className={classes.limit} /> {limit.name} <b>{text(limit.value)}</b>
              </li>
            )}
          </ul>
          {lines.length > styles.length && (
            <Text variant="body-small" color="secondary">
              {t('chart.more', { amount: String(lines.length - styles.length) })}
            </Text>
          )}
        </>
      )}
    </figure>
  );
}

/** How a line looks. */
function Sample({ className }: { readonly className: string | undefined }) {
  return (
    <svg className={classes.sample} viewBox="0 0 24 8" aria-hidden="true">
      <path className={`${classes.line} ${className}`} d="M1 4 H23" />
    </svg>
  );
}

interface PlotProps extends LineChartProps {
  readonly moments: Moments;
  readonly place: number;
  readonly chosen: boolean;
  /** The moment in words, for those who do not see it. */
  readonly said: string;
  readonly onChoose: (place: number | undefined) => void;
}

function Plot({ title, lines, limit, text, bounds, moments, place, chosen, said, onChoose }: PlotProps) {
  const values = lines.flatMap(line => line.values.filter(value => value !== null));
  const scale = scaleOf([...values, ...(limit ? [limit.value] : [])], bounds);
  const last = moments.count - 1;
  const part = (value: number) => (100 * (scale.high - value)) / (scale.high - scale.low);
  const point = ({ currentTarget, clientX }: PointerEvent<HTMLDivElement>) => {
    const { left, width } = currentTarget.getBoundingClientRect();
    if (width > 0) onChoose(Math.max(0, Math.min(last, Math.round((last * (clientX - left)) / width))));
  };
  const press = (event: KeyboardEvent) => {
    const next = { ArrowLeft: place - 1, ArrowRight: place + 1, Home: 0, End: last }[event.key];
    if (next === undefined) return;
    event.preventDefault();
    onChoose(Math.max(0, Math.min(last, next)));
  };
  return (
    <div className={classes.plot}>
      <div className={classes.scale} aria-hidden="true">
        {scale.ticks.map(tick => (
          <span key={tick} style={{ insetBlockStart: `${part(tick)}%` }}>
            {text(tick)}
          </span>
        ))}
      </div>
      <div
        className={classes.area}
        role="slider"
        tabIndex={0}
        aria-label={title}
        aria-valuemin={0}
        aria-valuemax={last}
        aria-valuenow={place}
        aria-valuetext={said}
        onPointerMove={point}
        onPointerLeave={() => onChoose(undefined)}
        onKeyDown={press}
        onBlur={() => onChoose(undefined)}
      >
        <svg viewBox="0 0 100 100" preserveAspectRatio="none" aria-hidden="true">
          {scale.ticks.map(tick => (
            <path key={tick} className={classes.grid} d={`M0 ${part(tick)}H100`} />
          ))}
          {limit && <path className={`${classes.line} ${classes.limit}`} d={`M0 ${part(limit.value)}H100`} />}
          {lines.map((line, index) => (
            <path key={line.name} className={`${classes.line} ${styles[index]}`} d={linePath(line.values, scale)} />
          ))}
          {chosen && <path className={classes.cursor} d={`M${(100 * place) / Math.max(1, last)} 0V100`} />}
        </svg>
      </div>
      <div className={classes.times} aria-hidden="true">
        {[0, 0.25, 0.5, 0.75, 1].map(share => (
          <span key={share} style={{ insetInlineStart: `${100 * share}%` }}>
            {moments.short(Math.round(share * last))}
          </span>
        ))}
      </div>
    </div>
  );
}

interface Moments {
  readonly count: number;
  text(place: number): string;
  short(place: number): string;
}

function useMoments(from: number, step: number, count: number): Moments {
  const language = useLanguage();
  const days = step * count > 2 * 86_400;
  // a whole day is one of UTC, whatever time the reader has
  const zone = step >= 86_400 ? { timeZone: 'UTC' } : {};
  const long = new Intl.DateTimeFormat(language, {
    ...{ dateStyle: 'medium', ...zone },
    ...(step < 86_400 && { timeStyle: 'short' }),
  });
  const short = new Intl.DateTimeFormat(language, {
    ...(days ? { month: 'short', day: 'numeric' } : { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' }),
    ...zone,
  });
  const at = (place: number) => new Date((from + place * step) * 1000);
  return { count, text: place => long.format(at(place)), short: place => short.format(at(place)) };
}

function lastWithValue(lines: readonly ChartLine[]): number {
  return Math.max(0, ...lines.map(({ values }) => values.findLastIndex(value => value !== null)));
}
