// What a reader takes along: the picture as PNG or SVG, what is shown as CSV.

import { rimOf, type Palette } from "./colours";
import { title } from "./card";
import { number } from "./dom";
import { paintDisc } from "./paint";
import type { Scene } from "./scene";
import { FONT } from "./words";

export interface Sheet { width: number; height: number; status: string; palette: Palette }

// Title, counts and legend of a picture that leaves its page.
export function paintLegend(ctx: CanvasRenderingContext2D, scene: Scene, colourOf: (place: number) => string, sheet: Sheet): void {
  const { data, choices } = scene.state;
  ctx.globalAlpha = 1;
  ctx.textAlign = "left";
  ctx.textBaseline = "middle";
  ctx.fillStyle = sheet.palette.ink;
  ctx.font = `600 16px ${FONT}`;
  ctx.fillText(data.title, 16, 24);
  ctx.font = `12px ${FONT}`;
  ctx.fillText(sheet.status, 16, 46);
  let line = 0;
  choices.legend.entries.forEach((entry, place) => {
    if (choices.hidden.has(place)) return;
    const y = 74 + line++ * 21;
    paintDisc(ctx, { x: 22, y, r: 6 }, colourOf(place), rimOf(colourOf(place)), 1);
    ctx.fillStyle = sheet.palette.ink;
    ctx.fillText(`${entry.name} · ${number(entry.count)}`, 36, y);
  });
}

const escaped = (text: string): string => text.replace(/[&<>"']/g, (sign) => `&#${sign.charCodeAt(0)};`);
const round = (value: number): string => String(Math.round(value * 10) / 10);

// A canvas that writes SVG: as much of one as the overlay and the legend use.
class Pen {
  readonly parts: string[] = [];
  globalAlpha = 1;
  fillStyle = "#000";
  strokeStyle = "#000";
  lineWidth = 1;
  font = "";
  textAlign = "left";
  textBaseline = "";
  lineJoin = "";
  private d = "";
  constructor(private readonly measure: CanvasRenderingContext2D) {}
  beginPath(): void { this.d = ""; }
  moveTo(x: number, y: number): void { this.d += `M${round(x)} ${round(y)}`; }
  lineTo(x: number, y: number): void { this.d += `L${round(x)} ${round(y)}`; }
  arc(x: number, y: number, r: number): void {
    this.d += `M${round(x - r)} ${round(y)}a${round(r)} ${round(r)} 0 1 0 ${round(2 * r)} 0a${round(r)} ${round(r)} 0 1 0 ${round(-2 * r)} 0`;
  }
  roundRect(x: number, y: number, w: number, h: number, r: number): void {
    this.d += `M${round(x + r)} ${round(y)}h${round(w - 2 * r)}q${r} 0 ${r} ${r}v${round(h - 2 * r)}q0 ${r} ${-r} ${r}h${round(2 * r - w)}q${-r} 0 ${-r} ${-r}v${round(2 * r - h)}q0 ${-r} ${r} ${-r}`;
  }
  fill(): void { this.parts.push(`<path d="${this.d}" fill="${this.fillStyle}" fill-opacity="${this.globalAlpha}"/>`); }
  stroke(): void { this.parts.push(`<path d="${this.d}" fill="none" stroke="${this.strokeStyle}" stroke-width="${round(this.lineWidth)}" stroke-opacity="${this.globalAlpha}"/>`); }
  fillRect(x: number, y: number, w: number, h: number): void {
    this.parts.push(`<rect x="${x}" y="${y}" width="${w}" height="${h}" fill="${this.fillStyle}" fill-opacity="${this.globalAlpha}"/>`);
  }
  measureText(text: string): TextMetrics {
    this.measure.font = this.font;
    return this.measure.measureText(text);
  }
  fillText(text: string, x: number, y: number): void { this.text(text, x, y, `fill="${this.fillStyle}"`); }
  strokeText(text: string, x: number, y: number): void {
    this.text(text, x, y, `fill="none" stroke="${this.strokeStyle}" stroke-width="${this.lineWidth}" stroke-linejoin="round"`);
  }
  private text(text: string, x: number, y: number, look: string): void {
    const [, weight, size] = /^(\d{3} )?([\d.]+)px/.exec(this.font) ?? [];
    const anchor = this.textAlign === "center" ? "middle" : "start";
    this.parts.push(`<text x="${round(x)}" y="${round(y)}" dy=".35em" text-anchor="${anchor}" font-size="${size ?? 12}" font-weight="${(weight ?? "400").trim()}" ${look}>${escaped(text)}</text>`);
  }
}

export function svg(scene: Scene, sheet: Sheet, toScreen: (i: number) => { x: number; y: number; r: number }, scale: number, over: (ctx: CanvasRenderingContext2D) => void): Blob {
  const { state } = scene;
  const { data } = state;
  const pen = new Pen(document.createElement("canvas").getContext("2d")!);
  const within = (x: number, y: number) => x > -50 && y > -50 && x < sheet.width + 50 && y < sheet.height + 50;
  pen.fillStyle = sheet.palette.ground;
  pen.fillRect(0, 0, sheet.width, sheet.height);
  for (let i = 0; i < data.drawnEdges; i++) {
    if (!state.shows(i)) continue;
    const [a, b] = [toScreen(data.from[i]!), toScreen(data.to[i]!)];
    if (!within(a.x, a.y) && !within(b.x, b.y)) continue;
    const { colour, alpha } = scene.edgeColour(i);
    pen.parts.push(`<path d="M${round(a.x)} ${round(a.y)}L${round(b.x)} ${round(b.y)}" stroke="${colour}" stroke-opacity="${round(alpha * 10) === "0" ? 0.05 : Math.round(alpha * 100) / 100}" stroke-width="${round(Math.max(0.4, scene.edgeWidth(i) * scale))}"/>`);
  }
  for (let i = data.n - 1; i >= 0; i--) {
    if (!state.visible[i]) continue;
    const { x, y, r } = toScreen(i);
    if (within(x, y)) pen.parts.push(`<circle cx="${round(x)}" cy="${round(y)}" r="${Math.round(r * 100) / 100}" fill="${scene.fill(i)}" stroke="${scene.rim(i)}" stroke-width="${r > 2.5 ? 1 : 0}"/>`);
  }
  over(pen as unknown as CanvasRenderingContext2D);
  const head = `<svg xmlns="http://www.w3.org/2000/svg" width="${sheet.width}" height="${sheet.height}" viewBox="0 0 ${sheet.width} ${sheet.height}" font-family="${escaped(FONT)}"><title>${escaped(data.title)}</title>`;
  return new Blob([`${head}${pen.parts.join("\n")}</svg>\n`], { type: "image/svg+xml" });
}

// A spreadsheet must not run what an account calls itself.
const cell = (value: string): string => {
  const guarded = /^[=+\-@\t\r]/.test(value) ? `'${value}` : value;
  return /[",\n\r]/.test(guarded) ? `"${guarded.replaceAll('"', '""')}"` : guarded;
};

export function csv(scene: Scene, who: number[]): Blob {
  const { data } = scene.state;
  const words: [string, (i: number) => string][] = [
    ["handle", (i) => (data.redacted[i] ? "" : data.handle[i]!)],
    ["name", (i) => (data.redacted[i] ? "" : data.name[i]! || title(data, i))],
    ["community", (i) => data.communities[data.community[i]!] ?? ""],
    ...(data.role ? [["role", (i: number) => data.role![i]!] as [string, (i: number) => string]] : []),
    ...(data.specialty ? [["specialty", (i: number) => data.specialty![i]!] as [string, (i: number) => string]] : []),
  ];
  const plain = (value: number) => (Number.isFinite(value) ? String(Number(value.toPrecision(7))) : "");
  const head = [...words.map(([name]) => name), ...data.measures.flatMap(({ key }) => [key, `rank_${key}`])];
  const rows = who.map((i) => [
    ...words.map(([, get]) => cell(get(i))),
    ...data.measures.flatMap(({ values, ranks }) => [plain(values[i]!), ranks[i] ? String(ranks[i]) : ""]),
  ].join(","));
  return new Blob([`${[head.join(","), ...rows].join("\n")}\n`], { type: "text/csv;charset=utf-8" });
}
