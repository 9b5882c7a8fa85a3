/** What stands in the place of a credential. */
export const redaction = '***';

/** Names of fields, parameters and variables whose value is a credential: "password", "client-secret", "HF_TOKEN", "apiKey". */
const name = String.raw`(?:password|passwd|secret|token|credentials?|authorization|signature|(?:api|access|private|secret)[-_]?key)`;

const credentialName = new RegExp(`${name}$`, 'i');

export function isCredentialName(text: string): boolean {
  return credentialName.test(text);
}

// each begins with a fixed text and ends at the first character that cannot belong to it, so that a text of megabytes costs
// one pass
const patterns: readonly (readonly [pattern: RegExp, replacement: string])[] = [
  // the login of an address: http://user:password@host
  [/:\/\/[^\s/?#"'<>\\`]*@/g, `://${redaction}@`],
  // a parameter of an address; Go writes & as \u0026 into JSON
  [
    new RegExp(String.raw`((?:[?&;]|\\u0026)[\w.~%-]{0,60}?(?:${name}|key|sig|auth)=)[^&\s"'#<>\\]+`, 'gi'),
    `$1${redaction}`,
  ],
  [/\b(bearer|basic)\s+[\w.~+/=-]{16,}/gi, `$1 ${redaction}`],
  [/\b(authorization|x-api-key)(["']?\s*[:=]\s*["']?)(?!\s)(?!bearer\b|basic\b)[^\s"',]+/gi, `$1$2${redaction}`],
  // a JSON Web Token
  [/(?<![\w-])eyJ[\w-]{8,}\.[\w-]{8,}\.[\w-]*/g, redaction],
  [/-----BEGIN [A-Z0-9 ]{0,40}PRIVATE KEY[A-Z ]{0,10}-----[^-]*(?:-----END [A-Z0-9 ]{0,50}-----)?/g, redaction],
  // a variable of a shell, an option, and a keyword of a database's connection; what the shell fills in is none
  [
    new RegExp(
      String.raw`(?<![\w.-])((?:[A-Z][A-Z0-9_]{0,60}_|--[a-z][a-z-]{0,60}-|--)?${name}=)(?:"[^"$]+"|'[^'$]+'|[^\s"'$&;,)]+)`,
      'gi',
    ),
    `$1${redaction}`,
  ],
  // a field of JSON, and a variable of a container
  [new RegExp(String.raw`("[\w.-]{0,60}${name}"\s*:\s*)"(?:[^"\\]|\\.)*"`, 'gi'), `$1"${redaction}"`],
  [
    new RegExp(String.raw`("name"\s*:\s*"[\w.-]{0,60}${name}"\s*,\s*"value"\s*:\s*)"(?:[^"\\]|\\.)*"`, 'gi'),
    `$1"${redaction}"`,
  ],
];

/** A text without the credentials whose form or place tells what they are. The same text again stays as it is. */
export function redacted(text: string): string {
  return patterns.reduce((rest, [pattern, replacement]) => rest.replace(pattern, replacement), text);
}
