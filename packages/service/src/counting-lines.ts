/**
 * Says which lines are worth a log that keeps every line: of those that only count on ("12 of 3000 requests sent") one in so many
 * milliseconds.
 * @param now milliseconds of any clock
 */
export function withoutCounting(
  say: (line: string) => void,
  milliseconds: number,
  now: () => number = Date.now,
): (line: string) => void {
  let shape: string | undefined;
  let saidAt = 0;
  return line => {
    const next = line.replace(/\d+/g, '0');
    if (next === shape && now() - saidAt < milliseconds) return;
    shape = next;
    saidAt = now();
    say(line);
  };
}
