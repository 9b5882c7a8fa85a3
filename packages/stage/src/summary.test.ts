import { truncateSummary } from './summary.ts';

describe('truncateSummary', () => {
  it('leaves a short summary alone', () => expect(truncateSummary('short', 300)).toBe('short'));

  it('cuts at a line end, stays under the limit in bytes and says so', () => {
    const cut = truncateSummary('ä-line\n'.repeat(200), 300);
    expect(Buffer.byteLength(cut)).toBeLessThan(300);
    expect(cut).toMatch(/ä-line\n\n_The rest of this summary is left out/);
  });
});
