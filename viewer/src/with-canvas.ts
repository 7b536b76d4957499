// Drawn on a plain canvas: where a browser has no WebGL, the most central accounts, and nothing to install.

import type { Camera, Start } from "./scene";

export const withCanvas: Start = (box, scene, hands) => {
  const { state, x, y } = scene;
  const { data } = state;
  const canvas = document.createElement("canvas");
  canvas.className = "plain";
  box.append(canvas);
  const ctx = canvas.getContext("2d")!;
  let view: Camera = { x: 0, y: 0, scale: 1 };

  function draw(into: CanvasRenderingContext2D, width: number, height: number): void {
    const px = (i: number) => width / 2 + (x[i]! - view.x) * view.scale;
    const py = (i: number) => height / 2 + (y[i]! - view.y) * view.scale;
    into.globalAlpha = 1;
    into.fillStyle = scene.ground();
    into.fillRect(0, 0, width, height);
    for (let i = 0; i < data.drawnEdges; i++) {
      if (!state.shows(i)) continue;
      const { colour, alpha } = scene.edgeColour(i);
      into.globalAlpha = alpha;
      into.strokeStyle = colour;
      into.lineWidth = scene.edgeWidth(i) * view.scale;
      into.beginPath();
      into.moveTo(px(data.from[i]!), py(data.from[i]!));
      into.lineTo(px(data.to[i]!), py(data.to[i]!));
      into.stroke();
    }
    into.globalAlpha = 1;
    for (let i = data.n - 1; i >= 0; i--) {
      if (!state.visible[i]) continue;
      into.beginPath();
      into.arc(px(i), py(i), Math.max(0.8, state.radius[i]! * view.scale), 0, 2 * Math.PI);
      into.fillStyle = scene.fill(i);
      into.fill();
      into.lineWidth = 1;
      into.strokeStyle = scene.rim(i);
      into.stroke();
    }
  }
  function redraw(): void {
    const ratio = devicePixelRatio || 1;
    const [width, height] = [box.clientWidth, box.clientHeight];
    if (canvas.width !== Math.round(width * ratio) || canvas.height !== Math.round(height * ratio)) {
      canvas.width = Math.round(width * ratio);
      canvas.height = Math.round(height * ratio);
    }
    ctx.setTransform(ratio, 0, 0, ratio, 0, 0);
    draw(ctx, width, height);
    hands.moved();
  }
  let queued = 0;
  const later = () => { queued ||= requestAnimationFrame(() => { queued = 0; redraw(); }); };

  const fingers = new Map<number, { x: number; y: number }>();
  let dragged = false;
  canvas.addEventListener("pointerdown", (event) => {
    canvas.setPointerCapture(event.pointerId);
    fingers.set(event.pointerId, { x: event.clientX, y: event.clientY });
    dragged = fingers.size > 1;
  });
  canvas.addEventListener("pointermove", (event) => {
    const last = fingers.get(event.pointerId);
    if (!last) return;
    const other = [...fingers].find(([id]) => id !== event.pointerId)?.[1];
    if (other) {
      const [was, is] = [Math.hypot(last.x - other.x, last.y - other.y), Math.hypot(event.clientX - other.x, event.clientY - other.y)];
      if (was > 0) zoom((event.clientX + other.x) / 2, (event.clientY + other.y) / 2, is / was);
    } else {
      view = { ...view, x: view.x - (event.clientX - last.x) / view.scale, y: view.y - (event.clientY - last.y) / view.scale };
    }
    if (Math.hypot(event.clientX - last.x, event.clientY - last.y) > 2) dragged = true;
    fingers.set(event.pointerId, { x: event.clientX, y: event.clientY });
    later();
  });
  canvas.addEventListener("pointerup", (event) => {
    fingers.delete(event.pointerId);
    if (!dragged) hands.click({ x: event.clientX, y: event.clientY });
  });
  canvas.addEventListener("pointercancel", (event) => fingers.delete(event.pointerId));
  function zoom(atX: number, atY: number, factor: number): void {
    const scale = Math.max(0.02, Math.min(40, view.scale * factor));
    const [dx, dy] = [atX - box.clientWidth / 2, atY - box.clientHeight / 2];
    view = { x: view.x + dx / view.scale - dx / scale, y: view.y + dy / view.scale - dy / scale, scale };
  }
  canvas.addEventListener("wheel", (event) => {
    event.preventDefault();
    zoom(event.clientX, event.clientY, Math.exp(-event.deltaY / 400));
    later();
  }, { passive: false });
  const watch = new ResizeObserver(() => redraw());
  watch.observe(box);

  return {
    name: "canvas",
    refresh: redraw,
    camera: () => view,
    look(camera) {
      view = camera;
      redraw();
    },
    paint: draw,
    stop() {
      watch.disconnect();
      canvas.remove();
    },
  };
};
