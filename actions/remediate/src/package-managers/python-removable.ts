/**
 * Program that says which packages of an environment nobody asked for and no other package names, each with the line of a Dockerfile that removes it.
 * A package that an extra or another platform needs counts as needed. Only pip says what was asked for (packaging.python.org, Recording installed
 * projects, REQUESTED), so what another installer brought stays; what pip needs to install packages is asked for by nobody who serves.
 */
export const pythonRemovable = `import importlib.metadata, importlib.util, os, re, sys, sysconfig

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
`;
