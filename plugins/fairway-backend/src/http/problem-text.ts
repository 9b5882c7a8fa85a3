import type { z } from 'zod';

const shown = 3;

/** What does not fit a schema, as one line: "record.id: must be a string; …". Values are not repeated: they may be secret. */
export function problemText(error: z.ZodError): string {
  const lines = error.issues.slice(0, shown).map(issue => {
    const place = issue.path.map(String).join('.');
    return place ? `${place}: ${issue.message}` : issue.message;
  });
  const more = error.issues.length - shown;
  return `${lines.join('; ')}${more > 0 ? `; and ${more} more` : ''}`;
}
