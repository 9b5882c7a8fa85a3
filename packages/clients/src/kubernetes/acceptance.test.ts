import { english } from '@fairway/service/reasons/delivery-reason';
import { objection } from './acceptance.ts';

const object = (
  conditions?: readonly {
    type: string;
    status: string;
    observedGeneration: number;
    reason?: string;
    message?: string;
  }[],
) => ({
  apiVersion: 'gateway.networking.k8s.io/v1',
  kind: 'HTTPRoute',
  metadata: { name: 'hello-chat', generation: 2 },
  ...(conditions ? { status: { parents: [{ conditions }] } } : {}),
});

test.each([
  ['no status', object(), /has not looked at it yet/],
  ['an old status', object([{ type: 'Accepted', status: 'True', observedGeneration: 1 }]), /newest version/],
  [
    'a refusal',
    object([
      {
        type: 'ResolvedRefs',
        status: 'False',
        observedGeneration: 2,
        reason: 'BackendNotFound',
        message: 'no service',
      },
    ]),
    /ResolvedRefs is False \(BackendNotFound\): no service/,
  ],
  ['accepted', object([{ type: 'Accepted', status: 'True', observedGeneration: 2 }]), undefined],
])('%s', (_name, given, expected) => {
  const said = objection(given);
  if (expected) expect(said && english(said)).toMatch(expected);
  else expect(said).toBeUndefined();
});
