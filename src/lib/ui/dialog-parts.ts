/** The only file that knows the dialog library (bits-ui, MIT): focus trap, scroll lock, Escape, return of focus. */
export { Dialog as DialogParts } from 'bits-ui';
