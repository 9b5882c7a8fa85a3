import type { StageOutcome } from './run-stage.ts';
import type { Log } from './stage.ts';

/** Where a terminal runner writes: process.stderr, or a stream of a test. */
export interface TerminalStream {
  write(text: string): unknown;
  readonly isTTY?: boolean;
  readonly columns?: number;
}

export interface Terminal {
  /** The log to give to the stage that works now. */
  log(subject: string): Log;
  /** One line about a stage that has ended. */
  outcome(outcome: StageOutcome): void;
  line(text: string): void;
  /** Takes the progress line off the screen. */
  clear(): void;
}

/**
 * A terminal that shows live progress on one line, or, where it is no TTY, each new progress text once on a line of its own.
 * @param stream standard error: standard output is kept for the result
 */
export function openTerminal(stream: TerminalStream): Terminal {
  // a terminal that cannot go back in its line
  const live = stream.isTTY === true && process.env['TERM'] !== 'dumb';
  let shown = '';

  function clear(): void {
    if (live && shown) stream.write('\r\x1b[2K');
    shown = '';
  }
  function line(text: string): void {
    clear();
    stream.write(`${text}\n`);
  }
  function progress(subject: string, message: string): void {
    const text = `${subject}: ${message.split('\n')[0]}`;
    if (text === shown) return;
    if (live) stream.write(`\r\x1b[2K${text.slice(0, (stream.columns || 120) - 1)}`);
    else stream.write(`${text}\n`);
    shown = text;
  }

  return {
    log: subject => ({
      info: message => line(`${subject}: ${message}`),
      warning: message => line(`${subject}: warning: ${message}`),
      annotate: (level, message, at) =>
        line(
          `${subject}: ${level}: ${at && !message.startsWith(at.file) ? `${[at.file, at.line, at.column].filter(part => part !== undefined).join(':')}: ` : ''}${message}`,
        ),
      progress: message => progress(subject, message),
    }),
    outcome(outcome) {
      const verdict = outcome.unchanged ? 'skipped' : outcome.entry.verdict;
      line(
        `${mark(verdict)} ${outcome.stage.padEnd(10)} ${formatDuration(outcome.milliseconds).padStart(7)}  ${outcome.unchanged ? outcome.why : outcome.entry.reason}`,
      );
      if (outcome.fault?.stack) line(outcome.fault.stack);
    },
    line,
    clear,
  };
}

function mark(verdict: string): string {
  return { pass: '✔', fail: '✘', inconclusive: '?', skipped: '↷' }[verdict] ?? ' ';
}

/** `850 ms`, `12.3 s`, `4 min 5 s`. */
export function formatDuration(milliseconds: number): string {
  if (milliseconds < 1000) return `${Math.round(milliseconds)} ms`;
  const seconds = milliseconds / 1000;
  if (seconds < 100) return `${seconds.toFixed(1)} s`;
  return `${Math.floor(seconds / 60)} min ${Math.round(seconds % 60)} s`;
}

/** The table at the end of a delivery: one stage a line with verdict, time and reason. */
export function outcomeTable(outcomes: readonly StageOutcome[]): string {
  const rows = outcomes.map(outcome => [
    outcome.stage,
    outcome.unchanged ? 'skipped' : outcome.entry.verdict,
    formatDuration(outcome.milliseconds),
    outcome.unchanged ? `${outcome.entry.reason} (${outcome.why})` : outcome.entry.reason,
  ]);
  const head = ['stage', 'verdict', 'time', 'reason'];
  const widths = head
    .slice(0, 3)
    .map((title, column) => Math.max(title.length, ...rows.map(row => row[column]!.length)));
  return [head, ...rows]
    .map(row => row.map((cell, column) => (column < 3 ? cell.padEnd(widths[column]!) : cell)).join('  '))
    .join('\n');
}
