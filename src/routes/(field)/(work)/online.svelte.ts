/** Whether the browser believes in a network. A belief only: what reached the ward is said by the outbox. */
class Online {
  now = $state(typeof navigator === 'undefined' || navigator.onLine);

  constructor() {
    if (typeof addEventListener === 'undefined') return;
    addEventListener('online', () => (this.now = true));
    addEventListener('offline', () => (this.now = false));
  }
}

export const online = new Online();
