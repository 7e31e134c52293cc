import { phrases } from './phrase-list.ts';

/** What stands beside the facts of an identity document, in English, German, French, Spanish, Polish, Greek, Ukrainian. */
export const DATE_CUES = {
  birth: phrases(`
    date of birth, birth date, born, d.o.b, dob, geburtsdatum, geboren, geb., date de naissance, ne le, nee le,
    ne(e) le, fecha de nacimiento, nacid, data urodzenia, urodz, ημερομηνία γέννησης, γεννήθηκε, γεννημέν, дата
    народження, народи, народжен`),
  issue: phrases(`
    date of issue, issue date, issued, ausgestellt, ausstellungsdatum, délivr, date de délivrance, fecha de
    expedición, expedid, data wydania, wydan, ημερομηνία έκδοσης, εκδόθηκε, дата видачі, видан`),
  expiry: phrases(`
    date of expiry, expiry date, expir, valid until, valid to, valid through, gültig bis, ablaufdatum, date
    d'expiration, valable jusqu, fecha de caducidad, válid, caduca, data ważności, ważn, termin ważności,
    ημερομηνία λήξης, ισχύει, λήγει, дата закінчення, дійсн`),
};

export const NUMBER_CUES = {
  own: phrases(`
    passport no, passport number, document no, document number, card no, card number, licence no, licence number,
    license no, license number, number, no., nr, nummer, reisepassnummer, passnummer, ausweisnummer,
    dokumentennummer, führerscheinnummer, numéro, número, numer, n°, nº, αριθμός, αρ., номер, №`),
  other: phrases(`
    personal no, personal number, personal id, personalnummer, numéro personnel, número personal, pesel, numer
    osobisty, previous passport, previous document, previous number, replaces, ersetzt, remplace, sustituye,
    zastępuje, αντικαθιστά, замість, tax number, tax id, tax no,
    steuernummer, steuer-id, case number, file number`),
};

export const KIND_CUES = {
  passport: phrases(`
    passport, reisepass, passeport, pasaporte, paszport, διαβατήριο, паспорт`),
  'identity-card': phrases(`
    identity card, id card, personalausweis, identitätskarte, carte d'identité, carte nationale d'identité,
    documento nacional, dni, dowód osobisty, dowodu osobistego, δελτίο ταυτότητας, ταυτότητα, посвідчення особи,
    id-картка`),
  'driving-licence': phrases(`
    driving licence, driving license, driver's licen, führerschein, permis de conduire, permiso de conducir,
    carnet de conducir, prawo jazdy, άδεια οδήγησης, посвідчення водія`),
};

export const NAME_LABELS = {
  surname: phrases(`
    surname, last name, family name, nachname, familienname, nom, apellido, apellidos, nazwisko, επώνυμο, прізвище`),
  given: phrases(`
    given name, given names, first name, first names, forename, forenames, vorname, vornamen, prénom, prénoms,
    prénom(s), nombre, nombres, imię, imiona, όνομα, ім'я`),
  full: phrases(`
    name, full name, name of holder, holder, holder's name, inhaber, inhaberin, vollständiger name, titulaire, nom
    complet, titular, nombre completo, posiadacz, imię i nazwisko, κάτοχος, ονοματεπώνυμο, власник, прізвище та
    ім'я, повне ім'я`),
};

/** What comes right before the holder's name where a document is written in sentences. */
export const NAME_PHRASES: readonly string[] = phrases(`
  name:, name is, issued to, was issued for, belongs to, held by, holder is, holder:, holder of this document is,
  bearer is, name of the holder is, ausgestellt auf, ausgestellt für, inhaberin ist, inhaber ist, gehört, délivré
  à, délivrée à, au nom de, titulaire est, expedido a, a nombre de, titular es, wydany dla, wydano dla,
  posiadaczem jest, posiadaczką jest, εκδόθηκε για, κάτοχος είναι, видано, власником є, власницею є`);

/** Fields of a European driving licence, which has numbers where others have words. */
export const LICENCE_FIELDS: Readonly<Record<string, string>> = {
  '1': 'Surname',
  '2': 'Given names',
  '3': 'Date of birth',
  '4a': 'Date of issue',
  '4b': 'Date of expiry',
  '4d': 'Personal number',
  '5': 'Licence number',
};

/** Signs of a bad scan. */
export const UNREADABLE =
  /[█▒░�□]|\?{2,}|\[(?:…|\.\.\.|illegible|unleserlich|illisible|ilegible|nieczytelne|δυσανάγνωστο|нерозбірливо)\]/iu;
