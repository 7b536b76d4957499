// Strokes on a canvas: words, arrows, discs. Everything is text on paper; nothing here makes markup.

import type { Palette } from "./colours";
import { FONT } from "./words";

export function paintName(ctx: CanvasRenderingContext2D, text: string, x: number, y: number, palette: Palette, size = 12, weight = 400): void {
  ctx.font = `${weight} ${size}px ${FONT}`;
  ctx.textAlign = "center";
  ctx.textBaseline = "middle";
  ctx.lineJoin = "round";
  ctx.lineWidth = 3.5;
  ctx.strokeStyle = palette.ground;
  ctx.strokeText(text, x, y);
  ctx.fillStyle = palette.ink;
  ctx.fillText(text, x, y);
}

export function paintCaption(ctx: CanvasRenderingContext2D, text: string, x: number, y: number, width: number, size: number, colour: string, palette: Palette): void {
  const [left, top] = [Math.round(x) - width / 2, Math.round(y) - size * 0.9];
  ctx.beginPath();
  ctx.roundRect(left, top, width, size * 1.8, 7);
  ctx.fillStyle = palette.sheet;
  ctx.globalAlpha = 0.93;
  ctx.fill();
  ctx.globalAlpha = 1;
  ctx.lineWidth = 2;
  ctx.strokeStyle = colour;
  ctx.stroke();
  ctx.fillStyle = palette.ink;
  ctx.font = `600 ${size}px ${FONT}`;
  ctx.textAlign = "center";
  ctx.textBaseline = "middle";
  ctx.fillText(text, Math.round(x), Math.round(y) + 0.5);
}

export interface Spot { x: number; y: number; r: number }

// An arrow from rim to rim, a little beside the middle line, so that two ways between a pair are both seen.
export function paintArrow(ctx: CanvasRenderingContext2D, from: Spot, to: Spot, width: number, colour: string): void {
  const [dx, dy] = [to.x - from.x, to.y - from.y];
  const length = Math.hypot(dx, dy);
  if (length < from.r + to.r + 2) return;
  const [ux, uy] = [dx / length, dy / length];
  const [sx, sy] = [-uy * 1.8, ux * 1.8];
  const head = 5 + width * 1.6;
  const start = [from.x + ux * from.r + sx, from.y + uy * from.r + sy] as const;
  const tip = [to.x - ux * (to.r + 1.5) + sx, to.y - uy * (to.r + 1.5) + sy] as const;
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

export function paintDisc(ctx: CanvasRenderingContext2D, spot: Spot, fill: string, rim: string, width: number): void {
  ctx.beginPath();
  ctx.arc(spot.x, spot.y, spot.r, 0, 2 * Math.PI);
  ctx.fillStyle = fill;
  ctx.fill();
  if (width) {
    ctx.lineWidth = width;
    ctx.strokeStyle = rim;
    ctx.stroke();
  }
}
