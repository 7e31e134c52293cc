import { phrases } from './phrase-list.ts';

/** How people introduce themselves. After a strong phrase a single word is a name too; after a weak one it may be a job. */
export const INTRODUCTIONS = {
  strong: phrases(`
    my name is, my name's, name:, from:, von:, de:, od:, mein name ist, ich heiße, je m'appelle, mon nom est, me
    llamo, mi nombre es, nazywam się, mam na imię, με λένε, ονομάζομαι, το όνομά μου είναι, мене звати, моє ім'я,
    i am called, signed:`),
  weak: phrases(`
    i am, i'm, this is, ich bin, hier ist, je suis, ici, soy, jestem, z tej strony, είμαι, я -, це`),
};

/** What stands above a signature. */
export const CLOSINGS: readonly string[] = phrases(`
  regards, cheers, thanks, thank you, best wishes, all the best, yours sincerely, sincerely, yours, grüßen, grüße, gruß, danke, vielen
  dank, cordialement, bien à vous, merci, salutations, saludos, un saludo, atentamente, gracias, pozdrawiam, z
  poważaniem, dziękuję, με εκτίμηση, φιλικά, ευχαριστώ, з повагою, дякую`);

/** What stands between a writer and where they work. */
export const EMPLOYERS: readonly string[] = phrases(`
  from, at, for, on behalf of, of, with, company:, bei, bei der, bei dem, beim, von, von der, vom, für, für die,
  firma:, firma, chez, de chez, de la société, pour, société, de, de la empresa, empresa, en, z firmy, z, firmy,
  από, από την, από τη, από την εταιρεία, της εταιρείας, στην, з, з компанії, із, компанії, від, компанія`);

/** Which address is the writer's, and which is somebody else's. */
export const ADDRESS_CUES = {
  own: phrases(`
    reach me, write to me, write me, contact me, my e-mail, my email, my address, e-mail:, email:, mail:, from:,
    meine e-mail, mich unter, erreichen, mon e-mail, mon adresse, me joindre, mi correo, correo:, escribirme, mój
    e-mail, mój adres, napisać do mnie, το email μου, το e-mail μου, моя пошта, моя адреса, писати мені, me at, me
    on`),
  other: phrases(`
    send, instead, forward, copy, cc, bcc, colleague, boss, not to, schicken, weiterleiten, kollege, kollegin,
    envoyez, collègue, envíe, wyślij, надішліть`),
};

export const LEGAL_FORMS = String.raw`GmbH(?: & Co\. KG)?|AG|KG|UG|OHG|e\.V\.|Ltd|Limited|LLP|LLC|Inc|PLC|SARL|S\.A\.R\.L\.|SAS|SCOP|S\.A\.|S\.L\.(?:U\.)?|[Ss]p\. z o\.o\.|S\.p\.A\.|Oy|AB|BV|B\.V\.|ΕΠΕ|Ε\.Π\.Ε\.|ΑΕ|Α\.Ε\.|ΙΚΕ|Ι\.Κ\.Ε\.`;
