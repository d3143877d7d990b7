// The picture, on a canvas: places, sizes and signs come from the file.
const canvas = byID('picture');
const pen = canvas.getContext('2d');
const camera = { x: 0, y: 0, k: 1 };
const style = data.style;
const kindStyle = new Map(style.kinds.map(k => [k.kind, k]));
const letterOf = new Map(style.roles.map(r => [r.role, r.letter]));
let moving = 0;

function sized(c) {
  const ratio = window.devicePixelRatio || 1, w = c.clientWidth, h = c.clientHeight;
  if (c.width !== Math.round(w * ratio) || c.height !== Math.round(h * ratio)) { c.width = Math.round(w * ratio); c.height = Math.round(h * ratio); }
  const p = c.getContext('2d');
  p.setTransform(ratio, 0, 0, ratio, 0, 0);
  p.clearRect(0, 0, w, h);
  return [w, h, ratio];
}

function fit() {
  const s = scene(), w = canvas.clientWidth, h = canvas.clientHeight;
  if (s.nodes.length === 0 || w === 0) return;
  let left = Infinity, right = -Infinity, up = Infinity, down = -Infinity;
  for (const n of s.nodes) { left = Math.min(left, n.x); right = Math.max(right, n.x); up = Math.min(up, n.y); down = Math.max(down, n.y); }
  camera.k = Math.min(2, w / (right - left + 180), h / (down - up + 90));
  camera.x = w / 2 - camera.k * (left + right) / 2;
  camera.y = h / 2 - camera.k * (up + down) / 2;
}

function outline(shape, x, y, r) {
  const corners = style.shapes[shape] || [];
  pen.beginPath();
  if (corners.length === 0) { pen.arc(x, y, r, 0, 2 * Math.PI); return; }
  corners.forEach((c, i) => { if (i) pen.lineTo(x + c[0] * r, y + c[1] * r); else pen.moveTo(x + c[0] * r, y + c[1] * r); });
  pen.closePath();
}

function near() {
  if (view.node < 0) return null;
  const at = scene().placeOf.get(view.node);
  if (at === undefined) return null;
  const all = new Set([at]);
  for (const i of scene().linksOf[at]) { all.add(scene().links[i].f); all.add(scene().links[i].t); }
  return all;
}

function drawLink(l, i, lit) {
  const s = scene(), a = s.nodes[l.f], b = s.nodes[l.t], look = style.links[l.style];
  const far = Math.hypot(b.x - a.x, b.y - a.y);
  if (far < 1) return;
  const ux = (b.x - a.x) / far, uy = (b.y - a.y) / far;
  const fx = a.x + ux * a.r, fy = a.y + uy * a.r, tx = b.x - ux * b.r, ty = b.y - uy * b.r;
  const path = () => { pen.beginPath(); pen.moveTo(fx, fy); pen.lineTo(tx, ty); };
  pen.globalAlpha = lit && !(lit.has(l.f) && lit.has(l.t)) ? 0.15 : 1;
  if (i === view.link) { pen.strokeStyle = '#ffd000'; pen.lineWidth = l.wide + 8; path(); pen.stroke(); }
  if (l.hits && l.kinds.includes('trade')) { pen.strokeStyle = style.hit.colour; pen.lineWidth = l.wide + 3; path(); pen.stroke(); }
  pen.strokeStyle = pen.fillStyle = look.colour;
  pen.lineWidth = l.wide;
  pen.setLineDash(look.dash ? [look.dash, look.dash] : []);
  path(); pen.stroke(); pen.setLineDash([]);
  const arrow = (x, y, dx, dy) => {
    const long = 6 + l.wide, half = 3 + l.wide / 2;
    pen.beginPath(); pen.moveTo(x, y); pen.lineTo(x - dx * long - dy * half, y - dy * long + dx * half); pen.lineTo(x - dx * long + dy * half, y - dy * long - dx * half); pen.fill();
  };
  if (look.arrow && far > 30) { arrow(tx, ty, ux, uy); if (l.both) arrow(fx, fy, -ux, -uy); }
}

function drawNode(n, i, lit) {
  const d = data.nodes[n.i], look = kindStyle.get(d.kind) || style.kinds[style.kinds.length - 1];
  pen.globalAlpha = lit && !lit.has(i) ? 0.2 : 1;
  if (n.i === view.node || view.found.has(n.i)) { outline('circle', n.x, n.y, n.r + 6); pen.fillStyle = '#ffd000'; pen.fill(); }
  outline(look.shape, n.x, n.y, n.r);
  pen.fillStyle = look.fill; pen.fill();
  pen.lineWidth = d.chosen ? 2.5 : 1; pen.strokeStyle = d.chosen ? style.chosen.colour : '#555555'; pen.stroke();
  if (n.hits) {
    const x = n.x + n.r * 0.75, y = n.y - n.r * 0.75;
    outline('circle', x, y, 4.5); pen.fillStyle = style.hit.colour; pen.fill();
    pen.strokeStyle = '#ffffff'; pen.lineWidth = 1.4; pen.beginPath();
    pen.moveTo(x - 2.2, y - 2.2); pen.lineTo(x + 2.2, y + 2.2); pen.moveTo(x - 2.2, y + 2.2); pen.lineTo(x + 2.2, y - 2.2); pen.stroke();
  }
  if (n.listed) { pen.fillStyle = style.listed.colour; pen.fillRect(n.x - n.r, n.y - 2, 2 * n.r, 4); }
  const letter = letterOf.get(n.role);
  if (letter) { pen.fillStyle = '#000000'; pen.font = '11px sans-serif'; pen.textAlign = 'center'; pen.fillText(letter, n.x, n.y + 4); }
}

function drawLabels(lit) {
  const s = scene();
  pen.font = "11px 'Noto Sans','Droid Sans Fallback',sans-serif"; pen.textAlign = 'center'; pen.lineJoin = 'round'; pen.globalAlpha = 1;
  s.labels.forEach(l => {
    const n = s.nodes[l.n];
    if (!shownNode(n) || lit && !lit.has(l.n)) return;
    if (l.far) {
      pen.strokeStyle = '#888888'; pen.lineWidth = 0.5; pen.beginPath(); pen.moveTo(n.x, n.y);
      pen.lineTo(Math.min(Math.max(n.x, l.x), l.x + l.w), Math.min(Math.max(n.y, l.y), l.y + 13 * l.lines.length)); pen.stroke();
    }
    pen.fillStyle = data.nodes[n.i].chosen ? '#000000' : '#444444'; pen.strokeStyle = '#ffffff'; pen.lineWidth = 3;
    l.lines.forEach((text, i) => {
      const x = l.x + l.w / 2, y = l.y + 13 * (i + 1) - 3;
      pen.strokeText(text, x, y, l.w); pen.fillText(text, x, y, l.w);
    });
  });
  if (camera.k < 0.4) return;
  pen.font = '9px sans-serif'; pen.fillStyle = '#000000'; pen.strokeStyle = '#ffffff'; pen.lineWidth = 3;
  for (const c of s.counts) {
    if (!shownLink(s.links[c.n])) continue;
    pen.strokeText(c.lines[0], c.x + c.w / 2, c.y + 9); pen.fillText(c.lines[0], c.x + c.w / 2, c.y + 9);
  }
}

function draw() {
  const [w] = sized(canvas);
  if (w === 0) return;
  const ratio = window.devicePixelRatio || 1, s = scene(), lit = near();
  pen.setTransform(ratio * camera.k, 0, 0, ratio * camera.k, ratio * camera.x, ratio * camera.y);
  const busy = moving && s.links.length > 1500;
  if (!busy) s.links.forEach((l, i) => { if (shownLink(l)) drawLink(l, i, lit); });
  s.nodes.forEach((n, i) => { if (shownNode(n)) drawNode(n, i, lit); });
  pen.globalAlpha = 1;
  if (!busy && (camera.k > 0.35 || s.nodes.length < 60)) drawLabels(lit);
}

// moved draws now without what is slow, and all of it a moment after the last move.
function moved() {
  clearTimeout(moving);
  moving = setTimeout(() => { moving = 0; draw(); }, 120);
  requestAnimationFrame(draw);
}

function toScene(event) {
  const b = canvas.getBoundingClientRect();
  return [(event.clientX - b.left - camera.x) / camera.k, (event.clientY - b.top - camera.y) / camera.k];
}

function pick(x, y) {
  const s = scene();
  for (let i = s.nodes.length - 1; i >= 0; i--) {
    const n = s.nodes[i];
    if (shownNode(n) && Math.hypot(n.x - x, n.y - y) <= n.r + 3 / camera.k) return { node: n.i, link: -1 };
  }
  let best = -1, closest = 6 / camera.k;
  s.links.forEach((l, i) => {
    const a = s.nodes[l.f], b = s.nodes[l.t], dx = b.x - a.x, dy = b.y - a.y;
    const t = Math.max(0, Math.min(1, ((x - a.x) * dx + (y - a.y) * dy) / (dx * dx + dy * dy || 1)));
    const far = Math.hypot(a.x + t * dx - x, a.y + t * dy - y);
    if (far < closest && shownLink(l)) { best = i; closest = far; }
  });
  return { node: -1, link: best };
}

function zoom(by, x, y) {
  const k = Math.max(0.02, Math.min(8, camera.k * by));
  camera.x = x - (x - camera.x) * k / camera.k; camera.y = y - (y - camera.y) * k / camera.k; camera.k = k;
  moved();
}

function centre(i) {
  const at = scene().placeOf.get(i);
  if (at === undefined) return;
  const n = scene().nodes[at];
  camera.k = Math.max(camera.k, 0.8);
  camera.x = canvas.clientWidth / 2 - n.x * camera.k; camera.y = canvas.clientHeight / 2 - n.y * camera.k;
}

// step goes to the neighbour that lies nearest to a direction.
function step(dx, dy) {
  const s = scene(), at = s.placeOf.get(view.node);
  if (at === undefined) { if (s.nodes.length) choose(s.nodes[0].i, -1); return; }
  let best = -1, most = 0.2;
  for (const i of s.linksOf[at]) {
    const other = s.links[i].f === at ? s.links[i].t : s.links[i].f, n = s.nodes[other];
    if (!shownNode(n)) continue;
    const far = Math.hypot(n.x - s.nodes[at].x, n.y - s.nodes[at].y) || 1;
    const along = ((n.x - s.nodes[at].x) * dx + (n.y - s.nodes[at].y) * dy) / far;
    if (along > most) { most = along; best = other; }
  }
  if (best >= 0) { choose(s.nodes[best].i, -1); centre(s.nodes[best].i); draw(); }
}

let held = null;
canvas.addEventListener('pointerdown', e => { held = { x: e.clientX, y: e.clientY, cx: camera.x, cy: camera.y, far: 0 }; canvas.setPointerCapture(e.pointerId); });
canvas.addEventListener('pointermove', e => {
  if (!held) return;
  held.far = Math.max(held.far, Math.hypot(e.clientX - held.x, e.clientY - held.y));
  if (held.far > 3) { camera.x = held.cx + e.clientX - held.x; camera.y = held.cy + e.clientY - held.y; moved(); }
});
canvas.addEventListener('pointerup', e => {
  if (held && held.far <= 3) { const p = pick(...toScene(e)); choose(p.node, p.link); }
  held = null;
});
canvas.addEventListener('wheel', e => { e.preventDefault(); const b = canvas.getBoundingClientRect(); zoom(Math.pow(1.0015, -e.deltaY), e.clientX - b.left, e.clientY - b.top); }, { passive: false });
canvas.addEventListener('keydown', e => {
  const w = canvas.clientWidth / 2, h = canvas.clientHeight / 2;
  const acts = { '+': () => zoom(1.25, w, h), '-': () => zoom(0.8, w, h), '0': () => { fit(); draw(); }, 'Escape': () => choose(-1, -1),
    'ArrowRight': () => step(1, 0), 'ArrowLeft': () => step(-1, 0), 'ArrowDown': () => step(0, 1), 'ArrowUp': () => step(0, -1) };
  if (acts[e.key]) { e.preventDefault(); acts[e.key](); }
});
choosers.push(draw);
