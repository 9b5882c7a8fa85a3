import { tinyService } from '../../../../test/fixtures/service.ts';
import { guardObjects } from './guard.ts';

// what Pod Security `restricted` asks for (https://kubernetes.io/docs/concepts/security/pod-security-standards/#restricted), and restricted-v2 of
// OpenShift, which allows users of the namespace's own range alone
test('the guard of a release runs without privileges, as the user of its image', () => {
  const guarded = { service: tinyService(), stable: 'a', candidate: 'b', holder: 'h' };
  const job = guardObjects(guarded, 'registry.example/services@sha256:0').find(({ kind }) => kind === 'Job');
  const { spec } = (job?.['spec'] as { template: { spec: Record<string, object[]> } }).template;
  expect(spec['securityContext']).toEqual({ runAsNonRoot: true, seccompProfile: { type: 'RuntimeDefault' } });
  expect(spec['containers']).toEqual([
    expect.objectContaining({
      securityContext: {
        allowPrivilegeEscalation: false,
        readOnlyRootFilesystem: true,
        capabilities: { drop: ['ALL'] },
      },
    }),
  ]);
});
