import { datetime, flag, link, longText, pick, readOnly, required, text } from './fields.ts';
import type { ObjectSpec } from './object.ts';

const name = (length: number) => text(length, { ...required, nameField: true });

const permissions: Readonly<Record<string, ObjectSpec>> = {
  PermissionSet: {
    prefix: '0PS',
    audit: 'undeletable',
    fields: {
      Name: name(80),
      Label: text(80, required),
      Description: text(255),
      IsOwnedByProfile: flag(readOnly),
      IsCustom: flag(readOnly),
      ProfileId: link('Profile', 'Profile', readOnly),
      NamespacePrefix: text(15, readOnly),
    },
  },
  PermissionSetAssignment: {
    prefix: '0Pa',
    audit: 'none',
    fields: {
      PermissionSetId: link('PermissionSet', 'PermissionSet', { ...required, updateable: false }),
      AssigneeId: link('Assignee', 'User', { ...required, updateable: false }),
      SystemModstamp: datetime(readOnly),
    },
  },
  FieldPermissions: {
    prefix: '01k',
    audit: 'none',
    fields: {
      ParentId: link('Parent', 'PermissionSet', required),
      SobjectType: pick('', required),
      Field: pick('', required),
      PermissionsRead: flag(),
      PermissionsEdit: flag(),
      SystemModstamp: datetime(readOnly),
    },
  },
  ObjectPermissions: {
    prefix: '110',
    audit: 'none',
    fields: {
      ParentId: link('Parent', 'PermissionSet', required),
      SobjectType: pick('', required),
      PermissionsCreate: flag(),
      PermissionsRead: flag(),
      PermissionsEdit: flag(),
      PermissionsDelete: flag(),
      PermissionsViewAllRecords: flag(),
      PermissionsModifyAllRecords: flag(),
      SystemModstamp: datetime(readOnly),
    },
  },
};

const analytics: Readonly<Record<string, ObjectSpec>> = {
  Folder: {
    prefix: '00l',
    audit: 'undeletable',
    writable: false,
    fields: { Name: name(80), DeveloperName: text(80), Type: pick('Report|Dashboard'), AccessType: pick('') },
  },
  Report: {
    prefix: '00O',
    writable: false,
    fields: {
      Name: name(40),
      DeveloperName: text(80),
      FolderName: text(256),
      Description: text(255),
      Format: pick('Tabular|Summary|Matrix'),
      OwnerId: link('Owner', 'User|Folder|Organization'),
      LastRunDate: datetime(readOnly),
    },
  },
  Dashboard: {
    prefix: '01Z',
    writable: false,
    fields: {
      Title: text(80, { nameField: true }),
      DeveloperName: text(80),
      FolderId: link('Folder', 'Folder'),
      FolderName: text(256),
      Description: longText(255),
    },
  },
};

/** What administrators set up, as far as it can be queried. */
export const setupObjects: Readonly<Record<string, ObjectSpec>> = { ...permissions, ...analytics };
