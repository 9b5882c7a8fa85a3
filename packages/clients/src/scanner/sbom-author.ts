/** The part of a CycloneDX document that says which tools wrote it, in the forms of its versions 1.4 and 1.5. */
interface Bom {
  readonly metadata?: { readonly tools?: readonly Tool[] | { readonly components?: readonly Tool[] } };
}

interface Tool {
  readonly name?: string;
}

/**
 * Why a scanner cannot judge by an SBOM that another tool wrote: each stores beside a package what only it reads, such as the source
 * package by which distributions name it in their advisories. Undefined when the scanner wrote it, or nobody says who did.
 */
export function foreignSbom(sbom: Uint8Array, scanner: string): string | undefined {
  const { metadata: { tools = [] } = {} } = JSON.parse(Buffer.from(sbom).toString('utf8')) as Bom;
  const written = 'components' in tools ? (tools.components ?? []) : (tools as readonly Tool[]);
  const names = written.flatMap(({ name }) => name ?? []);
  if (names.length === 0 || names.includes(scanner)) return undefined;
  return `The SBOM is by ${names.join(' and ')}, of which ${scanner} does not read all: scan with what wrote it, or deliver the service again.`;
}
