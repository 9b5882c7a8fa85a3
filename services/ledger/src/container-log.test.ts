import { containerLines, firstTime } from './container-log.ts';

// https://github.com/kubernetes/design-proposals-archive/blob/main/node/kubelet-cri-logging.md
const time = '2016-10-06T00:17:09.669794202Z';

test('whole lines of standard output, and where the next begins', () => {
  const log = `${time} stdout F one\n${time} stderr F another\n${time} stdout F two\n${time} stdout F th`;
  const { lines, consumed } = containerLines(Buffer.from(log));
  expect(lines.map(({ text }) => text)).toEqual(['one', 'two']);
  expect(consumed).toBe(log.lastIndexOf('\n') + 1);
});

test('a long line is put together from its pieces, also where standard error lies between them', () => {
  const log = `${time} stdout P on\n${time} stderr F another\n${time} stdout P e\n${time} stdout F  line\n`;
  expect(containerLines(Buffer.from(log))).toMatchObject({ lines: [{ text: 'one line' }], consumed: log.length });
});

test('a line whose last piece is missing is left for the next time', () => {
  const before = `${time} stdout F first\n`;
  const { lines, consumed } = containerLines(Buffer.from(`${before}${time} stdout P half\n${time} stderr F x\n`));
  expect(lines).toHaveLength(1);
  expect(consumed).toBe(before.length);
});

test('what has another form is not swallowed', () => {
  expect(containerLines(Buffer.from('no log of a container\n')).lines[0]?.text).toBe('no log of a container');
});

test('a file is known by the time of its first line as soon as that is written', () => {
  expect(firstTime(Buffer.from(`${time} stdout F one`))).toBe(time);
  expect(firstTime(Buffer.from('2016-10-06T00:17'))).toBeUndefined();
});
