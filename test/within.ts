/** Makes what tries until a check passes, and throws what the check last threw once so many seconds are over. */
export function within(seconds: number) {
  return async <Result>(check: () => Promise<Result>): Promise<Result> => {
    const end = Date.now() + seconds * 1000;
    for (;;) {
      try {
        return await check();
      } catch (error) {
        if (Date.now() > end) throw error;
        await new Promise(resolve => setTimeout(resolve, 200));
      }
    }
  };
}
