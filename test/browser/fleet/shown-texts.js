// Runs in a page: opens what is folded, and gives what it shows or says to a screen reader, each text once; no code.
globalThis.shownTexts = () => {
  const found = new Set();
  const walker = document.createTreeWalker(
    document.querySelector('#root'),
    NodeFilter.SHOW_ELEMENT | NodeFilter.SHOW_TEXT,
  );
  for (let node = walker.nextNode(); node; node = walker.nextNode()) {
    if (node instanceof Element)
      for (const name of ['aria-label', 'title', 'placeholder', 'alt']) found.add(node.getAttribute(name)?.trim());
    else if (!node.parentElement?.closest('pre, code, style')) found.add(node.textContent.trim());
  }
  return [...found].filter(Boolean);
};
for (const folded of document.querySelectorAll('main details')) folded.open = true;
