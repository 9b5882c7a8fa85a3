import { eventError, streamEvents } from './stream-events.ts';
import { demultiplex } from './container-logs.ts';
import { splitReference } from './image.ts';

async function* chunks(...pieces: readonly string[]) {
  yield* pieces;
}

test('events are read across chunks, the last one without a line end too', async () => {
  const events = [];
  for await (const event of streamEvents(chunks('{"status":"a"}\n{"sta', 'tus":"b"}\n\n', '{"error":"c"}')))
    events.push(event);
  expect(events).toEqual([{ status: 'a' }, { status: 'b' }, { error: 'c' }]);
  expect(events.map(eventError)).toEqual([undefined, undefined, 'c']);
});

test('what is not JSON is an error', async () => {
  await expect(streamEvents(chunks('<html>\n')).next()).rejects.toThrow(SyntaxError);
});

test('the two streams of a container are put together', () => {
  const piece = (stream: number, text: string) =>
    Buffer.concat([Buffer.from([stream, 0, 0, 0, 0, 0, 0, text.length]), Buffer.from(text)]);
  expect(demultiplex(Buffer.concat([piece(1, 'out\n'), piece(2, 'err\n')]))).toBe('out\nerr\n');
});

test.each([
  ['127.0.0.1:5000/team/a:1', '127.0.0.1:5000/team/a', '1'],
  ['127.0.0.1:5000/team/a', '127.0.0.1:5000/team/a', 'latest'],
  ['a:1-slim', 'a', '1-slim'],
])('%s', (reference, repository, tag) => {
  expect(splitReference(reference)).toEqual({ repository, tag });
});
