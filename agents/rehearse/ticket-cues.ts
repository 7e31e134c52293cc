import { phrases } from './phrase-list.ts';

/** Beginnings of words that mean about the same; a cue below may name a group by `@`. */
export const GROUPS: Readonly<Record<string, readonly string[]>> = {
  card: phrases('card, karte, carte, tarjeta'),
  not: phrases('not, no, never, cannot, nicht, keine, pas, without, unable, fail, yet, nothing'),
  come: phrases('arriv, receiv, come, came, deliver, here, got, gekommen, angekommen'),
  wait: phrases('wait, still, long, late, week, days, delay'),
  cash: phrases('cash, withdr, atm, machine, bargeld, geldautomat, cashpoint'),
  pay: phrases('pay, paid, purchas, bought, buy, spend'),
  payment: phrases('payment, purchas, transact, charge, debit'),
  transfer: phrases('transfer, sent, send, überweis, virement, transferencia'),
  topup: phrases('top, topp, topup, aufgeladen, aufladen'),
  fee: phrases('fee, fees, charg, cost, extra, gebühr, frais'),
  lost: phrases(
    'lost, lose, losing, missing, stolen, stole, theft, misplac, verloren, gestohlen, perdu, volé, perdido, robado',
  ),
  strange: phrases('recogni, recognis, unknown, unfamiliar, unauthor, strange, weird'),
  refuse: phrases('declin, reject, refus, denied, deny, abgelehnt'),
  pending: phrases('pending, process, complet'),
  back: phrases('revert, return, back, cancel, undone'),
  how: phrases('how, where, can, way, process, steps, want, need, get, wie'),
  where: phrases('where, how, which, what, any'),
  rate: phrases('rate, exchange, kurs, conver'),
  wrong: phrases('wrong, incorrect, bad, off, error, mistake, not, high, low, falsch'),
  identity: phrases('identi, passport, id, document'),
  person: phrases('person, friend, recipient, receiver, beneficiar, family, account'),
};

/**
 * By which words an intent of a bank's customers can be told. Each cue is words that all have to be there, in any order;
 * a bar parts words of which one is enough.
 */
export const CUES: Readonly<Record<string, readonly string[]>> = {
  card_arrival: phrases('@card @come @not, @card @wait @come, where @card, track @card, @card ordered|sent @wait'),
  card_delivery_estimate: phrases(
    'how long @card deliver|arriv|get|take, when @card arriv|come|get, @card express|deliver|fast|quick, deliver @card day|date|time',
  ),
  card_linking: phrases(
    'link @card, add @card app|account, reactivat @card, put @card app|back, found @card, relink|connect @card',
  ),
  card_about_to_expire: phrases('expir @card, expir, new @card expir, @card run|runs out'),
  activate_my_card: phrases('activat @card, activat, start using @card, @card new activ'),
  getting_spare_card: phrases(
    'second|another|extra|additional|spare|more|two @card, @card daughter|son|wife|husband|family|child, @card two',
  ),
  order_physical_card: phrases(
    'order physical|actual|real @card, order @card, @card cost|price deliver|send, send @card address',
  ),
  get_physical_card: phrases(
    'pin @card where|find|get|know, pin not have|get|receiv|see, @card pin physical, pin come|mail|post|sent',
  ),
  getting_virtual_card: phrases('virtual @card get|order|how|want|need|have, virtual @card'),
  get_disposable_virtual_card: phrases(
    'disposable @card, disposable virtual, temporary|throwaway|single|one-time @card',
  ),
  disposable_card_limits: phrases(
    'disposable @card limit|many|max|maximum|how, how many disposable, disposable transact|payment|times',
  ),
  virtual_card_not_working: phrases('virtual @card @not work|accept, virtual @card @refuse|broken|error'),
  supported_cards_and_currencies: phrases(
    'support|accept @card currenc|type|kind, @card accept|support @topup|add, which|what @card|currenc accept|support|use, what currenc|card @topup, american express',
  ),
  visa_or_mastercard: phrases('visa, mastercard, visa mastercard, master @card'),
  card_acceptance: phrases(
    'where @card accept|use|work, @card accept everywhere|store|shop|places|merchants, place|shop|store|restaurant accept @card',
  ),
  card_not_working: phrases(
    '@card @not work|working|function, @card broken|malfunction|broke|defect, @card stopped|stop work',
  ),
  contactless_not_working: phrases('contactless, contactless @not work, tap @pay, nfc'),
  apple_pay_or_google_pay: phrases('apple, google, apple|google @pay, apple watch'),
  change_pin: phrases('change pin, new pin, set|reset|update pin, different pin, change number pin'),
  pin_blocked: phrases(
    'block|locked|lock|unblock|unlock pin, pin wrong|too many|times|incorrect, pin tries|attempts, unblock|block|locked @card|account|pin',
  ),
  compromised_card: phrases(
    '@card compromis|hack|cloned|fraud|stolen details, someone using|used|use|uses @card, somebody else|using @card, @card details stolen|copied, hacked|fraud, someone access|got my account|card',
  ),
  lost_or_stolen_card: phrases('@lost @card, @card @lost report, freeze @card, @lost wallet|purse'),
  lost_or_stolen_phone: phrases('@lost phone|handy|telefon|mobile|móvil|téléphone, phone @lost app|account'),
  card_swallowed: phrases(
    'swallow|ate|eat|eaten|stuck|kept|keep|retain|took|take|gobbled @card @cash, swallow, @cash @card stuck|back|inside',
  ),
  card_payment_not_recognised: phrases(
    '@payment @strange, @payment @not make|made|mine|me|remember|do, @card @payment @not recogni|make|made, someone @payment @card, @strange @payment statement|account|app',
  ),
  direct_debit_payment_not_recognised: phrases(
    'direct debit, direct debit @not recogni|set|make|made|authori, debit @strange|not',
  ),
  pending_card_payment: phrases(
    '@payment @pending, @payment @pending @wait, @card @payment @pending, why @payment @pending',
  ),
  'reverted_card_payment?': phrases(
    '@payment @back, @card @payment @back, @payment return|returned|revert account|me, money returned|back @pay|bought',
  ),
  request_refund: phrases(
    'refund, refund want|request|get|need|how|can, money back item|product|bought|order, return item|purchas|product, refund item',
  ),
  Refund_not_showing_up: phrases(
    'refund @not, refund @wait|miss|where|see|show, refund statement|account|appear|yet, refund @come @not',
  ),
  card_payment_fee_charged: phrases(
    '@fee @payment @card, @fee @pay, @fee when|for using|use @card, @card @fee why, @fee online|abroad|store|restaurant|shop',
  ),
  card_payment_wrong_exchange_rate: phrases(
    '@rate @wrong @payment|@pay|card, @rate @wrong abroad|foreign|bought|item|holiday|overseas, @rate @pay abroad|foreign|currenc, @rate @wrong',
  ),
  extra_charge_on_statement: phrases(
    'extra pound|euro|dollar|£1|$1|1 fee|charge|statement, statement @fee|£1|pound|dollar, additional|extra charge|charged, extra @fee statement|app|account, charged extra 1|pound',
  ),
  transaction_charged_twice: phrases(
    'twice, charged|charge|paid|payment two|double|twice|duplicate, two times @payment|charged, duplicate, double charg',
  ),
  declined_card_payment: phrases(
    '@refuse @payment, @refuse @card, @card @refuse store|shop|restaurant|purchas|online, @card @payment @not|fail work|go|through|accepted',
  ),
  cash_withdrawal_charge: phrases('@fee @cash, @fee withdr|atm|machine, @fee atm why, @fee withdraw money'),
  pending_cash_withdrawal: phrases(
    '@cash @pending, withdr|atm @pending, @cash @pending @wait, @cash @not show|shown|appear',
  ),
  declined_cash_withdrawal: phrases(
    '@cash @refuse, @cash @not let|give|work|get|able|dispens, atm|machine @not let|give|work|allow|accept, withdr @refuse|unable',
  ),
  wrong_amount_of_cash_received: phrases(
    '@cash @wrong amount, @cash less|different|wrong|only|short, @cash not|gave all|amount|full|asked|request, atm|machine gave|dispens less|wrong|only|not|10|20',
  ),
  wrong_exchange_rate_for_cash_withdrawal: phrases(
    '@rate @cash, @rate @wrong @cash, @rate @cash abroad|foreign|holiday, @rate atm|withdr @wrong',
  ),
  cash_withdrawal_not_recognised: phrases(
    '@cash @strange, @cash @not make|made|me|mine|do|recogni, someone withdr|@cash, @cash @strange account|statement, withdr @not make|made|did',
  ),
  atm_support: phrases(
    'which|what|where|any atm|atms|machine|machines, atm near|nearby|use|accept|find|close, where withdr|@cash, @cash withdr place|anywhere|abroad',
  ),
  cancel_transfer: phrases(
    'cancel @transfer, stop|undo|reverse|revert @transfer, @transfer wrong account|person|number, @transfer mistake|accident',
  ),
  transfer_not_received_by_recipient: phrases(
    '@transfer @not @person receiv|arriv|got|get|come|see|show, @transfer friend|recipient|receiver|they|family @not, @transfer @wait @person, recipient|friend|beneficiar @not money|receiv|got|see',
  ),
  transfer_fee_charged: phrases(
    '@fee @transfer, @fee @transfer money|bank|why, @transfer @fee abroad|international|europe|sepa, receiv less @transfer',
  ),
  transfer_timing: phrases(
    'how long @transfer, when @transfer arriv|come|here|available, @transfer take|time|long, @transfer days|time how, how long @transfer take|europe|us|china',
  ),
  transfer_into_account: phrases(
    '@transfer into|to my account how|can|add, bank @transfer fund|add|deposit|load, put|add|deposit money account how|transfer, sepa|swift @transfer|into',
  ),
  pending_transfer: phrases('@transfer @pending, @transfer @pending @wait, @transfer @pending why|still'),
  failed_transfer: phrases(
    '@transfer fail|failed, @transfer @not work|go|through|went|complete, @transfer error, @transfer fail|failed why',
  ),
  declined_transfer: phrases('@transfer @refuse, @transfer @refuse why'),
  beneficiary_not_allowed: phrases(
    'beneficiar @not, beneficiar, beneficiar allow|allowed|add, @transfer @person allow|allowed|deny',
  ),
  receiving_money: phrases(
    'receiv money|salary|payment|pay account|gbp|how|friend|through|into, salary, salary currenc|account|paid, get paid, friend @transfer me money',
  ),
  balance_not_updated_after_bank_transfer: phrases(
    '@transfer balance, @transfer balance @not, @transfer account @not show|shown|see|appear|there|updat|available, balance @not updat|change bank, bank @transfer @not show|see|arriv|in|my, bank @transfer uk made',
  ),
  balance_not_updated_after_cheque_or_cash_deposit: phrases(
    'cheque|check deposit|balance|@not, deposit cash|cheque|check|money @not|balance, cheque|check @not account|show|appear|clear|cleared|there, deposit balance|account @not|updat|show',
  ),
  top_up_by_cash_or_cheque: phrases(
    '@topup cash|cheque|check, cheque|check @topup|deposit|add|account how|can|accept, cash deposit how|where|can, add cash|cheque',
  ),
  top_up_by_card_charge: phrases(
    '@topup @card @fee, @topup @fee, @fee @topup @card|us|uk|european, @topup @fee international|foreign',
  ),
  top_up_by_bank_transfer_charge: phrases(
    '@topup @transfer @fee, @transfer @fee receiv|into|in swift|sepa|bank, @fee bank @transfer @topup|add|in',
  ),
  top_up_failed: phrases(
    '@topup fail|failed|@refuse, @topup @not work|go|went|through|accept|let|able, @topup @not why, @topup @refuse',
  ),
  top_up_reverted: phrases('@topup @back, @topup @back why|was|got, @topup canceled|cancelled|reverted|disappear|gone'),
  top_up_limits: phrases(
    '@topup limit|maximum|max|much, limit @topup, @topup limit how|what|any, @topup amount most|highest',
  ),
  pending_top_up: phrases(
    '@topup @pending, @topup @wait @pending, @topup @pending why, @topup @not show|shown|see|appear|available',
  ),
  topping_up_by_card: phrases(
    '@topup @card, @topup @card how|can|use|another, @topup money gone|find|where, @topup debit|credit @card',
  ),
  verify_top_up: phrases('verif @topup, code @topup, verification code|@topup, @topup verif|code where|need|why|how'),
  automatic_top_up: phrases('auto|automatic|automatically @topup, auto-top, auto @topup low|balance|set|how|limit'),
  exchange_charge: phrases(
    'exchange @fee, exchange currenc @fee, @fee foreign|currenc|currencies exchange|convert, discount exchang',
  ),
  exchange_rate: phrases(
    'exchange rate, rate exchange what|how|when|where|current, @rate rates what|how|today|calculat|determin, interbank',
  ),
  exchange_via_app: phrases(
    'exchange app|currenc|money|currencies how|can, exchange app, currenc exchange|convert|change|switch|swap can|how|app|between, convert currenc',
  ),
  fiat_currency_support: phrases(
    'currenc hold|support|which|what|fiat, fiat, what|which|how currencies, currenc hold|keep|store, other|different|multiple currencies',
  ),
  country_support: phrases(
    'countr, countr support|operat|avail|which|what|use, europe|eu live|outside|resident|only, which|what countries|country, live in us|uk|europe|not',
  ),
  age_limit: phrases(
    'age, old|age|young how|limit|minimum|account, kid|kids|child|children|daughter|son|teen account|open, years old, under 18',
  ),
  verify_my_identity: phrases(
    'verif|prove|check @identity how|need|what|do|steps, @identity verif what|which|documents|need, verif @identity, verif account how',
  ),
  unable_to_verify_identity: phrases(
    '@identity @not verif|prove|work|accept|confirm, verif @identity fail|problem|issue|@not|trouble, app @not @identity, verif @not why|work|able',
  ),
  why_verify_identity: phrases(
    'why @identity verif|need|check, @identity check|verif why|reason|necess|require|have, why verif|so|many @identity|details, need @identity have|must',
  ),
  verify_source_of_funds: phrases(
    'source|origin fund|funds|money, where money|funds come|comes|from, verif source|fund|funds|money, source of',
  ),
  edit_personal_details: phrases(
    'change|update|edit|modify name|address|details|phone|number|email|personal|profile, moved address, new address|name|number, married name|changed, personal details',
  ),
  terminate_account: phrases(
    'close|delete|terminate|cancel|end|remove|deactivate account, account close|delete|cancel|leave, stop using service|account, not happy|unhappy|dissatisf service|account',
  ),
  passcode_forgotten: phrases(
    'forgot|forget|forgotten|remember|reset passcode|password|code|pass, passcode, password, passcode reset|forgot|help|not',
  ),
};

/** Mail that wants nothing of a bank. */
export const SPAM_CUES = phrases(`
  you have won, claim your prize, seo services, boost your ranking, crypto investment, guaranteed returns, work from home,
  increase your traffic, buy followers, lottery winner, cheap pills, unsubscribe from this newsletter, limited time offer,
  dear beneficiary of the fund, casino bonus, wire the inheritance`);

/** Money or access is in danger now. */
export const PRESSING = phrases(`
  compromised_card, lost_or_stolen_card, lost_or_stolen_phone, card_payment_not_recognised, cash_withdrawal_not_recognised,
  direct_debit_payment_not_recognised, card_swallowed`);

/** A question that can wait. */
export const PATIENT = phrases(`
  age_limit, country_support, visa_or_mastercard, fiat_currency_support, exchange_rate, card_acceptance, why_verify_identity,
  supported_cards_and_currencies, getting_spare_card, automatic_top_up, disposable_card_limits, top_up_limits, atm_support`);
