import type { ObjectSpec } from './object-spec.ts';
import { companyObjects } from './objects-company.ts';
import { peopleObjects } from './objects-people.ts';
import { salesObjects } from './objects-sales.ts';
import { serviceObjects } from './objects-service.ts';

/** In the order in which they are read: what others refer to comes first. */
export const objectSpecs: readonly ObjectSpec[] = [
  ...peopleObjects,
  ...salesObjects,
  ...serviceObjects,
  ...companyObjects,
];
