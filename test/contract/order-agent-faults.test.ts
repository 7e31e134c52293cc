import type { Agent } from '../../agents/define-agent.ts';
import {
  checkStock,
  createOrder,
  getCustomerData,
  quotePrice,
  releaseStock,
  reserveStock,
  takeBackOrder,
} from '../../agents/index.ts';
import { describeToolFaults } from '../support/tool-fault-suite.ts';

const AGENTS: readonly Agent[] = [
  getCustomerData,
  checkStock,
  reserveStock,
  quotePrice,
  createOrder,
  releaseStock,
  takeBackOrder,
];

describeToolFaults(AGENTS);
