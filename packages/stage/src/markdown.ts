const rows = 20;

/** A table whose cells show any text as it is; the first rows of it, since GitHub takes 65,536 characters a comment. */
export function table(head: readonly string[], content: readonly (readonly string[])[]): readonly string[] {
  if (content.length === 0) return [];
  return [
    '',
    `| ${head.join(' | ')} |`,
    `|${' --- |'.repeat(head.length)}`,
    ...content.slice(0, rows).map(cells => `| ${cells.map(code).join(' | ')} |`),
    ...(content.length > rows ? ['', `… and ${content.length - rows} more in the results of the run.`] : []),
  ];
}

/** Text as code, where it is neither a mention nor a link nor HTML, and no end of a cell; cut at 300 characters. */
export function code(text: string): string {
  const shown = text.length > 300 ? `${text.slice(0, 300).replace(/[\uD800-\uDBFF]$/, '')}…` : text;
  const plain = shown
    .replace(/\s+/g, ' ')
    .replaceAll('`', "'")
    // in a table a backslash escapes the one behind it too, and then no bar
    .replace(/\\*\|/g, escaped => `${'\\'.repeat(2 * escaped.length - 1)}|`)
    .trim();
  return plain === '' ? '' : `\`${plain}\``;
}

/** The first three of a list, and how many more there are. */
export function few(texts: readonly string[]): string {
  return texts.length > 3 ? `${texts.slice(0, 3).join(', ')} and ${texts.length - 3} more` : texts.join(', ');
}
