// Plays a run: the slider says how far, and what came later is dimmed.
(() => {
  'use strict';
  const prepared = new WeakSet();

  function prepare(section) {
    if (prepared.has(section)) return;
    prepared.add(section);
    const slider = section.querySelector('input[type=range]');
    const output = section.querySelector('output');
    const beats = [...section.querySelectorAll('.beats > li')];
    if (slider === null || output === null) return;
    slider.closest('.scrub').hidden = false;
    const show = () => {
      const at = Number(slider.value);
      for (const [index, beat] of beats.entries()) {
        beat.classList.toggle('later', index > at);
        beat.toggleAttribute('aria-current', index === at);
      }
      output.textContent = beats[at]?.dataset.now ?? '';
    };
    slider.addEventListener('input', () => {
      show();
      beats[Number(slider.value)]?.scrollIntoView({ block: 'nearest' });
    });
    show();
  }

  function settle() {
    for (const section of document.querySelectorAll('[data-play]')) prepare(section);
  }
  document.addEventListener('htmx:after:swap', settle);
  document.addEventListener('DOMContentLoaded', settle);
  if (document.readyState !== 'loading') settle();
})();
