import type { Language } from './languages.ts';

/** The sentences that kits and e-mails are put together from; `{name}`, `{plan}` and `{count}` are filled in. */
export interface Phrases {
  readonly hello: { readonly formal: string; readonly friendly: string };
  readonly welcome: { readonly heading: string; readonly body: string };
  readonly plan: {
    readonly heading: string;
    readonly starter: string;
    readonly business: string;
    readonly enterprise: string;
  };
  readonly people: string;
  readonly next: { readonly heading: string; readonly body: string };
  readonly subject: string;
  readonly open: string;
  readonly attached: string;
  readonly invitation: string;
  readonly goodbye: string;
}

export const PHRASES: Readonly<Record<Language, Phrases>> = {
  en: {
    hello: { formal: 'Dear {name},', friendly: 'Hello {name},' },
    welcome: { heading: 'Welcome', body: 'Welcome, {name}. It is good to have you with us.' },
    plan: {
      heading: 'Your plan',
      starter: 'Your plan is {plan}. It is made for one person or a handful.',
      business: 'Your plan is {plan}. It is made for teams that work together every day.',
      enterprise: 'Your plan is {plan}. It is made for large houses with many teams.',
    },
    people: 'You wrote that {count} people will work with it; there is room for all of them.',
    next: {
      heading: 'What comes next',
      body: 'The owner of your account will meet you soon. Bring your questions; there are no wrong ones.',
    },
    subject: 'Welcome, {name}',
    open: 'Your account is open. The plan is {plan}.',
    attached: 'You find your welcome kit attached.',
    invitation: 'An invitation to a first meeting follows.',
    goodbye: 'We look forward to working with you.',
  },
  de: {
    hello: { formal: 'Guten Tag {name},', friendly: 'Hallo {name},' },
    welcome: { heading: 'Willkommen', body: 'Willkommen, {name}. Schön, dass Sie da sind.' },
    plan: {
      heading: 'Ihr Tarif',
      starter: 'Ihr Tarif heißt {plan}. Er ist für Einzelne und kleine Gruppen gedacht.',
      business: 'Ihr Tarif heißt {plan}. Er ist für Teams gedacht, die täglich zusammenarbeiten.',
      enterprise: 'Ihr Tarif heißt {plan}. Er ist für große Häuser mit vielen Teams gedacht.',
    },
    people: 'Sie schreiben, dass {count} Personen damit arbeiten werden; für alle ist Platz.',
    next: {
      heading: 'Wie es weitergeht',
      body: 'Bald lernen Sie Ihre Ansprechperson kennen. Bringen Sie alle Fragen mit.',
    },
    subject: 'Willkommen, {name}',
    open: 'Ihr Konto ist eröffnet. Der Tarif heißt {plan}.',
    attached: 'Im Anhang finden Sie Ihre Willkommensmappe.',
    invitation: 'Eine Einladung zum ersten Gespräch folgt.',
    goodbye: 'Wir freuen uns auf die Zusammenarbeit.',
  },
  fr: {
    hello: { formal: 'Bonjour {name},', friendly: 'Bonjour {name},' },
    welcome: { heading: 'Bienvenue', body: 'Bienvenue, {name}. Nous sommes heureux de vous compter parmi nous.' },
    plan: {
      heading: 'Votre formule',
      starter: 'Votre formule est {plan}. Elle convient à une personne ou à un petit groupe.',
      business: 'Votre formule est {plan}. Elle convient aux équipes qui travaillent ensemble chaque jour.',
      enterprise: 'Votre formule est {plan}. Elle convient aux grandes maisons et à leurs équipes.',
    },
    people: "Vous écrivez que {count} personnes l'utiliseront ; il y a de la place pour toutes.",
    next: {
      heading: 'La suite',
      body: 'Vous ferez bientôt connaissance avec votre interlocuteur. Apportez toutes vos questions.',
    },
    subject: 'Bienvenue, {name}',
    open: 'Votre compte est ouvert. La formule est {plan}.',
    attached: 'Vous trouverez votre livret de bienvenue en pièce jointe.',
    invitation: 'Une invitation à un premier rendez-vous suivra.',
    goodbye: 'Au plaisir de travailler avec vous.',
  },
  es: {
    hello: { formal: 'Buenos días, {name}:', friendly: 'Hola, {name}:' },
    welcome: { heading: 'Bienvenida', body: 'Le damos la bienvenida, {name}. Nos alegra que esté aquí.' },
    plan: {
      heading: 'Su plan',
      starter: 'Su plan es {plan}. Está pensado para una persona o un grupo pequeño.',
      business: 'Su plan es {plan}. Está pensado para equipos que trabajan juntos cada día.',
      enterprise: 'Su plan es {plan}. Está pensado para casas grandes con muchos equipos.',
    },
    people: 'Nos escribe que lo usarán {count} personas; hay sitio para todas.',
    next: {
      heading: 'Los próximos pasos',
      body: 'Pronto conocerá a la persona que lleva su cuenta. Traiga todas sus preguntas.',
    },
    subject: 'Le damos la bienvenida, {name}',
    open: 'Su cuenta está abierta. El plan es {plan}.',
    attached: 'Adjuntamos su guía de bienvenida.',
    invitation: 'Le llegará una invitación a una primera reunión.',
    goodbye: 'Será un placer trabajar juntos.',
  },
  pl: {
    hello: { formal: 'Dzień dobry, {name},', friendly: 'Cześć, {name},' },
    welcome: { heading: 'Witamy', body: 'Witamy, {name}. Cieszymy się na wspólną pracę.' },
    plan: {
      heading: 'Wybrany plan',
      starter: 'Wybrany plan to {plan}. Jest dla jednej osoby albo małej grupy.',
      business: 'Wybrany plan to {plan}. Jest dla zespołów, które codziennie pracują razem.',
      enterprise: 'Wybrany plan to {plan}. Jest dla dużych firm z wieloma zespołami.',
    },
    people: 'Liczba osób, o której była mowa: {count}. Miejsca starczy dla wszystkich.',
    next: { heading: 'Co dalej', body: 'Wkrótce pierwsza rozmowa z opiekunem konta. Warto przygotować pytania.' },
    subject: 'Witamy, {name}',
    open: 'Konto jest otwarte. Plan to {plan}.',
    attached: 'W załączniku jest pakiet powitalny.',
    invitation: 'Zaproszenie na pierwsze spotkanie przyjdzie osobno.',
    goodbye: 'Do usłyszenia wkrótce.',
  },
  el: {
    hello: { formal: 'Καλημέρα σας, {name},', friendly: 'Γεια σας, {name},' },
    welcome: { heading: 'Καλώς ήρθατε', body: 'Καλώς ήρθατε, {name}. Χαιρόμαστε που είστε μαζί μας.' },
    plan: {
      heading: 'Το πακέτο σας',
      starter: 'Το πακέτο σας είναι το {plan}. Είναι για ένα άτομο ή μια μικρή ομάδα.',
      business: 'Το πακέτο σας είναι το {plan}. Είναι για ομάδες που δουλεύουν μαζί κάθε μέρα.',
      enterprise: 'Το πακέτο σας είναι το {plan}. Είναι για μεγάλους οργανισμούς με πολλές ομάδες.',
    },
    people: 'Γράψατε ότι θα το χρησιμοποιούν {count} άτομα. Υπάρχει χώρος για όλους.',
    next: {
      heading: 'Τα επόμενα βήματα',
      body: 'Σύντομα θα γνωρίσετε τον υπεύθυνο του λογαριασμού σας. Φέρτε όλες τις ερωτήσεις σας.',
    },
    subject: 'Καλώς ήρθατε, {name}',
    open: 'Ο λογαριασμός σας άνοιξε. Το πακέτο είναι το {plan}.',
    attached: 'Θα βρείτε συνημμένο τον οδηγό καλωσορίσματος.',
    invitation: 'Θα ακολουθήσει πρόσκληση για μια πρώτη συνάντηση.',
    goodbye: 'Ανυπομονούμε να συνεργαστούμε.',
  },
  uk: {
    hello: { formal: 'Добрий день, {name}!', friendly: 'Вітаємо, {name}!' },
    welcome: { heading: 'Ласкаво просимо', body: 'Ласкаво просимо, {name}. Ми раді, що ви з нами.' },
    plan: {
      heading: 'Ваш тариф',
      starter: 'Ваш тариф {plan}. Він для однієї людини або невеликої групи.',
      business: 'Ваш тариф {plan}. Він для команд, які щодня працюють разом.',
      enterprise: 'Ваш тариф {plan}. Він для великих установ із багатьма командами.',
    },
    people: 'Ви написали, що користувачів буде {count}. Місця вистачить усім.',
    next: {
      heading: 'Що далі',
      body: 'Незабаром ви познайомитеся з тим, хто веде ваш рахунок. Підготуйте свої запитання.',
    },
    subject: 'Ласкаво просимо, {name}',
    open: 'Ваш рахунок відкрито. Тариф {plan}.',
    attached: 'У вкладенні ви знайдете вітальний посібник.',
    invitation: 'Запрошення на першу зустріч надійде окремо.',
    goodbye: 'Будемо раді співпраці.',
  },
};

/** A phrase with its names filled in. */
export const fill = (phrase: string, values: Readonly<Record<string, string | number>>): string =>
  phrase.replace(/\{(\w+)\}/gu, (whole, name: string) => String(values[name] ?? whole));
