/** Tax on goods by where they go, in hundredths of a percent. Where a country taxes by region, it is `country-region`. */
const RATES: Readonly<Record<string, number>> = {
  AT: 2000,
  CH: 810,
  DE: 1900,
  ES: 2100,
  FR: 2000,
  GB: 2000,
  GR: 2400,
  NL: 2100,
  PL: 2300,
  'US-CA': 725,
  'US-DE': 0,
  'US-TX': 625,
};

/** Nothing where we don't sell to. */
export const taxRate = (country: string, region: string | null): number | undefined =>
  RATES[`${country}-${region ?? ''}`] ?? RATES[country];
