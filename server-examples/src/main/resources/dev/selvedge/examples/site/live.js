'use strict';

const ROWS = 24;
const STITCHES = 240;

const byId = id => document.getElementById(id);
const lanes = new Map();
const clock = new Intl.DateTimeFormat(undefined, { hour: '2-digit', minute: '2-digit', second: '2-digit', hourCycle: 'h23' });

function element(tag, text) {
  const made = document.createElement(tag);
  if (text !== undefined) made.textContent = text;
  return made;
}

function lane(thread) {
  let stitches = lanes.get(thread);
  if (!stitches) {
    const row = element('li');
    stitches = element('ol');
    row.append(element('span', thread), stitches);
    lanes.set(thread, stitches);
    const after = [...byId('lanes').children].find(other => other.firstChild.textContent > thread);
    byId('lanes').insertBefore(row, after || null);
  }
  return stitches;
}

function showRequest(request) {
  const stitches = lane(request.thread);
  const stitch = element('li');
  if (request.status >= 400) stitch.className = 'red';
  stitch.title = `${request.method} ${request.path} ${request.status}`;
  stitches.append(stitch);
  if (stitches.childElementCount > STITCHES) stitches.firstChild.remove();

  const row = element('tr');
  row.append(element('td', clock.format(request.at)), element('td', `${request.method} ${request.path}`),
    element('td', request.status), element('td', duration(request.micros)), element('td', request.thread));
  if (request.status >= 400) row.children[2].className = 'bad';
  const rows = byId('rows');
  rows.prepend(row);
  if (rows.childElementCount > ROWS) rows.lastChild.remove();
}

function duration(micros) {
  return micros < 1000 ? `${micros} µs` : `${(micros / 1000).toFixed(micros < 10000 ? 1 : 0)} ms`;
}

function showServer(server) {
  byId('rows').replaceChildren();
  byId('lanes').replaceChildren();
  lanes.clear();
  byId('transport').textContent = server.transport;
  byId('machine').textContent = `Java ${server.java} on ${server.system}, running since ${new Date(server.since).toLocaleString()}.`;
}

function showFigures(figures) {
  for (const [name, value] of Object.entries(figures)) byId(name).textContent = value.toLocaleString();
}

function showState(text, open) {
  byId('state').textContent = text;
  byId('state').classList.toggle('open', open);
}

const stream = new EventSource('/live/events');
stream.onopen = () => showState('The stream is open.', true);
stream.onerror = () => showState('The stream has broken off. It comes back as soon as the server answers.', false);
stream.addEventListener('server', event => showServer(JSON.parse(event.data)));
stream.addEventListener('figures', event => showFigures(JSON.parse(event.data)));
stream.addEventListener('request', event => showRequest(JSON.parse(event.data)));

for (const button of document.querySelectorAll('button[data-path]')) {
  button.addEventListener('click', () => {
    for (let i = 0; i < Number(button.dataset.times || 1); i++) fetch(button.dataset.path, { cache: 'no-store' }).catch(() => {});
  });
}
byId('try').hidden = false;
