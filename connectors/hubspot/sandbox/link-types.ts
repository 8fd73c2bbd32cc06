import { activityNames } from './object-types.ts';
import type { ObjectType, Portal } from './portal.ts';

export interface LinkType {
  readonly category: 'HUBSPOT_DEFINED' | 'USER_DEFINED';
  readonly typeId: number;
  readonly label: string | null;
}

/** "Associate records": plain type id of a pair, and of its primary company where it has one. */
const standard: Readonly<Record<string, readonly [plain: number, primary?: number]>> = {
  'deals>companies': [341, 5],
  'companies>deals': [342, 6],
  'deals>contacts': [3],
  'contacts>deals': [4],
  'contacts>companies': [279, 1],
  'companies>contacts': [280, 2],
  'tickets>contacts': [16],
  'contacts>tickets': [15],
  'tickets>companies': [339, 26],
  'companies>tickets': [340, 25],
  'deals>tickets': [27],
  'tickets>deals': [28],
  'companies>companies': [450],
  'contacts>contacts': [449],
  'deals>deals': [451],
  'tickets>tickets': [452],
  'companies>calls': [181],
  'calls>companies': [182],
  'companies>emails': [185],
  'emails>companies': [186],
  'companies>meetings': [187],
  'meetings>companies': [188],
  'companies>notes': [189],
  'notes>companies': [190],
  'companies>tasks': [191],
  'tasks>companies': [192],
  'contacts>calls': [193],
  'calls>contacts': [194],
  'contacts>emails': [197],
  'emails>contacts': [198],
  'contacts>meetings': [199],
  'meetings>contacts': [200],
  'contacts>notes': [201],
  'notes>contacts': [202],
  'contacts>tasks': [203],
  'tasks>contacts': [204],
  'deals>calls': [205],
  'calls>deals': [206],
  'deals>emails': [209],
  'emails>deals': [210],
  'deals>meetings': [211],
  'meetings>deals': [212],
  'deals>notes': [213],
  'notes>deals': [214],
  'deals>tasks': [215],
  'tasks>deals': [216],
  'tickets>calls': [219],
  'calls>tickets': [220],
  'tickets>emails': [223],
  'emails>tickets': [224],
  'tickets>meetings': [225],
  'meetings>tickets': [226],
  'tickets>notes': [227],
  'notes>tickets': [228],
  'tickets>tasks': [229],
  'tasks>tickets': [230],
  'contacts>feedback_submissions': [97],
  'feedback_submissions>contacts': [98],
  'tickets>feedback_submissions': [99],
  'feedback_submissions>tickets': [100],
  'leads>contacts': [608, 578],
  'contacts>leads': [607, 579],
  'leads>companies': [610],
  'companies>leads': [609],
  'deals>goal_targets': [1357],
  'goal_targets>deals': [1358],
};

/** Empty: the two objects cannot be linked. */
export function linkTypesOf(portal: Portal, from: ObjectType, to: ObjectType): readonly LinkType[] {
  const pair = `${from.spec.name}>${to.spec.name}`;
  const own = portal.links.ownTypes.get(pair) ?? [];
  const known = standard[pair];
  if (!known) return own;
  const [plain, primary] = known;
  return [...(primary === undefined ? [] : [defined(primary, 'Primary')]), defined(plain, null), ...own];
}

function defined(typeId: number, label: string | null): LinkType {
  return { category: 'HUBSPOT_DEFINED', typeId, label };
}

/** Lets records of two objects be linked, with one more label where one is given; returns the type's id. */
export function addLinkType(
  portal: Portal,
  pair: { readonly from: ObjectType; readonly to: ObjectType },
  label: string | null = null,
): LinkType {
  const key = `${pair.from.spec.name}>${pair.to.spec.name}`;
  const type = { category: 'USER_DEFINED', typeId: portal.nextSerial(), label } as const;
  portal.links.ownTypes.set(key, [...(portal.links.ownTypes.get(key) ?? []), type]);
  return type;
}

/** A new object can be linked with those it names, and with activities in any case. */
export function linkNewType(portal: Portal, type: ObjectType, others: readonly ObjectType[]): void {
  const activities = activityNames.flatMap((name) => portal.types.get(name) ?? []);
  for (const other of new Set([...others, ...activities])) {
    if (linkTypesOf(portal, type, other).length > 0) continue;
    addLinkType(portal, { from: type, to: other });
    if (other !== type) addLinkType(portal, { from: other, to: type });
  }
}
