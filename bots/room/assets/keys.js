// The keyboard: `/` to type, `j` and `k` to move, Enter to open, Escape to go back.
(() => {
  'use strict';
  const isTyping = (element) => element?.matches?.('input, textarea, select, [contenteditable]') === true;
  const isSeen = (element) => element.checkVisibility?.() !== false;

  /** Steps of the pane that has the focus; of the task's pane when that is open and nothing is focused. */
  function pane() {
    const side = document.querySelector('#side:not([hidden])');
    if (side !== null && (side.contains(document.activeElement) || document.activeElement === document.body)) return side;
    return document.getElementById('main');
  }

  function move(by) {
    const steps = [...pane().querySelectorAll('[data-step]')].filter(isSeen);
    if (steps.length === 0) return;
    const at = steps.findIndex((step) => step === document.activeElement || step.contains(document.activeElement));
    const next = at === -1 ? (by > 0 ? 0 : steps.length - 1) : Math.min(Math.max(at + by, 0), steps.length - 1);
    const step = steps[next];
    const target = step.matches('a, [tabindex]') ? step : step.querySelector('a, summary, button');
    target?.focus({ preventScroll: true });
    step.scrollIntoView({ block: 'nearest' });
  }

  function open(step) {
    const details = step.matches('details') ? step : null;
    if (details !== null) {
      details.open = !details.open;
      return true;
    }
    const target = step.querySelector('a[href], details:not(.ask) > summary, details.ask > summary, button');
    target?.click();
    return target != null;
  }

  function back() {
    const asked = document.activeElement?.closest?.('details.ask[open], details.why[open]');
    if (asked) {
      asked.open = false;
      asked.querySelector('summary')?.focus();
      return true;
    }
    if (isTyping(document.activeElement)) {
      document.activeElement.blur();
      return true;
    }
    const close = document.querySelector('#side:not([hidden]) .close');
    if (close !== null) {
      close.click();
      document.getElementById('main')?.focus({ preventScroll: true });
      return true;
    }
    const crumb = document.querySelector('#main .crumb[href], #main .crumb a');
    crumb?.click();
    return crumb !== null;
  }

  document.addEventListener('keydown', (event) => {
    if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
    const typing = isTyping(event.target);
    if (event.key === 'Escape') {
      if (document.querySelector('#rail:popover-open') !== null) return;
      if (back()) event.preventDefault();
    } else if (typing) {
      const composer = event.target.matches('textarea') ? event.target.closest('[data-composer]') : null;
      if (event.key === 'Enter' && !event.shiftKey && composer !== null) {
        event.preventDefault();
        composer.requestSubmit(composer.querySelector('button.primary'));
      }
    } else if (event.key === '/') {
      const box = pane().querySelector('[data-composer] textarea') ?? document.querySelector('[data-composer] textarea, main textarea');
      if (box === null) return;
      event.preventDefault();
      box.focus();
    } else if (event.key === 'j' || event.key === 'k') {
      event.preventDefault();
      move(event.key === 'j' ? 1 : -1);
    } else if (event.key === 'Enter' && event.target.matches?.('[data-step]:not(a)')) {
      if (open(event.target)) event.preventDefault();
    }
  });
})();
