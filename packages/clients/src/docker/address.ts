import { readFileSync, existsSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { reasonOf } from '@fairway/service/reasons/delivery-reason';
import type { DockerOptions } from 'dockerode';
import { ToolError } from '../tool-error.ts';

/** How a Docker daemon is reached. `local` says that a loopback port of its containers is a loopback port of this machine. */
export interface DockerAddress {
  readonly host: string;
  readonly local: boolean;
  readonly options: DockerOptions;
}

const forms = 'unix:///path/to/docker.sock, tcp://host:2375, tcp://host:2376 (TLS) or ssh://user@host';

/**
 * Reads a DOCKER_HOST value. Without one, the socket of a rootless or desktop engine is taken when it exists, and
 * /var/run/docker.sock otherwise. With certificates a daemon over TCP is asked over TLS, as with DOCKER_TLS_VERIFY.
 * @param certificates folder of ca.pem, cert.pem and key.pem (DOCKER_CERT_PATH); default where Docker's own client has them, ~/.docker
 * Every option is set, because the modem would otherwise fill gaps from its own reading of the environment.
 */
export function dockerAddress(
  host: string | undefined,
  home: string = homedir(),
  certificates?: string,
): DockerAddress {
  if (!host) {
    const own = join(home, '.docker', 'run', 'docker.sock');
    return dockerAddress(`unix://${existsSync(own) ? own : '/var/run/docker.sock'}`, home);
  }
  const none = {
    host: undefined,
    port: undefined,
    socketPath: undefined,
    ca: undefined,
    cert: undefined,
    key: undefined,
  };
  if (host.startsWith('unix://')) {
    const path = host.slice('unix://'.length);
    if (!path.startsWith('/')) throw unusable(host);
    return { host, local: true, options: { ...none, socketPath: path, protocol: 'http' } };
  }
  let url: URL;
  try {
    url = new URL(host);
  } catch {
    throw unusable(host);
  }
  if (!url.hostname) throw unusable(host);
  const local = url.hostname === '127.0.0.1' || url.hostname === 'localhost' || url.hostname === '[::1]';
  if (url.protocol === 'tcp:' || url.protocol === 'http:' || url.protocol === 'https:') {
    const tls =
      url.protocol === 'https:' || (url.protocol === 'tcp:' && certificates !== undefined) || url.port === '2376';
    const at = { ...none, host: url.hostname, port: url.port || (tls ? '2376' : '2375') };
    if (!tls) return { host, local, options: { ...at, protocol: 'http' } };
    const file = (name: string) => {
      const path = join(certificates ?? join(home, '.docker'), name);
      return existsSync(path) ? readFileSync(path) : undefined;
    };
    const pem = { ca: file('ca.pem'), cert: file('cert.pem'), key: file('key.pem') };
    return { host, local, options: { ...at, ...pem, protocol: 'https' } };
  }
  if (url.protocol === 'ssh:') {
    const user = url.username ? { username: decodeURIComponent(url.username) } : {};
    return {
      host,
      local: false,
      options: { ...none, ...user, host: url.hostname, port: url.port || '22', protocol: 'ssh' },
    };
  }
  throw unusable(host);
}

function unusable(host: string): ToolError {
  return new ToolError(
    'docker',
    reasonOf('docker.readAddress', { host }),
    undefined,
    reasonOf('docker.unknownAddress', { forms }),
  );
}
