import type { SandboxAnswer } from '../../../src/sandbox/server.ts';
import { readFields, readText, requireText } from './body.ts';
import { type Call, openDefinitions } from './call.ts';
import { notFound, Refusal } from './refusal.ts';

export function listGroups(call: Call): SandboxAnswer {
  return { status: 200, body: { results: [...openDefinitions(call, 'read').groups.values()] } };
}

export function getGroup(call: Call): SandboxAnswer {
  const group = openDefinitions(call, 'read').groups.get(call.params.name ?? '');
  if (!group) throw notFound();
  return { status: 200, body: group };
}

export function createGroup(call: Call): SandboxAnswer {
  const type = openDefinitions(call, 'write');
  const body = readFields(call.body);
  const name = requireText(body.name, 'name');
  if (type.groups.has(name)) {
    throw new Refusal(409, {
      message: `A property group named '${name}' already exists.`,
      category: 'OBJECT_ALREADY_EXISTS',
    });
  }
  const label = requireText(body.label, 'label');
  const group = { name, label, displayOrder: Number(readText(body.displayOrder) ?? -1), archived: false };
  type.groups.set(name, group);
  return { status: 201, body: group };
}

export function changeGroup(call: Call): SandboxAnswer {
  const type = openDefinitions(call, 'write');
  const group = type.groups.get(call.params.name ?? '');
  if (!group) throw notFound();
  const body = readFields(call.body);
  const displayOrder = Number(readText(body.displayOrder) ?? group.displayOrder);
  const changed = { ...group, label: readText(body.label) ?? group.label, displayOrder };
  type.groups.set(group.name, changed);
  return { status: 200, body: changed };
}

/** A group goes only when it is empty. */
export function deleteGroup(call: Call): SandboxAnswer {
  const type = openDefinitions(call, 'write');
  const name = call.params.name ?? '';
  const isUsed = [...type.properties.values()].some((each) => each.groupName === name && !each.archived);
  if (isUsed) {
    throw new Refusal(400, {
      message: `Property group ${name} still has properties`,
      category: 'VALIDATION_ERROR',
    });
  }
  type.groups.delete(name);
  return { status: 204 };
}
