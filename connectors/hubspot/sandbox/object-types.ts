export const tiers = ['free', 'starter', 'professional', 'enterprise'] as const;
export type Tier = (typeof tiers)[number];

/** One kind of CRM record: names, what a caller needs for it, and its quirks. */
export interface ObjectSpec {
  /** Plural name, as in paths. */
  readonly name: string;
  readonly typeId: string;
  readonly singular: string;
  readonly read: readonly string[];
  /** Empty: read-only. */
  readonly write: readonly string[];
  /** Scope for its property definitions besides the read scope. */
  readonly schemaScope: string;
  readonly tier: Tier;
  /** Returned when a caller names no properties; created, modified and id come always. */
  readonly standard: readonly string[];
  readonly createdProperty: string;
  readonly modifiedProperty: string;
  readonly mergeable: boolean;
  readonly required: readonly string[];
  readonly custom: boolean;
}

type Part = Partial<ObjectSpec> & Pick<ObjectSpec, 'name' | 'typeId' | 'singular'>;

function makeSpec(part: Part): ObjectSpec {
  return {
    read: ['crm.objects.contacts.read'],
    write: ['crm.objects.contacts.write'],
    schemaScope: 'crm.schemas.contacts',
    tier: 'free',
    standard: [],
    createdProperty: 'hs_createdate',
    modifiedProperty: 'hs_lastmodifieddate',
    mergeable: false,
    required: [],
    custom: false,
    ...part,
  };
}

function coreSpec(part: Part): ObjectSpec {
  const { name } = part;
  return makeSpec({
    read: [`crm.objects.${name}.read`],
    write: [`crm.objects.${name}.write`],
    schemaScope: `crm.schemas.${name}`,
    createdProperty: 'createdate',
    mergeable: true,
    ...part,
  });
}

function activitySpec(name: string, typeId: string, more: Partial<ObjectSpec> = {}): ObjectSpec {
  return makeSpec({ name, typeId, singular: name.slice(0, -1), required: ['hs_timestamp'], ...more });
}

export const standardSpecs: readonly ObjectSpec[] = [
  coreSpec({
    name: 'contacts',
    typeId: '0-1',
    singular: 'contact',
    modifiedProperty: 'lastmodifieddate',
    standard: ['email', 'firstname', 'lastname'],
  }),
  coreSpec({ name: 'companies', typeId: '0-2', singular: 'company', standard: ['domain', 'name'] }),
  coreSpec({
    name: 'deals',
    typeId: '0-3',
    singular: 'deal',
    standard: ['amount', 'closedate', 'dealname', 'dealstage', 'pipeline'],
  }),
  coreSpec({
    name: 'tickets',
    typeId: '0-5',
    singular: 'ticket',
    read: ['tickets'],
    write: ['tickets'],
    schemaScope: 'tickets',
    standard: [
      'content',
      'hs_pipeline',
      'hs_pipeline_stage',
      'hs_ticket_category',
      'hs_ticket_priority',
      'subject',
    ],
  }),
  makeSpec({
    name: 'products',
    typeId: '0-7',
    singular: 'product',
    read: ['e-commerce'],
    write: ['e-commerce'],
    schemaScope: 'e-commerce',
    createdProperty: 'createdate',
    standard: ['description', 'name', 'price'],
  }),
  makeSpec({
    name: 'feedback_submissions',
    typeId: '0-19',
    singular: 'feedback_submission',
    read: ['crm.objects.contacts.read', 'crm.objects.feedback_submissions.read'],
    write: [],
    tier: 'professional',
  }),
  activitySpec('tasks', '0-27'),
  activitySpec('notes', '0-46'),
  activitySpec('meetings', '0-47'),
  activitySpec('calls', '0-48'),
  activitySpec('emails', '0-49', { read: ['crm.objects.contacts.read', 'sales-email-read'] }),
  makeSpec({
    name: 'goal_targets',
    typeId: '0-74',
    singular: 'goal_target',
    read: ['crm.objects.goals.read'],
    write: ['crm.objects.goals.write'],
    schemaScope: 'crm.schemas.goals',
    tier: 'starter',
  }),
  makeSpec({
    name: 'users',
    typeId: '0-115',
    singular: 'user',
    read: ['crm.objects.users.read'],
    write: ['crm.objects.users.write'],
    schemaScope: 'crm.schemas.users',
  }),
  makeSpec({
    name: 'leads',
    typeId: '0-136',
    singular: 'lead',
    read: ['crm.objects.leads.read'],
    write: ['crm.objects.leads.write'],
    schemaScope: 'crm.schemas.leads',
    tier: 'professional',
  }),
];

/** Objects to which a portal's own objects are linked without being asked to. */
export const activityNames = ['calls', 'emails', 'meetings', 'notes', 'tasks'] as const;

const customScopes = {
  read: ['crm.objects.custom.read'],
  write: ['crm.objects.custom.write'],
  schemaScope: 'crm.schemas.custom',
  tier: 'enterprise',
  custom: true,
} as const;

export function customSpec(part: Part): ObjectSpec {
  return makeSpec({ ...customScopes, ...part });
}

/** What a token of a portal may be granted. */
export function allScopes(): string[] {
  const own = standardSpecs.flatMap(({ read, write, schemaScope }) => [
    ...read,
    ...write,
    ...(read.includes(schemaScope) ? [] : [`${schemaScope}.read`, `${schemaScope}.write`]),
  ]);
  const others = [
    'oauth',
    'crm.objects.custom.read',
    'crm.objects.custom.write',
    'crm.schemas.custom.read',
    'crm.schemas.custom.write',
    'crm.objects.owners.read',
    'content',
    'marketing.email.read',
    'marketing.campaigns.read',
    'marketing.campaigns.revenue.read',
    'settings.currencies.read',
    'settings.users.teams.read',
  ];
  return [...new Set([...own, ...others])];
}
