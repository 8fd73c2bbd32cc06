import type { Case, Company, Survey } from '../../../../src/sandbox/company.ts';
import { salesforceId } from '../ids.ts';
import { tableOf } from '../org.ts';
import { addRow, rowById } from '../records/table.ts';
import type { Value } from '../schema/object.ts';
import { queueId } from './people.ts';
import { addNext, orNull, type Story, seconds, stamps } from './write.ts';

const statuses = { new: 'New', working: 'Working', waiting: 'Waiting', closed: 'Closed' } as const;
const history = { name: 'CaseHistory', prefix: '017' };
const message = { name: 'EmailMessage', prefix: '02s' };
const milestoneTypeId = salesforceId('557', 1);
const capital = (word: string) => word.charAt(0).toUpperCase() + word.slice(1);

export function writeCases(story: Story, made: Pick<Company, 'cases' | 'surveys'>): void {
  const { org, company } = story;
  const stamped = { CreatedDate: seconds(company.from), SystemModstamp: seconds(company.from) };
  addRow(tableOf(org, 'MilestoneType'), { Id: milestoneTypeId, Name: 'Resolution Time', ...stamped });
  const surveys = new Map(made.surveys.map((survey) => [survey.case, survey]));
  for (const each of made.cases) {
    writeCase(story, each, surveys.get(each.id));
    writeHistory(story, each);
    writeMessages(story, each);
    writeMilestone(story, each);
  }
  tableOf(org, 'Case').lastNumber = made.cases.length;
}

/** Some cases that nobody took yet wait in the queue. */
function ownerOf(story: Story, each: Case): string {
  const waits = each.status === 'new' && each.history.length === 1 && each.id % 2 === 0;
  return waits ? queueId : story.idOf.person(each.owner);
}

function writeCase(story: Story, each: Case, survey: Survey | undefined): void {
  const { org, idOf } = story;
  const modifiedAt = Math.max(each.modifiedAt, survey?.answeredAt ?? 0);
  addRow(tableOf(org, 'Case'), {
    Id: idOf.case(each.id),
    CaseNumber: String(each.id).padStart(8, '0'),
    Subject: each.subject,
    AccountId: idOf.account(each.account),
    ContactId: idOf.contact(each.contact),
    OwnerId: ownerOf(story, each),
    Status: statuses[each.status],
    Priority: capital(each.priority),
    Origin: capital(each.channel),
    Type: each.category,
    IsClosed: each.status === 'closed',
    ClosedDate: each.status === 'closed' ? orNull(each.closedAt) : null,
    CSAT__c: survey?.score ?? null,
    CSAT_Comment__c: survey?.comment ?? null,
    CSAT_Answered__c: orNull(survey?.answeredAt ?? null),
    ...stamps(each.createdAt, modifiedAt, idOf.person(each.owner)),
  });
}

function writeHistory({ org, idOf }: Story, each: Case): void {
  const add = (at: number, by: number, change: Readonly<Record<string, Value>>) =>
    addNext(org, history, {
      CaseId: idOf.case(each.id),
      ...change,
      IsDeleted: false,
      CreatedDate: seconds(at),
      CreatedById: idOf.person(by),
    });
  each.history.forEach((entry, index) => {
    const before = each.history[index - 1];
    if (!before) {
      add(entry.at, entry.by, { Field: 'created', DataType: 'Text', OldValue: null, NewValue: null });
      return;
    }
    if (entry.status !== before.status) {
      const change = { OldValue: statuses[before.status], NewValue: statuses[entry.status] };
      add(entry.at, entry.by, { Field: 'Status', DataType: 'DynamicEnum', ...change });
    }
    if (entry.owner === before.owner) return;
    // A lookup leaves two rows: one with the ids, one with the names.
    const ids = { OldValue: idOf.person(before.owner), NewValue: idOf.person(entry.owner) };
    add(entry.at, entry.by, { Field: 'Owner', DataType: 'EntityId', ...ids });
    const nameOf = (id: string) => rowById(tableOf(org, 'User'), id)?.Name ?? null;
    add(entry.at, entry.by, {
      Field: 'Owner',
      DataType: 'Text',
      OldValue: nameOf(ids.OldValue),
      NewValue: nameOf(ids.NewValue),
    });
  });
}

/** The customer's e-mail and the first answer to it. */
function writeMessages({ org, idOf }: Story, each: Case): void {
  const by = idOf.person(each.owner);
  const add = (at: number, incoming: boolean) =>
    addNext(org, message, {
      ParentId: idOf.case(each.id),
      Subject: each.subject,
      Incoming: incoming,
      Status: incoming ? '2' : '3',
      MessageDate: seconds(at),
      IsTracked: false,
      ...stamps(at, at, incoming ? org.integrationUserId : by),
    });
  if (each.channel === 'email') add(each.createdAt, true);
  if (each.firstReplyAt !== null) add(each.firstReplyAt, false);
}

function writeMilestone({ org, idOf, company }: Story, each: Case): void {
  if (each.dueAt === null) return;
  const done = each.status === 'closed' ? each.closedAt : null;
  const violated = (done ?? company.now) > each.dueAt;
  addNext(
    org,
    { name: 'CaseMilestone', prefix: '555' },
    {
      CaseId: idOf.case(each.id),
      MilestoneTypeId: milestoneTypeId,
      StartDate: seconds(each.createdAt),
      TargetDate: seconds(each.dueAt),
      CompletionDate: orNull(done),
      IsCompleted: done !== null,
      IsViolated: violated,
      TargetResponseInMins: Math.round((each.dueAt - each.createdAt) / 60_000),
      BusinessHoursId: salesforceId('01m', 1),
      ...stamps(each.createdAt, each.modifiedAt, idOf.person(each.owner)),
    },
  );
}
