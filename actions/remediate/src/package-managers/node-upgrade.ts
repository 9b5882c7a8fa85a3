/**
 * Program that raises packages of Node where they lie, each to exactly the version that is asked for, given as `/folder/of/the/package@version`.
 * A package that came inside of another one, as most of npm's did, goes with its owner, which is raised to the newest version of its line. What a
 * newer version requires and the tree lacks is put below it, so it changes nothing for others; what others require must go together as before. No
 * script of a package runs, and no lock file of the service is read or written. npm (the image's own) downloads, and brings the rules of versions.
 */
export const nodeUpgrade = `const { spawnSync } = require("child_process");
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
`;
