import { AGENTS_OF } from '../support/process-agents.ts';
import { describeToolFaults } from '../support/tool-fault-suite.ts';

describeToolFaults(AGENTS_OF.documents);
