import{createRequire as createRequireOfBundle}from'node:module';const require=createRequireOfBundle(import.meta.url),__dirname=import.meta.dirname,__filename=import.meta.filename;
import{b as Y}from"./chunk-FFRQ7Z4M.js";import{a as Le,b as De}from"./chunk-IWZQFU47.js";import{a as Te,b as Ne}from"./chunk-2Z32G7AH.js";import{a as V}from"./chunk-FUPA35VS.js";import{k as de}from"./chunk-H6MOFMS5.js";import"./chunk-TPHI3V2V.js";import"./chunk-LRAIOSJ5.js";import{B as je,J as j,K as Oe,L as Ae,M as N,N as b,O as Me,P as $,V as Ie,W as Fe,c as ke,e as be,g as ve,k as xe,l as _e,m as $e,r as Se,s as T,t as Pe,u as Re,v as Ee}from"./chunk-J2BUQ4AM.js";import"./chunk-AP7PB5HQ.js";import"./chunk-JBJLPEWA.js";import{a as me,c as ge,d as ue,e as he,h as ye,k as we}from"./chunk-QQO2BNAZ.js";import{j as K,p as te,q as ae,s as ie,y as se}from"./chunk-XRCT4FRB.js";import"./chunk-HOETPSFN.js";import"./chunk-HYWKWJAM.js";import"./chunk-4RGB4Z6D.js";import{u as le}from"./chunk-QCL42TDJ.js";import{e as ce,x as fe,y as pe}from"./chunk-YADHJLCH.js";import"./chunk-OSVBNEBL.js";import"./chunk-WSE2FQX4.js";import{a as re}from"./chunk-K3CJZSZU.js";import"./chunk-OIBXZ2EL.js";import{d as H}from"./chunk-DXKHE25K.js";import"./chunk-7LSXAORF.js";import"./chunk-67TO7BHM.js";import{g as ne,p as xn,v as q}from"./chunk-5LETENTK.js";import"./chunk-NNLWPGMY.js";import{b as z}from"./chunk-YCNUDWMP.js";import"./chunk-JCWIH3ES.js";import{c as oe}from"./chunk-E5Z646FS.js";import{b as f,c as L}from"./chunk-556I44WS.js";import{e as vn}from"./chunk-IAJ6PB46.js";function D(e,n){return`for name; do ${e} && echo "$name RUN ${n} $name"; done`}var U=D('! grep -qxs "$name" /etc/dnf/protected.d/*.conf /etc/yum/protected.d/*.conf && rpm --erase --test "$name" >/dev/null 2>&1',"rpm --erase");function S(e){return e.map(n=>n.package).toSorted().join(` \\
      `)}function P(e){return`'${e.replaceAll("'",String.raw`'\''`)}'`}var Ue={script:e=>`apk fix --no-cache --upgrade \\
      ${S(e)}`,removable:D('case "$(apk --no-network --simulate del "$name" 2>/dev/null)" in *"Purging $name ("*) ;; *) false ;; esac',"apk del"),refusal:/^(?:ERROR: .+(?:\n +.+)*|.*apk: (?:command )?not found)$/m,unreadable:/(?:^|\s)(?:WARNING|ERROR): ((?:ignoring|fetching|updating|opening) .*)$/i};var Ce={script:e=>`export DEBIAN_FRONTEND=noninteractive \\
 && { apt-get -o Acquire::Retries=3 update || true; } \\
 && apt-get install --yes --only-upgrade --no-install-recommends \\
      -o Dpkg::Options::=--force-confold -o Dpkg::Options::=--force-unsafe-io \\
      ${S(e)} \\
 && apt-get clean \\
 && rm -rf /var/lib/apt/lists/*`,removable:D('dpkg --simulate --purge "$name" >/dev/null 2>&1',"dpkg --purge"),refusal:/^(?:E: .+|.*apt-get: (?:command )?not found)$/m,unreadable:/(?:^|\s)[EW]: ((?:Failed to fetch|The repository|Release file for|Repository '|GPG error|An error occurred during the signature|Conflicting distribution|The method driver|Malformed entry) ?.*)$/};var Be={script:e=>`if command -v dnf >/dev/null; then set -- dnf --best --setopt=install_weak_deps=False --setopt=*.skip_if_unavailable=True; \\
    elif command -v microdnf >/dev/null; then set -- microdnf --setopt=install_weak_deps=0; \\
    elif command -v tdnf >/dev/null; then set -- tdnf; \\
    else set -- yum; fi \\
 && "$@" -y upgrade \\
      ${S(e)} \\
 && "$@" clean all \\
 && rm -rf /var/cache/dnf /var/cache/yum /var/cache/libdnf5`,removable:U,refusal:/^(?: *Problem(?: \d+)?: .+(?:\n +- .+)?|[Ee]rror(?:\(\d+\) )?: (?!Failed to download metadata)(?:.*:\s*\n)?.+|.*yum: (?:command )?not found)$/m,unreadable:/((?:Failed to download metadata(?: \(.*?\))? for repo|Errors during downloading metadata for repository|Error: Failed to synchronize cache for repo|[Ee]rror: cannot update repo|Cannot find a valid baseurl for repo:?|failure: repodata\/repomd\.xml from) ?.*)$/};var We=`const { spawnSync } = require("child_process");
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
`;var ze={script:e=>`node /dev/shm/upgrade.cjs \\
      ${e.map(n=>P(`/${n.environment}/${n.package}@${n.atLeast}`)).join(` \\
      `)}`,refusal:/^(?:E: .+|.*: (?:command )?not found)$/m,files:{"upgrade.cjs":We}};var qe=`import importlib.metadata, importlib.util, os, re, sys, sysconfig

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
`;var G=`def conflicts(tool):
    done = subprocess.run(tool + ["check"], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    lines = [line.strip() for line in done.stdout.splitlines() if re.search("require", line)]
    # the version that does not fit stands behind the "but", and differs after an upgrade
    return {re.split(", but", line)[0]: line for line in lines}
`,He=`import os, re, shutil, subprocess, sys

${G}
os.environ.update(PIP_DISABLE_PIP_VERSION_CHECK="1", UV_NO_CACHE="1", UV_PYTHON=sys.executable)
if subprocess.run([sys.executable, "-m", "pip", "--version"], capture_output=True).returncode == 0:
    tool = [sys.executable, "-m", "pip"]
elif shutil.which("uv"):
    tool = [shutil.which("uv"), "pip"]
else:
    sys.exit("the environment has no pip and the image no uv")
for line in conflicts(tool).values():
    print("! " + line)
`,Ke=`import os, re, subprocess, sys
from concurrent.futures import ThreadPoolExecutor

def missing(part):
    package, path = part
    said = subprocess.run(["ldd", path], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True).stdout
    # glibc's words, and those of musl
    found = re.findall(r"(\\S+) => not found|version \`(\\S+)' not found|Error loading shared library (\\S+):", said)
    return {package + " lacks " + "".join(names) for names in found}

roots = {os.path.realpath(root) for root in sys.path if root.endswith("-packages") and os.path.isdir(root)}
parts = []
for root in roots:
    for folder, _, files in os.walk(root):
        for name in files:
            if re.search(r"\\.so(\\.|$)", name):
                path = os.path.join(folder, name)
                parts.append((re.split(r"[/.]", os.path.relpath(path, root))[0], path))
with ThreadPoolExecutor() as pool:
    for line in sorted(set().union(*pool.map(missing, parts))):
        print("! " + line)
`,Ve=`import argparse, importlib, os, runpy, shutil, sys

def taken():
    sys.stdout.flush()
    os._exit(0)

def parse_args(parser, args=None, namespace=None, by=argparse.ArgumentParser.parse_args):
    parsed = by(parser, args, namespace)
    # a library that is imported may have a parser of its own, which it gives nothing
    return parsed if args is not None and len(args) == 0 else taken()

argparse.ArgumentParser.parse_args = parse_args

def until_invoked(click):
    def invoke(command, context, by=click.Command.invoke):
        # that of a group comes before its command has read anything
        return by(command, context) if hasattr(command, "commands") else taken()
    click.Command.invoke = invoke

for name in "click.core", "typer._click.core":
    try:
        until_invoked(importlib.import_module(name))
    except ImportError:
        pass

if sys.argv[1] == "-m":
    sys.argv = sys.argv[2:]
    runpy.run_module(sys.argv[0], run_name="__main__", alter_sys=True)
else:
    sys.argv = [shutil.which(sys.argv[1]) or sys.argv[1]] + sys.argv[2:]
    runpy.run_path(sys.argv[0], run_name="__main__")
sys.exit("it ended before it had read its arguments")
`;var Ye=`import os, re, shutil, subprocess, sys

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

${G}
def paragraph(text, begin):
    # uv draws a tree before its words
    found = re.search(begin + r"(?:.+(?:\\n|$))+", re.sub(r"(?m)^[^\\S\\n]*[\\u2500-\\u25ff]*[^\\S\\n]*", "", text))
    return " ".join(found.group(0).split()) if found else ""

before = conflicts(tool)
wanted = sys.argv[2:]
done = subprocess.run(tool + ["install"] + wanted, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
print(done.stdout)
if done.returncode:
    said = [line.strip() for line in done.stdout.splitlines() if line.strip()]
    errors = [line for line in said if re.match("ERROR:|error:|[x\\u00d7] ", line)]
    # what goes against it stands apart
    why = paragraph(done.stdout, "Because ") or paragraph(done.stdout, "The conflict is caused by:\\n")
    refuse(((errors or said or ["it ended with code %d" % done.returncode])[0] + " " + why).strip())
new = [line for key, line in conflicts(tool).items() if key not in before]
if new:
    refuse(new[0])
`;function Ge(e){let[,n,r]=/^(.*?)\/?lib(?:64)?\/(python3\.\d+t?)\/[^/]+$/.exec(e)??[],o=`/${n?`${n}/`:""}bin`,t=e.endsWith("/site-packages")?[`/usr/local/bin/${r}`]:[],a=`for python in ${[`${o}/${r}`,`${o}/python3`,...t,`/usr/bin/${r}`].map(P).join(" ")}; do [ -x "$python" ] && break; done`;return{script:d=>`${a} \\
 && "$python" /dev/shm/upgrade.py ${P(`/${e}`)} \\
      ${d.map(s=>P(`${s.package}==${s.atLeast}`)).join(` \\
      `)}`,removable:`${a} && "$python" -c ${P(qe)} ${P(`/${e}`)} "$@"`,refusal:/^(?:E: .+|.*: (?:command )?not found|.*\/python3[\d.]*t?: No such file or directory)$/m,files:{"upgrade.py":Ye}}}var Je={script:e=>`{ zypper --non-interactive update --no-recommends \\
      ${S(e)} \\
    || case $? in 102 | 103 | 106 | 107) ;; *) false ;; esac; } \\
 && zypper clean --all`,removable:U,refusal:/^(?:Problem: .+(?:\n +Solution 1: .+(?:\n {2,}(?! *Solution).+)?)?|No provider of .+ found\.|.*zypper: (?:command )?not found)$/m,unreadable:/(\[[^\]|]+\|[^\]]+\] .+)$/};function C({manager:e,environment:n}){return e==="pip"?Ge(n??""):{apt:Ce,apk:Ue,dnf:Be,zypper:Je,npm:ze}[e]}import{mkdtemp as _n,rm as $n,writeFile as Xe}from"node:fs/promises";import{tmpdir as Sn}from"node:os";import{join as J}from"node:path";async function Ze(e,n){let{manager:r,certificates:o}=n,{config:t,architecture:i}=await be(e,n.image),a=new Set,d=await _n(J(Sn(),"fairway-patch-"));try{await Xe(J(d,"Dockerfile"),Pn(n,t.User));for(let[s,p]of Object.entries(r.files??{}))await Xe(J(d,s),p);return await _e(e,{context:d,dockerfile:"Dockerfile",tag:n.tag,platform:ke(e,i),network:n.network,fresh:!0,secrets:o&&new Map([["ca-certificates",o]]),signal:n.signal,progress:s=>{let[,p]=r.unreadable?.exec(s)??[];p!==void 0&&a.add(p),n.progress(s)}}),[...a]}finally{await $n(d,{recursive:!0,force:!0})}}function Pn({image:e,manager:n,wanted:r,certificates:o},t){let i=[...Object.keys(n.files??{}).map(a=>`type=bind,source=${a},target=/dev/shm/${a}`),...o?["type=secret,id=ca-certificates,target=/dev/shm/ca-certificates"]:[]];return`FROM ${e}
USER 0
RUN ${i.map(a=>`--mount=${a} `).join("")}${n.script(r)}
USER ${t||"0"}
`}async function B(e,n){let{wanted:r,manager:o}=n;try{return{refused:new Map,unreadable:await Ze(e,n)}}catch(t){if(!(t instanceof xe))throw t;let[i,...a]=r,d=Rn(t.output);if(d!==void 0)return{refused:new Map(r.map(l=>[l,d])),unreadable:[]};if(i===void 0||a.length===0){let l=o.refusal.exec(t.output)?.[0]??En(t.output);return{refused:new Map(i&&[[i,f("fix.rejected",{words:l.trim().replace(/\s+/g," ")})]]),unreadable:[]}}n.progress(`${r.length} packages together were refused`);let s=Math.ceil(r.length/2),p=await B(e,{...n,wanted:r.slice(0,s)}),c=p.refused.size===s?n.image:n.tag,g=await B(e,{...n,image:c,wanted:r.slice(s)});return{refused:new Map([...p.refused,...g.refused]),unreadable:[...new Set([...p.unreadable,...g.unreadable])]}}}function Rn(e){let[,n]=/exec: "(\/[^"]+)": stat |executable file `(\/[^`]+)` not found/.exec(e)?.filter(Boolean)??[];if(n!==void 0)return f("fix.noShell",{program:n});let[,r]=/^(?:\S*sh: )?(?:line )?(?:\d+: )?(apt-get|apk|yum|zypper|node): (?:command )?not found$/m.exec(e)??[];return r!==void 0?f("fix.noManager",{program:r}):/^.*\bno space left on device\b.*$/im.exec(e)?.[0].trim()}function En(e){let n=e.split(`
`);return n.findLast(r=>r.trim()!==""&&!/^process "/.test(r))??n.at(-1)??""}async function X({docker:e,scanner:n},r,o){let{policy:t,today:i,database:a,signal:d}=o,s=async({digest:v,name:h})=>{o.progress(`scanning ${h}`);let x=await n.scan({layout:r.folder,digest:v,database:a,signal:d});return je(Ae(x,o.others),t.unknownPackages??[],i)},p=await s(o.image),c=new Map(o.without),g=[],l=o.image,m=p;for(;;){let v=j(m,t,i),h=N(v,c),x=$(h);if(!v.blocking.length||!x.length||g.length>=o.attempts)return{image:l,before:p,after:m,steps:g,left:h.filter(({action:u})=>u!=="accept-until"&&u!=="vex")};let w=`${o.image.name}-${g.length+1}`,_=await On(e,{...o,from:l.name,tag:w,wanted:x});for(let[u,R]of _.refused)c.set(u,R);if(_.refused.size===x.length)continue;l!==o.image&&await ve(e,l.name),o.progress(`storing ${w}`);let{digest:A}=await Se(e,r,{image:w,name:"remediate",signal:d});l={digest:A,name:w};let M=u=>u.action==="patch-layer"&&_.refused.has(b(u));g.push({image:A,plan:h.filter(u=>!M(u))}),m=await s(l);for(let u of x){let R=b(u),I=m.findings.find(k=>b(k)===R&&u.findings.includes(k.id));I&&!c.has(R)&&c.set(R,jn(I.installed,u.atLeast,_.unreadable))}}}function jn(e,n,r){return r.reduce((o,t)=>f("fix.unread",{offered:o,words:t}),f("fix.offered",{installed:e,atLeast:n}))}async function On(e,n){let r=new Map,o=[],{from:t}=n,i=Map.groupBy(n.wanted,({manager:a,environment:d})=>a==="pip"?`pip in /${d}`:a);for(let[a,d]of i){let[s]=d;n.progress(`upgrading ${d.length} ${d.length===1?"package":"packages"} by ${a}`);let p=C(s),c=await B(e,{...n,image:t,manager:p,wanted:d});for(let g of d){let l=c.refused.get(g);l!==void 0&&r.set(b(g),l)}o.push(...c.unreadable),c.refused.size<d.length&&(t=n.tag)}return{refused:r,unreadable:o}}var An={vllm:{modules:["vllm","vllm.entrypoints.openai.api_server"]},sglang:{modules:["sglang","sglang.launch_server"]},fastchat:{modules:["fastchat","fastchat.serve.model_worker","fastchat.serve.openai_api_server"]},transformers:{modules:["transformers","torch"]},tgi:{program:"text-generation-server",modules:["text_generation_server","text_generation_server.cli"]}},Mn=`case "$0" in
  python*) python=$0 ;;
  *)
    IFS= read -r line < "$(command -v "$0")" || exit 127
    case "$line" in '#!'*) ;; *) exit 127 ;; esac
    python=$(echo \${line#??})
    python=\${python#*/env }
    python=\${python%% *} ;;
esac
exec "$python" -c "$@"`,In=`linked=$(ldd "$(command -v "$0")" 2>&1)
case "$linked" in *'=>'* | *'Error loading'* | *ld-musl*) ;; *) exit 127 ;; esac
printf '%s\\n' "$linked" | while read -r line; do
  case "$line" in *'not found'* | *'Error loading'*) echo "${"! "}\${line% (*}" ;; esac
done`,Fn='import importlib, sys; print(getattr(importlib.import_module(sys.argv[1]), "__version__", ""))';function Qe(e){let n=fe(e),[r=""]=n,o=An[e.engine.name],t=(a,...d)=>["sh","-c",Mn,o?.program??r,a,...d];return[...o!==void 0&&o.program===void 0?[{name:"the engine reads its arguments",command:t(Ve,...r.startsWith("python")?n.slice(1):n)}]:[{name:"the engine says its version",command:[r,"--version"]},{name:"the engine reads its arguments",command:[r,...n.slice(1),"--version"]},{name:"every library that it is linked with is there",command:["sh","-c",In,r]}],...o===void 0?[]:[...o.modules.map(a=>({name:`Python imports ${a}`,command:t(Fn,a)})),{name:"every library that Python packages are linked with is there",command:t(Ke)},{name:"the Python packages fit one another",command:t(He)}]]}var Ln=3e5;async function on(e,n,r,o){let{environment:t}=pe(r.engine.name),i=[];for(let{name:a,command:d}of Qe(r)){let s=p=>T(e,{image:p,command:d,environment:t,timeout:Ln,signal:o});i.push({name:a,...Dn(await s(n.before),await s(n.after))})}return i}function Dn(e,n){let r=new Set(nn(e).map(rn)),o=nn(n).filter(t=>!r.has(rn(t)));return{before:en(e),after:en(n)??(o.length>0?o.join("; "):void 0)}}function en({exitCode:e,lines:n}){if(e===0)return;let r=n.findLast(o=>/error:/i.test(o));return`exit code ${e}: ${r??n.slice(-3).join(" ")}`}function nn({lines:e}){return e.filter(n=>n.startsWith("! ")).map(n=>n.slice("! ".length))}function rn(e){return e.split(", but")[0]}async function tn(e,n,{service:r,folder:o},t){let i=le(r),a=ce(r,o),d=Re(e,r,a);if(d)return t.log.progress(`running the programs of ${n.after}`),Tn(await on(e,n,r,t.signal),d);t.log.progress(`asking the engine in ${n.after}`);try{return await Ee(e,n.after,r,i,a,Math.ceil(ne(r.resources.memory)),t.signal),{verdict:"pass",reason:f("remediate.answers",{image:n.after})}}catch(s){if(!(s instanceof Pe))throw s;return{verdict:"fail",reason:f("remediate.silent",{words:s.said})}}}function Tn(e,n){let r=e.find(({before:t,after:i})=>t===void 0&&i!==void 0);if(r)return{verdict:"fail",reason:f("remediate.broken",{check:r.name,words:r.after??""}),programs:e};let o=e.filter(({after:t})=>t===void 0);return o.length===0?{verdict:"inconclusive",reason:f("remediate.untried",{obstacle:n,programs:L("list.also",e.map(({name:t,after:i=""})=>f("remediate.failed",{check:t,words:i})))}),programs:e}:{verdict:"pass",reason:f("remediate.programs",{checks:L("list.comma",o.map(({name:t})=>t)),obstacle:n}),programs:e}}async function an(e,n,r,o,t){let i=({image:m})=>tn(e.docker,{before:r.image.name,after:m.name},o,{log:t,signal:r.signal}),a=await X(e,n,r),{blocking:d}=j(a.after,r.policy,r.today);if(d.length>0||a.steps.length===0)return a;let s=await i(a),p=a.steps.flatMap(({plan:m})=>$(m)).filter(({manager:m})=>m==="pip"||m==="npm");if(s.verdict!=="fail"||p.length===0)return{...a,proof:s};t.progress(`undoing the upgrades of ${p.length} packages of Python and Node`);let c=f("fix.notServed",{reason:s.reason}),g=new Map(p.map(m=>[b(m),c])),l=await X(e,n,{...r,without:g});return(await i(l)).verdict==="fail"?{...a,proof:s}:l}var sn=3e4;async function dn({base:e,layers:n,blocking:r,dockerConfig:o,signal:t}){let[,i,a]=/^(.+:[^/@]+)@(sha256:[0-9a-f]{64})$/.exec(e)??[],d=r.filter(({layer:c})=>c!==void 0&&n.includes(c)).map(({id:c})=>c);if(i===void 0||a===void 0||d.length===0)return;let{to:s,problem:p}=await Nn({image:i,from:a},o,t);return p!==void 0?{problem:`Whether ${i} has a newer image is not known: ${p}`}:s===void 0||s===a?{}:{rebase:{action:"rebase",package:i,from:a,to:s,findings:[...new Set(d)]}}}async function Nn(e,n,r){let o=AbortSignal.timeout(sn);try{return await de(e,n,AbortSignal.any([r,o]))}catch(t){if(r.throwIfAborted(),!o.aborted)throw t;return{...e,problem:`its registry gave no answer in ${sn/1e3} seconds.`}}}var Un=12e4;async function cn(e,n,r,o){let t=new Map;for(let[i,a]of Cn(r)){let d=await Wn(e,n,["sh","-c",i,"sh",...a],o);for(let[s,p]of Bn(d))t.set(`${i} ${s}`,p)}return r.map(i=>{let a=t.get(`${fn(i)} ${i.package}`);return i.action==="unfixable-now"&&a!==void 0?{...i,action:"remove",command:a}:i})}function Cn(e){let n=new Map;for(let r of e){let o=fn(r);o!==void 0&&n.set(o,[...n.get(o)??[],r.package])}return n}function fn(e){if(e.action!=="unfixable-now")return;let n=Me(e.ecosystem);if(!(n===void 0||n==="pip"&&e.environment===void 0))return C({manager:n,environment:e.environment}).removable}function Bn(e){return new Map(e.flatMap(n=>{let[,r,o]=/^(\S+) (RUN \S.*)$/.exec(n)??[];return r===void 0||o===void 0?[]:[[r,o]]}))}async function Wn(e,n,r,o){try{return(await T(e,{image:n,command:r,timeout:Un,signal:o})).lines}catch(t){if(!(t instanceof oe))throw t;return[]}}var pn=vn(xn(),1);var O=30;function ln({steps:e,left:n}){let r=new Set(n.flatMap(o=>"ecosystem"in o?[b(o)]:[]));return e.flatMap(({plan:o})=>$(o)).filter(o=>!r.has(b(o)))}function mn(e,n,r,o){let t=e.slice(0,O).map(i=>`| ${i.action} | ${zn(i)} | ${qn(i)} | ${i.findings.length} |`);return[`${n.findings.length} findings before, ${r.findings.length} after.`,...t.length?["","| action | package | | findings |","| --- | --- | --- | ---: |",...t]:[],...e.length>O?["",`\u2026 and ${e.length-O} more in fix-plan.json.`]:[],...o===void 0?[]:["",Y(o)],""].join(`
`)}function zn(e){let n="environment"in e?e.environment:void 0;return n===void 0?e.package:`${e.package} in /${n}`}function qn(e){return e.action==="patch-layer"?`${e.installed} \u2192 ${e.atLeast} or newer`:e.action==="rebase"?`\`${e.package}@${e.to}\` in the place of ${e.from.slice(0,19)}\u2026 may fix them: the scan of the next build says so`:e.action==="remove"?`no other package needs it: ${Y(e.command)}; ${e.because}`:e.action==="vex"?`${e.status}: ${e.because}`:e.action==="accept-until"?`until ${e.until}: ${e.because}`:e.because}function gn(e,n,r){let{length:o}=n,t=o===1?f("remediate.oneLeft"):f("remediate.left",{number:o}),i=e.filter(c=>c.action==="rebuild"||c.action==="unfixable-now"||c.action==="remove"),[a,...d]=i;if(!a)return f("remediate.spent",{left:t,attempts:r});let s=Hn(a),p=d.length>0?f("remediate.more",{what:s,number:d.length}):s;return f("remediate.unfixed",{left:t,what:p})}function Hn(e){let{package:n}=e,r=e.coded??e.because;return e.action==="rebuild"?r:e.action==="unfixable-now"?f("remediate.notNow",{package:n,because:r}):f("remediate.removable",{package:n,because:r,command:e.command})}var Kn=30;function un(e,n){return e.length===0?"":yn("To accept what is left",e,"findings-after.json",n)}function hn({programs:e},n,r){return e?[`
The engine could not run here, so its programs were tried, which proves less than an answer:
`,"| in the fixed image | |","| --- | --- |",...e.map(({name:t,after:i})=>`| ${t} | ${i===void 0?"as before":"not here"} |`),"",yn("Should the version not serve for one of the upgrades: to accept its findings",n,"findings-before.json",r)].join(`
`):`
The engine of the fixed image was started and answered.
`}function yn(e,n,r,o){let t=new Date(o.getTime()+Kn*864e5).toISOString().slice(0,10),i=n.slice(0,O).map(d=>({id:d.id,package:d.package,owner:"TEAM",reason:"WHY",until:t})),a=n.length>O?`
\u2026 and ${n.length-O} more in ${r}.
`:"";return`
${e} until ${t}, write who answers for it and why, and put this into \`fairway.yaml\`:

\`\`\`yaml
${(0,pn.stringify)({scan:{exceptions:i}})}\`\`\`
${a}`}var wn={name:"remediate",description:"Upgrades vulnerable packages in a layer on the image and scans again, until nothing stops the delivery or nothing more can be done.",icon:"refresh-cw",inputs:{...ye,...me,...ge,...ue,attempts:{type:"number",description:"How often to patch and scan again, 1 to 10.",default:3},base:{type:"string",description:"The base image by tag and digest, such as debian:12@sha256:\u2026, whose registry is asked for a newer one where findings lie in its layers. Default: that of the built image.",default:"",from:["build.base"]},"base-layers":{type:"number",description:"Number of lowest layers that are those of the base image.",default:0,from:["build.base-layers"]},"docker-config":he["docker-config"],...Le,network:{type:"string",description:"Network of the upgrade: `default`, or `host` for the one of the machine. A daemon without a bridge always uses the host.",default:"default",keyed:!1}},outputs:{...we,from:{description:"Digest of the image that was given."},before:{description:"Findings that stopped the delivery before."},after:{description:"Findings that stop the delivery now."},proof:{description:"How the fixed image was tried: `answer` of its engine, or `programs` where the engine cannot run, which proves less. Absent where nothing was fixed."},upgraded:{description:"Packages that were upgraded, with commas between them."}},connect:Ie,async key(e,n){let r=await V(await q(n.folder,n.environment),e),{database:o}=e;return{...await Fe(n.clients.scanner,{database:o,policy:r,now:n.now()}),...await Ne(e)}},async lost(e,n,r){return ie(await K(H(r.folder)),n.digest??"")},async run(e,n){let{network:r,attempts:o}=e;if(r!=="default"&&r!=="host")throw new z(f("input.network",{found:r}));if(!(Number.isInteger(o)&&o>=1&&o<=10))throw new z(f("input.attempts",{found:o}));let t=await q(n.folder,n.environment),i=await V(t,e),a=await K(H(n.folder)),{docker:d}=n.clients,s={digest:e.image,name:await $e(d,a,e.image,n.signal)},p={image:s,policy:i,others:await Te(e,Oe),database:e.database,attempts:o,network:r,certificates:await De(e.certificates),today:n.now(),signal:n.signal,progress:n.log.progress},c=await an(n.clients,a,p,t,n.log);await se(a);let{before:g,after:l}=c,m=j(g,i,n.now()),v=j(l,i,n.now()),h={before:String(m.blocking.length),after:String(v.blocking.length)},{rootfs:x}=await ae(a,await te(a,s.digest)),w=await dn({base:e.base,layers:x.diff_ids.slice(0,e["base-layers"]),blocking:m.blocking,dockerConfig:e["docker-config"],signal:n.signal});w?.problem!==void 0&&n.log.warning(w.problem);let _=await cn(d,c.image.name,c.left,n.signal),A=w?.rebase?[w.rebase]:[],M=E=>JSON.stringify(E,null,2),u=({sbom:E,...bn})=>M(bn),R=N({...m,blocking:[]},new Map),I=[...ln(c),..._,...R,...A],k=[await n.evidence("fix-plan.json","application/vnd.fairway.fix-plan+json",M({image:s.digest,patched:c.image.digest,steps:c.steps,left:_,proposed:A})),await n.evidence("findings-before.json","application/vnd.fairway.findings+json",u(g)),await n.evidence("findings-after.json","application/vnd.fairway.findings+json",u(l))],F=mn(I,g,l,w?.problem);if(m.blocking.length===0){let E=g.inconclusive.join(" ");return{verdict:E?"inconclusive":"skipped",reason:E||f("remediate.nothing"),outputs:{digest:s.digest,image:s.name,from:s.digest,...h},evidence:k,summary:F}}if(v.blocking.length)return{verdict:"fail",reason:gn(_,v.blocking,o),outputs:h,evidence:k,summary:F+un(v.blocking,n.now())};k.push(await n.evidence("sbom.cdx.json","application/vnd.cyclonedx+json",l.sbom));let Z={digest:c.image.digest,image:c.image.name,from:s.digest,...h},{proof:y}=c;if(y===void 0)throw new Error("Nothing stops the delivery any more, and nothing was upgraded.");if(y.programs&&k.push(await n.evidence("programs.json","application/json",M({programs:y.programs}))),y.verdict==="fail")return{verdict:"fail",reason:y.reason,outputs:h,evidence:k,summary:F};if(y.verdict==="inconclusive"||l.inconclusive.length)return{verdict:"inconclusive",reason:L("list.then",[...y.verdict==="inconclusive"?[y.reason]:[],...l.inconclusive]),outputs:Z,evidence:k,summary:F};let kn=[...new Set($(I).map(({package:E})=>E))].toSorted(),Q={findings:h.before,proof:y.reason},{length:ee}=c.steps;return{verdict:"pass",reason:ee===1?f("remediate.fixedAtOnce",Q):f("remediate.fixed",{...Q,attempts:ee}),outputs:{...Z,proof:y.programs?"programs":"answer",upgraded:kn.join(", ")},evidence:k,summary:F+hn(y,m.blocking,n.now())}}};await re(wn);
