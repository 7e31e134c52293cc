import { exampleInput } from './examples.ts';

/** What nobody may find anywhere but in payloads: every one is in the input of a case below. */
const CANARIES: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  onboardCustomer: {
    name: 'Tolliver',
    company: 'Bluefinch',
    mail: 'maren@bluefinch.example',
    passport: '553901276',
    phone: '+44 7700 900461',
    iban: 'GB33BUKB20201555555555',
    card: '4012888888881881',
    key: 'sk-ant-canary-3f9c1e77a2',
    address: '14 Larkspur Terrace',
  },
  routeTicket: {
    name: 'Anselm',
    mail: 'petra-1@anselm.example',
    iban: 'DE89 3704 0044 0532 0130 00',
    phone: '+49 30 1234567',
    card: '5105 1051 0510 5100',
    password: 'hunter2-canary-Wq8',
  },
  placeOrder: {
    name: 'Vossberg',
    phone: '+49 171 5550123',
    door: 'doorcode 77-canary-19',
    mail: 'p.vossberg@private.example',
  },
  approveExpense: {
    guest: 'Ottilie Quast',
    card: '3782-822463-10005',
    doctor: 'Dr. Umbriel Fenwick',
    token: 'ghp_canary0A1b2C3d4E5f6G7h',
  },
  approveDocument: {
    name: 'Isolde Marrable',
    salary: '148250-canary',
  },
};
/** All 25 of them. */
export const ALL_CANARIES = Object.values(CANARIES).flatMap((each) => Object.values(each));
/** Those of one process, a line each. */
export const canariesOf = (process: string): string => Object.values(CANARIES[process] ?? {}).join('\n');

type Input = Record<string, unknown>;
const also = (input: unknown, field: string, process: string): Input => ({
  ...(input as Input),
  [field]: `${(input as Input)[field]}\n${canariesOf(process)}`,
});

/** A clean case of each process, with its canaries where people write. */
export const CANARY_CASES: Readonly<Record<string, () => Input>> = {
  onboardCustomer: () => also(exampleInput('clean'), 'message', 'onboardCustomer'),
  routeTicket: () => also(exampleInput('ticket-clean', 'tickets'), 'text', 'routeTicket'),
  placeOrder: () => also(exampleInput('order-clean', 'orders'), 'message', 'placeOrder'),
  approveDocument: () => also(exampleInput('clean', 'documents'), 'note', 'approveDocument'),
  approveExpense: () => {
    const input = exampleInput('clean', 'expenses') as Input & { lines: Input[] };
    return { ...input, lines: input.lines.map((line) => also(line, 'memo', 'approveExpense')) };
  },
};
