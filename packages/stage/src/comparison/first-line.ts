/** The reason without what the engine printed last, which is many lines. @public */
export function firstLine(reason: string): string {
  return reason.trim().split('\n', 1)[0]!;
}
