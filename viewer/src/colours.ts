// Light and dark, and colours that are computed from others.

export interface Palette { ground: string; sheet: string; ink: string; quiet: string; into: string; outOf: string; grey: string }

const root = document.documentElement;
export const isDark = (): boolean => root.classList.contains("dark");

export function setTheme(dark: boolean): Palette {
  root.classList.toggle("dark", dark);
  root.classList.toggle("light", !dark);
  const style = getComputedStyle(root);
  const get = (name: string) => style.getPropertyValue(name).trim();
  return {
    ground: get("--ground"), sheet: get("--sheet"), ink: get("--ink"), quiet: get("--quiet"),
    into: get("--into"), outOf: get("--out-of"), grey: dark ? "#aab2ba" : "#6b7684",
  };
}

export const parts = (hex: string): [number, number, number] => [1, 3, 5].map((i) => parseInt(hex.slice(i, i + 2), 16)) as [number, number, number];

const mixes = new Map<string, string>();
export function mixed(colour: string, other: string, share: number): string {
  const key = colour + other + share;
  let found = mixes.get(key);
  if (!found) {
    const [a, b] = [parts(colour), parts(other)];
    found = `#${a.map((part, i) => Math.round(part * (1 - share) + b[i]! * share).toString(16).padStart(2, "0")).join("")}`;
    mixes.set(key, found);
  }
  return found;
}

export const rimOf = (colour: string): string => mixed(colour, isDark() ? "#ffffff" : "#000000", 0.28);
