import { ConfigurationError } from '@fairway/service/configuration-error';

/** A file or a secret store gives a line break with it. @throws ConfigurationError for what no header can hold */
export function readyToken(text: string | undefined): string | undefined {
  const token = text?.trim();
  if (token && /[^\x21-\x7e]/.test(token))
    throw new ConfigurationError(
      `FAIRWAY_TOKEN takes a token alone, without "Bearer" before it; found ${/\s/.test(token) ? 'spaces or line breaks in it' : 'characters that no token holds'}.`,
    );
  return token;
}
