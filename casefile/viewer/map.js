// The map of routes: the outline of the land, the places of consignments, and a line from each place to the next that consignments name.
const map = byID('map');
const globe = { x: 0, y: 0, k: 0, middle: 0 };
const wayRoles = ['origin', 'departure', 'loading', 'transit', 'discharge', 'destination'];
const known = i => data.places[data.nodes[i].id];
const turned = lon => { let d = lon - globe.middle; while (d > 180) d -= 360; while (d < -180) d += 360; return d; };

// legs counts, of the days and kinds that count, how many consignments go from one place to the next.
function legs() {
  const all = new Map();
  data.nodes.forEach((n, c) => {
    if (n.kind !== CONSIGNMENT || !within(n.start, n.end)) return;
    const stops = [];
    for (const role of wayRoles) for (const i of edgesOf[c]) {
      const e = data.edges[i];
      if (e.f === c && e.kind === role && known(e.t) && stops[stops.length - 1] !== e.t) stops.push(e.t);
    }
    for (let i = 1; i < stops.length; i++) {
      const key = stops[i - 1] + '>' + stops[i], leg = all.get(key) || { a: stops[i - 1], b: stops[i], n: 0, hits: 0 };
      leg.n++; if (n.hit) leg.hits++;
      all.set(key, leg);
    }
  });
  return [...all.values()];
}

// settle turns the earth so that the widest stretch without a place is cut, and fits the rest.
function settle() {
  const at = data.nodes.map((n, i) => known(i)).filter(p => p), w = map.clientWidth, h = map.clientHeight;
  if (w === 0) return;
  if (at.length === 0) { globe.middle = 0; globe.k = w / 360; globe.x = w / 2; globe.y = h / 2; return; }
  const lons = at.map(p => p[0]).sort((a, b) => a - b);
  let widest = lons[0] + 360 - lons[lons.length - 1], cut = lons[lons.length - 1];
  for (let i = 1; i < lons.length; i++) if (lons[i] - lons[i - 1] > widest) { widest = lons[i] - lons[i - 1]; cut = lons[i - 1]; }
  globe.middle = cut + widest / 2 + 180;
  const xs = at.map(p => turned(p[0])), ys = at.map(p => -p[1]);
  const left = Math.min(...xs), right = Math.max(...xs), up = Math.min(...ys), down = Math.max(...ys);
  globe.k = Math.min(w / (right - left + 40), h / (down - up + 30));
  globe.x = w / 2 - globe.k * (left + right) / 2; globe.y = h / 2 - globe.k * (up + down) / 2;
}

function drawMap() {
  const [w, h] = sized(map);
  if (w === 0) return;
  if (!globe.k) settle();
  const p = map.getContext('2d'), spot = i => { const c = known(i); return [globe.x + turned(c[0]) * globe.k, globe.y - c[1] * globe.k]; };
  p.fillStyle = '#eef4f8'; p.fillRect(0, 0, w, h);
  p.fillStyle = '#dcdccc'; p.strokeStyle = '#999988'; p.lineWidth = 0.5;
  for (const ring of data.land) for (const shift of [-360, 0, 360, 720]) {
    p.beginPath();
    for (let i = 0; i < ring.length; i += 2) {
      const x = globe.x + (ring[i] / 10 - globe.middle + shift) * globe.k, y = globe.y - ring[i + 1] / 10 * globe.k;
      if (i) p.lineTo(x, y); else p.moveTo(x, y);
    }
    p.closePath(); p.fill(); p.stroke();
  }
  for (const l of legs()) {
    const a = spot(l.a), b = spot(l.b), mx = (a[0] + b[0]) / 2 - (b[1] - a[1]) * 0.15, my = (a[1] + b[1]) / 2 + (b[0] - a[0]) * 0.15;
    const wide = Math.min(1 + Math.log2(l.n) * 0.8, 7);
    const path = () => { p.beginPath(); p.moveTo(...a); p.quadraticCurveTo(mx, my, ...b); p.stroke(); };
    if (l.hits) { p.strokeStyle = style.hit.colour; p.lineWidth = wide + 2.5; path(); }
    p.strokeStyle = p.fillStyle = '#333333'; p.lineWidth = wide; path();
    const far = Math.hypot(b[0] - mx, b[1] - my) || 1, ux = (b[0] - mx) / far, uy = (b[1] - my) / far, long = 7 + wide, x = b[0] - ux * 5, y = b[1] - uy * 5;
    p.beginPath(); p.moveTo(x, y); p.lineTo(x - ux * long - uy * (3 + wide / 2), y - uy * long + ux * (3 + wide / 2)); p.lineTo(x - ux * long + uy * (3 + wide / 2), y - uy * long - ux * (3 + wide / 2)); p.fill();
  }
  p.font = '11px sans-serif'; p.lineJoin = 'round';
  const spots = [];
  data.nodes.forEach((n, i) => {
    if (!known(i) || view.hidden.has(n.kind)) return;
    const [x, y] = spot(i);
    spots.push({ i, x, y });
    p.beginPath(); p.arc(x, y, i === view.node ? 7 : 4, 0, 2 * Math.PI); p.fillStyle = i === view.node ? '#ffd000' : '#009e73'; p.fill();
  });
  nameSpots(p, spots, h);
}

// nameSpots writes the names of places where they cover no place and no other name, the busiest first; the others show when the map is larger.
function nameSpots(p, spots, h) {
  const round = s => s.i === view.node ? 7 : 5, taken = spots.map(s => [s.x - round(s), s.y - round(s), s.x + round(s), s.y + round(s)]);
  spots.sort((s, t) => (t.i === view.node) - (s.i === view.node) || edgesOf[t.i].length - edgesOf[s.i].length || s.i - t.i);
  const write = (text, x, y) => { p.strokeStyle = '#ffffff'; p.lineWidth = 3; p.strokeText(text, x, y); p.fillStyle = '#000000'; p.fillText(text, x, y); };
  let left = 0;
  for (const s of spots) {
    const text = data.nodes[s.i].label, wide = p.measureText(text).width;
    const free = [[9, 4], [-9 - wide, 4], [-wide / 2, -11], [-wide / 2, 18]].find(([dx, dy]) => {
      const box = [s.x + dx - 1, s.y + dy - 10, s.x + dx + wide + 1, s.y + dy + 3];
      if (taken.some(o => box[0] < o[2] && o[0] < box[2] && box[1] < o[3] && o[1] < box[3])) return false;
      return taken.push(box);
    });
    if (free) write(text, s.x + free[0], s.y + free[1]);
    else if (s.i === view.node) { taken.push([s.x + 8, s.y - 6, s.x + wide + 10, s.y + 7]); write(text, s.x + 9, s.y + 4); }
    else left++;
  }
  if (left) write(left + (left === 1 ? ' name shows' : ' names show') + ' when the map is larger', 8, h - 8);
}

let grip = null;
map.addEventListener('pointerdown', e => { grip = { x: e.clientX, y: e.clientY, gx: globe.x, gy: globe.y, far: 0 }; map.setPointerCapture(e.pointerId); });
map.addEventListener('pointermove', e => {
  if (!grip) return;
  grip.far = Math.max(grip.far, Math.hypot(e.clientX - grip.x, e.clientY - grip.y));
  globe.x = grip.gx + e.clientX - grip.x; globe.y = grip.gy + e.clientY - grip.y; requestAnimationFrame(drawMap);
});
map.addEventListener('pointerup', e => {
  if (grip && grip.far <= 3) {
    const b = map.getBoundingClientRect(), x = e.clientX - b.left, y = e.clientY - b.top;
    let best = -1, closest = 10;
    data.nodes.forEach((n, i) => { const c = known(i); if (!c) return; const far = Math.hypot(globe.x + turned(c[0]) * globe.k - x, globe.y - c[1] * globe.k - y); if (far < closest) { best = i; closest = far; } });
    choose(best, -1);
  }
  grip = null;
});
map.addEventListener('wheel', e => {
  e.preventDefault();
  const b = map.getBoundingClientRect(), x = e.clientX - b.left, y = e.clientY - b.top, k = Math.max(1, Math.min(400, globe.k * Math.pow(1.0015, -e.deltaY)));
  globe.x = x - (x - globe.x) * k / globe.k; globe.y = y - (y - globe.y) * k / globe.k; globe.k = k; requestAnimationFrame(drawMap);
}, { passive: false });
choosers.push(drawMap);
