import { micromark } from 'micromark';
import { gfm, gfmHtml } from 'micromark-extension-gfm';
import { code, table } from './markdown.ts';

const shown = (lines: readonly string[]) =>
  micromark(lines.join('\n'), { extensions: [gfm()], htmlExtensions: [gfmHtml()] });

// GitHub Flavored Markdown, 4.10: a bar ends a cell, also in code, unless one backslash escapes it, and not that one again
test.each(['|', '\\|', '\\\\|', '\\\\\\|', '|\\', '`|`', 'a | b \\| c \\'])('the text %s ends no cell', text => {
  const hostile = `x ${text} @everyone [a](https://example.com) <b>`;
  const html = shown(table(['a', 'b'], [[hostile, 'last']]));
  expect(html.match(/<td>.*<\/td>/g)).toEqual([
    expect.stringMatching(/^<td><code>x .* @everyone \[a\]\(https:\/\/example\.com\) &lt;b&gt;<\/code><\/td>$/),
    '<td><code>last</code></td>',
  ]);
});

test('what is cut is cut between characters', () => {
  expect(code(`${'x'.repeat(299)}😀😀`)).toBe(`\`${'x'.repeat(299)}…\``);
});
