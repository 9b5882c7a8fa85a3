/** The largest request body, in bytes, that the firewall which Fairway brings inspects; it denies a larger one with 413. */
export const wafBodyLimit = 8 * 1024 * 1024;
