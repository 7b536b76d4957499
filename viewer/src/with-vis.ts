// Drawn by vis-network, as pyvis ships it and fills it: nodes, edges and options are pyvis's own.

import type { Camera, Start } from "./scene";

declare const vis: any; // vis-network's own script stands before this one and brings no types

const read = (id: string): any => JSON.parse(document.getElementById(id)!.textContent!);

export const withVis: Start = (box, scene, hands) => {
  const { state, x, y } = scene;
  const { data } = state;
  const nodeLook = (i: number) => ({
    id: i, x: x[i], y: y[i], size: state.radius[i], hidden: !state.visible[i],
    color: { background: scene.fill(i), border: scene.rim(i) },
  });
  const edgeLook = (i: number) => {
    const { colour, alpha } = scene.edgeColour(i);
    return { id: i, hidden: !state.shows(i), width: scene.edgeWidth(i), color: { color: colour, opacity: alpha } };
  };
  const indexes = (count: number) => Array.from({ length: count }, (_, i) => i);
  const nodes = new vis.DataSet(read("nodes").map((node: any, i: number) => ({ ...node, label: undefined, ...nodeLook(i) })));
  const edges = new vis.DataSet(read("edges").map((edge: any, i: number) => ({ from: edge.from, to: edge.to, ...edgeLook(i) })));
  const view = new vis.Network(box, { nodes, edges }, read("options"));
  const canvas = () => box.querySelector("canvas")!;
  view.on("beforeDrawing", (ctx: CanvasRenderingContext2D) => {
    ctx.save();
    ctx.setTransform(1, 0, 0, 1, 0, 0);
    ctx.fillStyle = scene.ground();
    ctx.fillRect(0, 0, ctx.canvas.width, ctx.canvas.height);
    ctx.restore();
  });
  view.on("afterDrawing", () => hands.moved());
  view.on("click", (event: any) => hands.click({ x: event.pointer.DOM.x, y: event.pointer.DOM.y }));

  return {
    name: "pyvis",
    refresh() {
      nodes.update(indexes(data.n).map(nodeLook));
      edges.update(indexes(data.drawnEdges).map(edgeLook));
      view.redraw();
    },
    camera(): Camera {
      return { ...view.getViewPosition(), scale: view.getScale() };
    },
    look(camera: Camera) {
      view.moveTo({ position: { x: camera.x, y: camera.y }, scale: camera.scale });
    },
    paint(ctx, width, height) {
      view.redraw();
      ctx.drawImage(canvas(), 0, 0, width, height);
    },
    stop() {
      view.destroy();
    },
  };
};
