/**
 * A part is something the platform brings because machines do not have it. Parts come from package registries only, are kept per user under
 * `<cache>/parts/<name>-<key>/` with the sha256 of every file, and are never installed into the machine.
 */
export type Part = GoPart | GoModulePart | ModuleFilesPart | DebianPart | WheelPart | NpmPart | MavenPart | ImagePart;

interface CommonPart {
  /** Unique; the folder in the cache starts with it. */
  readonly name: string;
}

/** A program of ours: a folder with go.mod, go.sum and sources. go.sum decides what its modules must be. */
export interface GoPart extends CommonPart {
  readonly kind: 'go';
  /** Absolute folder that holds go.mod, go.sum and the main package; everything in it counts towards the cache key. */
  readonly source: string;
  /** File name of the program in the part's folder; default: the part's name. */
  readonly program?: string;
  /** Other names under which the program starts; symbolic links beside it. */
  readonly links?: readonly string[];
  /** Passed to the linker after `-s -w`. */
  readonly ldflags?: string;
  /** How many packages a cold build compiles, for progress only. */
  readonly packages?: number;
}

/** A program that only builds inside its own module (its go.mod has `replace` lines). */
export interface GoModulePart extends CommonPart {
  readonly kind: 'go-module';
  readonly module: string;
  readonly version: string;
  /** The module's `h1:` checksum as go.sum would hold it; another one is refused. */
  readonly sum: string;
  /** Package to build inside the module, such as "./cmd/envoy-gateway". */
  readonly main: string;
  readonly program?: string;
  /** Build tags. */
  readonly tags?: readonly string[];
  readonly ldflags?: string;
  /** Files of the module beside the program: path inside the module, and in the part's folder. */
  readonly copies?: readonly { readonly from: string; readonly to: string }[];
  readonly packages?: number;
}

/** A folder out of a Go module that one of our go.mod files requires; nothing is compiled. */
export interface ModuleFilesPart extends CommonPart {
  readonly kind: 'module-files';
  /** Absolute folder with the go.mod that names the module and the go.sum that vouches for it. */
  readonly source: string;
  readonly module: string;
  /** Path inside the module. */
  readonly from: string;
  /** Name in the part's folder. */
  readonly to: string;
}

/** Debian packages, fetched through the machine's own apt configuration (signatures checked) and unpacked to `<folder>/usr`, `<folder>/etc`… */
export interface DebianPart extends CommonPart {
  readonly kind: 'debian';
  /** `machine`: the release this machine runs; otherwise a release's code name, fetched from the machine's own mirror. */
  readonly suite: 'machine' | 'trixie';
  readonly packages: readonly string[];
}

/** A Python wheel, unpacked, never installed. */
export interface WheelPart extends CommonPart {
  readonly kind: 'wheel';
  readonly distribution: string;
  readonly version: string;
  /** Hex sha256 of the wheel by Node's `process.arch`. */
  readonly sha256: Readonly<Record<string, string>>;
}

/** Files out of an npm package, never installed: for what would be a heavy dependency to everybody and is used by few. */
export interface NpmPart extends CommonPart {
  readonly kind: 'npm';
  readonly package: string;
  readonly version: string;
  /** As package-lock.json would hold it: `sha512-<base64>`. */
  readonly integrity: string;
  /** Paths inside the package. */
  readonly files: readonly string[];
}

/** A zip archive of Maven Central, unpacked. */
export interface MavenPart extends CommonPart {
  readonly kind: 'maven';
  /** Path below the repository's address: `group/with/slashes/artifact/version/artifact-version.zip`. */
  readonly path: string;
  /** Hex sha256 of the archive. */
  readonly sha256: string;
}

/** An image of a public registry for this machine's architecture, as the OCI archive `image.tar`. Every byte is checked against the digest. */
export interface ImagePart extends CommonPart {
  readonly kind: 'image';
  /** registry/repository:tag@sha256:<hex>; the tag is there for people. */
  readonly reference: string;
}
