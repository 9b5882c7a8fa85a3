import { ResponseError } from '@backstage/errors';
import { failureText } from './failure-text.ts';
import { isNotAllowed } from './not-allowed.ts';

const answered = (status: number, name: string, message: string) =>
  ResponseError.fromResponse(Response.json({ error: { name, message }, response: { statusCode: status } }, { status }));

test('the sentence of the backend is shown', async () => {
  const error = await answered(404, 'NotFoundError', 'No delivery has the id d1.');
  expect(failureText(error)).toBe('No delivery has the id d1.');
  expect(isNotAllowed(error)).toBe(false);
  expect(failureText(new Error('Failed to fetch'))).toBe('Failed to fetch');
});

test('a refusal for a permission is known as one', async () => {
  expect(isNotAllowed(await answered(403, 'NotAllowedError', 'Unauthorized'))).toBe(true);
  expect(isNotAllowed(undefined)).toBe(false);
});
