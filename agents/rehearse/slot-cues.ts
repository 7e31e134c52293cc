import { phrases } from './phrase-list.ts';

/** Sunday first, as Date counts them: English, German, French, Spanish, Polish, Greek, Ukrainian. */
export const WEEKDAYS: Readonly<Record<string, readonly string[]>> = {
  '0': phrases(`
    sunday, sonntag, dimanche, domingo, niedziel, κυριακ, неділ`),
  '1': phrases(`
    monday, montag, lundi, lunes, poniedział, δευτέρα, понеділ`),
  '2': phrases(`
    tuesday, dienstag, mardi, martes, wtor, τρίτη, вівтор`),
  '3': phrases(`
    wednesday, mittwoch, mercredi, miércoles, środ, τετάρτη, серед`),
  '4': phrases(`
    thursday, donnerstag, jeudi, jueves, czwart, πέμπτη, четвер`),
  '5': phrases(`
    friday, freitag, vendredi, viernes, piąt, παρασκευή, п'ятниц`),
  '6': phrases(`
    saturday, samstag, samedi, sábado, sobot, σάββατο, субот`),
};

export const DAY_PARTS = {
  morning: phrases(`
    morning, before noon, vormittag, morgens, matin, por la mañana, mañanas, rano, przed południem, πρωί, вранці,
    зранку, до обіду`),
  afternoon: phrases(`
    afternoon, after lunch, nachmittag, après-midi, por la tarde, tardes, po południu, popołudni, απόγευμα,
    μεσημέρι, після обіду, пополудні`),
};

/** What turns a day into one that does not suit, when it stands before it in the same sentence or after it. */
export const NOT_BEFORE: readonly string[] = phrases(`
  not on, not, no, except, but not, never, avoid, kein, keinen, nicht, nicht am, außer, sauf, pas, excepto, salvo,
  menos, oprócz, poza, nie w, nie we, nie, εκτός, όχι, крім, не в, не у, окрім`);
export const NOT_AFTER: readonly string[] = phrases(`
  does not, doesn't, is not, isn't, are not, aren't, won't, is bad, impossible, is out, passt nicht, geht nicht,
  ne convient pas, ne va pas, no me va, no puedo, nie pasuje, odpada, δεν, не підходить, не можу`);
