import { imageProduct, vexDocument } from '@fairway/clients/scanner/index';
import type { VexDocument } from '@fairway/clients/scanner/index';

/** The statements that `scan` wrote, stated of the image that is pushed: `optimize` leaves every package as it was. */
export function pushedVex(document: string, name: string, digest: string): string {
  const { statements, author, timestamp } = JSON.parse(document) as VexDocument;
  const stated = statements.map(statement => ({
    ...statement,
    products: statement.products.map(product => ({ ...product, ...imageProduct({ name, digest }) })),
  }));
  return JSON.stringify(vexDocument(stated, { author, timestamp }), null, 2);
}
