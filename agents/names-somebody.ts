const EMAIL = /[^\s@]+@[^\s@]+\.\p{L}{2,}/u;

/** Why a text must not go into records that outlive a customer: it holds an e-mail address. */
export function namesSomebody(text: string): string | undefined {
  return EMAIL.test(text) ? 'the text holds an e-mail address' : undefined;
}
