import { serveIssuer } from './issuer-server.ts';

const [folder, port, audience] = process.argv.slice(2);
if (!folder || !port || !audience) {
  process.stderr.write('usage: node issuer-main.ts <folder> <port> <audience>\n');
  process.exit(2);
}
const server = await serveIssuer(folder, Number(port), audience);
process.stdout.write(`issuer: http://127.0.0.1:${port}\n`);
for (const signal of ['SIGTERM', 'SIGINT'] as const) {
  process.on(signal, () => {
    server.close(() => process.exit(0));
    server.closeAllConnections();
  });
}
