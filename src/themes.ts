import { z } from 'zod';
import { readDataFile } from './lib/data-file.ts';
import { BootError } from './lib/errors.ts';

const bilingualText = z.strictObject({ vi: z.string().min(1), en: z.string().min(1) });

const themes = z.array(
  z.strictObject({
    /** Name of the schema whose layers belong to it, and of the style that draws them. */
    id: z.string().regex(/^[a-z][a-z0-9_]*$/),
    title: bilingualText,
    short: bilingualText,
    /** Drawn below every other theme, whichever is chosen. */
    isBackdrop: z.boolean().default(false),
    /** Hidden beside the others until somebody switches it on. */
    isOptional: z.boolean().default(false),
  }),
);

export type Theme = z.output<typeof themes>[number];

let loadedThemes: readonly Theme[] | undefined;

/** The themes of `data/themes.json`, in the order in which they are listed and drawn. @throws BootError */
export function listThemes(): readonly Theme[] {
  loadedThemes ??= checkThemes(readDataFile('themes', themes));
  return loadedThemes;
}

/** @throws BootError where two themes have one id */
export function checkThemes(list: readonly Theme[]): readonly Theme[] {
  const twice = list.find(({ id }, index) => list.findIndex((each) => each.id === id) !== index);
  if (twice) throw new BootError(`data/themes.json: the theme "${twice.id}" stands there twice.`);
  return list;
}
