/** Does something for 0 to `count` − 1, so many at a time. */
export async function each(count: number, act: (index: number) => Promise<unknown>, parallel = 64): Promise<void> {
  let next = 0;
  const worker = async () => {
    while (next < count) await act(next++);
  };
  await Promise.all(Array.from({ length: parallel }, worker));
}
