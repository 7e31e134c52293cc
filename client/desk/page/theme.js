// Runs before anything is drawn, so that the page does not flash: a classic script, not a module.
(() => {
  const kept = localStorage.getItem('governor-theme');
  if (kept === 'light' || kept === 'dark') document.documentElement.dataset['theme'] = kept;
})();
