/** Decimals of coordinates that were transformed: 0.1 mm on the ground, ten times what VN-2000 is surveyed to. */
export const DIGITS = { degree: 9, metre: 4 } as const;

/** Decimals of coordinates in the system they are stored in: every digit that a double has, so that they go out as they are. */
export const STORED_DIGITS = 15;
