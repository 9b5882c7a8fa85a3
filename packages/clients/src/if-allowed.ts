import { ToolError } from './tool-error.ts';

/** What was asked for; undefined where the login may not see it (403). */
export async function ifAllowed<T>(asked: Promise<T>): Promise<T | undefined> {
  try {
    return await asked;
  } catch (error) {
    if (error instanceof ToolError && error.status === 403) return undefined;
    throw error;
  }
}
