/** What several stages say. Texts without a period are parts of a sentence, which fill a hole of another text. */
export const commonTexts = {
  'list.comma': '{{first}}, {{second}}',
  'list.then': '{{first}} {{second}}',
  'stage.at': '{{place}}: {{sentence}}',
  'stage.ended': '{{sentence}}.',
  'stage.fault': 'Internal error: {{words}}',

  'podCount.one': '1 pod',
  'podCount.many': '{{number}} pods',

  // what the Docker daemon of the machine cannot run
  'smoke.elsewhere': 'the daemon at {{host}} is on another machine, whose containers cannot be reached from here',
  'smoke.noGpu': 'the service needs a GPU and this Docker daemon has no "nvidia" runtime',
  'smoke.endedAtOnce': 'the container ended at once.',
  'smoke.killed': 'it was killed for using more memory than resources.memory allows.',
  'smoke.ended': 'it ended with exit code {{exitCode}}.',
  'smoke.unhealthy': '{{url}} was not healthy after {{seconds}} s ({{last}}).',
  'smoke.deaf': 'it did not listen',
  'smoke.answered': 'its last answer was {{status}}',
  'smoke.noModel': 'the model is neither in the image nor in the folder of the service',

  // who holds the traffic
  'traffic.taken':
    '{{holder}} is changing which version of {{service}} users reach: it holds the lease {{lease}} since {{since}}, renewed at {{renewed}}. Wait until it ends, or cancel it; a release that is canceled goes back by itself',
  'traffic.none': 'There is no version to go back to',
  'traffic.others': 'Nothing was moved back, because {{holder}} moves the traffic of {{service}} now',
  'traffic.back': '{{revision}} has all traffic again',

  // going back
  'back.taken': 'Nothing was moved: {{taken}}.',
  'back.gone':
    '{{version}} of {{service}} is no longer in {{namespace}}; there is {{there}}. Deliver its commit again: what was built and scanned is reused.',
  'back.version': 'The version {{revision}}',
  'back.before': 'The version before',
  'back.none': 'no released version',
  'back.notReady':
    'The version {{revision}} of {{service}} is not ready, so nothing was moved. Look at the deployment {{deployment}}.',
  'back.surge':
    'A release of {{service}} has replaced pods of {{revision}} one after another (release.surge); only `fairway rollback` knows how many there is room for. Nothing was moved.',

  // with `apply`, where somebody else applies
  'folder.of': '{{folder}} of {{repository}}',
  'folder.lacks': 'After {{seconds}} s the cluster has not what {{place}} holds: {{objects}}. {{then}}',
  'folder.more': '{{objects}}; and {{number}} more',
  'folder.absent': '{{object}} is not there',
  'folder.ending': '{{object}} is being removed',
  'folder.differs': '{{object}} has another {{field}}',
  'folder.push':
    'Commit and push the folder, look at what its controller says (its Application or Kustomization), and deliver again; the files stay.',
  'folder.look': 'Look whether {{pull}} is merged, and run the delivery again, which goes on from here. {{words}}',
  'folder.open': 'The pull request {{pull}} waits: merge it and run the delivery again, which goes on from here.',
  'folder.closed': 'The pull request {{pull}} was closed and not merged: deliver again to open another one.',
  'folder.merged':
    'The pull request {{pull}} is merged: look at what the controller says (its Application or Kustomization), and deliver again.',
  'folder.pushed':
    'The branch {{branch}} of {{repository}} has the files: look at what the controller says (its Application or Kustomization), and deliver again.',
  'folder.stays': 'Its objects stay as long as {{place}} holds them: take the change back there, or deliver again.',
} as const;
