import {
  anyType,
  date,
  datetime,
  email,
  flag,
  link,
  longText,
  pick,
  readOnly,
  required,
  text,
  time,
  whole,
} from './fields.ts';
import type { ObjectSpec } from './object.ts';

const anyone = 'Contact|Lead';
const anything = 'Account|Campaign|Case|Contract|Opportunity|Product2';
const owner = (to: string) => ({ OwnerId: link('Owner', to, { nillable: false }) });
const sortedValue = {
  MasterLabel: text(255),
  ApiName: text(255),
  SortOrder: whole(),
  IsDefault: flag(),
  IsClosed: flag(),
};

const cases: Readonly<Record<string, ObjectSpec>> = {
  Case: {
    prefix: '500',
    fields: {
      MasterRecordId: link('MasterRecord', 'Case', readOnly),
      CaseNumber: text(30, { ...readOnly, autoNumber: true, nameField: true }),
      ContactId: link('Contact', 'Contact'),
      AccountId: link('Account', 'Account'),
      ParentId: link('Parent', 'Case'),
      SuppliedEmail: email(),
      Type: pick('Question|Problem|Feature Request'),
      Status: pick('New|Working|Waiting|Closed', { nillable: false }),
      Reason: pick('Installation|Equipment Complexity|Performance|Breakdown|Other'),
      Origin: pick('Email|Phone|Web|Chat'),
      Subject: text(255, { sortable: true }),
      Priority: pick('High|Medium|Low'),
      Description: longText(),
      IsClosed: flag(readOnly),
      ClosedDate: datetime(readOnly),
      IsEscalated: flag(),
      ...owner('Group|User'),
    },
  },
  CaseStatus: { prefix: '0Ar', audit: 'undeletable', writable: false, bulk: false, fields: sortedValue },
  CaseHistory: {
    prefix: '017',
    audit: 'created',
    writable: false,
    hardDelete: true,
    fields: {
      CaseId: link('Case', 'Case'),
      Field: pick(''),
      DataType: pick('DynamicEnum|EntityId|Text'),
      OldValue: anyType(),
      NewValue: anyType(),
    },
  },
  CaseComment: {
    prefix: '00a',
    fields: { ParentId: link('Parent', 'Case', required), IsPublished: flag(), CommentBody: longText(4000) },
  },
  MilestoneType: {
    prefix: '557',
    audit: 'undeletable',
    fields: { Name: text(80, { ...required, nameField: true }), Description: longText() },
  },
  CaseMilestone: {
    prefix: '555',
    fields: {
      CaseId: link('Case', 'Case', { createable: false, updateable: false }),
      StartDate: datetime(),
      TargetDate: datetime(readOnly),
      CompletionDate: datetime(),
      MilestoneTypeId: link('MilestoneType', 'MilestoneType', readOnly),
      IsCompleted: flag(readOnly),
      IsViolated: flag(readOnly),
      TargetResponseInMins: whole(readOnly),
      BusinessHoursId: link('BusinessHours', 'BusinessHours', readOnly),
    },
  },
  EmailMessage: {
    prefix: '02s',
    label: 'Email Message',
    fields: {
      ParentId: link('Parent', 'Case'),
      RelatedToId: link('RelatedTo', anything),
      CreatedById: link('CreatedBy', 'User', readOnly),
      Subject: text(3000),
      FromAddress: email(),
      ToAddress: text(4000, { filterable: false, sortable: false, groupable: false }),
      Incoming: flag(),
      Status: pick('0|1|2|3|4|5', { nillable: false }),
      MessageDate: datetime(),
      IsTracked: flag(),
      FirstOpenedDate: datetime(),
      LastOpenedDate: datetime(),
      IsBounced: flag(readOnly),
      TextBody: longText(),
    },
  },
};

const activities: Readonly<Record<string, ObjectSpec>> = {
  Task: {
    prefix: '00T',
    fields: {
      WhoId: link('Who', anyone),
      WhatId: link('What', anything),
      Subject: { ...text(255), type: 'combobox', nameField: true },
      ActivityDate: date(),
      Status: pick('Not Started|In Progress|Completed|Waiting on someone else|Deferred', { nillable: false }),
      Priority: pick('High|Normal|Low', { nillable: false }),
      IsHighPriority: flag(readOnly),
      ...owner('Group|User'),
      Description: longText(),
      IsClosed: flag(readOnly),
      AccountId: link('Account', 'Account', readOnly),
      IsArchived: flag(readOnly),
      CallDurationInSeconds: whole(),
      CallType: pick('Internal|Inbound|Outbound'),
      CallDisposition: text(255),
      Type: pick('Call|Email|Meeting|Other'),
      TaskSubtype: pick('Task|Email|ListEmail|Cadence|Call|LinkedIn', { updateable: false }),
      CompletedDateTime: datetime(readOnly),
      IsRecurrence: flag({ updateable: false }),
      RecurrenceActivityId: link('RecurrenceActivity', 'Task', readOnly),
    },
  },
  Event: {
    prefix: '00U',
    fields: {
      WhoId: link('Who', anyone),
      WhatId: link('What', anything),
      Subject: { ...text(255), type: 'combobox', nameField: true },
      Location: text(255),
      IsAllDayEvent: flag(),
      ActivityDateTime: datetime(),
      ActivityDate: date(),
      StartDateTime: datetime(),
      EndDateTime: datetime(),
      DurationInMinutes: whole(),
      Type: pick('Call|Email|Meeting|Other'),
      IsPrivate: flag(),
      ShowAs: pick('Busy|OutOfOffice|Free'),
      ...owner('User'),
      Description: longText(),
      AccountId: link('Account', 'Account', readOnly),
      IsChild: flag(readOnly),
      IsGroupEvent: flag(readOnly),
      GroupEventType: pick('0|1|2|3', readOnly),
      EventSubtype: pick('Event', { updateable: false }),
      IsArchived: flag(readOnly),
      IsRecurrence: flag({ updateable: false }),
      IsRecurrence2: flag(readOnly),
      RecurrenceActivityId: link('RecurrenceActivity', 'Event', readOnly),
    },
  },
  TaskStatus: { prefix: '01T', audit: 'undeletable', writable: false, bulk: false, fields: sortedValue },
};

const calendars: Readonly<Record<string, ObjectSpec>> = {
  BusinessHours: {
    prefix: '01m',
    audit: 'undeletable',
    writable: false,
    fields: {
      Name: text(80, { ...required, nameField: true }),
      IsActive: flag(),
      IsDefault: flag(),
      TimeZoneSidKey: pick(''),
      ...openingTimes(['Sunday', 'Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday']),
    },
  },
  Holiday: {
    prefix: '0C0',
    audit: 'undeletable',
    fields: {
      Name: text(80, { ...required, nameField: true }),
      Description: text(100),
      IsAllDay: flag(),
      ActivityDate: date(),
      StartTimeInMinutes: whole(),
      EndTimeInMinutes: whole(),
      IsRecurrence: flag(),
      RecurrenceType: pick(
        'RecursDaily|RecursEveryWeekday|RecursMonthly|RecursMonthlyNth|RecursWeekly|RecursYearly|RecursYearlyNth',
      ),
      RecurrenceInterval: whole(),
      RecurrenceInstance: pick('First|Second|Third|Fourth|Last'),
      RecurrenceDayOfWeekMask: whole(),
      RecurrenceDayOfMonth: whole(),
      RecurrenceMonthOfYear: pick(
        'January|February|March|April|May|June|July|August|September|October|November|December',
      ),
      RecurrenceStartDate: date(),
      RecurrenceEndDateOnly: date(),
    },
  },
};

function openingTimes(days: readonly string[]): ObjectSpec['fields'] {
  return Object.fromEntries(
    days.flatMap((day) => [
      [`${day}StartTime`, time()],
      [`${day}EndTime`, time()],
    ]),
  );
}

export const serviceObjects: Readonly<Record<string, ObjectSpec>> = { ...cases, ...activities, ...calendars };
