// Runs before the first paint so that no screen flashes in the wrong theme, size or language.
// The keys and values are those of src/lib/ui/appearance.ts; a test compares the two.
(function () {
  try {
    var root = document.documentElement;
    var stored = window.localStorage;
    var theme = stored.getItem('xks.theme');
    var size = stored.getItem('xks.size');
    var locale = stored.getItem('xks.locale');
    if (theme === 'light' || theme === 'dark' || theme === 'sun') root.dataset.theme = theme;
    if (size === 'large' || size === 'huge') root.dataset.size = size;
    if (stored.getItem('xks.saver') === 'on') root.dataset.saver = '';
    if (locale === 'vi' || locale === 'en') root.lang = locale;
  } catch {
    // Storage may be closed (private mode): the defaults are fine.
  }
})();
