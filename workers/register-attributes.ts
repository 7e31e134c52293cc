/** What cases can be filtered by. The server has to know them before a case sets one. */
export const SEARCH_ATTRIBUTES = {
  GovernorProcess: 'Keyword',
  GovernorStage: 'Keyword',
  GovernorOutcome: 'Keyword',
  GovernorWaitingFor: 'Keyword',
  GovernorRelease: 'Keyword',
  GovernorCostMicroUsd: 'Int',
} as const;
