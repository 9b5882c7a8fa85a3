/** A text as a literal of Lua in which nothing but letters, digits and harmless marks stands as it is. */
export function luaText(text: string): string {
  const bytes = [...Buffer.from(text, 'utf8')];
  const plain = /[A-Za-z0-9 _.:/-]/;
  const written = bytes.map(byte => {
    const character = String.fromCharCode(byte);
    return plain.test(character) ? character : `\\${String(byte).padStart(3, '0')}`;
  });
  return `"${written.join('')}"`;
}
