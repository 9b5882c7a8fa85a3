import '@testing-library/jest-dom';
import { configure } from '@testing-library/react';

// a busy machine renders late; what never comes fails all the same
jest.setTimeout(60_000);
configure({ asyncUtilTimeout: 30_000 });

// jsdom has no layout: what observes or scrolls it gets nothing to see
class NoObserver {
  observe(): void {}
  unobserve(): void {}
  disconnect(): void {}
}
Object.assign(globalThis, { ResizeObserver: NoObserver, IntersectionObserver: NoObserver });
Object.assign(Element.prototype, { scrollIntoView(): void {} });
