import { phrases } from './phrase-list.ts';

/** Words beside a number that say whom it counts: who will use the account, or who works there. */
export const SEAT_WORDS: readonly string[] = phrases(`
  seat, user, licen, login, workplace, place, nutzer, plätze, platz, arbeitsplätze, lizenz, zugänge, postes,
  utilisateur, licence, accès, usuari, puesto, licencia, użytkownik, stanowisk, licencj, χρήστ, θέσεις, άδειες,
  користувач, місць, місця, ліценз`);

export const STAFF_WORDS: readonly string[] = phrases(`
  people, person, employee, colleague, of us, staff, member, teacher, nurse, volunteer, mitarbeite, personen,
  leute, kolleg, beschäftigte, lehrkräfte, personnes, salarié, collaborat, collègue, employé, enseignant,
  personas, emplead, trabajador, compañer, docente, osób, osoby, pracownik, nauczyciel, άτομα, εργαζόμεν, υπαλλήλ,
  εκπαιδευτικ, осіб, людей, працівник, співробітник, вчител`);

export const ALONE: readonly string[] = phrases(`
  just me, only me, just for me, only for me, for myself, on my own, by myself, nur für mich, nur ich, für mich
  allein, juste pour moi, seulement pour moi, pour moi seul, solo para mí, sólo para mí, solo yo, tylko dla mnie,
  dla siebie, μόνο για μένα, μόνο εγώ, лише для мене, тільки для мене, для себе`);

export const PUBLIC: readonly string[] = phrases(`
  school, university, city of, council, ministry, public library, hospital, gymnasium, schule, grundschule,
  universität, gemeinde, stadtverwaltung, stadtbibliothek, behörde, école, université, mairie, lycée, ministère,
  escuela, universidad, ayuntamiento, instituto público, szkoł, uniwersytet, urząd, gmin, ministerstw, σχολείο,
  πανεπιστήμιο, δήμος, δήμο, υπουργείο, школ, університет, міська рада, міністерств`);

/** Words on money that speak for the smallest plan, where no number of people does. */
export const FRUGAL: readonly string[] = phrases(`
  tight budget, small budget, cheap, as little as possible, kleines budget, knappes budget, günstig, petit budget,
  budget serré, pas cher, presupuesto ajustado, barato, económic, niewielki budżet, mały budżet, tani, μικρός
  προϋπολογισμός, φθην, οικονομικ, невеликий бюджет, дешев`);

/** What makes `starter`, `business` or `enterprise` the name of a plan and not a word like any other. */
export const PLAN_WORDS: readonly string[] = phrases(`
  plan, tarif, paket, package, pakiet, forfait, offre, formule, πακέτο, πλάνο, πρόγραμμα, тариф, пакет, план`);
