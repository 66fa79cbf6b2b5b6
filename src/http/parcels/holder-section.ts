import type { RightHolder } from '../../parcels/holder.ts';
import { type Html, html } from '../html/html.ts';
import { htmlTable } from '../html/layout.ts';
import type { DocumentPlace } from '../kit/document.ts';

const WORDS = {
  vi: {
    title: 'Người sử dụng đất',
    headings: ['Tên', 'Loại', 'Số giấy chứng nhận', 'Sử dụng từ'],
    none: 'Chưa có tên người sử dụng đất.',
    kinds: {
      person: 'Cá nhân',
      household: 'Hộ gia đình',
      organisation: 'Tổ chức',
      state: 'Cơ quan Nhà nước',
      community: 'Cộng đồng dân cư',
    },
    recorded: 'Lần xem này đã được ghi vào nhật ký.',
  },
  en: {
    title: 'Right holders',
    headings: ['Name', 'Kind', 'Certificate', 'Since'],
    none: 'No right holder is named.',
    kinds: {
      person: 'Person',
      household: 'Household',
      organisation: 'Organisation',
      state: 'State body',
      community: 'Community',
    },
    recorded: 'This access has been recorded.',
  },
};

/** Renders the right holders of a parcel; nothing for whoever may not see them. */
export function holderSection(
  holders: readonly RightHolder[] | undefined,
  { language }: DocumentPlace,
): Html | undefined {
  if (!holders) return undefined;
  const words = WORDS[language];
  const rows = holders.map(({ name, kind, certificateNo, since }) => [name, words.kinds[kind], certificateNo, since]);
  return html`<h2>${words.title}</h2>
${rows.length > 0 ? htmlTable(words.headings, rows) : html`<p>${words.none}</p>`}
<p>${words.recorded}</p>`;
}
