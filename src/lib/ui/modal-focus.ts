const STOPS = 'a[href], button, input, select, textarea, summary, [tabindex]';

/** What Tab stops at, in order. Of a group of radio buttons only one is a stop: its checked one, or else its first. */
function stopsIn(dialog: HTMLElement): HTMLElement[] {
  const seen = [...dialog.querySelectorAll<HTMLElement>(STOPS)].filter(
    (element) => element.tabIndex >= 0 && !element.matches(':disabled') && element.checkVisibility(),
  );
  return seen.filter((element) => {
    if (!(element instanceof HTMLInputElement) || element.type !== 'radio' || element.checked) return true;
    const group = seen.filter(
      (other) => other instanceof HTMLInputElement && other.type === 'radio' && other.name === element.name,
    ) as HTMLInputElement[];
    return group[0] === element && !group.some((other) => other.checked);
  });
}

/** From the last stop to the first and back, so that Tab does not wander off into the browser's own bars. */
function goRound(dialog: HTMLElement, event: KeyboardEvent): void {
  if (event.key !== 'Tab') return;
  const stops = stopsIn(dialog);
  const [from, to] = event.shiftKey ? [stops[0], stops.at(-1)] : [stops.at(-1), stops[0]];
  if (to === undefined || document.activeElement !== from) return;
  event.preventDefault();
  to.focus();
}

/** For `{@attach}`: the browser makes the page behind it inert; taps outside close it; focus goes back where it was. */
export function showAsModal(dialog: HTMLDialogElement): () => void {
  const before = document.activeElement;
  const keyed = (event: KeyboardEvent): void => goRound(dialog, event);
  const tapped = (event: MouseEvent): void => {
    // Its body fills the dialog: only what lies around it is the dialog itself.
    if (event.target === dialog) dialog.close();
  };
  dialog.addEventListener('keydown', keyed);
  dialog.addEventListener('click', tapped);
  // Out of the form it may be written in: Enter in here must not send that.
  document.body.append(dialog);
  dialog.showModal();
  return () => {
    dialog.removeEventListener('keydown', keyed);
    dialog.removeEventListener('click', tapped);
    const here = document.activeElement;
    const lost = here === null || here === document.body || dialog.contains(here);
    // It hangs beside the page that drew it, which cannot take it along when that page is left.
    dialog.remove();
    if (lost && before instanceof HTMLElement && before.isConnected) before.focus();
  };
}
