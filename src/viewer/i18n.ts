export type Language = 'vi' | 'en';

/** A text for people, in Vietnamese and in English. */
export interface Text {
  readonly vi: string;
  readonly en: string;
}

const WORDS = {
  title: ['Bản đồ đất đai và môi trường', 'Land and environment map'],
  search: ['Tìm thửa đất', 'Find a parcel'],
  searchHint: ['Tờ, thửa, phường xã hoặc tọa độ', 'Sheet, number, ward or coordinates'],
  searchExample: [
    'Ví dụ: “tờ 12 thửa 345 Phú Lợi”, “12 345”, số tờ số thửa cũ, “106.68, 10.98”, “1214000 598000” (VN-2000)',
    'Examples: “tờ 12 thửa 345 Phú Lợi”, “12 345”, former numbers, “106.68, 10.98”, “1214000 598000” (VN-2000)',
  ],
  searching: ['Đang tìm…', 'Searching…'],
  found: ['Tìm thấy', 'Found'],
  parcelsUnit: ['thửa', 'parcels'],
  noneFound: ['Không tìm thấy thửa đất nào.', 'No parcel was found.'],
  tryThis: ['Thử:', 'Try:'],
  tabLayers: ['Lớp bản đồ', 'Layers'],
  tabInfo: ['Thông tin', 'Details'],
  tabBuffer: ['Vùng đệm', 'Buffer'],
  panel: ['Bảng điều khiển', 'Panel'],
  togglePanel: ['Mở hoặc thu bảng', 'Open or fold the panel'],
  theme: ['Chủ đề', 'Theme'],
  themeAll: ['Tất cả', 'All'],
  zoomForParcels: ['Phóng gần hơn để thấy thửa đất.', 'Zoom in to see parcels.'],
  infoEmpty: [
    'Bấm vào thửa đất, trạm quan trắc hoặc đối tượng trên bản đồ để xem thông tin.',
    'Click a parcel, a station or another feature on the map to see its details.',
  ],
  loading: ['Đang tải…', 'Loading…'],
  parcel: ['Thửa', 'Parcel'],
  sheet: ['tờ', 'sheet'],
  unitNow: ['Đơn vị hành chính', 'Administrative unit'],
  formerly: ['Số cũ', 'Former numbers'],
  until: ['đến', 'until'],
  uses: ['Mục đích sử dụng', 'Land use'],
  legalArea: ['Diện tích pháp lý', 'Legal area'],
  measuredArea: ['Diện tích đo đạc', 'Measured area'],
  difference: ['Chênh lệch', 'Difference'],
  address: ['Địa chỉ', 'Address'],
  status: ['Tình trạng', 'Status'],
  registered: ['Đã đăng ký', 'Registered'],
  unregistered: ['Chưa đăng ký', 'Not registered'],
  disputed: ['Đang tranh chấp', 'Disputed'],
  surveyedOn: ['Ngày đo đạc', 'Surveyed on'],
  nationalId: ['Mã định danh thửa đất', 'National identifier'],
  copyLink: ['Sao chép liên kết', 'Copy link'],
  copied: ['Đã sao chép', 'Copied'],
  zoomTo: ['Phóng đến', 'Zoom to'],
  bufferThis: ['Tạo vùng đệm', 'Buffer this'],
  reference: ['Thông tin tham khảo, không có giá trị pháp lý.', 'For reference only; not a legal document.'],
  station: ['Trạm quan trắc', 'Monitoring station'],
  aqi: ['VN_AQI', 'VN_AQI'],
  aqiMissing: ['Chưa đủ số liệu để tính VN_AQI.', 'Not enough data for VN_AQI.'],
  observedAt: ['Số liệu lúc', 'Observed at'],
  exceeded: ['Vượt quy chuẩn', 'Over the limit'],
  exceededNone: ['Không vượt quy chuẩn ở các thông số đã so sánh', 'Within the limits of what was compared'],
  notAssessed: [
    'Chưa đánh giá: không có số liệu hoặc giới hạn để so sánh.',
    'Not assessed: there are no values, or no limits to compare them with.',
  ],
  code: ['Mã', 'Code'],
  kind: ['Loại', 'Kind'],
  flow: ['Lưu lượng', 'Flow'],
  receivingWater: ['Nguồn tiếp nhận', 'Receiving water'],
  capacity: ['Công suất', 'Capacity'],
  plan: ['Quy hoạch', 'Plan'],
  period: ['Kỳ quy hoạch', 'Period'],
  decision: ['Quyết định', 'Decision'],
  width: ['Bề rộng hành lang', 'Corridor width'],
  step1: ['1. Vẽ trên bản đồ', '1. Draw on the map'],
  drawPoint: ['Điểm', 'Point'],
  drawLine: ['Đường', 'Line'],
  drawPolygon: ['Vùng', 'Polygon'],
  selectedParcel: ['Thửa đang chọn', 'Selected parcel'],
  hintPoint: ['Bấm một điểm trên bản đồ.', 'Click a point on the map.'],
  hintLine: [
    'Bấm từng điểm của đường; bấm lại điểm cuối (hoặc Enter) để xong.',
    'Click each point of the line; click the last one again (or Enter) to finish.',
  ],
  hintPolygon: [
    'Bấm từng góc của vùng; bấm lại góc đầu (hoặc Enter) để xong.',
    'Click each corner; click the first one again (or Enter) to finish.',
  ],
  hintStart: ['Chọn một kiểu vẽ, hoặc bấm một thửa đất trước.', 'Choose what to draw, or click a parcel first.'],
  drawnPoint: ['Đã vẽ một điểm.', 'A point is drawn.'],
  drawnLine: ['Đã vẽ một đường.', 'A line is drawn.'],
  drawnPolygon: ['Đã vẽ một vùng.', 'A polygon is drawn.'],
  drawnParcel: ['Đã chọn thửa đất', 'Selected parcel'],
  step2: ['2. Khoảng cách', '2. Distance'],
  distance: ['Khoảng cách (m)', 'Distance (m)'],
  preset: ['Theo quy định', 'By regulation'],
  presetNone: ['Tự nhập', 'Own value'],
  presetsFailed: [
    'Không tải được bảng khoảng cách theo quy định; hãy tự nhập.',
    'The table of regulated distances could not be loaded; enter your own.',
  ],
  legalBasis: ['Căn cứ', 'Legal basis'],
  measuredFrom: ['Tính từ', 'Measured from'],
  unverified: [
    'Chưa kiểm chứng: cần đối chiếu văn bản gốc trước khi dùng.',
    'Not verified: check against the original text before use.',
  ],
  superseded: ['Đã bị thay thế, không còn hiệu lực.', 'Superseded: no longer in force.'],
  unconfirmed: [
    'Chưa rõ còn hiệu lực: văn bản thay thế chưa được đối chiếu.',
    'Not confirmed to be in force: the text that replaced it, or may have, was not read.',
  ],
  lineWidth: ['Bề rộng của đường (m)', 'Width of the line (m)'],
  needWidth: [
    'Quy định này tính từ mép: hãy nhập bề rộng của đường.',
    'This rule is measured from the edge: enter the width of the line.',
  ],
  needArea: [
    'Quy định này tính từ mép, không phải từ một điểm: hãy vẽ vùng.',
    'This rule is measured from the edge and not from a point: draw the area.',
  ],
  step3: ['3. Lớp cần báo cáo', '3. Layers to report'],
  relation: ['Cách chọn', 'Selection'],
  intersecting: ['Chạm vào vùng đệm', 'Touching the buffer'],
  within: ['Nằm trọn trong vùng đệm', 'Wholly inside the buffer'],
  clipped: ['Cắt theo vùng đệm', 'Clipped to the buffer'],
  run: ['Tính', 'Compute'],
  running: ['Đang tính…', 'Computing…'],
  cancel: ['Hủy', 'Cancel'],
  clear: ['Xóa kết quả', 'Clear'],
  cancelled: ['Đã hủy.', 'Cancelled.'],
  needGeometry: ['Hãy vẽ một hình hoặc chọn một thửa đất trước.', 'Draw something or select a parcel first.'],
  needDistance: ['Hãy nhập khoảng cách lớn hơn 0 m.', 'Enter a distance greater than 0 m.'],
  needLayer: ['Hãy chọn ít nhất một lớp.', 'Choose at least one layer.'],
  result: ['Kết quả', 'Result'],
  bufferArea: ['Diện tích vùng đệm', 'Area of the buffer'],
  count: ['Số lượng', 'Count'],
  areaInside: ['Diện tích trong vùng (m²)', 'Area inside (m²)'],
  byLandUse: ['Theo loại đất', 'By land use'],
  byUnit: ['Theo đơn vị hành chính', 'By administrative unit'],
  byPlan: ['Theo từng quy hoạch (không cộng chung)', 'By plan (not added together)'],
  landUse: ['Loại đất', 'Land use'],
  unit: ['Đơn vị', 'Unit'],
  total: ['Tổng', 'Total'],
  downloadCsv: ['Tải CSV', 'Download CSV'],
  nothingInside: ['Không có đối tượng nào.', 'Nothing inside.'],
  failed: ['Không thực hiện được.', 'It did not work.'],
  offline: [
    'Không kết nối được với máy chủ. Hãy kiểm tra mạng rồi thử lại.',
    'The server cannot be reached. Check the network and try again.',
  ],
  mapFailed: ['Không tải được bản đồ. Hãy tải lại trang.', 'The map could not be loaded. Reload the page.'],
  noWebgl: [
    'Trình duyệt này không vẽ được bản đồ (cần WebGL 2).',
    'This browser cannot draw the map (WebGL 2 is needed).',
  ],
  tilesFailed: ['Một phần bản đồ chưa tải được.', 'A part of the map could not be loaded.'],
} as const satisfies Record<string, readonly [vi: string, en: string]>;

export type Word = keyof typeof WORDS;

const STORED = 'diaba-language';
const listeners = new Set<() => void>();
let current: Language = 'vi';

export function language(): Language {
  return current;
}

/** Returns a word of the viewer in the current language. */
export function t(word: Word): string {
  return WORDS[word][current === 'vi' ? 0 : 1];
}

/** Returns a text of the data in the current language. */
export function say(text: Text): string {
  return text[current];
}

/** Calls `react` after each change of language. */
export function onLanguage(react: () => void): void {
  listeners.add(react);
}

export function setLanguage(next: Language): void {
  current = next;
  localStorage.setItem(STORED, next);
  document.documentElement.lang = next;
  translatePage();
  for (const react of listeners) react();
}

/** Returns the initial language: `?lang=`, else the stored choice, else Vietnamese. */
export function firstLanguage(): Language {
  const asked = new URLSearchParams(location.search).get('lang') ?? localStorage.getItem(STORED);
  return asked === 'en' ? 'en' : 'vi';
}

/** Translates index.html by its attributes `data-text`, `data-label` (aria-label) and `data-hint` (placeholder). */
function translatePage(): void {
  const each = (attribute: string, write: (element: HTMLElement, text: string) => void): void => {
    for (const found of document.querySelectorAll<HTMLElement>(`[${attribute}]`)) {
      write(found, t(found.getAttribute(attribute) as Word));
    }
  };
  each('data-text', (element, text) => element.replaceChildren(text));
  each('data-label', (element, text) => element.setAttribute('aria-label', text));
  each('data-hint', (element, text) => element.setAttribute('placeholder', text));
  document.title = `Địa Bạ – ${t('title')}`;
}
