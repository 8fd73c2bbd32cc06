import type { Company, Person } from '../../../../src/sandbox/company.ts';
import { salesforceId } from '../ids.ts';
import { tableOf } from '../org.ts';
import { addRow } from '../records/table.ts';
import { type Story, seconds, stamps } from './write.ts';

/** Teams as roles, people as users, and the queue in which new cases wait. */
export function writePeople(story: Story, staff: Pick<Company, 'teams' | 'people'>): void {
  const { company, org, idOf } = story;
  const from = seconds(company.from);
  for (const team of staff.teams) {
    addRow(tableOf(org, 'UserRole'), {
      Id: idOf.team(team.id),
      Name: team.name,
      DeveloperName: team.name.replace(/\W+/g, '_'),
      ParentRoleId: team.parent === null ? null : idOf.team(team.parent),
      LastModifiedDate: from,
      SystemModstamp: from,
    });
  }
  for (const person of staff.people) writePerson(story, person);
  addRow(tableOf(org, 'Group'), {
    Id: queueId,
    Name: 'Support Queue',
    DeveloperName: 'Support_Queue',
    Type: 'Queue',
    CreatedDate: from,
    LastModifiedDate: from,
    SystemModstamp: from,
  });
}

export const queueId = salesforceId('00G', 1);

function writePerson({ company, org, idOf }: Story, person: Person): void {
  const { IsDeleted: _, ...stamped } = stamps(person.since, person.since, org.integrationUserId);
  addRow(tableOf(org, 'User'), {
    Id: idOf.person(person.id),
    Username: person.email,
    FirstName: person.first,
    LastName: person.last,
    Name: `${person.first} ${person.last}`,
    Alias: person.last.slice(0, 8).toLowerCase(),
    Email: person.email,
    Title: person.title,
    IsActive: person.active,
    UserType: 'Standard',
    ProfileId: salesforceId('00e', 1),
    UserRoleId: idOf.team(person.team),
    ManagerId: person.manager === null ? null : idOf.person(person.manager),
    TimeZoneSidKey: company.timeZone,
    ...stamped,
  });
}
