import { defineSearchAttributeKey, SearchAttributeType } from '@temporalio/common';

/** What the Web UI and the CLI can filter and show. Ids, enums and numbers only: none of it is encrypted. */
export const SEARCH_ATTRIBUTES = {
  process: defineSearchAttributeKey('GovernorProcess', SearchAttributeType.KEYWORD),
  stage: defineSearchAttributeKey('GovernorStage', SearchAttributeType.KEYWORD),
  outcome: defineSearchAttributeKey('GovernorOutcome', SearchAttributeType.KEYWORD),
  waitingFor: defineSearchAttributeKey('GovernorWaitingFor', SearchAttributeType.KEYWORD),
  release: defineSearchAttributeKey('GovernorRelease', SearchAttributeType.KEYWORD),
  /** Whose case it is; set by the API when it starts one. Those of the command line have none. */
  tenant: defineSearchAttributeKey('GovernorTenant', SearchAttributeType.KEYWORD),
  cost: defineSearchAttributeKey('GovernorCostMicroUsd', SearchAttributeType.INT),
} as const;
