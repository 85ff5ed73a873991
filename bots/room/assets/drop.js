// Files: dropped or chosen, sent one after the other as bare bytes, with how far they are.
(() => {
  'use strict';
  const csrf = () => document.body.dataset.csrf;
  const megabytes = (bytes) => (bytes < 1024 * 1024 ? `${Math.max(1, Math.round(bytes / 1024))} kB` : `${(bytes / (1024 * 1024)).toFixed(1)} MB`);

  function line(results, name) {
    const box = document.createElement('div');
    box.className = 'import';
    const words = document.createElement('p');
    const bar = document.createElement('progress');
    bar.max = 1;
    bar.setAttribute('aria-label', name);
    box.append(words, bar);
    results.append(box);
    box.scrollIntoView({ block: 'nearest' });
    return { box, words, bar };
  }

  /** Said before anything is sent: a long way to a refusal helps nobody. */
  function tooLarge(shown, file) {
    shown.words.textContent = `${file.name} is ${megabytes(file.size)}, and the room takes ${megabytes(Number(document.body.dataset.maxBytes))}. Take the pictures out of the export, or import it from the command line: npm run -s workbench -- import FILE`;
    shown.words.className = 'problem';
    shown.words.setAttribute('role', 'alert');
    shown.bar.remove();
  }

  function send(file, url, repository, shown) {
    return new Promise((resolve) => {
      const request = new XMLHttpRequest();
      const started = Date.now();
      let reading = null;
      const say = (text) => {
        shown.words.textContent = `${file.name}: ${text}`;
      };
      say(`sending ${megabytes(file.size)}`);
      request.upload.addEventListener('progress', (event) => {
        if (!event.lengthComputable) return;
        shown.bar.value = event.loaded / event.total;
        say(`sending ${megabytes(event.loaded)} of ${megabytes(event.total)}`);
      });
      request.upload.addEventListener('load', () => {
        shown.bar.removeAttribute('value');
        const count = () => say(`reading, ${Math.round((Date.now() - started) / 1000)} s`);
        count();
        reading = setInterval(count, 1000);
      });
      const end = (markup, projectId) => {
        clearInterval(reading);
        if (markup === null) {
          say('did not reach the workbench. It may be larger than it takes, or the line is lost. Nothing was taken in; drop it once more.');
          shown.words.className = 'problem';
          shown.words.setAttribute('role', 'alert');
          shown.bar.remove();
        } else {
          const answer = new DOMParser().parseFromString(markup, 'text/html');
          shown.box.replaceChildren(...answer.body.childNodes);
          htmx.process(shown.box);
        }
        resolve(projectId);
      };
      request.addEventListener('load', () => end(request.responseText, request.getResponseHeader('x-project')));
      request.addEventListener('error', () => end(null, null));
      request.addEventListener('abort', () => end(null, null));
      request.open('POST', url);
      request.setRequestHeader('content-type', 'application/octet-stream');
      request.setRequestHeader('x-csrf-token', csrf());
      request.setRequestHeader('x-file-name', encodeURIComponent(file.name));
      request.setRequestHeader('hx-request', 'true');
      if (repository !== '') request.setRequestHeader('x-repository', encodeURIComponent(repository));
      request.send(file);
    });
  }

  async function take(input, files) {
    const results = document.getElementById(input.dataset.results);
    if (results === null) return;
    const repository = document.getElementById(input.dataset.repository ?? '')?.value.trim() ?? '';
    let url = input.dataset.import;
    for (const file of files) {
      if (file.size > Number(document.body.dataset.maxBytes)) {
        tooLarge(line(results, file.name), file);
        continue;
      }
      const projectId = await send(file, url, repository, line(results, file.name));
      // The first file made the project; the others join it.
      if (url === '/import' && projectId !== null) url = `/projects/${encodeURIComponent(projectId)}/import`;
    }
  }

  document.addEventListener('change', (event) => {
    const input = event.target;
    if (!input.matches?.('input[data-import]') || input.files.length === 0) return;
    const files = [...input.files];
    input.value = '';
    void take(input, files);
  });

  const holdsFiles = (event) => event.dataTransfer?.types.includes('Files') === true;
  const input = () => document.querySelector('main[data-drop-url] input[data-import]');
  let over = 0;
  const mark = (is) => document.body.classList.toggle('dropping', is);
  document.addEventListener('dragenter', (event) => {
    if (!holdsFiles(event) || input() === null) return;
    over += 1;
    mark(true);
  });
  document.addEventListener('dragleave', (event) => {
    if (!holdsFiles(event)) return;
    over = Math.max(0, over - 1);
    if (over === 0) mark(false);
  });
  document.addEventListener('dragover', (event) => {
    // Without this the browser would leave the page and open the file.
    if (holdsFiles(event)) event.preventDefault();
  });
  document.addEventListener('drop', (event) => {
    if (!holdsFiles(event)) return;
    event.preventDefault();
    over = 0;
    mark(false);
    const target = input();
    if (target !== null) void take(target, [...event.dataTransfer.files]);
  });
})();
