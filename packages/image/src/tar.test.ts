import { emptyFile, tarEntries } from './tar.ts';

test('who holds the headers of an entry holds no memory but theirs', async () => {
  const sizes: number[] = [];
  const archive = async function* () {
    yield Buffer.concat([emptyFile('a'), emptyFile('b'), Buffer.alloc(1 << 20)]);
  };
  for await (const { header } of tarEntries(archive())) sizes.push(header.block.buffer.byteLength);
  expect(sizes).toEqual([512, 512]);
});
