// Drawn by sigma.js and graphology, through WebGL. Only edges of the overview go into the graph: those of a
// picked account are painted by the shell, so the graph stays small.

import { DirectedGraph } from "graphology";
import Sigma from "sigma";
import { EdgeLineProgram, EdgeRectangleProgram } from "sigma/rendering";

import { parts } from "./colours";
import { DiscProgram } from "./disc-program";
import type { Camera, Start } from "./scene";

const FINE = 12_000; // edges above which all are lines of one pixel

export const withSigma: Start = (box, scene, hands) => {
  const { state, x, y } = scene;
  const { data } = state;
  const graph = new DirectedGraph({ multi: false, allowSelfLoops: false });
  for (let i = 0; i < data.n; i++) graph.addNode(String(i), { x: x[i], y: -y[i]!, size: 1, color: "#000000" });
  for (let i = 0; i < data.drawnEdges; i++) graph.addDirectedEdgeWithKey(String(i), String(data.from[i]), String(data.to[i]));

  // sigma's blending wants colours multiplied by their alpha.
  const colours = new Map<string, string>();
  function multiplied(colour: string, alpha: number): string {
    const key = `${colour}${alpha}`;
    let found = colours.get(key);
    if (!found) {
      const [r, g, b] = parts(colour).map((part) => Math.round(part * alpha));
      found = `rgba(${r},${g},${b},${alpha})`;
      colours.set(key, found);
    }
    return found;
  }

  const fine = data.drawnEdges > FINE;
  // Begun on an empty graph: everything is indexed once, when the corners are known.
  const sigma = new Sigma(new DirectedGraph(), box, {
    allowInvalidContainer: true,
    renderLabels: false,
    renderEdgeLabels: false,
    enableEdgeEvents: false,
    hideEdgesOnMove: data.drawnEdges > FINE,
    itemSizesReference: "positions",
    zoomToSizeRatioFunction: (ratio) => ratio,
    defaultNodeType: "disc",
    nodeProgramClasses: { disc: DiscProgram },
    nodeHoverProgramClasses: {},
    edgeProgramClasses: { tie: fine ? EdgeLineProgram : EdgeRectangleProgram },
    defaultEdgeType: "tie",
    minEdgeThickness: 1,
    stagePadding: 0,
    zIndex: false,
    minCameraRatio: 0.002,
    maxCameraRatio: 12,
    defaultDrawNodeHover: () => undefined,
    nodeReducer: (key) => {
      const i = Number(key);
      const color = scene.fill(i);
      return { hidden: !state.visible[i], size: state.radius[i], x: x[i], y: -y[i]!, color, rim: scene.rim(i), type: "disc" };
    },
    edgeReducer: (key) => {
      const i = Number(key);
      const { colour, alpha } = scene.edgeColour(i);
      return { hidden: !state.shows(i), size: scene.edgeWidth(i), color: multiplied(colour, alpha), type: "tie" };
    },
  });

  // The shell knows itself which disc lies under the mouse; sigma would read pixels back at every move.
  Object.assign(sigma, { getNodeAtPosition: () => null });

  // The picture's corners as it was laid out: where things stand does not follow from what is shown.
  let extent = 1, pixels = 1;
  function measure(): void {
    let most = 1;
    for (let i = 0; i < data.n; i++) most = Math.max(most, Math.abs(x[i]!), Math.abs(y[i]!));
    extent = 2 * most;
    sigma.setCustomBBox({ x: [-most, most], y: [-most, most] });
    if (sigma.getGraph() === graph) sigma.refresh();
    else sigma.setGraph(graph);
    calibrate();
  }
  function calibrate(): void {
    const cameraState = { x: 0.5, y: 0.5, angle: 0, ratio: 1 };
    const [a, b] = [0, 1].map((at) => sigma.graphToViewport({ x: at, y: 0 }, { cameraState }));
    pixels = b!.x - a!.x;
  }
  measure();
  const view = sigma.getCamera();
  view.enabledRotation = false;
  sigma.on("afterRender", () => hands.moved());
  const clicked = ({ event }: { event: { x: number; y: number; preventSigmaDefault(): void } }) => hands.click({ x: event.x, y: event.y });
  sigma.on("clickStage", clicked);
  sigma.on("doubleClickStage", (payload) => payload.preventSigmaDefault());
  let over = false; // three canvases may be lost at once, and all are when sigma ends
  for (const canvas of Object.values(sigma.getCanvases())) {
    canvas.addEventListener("webglcontextlost", () => {
      if (!over) hands.lost();
      over = true;
    });
  }

  return {
    name: "webgl",
    refresh() {
      for (let i = 0; i < data.n; i++) {
        if (graph.getNodeAttribute(String(i), "x") !== x[i]) {
          graph.updateEachNodeAttributes((key, attributes) => ({ ...attributes, x: x[Number(key)], y: -y[Number(key)]! }), { attributes: ["x", "y"] });
          return measure();
        }
      }
      sigma.refresh();
    },
    camera(): Camera {
      const { x: cx, y: cy, ratio } = view.getState();
      return { x: (cx - 0.5) * extent, y: -(cy - 0.5) * extent, scale: pixels / ratio };
    },
    look(camera: Camera) {
      calibrate();
      view.setState({ x: 0.5 + camera.x / extent, y: 0.5 - camera.y / extent, ratio: pixels / camera.scale, angle: 0 });
    },
    paint(ctx, width, height) {
      ctx.fillStyle = scene.ground();
      ctx.fillRect(0, 0, width, height);
      sigma.refresh(); // the canvases hold the picture only within the task that draws it
      const canvases = sigma.getCanvases();
      for (const layer of ["edges", "nodes"]) if (canvases[layer]) ctx.drawImage(canvases[layer]!, 0, 0, width, height);
    },
    stop() {
      over = true;
      sigma.kill();
    },
  };
};
