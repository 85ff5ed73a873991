import * as z from 'zod';
import { AssignmentPacket } from './assignment.ts';
import { BehaviourLockPacket } from './behaviour-lock.ts';
import { BlockerPacket } from './blocker.ts';
import { BuildResultPacket } from './build-result.ts';
import { PlanPacket } from './plan.ts';
import { QaResultPacket } from './qa-result.ts';
import { ScopePacket } from './scope.ts';

/** Every packet that can stand in a task's thread. */
export const AnyPacket = z.discriminatedUnion('type', [
  AssignmentPacket,
  ScopePacket,
  PlanPacket,
  BehaviourLockPacket,
  BuildResultPacket,
  QaResultPacket,
  BlockerPacket,
]);
export type AnyPacket = z.infer<typeof AnyPacket>;
