import type { MicroUsd } from '../contracts/money.ts';
import { type Catalog, type CatalogRow, defaultCatalog, type Tier } from '../models/catalog.ts';
import { type CallBounds, worstCaseMicroUsd, worstCaseOf } from '../models/cost.ts';

/** What a release computes its worst cases with. */
export interface Pricing {
  /** Day of the price table. */
  readonly checkedOn: string;
  worstCase(tier: Tier, bounds: CallBounds): MicroUsd;
}

/** A tier's dearest model counts, the compatible endpoint's among them, since it stands behind every tier. */
export const pricingOf = (catalog: Catalog = defaultCatalog(), compatible?: CatalogRow): Pricing => ({
  checkedOn: catalog.checkedOn,
  worstCase: (tier, bounds) =>
    Math.max(worstCaseMicroUsd(tier, bounds, catalog), compatible ? worstCaseOf(compatible, bounds) : 0),
});
