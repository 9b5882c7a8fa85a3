/** The value of a JSON text, or undefined for a text that is none: evidence of other tools may be anything. */
export function parsedJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}
