import classes from './bars.module.css';

export interface Bar {
  readonly id: string;
  /** What the bar stands for with its value, as a sentence. */
  readonly text: string;
  readonly value: number;
  readonly kind?: 'plain' | 'good' | 'bad' | 'notable';
}

interface BarsProps {
  readonly label: string;
  readonly bars: readonly Bar[];
  /** The value of a bar of full length; the largest one without it. */
  readonly whole?: number;
}

/** Horizontal bars, each with its sentence, so that nobody has to measure them. */
export function Bars({ label, bars, whole = Math.max(...bars.map(bar => bar.value)) }: BarsProps) {
  return (
    <ul aria-label={label} className={classes.bars}>
      {bars.map(({ id, text, value, kind = 'plain' }) => (
        <li key={id}>
          <span className={classes.text}>{text}</span>
          <span className={classes.track} aria-hidden="true">
            <span
              className={`${classes.bar} ${classes[kind]}`}
              style={{ inlineSize: `${whole > 0 ? (100 * value) / whole : 0}%` }}
            />
          </span>
        </li>
      ))}
    </ul>
  );
}
