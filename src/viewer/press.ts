/** Presses of buttons by a pointer, so that a late answer does not replace the button under it. */

let isPressed = false;
const waiting = new Set<() => void>();

function release(): void {
  isPressed = false;
  for (const resume of waiting) resume();
  waiting.clear();
}

const options = { capture: true };
addEventListener(
  'pointerdown',
  ({ target, button }) => {
    isPressed = button === 0 && target instanceof Element && target.closest('button, label') !== null;
  },
  options,
);
// A mouse clicks in the task of its release; so the next task finds the click done.
for (const type of ['pointerup', 'pointercancel', 'contextmenu'])
  addEventListener(type, () => setTimeout(release), options);
// A release outside of the window is seen when the pointer returns.
addEventListener(
  'pointermove',
  ({ buttons }) => {
    if (isPressed && buttons === 0) release();
  },
  options,
);

/**
 * Waits until no button is pressed. A button that is replaced between press and release receives no click. So what an
 * answer changes in a form is rendered afterwards.
 */
export async function released(): Promise<void> {
  if (isPressed) await new Promise<void>((resume) => waiting.add(resume));
}
