import { api } from './api.js';
import { h } from './dom.js';

/**
 * Signs somebody in by a key. The key goes to the server once, becomes a cookie that no script can read, and is kept
 * nowhere on the page.
 * @param {{ onDone: () => void }} how
 */
export function createSignIn({ onDone }) {
  const key = h('input', {
    id: 'key',
    type: 'password',
    autocomplete: 'current-password',
    required: true,
    spellcheck: 'false',
  });
  const problem = h('p', { class: 'problem', role: 'alert', hidden: true });
  const go = h('button', { type: 'submit', class: 'answer yes' }, 'Sign in');
  const form = h(
    'form',
    { class: 'sign-in', submit },
    h('h1', { tabindex: -1 }, 'Sign in to the desk'),
    h('label', { for: 'key' }, 'Your key'),
    key,
    problem,
    go,
    h(
      'p',
      { class: 'faint' },
      'On a house for trying, the keys of three people were printed when it started; others get theirs from whoever gives out access.',
    ),
  );

  /** @param {SubmitEvent} event */
  async function submit(event) {
    event.preventDefault();
    go.disabled = true;
    problem.hidden = true;
    try {
      await api.signIn(key.value.trim());
      key.value = '';
      onDone();
    } catch (error) {
      problem.hidden = false;
      problem.textContent = error instanceof Error ? error.message : String(error);
      key.select();
    } finally {
      go.disabled = false;
    }
  }
  return { element: h('section', { class: 'view narrow' }, form), focus: () => key.focus(), keys: {} };
}
