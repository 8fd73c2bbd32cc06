import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { SalesforceSandbox } from '../../connectors/salesforce/sandbox/index.ts';
import { type Client, deploy, type Json, signIn, start } from './salesforce-sandbox-client.ts';

let sandbox: SalesforceSandbox;
let client: Client;
beforeAll(async () => {
  sandbox = await start();
  client = await signIn(sandbox);
});
afterAll(() => sandbox[Symbol.asyncDispose]());

const xmlns = 'xmlns="http://soap.sforce.com/2006/04/metadata"';
const key =
  '<fields><fullName>Key__c</fullName><externalId>true</externalId><label>Key</label><length>255</length><type>Text</type><unique>true</unique></fields>';
const value =
  '<fields><fullName>Value__c</fullName><label>Value</label><precision>18</precision><scale>4</scale><type>Number</type></fields>';
const status =
  '<fields><fullName>Status__c</fullName><label>Status</label><type>Picklist</type><valueSet><restricted>true</restricted><valueSetDefinition><sorted>false</sorted><value><fullName>on</fullName><default>false</default><label>On</label></value></valueSetDefinition></valueSet></fields>';
const object = (fields: string) =>
  `<CustomObject ${xmlns}><deploymentStatus>Deployed</deploymentStatus>${fields}<enableReports>true</enableReports><label>Note</label><nameField><displayFormat>N-{000}</displayFormat><label>Number</label><type>AutoNumber</type></nameField><pluralLabel>Notes</pluralLabel><sharingModel>Private</sharingModel></CustomObject>`;
const grant = (fields: readonly string[]) =>
  `<PermissionSet ${xmlns}>${fields.map((field) => `<fieldPermissions><editable>true</editable><field>Note__c.${field}</field><readable>true</readable></fieldPermissions>`).join('')}<label>Notes</label></PermissionSet>`;
const manifest = (members: Readonly<Record<string, readonly string[]>>) =>
  `<Package ${xmlns}>${Object.entries(members)
    .map(
      ([type, names]) =>
        `<types>${names.map((name) => `<members>${name}</members>`).join('')}<name>${type}</name></types>`,
    )
    .join('')}<version>66.0</version></Package>`;
const files = (fields = key + value + status) => ({
  'package.xml': manifest({ CustomObject: ['Note__c'], PermissionSet: ['Notes'] }),
  'objects/Note__c.object': object(fields),
  'permissionsets/Notes.permissionset': grant(['Key__c', 'Value__c', 'Status__c']),
});
const fieldNames = async () =>
  (await client.call('GET', '/sobjects/Note__c/describe')).body.fields.map(
    (field: { name: string }) => field.name,
  );
const upsert = (records: readonly object[], allOrNone = false) =>
  client.call('PATCH', '/composite/sobjects/Note__c/Key__c', {
    allOrNone,
    records: records.map((record) => ({ attributes: { type: 'Note__c' }, ...record })),
  });
const problems = (result: Json) =>
  result.details.componentFailures.map((each: { problem: string }) => each.problem);

describe('deploying', () => {
  it('hides new fields from everyone until a permission set that grants them is assigned', async () => {
    const result = await deploy(sandbox, client, files());
    expect(result).toMatchObject({ status: 'Succeeded', success: true, numberComponentErrors: 0 });
    expect(result.states).toEqual(['Pending', 'InProgress', 'Succeeded']);
    expect(await fieldNames()).not.toContain('Key__c');
    expect((await client.query('SELECT Key__c FROM Note__c')).body[0].errorCode).toBe('INVALID_FIELD');
    expect((await upsert([{ Key__c: 'a' }])).status).toBe(404);
    const set = (await client.query("SELECT Id FROM PermissionSet WHERE Name = 'Notes'")).body.records[0].Id;
    const me = (await client.query("SELECT Id FROM User WHERE Username = 'integration@sandbox.example'")).body
      .records[0].Id;
    const assignment = { AssigneeId: me, PermissionSetId: set };
    expect((await client.call('POST', '/sobjects/PermissionSetAssignment', assignment)).status).toBe(201);
    const again = await client.call('POST', '/sobjects/PermissionSetAssignment', assignment);
    expect([again.status, again.body[0].errorCode]).toEqual([400, 'DUPLICATE_VALUE']);
    expect(await fieldNames()).toEqual(expect.arrayContaining(['Key__c', 'Value__c', 'Status__c']));
  });

  it('changes nothing when the same files come again', async () => {
    const result = await deploy(sandbox, client, files());
    expect(result.details.componentSuccesses.map((each: { changed: boolean }) => each.changed)).not.toContain(
      true,
    );
  });

  it.each([
    [
      'a type change',
      files(key + status + value.replace('Number', 'Date')),
      'Cannot change field type from double to date',
    ],
    [
      'an object without label',
      {
        ...files(),
        'package.xml': manifest({ CustomObject: ['New__c'] }),
        'objects/New__c.object': `<CustomObject ${xmlns}></CustomObject>`,
      },
      'Must specify a non-empty label for the CustomObject',
    ],
    [
      'a grant of an unknown field',
      { ...files(), 'permissionsets/Notes.permissionset': grant(['Nope__c']) },
      'In field: field - no CustomField named Note__c.Nope__c found',
    ],
    [
      'a grant of a required field',
      {
        ...files(key.replace('<type>', '<required>true</required><type>') + value + status),
        'permissionsets/Notes.permissionset': grant(['Key__c']),
      },
      'You cannot deploy to a required field: Note__c.Key__c',
    ],
    [
      'a report without its folder',
      {
        'package.xml': manifest({ Report: ['Notes/All'] }),
        'reports/Notes/All.report': `<Report ${xmlns}><format>Tabular</format><name>All</name><reportType>CustomEntity$Note__c</reportType></Report>`,
      },
      'Cannot find folder:Notes',
    ],
    ['a later version', { 'package.xml': manifest({}).replace('66.0', '99.0') }, 'Invalid version specified'],
  ])('refuses %s and leaves all as it was', async (_, broken, problem) => {
    const result = await deploy(sandbox, client, broken);
    expect(result).toMatchObject({ status: 'Failed', success: false, done: true });
    expect(problems(result)).toContain(problem);
    expect(await fieldNames()).toContain('Value__c');
  });

  it('takes components away with destructive changes', async () => {
    const own = {
      'package.xml': manifest({ CustomObject: ['Gone__c'] }),
      'objects/Gone__c.object': object(''),
    };
    expect((await deploy(sandbox, client, own)).success).toBe(true);
    expect((await client.call('GET', '/sobjects/Gone__c/describe')).status).toBe(200);
    const away = {
      'package.xml': manifest({}),
      'destructiveChanges.xml': manifest({ CustomObject: ['Gone__c'] }),
    };
    expect((await deploy(sandbox, client, away)).success).toBe(true);
    expect((await client.call('GET', '/sobjects/Gone__c/describe')).status).toBe(404);
  });
});

describe('upserting collections', () => {
  it('creates, then updates by key, and answers in the order of the request', async () => {
    const first = await upsert([
      { Key__c: 'k1', Value__c: 1.23456 },
      { Key__c: 'k2', Value__c: null },
    ]);
    expect(first.body.map((each: { created: boolean }) => each.created)).toEqual([true, true]);
    const second = await upsert([
      { Key__c: 'k2', Value__c: 2 },
      { Key__c: 'k1', Status__c: 'on' },
    ]);
    expect(second.body).toEqual([
      { id: first.body[1].id, success: true, errors: [], created: false },
      { id: first.body[0].id, success: true, errors: [], created: false },
    ]);
    expect(sandbox.get('Note__c', first.body[0].id)).toMatchObject({
      Key__c: 'k1',
      Value__c: 1.2346,
      Status__c: 'on',
    });
  });

  it.each([
    [{ Key__c: 'r1', Status__c: 'off' }, 'INVALID_OR_NULL_FOR_RESTRICTED_PICKLIST'],
    [{ Key__c: 'x'.repeat(256) }, 'STRING_TOO_LONG'],
    [{ Key__c: 'r2', Nope__c: 1 }, 'INVALID_FIELD'],
    [{ Key__c: 'r3', OwnerId: 'nobody' }, 'MALFORMED_ID'],
    [{ Key__c: 'r4', OwnerId: '0055e0000000zzzAAA' }, 'INVALID_CROSS_REFERENCE_KEY'],
    [{ Key__c: 'r5', Value__c: 1e15 }, 'NUMBER_OUTSIDE_VALID_RANGE'],
    [{ Key__c: 'r6', CreatedDate: '2026-01-01T00:00:00Z' }, 'INVALID_FIELD_FOR_INSERT_UPDATE'],
  ])('refuses only the record %j', async (record, code) => {
    const { status: httpStatus, body } = await upsert([record, { Key__c: 'good' }]);
    expect(httpStatus).toBe(200);
    expect(body[0]).toMatchObject({ success: false, errors: [{ statusCode: code }] });
    expect(body[1].success).toBe(true);
  });

  it('refuses every record of a repeated key, whatever its letter case', async () => {
    const { body } = await upsert([{ Key__c: 'Twice' }, { Key__c: 'once' }, { Key__c: 'tWICE' }]);
    expect(body.map((each: { success: boolean }) => each.success)).toEqual([false, true, false]);
    expect(body[0].errors[0]).toMatchObject({
      statusCode: 'DUPLICATE_VALUE',
      message: 'Duplicate external id specified: Twice',
    });
  });

  it('refuses an inactive owner', async () => {
    const inactive = (await client.query('SELECT Id FROM User WHERE IsActive = false LIMIT 1')).body
      .records[0].Id;
    const { body } = await upsert([{ Key__c: 'o', OwnerId: inactive }]);
    expect(body[0].errors[0].statusCode).toBe('INACTIVE_OWNER_OR_USER');
  });

  it('takes good records back when all or none is asked for', async () => {
    const { body } = await upsert([{ Key__c: 'all-1' }, { Key__c: 'all-2', Nope__c: 1 }], true);
    expect(body[0].errors[0].statusCode).toBe('ALL_OR_NONE_OPERATION_ROLLED_BACK');
    expect((await client.query("SELECT count() FROM Note__c WHERE Key__c LIKE 'all-%'")).body.totalSize).toBe(
      0,
    );
  });

  it('refuses the whole request for a value of a wrong kind and for more than 200 records', async () => {
    const wrong = await upsert([{ Key__c: 'w', Value__c: 'many' }]);
    expect([wrong.status, wrong.body[0].errorCode]).toEqual([400, 'JSON_PARSER_ERROR']);
    const many = await upsert(Array.from({ length: 201 }, (_, index) => ({ Key__c: `m${index}` })));
    expect(many.status).toBe(400);
  });

  it('deletes by ids, one outcome each', async () => {
    const id = (await upsert([{ Key__c: 'doomed' }])).body[0].id;
    const { body } = await client.call(
      'DELETE',
      `/composite/sobjects?ids=${id},a005e0000000zzzAAA&allOrNone=false`,
    );
    expect(body.map((each: { success: boolean }) => each.success)).toEqual([true, false]);
    const single = await client.call('PATCH', '/sobjects/Note__c/Key__c/doomed', { Value__c: 5 });
    expect([single.status, single.body.created]).toEqual([201, true]);
    expect((await client.call('PATCH', '/sobjects/Note__c/Key__c/doomed', { Value__c: 6 })).status).toBe(200);
  });
});
