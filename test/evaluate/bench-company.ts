import { join } from 'node:path';
import { createZone } from '../../src/model/zone.ts';
import { type Handle, openHandle } from '../../src/store/database.ts';
import { openStore } from '../../src/store/open.ts';
import { createDraw } from './random-company.ts';

const dayMs = 86_400_000;

export interface CompanySize {
  readonly deals: number;
  readonly activities: number;
  readonly tickets: number;
  readonly owners: number;
  readonly months: number;
}

/** What counts lies before it. */
export const benchAsOf = Date.UTC(2026, 9, 15, 2, 30);
export const benchZone = 'Europe/Madrid';

/** Seeded, streamed: a statement per table and a row at a time, so that memory does not grow with the size. */
export async function fillStore(folder: string, size: CompanySize): Promise<string> {
  const path = join(folder, 'bench.db');
  const zone = createZone(benchZone);
  const handle = openHandle(path);
  handle.pragma('synchronous = OFF');
  handle.pragma('cache_size = -200000');
  const writer = createWriter(handle, size, zone.dateOf);
  for (const fill of [writer.people, writer.deals, writer.activities, writer.tickets, writer.others])
    handle.transaction(fill)();
  handle.close();
  const store = openStore(path, zone);
  await store.derive(new AbortController().signal);
  await store[Symbol.asyncDispose]();
  return path;
}

function createWriter(handle: Handle, size: CompanySize, dateOf: (at: number) => string) {
  const draw = createDraw(7);
  const from = benchAsOf - size.months * 30.4375 * dayMs;
  const whole = (limit: number) => Math.floor(draw() * limit);
  const id = (prefix: string, number: number) => `${prefix}${String(number).padStart(15, '0')}`;
  const owner = () => id('005', whole(size.owners));
  const account = () => id('001', whole(Math.max(1, Math.floor(size.deals / 5))));
  const instant = () => Math.floor(from + draw() * (benchAsOf - from));
  const insert = (table: string, columns: string) => {
    const names = columns.split(' ');
    const statement = handle.prepare(
      `INSERT INTO ${table} (source_id, stream, synced_at, id, ${names.join(', ')})
       VALUES ('crm', '${table}', ${benchAsOf}, ?, ${names.map(() => '?').join(', ')})`,
    );
    return (...values: unknown[]) => void statement.run(...values);
  };

  function people(): void {
    handle.exec(
      `INSERT INTO source (id, kind, account_id, name, base_currency, time_zone) VALUES ('crm', 'csv', 'crm', 'crm', 'EUR', '${benchZone}')`,
    );
    const stream = handle.prepare(
      `INSERT INTO stream (source_id, name, "table", comparable, last_success_at) VALUES ('crm', ?, ?, 1, ${benchAsOf})`,
    );
    const streams =
      'actor team account lead stage deal activity ticket change campaign campaign_member email_stat survey_answer entry fx_rate';
    for (const name of streams.split(' ')) stream.run(name, name);
    const actor = insert('actor', 'kind name active licensed email created_at');
    const member = handle.prepare("INSERT INTO team_member VALUES ('crm', ?, ?, 0, NULL, 1)");
    const touch = handle.prepare("INSERT INTO touched VALUES (?, 'crm', ?)");
    for (let i = 0; i < size.owners; i++) {
      actor(id('005', i), 'user', `Person ${i}`, 1, 1, `p${i}@example.com`, from - 400 * dayMs);
      member.run(id('005', i), id('00T', i % 10));
      touch.run('actor', id('005', i));
    }
    const team = insert('team', 'name parent_id');
    for (let i = 0; i < 10; i++) team(id('00T', i), `Team ${i}`, null);
    const accounts = insert('account', 'name category owner_id created_at');
    for (let i = 0; i < size.deals / 5; i++)
      accounts(id('001', i), `Account ${i}`, ['A', 'B', 'C'][i % 3], owner(), from);
    const stage = insert('stage', 'object pipeline key label position is_closed is_won probability');
    for (const [i, key] of stages.entries())
      stage(`s${i}`, 'deal', 'default', key, key, i, i > 3 ? 1 : 0, i === 4 ? 1 : 0, i / 5);
    for (const [i, key] of ['new', 'working', 'closed'].entries())
      stage(`k${i}`, 'ticket', 'default', key, key, i, i === 2 ? 1 : 0, 0, null);
    const rate = insert('fx_rate', 'currency day rate_to_base');
    for (let i = 0; i < 40; i++)
      rate(`r${i}`, 'USD', dateOf(benchAsOf - i * 30 * dayMs), 0.9 + (i % 7) / 100);
  }

  function deals(): void {
    const deal = insert(
      'deal',
      'name account_id owner_id created_by_id pipeline stage type amount_minor currency cost_minor probability created_on expected_close_on closed_on outcome campaign_id source created_at updated_at',
    );
    const change = insert('change', 'object record_id field at from_value to_value actor_id origin');
    const touch = handle.prepare("INSERT INTO touched VALUES ('deal', 'crm', ?)");
    let changes = 0;
    for (let i = 0; i < size.deals; i++) {
      const createdAt = instant();
      const closesAt = createdAt + whole(120) * dayMs;
      const isClosed = closesAt < benchAsOf && draw() < 0.9;
      const outcome = isClosed ? (draw() < 0.3 ? 'won' : 'lost') : 'open';
      const stage = isClosed ? (outcome === 'won' ? 'won' : 'lost') : (stages[whole(4)] ?? 'new');
      const person = owner();
      const amount = draw() < 0.02 ? null : whole(5_000_000);
      const closedOn = isClosed ? dateOf(closesAt) : null;
      deal(
        id('006', i),
        `Deal ${i}`,
        account(),
        person,
        person,
        'default',
        stage,
        draw() < 0.2 ? 'renewal' : 'new',
        amount,
        draw() < 0.1 ? 'USD' : 'EUR',
        amount === null ? null : Math.floor(amount * 0.6),
        isClosed ? null : 0.4,
        dateOf(createdAt),
        dateOf(closesAt),
        closedOn,
        outcome,
        draw() < 0.3 ? id('701', whole(100)) : null,
        ['web', 'fair', 'partner'][whole(3)],
        createdAt,
        isClosed ? closesAt : createdAt,
      );
      const record = id('006', i);
      const closeAt = isClosed ? closesAt : null;
      change(id('017', changes++), 'deal', record, 'stage', createdAt, null, 'new', person, 'history');
      if (stage !== 'new')
        change(
          id('017', changes++),
          'deal',
          record,
          'stage',
          closeAt ?? Math.floor((createdAt + benchAsOf) / 2),
          'new',
          stage,
          person,
          'history',
        );
      if (draw() < 0.05)
        change(
          id('017', changes++),
          'deal',
          record,
          'owner_id',
          createdAt + dayMs,
          owner(),
          person,
          person,
          'history',
        );
      touch.run(record);
    }
  }

  function activities(): void {
    const activity = insert(
      'activity',
      'kind owner_id created_by_id account_id deal_id person_id starts_at due_on done_at status direction automated created_at',
    );
    for (let i = 0; i < size.activities; i++) {
      const kind = ['task', 'call', 'meeting', 'email'][i % 4] ?? 'task';
      const createdAt = instant();
      const isDone = draw() < 0.85;
      const person = owner();
      const doneAt = isDone ? Math.min(createdAt + whole(20) * dayMs, benchAsOf - 1) : null;
      activity(
        id('00U', i),
        kind,
        person,
        person,
        null,
        draw() < 0.5 ? id('006', whole(size.deals)) : null,
        draw() < 0.2 ? id('00Q', whole(size.deals / 5)) : null,
        kind === 'meeting' ? createdAt + 3 * dayMs : null,
        kind === 'task' ? dateOf(createdAt + 10 * dayMs) : null,
        doneAt,
        isDone ? 'done' : 'open',
        kind === 'email' ? (draw() < 0.5 ? 'inbound' : 'outbound') : null,
        kind === 'task' && draw() < 0.3 ? 1 : 0,
        createdAt,
      );
    }
  }

  function tickets(): void {
    const ticket = insert(
      'ticket',
      'name account_id owner_id created_by_id pipeline status priority category channel is_closed first_reply_at first_closed_at last_closed_at due_at reply_count article_count created_at updated_at',
    );
    const touch = handle.prepare("INSERT INTO touched VALUES ('ticket', 'crm', ?)");
    for (let i = 0; i < size.tickets; i++) {
      const createdAt = instant();
      const closedAt = createdAt + whole(400) * 3_600_000;
      const isClosed = closedAt < benchAsOf && draw() < 0.95;
      const replyAt = createdAt + whole(48) * 3_600_000;
      ticket(
        id('500', i),
        `Case ${i}`,
        account(),
        owner(),
        owner(),
        'default',
        isClosed ? 'closed' : 'new',
        ['high', 'low', 'medium'][whole(3)],
        ['billing', 'bug', 'other', null][whole(4)],
        ['mail', 'phone', 'web'][whole(3)],
        isClosed ? 1 : 0,
        replyAt < benchAsOf && draw() < 0.9 ? replyAt : null,
        isClosed ? closedAt : null,
        isClosed ? closedAt : null,
        createdAt + 5 * dayMs,
        whole(4),
        whole(2),
        createdAt,
        isClosed ? closedAt : createdAt,
      );
      touch.run(id('500', i));
    }
  }

  function others(): void {
    const lead = insert('lead', 'owner_id source first_campaign_id converted_on created_at');
    for (let i = 0; i < size.deals / 5; i++) {
      const createdAt = instant();
      const convertedOn = draw() < 0.3 ? dateOf(createdAt + whole(60) * dayMs) : null;
      lead(id('00Q', i), owner(), 'web', draw() < 0.5 ? id('701', whole(100)) : null, convertedOn, createdAt);
    }
    const campaign = insert(
      'campaign',
      'name kind owner_id starts_on ends_on cost_minor currency created_at',
    );
    const send = insert(
      'email_stat',
      'campaign_id owner_id sent_at sent delivered opens_unique opens_unreliable clickers_unique bounced unsubscribed',
    );
    const member = insert('campaign_member', 'campaign_id person_id sent_at created_at');
    for (let i = 0; i < 100; i++) {
      const startsAt = instant();
      const days = [dateOf(startsAt), dateOf(startsAt + 60 * dayMs)];
      campaign(id('701', i), `Campaign ${i}`, 'Email', owner(), ...days, 500_000, 'EUR', startsAt);
      send(id('18Z', i), id('701', i), owner(), startsAt, 1000, 980, 300, 50, 40, 20, 3);
      member(id('00v', i), id('701', i), id('00Q', i), startsAt, startsAt);
    }
    const survey = insert(
      'survey_answer',
      'audience kind ticket_id owner_id sent_at answered_at score scale_min scale_max',
    );
    for (let i = 0; i < size.tickets / 10; i++) {
      const sentAt = instant();
      const answeredAt = draw() < 0.4 ? sentAt + whole(72) * 3_600_000 : null;
      survey(id('0Xy', i), 'customer', 'csat', id('500', i), owner(), sentAt, answeredAt, 1 + whole(5), 1, 5);
    }
    const entry = insert('entry', 'kind day from_on to_on amount_minor currency purpose actor_id');
    let entries = 0;
    for (let month = 0; month < size.months + 2; month++) {
      const day = new Date(Date.UTC(2026, 9 - month, 1));
      const on = day.toISOString().slice(0, 10);
      const to = new Date(Date.UTC(2026, 10 - month, 0)).toISOString().slice(0, 10);
      entry(`e${entries++}`, 'cost', on, on, to, 5_000_000, 'EUR', 'sales', null);
      for (let i = 0; i < size.owners; i++)
        entry(`e${entries++}`, 'quota', on, on, to, 10_000_000, 'EUR', null, id('005', i));
      entry(`e${entries++}`, 'training', on, null, null, null, null, null, id('005', month));
    }
  }

  return { people, deals, activities, tickets, others };
}

const stages = ['new', 'qualified', 'proposal', 'negotiation', 'won', 'lost'];
