// What a renderer draws, and what it must be able to do. The shell does not know who draws.

import type { State } from "./state";

export interface Camera { x: number; y: number; scale: number } // the place in the middle of the window, pixels per unit

export interface Scene {
  state: State;
  x: Float32Array;
  y: Float32Array;
  fill(i: number): string; // #rrggbb
  rim(i: number): string;
  edgeColour(i: number): { colour: string; alpha: number };
  edgeWidth(i: number): number;
  ground(): string;
}

export interface Pointer { x: number; y: number } // pixels of the window

export interface Hands {
  moved(): void; // the camera has another place, or the picture was drawn again
  click(at: Pointer): void;
  lost(): void; // the picture is gone and cannot come back by itself
}

export interface Renderer {
  readonly name: string;
  refresh(): void; // looks, sizes, positions or visibility have changed
  camera(): Camera;
  look(camera: Camera): void;
  paint(ctx: CanvasRenderingContext2D, width: number, height: number): void; // for a PNG
  stop(): void;
}

export type Start = (box: HTMLElement, scene: Scene, hands: Hands) => Renderer;
