const milliseconds = 2000;

/**
 * Tells which lines are worth the log of a task, where each one is a row of the database: of lines that only count on
 * ("12 of 3000 requests sent") one in two seconds.
 * @param now milliseconds of any clock
 */
export function withoutCounting(tell: (line: string) => void, now: () => number = Date.now): (line: string) => void {
  let shape: string | undefined;
  let toldAt = 0;
  return line => {
    const next = line.replace(/\d+/g, '0');
    if (next === shape && now() - toldAt < milliseconds) return;
    shape = next;
    toldAt = now();
    tell(line);
  };
}
