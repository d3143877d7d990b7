// The tables: the same that the picture shows, for reading, sorting and the keyboard.
const tables = {
  nodes: {
    columns: ['kind', 'name', 'role', 'first day', 'last day', 'id', 'found'],
    lines: () => scene().nodes.filter(shownNode).map(n => { const d = data.nodes[n.i]; return { go: () => { choose(n.i, -1); centre(n.i); draw(); }, cells: [d.kind, d.label, d.role, d.start, d.end, d.id, found(n.i)] }; }),
  },
  links: {
    columns: ['from', 'is', 'to', 'records', 'hits', 'first day', 'last day'],
    lines: () => scene().links.map((l, i) => [l, i]).filter(x => shownLink(x[0])).map(([l, i]) => ({ go: () => choose(-1, i), cells: [data.nodes[scene().nodes[l.f].i].label, l.kinds.map(words).join(', '), data.nodes[scene().nodes[l.t].i].label, l.n, l.hits, l.start, l.end] })),
  },
  consignments: {
    columns: ['day', 'consignment', 'seller', 'buyer', 'from', 'to', 'goods', 'container', 'found'],
    lines: () => data.nodes.map((n, i) => i).filter(i => isConsignment(i) && within(data.nodes[i].start, data.nodes[i].end)).map(i => {
      const in_ = (...roles) => [...new Set(edgesOf[i].map(x => data.edges[x]).filter(e => e.f === i && roles.includes(e.kind)).map(e => data.nodes[e.t].label))].join('; ');
      return { go: () => choose(i, -1), cells: [data.nodes[i].start, data.nodes[i].label, in_('exporter', 'consignor'), in_('importer', 'consignee'), in_('departure', 'loading', 'origin'), in_('discharge', 'destination'), in_('commodity'), in_('equipment'), found(i)] };
    }),
  },
};
const sorted = {};
const most = {};

function drawTable(name) {
  const box = byID('table-' + name), t = tables[name];
  if (box.hidden || box.offsetParent === null) return;
  const lines = t.lines(), by = sorted[name];
  if (by) lines.sort((a, b) => { const x = a.cells[by.column], y = b.cells[by.column]; return by.turn * (typeof x === 'number' ? x - y : x < y ? -1 : x > y ? 1 : 0); });
  const limit = most[name] || 200;
  const head = t.columns.map((c, i) => element('th', { scope: 'col', 'aria-sort': by && by.column === i ? (by.turn > 0 ? 'ascending' : 'descending') : 'none' },
    element('button', { type: 'button', on: { click: () => { sorted[name] = { column: i, turn: by && by.column === i ? -by.turn : 1 }; drawTable(name); } } }, c)));
  const body = lines.slice(0, limit).map(l => element('tr', {}, l.cells.map((c, i) => element('td', /^\d{4}-\d\d-\d\d$/.test(c) ? { class: 'day' } : {}, i === (name === 'links' ? 0 : 1) ? element('button', { type: 'button', class: 'name', on: { click: l.go } }, said(brief(c) || '–')) : said(brief(c))))));
  box.replaceChildren(element('table', {}, element('thead', {}, element('tr', {}, head)), element('tbody', {}, body)));
  if (lines.length > limit) box.append(element('button', { type: 'button', on: { click: () => { most[name] = limit * 5; drawTable(name); } } }, 'more (' + (lines.length - limit) + ' not shown)'));
}
watchers.push(() => Object.keys(tables).forEach(drawTable));
