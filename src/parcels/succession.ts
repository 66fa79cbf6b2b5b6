import type { Text } from '../lib/errors.ts';
import { groupBy } from '../lib/group.ts';
import type { Succession } from './parcel.ts';

/** Describes splits and merges: `Tờ 27 thửa 280 … đã tách ngày 18/01/2022 thành thửa 313, 314 (tờ 35).` */
export function describeSuccessions(successions: readonly Succession[]): Text {
  const sentences = successions.map(describeSuccession);
  return { vi: sentences.map(({ vi }) => vi).join(' '), en: sentences.map(({ en }) => en).join(' ') };
}

function describeSuccession({ event, happenedOn, unit, sheet, number, children, mergedWith }: Succession): Text {
  const [year, month, day] = happenedOn.split('-');
  const others = mergedWith
    .flatMap((each) => (each.number === null ? [] : [`${each.sheet}/${each.number}`]))
    .join(', ');
  const became = describeChildren(children);
  const [split, merged] = [event === 'split', event === 'merge' && others !== ''];
  return {
    vi: `Tờ ${sheet} thửa ${number} (${unit.name}) đã ${split ? 'tách' : 'hợp'}${merged ? ` với ${others}` : ''} ngày ${day}/${month}/${year} thành ${became.vi}.`,
    en: `Sheet ${sheet} parcel ${number} (${unit.name}) was ${split ? 'split' : 'merged'}${merged ? ` with ${others}` : ''} on ${happenedOn} into ${became.en}.`,
  };
}

/** Lists the children by sheet. */
function describeChildren(children: Succession['children']): Text {
  const bySheet = groupBy(
    children.filter(({ number }) => number !== null),
    ({ sheet }) => sheet,
  );
  if (bySheet.size === 0) return { vi: 'thửa không còn số', en: 'parcels without a number' };
  const lists = [...bySheet].map(([sheet, own]) => ({
    sheet,
    numbers: own
      .map(({ number }) => number as number)
      .sort((a, b) => a - b)
      .join(', '),
  }));
  return {
    vi: `thửa ${lists.map(({ sheet, numbers }) => `${numbers} (tờ ${sheet})`).join('; ')}`,
    en: `${lists.map(({ sheet, numbers }) => `${numbers} (sheet ${sheet})`).join('; ')}`,
  };
}
