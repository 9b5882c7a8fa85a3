import { toldPortal } from './told-portal.ts';

test('a portal is named by its address and a token', async () => {
  const named = { FAIRWAY_PORTAL_URL: 'https://portal.example.com', FAIRWAY_PORTAL_TOKEN: 'hush' };
  expect(await toldPortal(named)).toEqual({ url: 'https://portal.example.com', token: 'hush' });
});

test.each([
  [{ FAIRWAY_PORTAL_URL: 'https://portal.example.com' }, /without FAIRWAY_PORTAL_TOKEN/],
  [{ FAIRWAY_PORTAL_TOKEN: 'hush' }, /^FAIRWAY_PORTAL_TOKEN is set without FAIRWAY_PORTAL_URL(?!.*hush)/],
])('one without the other is a mistake: %#', async (environment, message) => {
  await expect(toldPortal(environment)).rejects.toThrow(message);
});
