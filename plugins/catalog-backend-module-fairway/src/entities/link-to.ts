/** An address that a browser opens; the catalog takes no entity with another one. */
export function linkTo(address: string | undefined): string | undefined {
  const url = address === undefined ? null : URL.parse(address);
  return url && /^https?:$/.test(url.protocol) ? address : undefined;
}
