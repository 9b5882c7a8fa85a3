import { execFileSync } from 'node:child_process';
import { curlOf } from './curl.ts';

test('a shell reads the command as it is meant, whatever the model is called', () => {
  const model = `it's a "model" $HOME`;
  const command = curlOf('https://chat.example.com/', model).replace(/^curl/, 'printf "%s\\n"');
  const read = execFileSync('sh', ['-c', command], { encoding: 'utf8', env: { TOKEN: 'secret' } }).split('\n');
  expect(read.slice(0, 5)).toEqual([
    ...['https://chat.example.com/v1/chat/completions', '-H', 'authorization: Bearer secret'],
    ...['-H', 'content-type: application/json'],
  ]);
  expect(JSON.parse(read[6] ?? '')).toEqual({ model, messages: [{ role: 'user', content: 'Hello' }] });
});
