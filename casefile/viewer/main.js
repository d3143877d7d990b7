// Tabs, legend, search, and what is said of the whole.
const tabs = [...document.querySelectorAll('[role=tab]')];
function show(name) {
  for (const t of tabs) {
    const on = t.dataset.panel === name;
    t.setAttribute('aria-selected', String(on)); t.tabIndex = on ? 0 : -1;
    byID(t.dataset.panel).hidden = !on;
  }
  if (name === 'panel-map') settle();
  changed();
}
tabs.forEach((t, i) => {
  t.addEventListener('click', () => show(t.dataset.panel));
  t.addEventListener('keydown', e => {
    const by = { ArrowRight: 1, ArrowLeft: -1 }[e.key];
    if (by) { const next = tabs[(i + by + tabs.length) % tabs.length]; next.focus(); show(next.dataset.panel); }
  });
});

function toggle(set, key, button) {
  if (set.has(key)) set.delete(key); else set.add(key);
  button.setAttribute('aria-pressed', String(!set.has(key)));
  changed();
}
function sample(kind) {
  const c = element('canvas', { width: 22, height: 18, 'aria-hidden': 'true' }), p = c.getContext('2d'), corners = style.shapes[kind.shape] || [];
  p.beginPath();
  if (corners.length === 0) p.arc(11, 9, 7, 0, 2 * Math.PI);
  corners.forEach((k, i) => { if (i) p.lineTo(11 + 7 * k[0], 9 + 7 * k[1]); else p.moveTo(11 + 7 * k[0], 9 + 7 * k[1]); });
  p.closePath(); p.fillStyle = kind.fill; p.fill(); p.stroke();
  return c;
}
function dash(look) {
  const c = element('canvas', { width: 22, height: 18, 'aria-hidden': 'true' }), p = c.getContext('2d');
  p.strokeStyle = look.colour; p.lineWidth = 2; p.setLineDash(look.dash ? [look.dash, look.dash] : []); p.beginPath(); p.moveTo(0, 9); p.lineTo(22, 9); p.stroke();
  return c;
}
function legend() {
  const box = byID('legend'), s = scene(), kinds = new Map(), links = new Map();
  for (const n of s.nodes) { const k = data.nodes[n.i].kind; kinds.set(k, (kinds.get(k) || 0) + 1); }
  for (const l of s.links) links.set(l.style, (links.get(l.style) || 0) + 1);
  box.replaceChildren();
  for (const k of style.kinds) if (kinds.has(k.kind)) {
    const b = element('button', { type: 'button', 'aria-pressed': String(!view.hidden.has(k.kind)) }, sample(k), k.name + ' (' + kinds.get(k.kind) + ')');
    b.addEventListener('click', () => toggle(view.hidden, k.kind, b)); box.append(b);
  }
  style.links.forEach((l, i) => {
    if (!links.has(i)) return;
    const b = element('button', { type: 'button', 'aria-pressed': String(!view.hiddenLinks.has(i)) }, dash(l), l.name + ' (' + links.get(i) + ')');
    b.addEventListener('click', () => toggle(view.hiddenLinks, i, b)); box.append(b);
  });
  box.append(element('span', {}, '× ' + style.hit.name + '; bar: ' + style.listed.name + '; thick edge: ' + style.chosen.name + '; letters: ' + style.roles.map(r => r.letter + ' ' + r.role).join(', ')));
}

function status() {
  const s = scene(), n = s.nodes.filter(shownNode).length, l = s.links.filter(shownLink).length;
  const hidden = s.nodes.length - n + s.links.length - l;
  byID('status').textContent = n + ' entities and ' + l + ' links shown' + (hidden ? ', ' + hidden + ' hidden by legend or days' : '') + (s.note ? '. ' + s.note : '');
}
watchers.push(status);

const field = byID('search'), results = byID('results');
field.addEventListener('input', () => {
  const all = search(field.value), shown = 30;
  view.found = new Set(all.slice(0, 500));
  results.replaceChildren(...all.slice(0, shown).map(i => element('li', {}, link(i), ' ' + data.nodes[i].kind)));
  if (all.length > shown) results.append(element('li', {}, (all.length - shown) + ' more; type more of it'));
  if (all.length === 0 && field.value.trim()) results.append(element('li', {}, 'nothing has it'));
  draw();
});

function list(title, all) { return all && all.length ? [element('h3', {}, title), element('ul', {}, all.map(t => element('li', {}, said(t))))] : []; }
function tellStory() {
  const s = data.story, box = byID('story');
  box.append(element('h2', {}, said(data.title)), element('dl', {}, data.custody.map(c => [element('dt', {}, c[0]), element('dd', {}, said(c[1]))])));
  for (const text of [s.heading, s.decision]) if (text) box.append(element('p', {}, said(text)));
  if (s.base) box.append(element('p', {}, said(s.base)));
  box.append(...list('Why', s.summary), ...list('What speaks for it', s.for), ...list('What speaks against it', s.against), ...list('What remains without one tie or another', s.without), ...list('What nobody has looked at', s.missing), ...list('Notes', s.notes));
  if (s.ledger && s.ledger.length) box.append(element('h3', {}, 'Ledger of the score'), element('table', {}, element('tbody', {}, s.ledger.map(e => element('tr', {}, element('td', {}, (100 * e.share).toFixed(1) + ' %'), element('td', {}, said(e.what)), element('td', {}, said(e.rows)))))));
  for (const p of s.patterns || []) box.append(element('h3', {}, said('Pattern: ' + p.name)), element('p', {}, said(p.text)), ...list('What shows it', p.shows), ...list('What would clear it', p.against));
  if (s.members && s.members.length) box.append(element('h3', {}, 'Members'), element('ul', {}, s.members.map(m => element('li', {}, place.has(m.id) ? link(place.get(m.id)) : said(m.name), said(' ' + [m.role, m.trades, m.hits + ' hits of ' + m.inspected + ' inspected', ...(m.evidence || [])].filter(t => t).join('; '))))));
  const bare = data.rows.filter(r => r.bare).length;
  box.append(...list('What it does not say', bare ? [...data.limits, 'Of ' + data.rows.length + ' rows, ' + bare + ' are named here without their cells; evidence/rows.jsonl has them all.'] : data.limits));
  box.append(element('h3', {}, 'Sources'), element('table', {}, element('tbody', {}, data.sources.map(x => element('tr', {}, element('td', {}, said(data.files[x.f].name)), element('td', { class: 'hash' }, data.files[x.f].sha256), element('td', {}, x.handling))))));
}

const scenes = byID('scenes');
data.scenes.forEach((s, i) => scenes.append(element('button', { type: 'button', 'aria-pressed': String(i === 0), on: { click: e => {
  view.scene = i; view.link = -1;
  [...scenes.children].forEach(b => b.setAttribute('aria-pressed', String(b === e.currentTarget)));
  legend(); fit(); changed();
} } }, s.name)));
scenes.hidden = data.scenes.length < 2;
byID('in').addEventListener('click', () => zoom(1.25, canvas.clientWidth / 2, canvas.clientHeight / 2));
byID('out').addEventListener('click', () => zoom(0.8, canvas.clientWidth / 2, canvas.clientHeight / 2));
byID('fit').addEventListener('click', () => { fit(); draw(); });
addEventListener('resize', () => { settle(); changed(); });
byID('title').append(said(data.title));
for (const b of document.querySelectorAll('.banner')) b.textContent = data.handling;
if (months.length) { from.min = to.min = months[0].name + '-01'; }
tellStory();
legend();
fit();
changed();
document.body.dataset.ready = 'yes';
