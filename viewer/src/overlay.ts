// What lies over the discs and arrows, whoever drew them: names, captions, and the view of one account, a
// path or a reach set, for which all others step back.

import { rimOf, type Palette } from "./colours";
import { paintArrow, paintCaption, paintDisc, paintName } from "./paint";
import type { Camera, Scene } from "./scene";
import { placeCaptions, placeNames, type Box, type Caption, type Disc, type Group, type Word } from "./words";

const VEIL = 0.86;

export const thickness = (weight: number, most: number): number => 0.5 + 2.5 * (Math.log1p(weight) / Math.log1p(most || 1)) ** 1.5;

export class Overlay {
  private words: Word[] = [];
  private captions: Caption[] = [];
  private placedAt = 0; // scale; 0 is not yet
  private timer = 0;

  constructor(
    private readonly scene: Scene,
    private readonly label: (i: number) => string,
    private readonly palette: () => Palette,
    private readonly free: () => Box,
    private readonly isPhone: () => boolean,
    private readonly fitted: () => number, // scale at which everything fits
    private readonly again: () => void,
  ) {}

  forget(): void {
    this.placedAt = 0;
  }

  paint(ctx: CanvasRenderingContext2D, width: number, height: number, camera: Camera): void {
    const { choices } = this.scene.state;
    if (choices.path?.steps) return this.veiled(ctx, width, height, () => this.path(ctx, width, height, camera));
    if (choices.reach) return this.veiled(ctx, width, height, () => this.reach(ctx, width, height, camera));
    if (choices.picked !== null) return this.veiled(ctx, width, height, () => this.ego(ctx, width, height, camera));
    if (!this.placedAt || Math.abs(camera.scale / this.placedAt - 1) > 0.35) this.place(ctx, width, height, camera);
    else {
      // While the picture moves, words move along; when it rests they find new places.
      clearTimeout(this.timer);
      this.timer = window.setTimeout(() => { this.forget(); this.again(); }, 160);
    }
    const at = (i: number) => this.spot(i, width, height, camera);
    for (const word of this.words) {
      const { x, y } = at(word.i);
      paintName(ctx, word.text, x + word.dx, y + word.dy, this.palette());
    }
    for (const caption of this.captions) {
      const { x, y } = at(caption.i);
      paintCaption(ctx, caption.text, x + caption.dx, y + caption.dy, caption.width, caption.size, caption.colour, this.palette());
    }
  }

  spot(i: number, width: number, height: number, camera: Camera, least = 0): Disc {
    const { x, y, state } = this.scene;
    return {
      i, x: width / 2 + (x[i]! - camera.x) * camera.scale, y: height / 2 + (y[i]! - camera.y) * camera.scale,
      r: Math.max(least, state.radius[i]! * camera.scale),
    };
  }

  private place(ctx: CanvasRenderingContext2D, width: number, height: number, camera: Camera): void {
    clearTimeout(this.timer);
    const { state } = this.scene;
    const { data, choices } = state;
    const free = this.free();
    const seen: Disc[] = [];
    for (let i = 0; i < data.n; i++) {
      if (!state.visible[i]) continue;
      const disc = this.spot(i, width, height, camera);
      if (disc.x > free.left && disc.x < free.right && disc.y > free.top && disc.y < free.bottom) seen.push(disc);
    }
    const large = [...seen].sort((a, b) => b.r - a.r || a.i - b.i).slice(0, 400);
    const heavy = large.filter((disc) => disc.r > 5);
    // The hub of every community first, then whoever is largest.
    const hubs: Disc[] = [];
    const met = new Set<number>();
    for (const disc of large.slice(0, 200)) {
      const place = data.legends[0]!.places[disc.i]!;
      if (!met.has(place) && !data.legends[0]!.entries[place]?.rest) {
        met.add(place);
        hubs.push(disc);
      }
    }
    const zoomed = Math.max(0.6, (camera.scale / (this.fitted() || camera.scale)) ** 1.3);
    const few = this.isPhone() ? 6 : data.n <= 40 ? data.n : 14;
    const budget = Math.min(Math.round(few * zoomed), this.isPhone() ? 16 : 60);
    const { words, taken } = placeNames(ctx, [...hubs, ...large.filter((disc) => !hubs.includes(disc))], heavy, this.label, free, budget);
    this.words = words;
    const size = this.isPhone() ? 11 : 13;
    this.captions = placeCaptions(ctx, this.groups(seen, choices.legend.key === "community"), heavy, seen, taken, free, size);
    this.placedAt = camera.scale;
  }

  // Communities large enough to be an island get a caption, also the grey ones that have no colour of their own.
  private groups(seen: Disc[], coloured: boolean): Group[] {
    const { data } = this.scene.state;
    const members = new Map<number, Disc[]>();
    for (const disc of seen) {
      const community = data.community[disc.i]!;
      if (!community) continue;
      const own = members.get(community);
      if (own) own.push(disc);
      else members.set(community, [disc]);
    }
    if (members.size < 2) return [];
    const most = this.isPhone() ? 18 : 28;
    const cut = (text: string) => [...text].length <= most ? text : `${[...text].slice(0, most - 1).join("").trim()}…`;
    return [...members].filter(([, own]) => own.length >= Math.max(3, seen.length / 60))
      .sort((a, b) => b[1].length - a[1].length).slice(0, this.isPhone() ? 8 : 14)
      .map(([community, own]) => ({ name: cut(data.communities[community]!), colour: coloured ? this.scene.fill(own[0]!.i) : this.palette().quiet, discs: own }));
  }

  private veiled(ctx: CanvasRenderingContext2D, width: number, height: number, paint: () => void): void {
    ctx.globalAlpha = VEIL;
    ctx.fillStyle = this.palette().ground;
    ctx.fillRect(0, 0, width, height);
    ctx.globalAlpha = 1;
    paint();
  }

  private disc(ctx: CanvasRenderingContext2D, disc: Disc): void {
    const fill = this.scene.fill(disc.i);
    paintDisc(ctx, disc, fill, rimOf(fill), disc.r > 2.5 ? 1 : 0);
  }

  private ring(ctx: CanvasRenderingContext2D, disc: Disc): void {
    paintDisc(ctx, { ...disc, r: disc.r + 3 }, this.palette().ground, this.palette().ink, 2);
    this.disc(ctx, disc);
  }

  private names(ctx: CanvasRenderingContext2D, wanted: Disc[], strong: Set<number>, budget: number): void {
    const { words } = placeNames(ctx, wanted, wanted.slice(0, 300).filter((disc) => disc.r > 5 || strong.has(disc.i)), this.label, this.free(), budget);
    const spots = new Map(wanted.map((disc) => [disc.i, disc]));
    for (const word of words.reverse()) {
      const { x, y } = spots.get(word.i)!;
      paintName(ctx, word.text, x + word.dx, y + word.dy, this.palette(), 12, strong.has(word.i) ? 700 : 400);
    }
  }

  private ego(ctx: CanvasRenderingContext2D, width: number, height: number, camera: Camera): void {
    const { state } = this.scene;
    const centre = this.spot(state.choices.picked!, width, height, camera, 5);
    const near = new Map<number, Disc & { weight: number }>();
    const edges: number[] = [];
    let most = 1;
    for (const [edge, other] of state.edgesOf(centre.i)) {
      if (!state.shows(edge)) continue;
      edges.push(edge);
      most = Math.max(most, state.active[edge]!);
      const known = near.get(other);
      if (known) known.weight += state.active[edge]!;
      else near.set(other, { ...this.spot(other, width, height, camera, 3), weight: state.active[edge]! });
    }
    edges.sort((a, b) => state.active[a]! - state.active[b]! || a - b);
    ctx.globalAlpha = Math.min(0.75, Math.max(0.18, 12 / Math.sqrt(edges.length + 1)));
    for (const edge of edges) {
      const inward = state.data.to[edge] === centre.i;
      const other = near.get(inward ? state.data.from[edge]! : state.data.to[edge]!)!;
      const wide = thickness(state.active[edge]!, most);
      if (inward) paintArrow(ctx, other, centre, wide, this.palette().into);
      else paintArrow(ctx, centre, other, wide, this.palette().outOf);
    }
    ctx.globalAlpha = 1;
    for (const disc of near.values()) this.disc(ctx, disc);
    this.ring(ctx, centre);
    const ranked = [...near.values()].sort((a, b) => b.weight - a.weight || a.i - b.i).slice(0, 300);
    this.names(ctx, [centre, ...ranked], new Set([centre.i]), this.isPhone() ? 7 : 16);
  }

  private path(ctx: CanvasRenderingContext2D, width: number, height: number, camera: Camera): void {
    const { state } = this.scene;
    const steps = state.choices.path!.steps!;
    const discs = steps.map((i) => this.spot(i, width, height, camera, 6));
    for (let at = 1; at < discs.length; at++) {
      for (const [from, to] of [[discs[at - 1]!, discs[at]!], [discs[at]!, discs[at - 1]!]] as const) {
        for (let edge = state.out[from.i]!; edge < state.out[from.i + 1]!; edge++) {
          const one = state.outEdges[edge]!;
          if (state.data.to[one] === to.i && state.shows(one)) paintArrow(ctx, from, to, 2, this.palette().into);
        }
      }
    }
    for (const disc of discs) this.ring(ctx, disc);
    this.names(ctx, discs, new Set([steps[0]!, steps[steps.length - 1]!]), 40);
  }

  private reach(ctx: CanvasRenderingContext2D, width: number, height: number, camera: Camera): void {
    const { members } = this.scene.state.choices.reach!;
    const discs = [...members].map(([i, step]) => ({ ...this.spot(i, width, height, camera, step ? 1.5 : 6), step }));
    for (const disc of [...discs].sort((a, b) => b.step - a.step)) {
      ctx.globalAlpha = [1, 1, 0.72, 0.5][disc.step] ?? 0.5; // farther is fainter
      if (disc.step) this.disc(ctx, disc);
    }
    ctx.globalAlpha = 1;
    this.ring(ctx, discs[0]!);
    const ranked = discs.slice(1).sort((a, b) => b.r - a.r || a.i - b.i).slice(0, 200);
    this.names(ctx, [discs[0]!, ...ranked], new Set([discs[0]!.i]), this.isPhone() ? 7 : 14);
  }
}
