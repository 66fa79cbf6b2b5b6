import { type EditingSetting, editedLayer, mayEdit } from '../../access/editing.ts';
import type { Principal } from '../../access/principal.ts';
import type { Layer } from '../../catalog/layer.ts';
import { Problem, type Text } from '../../lib/errors.ts';

export const EDITING_OFF: Text = {
  vi: 'Máy chủ này chỉ cho đọc. Muốn cho sửa dữ liệu qua mạng, người quản trị đặt DIABA_EDITING=keys và cấp khóa được sửa, rồi khởi động lại.',
  en: 'This server is for reading only. To allow editing, its administrator sets DIABA_EDITING=keys, gives out keys that may edit, and starts it again.',
};
const NO_KEY: Text = {
  vi: 'Chỉ khóa API được sửa mới sửa được ở đây; gửi khóa trong Authorization: Bearer, X-API-Key, hoặc làm mật khẩu.',
  en: 'Only API keys that may edit can do so here; send one as Authorization: Bearer, X-API-Key, or as the password.',
};

/**
 * Returns the layer as the principal may change it: narrowed to the units of its key.
 * @throws Problem unauthorized without a key, forbidden with one that may not, or while editing is off
 */
export function requireMayEdit(editing: EditingSetting, principal: Principal, layer: Layer): Layer {
  if (mayEdit(editing, principal, layer)) return editedLayer(editing, principal, layer);
  requireEditing(editing, principal);
  throw new Problem('forbidden', {
    vi: `Khóa này không được sửa lớp ${layer.id}.`,
    en: `This key may not edit layer ${layer.id}.`,
  });
}

/**
 * Checks that editing is on, and that the principal has a key if it takes one.
 * @throws Problem unauthorized, forbidden
 */
export function requireEditing(editing: EditingSetting, { scope }: Principal): void {
  if (editing === 'off') throw new Problem('forbidden', EDITING_OFF);
  if (editing === 'keys' && !scope) throw new Problem('unauthorized', NO_KEY);
}
