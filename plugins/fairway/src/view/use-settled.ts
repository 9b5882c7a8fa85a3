import { useEffect, useState } from 'react';

/** Milliseconds without a key after which something that is typed is asked about. */
const pause = 400;

/** What is being typed, once its author pauses. */
export function useSettled<Value>(value: Value | undefined): Value | undefined {
  const text = value === undefined ? undefined : JSON.stringify(value);
  const [settled, setSettled] = useState(text);
  useEffect(() => {
    const timer = setTimeout(() => setSettled(text), pause);
    return () => clearTimeout(timer);
  }, [text]);
  return settled === undefined ? undefined : (JSON.parse(settled) as Value);
}
