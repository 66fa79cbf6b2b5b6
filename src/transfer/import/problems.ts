import type { DatabaseError } from '../../database/database.ts';
import { isMissingValue, isRefusedByTable } from '../../database/sqlstate.ts';
import { Problem, wrongParameter } from '../../lib/errors.ts';

export function oneOrAll(): Problem {
  return wrongParameter('sourceLayer', {
    vi: 'Chỉ dùng một trong hai: --source-layer (một lớp) hoặc --all-layers (mọi lớp).',
    en: 'Use one of both: --source-layer for one layer, or --all-layers for all.',
  });
}

/** Returns the problem for a cadastral map that goes elsewhere than to the parcels, or with a second file. */
export function oneDrawing(layer: string): Problem {
  return wrongParameter('cadastralMap', {
    vi: `--cadastral-map đọc từng bản vẽ một vào --layer ${layer}. Hãy nhập mỗi tờ bằng một lệnh.`,
    en: `--cadastral-map reads one drawing at a time into --layer ${layer}. Import each sheet with its own command.`,
  });
}

export function wrongTolerance(): Problem {
  return wrongParameter('tolerance', {
    vi: '--tolerance là số mét từ 0.001 đến 1, và chỉ đi cùng --cadastral-map.',
    en: '--tolerance is a number of metres from 0.001 to 1, and goes with --cadastral-map only.',
  });
}

export function noFeatures(layer: string): Problem {
  return new Problem('invalid-body', {
    vi: `Lớp "${layer}" của tệp không có đối tượng nào.`,
    en: `Layer "${layer}" of the file has no features.`,
  });
}

/** Returns the problem for rows that the table itself rejects, by a required column without a value or by a trigger. */
export function rejected(error: DatabaseError): Error {
  if (!isRefusedByTable(error)) return error;
  const column = /column "([^"]+)"/.exec(error.message)?.[1];
  if (isMissingValue(error) && column) {
    return new Problem(
      'invalid-parameter',
      {
        vi: `Bảng đòi hỏi cột "${column}". Hãy cho giá trị bằng --map ${column}=cột hoặc --set ${column}=giá_trị.`,
        en: `The table requires column "${column}". Give it by --map ${column}=column or --set ${column}=value.`,
      },
      { parameter: 'map' },
    );
  }
  // `detail` of the error holds the failing row, which may name a person, so it is not returned.
  return new Problem('conflict', {
    vi: `Bảng không nhận dữ liệu này (${error.message}).`,
    en: `The table does not take this data (${error.message}).`,
  });
}
