import { createReadStream } from 'node:fs';
import { createInterface } from 'node:readline';
import { compareDebianVersions } from '@fairway/clients/scanner/debian-version';

/** One binary package of a Debian package list. */
export interface ListedPackage {
  readonly name: string;
  readonly version: string;
  /** Name and version of the source package it was built from. */
  readonly source: string;
  readonly sourceVersion: string;
  /** Bytes of the .deb. */
  readonly size: number;
}

/** Reads a `Packages` file; of a package listed in several versions, the newest is kept. */
export async function readPackageList(path: string): Promise<ReadonlyMap<string, ListedPackage>> {
  const packages = new Map<string, ListedPackage>();
  let fields: Record<string, string> = {};
  const close = () => {
    const { Package: name, Version: version, Source: built = '', Size: size } = fields;
    fields = {};
    if (!name || !version) return;
    const source = /^(\S+)(?: \((\S+)\))?/.exec(built);
    const found = {
      name,
      version,
      source: source?.[1] ?? name,
      sourceVersion: source?.[2] ?? version,
      size: Number(size),
    };
    const known = packages.get(name);
    if (!known || compareDebianVersions(found.version, known.version) > 0) packages.set(name, found);
  };
  for await (const line of createInterface({ input: createReadStream(path), crlfDelay: Infinity })) {
    if (line === '') close();
    else {
      const field = /^(Package|Version|Source|Size): (.*)$/.exec(line);
      if (field?.[1] && field[2]) fields[field[1]] = field[2];
    }
  }
  close();
  return packages;
}
