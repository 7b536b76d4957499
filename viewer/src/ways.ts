// Walks through what is shown: the shortest path between two accounts, and whom an account can reach.

import type { State } from "./state";

type Step = "with" | "against" | "either";

// Fewest steps; among equally short ones, by the stronger edge into each account.
function walk(state: State, from: number, to: number, step: Step): number[] | null {
  const before = new Int32Array(state.data.n).fill(-1);
  before[from] = from;
  let front = [from];
  while (front.length && before[to] === -1) {
    const best = new Map<number, [number, number]>();
    for (const who of front) {
      for (const [edge, other] of state.edgesOf(who)) {
        const forward = state.data.from[edge] === who;
        if (before[other] !== -1 || !state.shows(edge) || (step === "with" && !forward) || (step === "against" && forward)) continue;
        const weight = state.active[edge]!;
        if (weight > (best.get(other)?.[1] ?? 0)) best.set(other, [who, weight]);
      }
    }
    for (const [other, [who]] of best) before[other] = who;
    front = [...best.keys()].sort((a, b) => a - b);
  }
  if (before[to] === -1) return null;
  const path = [to];
  while (path[0] !== from) path.unshift(before[path[0]!]!);
  return path;
}

export function shortestPath(state: State, from: number, to: number): { steps: number[] | null; how: string } {
  const along = walk(state, from, to, "with");
  if (along) return { steps: along, how: "each addresses the next" };
  const back = walk(state, from, to, "against");
  if (back) return { steps: back, how: "each is addressed by the next" };
  const either = walk(state, from, to, "either");
  return either ? { steps: either, how: "edges taken in either direction" } : { steps: null, how: "no path among the accounts shown" };
}

// Who is within so many steps of flow: those who addressed it, those who addressed them, and so on.
export function reached(state: State, from: number, steps: number): Map<number, number> {
  const found = new Map([[from, 0]]);
  let front = [from];
  for (let step = 1; step <= steps && front.length; step++) {
    const next: number[] = [];
    for (const who of front) {
      for (let at = state.in[who]!; at < state.in[who + 1]!; at++) {
        const edge = state.inEdges[at]!;
        const other = state.data.from[edge]!;
        if (found.has(other) || !state.shows(edge)) continue;
        found.set(other, step);
        next.push(other);
      }
    }
    front = next;
  }
  return found;
}
