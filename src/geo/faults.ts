import type { Text } from '../lib/errors.ts';

/** Faults of a polygon by the words of GEOS (`ST_IsValidReason`). */
export const FAULTS: Readonly<Record<string, Text>> = {
  'Self-intersection': { vi: 'ranh giới tự cắt', en: 'the boundary crosses itself' },
  'Ring Self-intersection': { vi: 'ranh giới tự chạm tại một điểm', en: 'the boundary touches itself' },
  'Hole lies outside shell': { vi: 'lỗ nằm ngoài vùng', en: 'a hole lies outside its polygon' },
  'Holes are nested': { vi: 'lỗ nằm trong lỗ', en: 'a hole lies inside another' },
  'Interior is disconnected': { vi: 'phần trong bị chia rời', en: 'the interior is disconnected' },
  'Nested shells': { vi: 'vùng nằm trong vùng', en: 'a part lies inside another' },
  'Duplicate Rings': { vi: 'hai đường bao trùng nhau', en: 'two rings are the same' },
  'Too few points in geometry component': { vi: 'đường bao có quá ít đỉnh', en: 'a ring has too few points' },
  'Invalid Coordinate': { vi: 'tọa độ không phải là số', en: 'a coordinate is not a number' },
  'Ring is not closed': { vi: 'đường bao chưa khép kín', en: 'a ring is not closed' },
};
