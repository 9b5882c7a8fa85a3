/** Whether `text` fits a pattern in which `*` stands for anything without a slash and `**` for anything. */
export function fitsPattern(pattern: string, text: string): boolean {
  const expression = pattern
    .split(/(\*\*|\*)/)
    .map(part => (part === '**' ? '.*' : part === '*' ? '[^/]*' : part.replace(/[.+?^${}()|[\]\\]/g, '\\$&')))
    .join('');
  return new RegExp(`^${expression}$`).test(text);
}
