import { adverseTrend } from './adverse-trend.ts';
import { ageing } from './ageing.ts';
import { campaignNoCost, campaignNoMembers } from './campaigns.ts';
import { datePushing } from './date-pushing.ts';
import { deadObject } from './dead-object.ts';
import type { Detector } from './detector.ts';
import { handoffs } from './handoffs.ts';
import { idleUsers } from './idle-users.ts';
import { kbGap, kbStale, kbUnused } from './knowledge.ts';
import { lateLogging } from './late-logging.ts';
import { lowFill } from './low-fill.ts';
import { manualRepetition } from './manual-repetition.ts';
import { noCategory } from './no-category.ts';
import { noNextStep } from './no-next-step.ts';
import { noSurveys } from './no-surveys.ts';
import { offTargetKpi } from './off-target-kpi.ts';
import { overdueTasks } from './overdue-tasks.ts';
import { responseLag } from './response-lag.ts';
import { rework } from './rework.ts';
import { stageBottleneck } from './stage-bottleneck.ts';
import { stalledDeals } from './stalled-deals.ts';
import { unreadReport } from './unread-report.ts';

export const detectors: readonly Detector[] = [
  offTargetKpi,
  adverseTrend,
  stageBottleneck,
  ageing,
  rework,
  handoffs,
  stalledDeals,
  overdueTasks,
  responseLag,
  datePushing,
  manualRepetition,
  lateLogging,
  lowFill,
  idleUsers,
  noNextStep,
  noCategory,
  campaignNoMembers,
  campaignNoCost,
  kbUnused,
  kbGap,
  kbStale,
  noSurveys,
  deadObject,
  unreadReport,
];
