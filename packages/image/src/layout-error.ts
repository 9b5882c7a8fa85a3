/** What is wrong with a layout or an archive: where, what was found, and what to do. */
export class LayoutError extends Error {
  override readonly name = 'LayoutError';
}
