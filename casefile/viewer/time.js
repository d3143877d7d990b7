// The timeline: consignments by month, and a brush that says which days count. Two fields do the same for the keyboard.
const time = byID('timeline');
const from = byID('from'), to = byID('to');
const months = [];
(() => {
  const dated = data.nodes.filter(n => n.kind === CONSIGNMENT && n.start).map(n => n.start);
  if (dated.length === 0) return;
  const first = dated.reduce((a, b) => a < b ? a : b), last = dated.reduce((a, b) => a > b ? a : b);
  const count = new Map();
  for (const n of data.nodes) {
    if (n.kind !== CONSIGNMENT || !n.start) continue;
    const at = n.start.slice(0, 7), c = count.get(at) || { n: 0, hits: 0 };
    c.n++; if (n.hit) c.hits++;
    count.set(at, c);
  }
  let year = +first.slice(0, 4), month = +first.slice(5, 7);
  for (let name = first.slice(0, 7); name <= last.slice(0, 7) && months.length < 2400;) {
    months.push({ name, ...(count.get(name) || { n: 0, hits: 0 }) });
    if (++month > 12) { month = 1; year++; }
    name = String(year).padStart(4, '0') + '-' + String(month).padStart(2, '0');
  }
})();

function drawTime() {
  const [w, h] = sized(time);
  if (months.length === 0 || w === 0) return;
  const p = time.getContext('2d'), ground = h - 16, wide = w / months.length, most = Math.max(...months.map(m => m.n), 1);
  p.font = '10px sans-serif';
  let written = -Infinity;
  months.forEach((m, i) => {
    const x = i * wide, counts = (!view.from || m.name + '-31' >= view.from) && (!view.to || m.name + '-01' <= view.to);
    p.globalAlpha = counts ? 1 : 0.3;
    const bar = (n, colour, inset) => { const high = n / most * (ground - 14); p.fillStyle = colour; p.fillRect(x + inset, ground - high, Math.max(1, wide - 2 * inset), high); };
    bar(m.n, '#6baed6', Math.min(1, wide / 8)); if (m.hits) bar(m.hits, style.hit.colour, wide / 3);
    p.globalAlpha = 1; p.fillStyle = '#000000';
    if (x - written > 52 && x + 44 < w) { p.fillText(m.name, x, h - 4); written = x; }
  });
  p.fillStyle = '#000000'; p.fillText(String(most), 0, 10);
  p.fillRect(0, ground, w, 1);
}

const monthAt = e => { const b = time.getBoundingClientRect(); return months[Math.max(0, Math.min(months.length - 1, Math.floor((e.clientX - b.left) / b.width * months.length)))]; };
function setDays(a, b) { view.from = a; view.to = b; from.value = a; to.value = b; changed(); }
const lastDay = name => { const d = new Date(Date.UTC(+name.slice(0, 4), +name.slice(5, 7), 0)); return name + '-' + String(d.getUTCDate()).padStart(2, '0'); };
let brush = null;
time.addEventListener('pointerdown', e => { if (months.length) { brush = monthAt(e).name; time.setPointerCapture(e.pointerId); } });
time.addEventListener('pointermove', e => {
  if (!brush) return;
  const other = monthAt(e).name;
  setDays((brush < other ? brush : other) + '-01', lastDay(brush < other ? other : brush));
});
time.addEventListener('pointerup', e => { if (brush && monthAt(e).name === brush) setDays(brush + '-01', lastDay(brush)); brush = null; });
for (const field of [from, to]) field.addEventListener('change', () => { view.from = from.value; view.to = to.value; changed(); });
byID('alldays').addEventListener('click', () => setDays('', ''));
watchers.push(drawTime);
