import { part } from './dom.js';

const NEXT = { system: 'light', light: 'dark', dark: 'system' };

/** The button that goes from the system's colours to light to dark. */
export function startTheme() {
  const button = part('theme', HTMLElement);
  const root = document.documentElement;
  const now = () => /** @type {keyof typeof NEXT} */ (root.dataset['theme'] ?? 'system');
  const show = () => {
    const name = { system: 'Auto', light: 'Light', dark: 'Dark' }[now()];
    button.textContent = name;
    button.setAttribute('aria-label', `${name}: the colours`);
  };
  button.addEventListener('click', () => {
    const next = NEXT[now()];
    if (next === 'system') {
      delete root.dataset['theme'];
      localStorage.removeItem('governor-theme');
    } else {
      root.dataset['theme'] = next;
      localStorage.setItem('governor-theme', next);
    }
    show();
  });
  show();
}
