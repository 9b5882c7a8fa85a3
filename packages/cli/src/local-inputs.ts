import { readFile } from 'node:fs/promises';
import { type PlatformState, readState, status, up } from '@fairway/platform';
import { ConfigurationError } from '@fairway/service';
import type { GivenInputs, Log } from '@fairway/stage';

/** Brings the local platform up where it is not and gives the stage inputs that point at it, with those that were given over them. */
export async function localInputs(given: GivenInputs, signal: AbortSignal, log: Log): Promise<GivenInputs> {
  return withGiven(await up({ signal, progress: log.progress }), given);
}

/** The same where all of the platform answers, and undefined where it does not: nothing is started. */
export async function runningInputs(given: GivenInputs): Promise<GivenInputs | undefined> {
  const state = await readState();
  // no stage asks the portal
  const answer = async () => (await status()).every(({ name, running }) => running || name === 'portal');
  return state && (await answer()) ? withGiven(state, given) : undefined;
}

async function withGiven(state: PlatformState, given: GivenInputs): Promise<GivenInputs> {
  return { ...(await platformInputs(state)), ...given, ...scannerInputs(state, given) };
}

/** `trivy` and `grype` are the platform's own. Who names mirrors wants data of them, and not the platform's. */
export function scannerInputs({ scanner }: Pick<PlatformState, 'scanner'>, given: GivenInputs): GivenInputs {
  if (given['scanner'] === 'grype' && scanner.grype === undefined)
    throw new ConfigurationError(
      '`scanner` is grype, and the local platform has Trivy alone. `fairway platform up --with grype` brings it, which compiles it once.',
    );
  const own = { trivy: scanner.trivy, grype: scanner.grype }[String(given['scanner'])];
  return {
    ...(own === undefined ? {} : { scanner: own }),
    ...(given['database-mirrors'] === undefined ? {} : { database: given['database'] }),
  };
}

/** The stage inputs that point at a local platform. */
export async function platformInputs(state: PlatformState): Promise<GivenInputs> {
  const registryPassword = (await readFile(state.registry.passwordFile, 'utf8')).trim();
  const user = state.issuer.clients.user;
  return {
    'docker-host': state.docker.host,
    network: state.docker.network,
    scanner: state.scanner.trivy,
    database: state.scanner.database,
    registry: state.registry.address,
    username: state.registry.username,
    password: registryPassword,
    'registry-username': state.registry.username,
    'registry-password': registryPassword,
    ...(state.signing
      ? {
          'signing-key': await readFile(state.signing.keyFile, 'utf8'),
          'signer-key': await readFile(state.signing.publicKeyFile, 'utf8'),
        }
      : {}),
    kubeconfig: state.kubernetes.kubeconfig,
    context: state.kubernetes.context,
    gateway: state.gateway.reference,
    'gateway-url': state.gateway.url,
    issuer: state.issuer.url,
    'jwks-url': state.issuer.jwksUrl,
    'jwks-service': state.issuer.jwksService,
    audience: state.issuer.audience,
    'token-url': state.issuer.tokenUrl,
    'client-id': user.id,
    'client-secret': (await readFile(user.secretFile, 'utf8')).trim(),
    'waf-service': state.waf.service,
    ...(state.guard ? { 'guard-image': state.guard.image } : {}),
    ...(state.guard ? { 'probe-image': state.guard.image } : {}),
    ...(state.guard ? { 'activator-image': state.guard.image } : {}),
    ...(state.guard ? { 'weights-image': state.guard.image } : {}),
    ...(state.mesh ? { 'gateway-principal': state.mesh.gatewayPrincipal } : {}),
    'prometheus-url': state.prometheus.url,
    'prometheus-directory': state.prometheus.directory,
    promtool: state.prometheus.promtool,
  };
}
