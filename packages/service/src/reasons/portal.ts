/** What the portal itself says beside the diagnosis of `deploy`: of pods and clusters, of records, and why an action is rejected. */
export const portalTexts = {
  'pod.ending': 'It was told to end and finishes its streams.',
  'pod.endedSo': 'It was ended: {{words}}',
  'pod.endedSilently': 'It was ended: the cluster gives no reason',
  'pod.notPlaced': 'The scheduler has not placed it yet.',
  'pod.notLookedAt': 'The scheduler has not looked at it yet.',
  'pod.inQueue': 'The queue {{queue}} of its namespace has not admitted it.',
  'pod.probed': 'Its container runs and has not passed its probes yet.',
  'pod.made': 'Its container is being made.',
  'version.asleep':
    'It sleeps: it has no pods while nobody asks for it. The first request starts one, and waits until it is ready.',
  'cluster.without': 'Shown without {{resources}}: {{words}}',
  'cluster.silent':
    'The cluster {{cluster}} has not answered for {{seconds}} s: check its address and the network to it.',

  'catalog.owner':
    'The owner {{owner}} is no entity reference, so the catalog shows the service under an unknown owner. Write owner in fairway.yaml as a name such as team-hello, or as group:default/team-hello, and deliver again.',
  'catalog.system':
    'The system {{system}} is no name of an entity, so the catalog shows the service without one. Write system in fairway.yaml with letters, digits and -, 63 at most, and deliver again.',

  'removal.unwatched':
    'Whether {{service}} still runs on {{cluster}} is not known: the portal does not watch that cluster. Nothing was removed.',
  'removal.silent':
    'Whether {{service}} still runs is not known: {{clusters}} cannot be read. Nothing was removed; try again when every cluster is watched.',
  'removal.running': '{{service}} has objects in {{clusters}}. Delete them there first; nothing was removed.',
  'removal.unknown': 'The portal knows no service {{service}}.',
  'removal.unknownThere': 'The portal knows no service {{service}} on {{cluster}}.',

  'fit.limits': 'A LimitRange of the namespace {{namespace}} on {{cluster}} denies the pods: {{why}}.',
  'fit.limitsUnseen':
    'Whether a LimitRange of the namespace on {{cluster}} denies the pods is not known: the portal does not see them. Give its account the role of kubernetes/cluster-role.yaml anew.',

  'rollback.unseen': 'The portal sees no version of {{service}} on {{cluster}}.',
  'rollback.off':
    'This portal does not move traffic on {{cluster}}. Its operator switches that on with actions: true of the cluster in fairway.clusters and the role kubernetes/actions-role.yaml; until then run fairway rollback.',
  'rollback.changed':
    '{{service}} on {{cluster}} is no longer as you saw it: it would now go from {{from}} to {{to}}. Nothing was moved; look again.',
  'rollback.noneReady':
    '{{service}} on {{cluster}} is no longer as you saw it: there is no ready version to go back to. Nothing was moved; look again.',

  'release.none': 'No release of {{service}} moves users now.',
  'release.other':
    'No release of {{service}} is in its steps: {{holder}} holds its lease for something else, or its candidate has no users yet. Nothing was asked.',
  'release.brokeOff':
    'The release of {{service}} by {{holder}} broke off: it renewed its lease last at {{renewed}}. Nothing was asked; go back, or deliver again.',
  'release.changed':
    '{{service}} now releases {{candidate}}, which is not what you saw. Nothing was asked; look again.',
  'release.promoted': '{{by}} has promoted {{candidate}} already.',
  'release.aborted': '{{by}} has aborted the release of {{candidate}} already.',
  'release.noStable':
    '{{stable}} of {{service}} has no ready pod on {{cluster}}, so there is nothing to go back to. Nothing was asked.',
  'release.ended': 'The release of {{service}} by {{holder}} ended meanwhile; look again.',
  'release.silent':
    'The release of {{service}} by {{holder}} has not answered. It hears the request when it reaches the cluster again; if whoever runs it is gone, go back.',
  'release.off':
    'This portal does not move traffic on {{cluster}}. Its operator switches that on with actions: true of the cluster in fairway.clusters and the role kubernetes/actions-role.yaml; until then run fairway release in the folder of the service.',

  'again.noLogin':
    'This portal has no login for the host of {{origin}}, so it cannot run it again. Open that page and run it again there; for a delivery from a terminal, run fairway deliver in the folder of the service.',
  'again.unreachable': 'The portal does not reach the API of the host of {{origin}} ({{words}}). Nothing was run.',
  'again.rejected':
    '{{origin}} was not run again ({{status}}): {{words}}. A run can be run again for 30 days, once it has ended, and the login of the portal needs Actions: write in its repository. Nothing was run.',

  'try.noAddress':
    'The portal knows no address of {{service}} that it can ask: the stage mesh has not run. Deliver the service, and report to this portal.',
  'try.denied':
    'The gateway does not accept the token (401). It may have ended, or be of another issuer or audience: fetch a new one.',
  'try.forbidden':
    'The gateway rejected the question (403): the token has no role for chat with {{model}}, or the firewall took the question for an attack.',
  'try.noModel':
    'Nothing at {{address}} answers chat with {{model}} (404): no route leads there, or the version that serves has another model.',
  'try.limited': 'This client has used up a limit (429). Try again in {{seconds}} s.',
  'try.limitedLater': 'This client has used up a limit (429). Wait, then try again.',
  'try.unreachable':
    'The portal does not reach {{address}} ({{words}}). Your own machine may: copy the curl command. If it should reach it, check its name servers and its network policy.',
  'try.late': 'The answer had no end within {{seconds}} s, so the portal gave it up.',
  'try.status': 'The service answered with the status {{status}}.',
  'try.broken':
    'What came back is not a whole answer of a chat: it broke off, or something else answers at {{address}}.',

  'alert.over':
    'No alert with the fingerprint "{{fingerprint}}" fires now at "{{source}}". It may be over: reload the page.',
  'alert.ours':
    'The portal raises this alert itself, so no Alertmanager can silence it. It ends when the traffic is back at the released version, or when a release goes on.',
} as const;
