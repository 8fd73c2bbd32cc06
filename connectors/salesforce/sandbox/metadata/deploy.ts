import type { Org } from '../org.ts';
import { deployAnalytics } from './analytics.ts';
import { deployObject } from './custom-object.ts';
import { destroyComponent } from './destroy.ts';
import { createDraft, type Draft, draftObject, fail, type Place, type Source, succeed } from './draft.ts';
import { deployPermissionSet } from './permission-set.ts';
import { deployGroup, deploySharingRule } from './sharing.ts';
import { all, type Element, parseXml, textOf } from './xml.ts';

const newestVersion = 68;

interface Kind {
  fileOf(fullName: string): string;
  deploy(draft: Draft, source: Source): void;
}

/** In the order in which they may refer to each other. */
const kinds: Readonly<Record<string, Kind>> = {
  CustomObject: { fileOf: (name) => `objects/${name}.object`, deploy: deployObject },
  CustomTab: { fileOf: (name) => `tabs/${name}.tab`, deploy: deployTab },
  Layout: { fileOf: (name) => `layouts/${name}.layout`, deploy: deployLayout },
  Group: { fileOf: (name) => `groups/${name}.group`, deploy: deployGroup },
  SharingCriteriaRule: {
    fileOf: (name) => `sharingRules/${name.split('.')[0]}.sharingRules`,
    deploy: deploySharingRule,
  },
  PermissionSet: { fileOf: (name) => `permissionsets/${name}.permissionset`, deploy: deployPermissionSet },
  Report: { fileOf: analyticsFile('reports', 'report'), deploy: deployAnalytics },
  Dashboard: { fileOf: analyticsFile('dashboards', 'dashboard'), deploy: deployAnalytics },
};

function analyticsFile(folder: string, ending: string): (fullName: string) => string {
  return (fullName) =>
    fullName.includes('/') ? `${folder}/${fullName}.${ending}` : `${folder}/${fullName}-meta.xml`;
}

/** What deploying these files would do; nothing is done yet. */
export function draftDeployment(org: Org, files: ReadonlyMap<string, Buffer>): Draft {
  const draft = createDraft(org);
  const read = (name: string) => files.get(name)?.toString('utf8');
  const place: Place = { type: '', fullName: 'package.xml', fileName: 'package.xml' };
  const manifest = parseXml(read('package.xml') ?? '');
  if (!manifest) {
    fail(draft, place, 'No package.xml found');
    return draft;
  }
  if (Number(textOf(manifest, 'version')) > newestVersion) {
    fail(draft, place, 'Invalid version specified');
    return draft;
  }
  destroyAll(draft, read('destructiveChangesPre.xml'));
  const members = membersOf(manifest);
  for (const type of members.keys()) {
    if (!kinds[type]) fail(draft, place, `Unknown type name '${type}' specified in package.xml`);
  }
  for (const [type, kind] of Object.entries(kinds)) {
    for (const fullName of members.get(type) ?? [])
      deployMember(draft, { type, fullName, fileName: kind.fileOf(fullName) }, read);
  }
  destroyAll(draft, read('destructiveChanges.xml'));
  destroyAll(draft, read('destructiveChangesPost.xml'));
  return draft;
}

/** Takes a sound draft over. */
export function commitDraft(draft: Draft): void {
  const { org } = draft;
  org.objects.clear();
  for (const [name, object] of draft.objects) org.objects.set(name, object);
  org.components.clear();
  for (const [name, component] of draft.components) org.components.set(name, component);
  for (const effect of draft.effects) effect();
}

/** Fields and list views come with their object's file and need no member of their own; a folder comes before its content. */
function membersOf(manifest: Element): ReadonlyMap<string, readonly string[]> {
  const members = new Map<string, readonly string[]>();
  for (const types of all(manifest, 'types')) {
    const names = all(types, 'members').map((member) => member.text.trim());
    const name = textOf(types, 'name');
    if (name === 'CustomField' || name === 'ListView') continue;
    members.set(
      name,
      names.sort((a, b) => a.split('/').length - b.split('/').length),
    );
  }
  return members;
}

function deployMember(draft: Draft, place: Place, read: (name: string) => string | undefined): void {
  const text = read(place.fileName);
  if (text === undefined) {
    fail(
      draft,
      place,
      `An object '${place.fullName}' of type ${place.type} was named in package.xml, but was not found in zipped directory`,
    );
    return;
  }
  const root = parseXml(text);
  if (!root) fail(draft, place, 'Error parsing file: the content is not well-formed XML');
  else kinds[place.type]?.deploy(draft, { ...place, text, root });
}

function destroyAll(draft: Draft, text: string | undefined): void {
  const manifest = text === undefined ? null : parseXml(text);
  if (!manifest) return;
  for (const types of all(manifest, 'types')) {
    for (const member of all(types, 'members'))
      destroyComponent(draft, textOf(types, 'name'), member.text.trim());
  }
}

function deployTab(draft: Draft, source: Source): void {
  const custom = textOf(source.root, 'customObject') === 'true';
  if (custom && !draftObject(draft, source.fullName))
    fail(draft, source, `In field: customObject - no CustomObject named ${source.fullName} found`);
  else if (textOf(source.root, 'motif') === '') fail(draft, source, 'Required field is missing: motif');
  else succeed(draft, source, source.text);
}

function deployLayout(draft: Draft, source: Source): void {
  const object = draftObject(draft, source.fullName.split('-')[0] ?? '');
  if (!object) {
    fail(draft, source, `In field: layout - no CustomObject named ${source.fullName.split('-')[0]} found`);
    return;
  }
  const shown = fieldsOf(source.root);
  const unknown = shown.find((name) => !object.fields.has(name.toLowerCase()));
  const missing = [...object.fields.values()].find((field) => field.required && !shown.includes(field.name));
  if (unknown) fail(draft, source, `Invalid field:${unknown} in related list or layout`);
  else if (missing)
    fail(draft, source, `Layout must contain an item for required layout field: ${missing.name}`);
  else succeed(draft, source, source.text);
}

function fieldsOf(root: Element): string[] {
  const sections = all(root, 'layoutSections');
  const items = sections.flatMap((section) =>
    all(section, 'layoutColumns').flatMap((column) => all(column, 'layoutItems')),
  );
  return items.map((item) => textOf(item, 'field')).filter((name) => name !== '');
}
