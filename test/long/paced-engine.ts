import { createServer } from 'node:http';

/** An engine that answers at its pace: FIRST_MS to the first token, 5 ms from one to the next. Says its address on its first line. */
const first = Number(process.env['FIRST_MS']);
const tokens = 8;

const server = createServer((request, response) => {
  request.resume();
  request.on('end', async () => {
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    const event = (value: unknown) => response.write(`data: ${JSON.stringify(value)}\n\n`);
    for (let token = 0; token < tokens; token++) {
      await new Promise(resolve => setTimeout(resolve, token === 0 ? first : 5));
      event({ choices: [{ index: 0, delta: { content: ` t${token}` } }] });
    }
    event({ choices: [], usage: { prompt_tokens: 9, completion_tokens: tokens } });
    response.end('data: [DONE]\n\n');
  });
});
server.listen(0, '127.0.0.1', () => {
  const address = server.address();
  if (typeof address === 'object') process.stdout.write(`http://127.0.0.1:${address?.port}\n`);
});
