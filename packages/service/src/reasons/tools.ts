/** What is wrong with outside systems, and what to do. Texts without a period are parts of a sentence. */
export const toolTexts = {
  // Docker and images
  'docker.readAddress': 'reading the daemon\'s address "{{host}}"',
  'docker.unknownAddress': 'it has none of the known forms: {{forms}}.',
  'docker.inspect': 'inspecting the image {{image}}',
  'docker.noImage': 'the daemon at {{host}} has no such image.',
  'docker.makeImage': 'Run the stage that makes it again, or name the daemon that has it with docker-host.',
  'docker.silent': 'Nothing listens there: start Docker, or name another daemon with docker-host (DOCKER_HOST).',
  'docker.denied':
    'This user may not use the socket: add it to the group that owns the socket, or name another daemon with docker-host.',
  'docker.hangs': 'It did not answer within 15 s: look whether the daemon hangs.',
  'docker.version': 'asking the daemon at {{host}} for its version',
  'docker.noBuildx':
    'This daemon cannot read a build context through its API; install the docker-buildx plugin, or use another daemon.',
  'docker.askBuilder':
    'Look at it with docker buildx inspect {{builder}}: it must run, write OCI images to a folder, and know these kinds of cache. Docker with its classic image store does neither; docker/setup-buildx-action, or docker buildx create, makes a builder that does. The program docker needs the buildx plugin, 0.13 or newer.',
  'docker.noDockerfile': 'there is no Dockerfile at {{path}}.',
  'docker.building': 'building {{tag}}',
  'docker.loading': 'loading an image',
  'docker.naming': 'naming an image "{{reference}}"',
  'docker.digestNoName': 'a digest cannot be given as a name.',
  'docker.writeDockerfile': 'Write it, or name another one under build.dockerfile in fairway.yaml.',

  // clusters
  'login.missing':
    'Nothing was sent: the kubeconfig names this for its login. Put it there, or fetch a new kubeconfig.',
  'login.program':
    'Nothing was sent: the kubeconfig signs in with the program "{{program}}". Install it, or sign in with it, until kubectl works with this context.',
  'login.unreadable':
    'Nothing was sent: a certificate or key of the kubeconfig cannot be read. Fetch a new kubeconfig.',
  'kubernetes.address': 'Correct the server address in the kubeconfig.',
  'kubernetes.expired': "The cluster's certificate has expired: its administrator has to renew it.",
  'login.rejected':
    'The cluster does not accept the certificate in the kubeconfig: it may have expired. Fetch a new kubeconfig.',
  'kubernetes.otherCertificate':
    "The cluster's certificate is not the one the kubeconfig expects: fetch a new kubeconfig.",
  'kubernetes.silent':
    'The cluster does not answer there: start it, or check the network and the server address in the kubeconfig.',
  'login.denied': 'The login in the kubeconfig is not accepted: it may have expired.',
  'kubernetes.quota': 'Ask for a larger quota or ask for less in resources of fairway.yaml.',
  'kubernetes.forbidden': 'Ask an administrator of the cluster for this permission.',
  'kubernetes.conflict':
    'Somebody else manages these fields: let them give the fields up, or take them out of their manifests.',
  'kubernetes.checking': 'checking permissions in context "{{context}}"',
  'kubernetes.mayNot': 'the login may not {{missing}}.',
  'kubernetes.askRole': 'Nothing was applied. Ask an administrator of the cluster for a role with these permissions.',
  'kubernetes.leavesOut':
    'the cluster would leave out {{fields}}. It is older than that field, or has the feature switched off.',
  'kubernetes.update':
    'Nothing was applied. Bring the cluster up to date, or do without what asks for it in fairway.yaml.',
  'kubernetes.dryRun': 'dry run of {{object}}',
  'kubernetes.applying': 'applying {{object}}',
  'kubernetes.owned':
    'Another manager owns these fields: let it give them up (kubectl apply --server-side --force-conflicts takes them over), then deliver again.',
  'kubernetes.notAllowed': 'Nothing was applied. Ask an administrator of the cluster for this permission or quota.',
  'kubernetes.askAdministrator': 'Ask an administrator of the cluster for this permission or quota.',
  'kubernetes.notTaken': 'Nothing was applied. The cluster refuses the object as it is.',
  'kubernetes.refused': 'The cluster refuses the object as it is.',
  'kubeconfig.name': 'Name the kubeconfig of the cluster with the input kubeconfig or the variable KUBECONFIG.',
  'kubeconfig.none': 'there is no such file.',
  'kubeconfig.irregular': 'it is no regular file.',
  'kubeconfig.other': 'The file must be a kubeconfig.',
  'kubeconfig.looking': 'looking up the context "{{context}}" in {{files}}',
  'kubeconfig.contexts': 'the contexts there are {{contexts}}.',
  'kubeconfig.noContexts': 'there are no contexts in it.',
  'kubeconfig.nameContext': 'Name one of them with the input context.',
  'kubeconfig.using': 'using the context "{{context}}" of {{files}}',
  'kubeconfig.noPod': 'this runs in no pod, or in one without a service account.',
  'kubeconfig.mountToken':
    'Set automountServiceAccountToken of the pod, or name the address of the cluster and a token.',
  'kubernetes.noConnection': 'no connection',
  'pods.noneReady': 'none is ready.',
  'kubeconfig.noCluster': 'it names a cluster that the file does not define.',
  'kubernetes.waitEnd': 'waiting for the end of {{object}}',
  'kubernetes.stillThere': 'it is still being deleted after {{seconds}} s.',
  'kubernetes.finalizers': 'Look for finalizers and pods that do not end in it.',
  'kubernetes.lookup': 'looking up {{kind}} ({{version}}) in context "{{context}}"',
  'kubernetes.noKind': 'the cluster does not serve this kind.',
  'kubernetes.install': 'Install its custom resource definition, or name another cluster.',
  'kubernetes.renewing': 'renewing the lease {{lease}}',
  'kubernetes.heldByOther': 'somebody else holds it now.',
  'kubernetes.notRenewed': 'no renewal for {{seconds}} s: {{words}}',

  // registries
  'registry.nobody': 'no user',
  'registry.user': 'the user "{{username}}"',
  'registry.limited': 'The registry {{host}} asks to slow down: try again after {{seconds}} s.',
  'registry.limitedLater': 'The registry {{host}} asks to slow down: try again later.',
  'registry.certificate':
    'The certificate of {{host}} is not trusted here: give its authority to Node with NODE_EXTRA_CA_CERTS.',
  'registry.silent': 'The registry {{host}} cannot be reached: check its address and that it runs.',
  'registry.denied':
    'The registry {{host}} knows {{who}} but does not let it do this: ask for push rights on {{repository}}, and look whether the repository exists.',
  'registry.noLogin': 'The registry {{host}} asks for credentials and none were given: set username and password.',
  'registry.badLogin': 'The registry {{host}} does not accept the credentials of {{who}}: check username and password.',
  'registry.absent':
    "The registry {{host}} has no such thing in {{repository}}: check the repository's name, and whether the registry makes repositories by itself.",
  'registry.noReferrers':
    'The registry has no referrers API, so the list of what is attached to an image is written again under its tag {{tag}}: exempt tags that begin with "sha256-" from the rule.',
  'registry.immutable':
    'Another image has the tag {{tag}}, and the registry lets nobody change it. Images are pushed under tags of their own, so somebody else uses this repository too: give the service a repository of its own.',
  'registry.full':
    'The registry {{host}} has no room for more in {{repository}}: delete images that nobody uses, or ask for a larger quota.',
  'registry.tooLarge':
    'What stands before the registry {{host}} takes no request of this size: raise the limit of the proxy, such as client_max_body_size of nginx, or push by an address without it.',
  'registry.noTokens':
    'The registry sends clients to {{host}} for tokens, which cannot be reached: check that it runs.',
  'registry.readRepository': 'reading the repository "{{repository}}"',
  'registry.form':
    'it must be host[:port]/path in lower case without a scheme, such as registry.example.org/team/name.',
  'registry.hub':
    'a cluster would look for it on Docker Hub, since "{{host}}" has no dot and no port. Write docker.io/{{host}}/… if it is there, else the whole name of the host or its port ({{host}}:443).',
  'registry.helper': "Docker's config.json names this credential helper: install it, or give username and password.",
  'registry.loginAgain': 'Log in to {{server}} again.',
  'registry.makeAgain': 'Run the stage again that makes the image.',
  'registry.lacks': 'it lacks {{digest}}.',
  'registry.otherTag': 'it answers {{found}} for the tag, and {{digest}} was sent.',
  'registry.noTag': 'it answers nothing for the tag, and {{digest}} was sent.',
  'registry.pushAgain': 'Push again, and look whether somebody else pushes the same tag.',
  'registry.lostEntry':
    'others write the same list of referrers at the same time, and this entry was lost five times. Push again.',
  'registry.plainTokens': '{{host}} sends clients for tokens to an address without TLS.',
  'registry.noJsonToken': 'the token service did not answer in JSON.',
  'registry.noToken': 'the token service gave {{who}} no token.',
  'registry.noPlatform': 'it has no image for {{platform}}.',
  'registry.lacksIt': 'the registry does not have it.',
  'registry.noUploadPlace': 'the registry named no place to upload to.',
  'registry.otherDigest': 'the content has the digest {{found}}.',
  'registry.helperNoJson': 'it did not answer in JSON.',
  'registry.noJson': 'it is not valid JSON. Correct it, or log in again.',

  // others
  'hub.later': 'Run again later, or name a mirror (input `hub`).',
  'hub.connection':
    'Check the connection, name a mirror (input `hub`), or put the model into the service folder and name it with model.path.',
  'tool.late': 'no answer within {{seconds}} s',
  'client.grant':
    'The client "{{client}}" must be allowed the client-credentials grant: check client-id, client-secret and token-url.',
  'client.scope':
    'The client "{{client}}" must be allowed the client-credentials grant with scope {{scope}}: check client-id, client-secret and token-url.',
  'client.noAnswer': 'the answer holds no access_token.',
  'client.endpoint':
    'token-url must be the token_endpoint that the issuer names at its /.well-known/openid-configuration.',
  'prometheus.check': 'Check that prometheus-url is where Prometheus answers from here, and what lets this side in.',
  'prometheus.limits':
    'The store limits what one question or one tenant may cost: ask whoever runs it for more, or try again later.',
  'prometheus.partial':
    'Some of the stores behind prometheus-url did not answer, so that what is counted may be too little: see why, or name one that holds all series of the cluster.',
  'prometheus.lifecycle': 'Prometheus must run with --web.enable-lifecycle, and every file it names must be valid.',
  'endpoint.expired': 'The certificate of the server has expired: renew it.',
  'endpoint.certificate':
    'The certificate of the server is not trusted here, or is for another name: give its authority to Node with NODE_EXTRA_CA_CERTS, or use the name that it has.',
  'endpoint.noTls': 'The server does not speak TLS there: use http:// or its port with TLS.',
  'endpoint.check': 'Check that the server runs and that the address is right.',
  'scanner.install':
    'Install Trivy (https://trivy.dev) or Grype (https://github.com/anchore/grype), or say where it lies with the input `scanner`.',
  'scanner.other': 'printed {{words}}, as neither Trivy nor Grype does',
  'scanner.bringJava': 'bringing the database of Java archives',
  'scanner.javaMirrors': 'Name mirrors that this machine reaches with the input `java-database-mirrors`.',
  'promtool.name': 'Name a promtool that runs here with the input promtool.',
  'scanner.name': 'Name one of them with the input `scanner`.',
  'npm.install': 'Install npm, or say where it lies with the input `npm`.',
  'uv.install': 'Install uv (https://docs.astral.sh/uv), or say where it lies with the input `uv`.',
  'sigstore.signing': 'signing the statement {{statement}}',
  'sigstore.permission':
    'On GitHub the job needs the permission id-token: write and a way to fulcio.sigstore.dev and rekor.sigstore.dev.',
  'sigstore.readKey': 'reading the signing key',
  'sigstore.giveKey':
    'Give a key of ECDSA on P-256 as PEM, such as cosign generate-key-pair writes, and its passphrase.',
  'sigstore.fetchRoot': 'fetching the trusted root of tuf-repo-cdn.sigstore.dev',
  'sigstore.readRepository': 'reading the input signer-repository "{{repository}}"',
  'sigstore.repositoryForm': 'it must be the address of a repository, such as https://github.com/team/service.',
  'sigstore.root': 'Where that address cannot be reached, give the input trusted-root (`cosign trusted-root create`).',
  'github.idPermission': 'The job needs the permission id-token: write, and its caller must grant it too.',
  'github.askToken': 'asking for an OpenID Connect token',
  'github.noToken': 'the answer holds no token.',
  'github.readBranch': 'reading the branch {{branch}} in {{repository}}',
  'github.noBranch': 'There is no such branch: name one that is there.',
  'github.readFolder': 'reading {{path}} in {{repository}}',
  'github.tooManyFiles': 'The folder has more files than GitHub lists.',
  'github.ownFolder': 'Name a folder of this service alone.',
  'github.limited': 'GitHub takes no more requests of this token before {{until}}: run the job again after that.',
  'github.ruled':
    'A rule of the branch keeps the token from pushing to it: bring the change as a pull request, or let the token bypass the rule.',
  'github.empty': 'Push its first commit, such as a README.',
  'github.badToken': 'The token is not valid: its job has ended, or it is not one of this GitHub.',
  'github.allowPulls':
    'Turn on "Allow GitHub Actions to create and approve pull requests" in the settings of the repository, under Actions.',
  'github.needs': 'The job needs the permission {{permission}}, and its caller must grant it too.',
  'github.absent':
    'It is not there, or the job has not the permission {{permission}} to see it, which its caller must grant too.',
  'github.ownInvalid': '{{name}} is not valid: it has expired, was revoked, or is not one of this GitHub.',
  'github.ownNeeds': '{{name}} needs the permission {{permission}} in {{repository}}.',
  'github.ownAbsent':
    'There is no {{repository}}, or {{name}} has no access to it: it needs the permission {{permission}} there.',

  // what was asked of targets, and what became of it
  'request.reading': 'reading {{what}}',
  'request.inContext': '{{request}} (context "{{context}}")',
  'request.watching': 'watching {{kind}}',
  'request.podsIn': 'looking for pods in {{namespace}}',
  'request.pushing': 'pushing {{image}}',
  'request.pulling': 'pulling {{image}}',
  'request.writingTag': 'writing the tag {{tag}} of {{repository}}',
  'request.goBack': 'giving {{revision}} all traffic again',
  'traffic.mayStay':
    '{{candidate}} may still get a part of the traffic: deliver again, or run fairway rollback, as soon as the cluster answers.',
  'request.configMap': 'reading the ConfigMap {{name}}',
  'istio.noRoot': 'it has no root-cert.pem.',
  'istio.noRoots': 'it is not there.',
  'istio.lookAtSelectors': "Look whether istiod runs and whether its discoverySelectors name the service's namespace.",
  'request.rules': 'storing the rules in the namespace {{namespace}}',
  'ruler.changed': 'somebody else has changed {{groups}} at the same time.',
  'ruler.oneAtATime': 'Let one delivery at a time write the rules of a service, and run monitor again.',
  'ruler.notPutBack': '{{error}} What was there before could not be put back either: {{stuck}}',
  'request.podsLeft': 'waiting until {{version}} has {{pods}} pods',
  'request.startPods': 'starting pods of {{version}}',
  'pods.stay': '{{pods}} did not end within {{seconds}} s.',
  'pods.lookAtNode': 'Look for a node that does not answer, and for finalizers of these pods.',
  'request.pod': 'looking for a pod of {{version}}',
  'request.probePod': 'the probe pod {{pod}}',
  'probe.noPod': 'none runs.',
  'probe.deployAgain': 'Run deploy again.',
  'probe.notEnded': 'it has not ended within {{seconds}} s.',
  'probe.lookAtEvents':
    'Look at the events of the pod: whether the image can be pulled and, in a mesh, whether its injector gives pods their proxy and the proxy gets its certificate.',
  'request.removeBegun': 'removing what was begun',
  'deploy.notUndone': '{{left}} It was begun because of this: {{error}}',
  'request.connect': 'connecting to {{url}}',
  'endpoint.silent': 'nothing answers there ({{errno}}).',
  'endpoint.unsent': 'this machine has no connection left for it ({{errno}}).',
  'endpoint.lowerIt': 'Raise the limit of open files (ulimit -n), or lower the load.',
  'endpoint.checkIt': 'Check that it runs and that the address is right.',
  'endpoint.moved': 'It redirects, and redirects are not followed: give the address behind it.',
  'endpoint.notFound': 'The address must be the one before /v1, and the model one that the server has.',
  'endpoint.limited': 'The rate limit is used up before the load begins: raise it, or wait until it is over.',
  'endpoint.asksToWait':
    'The server asks to come back in {{seconds}} s, and a load waits {{most}} s at most: try again then, or raise its limit.',
  'endpoint.notReady':
    'What answers there has no server behind it that is ready: wait until one is, and look at the log of that server.',
  'request.first': 'a first request to {{url}}',
} as const;
