import { inflateRawSync } from 'node:zlib';
import { type Answer, json, notFound } from './org-answer.ts';
import { addRow, defineObject, type Org } from './org-state.ts';

const types: Readonly<Record<string, string>> = {
  Text: 'string',
  LongTextArea: 'textarea',
  Number: 'double',
  Date: 'date',
  DateTime: 'datetime',
  Checkbox: 'boolean',
  Picklist: 'picklist',
  Lookup: 'reference User',
  Url: 'url',
};

/** Takes the package as it comes, in whatever part of the form it stands; done at the second question. */
export function startDeploy(org: Org, raw: Buffer): Answer {
  const start = raw.indexOf('PK\x03\x04', 0, 'latin1');
  const files = start < 0 ? new Map<string, string>() : unzip(raw.subarray(start));
  org.counter += 1;
  const id = `0AfXy${org.counter}`;
  const failures = deploy(org, files);
  org.deploys.set(id, { polls: 0, failures });
  return json(201, { id, deployResult: { status: 'Pending', done: false } });
}

export function pollDeploy(org: Org, id: string): Answer {
  const kept = org.deploys.get(id) as { polls: number; failures: readonly unknown[] } | undefined;
  if (!kept) return notFound;
  kept.polls += 1;
  if (kept.polls < 2) return json(200, { id, deployResult: { id, status: 'InProgress', done: false } });
  const { failures } = kept;
  const success = failures.length === 0;
  const result = { id, done: true, success, status: success ? 'Succeeded' : 'Failed' };
  return json(200, {
    id,
    deployResult: { ...result, details: success ? null : { componentFailures: failures } },
  });
}

function deploy(org: Org, files: ReadonlyMap<string, string>): unknown[] {
  const failures: unknown[] = [];
  for (const [path, text] of files) {
    const [, folder = '', name = ''] = /^(?:\w+\/)?(\w+)\/(.+?)\.\w+$/.exec(`x/${path}`) ?? [];
    if (folder === 'objects') deployObject(org, name, text);
    if (folder === 'permissionsets') deploySet(org, name, text);
    if (folder === 'groups')
      addRow(org, 'Group', { Name: tag(text, 'name'), DeveloperName: name, Type: 'Regular' });
    if (folder === 'dashboards' && !path.endsWith('-meta.xml'))
      failures.push({
        componentType: 'Dashboard',
        fullName: name,
        problem: 'Not available for deploy for this organization',
        problemType: 'Error',
      });
    if (path === 'destructiveChanges.xml') remove(org, text);
  }
  return failures;
}

function tag(text: string, name: string): string {
  return new RegExp(`<${name}>([^<]*)</${name}>`).exec(text)?.[1] ?? '';
}

function own(org: Org, name: string): string {
  const { namespace } = org.dialect;
  return namespace !== null && !/__\w+__c$/.test(name) ? `${namespace}__${name}` : name;
}

/** Fields are there, and nobody sees them until the permission set is assigned. */
function deployObject(org: Org, name: string, text: string): void {
  const parts = [...text.matchAll(/<fields>([\s\S]*?)<\/fields>/g)].map(([, part = '']) => part);
  const fields = parts.map(
    (part) => `${own(org, tag(part, 'fullName'))} ${types[tag(part, 'type')] ?? 'string'}`,
  );
  const object = own(org, name);
  const known = org.objects.get(object);
  if (!known) defineObject(org, object, 'aXQ', ['Name string', 'OwnerId reference User', ...fields]);
  for (const field of fields) {
    const [id = '', type = 'string', ...parents] = field.split(' ');
    known?.fields.set(id, { name: id, type, parents });
  }
}

function deploySet(org: Org, name: string, text: string): void {
  const sets = org.objects.get('PermissionSet');
  if ([...(sets?.rows.values() ?? [])].some((row) => row.get('Name') === name)) return;
  const id = addRow(org, 'PermissionSet', { Name: name, Description: tag(text, 'description') });
  for (const [, field = ''] of text.matchAll(/<field>([^<]*)<\/field>/g))
    addRow(org, 'FieldPermissions', { ParentId: id, Field: field });
}

function remove(org: Org, text: string): void {
  for (const [, part = ''] of text.matchAll(/<types>([\s\S]*?)<\/types>/g)) {
    const names = [...part.matchAll(/<members>([^<]*)<\/members>/g)].map(([, name = '']) => name);
    for (const name of names) {
      if (tag(part, 'name') === 'CustomObject') org.objects.delete(own(org, name));
      const table = { PermissionSet: 'PermissionSet', Group: 'Group' }[tag(part, 'name')];
      for (const [id, row] of org.objects.get(table ?? '')?.rows ?? [])
        if ([row.get('Name'), row.get('DeveloperName')].includes(name))
          org.objects.get(table ?? '')?.rows.delete(id);
    }
  }
}

function unzip(zip: Buffer): Map<string, string> {
  const files = new Map<string, string>();
  for (let at = 0; zip.toString('latin1', at, at + 4) === 'PK\x03\x04'; ) {
    const packed = zip.readUInt32LE(at + 18);
    const nameEnd = at + 30 + zip.readUInt16LE(at + 26);
    const from = nameEnd + zip.readUInt16LE(at + 28);
    files.set(
      zip.toString('utf8', at + 30, nameEnd),
      inflateRawSync(zip.subarray(from, from + packed)).toString(),
    );
    at = from + packed;
  }
  return files;
}
