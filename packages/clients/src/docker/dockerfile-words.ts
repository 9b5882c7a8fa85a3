/** What a variable of a Dockerfile is set to; undefined when it is not set. */
export type Variables = ReadonlyMap<string, string>;

/**
 * Splits the rest of an instruction into words as BuildKit's parser does: at blanks that no quote holds. Quotes and escapes stay,
 * for `expandWord`.
 */
export function splitWords(text: string, escape: string): readonly string[] {
  const words: string[] = [];
  let word: string | undefined;
  let quote: string | undefined;
  for (let at = 0; at < text.length; at++) {
    let next = text[at] ?? '';
    if (quote === undefined && /\s/.test(next)) {
      if (word !== undefined) words.push(word);
      word = undefined;
      continue;
    }
    if (next === escape && quote !== "'") {
      if (at + 1 === text.length) break;
      next += text[++at] ?? '';
    } else if (quote === undefined && (next === "'" || next === '"')) quote = next;
    else if (next === quote) quote = undefined;
    word = (word ?? '') + next;
  }
  if (word !== undefined) words.push(word);
  return words;
}

/**
 * Takes the quotes off a word and fills in its variables, as BuildKit's `shell.Lex` does.
 * @throws Error for a word that BuildKit does not take either, with its words
 */
export function expandWord(word: string, variables: Variables, escape = '\\'): string {
  return new Word(word, variables, escape).until(undefined, false);
}

class Word {
  readonly #text: readonly string[];
  readonly #variables: Variables;
  readonly #escape: string;
  #at = 0;

  constructor(text: string, variables: Variables, escape: string) {
    this.#text = [...text];
    this.#variables = variables;
    this.#escape = escape;
  }

  get #peek(): string | undefined {
    return this.#text[this.#at];
  }

  #next(): string | undefined {
    return this.#text[this.#at++];
  }

  /** @param raw true keeps escapes: the word is a pattern, which has escapes of its own */
  until(stop: string | undefined, raw: boolean): string {
    let result = '';
    for (;;) {
      const character = this.#next();
      if (character === stop) return result;
      if (character === undefined) throw new Error(`unexpected end of statement while looking for matching ${stop}`);
      if (character === "'") result += this.#singleQuoted();
      else if (character === '"') result += this.#doubleQuoted(raw);
      else if (character === '$') result += this.#variable();
      else if (character === this.#escape) result += (raw ? character : '') + (this.#next() ?? '');
      else result += character;
    }
  }

  #singleQuoted(): string {
    const end = this.#text.indexOf("'", this.#at);
    if (end < 0) throw new Error('unexpected end of statement while looking for matching single-quote');
    const result = this.#text.slice(this.#at, end).join('');
    this.#at = end + 1;
    return result;
  }

  #doubleQuoted(raw: boolean): string {
    let result = '';
    for (;;) {
      const character = this.#next();
      if (character === '"') return result;
      if (character === undefined)
        throw new Error('unexpected end of statement while looking for matching double-quote');
      if (character === '$') result += this.#variable();
      else if (character !== this.#escape) result += character;
      else {
        const escaped = this.#peek;
        const known = escaped === '"' || escaped === '$' || escaped === this.#escape;
        if (raw || (!known && escaped !== undefined)) result += character;
        if (known) result += this.#next() ?? '';
      }
    }
  }

  #variable(): string {
    if (this.#peek !== '{') {
      const name = this.#name();
      return name === '' ? '$' : (this.#variables.get(name) ?? '');
    }
    this.#at++;
    if (this.#peek === undefined) throw new Error("syntax error: missing '}'");
    if ('{}:'.includes(this.#peek)) throw new Error('syntax error: bad substitution');
    const name = this.#name();
    const value = this.#variables.get(name);
    let modifier = this.#next() ?? '';
    if (modifier === '}') return value ?? '';
    if (modifier === '/') return this.#replaced(value ?? '');
    const emptyIsUnset = modifier === ':';
    if (emptyIsUnset) modifier = this.#next() ?? '';
    const pattern = modifier === '#' || modifier === '%';
    if (!'+-?#%'.includes(modifier) || modifier === '' || (emptyIsUnset && pattern))
      throw new Error(`unsupported modifier (${emptyIsUnset ? ':' : ''}${modifier}) in substitution`);
    const operand = this.#operand('}', pattern);
    const unset = value === undefined || (emptyIsUnset && value === '');
    switch (modifier) {
      case '-':
        return unset ? operand : value;
      case '+':
        return unset ? '' : operand;
      case '?':
        if (!unset) return value;
        throw new Error(`${name}: ${operand || `is not allowed to be ${value === undefined ? 'unset' : 'empty'}`}`);
      default: {
        const greedy = operand.startsWith(modifier);
        const wanted = patternSource(greedy ? operand.slice(1) : operand, greedy);
        return modifier === '#' ? withoutPrefix(value ?? '', wanted) : withoutSuffix(value ?? '', wanted, greedy);
      }
    }
  }

  #operand(stop: string, raw: boolean): string {
    try {
      return this.until(stop, raw);
    } catch (error) {
      if (this.#peek === undefined) throw new Error(`syntax error: missing '${stop}'`, { cause: error });
      throw error;
    }
  }

  #replaced(value: string): string {
    const all = this.#peek === '/';
    if (all) this.#at++;
    const pattern = this.#operand('/', true);
    const replacement = this.#operand('}', true);
    return value.replace(new RegExp(patternSource(pattern, true), all ? 'gsu' : 'su'), () => replacement);
  }

  /** A name, a number or one of the shell's special parameters, which a Dockerfile never sets. */
  #name(): string {
    const rest = this.#text.slice(this.#at).join('');
    const name = /^(?:\d+|[@*#?\-$!]|[\p{L}_][\p{L}\p{Nd}_]*)/u.exec(rest)?.[0] ?? '';
    this.#at += [...name].length;
    return name;
  }
}

/** A shell pattern of `*` and `?` as the source of a regular expression; BuildKit knows no brackets. */
function patternSource(pattern: string, greedy: boolean): string {
  return pattern.replace(/\\([}/])|\\(.?)|([*?])|([[\]{}.+()|^$])/gsu, (_all, closing, escaped, wildcard, special) => {
    if (closing !== undefined) return `\\${closing as string}`;
    if (wildcard !== undefined) return wildcard === '?' ? '.' : greedy ? '.*' : '.*?';
    if (special !== undefined) return `\\${special as string}`;
    if (!['*', '?', '\\'].includes(escaped as string))
      throw new Error(`invalid pattern (${pattern}) in substitution: invalid escape '\\${escaped as string}'`);
    return `\\${escaped as string}`;
  });
}

function withoutPrefix(value: string, pattern: string): string {
  return value.replace(new RegExp(`^(?:${pattern})`, 'su'), '');
}

// the shortest suffix begins as late as it can, which a search from the left does not find
function withoutSuffix(value: string, pattern: string, greedy: boolean): string {
  const suffix = new RegExp(`^(?:${pattern})$`, 'su');
  const starts = Array.from({ length: value.length + 1 }, (_unused, at) => (greedy ? at : value.length - at));
  const start = starts.find(at => suffix.test(value.slice(at)));
  return start === undefined ? value : value.slice(0, start);
}
