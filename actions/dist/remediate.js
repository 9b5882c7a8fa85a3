import{createRequire as createRequireOfBundle}from'node:module';const require=createRequireOfBundle(import.meta.url),__dirname=import.meta.dirname,__filename=import.meta.filename;
import{b as Y}from"./chunk-FFRQ7Z4M.js";import{a as Ee,b as je}from"./chunk-Y6UZNUTG.js";import{a as G}from"./chunk-27JQO7LS.js";import{k as se}from"./chunk-UBUYWSW4.js";import"./chunk-LPOWCY5Y.js";import{F as _,G as T,H as k,I as Re,J as E,P as Pe,Q as _e,c as ue,e as he,i as ye,j as we,k as ke,l as be,o as U,p as ve,q as xe,r as $e,x as Se}from"./chunk-7KKZEE4B.js";import"./chunk-AP7PB5HQ.js";import"./chunk-JBJLPEWA.js";import{a as fe,c as le,d as pe,g as me,j as ge}from"./chunk-AZ3LV6MG.js";import{i as H,o as oe,p as te,r as ae,x as ie}from"./chunk-MVXDZHNT.js";import"./chunk-JKAK57Q3.js";import"./chunk-R6ES6TKX.js";import"./chunk-4RGB4Z6D.js";import{r as ce}from"./chunk-TUPLNT4V.js";import{d as de}from"./chunk-UEZXHV2T.js";import"./chunk-OSVBNEBL.js";import{a as ne}from"./chunk-GYN6D3CT.js";import"./chunk-OIBXZ2EL.js";import{d as q}from"./chunk-FAIO3EAC.js";import"./chunk-KNMCP3VZ.js";import"./chunk-67TO7BHM.js";import{B as on,H as z,r as ee}from"./chunk-4DPGEK3O.js";import{b as W}from"./chunk-UTU26E3T.js";import{c as re}from"./chunk-OZGGXAP2.js";import{b as f,c as F}from"./chunk-ESTI3EOM.js";import{e as rn}from"./chunk-IAJ6PB46.js";function L(e,n){return`for name; do ${e} && echo "$name RUN ${n} $name"; done`}var N=L('! grep -qxs "$name" /etc/dnf/protected.d/*.conf /etc/yum/protected.d/*.conf && rpm --erase --test "$name" >/dev/null 2>&1',"rpm --erase");function S(e){return e.map(n=>n.package).toSorted().join(` \\
      `)}function R(e){return`'${e.replaceAll("'",String.raw`'\''`)}'`}var Ae={script:e=>`apk fix --no-cache --upgrade \\
      ${S(e)}`,removable:L('case "$(apk --no-network --simulate del "$name" 2>/dev/null)" in *"Purging $name ("*) ;; *) false ;; esac',"apk del"),refusal:/^(?:ERROR: .+(?:\n +.+)*|.*apk: (?:command )?not found)$/m,unreadable:/(?:^|\s)(?:WARNING|ERROR): ((?:ignoring|fetching|updating|opening) .*)$/i};var Me={script:e=>`export DEBIAN_FRONTEND=noninteractive \\
 && { apt-get -o Acquire::Retries=3 update || true; } \\
 && apt-get install --yes --only-upgrade --no-install-recommends \\
      -o Dpkg::Options::=--force-confold -o Dpkg::Options::=--force-unsafe-io \\
      ${S(e)} \\
 && apt-get clean \\
 && rm -rf /var/lib/apt/lists/*`,removable:L('dpkg --simulate --purge "$name" >/dev/null 2>&1',"dpkg --purge"),refusal:/^(?:E: .+|.*apt-get: (?:command )?not found)$/m,unreadable:/(?:^|\s)[EW]: ((?:Failed to fetch|The repository|Release file for|Repository '|GPG error|An error occurred during the signature|Conflicting distribution|The method driver|Malformed entry) ?.*)$/};var Oe={script:e=>`if command -v dnf >/dev/null; then set -- dnf --best --setopt=install_weak_deps=False --setopt=*.skip_if_unavailable=True; \\
    elif command -v microdnf >/dev/null; then set -- microdnf --setopt=install_weak_deps=0; \\
    elif command -v tdnf >/dev/null; then set -- tdnf; \\
    else set -- yum; fi \\
 && "$@" -y upgrade \\
      ${S(e)} \\
 && "$@" clean all \\
 && rm -rf /var/cache/dnf /var/cache/yum /var/cache/libdnf5`,removable:N,refusal:/^(?: *Problem(?: \d+)?: .+(?:\n +- .+)?|[Ee]rror(?:\(\d+\) )?: (?!Failed to download metadata)(?:.*:\s*\n)?.+|.*yum: (?:command )?not found)$/m,unreadable:/((?:Failed to download metadata(?: \(.*?\))? for repo|Errors during downloading metadata for repository|Error: Failed to synchronize cache for repo|[Ee]rror: cannot update repo|Cannot find a valid baseurl for repo:?|failure: repodata\/repomd\.xml from) ?.*)$/};var Ie=`const { spawnSync } = require("child_process");
const { existsSync, copyFileSync, mkdtempSync, readFileSync, readdirSync, realpathSync, renameSync, rmSync } = require("fs");
const { createRequire } = require("module");
const { tmpdir } = require("os");
const { basename, dirname, join, normalize } = require("path");

function refuse(reason) {
  console.log("E: " + reason);
  process.exit(1);
}

const temporary = realpathSync(mkdtempSync(join(tmpdir(), "fairway-npm-")));
const authorities = "/dev/shm/ca-certificates";
if (existsSync(authorities)) process.env.NODE_EXTRA_CA_CERTS = authorities;
Object.assign(process.env, {
  npm_config_audit: "false", npm_config_bin_links: "false", npm_config_cache: join(temporary, "cache"),
  npm_config_engine_strict: "true", npm_config_fund: "false", npm_config_ignore_scripts: "true",
  npm_config_legacy_peer_deps: "true", npm_config_package_lock: "false", npm_config_save: "false",
  npm_config_update_notifier: "false",
  // of npm 9 and newer, and before: what a package needs lies below it
  npm_config_install_strategy: "shallow", npm_config_global_style: "true",
});

const npm = process.env.PATH.split(":").map(folder => join(folder, "npm")).find(existsSync);
if (npm === undefined) refuse("the image has no npm: raise it where the service says what it needs");
const semver = createRequire(realpathSync(npm))("semver");

function read(folder) {
  try {
    return JSON.parse(readFileSync(join(folder, "package.json"), "utf8"));
  } catch (error) {
    return {};
  }
}

function packagesIn(folder) {
  const modules = join(folder, "node_modules");
  const entries = existsSync(modules) ? readdirSync(modules).filter(name => !name.startsWith(".")) : [];
  const names = entries.flatMap(name =>
    name.startsWith("@") ? readdirSync(join(modules, name)).map(scoped => name + "/" + scoped) : [name]);
  return names.map(name => join(modules, name));
}

/** Folders of all packages below a folder, each once, whatever links lead there. */
function packagesBelow(folder, seen = new Set()) {
  return packagesIn(folder).filter(existsSync).map(found => realpathSync(found)).flatMap(found => {
    if (seen.has(found)) return [];
    seen.add(found);
    return [found, ...packagesBelow(found, seen)];
  });
}

/** As Node looks for a package: in each node_modules from here upwards. */
function resolve(from, name) {
  const found = join(from, "node_modules", name);
  if (existsSync(join(found, "package.json"))) return realpathSync(found);
  return dirname(from) === from ? undefined : resolve(dirname(from), name);
}

/** A range that names no versions, such as a tag or an address, is met by whatever is there. */
function satisfies(folder, range) {
  const versions = range.replace(/^npm:.+@/, "");
  return semver.validRange(versions, true) === null || semver.satisfies(read(folder).version, versions, true);
}

function requirements(folder, root) {
  const { dependencies, optionalDependencies, devDependencies, peerDependencies, peerDependenciesMeta = {} } = read(folder);
  const of = (ranges = {}, isOptional = () => false) =>
    Object.keys(ranges).map(name => ({ name, range: String(ranges[name]), optional: isOptional(name) }));
  const all = [
    ...of(dependencies),
    ...of(peerDependencies, name => Boolean((peerDependenciesMeta[name] || {}).optional)),
    ...of(optionalDependencies, () => true),
    ...(folder === root ? of(devDependencies, () => true) : []),
  ];
  return [...new Map(all.map(each => [each.name, each])).values()];
}

/** What the package of the service requires, and what that requires, and so on. */
function required(root) {
  const found = new Set();
  const look = folder => {
    for (const { name } of requirements(folder, root)) {
      const there = resolve(folder, name);
      if (there === undefined || found.has(there)) continue;
      found.add(there);
      look(there);
    }
  };
  look(root);
  return found;
}

/** @param orphans packages that nobody requires any more, and whose requirements count no more */
function conflicts(root, orphans = []) {
  const found = new Map();
  for (const folder of [root, ...packagesBelow(root)].filter(each => !orphans.includes(each)))
    for (const { name, range, optional } of requirements(folder, root)) {
      const there = resolve(folder, name);
      if (there === undefined ? optional : satisfies(there, range)) continue;
      const is = there === undefined ? "which is not there" : "and " + read(there).version + " would be there";
      const who = folder === root ? join(root, "package.json") : read(folder).name + " " + read(folder).version;
      const what = folder === root ? "change it there" : "raise " + read(folder).name + ", or what requires it";
      found.set(folder + " " + name, who + " requires " + name + " " + range + ", " + is + ": " + what);
    }
  return found;
}

const cut = "/node_modules/";
const rootOf = folder => folder.slice(0, folder.indexOf(cut)) || "/";
const holderOf = folder => folder.slice(0, folder.lastIndexOf(cut)) || "/";
const nameIn = folder => folder.slice(folder.lastIndexOf(cut) + cut.length);
const bundles = folder => [].concat(read(folder).bundleDependencies || read(folder).bundledDependencies || []).length > 0;
const isEnough = (folder, version) =>
  !existsSync(join(folder, "package.json")) || semver.gte(read(folder).version, version, true);

/** The outermost package that came with those below it. */
function ownerOf(folder) {
  const first = folder.indexOf(cut);
  for (let at = folder.indexOf(cut, first + 1); at >= 0; at = folder.indexOf(cut, at + 1))
    if (bundles(folder.slice(0, at))) return folder.slice(0, at);
  return undefined;
}

function programs(folder) {
  const { name, bin = {} } = read(folder);
  const paths = typeof bin === "string" ? { [basename(name)]: bin } : bin;
  return new Map(Object.keys(paths).map(program => [program, normalize(paths[program])]));
}

function raise(folder, range) {
  const name = nameIn(folder);
  const room = mkdtempSync(join(temporary, "room-"));
  const configuration = join(rootOf(folder), ".npmrc");
  if (existsSync(configuration)) copyFileSync(configuration, join(room, ".npmrc"));
  const done = spawnSync(npm, ["install", "--prefix", room, name + "@" + range], { cwd: room, encoding: "utf8" });
  console.log(done.stdout + done.stderr);
  if (done.status !== 0) {
    const said = done.stderr.split("\\n").map(line => (/^npm (?:ERR!|error) (?!code )(.+)/.exec(line) || [])[1]);
    refuse(said.find(Boolean) || "npm ended with code " + done.status);
  }
  const fresh = join(room, "node_modules", name);
  if (!bundles(fresh)) leaveOut(fresh, folder);
  for (const each of [fresh, ...packagesBelow(fresh)]) {
    const { scripts = {}, version } = read(each);
    if (scripts.preinstall || scripts.install || scripts.postinstall || existsSync(join(each, "binding.gyp")))
      refuse(read(each).name + " " + version + " runs a program when it is installed, which is not done here: raise it where the image is built");
  }
  const now = programs(fresh);
  for (const [program, path] of programs(folder))
    if (now.get(program) !== path) refuse("the program " + program + " lies elsewhere in " + name + " " + read(fresh).version + ": raise it where the image is built");
  rmSync(folder, { recursive: true });
  renameSync(fresh, folder);
}

/** Removes what came with a package and which the tree that the package is for has already. */
function leaveOut(fresh, folder) {
  const needed = new Set();
  const look = from => {
    for (const { name, range } of requirements(from)) {
      const own = resolve(from, name);
      if (own === undefined || !own.startsWith(fresh + "/") || needed.has(own)) continue;
      const there = own === join(fresh, "node_modules", name) && resolve(holderOf(folder), name);
      if (there && satisfies(there, range)) continue;
      needed.add(own);
      look(own);
    }
  };
  look(fresh);
  for (const own of packagesIn(fresh).filter(each => !needed.has(each))) {
    rmSync(own, { recursive: true });
    const scope = dirname(own);
    if (basename(scope).startsWith("@") && readdirSync(scope).length === 0) rmSync(scope, { recursive: true });
  }
  if (needed.size === 0) rmSync(join(fresh, "node_modules"), { recursive: true, force: true });
}

const wanted = process.argv.slice(2).map(text => text.split(/@(?=[^@/]*$)/)).sort();
const roots = [...new Set(wanted.map(([folder]) => rootOf(folder)))];
const before = roots.map(root => ({ root, known: conflicts(root), needed: required(root) }));
// a folder comes before those below it
for (const [folder, version] of wanted) {
  if (!semver.valid(version, true)) refuse("npm knows no version " + version + " of " + nameIn(folder));
  if (isEnough(folder, version)) continue;
  const owner = ownerOf(folder);
  if (owner === undefined) raise(folder, version);
  else raise(owner, "^" + read(owner).version);
  if (!isEnough(folder, version))
    refuse("it came inside of " + nameIn(owner) + ", and " + read(owner).version + ", the newest of its line, has " + read(folder).version + " still: remove " + nameIn(owner) + " from the image, or build on a newer base");
}
for (const { root, known, needed } of before) {
  const still = required(root);
  const orphans = [...needed].filter(folder => !still.has(folder));
  const broken = [...conflicts(root, orphans)].find(([key]) => !known.has(key));
  if (broken) refuse(broken[1]);
  // npm's note of what lies there; without it npm looks
  rmSync(join(root, "node_modules", ".package-lock.json"), { force: true });
}
rmSync(temporary, { recursive: true });
`;var Fe={script:e=>`node /dev/shm/upgrade.cjs \\
      ${e.map(n=>R(`/${n.environment}/${n.package}@${n.atLeast}`)).join(` \\
      `)}`,refusal:/^(?:E: .+|.*: (?:command )?not found)$/m,files:{"upgrade.cjs":Ie}};var Le=`import importlib.metadata, importlib.util, os, re, sys, sysconfig

environment, names = sys.argv[1], sys.argv[2:]
key = lambda name: re.sub("[-_.]+", "-", name).lower()
packages = {key(each.metadata["Name"]): each for each in importlib.metadata.distributions(path=[environment])}
named = {key(re.match("[A-Za-z0-9._-]+", line).group()) for own, each in packages.items()
         for line in each.requires or [] if key(re.match("[A-Za-z0-9._-]+", line).group()) != own}

def asked_for(package):
    return (package.read_text("INSTALLER") or "").strip() != "pip" or package.read_text("REQUESTED") is not None

managed = os.path.exists(os.path.join(sysconfig.get_path("stdlib"), "EXTERNALLY-MANAGED"))
for name in names if importlib.util.find_spec("pip") else []:
    package = packages.get(key(name))
    if package and key(name) not in named and (key(name) in ("pip", "setuptools", "wheel") or not asked_for(package)):
        more = "--break-system-packages " if managed else ""
        print("%s RUN %s -m pip uninstall --yes %s%s" % (name, sys.executable, more, name))
`;var De=`import os, re, shutil, subprocess, sys

def refuse(reason):
    print("E: " + reason)
    sys.exit(1)

os.environ.update(
    PIP_BREAK_SYSTEM_PACKAGES="1", PIP_DISABLE_PIP_VERSION_CHECK="1", PIP_NO_CACHE_DIR="1", PIP_NO_INPUT="1",
    PIP_ROOT_USER_ACTION="ignore", UV_BREAK_SYSTEM_PACKAGES="1", UV_NO_CACHE="1", UV_PYTHON=sys.executable,
)
authorities = "/dev/shm/ca-certificates"
if os.path.exists(authorities):
    os.environ.update(PIP_CERT=authorities, SSL_CERT_FILE=authorities)

environment = os.path.realpath(sys.argv[1])
of_user = not environment.startswith(os.path.join(os.path.realpath(sys.prefix), ""))
if of_user:
    os.environ.update(PYTHONUSERBASE=os.path.abspath(os.path.join(environment, "..", "..", "..")), PIP_USER="1")

if subprocess.run([sys.executable, "-m", "pip", "--version"], capture_output=True).returncode == 0:
    tool = [sys.executable, "-m", "pip"]
elif of_user:
    refuse("the environment has no Python of its own, and that of the image no pip")
elif shutil.which("uv"):
    tool = [shutil.which("uv"), "pip"]
else:
    refuse("the environment has no pip and the image no uv")

def conflicts():
    done = subprocess.run(tool + ["check"], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    lines = [line.strip() for line in done.stdout.splitlines() if re.search("require", line)]
    # the version that does not fit stands behind the "but", and is another one after an upgrade
    return {re.split(", but", line)[0]: line for line in lines}

def paragraph(text, begin):
    # uv draws a tree before its words
    found = re.search(begin + r"(?:.+(?:\\n|$))+", re.sub(r"(?m)^[^\\S\\n]*[\\u2500-\\u25ff]*[^\\S\\n]*", "", text))
    return " ".join(found.group(0).split()) if found else ""

before = conflicts()
wanted = sys.argv[2:]
done = subprocess.run(tool + ["install"] + wanted, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
print(done.stdout)
if done.returncode:
    said = [line.strip() for line in done.stdout.splitlines() if line.strip()]
    errors = [line for line in said if re.match("ERROR:|error:|[x\\u00d7] ", line)]
    # what goes against it stands apart
    why = paragraph(done.stdout, "Because ") or paragraph(done.stdout, "The conflict is caused by:\\n")
    refuse(((errors or said or ["it ended with code %d" % done.returncode])[0] + " " + why).strip())
new = [line for key, line in conflicts().items() if key not in before]
if new:
    refuse(new[0])
`;function Ue(e){let[,n,r]=/^(.*?)\/?lib(?:64)?\/(python3\.\d+t?)\/[^/]+$/.exec(e)??[],o=`/${n?`${n}/`:""}bin`,t=e.endsWith("/site-packages")?[`/usr/local/bin/${r}`]:[],i=`for python in ${[`${o}/${r}`,`${o}/python3`,...t,`/usr/bin/${r}`].map(R).join(" ")}; do [ -x "$python" ] && break; done`;return{script:d=>`${i} \\
 && "$python" /dev/shm/upgrade.py ${R(`/${e}`)} \\
      ${d.map(s=>R(`${s.package}==${s.atLeast}`)).join(` \\
      `)}`,removable:`${i} && "$python" -c ${R(Le)} ${R(`/${e}`)} "$@"`,refusal:/^(?:E: .+|.*: (?:command )?not found|.*\/python3[\d.]*t?: No such file or directory)$/m,files:{"upgrade.py":De}}}var Te={script:e=>`{ zypper --non-interactive update --no-recommends \\
      ${S(e)} \\
    || case $? in 102 | 103 | 106 | 107) ;; *) false ;; esac; } \\
 && zypper clean --all`,removable:N,refusal:/^(?:Problem: .+(?:\n +Solution 1: .+(?:\n {2,}(?! *Solution).+)?)?|No provider of .+ found\.|.*zypper: (?:command )?not found)$/m,unreadable:/(\[[^\]|]+\|[^\]]+\] .+)$/};function C({manager:e,environment:n}){return e==="pip"?Ue(n??""):{apt:Me,apk:Ae,dnf:Oe,zypper:Te,npm:Fe}[e]}import{mkdtemp as tn,rm as an,writeFile as Ne}from"node:fs/promises";import{tmpdir as sn}from"node:os";import{join as K}from"node:path";async function Ce(e,n){let{manager:r,certificates:o}=n,{config:t}=await ue(e,n.image),a=new Set,i=await tn(K(sn(),"fairway-patch-"));try{await Ne(K(i,"Dockerfile"),dn(n,t.User));for(let[d,s]of Object.entries(r.files??{}))await Ne(K(i,d),s);return await we(e,{context:i,dockerfile:"Dockerfile",tag:n.tag,network:n.network,fresh:!0,secrets:o&&new Map([["ca-certificates",o]]),signal:n.signal,progress:d=>{let[,s]=r.unreadable?.exec(d)??[];s!==void 0&&a.add(s),n.progress(d)}}),[...a]}finally{await an(i,{recursive:!0,force:!0})}}function dn({image:e,manager:n,wanted:r,certificates:o},t){let a=[...Object.keys(n.files??{}).map(i=>`type=bind,source=${i},target=/dev/shm/${i}`),...o?["type=secret,id=ca-certificates,target=/dev/shm/ca-certificates"]:[]];return`FROM ${e}
USER 0
RUN ${a.map(i=>`--mount=${i} `).join("")}${n.script(r)}
USER ${t||"0"}
`}async function B(e,n){let{wanted:r,manager:o}=n;try{return{refused:new Map,unreadable:await Ce(e,n)}}catch(t){if(!(t instanceof ye))throw t;let[a,...i]=r,d=cn(t.output);if(d!==void 0)return{refused:new Map(r.map(p=>[p,d])),unreadable:[]};if(a===void 0||i.length===0){let p=o.refusal.exec(t.output)?.[0]??fn(t.output);return{refused:new Map(a&&[[a,f("fix.rejected",{words:p.trim().replace(/\s+/g," ")})]]),unreadable:[]}}n.progress(`${r.length} packages together were refused`);let s=Math.ceil(r.length/2),l=await B(e,{...n,wanted:r.slice(0,s)}),c=l.refused.size===s?n.image:n.tag,m=await B(e,{...n,image:c,wanted:r.slice(s)});return{refused:new Map([...l.refused,...m.refused]),unreadable:[...new Set([...l.unreadable,...m.unreadable])]}}}function cn(e){let[,n]=/exec: "(\/[^"]+)": stat |executable file `(\/[^`]+)` not found/.exec(e)?.filter(Boolean)??[];if(n!==void 0)return f("fix.noShell",{program:n});let[,r]=/^(?:\S*sh: )?(?:line )?(?:\d+: )?(apt-get|apk|yum|zypper|node): (?:command )?not found$/m.exec(e)??[];return r!==void 0?f("fix.noManager",{program:r}):/^.*\bno space left on device\b.*$/im.exec(e)?.[0].trim()}function fn(e){let n=e.split(`
`);return n.findLast(r=>r.trim()!==""&&!/^process "/.test(r))??n.at(-1)??""}async function V({docker:e,scanner:n},r,o){let{policy:t,today:a,database:i,signal:d}=o,s=async({digest:b,name:h})=>{o.progress(`scanning ${h}`);let x=await n.scan({layout:r.folder,digest:b,database:i,signal:d});return Se(x,t.unknownPackages??[],a)},l=await s(o.image),c=new Map(o.without),m=[],p=o.image,g=l;for(;;){let b=_(g,t,a),h=T(b,c),x=E(h);if(!b.blocking.length||!x.length||m.length>=o.attempts)return{image:p,before:l,after:g,steps:m,left:h.filter(({action:u})=>u!=="accept-until"&&u!=="vex")};let y=`${o.image.name}-${m.length+1}`,$=await pn(e,{...o,from:p.name,tag:y,wanted:x});for(let[u,P]of $.refused)c.set(u,P);if($.refused.size===x.length)continue;p!==o.image&&await he(e,p.name),o.progress(`storing ${y}`);let{digest:A}=await ke(e,r,{image:y,name:"remediate",signal:d});p={digest:A,name:y};let M=u=>u.action==="patch-layer"&&$.refused.has(k(u));m.push({image:A,plan:h.filter(u=>!M(u))}),g=await s(p);for(let u of x){let P=k(u),D=g.findings.find(w=>k(w)===P&&u.findings.includes(w.id));D&&!c.has(P)&&c.set(P,ln(D.installed,u.atLeast,$.unreadable))}}}function ln(e,n,r){return r.reduce((o,t)=>f("fix.unread",{offered:o,words:t}),f("fix.offered",{installed:e,atLeast:n}))}async function pn(e,n){let r=new Map,o=[],{from:t}=n,a=Map.groupBy(n.wanted,({manager:i,environment:d})=>i==="pip"?`pip in /${d}`:i);for(let[i,d]of a){let[s]=d;n.progress(`upgrading ${d.length} ${d.length===1?"package":"packages"} by ${i}`);let l=C(s),c=await B(e,{...n,image:t,manager:l,wanted:d});for(let m of d){let p=c.refused.get(m);p!==void 0&&r.set(k(m),p)}o.push(...c.unreadable),c.refused.size<d.length&&(t=n.tag)}return{refused:r,unreadable:o}}var Be=`python=$(head -n 1 "$(command -v "$0")" | sed -n 's|^#! *||p' | cut -d' ' -f1); [ -x "$python" ] || exit 127; "$python"`,mn=`linked=$(ldd "$(command -v "$0")") || exit 127
case "$linked" in *"not found"*) ;; *) exit 0 ;; esac
printf '%s\\n' "$linked" | while read -r line; do case "$line" in *"not found"*) echo "$line" ;; esac; done
exit 1`,gn={vllm:"vllm",sglang:"sglang",fastchat:"fastchat",transformers:"transformers"},J=(e,...n)=>["sh","-c",e,...n];function un({name:e,command:n}){let[r=""]=n,o=gn[e];return[{name:"the engine says its version",command:[r,...n.slice(1),"--version"]},{name:"every library that it is linked with is there",command:J(mn,r)},...o===void 0?[]:[{name:`Python imports ${o}`,command:J(`${Be} -c 'import ${o}'`,r)},{name:"the Python packages fit one another",command:J(`${Be} -m pip check`,r)}]]}var hn=3e5;async function We(e,n,r,o){let t=[];for(let{name:a,command:i}of un(r)){let d=async s=>{let{environment:l}=r,{exitCode:c,lines:m}=await U(e,{image:s,command:i,environment:l,timeout:hn,signal:o});return c===0?void 0:`exit code ${c}: ${m.slice(-3).join(" ")}`};t.push({name:a,before:await d(n.before),after:await d(n.after)})}return t}async function ze(e,n,{service:r,folder:o},t){let a=ce(r),i=de(r,o),d=xe(e,r,i);if(d)return t.log.progress(`running the programs of ${n.after}`),yn(await We(e,n,a,t.signal),d);t.log.progress(`asking the engine in ${n.after}`);try{return await $e(e,n.after,r,a,i,Math.ceil(ee(r.resources.memory)),t.signal),{verdict:"pass",reason:f("remediate.answers",{image:n.after})}}catch(s){if(!(s instanceof ve))throw s;return{verdict:"fail",reason:f("remediate.silent",{words:s.said})}}}function yn(e,n){let r=e.find(({before:t,after:a})=>t===void 0&&a!==void 0);if(r)return{verdict:"fail",reason:f("remediate.broken",{check:r.name,words:r.after??""}),programs:e};let o=e.filter(({after:t})=>t===void 0);return o.length===0?{verdict:"inconclusive",reason:f("remediate.untried",{obstacle:n,programs:F("list.also",e.map(({name:t,after:a=""})=>f("remediate.failed",{check:t,words:a})))}),programs:e}:{verdict:"pass",reason:f("remediate.programs",{checks:F("list.comma",o.map(({name:t})=>t)),obstacle:n}),programs:e}}async function qe(e,n,r,o,t){let a=({image:g})=>ze(e.docker,{before:r.image.name,after:g.name},o,{log:t,signal:r.signal}),i=await V(e,n,r),{blocking:d}=_(i.after,r.policy,r.today);if(d.length>0||i.steps.length===0)return i;let s=await a(i),l=i.steps.flatMap(({plan:g})=>E(g)).filter(({manager:g})=>g==="pip"||g==="npm");if(s.verdict!=="fail"||l.length===0)return{...i,proof:s};t.progress(`undoing the upgrades of ${l.length} packages of Python and Node`);let c=f("fix.notServed",{reason:s.reason}),m=new Map(l.map(g=>[k(g),c])),p=await V(e,n,{...r,without:m});return(await a(p)).verdict==="fail"?{...i,proof:s}:p}var He=3e4;async function Ge({base:e,layers:n,blocking:r,dockerConfig:o,signal:t}){let[,a,i]=/^(.+:[^/@]+)@(sha256:[0-9a-f]{64})$/.exec(e)??[],d=r.filter(({layer:c})=>c!==void 0&&n.includes(c)).map(({id:c})=>c);if(a===void 0||i===void 0||d.length===0)return;let{to:s,problem:l}=await wn({image:a,from:i},o,t);return l!==void 0?{problem:`Whether ${a} has a newer image is not known: ${l}`}:s===void 0||s===i?{}:{rebase:{action:"rebase",package:a,from:i,to:s,findings:[...new Set(d)]}}}async function wn(e,n,r){let o=AbortSignal.timeout(He);try{return await se(e,n,AbortSignal.any([r,o]))}catch(t){if(r.throwIfAborted(),!o.aborted)throw t;return{...e,problem:`its registry gave no answer in ${He/1e3} seconds.`}}}var kn=12e4;async function Ye(e,n,r,o){let t=new Map;for(let[a,i]of bn(r)){let d=await xn(e,n,["sh","-c",a,"sh",...i],o);for(let[s,l]of vn(d))t.set(`${a} ${s}`,l)}return r.map(a=>{let i=t.get(`${Ke(a)} ${a.package}`);return a.action==="unfixable-now"&&i!==void 0?{...a,action:"remove",command:i}:a})}function bn(e){let n=new Map;for(let r of e){let o=Ke(r);o!==void 0&&n.set(o,[...n.get(o)??[],r.package])}return n}function Ke(e){if(e.action!=="unfixable-now")return;let n=Re(e.ecosystem);if(!(n===void 0||n==="pip"&&e.environment===void 0))return C({manager:n,environment:e.environment}).removable}function vn(e){return new Map(e.flatMap(n=>{let[,r,o]=/^(\S+) (RUN \S.*)$/.exec(n)??[];return r===void 0||o===void 0?[]:[[r,o]]}))}async function xn(e,n,r,o){try{return(await U(e,{image:n,command:r,timeout:kn,signal:o})).lines}catch(t){if(!(t instanceof re))throw t;return[]}}var Ve=rn(on(),1);var j=30;function Je({steps:e,left:n}){let r=new Set(n.flatMap(o=>"ecosystem"in o?[k(o)]:[]));return e.flatMap(({plan:o})=>E(o)).filter(o=>!r.has(k(o)))}function Xe(e,n,r,o){let t=e.slice(0,j).map(a=>`| ${a.action} | ${$n(a)} | ${Sn(a)} | ${a.findings.length} |`);return[`${n.findings.length} findings before, ${r.findings.length} after.`,...t.length?["","| action | package | | findings |","| --- | --- | --- | ---: |",...t]:[],...e.length>j?["",`\u2026 and ${e.length-j} more in fix-plan.json.`]:[],...o===void 0?[]:["",Y(o)],""].join(`
`)}function $n(e){let n="environment"in e?e.environment:void 0;return n===void 0?e.package:`${e.package} in /${n}`}function Sn(e){return e.action==="patch-layer"?`${e.installed} \u2192 ${e.atLeast} or newer`:e.action==="rebase"?`\`${e.package}@${e.to}\` in the place of ${e.from.slice(0,19)}\u2026 may fix them: the scan of the next build says so`:e.action==="remove"?`no other package needs it: ${Y(e.command)}; ${e.because}`:e.action==="vex"?`${e.status}: ${e.because}`:e.action==="accept-until"?`until ${e.until}: ${e.because}`:e.because}function Ze(e,n,r){let{length:o}=n,t=o===1?f("remediate.oneLeft"):f("remediate.left",{number:o}),a=e.filter(c=>c.action==="rebuild"||c.action==="unfixable-now"||c.action==="remove"),[i,...d]=a;if(!i)return f("remediate.spent",{left:t,attempts:r});let s=Rn(i),l=d.length>0?f("remediate.more",{what:s,number:d.length}):s;return f("remediate.unfixed",{left:t,what:l})}function Rn(e){let{package:n}=e,r=e.coded??e.because;return e.action==="rebuild"?r:e.action==="unfixable-now"?f("remediate.notNow",{package:n,because:r}):f("remediate.removable",{package:n,because:r,command:e.command})}var Pn=30;function Qe(e,n){if(e.length===0)return"";let r=new Date(n.getTime()+Pn*864e5).toISOString().slice(0,10),o=e.slice(0,j).map(a=>({id:a.id,package:a.package,owner:"TEAM",reason:"WHY",until:r})),t=e.length>j?`
\u2026 and ${e.length-j} more in findings-after.json.
`:"";return`
To accept what is left until ${r}, write who answers for it and why, and put this into \`fairway.yaml\`:

\`\`\`yaml
${(0,Ve.stringify)({scan:{exceptions:o}})}\`\`\`
${t}`}var en={name:"remediate",description:"Upgrades vulnerable packages in a layer on the image and scans again, until nothing stops the delivery or nothing more can be done.",icon:"refresh-cw",inputs:{...me,...fe,...le,attempts:{type:"number",description:"How often to patch and scan again, 1 to 10.",default:3},base:{type:"string",description:"The base image by tag and digest, such as debian:12@sha256:\u2026, whose registry is asked for a newer one where findings lie in its layers. Default: that of the built image.",default:"",from:["build.base"]},"base-layers":{type:"number",description:"Number of lowest layers that are those of the base image.",default:0,from:["build.base-layers"]},"docker-config":pe["docker-config"],...Ee,network:{type:"string",description:"Network of the upgrade: `default`, or `host` for the one of the machine. A daemon without a bridge always uses the host.",default:"default",keyed:!1}},outputs:{...ge,from:{description:"Digest of the image that was given."},before:{description:"Findings that stopped the delivery before."},after:{description:"Findings that stop the delivery now."}},connect:Pe,async key(e,n){let r=await G(await z(n.folder,n.environment),e),{database:o}=e;return _e(n.clients.scanner,{database:o,policy:r,now:n.now()})},async lost(e,n,r){return ae(await H(q(r.folder)),n.digest??"")},async run(e,n){let{network:r,attempts:o}=e;if(r!=="default"&&r!=="host")throw new W(f("input.network",{found:r}));if(!(Number.isInteger(o)&&o>=1&&o<=10))throw new W(f("input.attempts",{found:o}));let t=await z(n.folder,n.environment),a=await G(t,e),i=await H(q(n.folder)),{docker:d}=n.clients,s={digest:e.image,name:await be(d,i,e.image,n.signal)},l={image:s,policy:a,database:e.database,attempts:o,network:r,certificates:await je(e.certificates),today:n.now(),signal:n.signal,progress:n.log.progress},c=await qe(n.clients,i,l,t,n.log);await ie(i);let{before:m,after:p}=c,g=_(m,a,n.now()),b=_(p,a,n.now()),h={before:String(g.blocking.length),after:String(b.blocking.length)},{rootfs:x}=await te(i,await oe(i,s.digest)),y=await Ge({base:e.base,layers:x.diff_ids.slice(0,e["base-layers"]),blocking:g.blocking,dockerConfig:e["docker-config"],signal:n.signal});y?.problem!==void 0&&n.log.warning(y.problem);let $=await Ye(d,c.image.name,c.left,n.signal),A=y?.rebase?[y.rebase]:[],M=I=>JSON.stringify(I,null,2),u=({sbom:I,...nn})=>M(nn),P=T({...g,blocking:[]},new Map),D=[...Je(c),...$,...P,...A],w=[await n.evidence("fix-plan.json","application/vnd.fairway.fix-plan+json",M({image:s.digest,patched:c.image.digest,steps:c.steps,left:$,proposed:A})),await n.evidence("findings-before.json","application/vnd.fairway.findings+json",u(m)),await n.evidence("findings-after.json","application/vnd.fairway.findings+json",u(p))],O=Xe(D,m,p,y?.problem);if(g.blocking.length===0){let I=m.inconclusive.join(" ");return{verdict:I?"inconclusive":"skipped",reason:I||f("remediate.nothing"),outputs:{digest:s.digest,image:s.name,from:s.digest,...h},evidence:w,summary:O}}if(b.blocking.length)return{verdict:"fail",reason:Ze($,b.blocking,o),outputs:h,evidence:w,summary:O+Qe(b.blocking,n.now())};w.push(await n.evidence("sbom.cdx.json","application/vnd.cyclonedx+json",p.sbom));let X={digest:c.image.digest,image:c.image.name,from:s.digest,...h},{proof:v}=c;if(v===void 0)throw new Error("Nothing stops the delivery any more, and nothing was upgraded.");if(v.programs&&w.push(await n.evidence("programs.json","application/json",M({programs:v.programs}))),v.verdict==="fail")return{verdict:"fail",reason:v.reason,outputs:h,evidence:w,summary:O};if(v.verdict==="inconclusive"||p.inconclusive.length)return{verdict:"inconclusive",reason:F("list.then",[...v.verdict==="inconclusive"?[v.reason]:[],...p.inconclusive]),outputs:X,evidence:w,summary:O};let Z={findings:h.before,proof:v.reason},{length:Q}=c.steps;return{verdict:"pass",reason:Q===1?f("remediate.fixedAtOnce",Z):f("remediate.fixed",{...Z,attempts:Q}),outputs:X,evidence:w,summary:O}}};await ne(en);
