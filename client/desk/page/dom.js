// Elements are made by these two functions alone. Data becomes text nodes, so that no text can become markup.

/** @typedef {Node | string | number | false | null | undefined} Child */
/** @typedef {Record<string, string | number | boolean | undefined | ((event: any) => void)>} Props */

const ADDRESSES = new Set(['href', 'src', 'action', 'formaction', 'xlink:href']);
const NEVER = /^(on.*|style|srcdoc)$/i;

/**
 * An HTML element. A property that is a function listens to the event of its name; the others become attributes, and
 * `false` and `undefined` ones are left out.
 * @template {keyof HTMLElementTagNameMap} T
 * @param {T} tag
 * @param {Props} [props]
 * @param {...Child} children
 * @returns {HTMLElementTagNameMap[T]}
 */
export function h(tag, props = {}, ...children) {
  const element = document.createElement(tag);
  dress(element, props);
  fill(element, children);
  return element;
}

const SVG = 'http://www.w3.org/2000/svg';

/**
 * An SVG element, by the same rules.
 * @template {keyof SVGElementTagNameMap} T
 * @param {T} tag
 * @param {Props} [props]
 * @param {...Child} children
 * @returns {SVGElementTagNameMap[T]}
 */
export function s(tag, props = {}, ...children) {
  const element = document.createElementNS(SVG, tag);
  dress(element, props);
  fill(element, children);
  return element;
}

/**
 * @param {Element} element
 * @param {Props} props
 */
function dress(element, props) {
  for (const [name, value] of Object.entries(props)) {
    if (typeof value === 'function') element.addEventListener(name, value);
    else if (value !== undefined && value !== false) setAttribute(element, name, value === true ? '' : String(value));
  }
}

/**
 * @param {Element} element
 * @param {string} name
 * @param {string} value
 */
function setAttribute(element, name, value) {
  if (NEVER.test(name)) throw new Error(`the page sets no attribute ${name}`);
  if (ADDRESSES.has(name) && !isSafeAddress(value)) return;
  element.setAttribute(name, value);
}

/**
 * Only pages of the web, and our own: an address from data must not run anything.
 * @param {string} address
 */
export function isSafeAddress(address) {
  // A place of ours, or a whole address; `//elsewhere` and what only looks like an address is neither.
  if (!/^(#|\/(?!\/)|https?:\/\/)/i.test(address)) return false;
  return URL.canParse(address, document.baseURI) && /^https?:$/.test(new URL(address, document.baseURI).protocol);
}

/**
 * A part of an address. Half a character, which no address can hold, becomes the mark for a lost one.
 * @param {string} text
 */
export const inPath = (text) => encodeURIComponent(text.toWellFormed());

/**
 * @param {Element} element
 * @param {Child[]} children
 */
function fill(element, children) {
  for (const child of children) {
    if (child === undefined || child === null || child === false) continue;
    element.append(typeof child === 'number' ? String(child) : child);
  }
}

/**
 * The element of the page's own skeleton; it is there, or the page is broken.
 * @template {HTMLElement} E
 * @param {string} id
 * @param {{ new (): E }} kind
 * @returns {E}
 */
export function part(id, kind) {
  const found = document.getElementById(id);
  if (!(found instanceof kind)) throw new Error(`index.html has no ${id}`);
  return found;
}
