/**
 * Draws something anew under somebody's hands: what had the focus has it afterwards, and what was unfolded stays so.
 * @param {HTMLElement} element what is drawn within
 * @param {() => void} draw
 */
export function keepingFocus(element, draw) {
  const held = document.activeElement;
  const name = held && element.contains(held) ? nameOf(held) : undefined;
  const folds = new Map([...element.querySelectorAll('details')].map((each) => [titleOf(each), each.open]));
  draw();
  for (const each of element.querySelectorAll('details')) each.open = folds.get(titleOf(each)) ?? each.open;
  if (!name) return;
  const again = [...element.querySelectorAll('a, button, input, select, summary, [tabindex]')];
  const found = again.find((each) => nameOf(each) === name);
  if (found instanceof HTMLElement) found.focus({ preventScroll: true });
}

/** @param {HTMLDetailsElement} details */
const titleOf = (details) => details.querySelector('summary')?.textContent;

/** @param {Element} element */
const nameOf = (element) =>
  [element.localName, element.getAttribute('href') ?? element.getAttribute('aria-label') ?? element.textContent].join(
    ' ',
  );
