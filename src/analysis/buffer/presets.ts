import type { Database, QueryOptions } from '../../database/database.ts';
import { Problem } from '../../lib/errors.ts';
import { RULE_STATUS_WORDS, ruleStatusOf } from '../rule-status.ts';
import type { Preset, PresetRow, StoredPreset } from './preset-schema.ts';
import { allPresetsQuery, presetQuery, presetsQuery } from './presets-query.ts';

/** @param withSuperseded includes rules no longer in force */
export async function listPresets(db: Database, withSuperseded: boolean, options: QueryOptions): Promise<PresetRow[]> {
  const rows = await db.query<StoredPreset>(withSuperseded ? allPresetsQuery() : presetsQuery(), options);
  return rows.map(withStatus);
}

function withStatus(row: StoredPreset): PresetRow {
  const ruleStatus = ruleStatusOf(row);
  return { ...row, ruleStatus, ruleStatusText: RULE_STATUS_WORDS[ruleStatus] };
}

/** @throws Problem invalid-body if there is no such rule, or it has no distance */
export async function requirePreset(db: Database, id: string, options: QueryOptions): Promise<Preset> {
  const shown = id.slice(0, 60);
  // PostgreSQL text cannot hold U+0000.
  const [preset] = id.includes('\0') ? [] : await db.query<StoredPreset>(presetQuery(id), options);
  if (!preset) {
    throw new Problem(
      'invalid-body',
      {
        vi: `Không có quy định khoảng cách "${shown}". Danh sách: /processes/buffer/presets.`,
        en: `There is no distance rule "${shown}". They are listed at /processes/buffer/presets.`,
      },
      { parameter: 'preset' },
    );
  }
  const { distanceM } = preset;
  if (distanceM !== null) return { ...withStatus(preset), distanceM };
  throw new Problem(
    'invalid-body',
    {
      vi: `Quy định "${shown}" không ấn định một khoảng cách. Hãy dùng "distance".`,
      en: `The rule "${shown}" sets no single distance. Use "distance".`,
    },
    { parameter: 'preset', note: preset.note },
  );
}
