/**
 * A made-up company in no vendor's terms; each sandbox turns it into its own CRM's records. Ids are small integers,
 * unique within their kind; instants epoch ms; dates `YYYY-MM-DD`; amounts whole units of the company's currency.
 */
export interface Company {
  readonly name: string;
  readonly currency: string;
  readonly timeZone: string;
  readonly now: number;
  /** First instant of the story, about 25 months before `now`. */
  readonly from: number;
  readonly teams: readonly Team[];
  readonly people: readonly Person[];
  readonly accounts: readonly Account[];
  readonly contacts: readonly Contact[];
  readonly leads: readonly Lead[];
  readonly stages: readonly DealStage[];
  readonly deals: readonly Deal[];
  readonly activities: readonly Activity[];
  readonly cases: readonly Case[];
  readonly campaigns: readonly Campaign[];
  readonly emails: readonly MarketingEmail[];
  readonly surveys: readonly Survey[];
}

export interface Team {
  readonly id: number;
  readonly name: string;
  readonly parent: number | null;
  readonly function: 'sales' | 'service' | 'marketing';
}
export interface Person {
  readonly id: number;
  readonly first: string;
  readonly last: string;
  readonly email: string;
  readonly title: string;
  readonly team: number;
  readonly manager: number | null;
  readonly active: boolean;
  readonly since: number;
}
export interface Account {
  readonly id: number;
  readonly name: string;
  readonly industry: string /** Enterprise, Mid-market, Small business */;
  readonly segment: string;
  readonly country: string;
  readonly owner: number;
  readonly createdAt: number;
  readonly employees: number;
}
export interface Contact {
  readonly id: number;
  readonly account: number;
  readonly first: string;
  readonly last: string;
  readonly email: string;
  readonly createdAt: number;
  readonly owner: number;
}
export interface Lead {
  readonly id: number;
  readonly first: string;
  readonly last: string;
  readonly company: string;
  readonly email: string;
  readonly source: string;
  readonly owner: number;
  readonly createdAt: number;
  readonly campaign: number | null;
  readonly convertedAt: number | null;
  readonly deal: number | null;
  readonly account: number | null;
  readonly contact: number | null;
  readonly status: 'open' | 'working' | 'converted' | 'unqualified';
}
/** Open stages in order, then won and lost; `key` as camel-free lower-case words: `qualification`. */
export interface DealStage {
  readonly key: string;
  readonly label: string;
  readonly probability: number;
  readonly outcome: 'open' | 'won' | 'lost';
}
export interface Deal {
  readonly id: number;
  readonly name: string;
  readonly account: number;
  readonly contact: number;
  readonly owner: number;
  readonly createdAt: number;
  readonly type: 'new' | 'expansion' | 'renewal';
  readonly source: string;
  readonly campaign: number | null;
  readonly amount: number | null;
  readonly expectedCloseOn: string;
  /** null while open */
  readonly closedAt: number | null;
  readonly closedOn: string | null;
  readonly stage: string;
  readonly nextStep: string | null;
  readonly lostReason: string | null;
  /** Oldest first, from creation on; each entry what holds from `at` on. The last one equals the deal's present state. */
  readonly history: readonly {
    readonly at: number;
    readonly stage: string;
    readonly amount: number | null;
    readonly expectedCloseOn: string;
    readonly by: number;
  }[];
  readonly modifiedAt: number;
}
export interface Activity {
  readonly id: number;
  readonly kind: 'task' | 'call' | 'meeting' | 'email';
  readonly subject: string;
  readonly owner: number;
  readonly deal: number | null;
  readonly case: number | null;
  readonly account: number | null;
  readonly contact: number | null;
  readonly lead: number | null;
  readonly createdAt: number;
  readonly startsAt: number | null;
  readonly endsAt: number | null;
  readonly dueOn: string | null;
  readonly doneAt: number | null;
  readonly status: 'open' | 'done' | 'cancelled';
  readonly direction: 'inbound' | 'outbound' | null;
  readonly automated: boolean;
  readonly modifiedAt: number;
}
export interface Case {
  readonly id: number;
  readonly subject: string;
  readonly account: number;
  readonly contact: number;
  readonly owner: number;
  readonly createdAt: number;
  readonly priority: 'low' | 'medium' | 'high';
  readonly category: string | null;
  readonly channel: 'email' | 'phone' | 'web' | 'chat';
  readonly status: 'new' | 'working' | 'waiting' | 'closed';
  readonly closedAt: number | null;
  readonly firstReplyAt: number | null;
  readonly dueAt: number | null;
  /** Oldest first, from creation on; a closed case may have been reopened on the way. */
  readonly history: readonly {
    readonly at: number;
    readonly status: 'new' | 'working' | 'waiting' | 'closed';
    readonly owner: number;
    readonly by: number;
  }[];
  readonly modifiedAt: number;
}
export interface Campaign {
  readonly id: number;
  readonly name: string;
  readonly kind: string;
  readonly owner: number;
  readonly startsOn: string;
  readonly endsOn: string;
  readonly cost: number | null;
  readonly budget: number | null;
  readonly createdAt: number;
  readonly members: readonly {
    readonly contact: number;
    readonly sentAt: number;
    readonly respondedAt: number | null;
  }[];
}
export interface MarketingEmail {
  readonly id: number;
  readonly name: string;
  readonly subject: string;
  readonly campaign: number;
  readonly owner: number;
  readonly sentAt: number;
  readonly sent: number;
  readonly delivered: number;
  readonly opensUnique: number;
  readonly opensUnreliable: number;
  readonly clickersUnique: number;
  readonly bounced: number;
  readonly unsubscribed: number;
  readonly spam: number;
}
export interface Survey {
  readonly id: number;
  readonly case: number;
  readonly account: number;
  readonly contact: number;
  readonly sentAt: number;
  readonly answeredAt: number | null /** 1 to 5 */;
  readonly score: number | null;
  readonly comment: string | null;
}

export interface CompanyOptions {
  readonly seed: number /** deals */;
  readonly size: number;
  readonly now: number;
  readonly currency: string;
  readonly timeZone: string;
  /** With problems that are worth finding: plant.ts. */
  readonly planted?: boolean;
}
