import { type ChildWorkflowOptions, workflowInfo } from '@temporalio/workflow';
import { SEARCH_ATTRIBUTES } from '../contracts/search-attributes.ts';

/** Whose case this run is, where an API has started it. */
export function tenantOfRun(): { readonly tenant?: string } {
  const tenant = workflowInfo().memo?.['tenant'];
  return typeof tenant === 'string' ? { tenant } : {};
}

/** What a run that this one starts inherits: it belongs to whom this one belongs. */
export function ownership(): Pick<ChildWorkflowOptions, 'memo' | 'typedSearchAttributes'> {
  const { memo, typedSearchAttributes } = workflowInfo();
  const { tenant, startedBy } = memo ?? {};
  if (typeof tenant !== 'string') return {};
  // A server that does not know the attribute has none for this run either; setting one there would wedge the child.
  const indexed = typedSearchAttributes.get(SEARCH_ATTRIBUTES.tenant);
  return {
    memo: { tenant, ...(typeof startedBy === 'string' ? { startedBy } : {}) },
    ...(indexed === undefined ? {} : { typedSearchAttributes: [{ key: SEARCH_ATTRIBUTES.tenant, value: indexed }] }),
  };
}
