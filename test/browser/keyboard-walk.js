// Runs in a page: what a pointer can act on there, and on what of it the focus was.
(() => {
  const controls = [
    ...['a[href]', 'button', 'input', 'select', 'textarea', 'summary'],
    ...['link', 'button', 'tab', 'checkbox', 'switch', 'menuitem', 'option'].map(role => `[role=${role}]`),
  ].join();
  // the Tab key reaches one element of these, arrow keys the others
  const widgets = ['grid', 'treegrid', 'tablist', 'radiogroup', 'toolbar', 'listbox', 'menu', 'tree']
    .map(role => `[role=${role}]`)
    .join();
  const focused = new Set();
  document.addEventListener('focusin', ({ target }) => focused.add(target), true);

  const shown = element =>
    !element.closest('[aria-hidden=true], [inert], :disabled, [aria-disabled=true]') &&
    element.checkVisibility({ visibilityProperty: true }) &&
    // react-aria ends its dialogs with a button in a pixel, for screen readers that have no Escape key
    [element, element.parentElement].every(one => one.getBoundingClientRect().width > 1);
  const reached = element => {
    const widget = element.closest(widgets);
    return [...focused].some(one => one === element || widget?.contains(one));
  };
  const takesClicks = element => getComputedStyle(element).cursor === 'pointer';
  const labels = ({ id }) => id !== '' && document.querySelector(`[aria-labelledby~="${CSS.escape(id)}"]`) !== null;
  // the outermost of what the pointer takes for one, with no control in it or around it, and no name of one
  const onlyClicked = element =>
    takesClicks(element) &&
    !takesClicks(element.parentElement) &&
    !labels(element) &&
    !element.closest(`${controls}, label, [tabindex]`) &&
    !element.querySelector(`${controls}, [tabindex]`);

  globalThis.keyboardWalk = {
    /** How many elements the focus was on; Tab has been everywhere when it stays the same. */
    get seen() {
      return focused.size;
    },
    /** @param others a selector of what is left out, and all in it */
    unreachable(others) {
      const missed = [...document.querySelectorAll(controls)].filter(element => shown(element) && !reached(element));
      const clicked = [...document.body.querySelectorAll('*')].filter(
        element => onlyClicked(element) && shown(element),
      );
      return [...missed, ...clicked]
        .filter(element => !element.closest(others))
        .map(element => element.outerHTML.slice(0, 300));
    },
  };
})();
