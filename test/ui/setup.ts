import '@testing-library/jest-dom';

// jsdom has no layout: what observes or scrolls it gets nothing to see
class NoObserver {
  observe(): void {}
  unobserve(): void {}
  disconnect(): void {}
}
Object.assign(globalThis, { ResizeObserver: NoObserver, IntersectionObserver: NoObserver });
Object.assign(Element.prototype, { scrollIntoView(): void {} });
