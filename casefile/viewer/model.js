// The data, and what follows from it. Everything that is shown is set as text; nothing here makes markup.
const data = JSON.parse(document.getElementById('data').textContent);
const CONSIGNMENT = 'consignment';
const place = new Map(data.nodes.map((n, i) => [n.id, i]));
const edgesOf = data.nodes.map(() => []);
data.edges.forEach((e, i) => { edgesOf[e.f].push(i); if (e.t !== e.f) edgesOf[e.t].push(i); });
// found is what was found at a node, as its outcomes say.
const found = i => data.nodes[i].attributes.filter(a => a[0] === 'outcome').map(a => a[1]).join('; ');
const isConsignment = i => data.nodes[i].kind === CONSIGNMENT;
const consignmentsOf = data.nodes.map((n, i) => {
  const all = new Set();
  for (const at of edgesOf[i]) if (data.edges[at].t === i && isConsignment(data.edges[at].f)) all.add(data.edges[at].f);
  return all;
});

// What one looks at: which kinds and lines are hidden, which days count, what is chosen.
const view = { scene: 0, hidden: new Set(), hiddenLinks: new Set(), from: '', to: '', node: -1, link: -1, found: new Set() };
// watchers show what counts, choosers what was chosen.
const watchers = [], choosers = [];
function changed() { for (const w of watchers) w(); for (const c of choosers) c(); }
function choose(node, link) { view.node = node; view.link = link; for (const c of choosers) c(); }

// within tells whether something of these days counts. What has no day is always there.
function within(start, end) {
  if (!start && !end) return true;
  return (!view.to || (start || end) <= view.to) && (!view.from || (end || start) >= view.from);
}

// under lists what a line stands for: links between its ends, and consignments in which both stand.
function under(a, b) {
  const edges = edgesOf[a].filter(i => data.edges[i].f === b || data.edges[i].t === b);
  const consignments = [];
  if (!isConsignment(a) && !isConsignment(b)) for (const c of consignmentsOf[a]) if (consignmentsOf[b].has(c)) consignments.push(c);
  return { edges, consignments: consignments.sort((x, y) => x - y) };
}

for (const scene of data.scenes) {
  scene.placeOf = new Map(scene.nodes.map((n, i) => [n.i, i]));
  scene.linksOf = scene.nodes.map(() => []);
  scene.links.forEach((l, i) => {
    scene.linksOf[l.f].push(i); scene.linksOf[l.t].push(i);
    const u = under(scene.nodes[l.f].i, scene.nodes[l.t].i);
    l.days = u.edges.map(e => [data.edges[e].start, data.edges[e].end]).concat(u.consignments.map(c => [data.nodes[c].start, data.nodes[c].end]));
  });
}
const scene = () => data.scenes[view.scene];
const shownNode = n => {
  const d = data.nodes[n.i];
  return !view.hidden.has(d.kind) && (d.kind !== CONSIGNMENT || within(d.start, d.end));
};
const shownLink = l => !view.hiddenLinks.has(l.style) && shownNode(scene().nodes[l.f]) && shownNode(scene().nodes[l.t])
  && (l.days.length === 0 || l.days.some(d => within(d[0], d[1])));

// fold makes texts comparable across width, case and accents, for every script.
const fold = text => text.normalize('NFKD').replace(/\p{M}/gu, '').toLowerCase();
let texts = null;
function search(query) {
  if (!texts) texts = data.nodes.map(n => fold([n.label, n.id, ...n.records, ...n.attributes.map(a => a[1])].join('\n')));
  const words = fold(query).split(/\s+/).filter(w => w);
  if (words.length === 0) return [];
  const hits = [];
  texts.forEach((t, i) => { if (words.every(w => t.includes(w))) hits.push(i); });
  const first = i => fold(data.nodes[i].label).includes(words[0]) ? 0 : 1;
  return hits.sort((a, b) => first(a) - first(b) || data.nodes[b].chosen - data.nodes[a].chosen || a - b);
}

// element makes one with text and children; text is never read as markup.
function element(name, attributes, ...children) {
  const e = document.createElement(name);
  for (const [k, v] of Object.entries(attributes || {})) {
    if (k === 'on') for (const [event, act] of Object.entries(v)) e.addEventListener(event, act);
    else if (v !== false && v !== null) e.setAttribute(k, v === true ? '' : v);
  }
  for (const c of children.flat()) e.append(typeof c === 'string' ? document.createTextNode(c) : c);
  return e;
}
// said isolates a name from the direction of what stands around it.
const said = text => element('bdi', {}, text);
const words = text => text.replaceAll('_', ' ');
const days = (start, end) => !end || start === end ? start || '' : (start || '') + ' – ' + end;
// brief is a text for a cell; all of it stands where what was chosen is told.
const brief = text => { const t = String(text); return t.length > 300 ? t.slice(0, 300) + '…' : t; };
const byID = id => document.getElementById(id);
