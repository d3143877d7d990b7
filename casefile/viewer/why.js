// What is said of what was chosen, down to the cells of rows.
const detail = byID('detail');

// titleOf names a row, standing tells where its bytes are, cellsOf has its cells.
const titleOf = r => data.files[r.f].name + ', row ' + r.row;
const standing = r => data.files[r.f].sha256 ? element('p', { class: 'hash' }, 'SHA-256 of the file: ' + data.files[r.f].sha256 + (r.bytes ? ', bytes ' + r.bytes.join(' to ') : '')) : '';
const cellsOf = r => r.cells ? element('table', {}, element('tbody', {}, r.cells.map(c => element('tr', {}, element('th', { scope: 'row' }, said(c[0])), element('td', {}, said(c[1])))))) : '';

// rowTable is a row, with those of second files that were joined to it, and those that it cites.
function rowTable(i) {
  const r = data.rows[i];
  if (r.bare) return element('p', { class: 'row' }, said(titleOf(r)), ': not in this page, which has room for some only; its cells stand in evidence/rows.jsonl');
  const list = element('details', { class: 'row' }, element('summary', {}, said(titleOf(r))), r.note ? element('p', {}, said(r.note)) : '', cellsOf(r), standing(r));
  for (const j of r.joined || []) list.append(element('h4', {}, 'joined as ', said(j.join), ': ', said(titleOf(j))), cellsOf(j), standing(j));
  if (r.more) list.append(element('p', {}, 'and ' + r.more + ' more joined rows'));
  for (const c of r.cites || []) list.append(element('h4', {}, 'cites ', said(titleOf(c))), c.note ? element('p', {}, said(c.note)) : '', standing(c));
  return list;
}

function rowsOf(all) {
  if (all.length === 0) return element('p', {}, 'No row says so.');
  const box = element('div', {}), shown = 20;
  all.slice(0, shown).forEach(i => box.append(rowTable(i)));
  if (all.length > shown) {
    const more = element('button', { type: 'button', on: { click: () => { all.slice(shown).forEach(i => box.append(rowTable(i))); more.remove(); } } }, (all.length - shown) + ' more rows');
    box.append(more);
  }
  return box;
}

const link = i => element('button', { type: 'button', class: 'name', on: { click: () => { choose(i, -1); centre(i); draw(); } } }, said(data.nodes[i].label || data.nodes[i].id));

function edgeItem(e) {
  return element('li', {}, link(e.f), ' ', words(e.kind), ' ', link(e.t), e.start ? ' ' + days(e.start, e.end) : '',
    e.attributes.map(a => element('div', {}, said(words(a[0]) + ': ' + a[1] + (a[2] ? ' (doubtful: ' + a[2] + ')' : '')))), rowsOf(e.rows));
}

function tellNode(i) {
  const n = data.nodes[i], kind = kindStyle.get(n.kind);
  detail.append(element('h2', {}, said(n.label || n.id)), element('p', {}, kind ? kind.name : n.kind, n.chosen ? ', asked for' : '', n.role ? ', ' + n.role : ''),
    element('p', { class: 'hash' }, said(n.id)));
  const spelled = [...n.label].filter(c => /[\p{C}]/u.test(c));
  if (spelled.length) detail.append(element('p', {}, 'It holds signs that are not seen: ' + spelled.map(c => 'U+' + c.codePointAt(0).toString(16).toUpperCase().padStart(4, '0')).join(' ')));
  if (n.start) detail.append(element('p', {}, days(n.start, n.end)));
  if (n.records.length) detail.append(element('h3', {}, 'Records judged to be one'), element('ul', {}, n.records.map(r => element('li', {}, said(r)))));
  if (n.attributes.length) {
    detail.append(element('h3', {}, 'Said of it'), element('table', {}, element('tbody', {}, n.attributes.map(a =>
      element('tr', {}, element('th', { scope: 'row' }, said(words(a[0]))), element('td', {}, said(a[1] + (a[2] ? ' (doubtful: ' + a[2] + ')' : ''))))))));
  }
  detail.append(element('h3', {}, 'Rows'), rowsOf(n.rows));
  const byKind = new Map();
  for (const at of edgesOf[i]) {
    const e = data.edges[at], key = words(e.kind) + (e.f === i ? ' →' : ' ←');
    if (!byKind.has(key)) byKind.set(key, []);
    byKind.get(key).push(e.f === i ? e.t : e.f);
  }
  detail.append(element('h3', {}, 'Beside it'));
  for (const [key, all] of [...byKind].sort()) {
    detail.append(element('details', {}, element('summary', {}, key + ' (' + all.length + ')'), element('ul', {}, [...new Set(all)].slice(0, 200).map(o => element('li', {}, link(o))))));
  }
}

function tellLink(at) {
  const l = scene().links[at], a = scene().nodes[l.f].i, b = scene().nodes[l.t].i, u = under(a, b);
  detail.append(element('h2', {}, 'Why is this link here?'), element('p', {}, link(a), ' – ', link(b)));
  detail.append(element('p', {}, l.kinds.map(words).join(', ') + '; records: ' + l.n + '; hits: ' + l.hits));
  if (u.edges.length) detail.append(element('h3', {}, 'Links'), element('ul', {}, u.edges.map(i => edgeItem(data.edges[i]))));
  const counted = u.consignments.filter(c => within(data.nodes[c].start, data.nodes[c].end));
  if (u.consignments.length) {
    detail.append(element('h3', {}, 'Consignments in which both stand: ' + counted.length + ' of ' + u.consignments.length + ' in these days'));
    detail.append(element('ul', {}, counted.slice(0, 200).map(c => {
      const roles = i => [...new Set(edgesOf[c].map(x => data.edges[x]).filter(e => e.t === i).map(e => words(e.kind)))].join(', ');
      const outcome = found(c);
      return element('li', {}, link(c), ' ', days(data.nodes[c].start, data.nodes[c].end), ': ', link(a), ' ' + roles(a) + ', ', link(b), ' ' + roles(b), outcome ? element('strong', {}, said(' ' + outcome)) : '', rowsOf(data.nodes[c].rows));
    })));
  }
}

function tell() {
  detail.replaceChildren();
  if (view.node >= 0) tellNode(view.node); else if (view.link >= 0) tellLink(view.link);
  else detail.append(element('p', {}, 'Choose an entity or a link in the picture, a place on the map, or a line of a table: what is said of it stands here, with the rows behind it.'));
}
choosers.push(tell);
