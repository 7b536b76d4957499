// Where names of hubs and captions of communities go. Names come first, the largest disc's first; captions
// then take the place near their community that hides least, so a caption never lies on a name.

export const FONT = 'system-ui, "Segoe UI", Roboto, Helvetica, Arial, sans-serif';

export interface Disc { i: number; x: number; y: number; r: number } // pixels of the window
export interface Word { i: number; text: string; dx: number; dy: number } // beside the middle of disc i
export interface Group { name: string; colour: string; discs: Disc[] }
export interface Caption { text: string; colour: string; i: number; dx: number; dy: number; width: number; size: number }
export interface Box { left: number; top: number; right: number; bottom: number }
type Rect = [number, number, number, number];

const overlap = (a: Rect, b: Rect): number => {
  const width = Math.min(a[2], b[2]) - Math.max(a[0], b[0]);
  const height = Math.min(a[3], b[3]) - Math.max(a[1], b[1]);
  return width > 0 && height > 0 ? width * height : 0;
};
const around = (x: number, y: number, width: number, height: number): Rect => [x - width / 2, y - height / 2, x + width / 2, y + height / 2];
const outside = (box: Rect, free: Box): number =>
  Math.max(0, free.left - box[0]) + Math.max(0, box[2] - free.right) + Math.max(0, free.top - box[1]) + Math.max(0, box[3] - free.bottom);

// Discs are in the order in which they want a name. ``heavy`` are those that a word should not lie on.
export function placeNames(ctx: CanvasRenderingContext2D, discs: Disc[], heavy: Disc[], label: (i: number) => string, free: Box, budget: number): { words: Word[]; taken: Rect[] } {
  const taken: Rect[] = [];
  const words: Word[] = [];
  const bodies = heavy.map((disc) => ({ i: disc.i, box: around(disc.x, disc.y, 2 * disc.r, 2 * disc.r) }));
  ctx.font = `12px ${FONT}`;
  for (const disc of discs) {
    if (words.length >= budget) break;
    const text = label(disc.i);
    if (!text) continue;
    const width = ctx.measureText(text).width;
    const { x, y, r } = disc;
    let best: { cost: number; box: Rect; cx: number; cy: number } | null = null;
    for (const [cx, cy] of [[x + r + 4 + width / 2, y], [x - r - 4 - width / 2, y], [x, y + r + 10], [x, y - r - 10]] as const) {
      const box = around(cx, cy, width + 4, 15);
      if (taken.some((other) => overlap(box, other) > 0)) continue;
      const cost = bodies.reduce((sum, other) => sum + (other.i === disc.i ? 0 : overlap(box, other.box)), outside(box, free) * 15);
      if (!best || cost < best.cost - 1) best = { cost, box, cx, cy };
      if (cost === 0) break;
    }
    if (!best || best.cost > width * 6) continue;
    taken.push(best.box);
    words.push({ i: disc.i, text, dx: best.cx - x, dy: best.cy - y });
  }
  return { words, taken };
}

export function placeCaptions(ctx: CanvasRenderingContext2D, groups: Group[], heavy: Disc[], crowd: Disc[], taken: Rect[], free: Box, size: number): Caption[] {
  const captions: Caption[] = [];
  const bodies = heavy.map((disc) => around(disc.x, disc.y, 2 * disc.r, 2 * disc.r));
  // Of very many discs a sample tells where it is crowded.
  const stride = Math.max(1, Math.floor(crowd.length / 1500));
  const sample = crowd.filter((_, i) => i % stride === 0);
  const weight = stride > 1 ? 0.25 * stride : 1;
  ctx.font = `600 ${size}px ${FONT}`;
  for (const { name, colour, discs } of groups) {
    const xs = discs.map((disc) => disc.x).sort((a, b) => a - b);
    const ys = discs.map((disc) => disc.y).sort((a, b) => a - b);
    const at = (list: number[], share: number) => list[Math.min(list.length - 1, Math.floor(list.length * share))]!;
    const middle = [at(xs, 0.5), at(ys, 0.5)] as const;
    const width = ctx.measureText(name).width + size * 1.4;
    // A small community's caption is wider than it, and may go aside by a third of that.
    const half = [Math.max(width * 0.35, (at(xs, 0.9) - at(xs, 0.1)) / 2), Math.max(16, (at(ys, 0.9) - at(ys, 0.1)) / 2)] as const;
    const near = (disc: Disc) => Math.abs(disc.x - middle[0]) < half[0] * 1.6 + width && Math.abs(disc.y - middle[1]) < half[1] * 1.6 + 40;
    const closeBodies = bodies.filter((_, i) => near(heavy[i]!));
    const closeCrowd = sample.filter(near);
    let best: { cost: number; box: Rect; cx: number; cy: number } | null = null;
    for (let step = 0; step <= 6; step++) {
      for (let turn = 0; turn < (step ? 16 : 1); turn++) {
        const angle = (turn / 16) * 2 * Math.PI - Math.PI / 2;
        const within = (value: number, low: number, high: number) => Math.max(low, Math.min(high, value));
        const cx = within(middle[0] + (Math.cos(angle) * half[0] * step) / 4, free.left + width / 2 + 4, free.right - width / 2 - 4);
        const cy = within(middle[1] + (Math.sin(angle) * half[1] * step) / 4, free.top + size + 4, free.bottom - size - 4);
        const box = around(cx, cy, width + 6, size * 1.8 + 4);
        // It must be seen whose it is, also where a community is scattered.
        let cost = Math.max(step * 40, 3 * Math.hypot(cx - middle[0], cy - middle[1])) + outside(box, free) * 60;
        for (const other of taken) cost += overlap(box, other) * 50;
        for (const other of closeBodies) cost += overlap(box, other) * 1.5;
        for (const disc of closeCrowd) {
          if (disc.x > box[0] && disc.x < box[2] && disc.y > box[1] && disc.y < box[3]) cost += 22 * weight;
        }
        if (!best || cost < best.cost) best = { cost, box, cx, cy };
      }
    }
    const area = (best!.box[2] - best!.box[0]) * (best!.box[3] - best!.box[1]);
    if (taken.some((other) => overlap(best!.box, other) > 0.05 * area)) continue; // the legend or a closer view has it
    taken.push(best!.box);
    // A caption is held by the member nearest to the middle, so that it moves along with its community.
    const anchor = discs.reduce((a, b) => Math.hypot(a.x - middle[0], a.y - middle[1]) <= Math.hypot(b.x - middle[0], b.y - middle[1]) ? a : b);
    captions.push({ text: name, colour, i: anchor.i, dx: best!.cx - anchor.x, dy: best!.cy - anchor.y, width, size });
  }
  return captions;
}
