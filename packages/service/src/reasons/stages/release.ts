/** What the stage `release` says. */
export const releaseTexts = {
  'release.passed': '{{revision}} has all traffic.',
  'release.passedAnd': '{{revision}} has all traffic; {{then}}.',
  'release.staysInFolder': '{{revision}} stays to go back to until {{folder}} is rendered again',
  'release.stays': '{{revision}} stays for {{minutes}} minutes, to go back to',
  'release.staysForStreams': '{{revision}} stays for {{minutes}} minutes, for the streams that it answers',
  'release.went': '{{revisions}} went',
  'release.unjudged':
    '{{by}} promoted {{revision}} at {{weight}} % of the traffic, so no verdict says that it meets its objectives.',

  'release.frozen':
    'Nothing was released: until {{until}} nobody releases ({{why}}). The version stays ready without users; deliver again after that, or give the input during-freeze.',
  'release.nothing': 'Nothing was released: {{problem}}.',
  'release.missing': '{{missing}}. Deliver again, so that the evidence is about this image',
  'release.stageStale': '{{stage}} is older than what it judged',
  'release.stageVerdict': '{{stage}} is {{verdict}}',
  'release.stageNotRun': '{{stage}} has not run',
  'verdict.of.pass': 'pass',
  'verdict.of.fail': 'fail',
  'verdict.of.inconclusive': 'inconclusive',
  'verdict.of.skipped': 'skipped',
  'release.otherImage': 'the record is about {{found}}, not {{image}}',
  'release.otherVersion': 'the record is about the version {{found}}, not {{revision}}',
  'release.otherMeasured': 'the load test measured the version {{found}}, not {{revision}}',
  'release.noVersion': 'the version {{revision}} is not in {{namespace}}: run deploy first',
  'release.noRoute': 'the route {{route}} does not know the version {{revision}}: run mesh first',
  'release.unseen': 'nobody would see how the users fare: {{words}}',
  'evidence.missing': '{{path}} is missing',
  'evidence.changed': '{{path}} was changed',

  // what the registry holds of the image
  'list.no': '{{first}}, no {{second}}',
  'document.signature': 'signature',
  'document.provenance': 'provenance',
  'document.sbom': 'SBOM',
  'document.scan': 'scan',
  'registry.lost': 'the registry no longer holds {{image}}',
  'registry.other': 'the registry answers for {{image}} with {{digest}}',
  'registry.unproved':
    'release.provenance of fairway.yaml asks where the image comes from, and only a signed provenance proves it. Give release the input signer-key or signer-repository',
  'registry.unsigned':
    'the registry has no {{documents}} of {{digest}} that is signed by whom release trusts: {{found}}',
  'registry.untrusted': '{{number}} of {{all}} signatures do not count ({{words}})',
  'registry.statements': '{{number}} statements are signed',
  'registry.origin': 'the signed provenance of {{digest}} in the registry is not what release takes: {{why}}',
  'registry.scan': 'the signed scan of {{digest}} is {{verdict}}: {{words}}',
  'registry.scanWithout': 'the signed scan of {{digest}} is without a verdict: {{words}}',
  'origin.none': 'it is no SLSA provenance in version 1. Deliver again, so that push states one',
  'origin.repository':
    '{{names}}, and {{wanted}} {{repository}}. Deliver with a workflow of that repository, or name in release.provenance.repository the one that the image is to come from',
  'origin.names': 'it names the repository {{repository}}',
  'origin.namesNone': 'it names no repository',
  'origin.asks': 'release.provenance.{{field}} of fairway.yaml asks for',
  'origin.workflow': 'the workflow that releases is of',
  'origin.commit': 'it names the commit {{found}}, and {{commit}} is delivered. Build and push that commit again',
  'origin.refs': 'it names {{found}}, and {{wanted}} {{refs}}. Deliver from there, or add the ref to the policy',
  'origin.noRef': 'no ref',
  'origin.builder':
    'it names the builder {{found}}, and {{wanted}} {{builder}}. Deliver with that workflow, or change the policy',
  'origin.signer':
    'it is signed by the workflow {{found}}, and {{wanted}} {{builder}}. Deliver with that workflow, or change the policy',

  // why a step of the release did not pass
  'release.stepped': 'At {{weight}} % of the traffic {{objection}}. {{then}}.',
  'release.weightsStay': 'The traffic stays as it is (release.undecided), {{weight}} % at {{revision}}',
  'release.gone': 'the deployment {{deployment}} is gone',
  'release.notReady': 'the deployment {{deployment}} is no longer ready',
  'release.blind': 'nobody saw how the users fare: {{words}}',
  'release.abortedBy': '{{by}} aborted the release',
  'release.gatewayFailed': 'the gateway itself failed {{requests}} requests, which says nothing of the version',
  'release.late':
    'the requests of the release itself were sent late (p99 {{late}} ms, bound {{bound}} ms), so their waits say nothing of the version: run it on a machine with free cores, or lower load.requestsPerSecond',
  'release.firstError': '{{objection}}; the first error: {{words}}',
  'release.bad': '{{objective}} is missed: {{share}} of {{answers}} answers were bad, {{allowed}} may',
  'release.slow':
    '{{objective}} is missed: {{share}} of {{answers}} answers took longer than {{limit}} ms, {{allowed}} may',
  'release.slower':
    '{{objective}} is missed: {{share}} of {{answers}} answers took longer than {{pace}} ms, where the version that serves keeps {{ofStable}} ms, {{allowed}} may',
  'release.limited': '{{objective}} cannot be judged: {{limitation}}',
  'release.undecided': '{{objective}} is not decided by {{answers}} answers, {{bad}} of them bad',
  'release.undecidedYet':
    '{{objective}} is not decided by {{answers}} answers, {{bad}} of them bad, about {{needed}} would decide',
} as const;
