import { digestOfText } from '../contracts/digest.ts';

/** The key as far sides may carry it in a header or an id: as it is where that is safe, else its digest. */
export const plainKey = (key: string): string => (/^[\w.:/-]{1,120}$/.test(key) ? key : digestOfText(key));
