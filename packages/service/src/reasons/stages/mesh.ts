/** What the stage `mesh` says. */
export const meshTexts = {
  'mesh.own': 'By policy (gateway.own) another gateway stands before the pods: {{gateway}}.',
  'mesh.passed': 'All {{probes}} probes held at {{url}}.',
  'mesh.unproven': "The delivery's client has no token with {{roles}}, so no probe proves what these roles allow.",
  'mesh.counted':
    '{{engine}} tells how many tokens a stream took only to clients that ask for it (stream_options.include_usage): of the others the events are counted, without the prompt.',
  'mesh.networkOpen':
    'The NetworkPolicy was accepted and is not enforced: a pod that is not of the gateway got a connection to the engine. The network plugin of the cluster does not do it.',
  'mesh.networkOpenInMesh':
    'The NetworkPolicy was accepted and is not enforced: a pod that is not of the gateway got a connection, which mutual TLS then ended. The network plugin of the cluster does not do it.',

  'mesh.noVersion':
    'The version {{revision}} is not in the cluster (no Service {{name}}): run deploy first. Nothing was applied.',
  'mesh.nothing': '{{why}} Nothing was applied.',
  'mesh.notRendered': '{{why}} Nothing was rendered.',
  'mesh.taken': 'Nothing was applied: {{taken}}.',
  'mesh.noProbeImage':
    '{{service}} asks by {{field}} that only its gateway reaches its pods, and the input probe-image names no image of services/mesh-probe, so nobody could prove it. Name one that the cluster can pull, or take {{field}} out of fairway.yaml. Nothing was applied.',
  'mesh.denied': 'The gateway does not take the objects: {{words}}.',
  'mesh.untried': 'Whether anybody but the gateway reaches the version could not be tried. {{words}}',
  'mesh.failed': '{{held}} of {{probes}} probes held: {{failed}}.',
  'mesh.gave': '{{probe}} must give {{expected}} and gave {{seen}}',
  'mesh.removed': 'The objects were removed again.',
  'mesh.putBack': 'The former objects were put back.',
} as const;
