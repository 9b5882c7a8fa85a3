import { patchDockerfile } from './patch.ts';

test('upgrades the named packages only and gives the user back', () => {
  expect(patchDockerfile('hello:1', ['openssl', 'libssl3'], '65532:65532')).toBe(`FROM hello:1
USER 0
RUN export DEBIAN_FRONTEND=noninteractive \\
 && { apt-get -o Acquire::Retries=3 update || true; } \\
 && { apt-get install --yes --only-upgrade --no-install-recommends \\
      -o Dpkg::Options::=--force-confold -o Dpkg::Options::=--force-unsafe-io \\
      libssl3 \\
      openssl \\
      || { code=$?; sleep 1; exit $code; }; } \\
 && apt-get clean \\
 && rm -rf /var/lib/apt/lists/*
USER 65532:65532
`);
});
