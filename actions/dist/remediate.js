import{createRequire as createRequireOfBundle}from'node:module';const require=createRequireOfBundle(import.meta.url),__dirname=import.meta.dirname,__filename=import.meta.filename;
import{a as me,b as ge}from"./chunk-7POT57PD.js";import{a as N}from"./chunk-H3FHYQ3D.js";import{A as fe,I as R,J as A,K as P,L as D,R as le,S as pe,c as ee,e as ne,l as re,m as oe,n as te,o as ae,r as ie,s as se,t as de,u as ce}from"./chunk-IKFJBPKP.js";import"./chunk-AP7PB5HQ.js";import"./chunk-JBJLPEWA.js";import{a as J,c as X,g as Q,j as Z}from"./chunk-AZ3LV6MG.js";import{i as C,r as G,x as K}from"./chunk-PCA26I2P.js";import"./chunk-SOMBHRNO.js";import"./chunk-R6ES6TKX.js";import"./chunk-4RGB4Z6D.js";import{r as V}from"./chunk-4SMF56IL.js";import{d as Y}from"./chunk-5ICRZP6M.js";import"./chunk-OSVBNEBL.js";import{a as H}from"./chunk-7AP3PSLH.js";import"./chunk-OIBXZ2EL.js";import{d as U}from"./chunk-ZU4SZET6.js";import"./chunk-K5HGDG63.js";import"./chunk-67TO7BHM.js";import{B as Te,H as T,r as q}from"./chunk-XD4ZGZ7R.js";import{b as L}from"./chunk-YTLIDVI4.js";import"./chunk-ZCILDV7O.js";import{b as f,c as M}from"./chunk-WJH5BVO5.js";import{e as Le}from"./chunk-IAJ6PB46.js";function x(e){return e.map(n=>n.package).toSorted().join(` \\
      `)}function E(e){return`'${e.replaceAll("'",String.raw`'\''`)}'`}var ue={script:e=>`apk fix --no-cache --upgrade \\
      ${x(e)}`,refusal:/^(?:ERROR: .+(?:\n +.+)*|.*apk: (?:command )?not found)$/m,unreadable:/(?:^|\s)(?:WARNING|ERROR): ((?:ignoring|fetching|updating|opening) .*)$/i};var he={script:e=>`export DEBIAN_FRONTEND=noninteractive \\
 && { apt-get -o Acquire::Retries=3 update || true; } \\
 && apt-get install --yes --only-upgrade --no-install-recommends \\
      -o Dpkg::Options::=--force-confold -o Dpkg::Options::=--force-unsafe-io \\
      ${x(e)} \\
 && apt-get clean \\
 && rm -rf /var/lib/apt/lists/*`,refusal:/^(?:E: .+|.*apt-get: (?:command )?not found)$/m,unreadable:/(?:^|\s)[EW]: ((?:Failed to fetch|The repository|Release file for|Repository '|GPG error|An error occurred during the signature|Conflicting distribution|The method driver|Malformed entry) ?.*)$/};var ye={script:e=>`if command -v dnf >/dev/null; then set -- dnf --best --setopt=install_weak_deps=False --setopt=*.skip_if_unavailable=True; \\
    elif command -v microdnf >/dev/null; then set -- microdnf --setopt=install_weak_deps=0; \\
    elif command -v tdnf >/dev/null; then set -- tdnf; \\
    else set -- yum; fi \\
 && "$@" -y upgrade \\
      ${x(e)} \\
 && "$@" clean all \\
 && rm -rf /var/cache/dnf /var/cache/yum /var/cache/libdnf5`,refusal:/^(?: *Problem(?: \d+)?: .+(?:\n +- .+)?|[Ee]rror(?:\(\d+\) )?: (?!Failed to download metadata)(?:.*:\s*\n)?.+|.*yum: (?:command )?not found)$/m,unreadable:/((?:Failed to download metadata(?: \(.*?\))? for repo|Errors during downloading metadata for repository|Error: Failed to synchronize cache for repo|[Ee]rror: cannot update repo|Cannot find a valid baseurl for repo:?|failure: repodata\/repomd\.xml from) ?.*)$/};var we=`const { spawnSync } = require("child_process");
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
`;var ke={script:e=>`node /dev/shm/upgrade.cjs \\
      ${e.map(n=>E(`/${n.environment}/${n.package}@${n.atLeast}`)).join(` \\
      `)}`,refusal:/^(?:E: .+|.*: (?:command )?not found)$/m,files:{"upgrade.cjs":we}};var ve=`import os, re, shutil, subprocess, sys

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
`;function be(e){let[,n,r]=/^(.*?)\/?lib(?:64)?\/(python3\.\d+t?)\/[^/]+$/.exec(e)??[],o=`/${n?`${n}/`:""}bin`,t=e.endsWith("/site-packages")?[`/usr/local/bin/${r}`]:[],i=[`${o}/${r}`,`${o}/python3`,...t,`/usr/bin/${r}`].map(E).join(" ");return{script:a=>`for python in ${i}; do [ -x "$python" ] && break; done \\
 && "$python" /dev/shm/upgrade.py ${E(`/${e}`)} \\
      ${a.map(s=>E(`${s.package}==${s.atLeast}`)).join(` \\
      `)}`,refusal:/^(?:E: .+|.*: (?:command )?not found|.*\/python3[\d.]*t?: No such file or directory)$/m,files:{"upgrade.py":ve}}}var xe={script:e=>`{ zypper --non-interactive update --no-recommends \\
      ${x(e)} \\
    || case $? in 102 | 103 | 106 | 107) ;; *) false ;; esac; } \\
 && zypper clean --all`,refusal:/^(?:Problem: .+(?:\n +Solution 1: .+(?:\n {2,}(?! *Solution).+)?)?|No provider of .+ found\.|.*zypper: (?:command )?not found)$/m,unreadable:/(\[[^\]|]+\|[^\]]+\] .+)$/};function Se({manager:e,environment:n}){return e==="pip"?be(n??""):{apt:he,apk:ue,dnf:ye,zypper:xe,npm:ke}[e]}import{mkdtemp as Ue,rm as Ce,writeFile as $e}from"node:fs/promises";import{tmpdir as Ne}from"node:os";import{join as B}from"node:path";async function Pe(e,n){let{manager:r,certificates:o}=n,{config:t}=await ee(e,n.image),i=new Set,a=await Ue(B(Ne(),"fairway-patch-"));try{await $e(B(a,"Dockerfile"),Be(n,t.User));for(let[s,d]of Object.entries(r.files??{}))await $e(B(a,s),d);return await oe(e,{context:a,dockerfile:"Dockerfile",tag:n.tag,network:n.network,fresh:!0,secrets:o&&new Map([["ca-certificates",o]]),signal:n.signal,progress:s=>{let[,d]=r.unreadable?.exec(s)??[];d!==void 0&&i.add(d),n.progress(s)}}),[...i]}finally{await Ce(a,{recursive:!0,force:!0})}}function Be({image:e,manager:n,wanted:r,certificates:o},t){let i=[...Object.keys(n.files??{}).map(a=>`type=bind,source=${a},target=/dev/shm/${a}`),...o?["type=secret,id=ca-certificates,target=/dev/shm/ca-certificates"]:[]];return`FROM ${e}
USER 0
RUN ${i.map(a=>`--mount=${a} `).join("")}${n.script(r)}
USER ${t||"0"}
`}async function F(e,n){let{wanted:r,manager:o}=n;try{return{refused:new Map,unreadable:await Pe(e,n)}}catch(t){if(!(t instanceof re))throw t;let[i,...a]=r,s=We(t.output);if(s!==void 0)return{refused:new Map(r.map(l=>[l,s])),unreadable:[]};if(i===void 0||a.length===0){let l=o.refusal.exec(t.output)?.[0]??ze(t.output);return{refused:new Map(i&&[[i,f("fix.rejected",{words:l.trim().replace(/\s+/g," ")})]]),unreadable:[]}}n.progress(`${r.length} packages together were refused`);let d=Math.ceil(r.length/2),m=await F(e,{...n,wanted:r.slice(0,d)}),c=m.refused.size===d?n.image:n.tag,p=await F(e,{...n,image:c,wanted:r.slice(d)});return{refused:new Map([...m.refused,...p.refused]),unreadable:[...new Set([...m.unreadable,...p.unreadable])]}}}function We(e){let[,n]=/exec: "(\/[^"]+)": stat |executable file `(\/[^`]+)` not found/.exec(e)?.filter(Boolean)??[];if(n!==void 0)return f("fix.noShell",{program:n});let[,r]=/^(?:\S*sh: )?(?:line )?(?:\d+: )?(apt-get|apk|yum|zypper|node): (?:command )?not found$/m.exec(e)??[];return r!==void 0?f("fix.noManager",{program:r}):/^.*\bno space left on device\b.*$/im.exec(e)?.[0].trim()}function ze(e){let n=e.split(`
`);return n.findLast(r=>r.trim()!==""&&!/^process "/.test(r))??n.at(-1)??""}async function W({docker:e,scanner:n},r,o){let{policy:t,today:i,database:a,signal:s}=o,d=async({digest:v,name:y})=>{o.progress(`scanning ${y}`);let w=await n.scan({layout:r.folder,digest:v,database:a,signal:s});return fe(w,t.unknownPackages??[],i)},m=await d(o.image),c=new Map(o.without),p=[],l=o.image,g=m;for(;;){let v=R(g,t,i),y=A(v,c),w=D(y);if(!v.blocking.length||!w.length||p.length>=o.attempts)return{image:l,before:m,after:g,steps:p,left:y.filter(({action:u})=>u!=="accept-until"&&u!=="vex")};let S=`${o.image.name}-${p.length+1}`,_=await He(e,{...o,from:l.name,tag:S,wanted:w});for(let[u,h]of _.refused)c.set(u,h);if(_.refused.size===w.length)continue;l!==o.image&&await ne(e,l.name),o.progress(`storing ${S}`);let{digest:k}=await te(e,r,{image:S,name:"remediate",signal:s});l={digest:k,name:S};let $=u=>u.action==="upgrade"&&_.refused.has(P(u));p.push({image:k,plan:y.filter(u=>!$(u))}),g=await d(l);for(let u of w){let h=P(u),O=g.findings.find(I=>P(I)===h&&u.findings.includes(I.id));O&&!c.has(h)&&c.set(h,qe(O.installed,u.atLeast,_.unreadable))}}}function qe(e,n,r){return r.reduce((o,t)=>f("fix.unread",{offered:o,words:t}),f("fix.offered",{installed:e,atLeast:n}))}async function He(e,n){let r=new Map,o=[],{from:t}=n,i=Map.groupBy(n.wanted,({manager:a,environment:s})=>a==="pip"?`pip in /${s}`:a);for(let[a,s]of i){let[d]=s;n.progress(`upgrading ${s.length} ${s.length===1?"package":"packages"} by ${a}`);let m=Se(d),c=await F(e,{...n,image:t,manager:m,wanted:s});for(let p of s){let l=c.refused.get(p);l!==void 0&&r.set(P(p),l)}o.push(...c.unreadable),c.refused.size<s.length&&(t=n.tag)}return{refused:r,unreadable:o}}var _e=`python=$(head -n 1 "$(command -v "$0")" | sed -n 's|^#! *||p' | cut -d' ' -f1); [ -x "$python" ] || exit 127; "$python"`,Ge=`linked=$(ldd "$(command -v "$0")") || exit 127
case "$linked" in *"not found"*) ;; *) exit 0 ;; esac
printf '%s\\n' "$linked" | while read -r line; do case "$line" in *"not found"*) echo "$line" ;; esac; done
exit 1`,Ke={vllm:"vllm",sglang:"sglang",fastchat:"fastchat",transformers:"transformers"},z=(e,...n)=>["sh","-c",e,...n];function Ye({name:e,command:n}){let[r=""]=n,o=Ke[e];return[{name:"the engine says its version",command:[r,...n.slice(1),"--version"]},{name:"every library that it is linked with is there",command:z(Ge,r)},...o===void 0?[]:[{name:`Python imports ${o}`,command:z(`${_e} -c 'import ${o}'`,r)},{name:"the Python packages fit one another",command:z(`${_e} -m pip check`,r)}]]}var Ve=3e5;async function Re(e,n,r,o){let t=[];for(let{name:i,command:a}of Ye(r)){let s=async d=>{let{environment:m}=r,{exitCode:c,lines:p}=await ie(e,{image:d,command:a,environment:m,timeout:Ve,signal:o});return c===0?void 0:`exit code ${c}: ${p.slice(-3).join(" ")}`};t.push({name:i,before:await s(n.before),after:await s(n.after)})}return t}async function Ee(e,n,{service:r,folder:o},t){let i=V(r),a=Y(r,o),s=de(e,r,a);if(s)return t.log.progress(`running the programs of ${n.after}`),Je(await Re(e,n,i,t.signal),s);t.log.progress(`asking the engine in ${n.after}`);try{return await ce(e,n.after,r,i,a,Math.ceil(q(r.resources.memory)),t.signal),{verdict:"pass",reason:f("remediate.answers",{image:n.after})}}catch(d){if(!(d instanceof se))throw d;return{verdict:"fail",reason:f("remediate.silent",{words:d.said})}}}function Je(e,n){let r=e.find(({before:t,after:i})=>t===void 0&&i!==void 0);if(r)return{verdict:"fail",reason:f("remediate.broken",{check:r.name,words:r.after??""}),programs:e};let o=e.filter(({after:t})=>t===void 0);return o.length===0?{verdict:"inconclusive",reason:f("remediate.untried",{obstacle:n,programs:M("list.also",e.map(({name:t,after:i=""})=>f("remediate.failed",{check:t,words:i})))}),programs:e}:{verdict:"pass",reason:f("remediate.programs",{checks:M("list.comma",o.map(({name:t})=>t)),obstacle:n}),programs:e}}async function je(e,n,r,o,t){let i=({image:g})=>Ee(e.docker,{before:r.image.name,after:g.name},o,{log:t,signal:r.signal}),a=await W(e,n,r),{blocking:s}=R(a.after,r.policy,r.today);if(s.length>0||a.steps.length===0)return a;let d=await i(a),m=a.steps.flatMap(({plan:g})=>D(g)).filter(({manager:g})=>g==="pip"||g==="npm");if(d.verdict!=="fail"||m.length===0)return{...a,proof:d};t.progress(`undoing the upgrades of ${m.length} packages of Python and Node`);let c=f("fix.notServed",{reason:d.reason}),p=new Map(m.map(g=>[P(g),c])),l=await W(e,n,{...r,without:p});return(await i(l)).verdict==="fail"?{...a,proof:d}:l}var Oe=Le(Te(),1);var j=30;function Ie(e,n,r){let o=e.slice(0,j).map(t=>`| ${t.action} | ${Xe(t)} | ${Qe(t)} | ${t.findings.length} |`);return[`${n.findings.length} findings before, ${r.findings.length} after.`,...o.length?["","| action | package | | findings |","| --- | --- | --- | ---: |",...o]:[],...e.length>j?["",`\u2026 and ${e.length-j} more in fix-plan.json.`]:[],""].join(`
`)}function Xe(e){let n="environment"in e?e.environment:void 0;return n===void 0?e.package:`${e.package} in /${n}`}function Qe(e){return e.action==="upgrade"?`${e.installed} \u2192 ${e.atLeast} or newer`:e.action==="vex"?`${e.status}: ${e.because}`:e.action==="accept-until"?`until ${e.until}: ${e.because}`:e.because}function Me(e,n,r){let{length:o}=n,t=o===1?f("remediate.oneLeft"):f("remediate.left",{number:o}),i=e.filter(p=>p.action==="rebuild"||p.action==="unfixable-now"),[a,...s]=i;if(!a)return f("remediate.spent",{left:t,attempts:r});let d=a.coded??a.because,m=a.action==="rebuild"?d:f("remediate.notNow",{package:a.package,because:d}),c=s.length>0?f("remediate.more",{what:m,number:s.length}):m;return f("remediate.unfixed",{left:t,what:c})}var Ze=30;function Ae(e,n){if(e.length===0)return"";let r=new Date(n.getTime()+Ze*864e5).toISOString().slice(0,10),o=e.slice(0,j).map(i=>({id:i.id,package:i.package,owner:"TEAM",reason:"WHY",until:r})),t=e.length>j?`
\u2026 and ${e.length-j} more in findings-after.json.
`:"";return`
To accept what is left until ${r}, write who answers for it and why, and put this into \`fairway.yaml\`:

\`\`\`yaml
${(0,Oe.stringify)({scan:{exceptions:o}})}\`\`\`
${t}`}var De={name:"remediate",description:"Upgrades vulnerable packages in a layer on the image and scans again, until nothing stops the delivery or nothing more can be done.",icon:"refresh-cw",inputs:{...Q,...J,...X,attempts:{type:"number",description:"How often to patch and scan again, 1 to 10.",default:3},...me,network:{type:"string",description:"Network of the upgrade: `default`, or `host` for the one of the machine. A daemon without a bridge always uses the host.",default:"default",keyed:!1}},outputs:{...Z,from:{description:"Digest of the image that was given."},before:{description:"Findings that stopped the delivery before."},after:{description:"Findings that stop the delivery now."}},connect:le,async key(e,n){let r=await N(await T(n.folder,n.environment),e),{database:o}=e;return pe(n.clients.scanner,{database:o,policy:r,now:n.now()})},async lost(e,n,r){return G(await C(U(r.folder)),n.digest??"")},async run(e,n){let{network:r,attempts:o}=e;if(r!=="default"&&r!=="host")throw new L(f("input.network",{found:r}));if(!(Number.isInteger(o)&&o>=1&&o<=10))throw new L(f("input.attempts",{found:o}));let t=await T(n.folder,n.environment),i=await N(t,e),a=await C(U(n.folder)),{docker:s}=n.clients,d={digest:e.image,name:await ae(s,a,e.image,n.signal)},m={image:d,policy:i,database:e.database,attempts:o,network:r,certificates:await ge(e.certificates),today:n.now(),signal:n.signal,progress:n.log.progress},c=await je(n.clients,a,m,t,n.log);await K(a);let{before:p,after:l}=c,[g,v]=[p,l].map(b=>R(b,i,n.now())),y={before:String(g?.blocking.length),after:String(v?.blocking.length)},w=b=>JSON.stringify(b,null,2),S=({sbom:b,...Fe})=>w(Fe),_=c.steps.length?c.steps.flatMap(b=>b.plan):A(g??{blocking:[],accepted:[],stated:[]},new Map),k=[await n.evidence("fix-plan.json","application/vnd.fairway.fix-plan+json",w({image:d.digest,patched:c.image.digest,steps:c.steps,left:c.left})),await n.evidence("findings-before.json","application/vnd.fairway.findings+json",S(p)),await n.evidence("findings-after.json","application/vnd.fairway.findings+json",S(l))],$=Ie(_,p,l);if(g?.blocking.length===0){let b=p.inconclusive.join(" ");return{verdict:b?"inconclusive":"skipped",reason:b||f("remediate.nothing"),outputs:{digest:d.digest,image:d.name,from:d.digest,...y},evidence:k,summary:$}}if(v?.blocking.length)return{verdict:"fail",reason:Me(c.left,v.blocking,o),outputs:y,evidence:k,summary:$+Ae(v.blocking,n.now())};k.push(await n.evidence("sbom.cdx.json","application/vnd.cyclonedx+json",l.sbom));let u={digest:c.image.digest,image:c.image.name,from:d.digest,...y},{proof:h}=c;if(h===void 0)throw new Error("Nothing stops the delivery any more, and nothing was upgraded.");if(h.programs&&k.push(await n.evidence("programs.json","application/json",w({programs:h.programs}))),h.verdict==="fail")return{verdict:"fail",reason:h.reason,outputs:y,evidence:k,summary:$};if(h.verdict==="inconclusive"||l.inconclusive.length)return{verdict:"inconclusive",reason:M("list.then",[...h.verdict==="inconclusive"?[h.reason]:[],...l.inconclusive]),outputs:u,evidence:k,summary:$};let O={findings:y.before,proof:h.reason},{length:I}=c.steps;return{verdict:"pass",reason:I===1?f("remediate.fixedAtOnce",O):f("remediate.fixed",{...O,attempts:I}),outputs:u,evidence:k,summary:$}}};await H(De);
