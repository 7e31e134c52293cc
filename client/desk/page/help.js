import { tell } from './dialogs.js';
import { h } from './dom.js';

/** @type {readonly [string[], string][]} */
const KEYS = [
  [['j', 'k'], 'the next request, the one before'],
  [['Enter'], 'open the request'],
  [['/'], 'search'],
  [['x'], 'mark the request, to answer several at once'],
  [['a'], 'say yes: opens a confirmation, and sends nothing by itself'],
  [['r'], 'say no, with a reason'],
  [['e'], 'edit what the model filled in'],
  [['i'], 'ask the requester for information, or answer such a question'],
  [['d'], 'delegate'],
  [['Esc'], 'back to the list'],
  [['?'], 'this page'],
];

/** Shows the keys, and what the marks on the page mean. */
export const showHelp = () =>
  tell({
    title: 'Keys, and what the marks mean',
    body: [
      h(
        'dl',
        { class: 'keys' },
        ...KEYS.flatMap(([keys, words]) => [
          h('dt', {}, ...keys.flatMap((key) => [h('kbd', {}, key), ' '])),
          h('dd', {}, words),
        ]),
      ),
      h(
        'p',
        {},
        h('span', { class: 'by-model' }, 'model'),
        ' a model wrote this. ',
        h('span', { class: 'by-customer' }, 'from outside'),
        ' a customer or a file wrote this. Both may be wrong, or meant to mislead.',
      ),
      h(
        'p',
        {},
        h('span', { class: 'odd' }, '⟨U+202E⟩'),
        ' stands for a character that shows nothing, or that turns the reading direction.',
      ),
      h('p', {}, 'The time left runs until it is the next role’s turn; at the top of the ladder silence is a no.'),
    ],
  });
