"use strict";
// What is painted over vis-network's discs and arrows: names of hubs, captions of communities, and the
// view of one account. Everything is text on a canvas; nothing here makes markup.

const FONT = 'system-ui, "Segoe UI", Roboto, Helvetica, Arial, sans-serif';

// Boxes are [left, top, right, bottom] in screen pixels.
function overlap(a, b) {
  const width = Math.min(a[2], b[2]) - Math.max(a[0], b[0]);
  const height = Math.min(a[3], b[3]) - Math.max(a[1], b[1]);
  return width > 0 && height > 0 ? width * height : 0;
}

function boxAround(x, y, width, height) {
  return [x - width / 2, y - height / 2, x + width / 2, y + height / 2];
}

// Where names and captions go at one zoom: positions relative to the picture, so dragging moves them along.
// Names come first, largest disc first; captions then take the place near their community that hides least.
// ``groups`` are the communities to caption: { name, circle, discs }.
// ``room`` is the width of the window that no panel covers, ``margin`` what is free beside the outermost discs.
function placeWords(ctx, discs, groups, zoom, budget, room, margin, captionSize) {
  const taken = [];
  const sides = discs.reduce(([low, high], disc) => [Math.min(low, disc.x), Math.max(high, disc.x)], [Infinity, -Infinity]);
  const middle = ((sides[0] + sides[1]) / 2) * zoom;
  const half = Math.max(((sides[1] - sides[0]) / 2) * zoom + margin, room / 2 - 6);
  const beyond = (box) => Math.max(0, middle - half - box[0]) + Math.max(0, box[2] - middle - half);
  const names = [];
  const heavy = discs.filter((disc) => disc.r * zoom > 6).map((disc) => ({ disc, box: boxAround(disc.x * zoom, disc.y * zoom, 2 * disc.r * zoom, 2 * disc.r * zoom) }));
  ctx.font = `12px ${FONT}`;
  for (const disc of discs) {
    if (names.length >= budget) break;
    const width = ctx.measureText(disc.label).width;
    const [x, y, r] = [disc.x * zoom, disc.y * zoom, disc.r * zoom];
    const tries = [
      [x + r + 4 + width / 2, y], [x - r - 4 - width / 2, y], [x, y + r + 10], [x, y - r - 10],
    ];
    let best = null;
    for (const [cx, cy] of tries) {
      const box = boxAround(cx, cy, width + 4, 15);
      if (taken.some((other) => overlap(box, other) > 0)) continue;
      const cost = heavy.reduce((sum, other) => sum + (other.disc === disc ? 0 : overlap(box, other.box)), beyond(box) * 15);
      if (!best || cost < best.cost - 1) best = { cost, box, cx, cy };
      if (cost === 0) break;
    }
    if (!best || best.cost > width * 6) continue;
    taken.push(best.box);
    names.push({ id: disc.id, text: disc.label, x: best.cx, y: best.cy });
  }
  return { names, captions: placeCaptions(ctx, discs, heavy, taken, groups, zoom, [middle - half, middle + half], captionSize) };
}

function placeCaptions(ctx, discs, heavy, taken, groups, zoom, [left, right], size) {
  const captions = [];
  ctx.font = `600 ${size}px ${FONT}`;
  for (const { name, circle, discs: own } of groups) {
    const members = new Set(own);
    const xs = own.map((disc) => disc.x * zoom).sort((a, b) => a - b);
    const ys = own.map((disc) => disc.y * zoom).sort((a, b) => a - b);
    const at = (list, share) => list[Math.min(list.length - 1, Math.floor(list.length * share))];
    const middle = [at(xs, 0.5), at(ys, 0.5)];
    const width = ctx.measureText(name).width + size * 1.4;
    const half = [Math.max(20, (at(xs, 0.9) - at(xs, 0.1)) / 2), Math.max(16, (at(ys, 0.9) - at(ys, 0.1)) / 2)];
    let best = null;
    for (let step = 0; step <= 6; step++) {
      for (let turn = 0; turn < (step ? 16 : 1); turn++) {
        const angle = (turn / 16) * 2 * Math.PI - Math.PI / 2;
        const wanted = middle[0] + (Math.cos(angle) * half[0] * step) / 4;
        const cx = Math.max(left + width / 2, Math.min(right - width / 2, wanted));
        const cy = middle[1] + (Math.sin(angle) * half[1] * step) / 4;
        const box = boxAround(cx, cy, width + 6, size * 1.8 + 4);
        let cost = step * 40;
        for (const other of taken) cost += overlap(box, other) * 50;
        for (const other of heavy) cost += overlap(box, other.box) * 1.5;
        for (const disc of discs) {
          const [x, y] = [disc.x * zoom, disc.y * zoom];
          if (x > box[0] && x < box[2] && y > box[1] && y < box[3]) cost += members.has(disc) ? 18 : 30;
        }
        if (!best || cost < best.cost) best = { cost, box, cx, cy };
      }
    }
    taken.push(best.box);
    captions.push({ circle, text: name, x: best.cx, y: best.cy, width, size });
  }
  return captions;
}

function paintNames(ctx, names, colours, origin, size = 12) {
  ctx.font = `${size}px ${FONT}`;
  ctx.textAlign = "center";
  ctx.textBaseline = "middle";
  ctx.lineJoin = "round";
  ctx.lineWidth = 3.5;
  for (const name of names) {
    ctx.strokeStyle = colours.ground;
    ctx.strokeText(name.text, origin.x + name.x, origin.y + name.y);
    ctx.fillStyle = colours.ink;
    ctx.fillText(name.text, origin.x + name.x, origin.y + name.y);
  }
}

function paintCaptions(ctx, captions, colours, origin, colourOf) {
  ctx.textAlign = "center";
  ctx.textBaseline = "middle";
  for (const caption of captions) {
    const [x, y] = [Math.round(origin.x + caption.x), Math.round(origin.y + caption.y)];
    ctx.beginPath();
    ctx.roundRect(x - caption.width / 2, y - caption.size * 0.9, caption.width, caption.size * 1.8, 7);
    ctx.fillStyle = colours.sheet;
    ctx.globalAlpha = 0.93;
    ctx.fill();
    ctx.globalAlpha = 1;
    ctx.lineWidth = 2;
    ctx.strokeStyle = colourOf(caption.circle);
    ctx.stroke();
    ctx.fillStyle = colours.ink;
    ctx.font = `600 ${caption.size}px ${FONT}`;
    ctx.fillText(caption.text, x, y + 0.5);
  }
}

// All others step back: first they lose their colour, then most of their strength.
function paintVeil(ctx, width, height, ground) {
  ctx.globalCompositeOperation = "saturation";
  ctx.fillStyle = "hsl(0, 0%, 50%)";
  ctx.fillRect(0, 0, width, height);
  ctx.globalCompositeOperation = "source-over";
  ctx.globalAlpha = 0.87;
  ctx.fillStyle = ground;
  ctx.fillRect(0, 0, width, height);
  ctx.globalAlpha = 1;
}

// An arrow from rim to rim, a little beside the middle line, so that two ways between a pair are both seen.
function paintArrow(ctx, from, to, width, colour) {
  const [dx, dy] = [to.x - from.x, to.y - from.y];
  const length = Math.hypot(dx, dy);
  if (length < from.r + to.r + 2) return;
  const [ux, uy] = [dx / length, dy / length];
  const [sx, sy] = [-uy * 1.8, ux * 1.8];
  const head = 5 + width * 1.6;
  const start = [from.x + ux * from.r + sx, from.y + uy * from.r + sy];
  const tip = [to.x - ux * (to.r + 1.5) + sx, to.y - uy * (to.r + 1.5) + sy];
  ctx.strokeStyle = ctx.fillStyle = colour;
  ctx.lineWidth = width;
  ctx.beginPath();
  ctx.moveTo(start[0], start[1]);
  ctx.lineTo(tip[0] - ux * head * 0.8, tip[1] - uy * head * 0.8);
  ctx.stroke();
  ctx.beginPath();
  ctx.moveTo(tip[0], tip[1]);
  ctx.lineTo(tip[0] - ux * head - uy * head * 0.42, tip[1] - uy * head + ux * head * 0.42);
  ctx.lineTo(tip[0] - ux * head + uy * head * 0.42, tip[1] - uy * head - ux * head * 0.42);
  ctx.fill();
}

function paintDisc(ctx, disc, fill, rim, width) {
  ctx.beginPath();
  ctx.arc(disc.x, disc.y, disc.r, 0, 2 * Math.PI);
  ctx.fillStyle = fill;
  ctx.fill();
  ctx.lineWidth = width;
  ctx.strokeStyle = rim;
  ctx.stroke();
}
