import { once } from 'node:events';
import { parentPort, workerData } from 'node:worker_threads';
import { ownThread, reportEvery } from './thread.ts';
import type { FromWorker, ThreadInput, ThreadMessage } from './thread.ts';

/** One thread of the generator: it does what the main thread says and reports its counters. */
const port = parentPort!;
const say = (message: FromWorker) => port.postMessage(message);
const thread = await ownThread(workerData as ThreadInput);
say({ kind: 'loaded' });
// the first message is the order to connect
await once(port, 'message');
await thread.connect();
port.on('message', (message: ThreadMessage) => thread.tell(message));
say({ kind: 'connected' });
const tell = () => say({ kind: 'counters', counters: thread.counters(), settled: thread.settled() });
const report = setInterval(tell, reportEvery);
const ended = await thread.ended;
clearInterval(report);
tell();
say({ kind: 'ended', ended });
port.close();
