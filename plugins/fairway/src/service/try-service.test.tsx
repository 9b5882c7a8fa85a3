import { screen, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import type { TryAnswer } from '@fairway/backstage-plugin-fairway-common';
import { NotAllowedError } from '@backstage/errors';
import type { Answers } from '../testing/fake-fairway.ts';
import { helloSummary } from '../testing/hello-indicators.ts';
import { renderView } from '../testing/render-view.tsx';
import { TryService } from './try-service.tsx';

const hello: TryAnswer = {
  ...{ text: 'Hello, you.', timeToFirstToken: 212, milliseconds: 1450, cut: false },
  ...{ promptTokens: 9, completionTokens: 4 },
};

function show(tryService?: Answers['tryService'], denied: readonly string[] = []) {
  return renderView(<TryService summary={helloSummary()} />, { tryService }, { denied });
}

const send = async () => userEvent.click(await screen.findByRole('button', { name: 'Send' }));

test('one question by keyboard alone, with what it took; the token stays in the page', async () => {
  const { fairway } = show(() => hello);
  const token = await screen.findByLabelText(/Access token/);
  expect(token).toHaveAttribute('type', 'password');
  await userEvent.click(screen.getByRole('textbox', { name: /Question/ }));
  await userEvent.clear(screen.getByRole('textbox', { name: /Question/ }));
  await userEvent.keyboard('Who are you?{Tab}  Bearer abc.def {Enter}');
  const answer = within(await screen.findByRole('region', { name: 'Try it' }));
  expect(await answer.findByText('Hello, you.')).toBeInTheDocument();
  expect(answer.getByRole('status')).toHaveTextContent(
    'First token after 212 ms, end after 1.45 s; tokens: 9 of the question, 4 of the answer',
  );
  expect(fairway.asked).toEqual([
    {
      name: 'tryService',
      request: {
        path: { namespace: 'hello-llm', service: 'hello-llm' },
        body: { question: 'Who are you?', token: 'abc.def' },
      },
    },
  ]);
  const stored = JSON.stringify([{ ...localStorage }, { ...sessionStorage }, document.cookie, location.href]);
  expect(stored).not.toContain('abc.def');
});

test('a gateway that asks for no token is sent none, and an answer without counts says so', async () => {
  const { fairway } = show(() => ({ ...hello, promptTokens: undefined, completionTokens: undefined, cut: true }));
  await send();
  expect(await screen.findByText(/The engine did not count the tokens/)).toBeInTheDocument();
  expect(screen.getByText(/asks for 256 tokens at most/)).toBeInTheDocument();
  expect(fairway.asked[0]?.request).toMatchObject({ body: { question: 'Say hello in one sentence.' } });
  expect(fairway.asked[0]?.request).not.toHaveProperty('body.token');
});

test('why there is no answer is said, with the words of the service', async () => {
  show(() => ({
    ...{ text: 'Hel', milliseconds: 12, cut: false, said: 'This client has used up a limit.' },
    ...{ problem: 'English.', coded: { code: 'try.limited', parameters: { seconds: 17 } } },
  }));
  await send();
  expect(await screen.findByText('No whole answer')).toBeInTheDocument();
  expect(screen.getByText('This client has used up a limit (429). Try again in 17 s.')).toBeInTheDocument();
  expect(screen.getByText('The service says: This client has used up a limit.')).toBeInTheDocument();
  expect(screen.getByText('Hel')).toBeInTheDocument();
});

test('what the portal itself rejects is an alert', async () => {
  show(() => Promise.reject(new NotAllowedError('This needs the permission fairway.service.try.')));
  await send();
  expect(await screen.findByRole('alert')).toHaveTextContent('This needs the permission fairway.service.try.');
});

test('a token that cannot be one is not sent, and neither is nothing', async () => {
  show(() => hello);
  await userEvent.type(await screen.findByLabelText(/Access token/), 'two words');
  expect(screen.getByRole('button', { name: 'Send' })).toBeDisabled();
  await userEvent.clear(screen.getByLabelText(/Access token/));
  expect(screen.getByRole('button', { name: 'Send' })).toBeEnabled();
  await userEvent.clear(screen.getByRole('textbox', { name: /Question/ }));
  expect(screen.getByRole('button', { name: 'Send' })).toBeDisabled();
});

test('without the permission there is no form, and which is missing is said', async () => {
  show(undefined, ['fairway.service.try']);
  expect(await screen.findByText(/needs the permission fairway\.service\.try/)).toBeInTheDocument();
  expect(screen.queryByRole('button', { name: 'Send' })).not.toBeInTheDocument();
});
