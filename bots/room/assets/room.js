// What the page does by itself: takes in changes without a jump, tells when the line is lost, counts running time.
(() => {
  'use strict';
  const nearEndPx = 96;
  let tools;

  htmx.registerExtension('room', {
    init(api) {
      tools = api;
    },
    // What a person opened stays open when its card changes.
    htmx_before_morph_attr(element, detail) {
      return !(element.tagName === 'DETAILS' && detail.attrName === 'open');
    },
    // Posts by id: known ones change in place, new ones come at the end.
    handle_swap(style, target, fragment) {
      if (style !== 'posts') return false;
      return [...fragment.children].map((post) => {
        const known = document.getElementById(post.id);
        if (known === null) {
          target.append(post);
          return post;
        }
        const one = document.createDocumentFragment();
        one.append(post);
        tools.morph(known, one, false);
        return known;
      });
    },
  });

  // Scrolling: whoever reads the end stays at the end; whoever reads above stays there and is told.
  const isNearEnd = (box) => box.scrollHeight - box.scrollTop - box.clientHeight < nearEndPx;
  const toEnd = (box) => {
    box.scrollTop = box.scrollHeight;
  };

  function follow(box) {
    if (box.dataset.following !== undefined) return;
    box.dataset.following = 'yes';
    const more = document.createElement('button');
    more.type = 'button';
    more.className = 'button plain newer';
    more.textContent = 'Newer below';
    more.hidden = true;
    more.addEventListener('click', () => toEnd(box));
    box.after(more);
    let pinned = true;
    box.addEventListener('scroll', () => {
      pinned = isNearEnd(box);
      if (pinned) more.hidden = true;
      remember(box);
    });
    const feed = box.querySelector('.feed');
    const last = () => feed?.lastElementChild;
    let seen = last();
    new MutationObserver(() => {
      if (pinned) toEnd(box);
      else if (last() !== seen) more.hidden = false;
      seen = last();
    }).observe(feed ?? box, { childList: true, subtree: true });
    const place = recall(box);
    const named = location.hash.length > 1 ? document.getElementById(location.hash.slice(1)) : null;
    if (named !== null && box.contains(named)) {
      named.scrollIntoView();
      named.focus();
    } else if (place !== null) box.scrollTop = place;
    else toEnd(box);
    pinned = isNearEnd(box);
  }

  const placeKey = (box) => `place ${box.querySelector('.feed')?.id ?? location.pathname}`;
  function remember(box) {
    sessionStorage.setItem(placeKey(box), isNearEnd(box) ? 'end' : String(box.scrollTop));
  }
  function recall(box) {
    const kept = sessionStorage.getItem(placeKey(box));
    return kept === null || kept === 'end' ? null : Number(kept);
  }

  // Running time.
  const two = (value) => String(value).padStart(2, '0');
  function elapsed(since) {
    const seconds = Math.max(0, Math.floor((Date.now() - Date.parse(since)) / 1000));
    const hours = Math.floor(seconds / 3600);
    const minutes = Math.floor(seconds / 60) % 60;
    return hours > 0 ? `${hours}:${two(minutes)}:${two(seconds % 60)}` : `${minutes}:${two(seconds % 60)}`;
  }
  function tick() {
    for (const time of document.querySelectorAll('time[data-since]')) {
      const text = elapsed(time.dataset.since);
      if (text !== time.textContent) time.textContent = text;
    }
  }

  // The reader's own clock, where it differs from the machine's.
  function localTimes(root) {
    for (const time of root.querySelectorAll('time[data-clock]')) {
      const at = new Date(time.dateTime);
      if (Number.isNaN(at.getTime())) continue;
      const text = `${two(at.getHours())}:${two(at.getMinutes())}`;
      if (text !== time.textContent) time.textContent = text;
    }
  }

  // A lost line.
  const lost = () => document.getElementById('lost');
  const brokenLines = new Set();
  function tellLine() {
    const banner = lost();
    if (banner !== null) banner.hidden = brokenLines.size === 0;
  }
  document.addEventListener('htmx:sse:error', (event) => {
    const banner = lost();
    if (banner === null) return;
    brokenLines.add(event.target);
    banner.textContent =
      event.detail.status === 401 || event.detail.status === 403
        ? 'This page’s visit has ended. Open the address that the workbench printed.'
        : 'The line to the workbench is lost. This page tries again by itself, and fetches what it missed.';
    tellLine();
  });
  document.addEventListener('htmx:sse:after:connection', (event) => {
    brokenLines.delete(event.target);
    tellLine();
  });
  document.addEventListener('htmx:sse:close', (event) => {
    brokenLines.delete(event.target);
    tellLine();
  });
  // A request that got no answer at all: said where it was asked.
  document.addEventListener('htmx:error', (event) => {
    const target = event.detail.ctx?.target;
    if (!(target instanceof Element) || !target.classList.contains('note')) return;
    const line = document.createElement('p');
    line.className = 'problem';
    line.setAttribute('role', 'alert');
    line.textContent = 'The workbench did not answer. Is it still running? Nothing was changed; try again.';
    target.replaceChildren(line);
  });

  // Composers.
  function grow(box) {
    box.style.height = 'auto';
    box.style.height = `${Math.min(box.scrollHeight + 2, 240)}px`;
  }
  document.addEventListener('input', (event) => {
    if (event.target.matches?.('.compose textarea')) grow(event.target);
  });
  document.addEventListener('room:said', (event) => {
    const form = event.target.closest?.('form');
    const box = form?.querySelector('textarea');
    if (!box) return;
    box.value = '';
    grow(box);
    box.focus();
    const scroll = form.parentElement?.querySelector('.scroll[data-follow]');
    if (scroll) toEnd(scroll);
  });

  document.addEventListener('click', (event) => {
    const shut = event.target.closest?.('[data-shut]');
    if (!shut) return;
    const details = shut.closest('details');
    details.open = false;
    details.querySelector('summary')?.focus();
  });
  // An opened question takes the focus to where it is answered.
  document.addEventListener(
    'toggle',
    (event) => {
      const details = event.target;
      if (!details.matches?.('details.ask') || !details.open) return;
      details.querySelector('textarea, .answers button')?.focus({ preventScroll: true });
      // All of it: whoever writes the answer sees the button that sends it.
      details.querySelector('.press')?.scrollIntoView({ block: 'nearest' });
    },
    true,
  );

  // A pressed button goes away with what it asked; the hands stay at its card.
  let pressedIn = null;
  document.addEventListener('submit', (event) => {
    pressedIn = event.target.closest?.('form.press') ? (event.target.closest('article')?.id ?? null) : null;
  });

  document.addEventListener('focusin', (event) => {
    if (event.target.id !== pressedIn) pressedIn = null;
  });

  function settle(root) {
    for (const box of document.querySelectorAll('.scroll[data-follow]')) follow(box);
    localTimes(root);
    tick();
    const side = document.querySelector('#side[data-arrive]');
    if (side !== null) {
      side.removeAttribute('data-arrive');
      side.querySelector('.thread-title')?.focus({ preventScroll: true });
    }
    if (pressedIn !== null && document.activeElement === document.body) {
      document.getElementById(pressedIn)?.focus({ preventScroll: true });
    }
  }
  document.addEventListener('htmx:after:swap', () => settle(document));
  document.addEventListener('DOMContentLoaded', () => settle(document));
  if (document.readyState !== 'loading') settle(document);
  setInterval(tick, 1000);
})();
