import type { Agent } from '../../agents/define-agent.ts';
import { agents } from '../../agents/index.ts';
import { describeToolFaults } from '../support/tool-fault-suite.ts';

const NAMES = ['validateDocument', 'routeForApproval', 'notifyStakeholders', 'issueCertificate'] as const;

describeToolFaults(NAMES.map((name): Agent => agents[name]));
