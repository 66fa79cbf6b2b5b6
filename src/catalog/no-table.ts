import { firstTimeField, plainFields } from './column.ts';
import type { Field, Layer } from './layer.ts';

type Members = Pick<Layer, 'isTable' | 'dependsOn' | 'tileFields' | 'fieldsFrom' | 'thinning' | 'mosaic' | 'timeField'>;

/** Returns members of a layer that is no table and has no curation: rows of a result or of a function. */
export function membersWithoutTable(fields: readonly Field[]): Members {
  return {
    isTable: false,
    dependsOn: [],
    tileFields: plainFields(fields),
    fieldsFrom: {},
    thinning: undefined,
    mosaic: undefined,
    timeField: firstTimeField(fields),
  };
}
