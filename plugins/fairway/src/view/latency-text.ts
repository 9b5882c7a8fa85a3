import { figureText } from './figures.ts';

/** A latency: "32.5 ms", "250 ms", "1.50 s". */
export function latencyText(milliseconds: number): string {
  if (milliseconds < 1000) return `${Number(figureText(milliseconds))} ms`;
  return `${Number(figureText(milliseconds / 1000))} s`;
}
