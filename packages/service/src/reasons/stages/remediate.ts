/** What the stage `remediate` says. */
export const remediateTexts = {
  'remediate.nothing': 'There is nothing to fix.',
  'remediate.fixedAtOnce': 'Fixed {{findings}} findings in 1 attempt; {{proof}}.',
  'remediate.fixed': 'Fixed {{findings}} findings in {{attempts}} attempts; {{proof}}.',

  'remediate.oneLeft': '1 finding is left',
  'remediate.left': '{{number}} findings are left',
  'remediate.spent': '{{left}} after {{attempts}} attempts; allow more, or look at fix-plan.json.',
  'remediate.unfixed': '{{left}}: {{what}}. Fix it in the Dockerfile, or accept it for a time under scan.exceptions.',
  'remediate.notNow': '{{package}} cannot be fixed now, {{because}}',
  'remediate.removable':
    '{{package}} cannot be fixed now, {{because}}; no other package needs it: {{command}} removes it, if the service does not use it either',
  'remediate.more': '{{what}}; {{number}} more in fix-plan.json',

  // whether the patched image is still good
  'remediate.answers': 'the patched image {{image}} still answers',
  'remediate.silent': 'The patched image no longer serves: {{words}}',
  'remediate.broken': 'The patched image is broken: before the patch {{check}}, and now it does not ({{words}}).',
  'remediate.untried':
    'The image is patched, but whether it is still good could not be tried: {{obstacle}}, and none of its programs runs without what it needs ({{programs}}).',
  'remediate.programs':
    'the programs of the patched image do what they did before ({{checks}}), which proves less than an answer: {{obstacle}}, so the load test on the cluster is the first to ask it',
  'remediate.failed': '{{check}}: {{words}}',
  // of a version that does not serve
  'remediate.unasked':
    'remediate upgraded packages of its image ({{packages}}) where the engine could not run to be asked. If one of them is the cause, accept its findings for a time: the summary of remediate has the lines for scan.exceptions.',
} as const;
