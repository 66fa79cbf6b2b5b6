export { isPersonal } from '../catalog/personal.ts';
