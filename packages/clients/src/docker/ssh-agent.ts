import { connect } from 'node:net';
import type { Duplex } from 'node:stream';

/** What steps of a build may ask an SSH agent for: its keys, and signatures (draft-ietf-sshm-ssh-agent, 6.1). It has them for others too, so none may change it. */
const allowed = new Set([11, 13]);
const failure = Buffer.from([0, 0, 0, 1, 5]);
/** An agent takes no longer message (OpenSSH, ssh-agent.c: AGENT_MAX_LEN). */
const longest = 256 * 1024;

/**
 * Connects a stream of BuildKit's ssh.proto, with objects of `data`, to an SSH agent.
 * @param path of the agent's socket
 */
export function forwardAgent(stream: Duplex, path: string): void {
  const agent = connect(path);
  let rest: Buffer = Buffer.alloc(0);
  stream.on('data', ({ data }: { readonly data: Uint8Array }) => {
    rest = Buffer.concat([rest, data]);
    while (rest.length > 4) {
      const end = 4 + rest.readUInt32BE(0);
      if (end > longest) return void agent.destroy();
      if (rest.length < end) return;
      if (allowed.has(rest[4]!)) agent.write(rest.subarray(0, end));
      else stream.write({ data: failure });
      rest = rest.subarray(end);
    }
  });
  stream.on('end', () => agent.end());
  stream.on('error', () => agent.destroy());
  agent.on('data', (data: Buffer) => void stream.write({ data }));
  agent.on('error', () => undefined);
  agent.on('close', () => stream.end());
}
