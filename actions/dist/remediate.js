import{createRequire as createRequireOfBundle}from'node:module';const require=createRequireOfBundle(import.meta.url),__dirname=import.meta.dirname,__filename=import.meta.filename;
import{a as ue,b as he}from"./chunk-U3WHPWFS.js";import{a as B}from"./chunk-2CKMOFAO.js";import{G as R,H as A,I as P,J as D,P as me,Q as ge,f as re,h as oe,j as te,l as ae,m as ie,n as se,p as de,q as ce,r as fe,s as le,y as pe}from"./chunk-U7B4ZDT7.js";import"./chunk-AP7PB5HQ.js";import"./chunk-JBJLPEWA.js";import{a as Q,c as Z,g as ee,j as ne}from"./chunk-AZ3LV6MG.js";import{i as N,q as Y,v as V}from"./chunk-XIQQ34SQ.js";import"./chunk-CPWPRUT6.js";import"./chunk-R7XKQLCV.js";import"./chunk-4RGB4Z6D.js";import{r as X}from"./chunk-TJEOSXH5.js";import{d as J}from"./chunk-FELNWIQJ.js";import"./chunk-OSVBNEBL.js";import{a as K}from"./chunk-C3CL3NIU.js";import"./chunk-OIBXZ2EL.js";import{d as C}from"./chunk-NZ6DZSDE.js";import"./chunk-6QY7XY7F.js";import"./chunk-67TO7BHM.js";import{B as Ce,H as U,r as G}from"./chunk-M6QWIKJH.js";import{b as T}from"./chunk-CVOLXOIG.js";import"./chunk-NSUGC4LW.js";import{b as m,c as I,f as H}from"./chunk-M36ADU3F.js";import{e as Ue}from"./chunk-IAJ6PB46.js";function x(e){return e.map(n=>n.package).toSorted().join(` \\
      `)}function E(e){return`'${e.replaceAll("'",String.raw`'\''`)}'`}var ye={script:e=>`apk fix --no-cache --upgrade \\
      ${x(e)}`,refusal:/^(?:ERROR: .+(?:\n +.+)*|.*apk: (?:command )?not found)$/m,unreadable:/(?:^|\s)(?:WARNING|ERROR): ((?:ignoring|fetching|updating|opening) .*)$/i};var we={script:e=>`export DEBIAN_FRONTEND=noninteractive \\
 && { apt-get -o Acquire::Retries=3 update || true; } \\
 && apt-get install --yes --only-upgrade --no-install-recommends \\
      -o Dpkg::Options::=--force-confold -o Dpkg::Options::=--force-unsafe-io \\
      ${x(e)} \\
 && apt-get clean \\
 && rm -rf /var/lib/apt/lists/*`,refusal:/^(?:E: .+|.*apt-get: (?:command )?not found)$/m,unreadable:/(?:^|\s)[EW]: ((?:Failed to fetch|The repository|Release file for|Repository '|GPG error|An error occurred during the signature|Conflicting distribution|The method driver|Malformed entry) ?.*)$/};var ke={script:e=>`if command -v dnf >/dev/null; then set -- dnf --best --setopt=install_weak_deps=False --setopt=*.skip_if_unavailable=True; \\
    elif command -v microdnf >/dev/null; then set -- microdnf --setopt=install_weak_deps=0; \\
    elif command -v tdnf >/dev/null; then set -- tdnf; \\
    else set -- yum; fi \\
 && "$@" -y upgrade \\
      ${x(e)} \\
 && "$@" clean all \\
 && rm -rf /var/cache/dnf /var/cache/yum /var/cache/libdnf5`,refusal:/^(?: *Problem(?: \d+)?: .+(?:\n +- .+)?|[Ee]rror(?:\(\d+\) )?: (?!Failed to download metadata)(?:.*:\s*\n)?.+|.*yum: (?:command )?not found)$/m,unreadable:/((?:Failed to download metadata(?: \(.*?\))? for repo|Errors during downloading metadata for repository|Error: Failed to synchronize cache for repo|[Ee]rror: cannot update repo|Cannot find a valid baseurl for repo:?|failure: repodata\/repomd\.xml from) ?.*)$/};var ve=`const { spawnSync } = require("child_process");
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
`;var be={script:e=>`node /dev/shm/upgrade.cjs \\
      ${e.map(n=>E(`/${n.environment}/${n.package}@${n.atLeast}`)).join(` \\
      `)}`,refusal:/^(?:E: .+|.*: (?:command )?not found)$/m,files:{"upgrade.cjs":ve}};var xe=`import os, re, shutil, subprocess, sys

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
`;function $e(e){let[,n,r]=/^(.*?)\/?lib(?:64)?\/(python3\.\d+t?)\/[^/]+$/.exec(e)??[],o=`/${n?`${n}/`:""}bin`,t=e.endsWith("/site-packages")?[`/usr/local/bin/${r}`]:[],i=[`${o}/${r}`,`${o}/python3`,...t,`/usr/bin/${r}`].map(E).join(" ");return{script:a=>`for python in ${i}; do [ -x "$python" ] && break; done \\
 && "$python" /dev/shm/upgrade.py ${E(`/${e}`)} \\
      ${a.map(s=>E(`${s.package}==${s.atLeast}`)).join(` \\
      `)}`,refusal:/^(?:E: .+|.*: (?:command )?not found|.*\/python3[\d.]*t?: No such file or directory)$/m,files:{"upgrade.py":xe}}}var Se={script:e=>`{ zypper --non-interactive update --no-recommends \\
      ${x(e)} \\
    || case $? in 102 | 103 | 106 | 107) ;; *) false ;; esac; } \\
 && zypper clean --all`,refusal:/^(?:Problem: .+(?:\n +Solution 1: .+(?:\n {2,}(?! *Solution).+)?)?|No provider of .+ found\.|.*zypper: (?:command )?not found)$/m,unreadable:/(\[[^\]|]+\|[^\]]+\] .+)$/};function Pe({manager:e,environment:n}){return e==="pip"?$e(n??""):{apt:we,apk:ye,dnf:ke,zypper:Se,npm:be}[e]}import{mkdtemp as Ne,rm as Be,writeFile as _e}from"node:fs/promises";import{tmpdir as We}from"node:os";import{join as W}from"node:path";async function Re(e,n){let{manager:r,certificates:o}=n,{config:t}=await oe(e,n.image),i=new Set,a=await Ne(W(We(),"fairway-patch-"));try{await _e(W(a,"Dockerfile"),ze(n,t.User));for(let[s,d]of Object.entries(r.files??{}))await _e(W(a,s),d);return await ae(e,{context:a,dockerfile:"Dockerfile",tag:n.tag,network:n.network,fresh:!0,secrets:o&&new Map([["ca-certificates",o]]),signal:n.signal,progress:s=>{let[,d]=r.unreadable?.exec(s)??[];d!==void 0&&i.add(d),n.progress(s)}}),[...i]}finally{await Be(a,{recursive:!0,force:!0})}}function ze({image:e,manager:n,wanted:r,certificates:o},t){let i=[...Object.keys(n.files??{}).map(a=>`type=bind,source=${a},target=/dev/shm/${a}`),...o?["type=secret,id=ca-certificates,target=/dev/shm/ca-certificates"]:[]];return`FROM ${e}
USER 0
RUN ${i.map(a=>`--mount=${a} `).join("")}${n.script(r)}
USER ${t||"0"}
`}async function F(e,n){let{wanted:r,manager:o}=n;try{return{refused:new Map,unreadable:await Re(e,n)}}catch(t){if(!(t instanceof re))throw t;let[i,...a]=r,s=qe(t.output);if(s!==void 0)return{refused:new Map(r.map(l=>[l,s])),unreadable:[]};if(i===void 0||a.length===0){let l=o.refusal.exec(t.output)?.[0]??He(t.output);return{refused:new Map(i&&[[i,`its upgrade was refused: ${l.trim().replace(/\s+/g," ")}`]]),unreadable:[]}}n.progress(`${r.length} packages together were refused`);let d=Math.ceil(r.length/2),g=await F(e,{...n,wanted:r.slice(0,d)}),c=g.refused.size===d?n.image:n.tag,p=await F(e,{...n,image:c,wanted:r.slice(d)});return{refused:new Map([...g.refused,...p.refused]),unreadable:[...new Set([...g.unreadable,...p.unreadable])]}}}function qe(e){let[,n]=/exec: "(\/[^"]+)": stat |executable file `(\/[^`]+)` not found/.exec(e)?.filter(Boolean)??[];if(n!==void 0)return`the image has no ${n}, so that nothing can be upgraded in it: build on a newer base, or copy what it has from one`;let[,r]=/^(?:\S*sh: )?(?:line )?(?:\d+: )?(apt-get|apk|yum|zypper|node): (?:command )?not found$/m.exec(e)??[];return r!==void 0?`the image has no ${r}, by which it would be upgraded: build on a newer base`:/^.*\bno space left on device\b.*$/im.exec(e)?.[0].trim()}function He(e){let n=e.split(`
`);return n.findLast(r=>r.trim()!==""&&!/^process "/.test(r))??n.at(-1)??""}async function z({docker:e,scanner:n},r,o){let{policy:t,today:i,database:a,signal:s}=o,d=async({digest:k,name:h})=>{o.progress(`scanning ${h}`);let y=await n.scan({layout:r.folder,digest:k,database:a,signal:s});return pe(y,t.unknownPackages??[],i)},g=await d(o.image),c=new Map(o.without),p=[],l=o.image,u=g;for(;;){let k=R(u,t,i),h=A(k,c),y=D(h);if(!k.blocking.length||!y.length||p.length>=o.attempts)return{image:l,before:g,after:u,steps:p,left:h.filter(({action:f})=>f!=="accept-until"&&f!=="vex")};let $=`${o.image.name}-${p.length+1}`,_=await Ge(e,{...o,from:l.name,tag:$,wanted:y});for(let[f,b]of _.refused)c.set(f,b);if(_.refused.size===y.length)continue;l!==o.image&&await te(e,l.name),o.progress(`storing ${$}`);let{digest:w}=await ie(e,r,{image:$,name:"remediate",signal:s});l={digest:w,name:$};let S=f=>f.action==="upgrade"&&_.refused.has(P(f));p.push({image:w,plan:h.filter(f=>!S(f))}),u=await d(l);let M=_.unreadable.map(f=>`; a source could not be read: ${f}`).join("");for(let f of y){let b=P(f),O=u.findings.find(L=>P(L)===b&&f.findings.includes(L.id));O&&!c.has(b)&&c.set(b,`its sources offer ${O.installed}, and ${f.atLeast} is needed${M}`)}}}async function Ge(e,n){let r=new Map,o=[],{from:t}=n,i=Map.groupBy(n.wanted,({manager:a,environment:s})=>a==="pip"?`pip in /${s}`:a);for(let[a,s]of i){let[d]=s;n.progress(`upgrading ${s.length} ${s.length===1?"package":"packages"} by ${a}`);let g=Pe(d),c=await F(e,{...n,image:t,manager:g,wanted:s});for(let p of s){let l=c.refused.get(p);l!==void 0&&r.set(P(p),l)}o.push(...c.unreadable),c.refused.size<s.length&&(t=n.tag)}return{refused:r,unreadable:o}}var Ee=`python=$(head -n 1 "$(command -v "$0")" | sed -n 's|^#! *||p' | cut -d' ' -f1); [ -x "$python" ] || exit 127; "$python"`,Ke=`linked=$(ldd "$(command -v "$0")") || exit 127
case "$linked" in *"not found"*) ;; *) exit 0 ;; esac
printf '%s\\n' "$linked" | while read -r line; do case "$line" in *"not found"*) echo "$line" ;; esac; done
exit 1`,Ye={vllm:"vllm",sglang:"sglang",fastchat:"fastchat",transformers:"transformers"},q=(e,...n)=>["sh","-c",e,...n];function Ve({name:e,command:n}){let[r=""]=n,o=Ye[e];return[{name:"the engine says its version",command:[r,...n.slice(1),"--version"]},{name:"every library that it is linked with is there",command:q(Ke,r)},...o===void 0?[]:[{name:`Python imports ${o}`,command:q(`${Ee} -c 'import ${o}'`,r)},{name:"the Python packages fit one another",command:q(`${Ee} -m pip check`,r)}]]}var Je=3e5;async function je(e,n,r,o){let t=[];for(let{name:i,command:a}of Ve(r)){let s=async d=>{let{environment:g}=r,{exitCode:c,lines:p}=await de(e,{image:d,command:a,environment:g,timeout:Je,signal:o});return c===0?void 0:`exit code ${c}: ${p.slice(-3).join(" ")}`};t.push({name:i,before:await s(n.before),after:await s(n.after)})}return t}async function Oe(e,n,{service:r,folder:o},t){let i=X(r),a=J(r,o),s=fe(e,r,a);if(s)return t.log.progress(`running the programs of ${n.after}`),Xe(await je(e,n,i,t.signal),s);t.log.progress(`asking the engine in ${n.after}`);try{return await le(e,n.after,r,i,a,Math.ceil(G(r.resources.memory)),t.signal),{verdict:"pass",reason:m("remediate.answers",{image:n.after})}}catch(d){if(!(d instanceof ce))throw d;return{verdict:"fail",reason:m("remediate.silent",{words:d.said})}}}function Xe(e,n){let r=e.find(({before:t,after:i})=>t===void 0&&i!==void 0);if(r)return{verdict:"fail",reason:m("remediate.broken",{check:r.name,words:r.after??""}),programs:e};let o=e.filter(({after:t})=>t===void 0);return o.length===0?{verdict:"inconclusive",reason:m("remediate.untried",{obstacle:n,programs:I("list.also",e.map(({name:t,after:i=""})=>m("remediate.failed",{check:t,words:i})))}),programs:e}:{verdict:"pass",reason:m("remediate.programs",{checks:I("list.comma",o.map(({name:t})=>t)),obstacle:n}),programs:e}}async function Ie(e,n,r,o,t){let i=({image:u})=>Oe(e.docker,{before:r.image.name,after:u.name},o,{log:t,signal:r.signal}),a=await z(e,n,r),{blocking:s}=R(a.after,r.policy,r.today);if(s.length>0||a.steps.length===0)return a;let d=await i(a),g=a.steps.flatMap(({plan:u})=>D(u)).filter(({manager:u})=>u==="pip"||u==="npm");if(d.verdict!=="fail"||g.length===0)return{...a,proof:d};t.progress(`undoing the upgrades of ${g.length} packages of Python and Node`);let c=`the service no longer served with the newer packages of Python and Node (${H(d.reason)})`,p=new Map(g.map(u=>[P(u),c])),l=await z(e,n,{...r,without:p});return(await i(l)).verdict==="fail"?{...a,proof:d}:l}var Me=Ue(Ce(),1);var j=30;function Ae(e,n,r){let o=e.slice(0,j).map(t=>`| ${t.action} | ${Qe(t)} | ${Ze(t)} | ${t.findings.length} |`);return[`${n.findings.length} findings before, ${r.findings.length} after.`,...o.length?["","| action | package | | findings |","| --- | --- | --- | ---: |",...o]:[],...e.length>j?["",`\u2026 and ${e.length-j} more in fix-plan.json.`]:[],""].join(`
`)}function Qe(e){let n="environment"in e?e.environment:void 0;return n===void 0?e.package:`${e.package} in /${n}`}function Ze(e){return e.action==="upgrade"?`${e.installed} \u2192 ${e.atLeast} or newer`:e.action==="vex"?`${e.status}: ${e.because}`:e.action==="accept-until"?`until ${e.until}: ${e.because}`:e.because}function De(e,n,r){let{length:o}=n,t=o===1?m("remediate.oneLeft"):m("remediate.left",{number:o}),i=e.filter(p=>p.action==="rebuild"||p.action==="unfixable-now"),[a,...s]=i;if(!a)return m("remediate.spent",{left:t,attempts:r});let{because:d}=a,g=a.action==="rebuild"?d:m("remediate.notNow",{package:a.package,because:d}),c=s.length>0?m("remediate.more",{what:g,number:s.length}):g;return m("remediate.unfixed",{left:t,what:c})}var en=30;function Fe(e,n){if(e.length===0)return"";let r=new Date(n.getTime()+en*864e5).toISOString().slice(0,10),o=e.slice(0,j).map(i=>({id:i.id,package:i.package,owner:"TEAM",reason:"WHY",until:r})),t=e.length>j?`
\u2026 and ${e.length-j} more in findings-after.json.
`:"";return`
To accept what is left until ${r}, write who answers for it and why, and put this into \`fairway.yaml\`:

\`\`\`yaml
${(0,Me.stringify)({scan:{exceptions:o}})}\`\`\`
${t}`}var Le={name:"remediate",description:"Upgrades vulnerable packages in a layer on the image and scans again, until nothing stops the delivery or nothing more can be done.",icon:"refresh-cw",inputs:{...ee,...Q,...Z,attempts:{type:"number",description:"How often to patch and scan again, 1 to 10.",default:3},...ue,network:{type:"string",description:"Network of the upgrade: `default`, or `host` for the one of the machine. A daemon without a bridge always uses the host.",default:"default",keyed:!1}},outputs:{...ne,from:{description:"Digest of the image that was given."},before:{description:"Findings that stopped the delivery before."},after:{description:"Findings that stop the delivery now."}},connect:me,async key(e,n){let r=await B(await U(n.folder,n.environment),e),{database:o}=e;return ge(n.clients.scanner,{database:o,policy:r,now:n.now()})},async lost(e,n,r){return Y(await N(C(r.folder)),n.digest??"")},async run(e,n){let{network:r,attempts:o}=e;if(r!=="default"&&r!=="host")throw new T(m("input.network",{found:r}));if(!(Number.isInteger(o)&&o>=1&&o<=10))throw new T(m("input.attempts",{found:o}));let t=await U(n.folder,n.environment),i=await B(t,e),a=await N(C(n.folder)),{docker:s}=n.clients,d={digest:e.image,name:await se(s,a,e.image,n.signal)},g={image:d,policy:i,database:e.database,attempts:o,network:r,certificates:await he(e.certificates),today:n.now(),signal:n.signal,progress:n.log.progress},c=await Ie(n.clients,a,g,t,n.log);await V(a);let{before:p,after:l}=c,[u,k]=[p,l].map(v=>R(v,i,n.now())),h={before:String(u?.blocking.length),after:String(k?.blocking.length)},y=v=>JSON.stringify(v,null,2),$=({sbom:v,...Te})=>y(Te),_=c.steps.length?c.steps.flatMap(v=>v.plan):A(u??{blocking:[],accepted:[],stated:[]},new Map),w=[await n.evidence("fix-plan.json","application/vnd.fairway.fix-plan+json",y({image:d.digest,patched:c.image.digest,steps:c.steps,left:c.left})),await n.evidence("findings-before.json","application/vnd.fairway.findings+json",$(p)),await n.evidence("findings-after.json","application/vnd.fairway.findings+json",$(l))],S=Ae(_,p,l);if(u?.blocking.length===0){let v=p.inconclusive.join(" ");return{verdict:v?"inconclusive":"skipped",reason:v||m("remediate.nothing"),outputs:{digest:d.digest,image:d.name,from:d.digest,...h},evidence:w,summary:S}}if(k?.blocking.length)return{verdict:"fail",reason:De(c.left,k.blocking,o),outputs:h,evidence:w,summary:S+Fe(k.blocking,n.now())};w.push(await n.evidence("sbom.cdx.json","application/vnd.cyclonedx+json",l.sbom));let M={digest:c.image.digest,image:c.image.name,from:d.digest,...h},{proof:f}=c;if(f===void 0)throw new Error("Nothing stops the delivery any more, and nothing was upgraded.");if(f.programs&&w.push(await n.evidence("programs.json","application/json",y({programs:f.programs}))),f.verdict==="fail")return{verdict:"fail",reason:f.reason,outputs:h,evidence:w,summary:S};if(f.verdict==="inconclusive"||l.inconclusive.length)return{verdict:"inconclusive",reason:I("list.then",[...f.verdict==="inconclusive"?[f.reason]:[],...l.inconclusive]),outputs:M,evidence:w,summary:S};let b={findings:h.before,proof:f.reason},{length:O}=c.steps;return{verdict:"pass",reason:O===1?m("remediate.fixedAtOnce",b):m("remediate.fixed",{...b,attempts:O}),outputs:M,evidence:w,summary:S}}};await K(Le);
